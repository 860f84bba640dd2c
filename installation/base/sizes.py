"""Sizes of pictures."""

from __future__ import annotations


def fit_within(width: int, height: int, most_across: int, most_down: int | None = None) -> tuple[int, int]:
    """(width, height) shrunk alike to at most ``most_across`` x ``most_down`` pixels (left out: the same), never enlarged.

    At least 1 pixel on either side, also of a picture of 5000 x 3.
    """
    scale = min(1.0, most_across / width, (most_across if most_down is None else most_down) / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
