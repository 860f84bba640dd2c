"""Faces for tests: a bright bar whose height tells the emotion, with votes of ten people or without."""

from __future__ import annotations

import numpy as np

from installation.training.fer_votes import OF_EMOTIONS, VOTE_NAMES


def faces(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(count, 48, 48) uint8 with a bright bar whose height tells the label, and the labels in turn."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 7
    images = rng.integers(0, 120, (count, 48, 48), dtype=np.uint8)
    for image, label in zip(images, labels):
        image[4 + 6 * label : 8 + 6 * label] += 130
    return images, labels


def voted(count: int, seed: int = 0) -> dict[str, np.ndarray]:
    """``faces`` as an archive with votes: seven for the label's emotion, two for the next one's, one for contempt."""
    images, labels = faces(count, seed)
    votes, rows, columns = np.zeros((count, 10), np.float16), np.arange(count), np.array(OF_EMOTIONS)
    votes[rows, columns[labels]] = 7
    votes[rows, columns[(labels + 1) % 7]] = 2
    votes[:, VOTE_NAMES.index("contempt")] = 1
    return {"images": images, "labels": labels, "votes": votes, "vote_names": np.array(VOTE_NAMES)}


def votes_for(labels: np.ndarray, sure: int = 8) -> np.ndarray:
    """(N, 10) votes: ``sure`` of ten for the label's emotion, the others for the next one's."""
    votes, rows, columns = np.zeros((len(labels), 10), np.float32), np.arange(len(labels)), np.array(OF_EMOTIONS)
    votes[rows, columns[labels]] = sure
    votes[rows, columns[(labels + 1) % 7]] += 10 - sure
    return votes
