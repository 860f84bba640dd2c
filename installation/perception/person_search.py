"""Where people may be: the person detector, and whether a followed body is the person that it saw."""

from __future__ import annotations

import numpy as np

from installation.config.perception import PerceptionConfig
from installation.perception.crops import cut_window, end_squares, out_of
from installation.perception.landmarkers import PersonDetector
from installation.perception.likeness import covered, overlap
from installation.perception.presence import agreement
from installation.perception.tracker import Tracker
from installation.perception.turns import Budget, periods
from installation.perception.zones import Zones
from installation.types import Box, ByteArray

SEARCH_S, AWAY_S, TOUCHING_S, WATCH_S = 0.1, 0.15, 0.2, 0.3
"""The detector looks this often while somebody is not confirmed, while somebody shows no face (and is a visitor by what it sees
alone), while bodies touch, and while all is clear."""
AGREE_S = 0.15
"""A body and a detection that are no further apart in time may agree."""
DETECTOR_PX = 480
KEPT = 0.55
"""A visitor is seen still at this share of the score that a newcomer needs: who turns away is less like a person."""
FAR = 0.6
"""A person of less than this share of an end square's height counts as far."""


class PersonSearch:
    """Looks for people now and then and begins tracks for them. Times in seconds."""

    def __init__(self, config: PerceptionConfig, tracks: Tracker, budget: Budget, zones: Zones | None = None) -> None:
        self._tracks, self._budget = tracks, budget
        self._zones = zones or Zones(config.ignore)
        self._new, self._known = config.person_confidence, KEPT * config.person_confidence
        # Room for what is hardly a person beside as many as there may be.
        self._detector = PersonDetector(self._known, 2 * config.max_people)
        self._searches = 0
        self._found: list[tuple[float, Box]] = []
        self._searched_s = -np.inf

    def waited(self, t_s: float) -> float:
        """How long the search has waited, in the periods it should have now; 1 is due."""
        tracks = self._tracks.all
        wait_s = TOUCHING_S if self._tracks.touching(t_s) else WATCH_S
        if any(track.face is None for track in tracks):
            wait_s = AWAY_S
        if not tracks or any(track.id is None for track in tracks):
            wait_s = SEARCH_S
        return periods(t_s - self._searched_s, wait_s)

    def search(self, t_s: float, rgb: ByteArray, small: ByteArray) -> None:
        """Detect people; new ones are followed from here on."""
        self._searched_s = t_s
        with self._budget.spend("detect"):
            found = [person for person in self._find(rgb, small) if not self._zones.hide_person(person[1])]
        self._tracks.detected(t_s, found, self._new)
        self._found = found

    def compare(self, t_s: float) -> None:
        """A body that both the detector and the pose network see, in one place and alike in size, is a person.

        With several people a pose may come some pictures after the detection. Each detection is evidence once at most.
        """
        if t_s - self._searched_s > AGREE_S:
            return
        for track in self._tracks.all:
            if track.agreed_s == self._searched_s or track.pose is None:
                continue
            known = track.id is not None
            agreed = agreement(track.pose, self._found, self._known if known else self._new, known)
            if agreed > 0:
                self._tracks.agree(track, self._searched_s, agreed)
            elif t_s == self._searched_s and any(
                score >= self._new and covered(track.box, box) > 0.5 for score, box in self._found
            ):
                # A person of quite another extent is seen here: a hand with a bottle agrees by chance now and then.
                track.gate.begin_again()

    def close(self) -> None:
        """Free the network."""
        self._detector.close()

    def _find(self, rgb: ByteArray, small: ByteArray) -> list[tuple[float, Box]]:
        """(score, box) of each. The detector sees 320 pixels: people who are far are found only in the picture's end squares.

        While nobody is there the whole picture and one of its ends are searched, else one after the other.
        """
        self._searches += 1
        height, width = rgb.shape[:2]
        ends = end_squares(width, height)
        idle = not self._tracks.all
        found: list[tuple[float, Box]] = []
        if idle or not ends or self._searches % 2 == 0:
            found = self._detector.find(small)
        if ends and (idle or self._searches % 2 == 1):
            cut = ends[self._searches // (1 if idle else 2) % len(ends)]
            shown, _ = cut_window(rgb, np.array(cut, np.float32), DETECTOR_PX)
            for score, box in self._detector.find(np.ascontiguousarray(shown)):
                whole = out_of(box, cut, width, height)
                # Large ones were seen in the whole picture, and an end may cut them into parts.
                far = whole is not None and box.height < FAR
                if whole is not None and far and all(overlap(whole, other) < 0.4 for _, other in found):
                    found.append((score, whole))
        return found
