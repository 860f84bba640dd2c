"""Reading hands: one a picture, as gestures."""

from __future__ import annotations

from installation.config.perception import PerceptionConfig
from installation.perception.crops import cut_square, hand_square
from installation.perception.landmarkers import GestureFinder
from installation.perception.track import Track
from installation.perception.tracker import Tracker
from installation.perception.turns import Budget, periods
from installation.types import ByteArray

GESTURE_CONFIDENCE = 0.6


class HandReader:
    """The gestures of the tracks' hands. Times in seconds."""

    def __init__(self, config: PerceptionConfig, tracks: Tracker, budget: Budget) -> None:
        self._interval_s, self._tracks, self._budget = config.gesture_interval_s, tracks, budget
        self._gesture = GestureFinder(GESTURE_CONFIDENCE)

    def waited(self, t_s: float) -> float:
        """How long the hands read longest ago have waited, in periods; 1 is due."""
        return max((self._waited(track, t_s) for track in self._tracks.all), default=0.0)

    def read(self, t_s: float, rgb: ByteArray) -> None:
        """Read one hand, of the visitor whose hands were read longest ago."""
        height, width = rgb.shape[:2]
        due = [track for track in self._tracks.all if self._waited(track, t_s) >= 1.0]
        if not due:
            return
        track = min(due, key=lambda track: track.hand_tried_s)
        track.hand_tried_s, track.hand = t_s, 1 - track.hand
        assert track.pose is not None
        cut = hand_square(track.pose, track.hand, width, height)
        crop = cut_square(rgb, cut) if cut is not None else None
        name = None
        if crop is not None:
            with self._budget.spend("hand"):
                name = self._gesture.find(crop)
        if name is None:
            track.gestures.pop(track.hand, None)
        else:
            track.gestures[track.hand] = name

    def _waited(self, track: Track, t_s: float) -> float:
        if track.id is None or track.pose is None:
            return 0.0
        return periods(t_s - track.hand_tried_s, self._interval_s / 2)  # one of two hands

    def close(self) -> None:
        """Free the network."""
        self._gesture.close()
