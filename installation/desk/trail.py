"""What was: the figures of the last two minutes, and the notices that were raised. The piece tells the newest only."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SECONDS = 120
MOST_NOTICES = 300


@dataclass
class Raised:
    """A notice. ``at``: the time of day it was raised; ``ended``: when it was seen to hold no longer, by the clock that showed
    ``at``, whoever has set it since; None while it holds. ``since_s``: ``at`` on the desk's own clock."""

    kind: str
    stage: str
    message: str
    at: datetime
    since_s: float
    ended: datetime | None = None


class Trail:
    """Fed with every snapshot, by the event loop."""

    def __init__(self) -> None:
        self.seconds: deque[dict[str, Any]] = deque(maxlen=SECONDS)
        """A row for each second that is over (installation/record/timings.py), oldest first; their ``number`` may have gaps."""
        self.raised: deque[Raised] = deque(maxlen=MOST_NOTICES)
        """Oldest first."""
        self.notices_version = 0
        """Counts what changed of ``raised``."""
        self._newest_s = float("-inf")

    def take(self, snapshot: Mapping[str, Any], now: datetime, now_s: float) -> None:
        """The piece told how it is, at this time of day and of the desk's own clock."""
        self._take_seconds(snapshot.get("timings") or ())
        self._take_notices(snapshot.get("raised") or (), snapshot.get("notices"), now, now_s)

    def _take_seconds(self, rows: Any) -> None:
        for row in rows:
            if not self.seconds or row["number"] > self.seconds[-1]["number"]:
                self.seconds.append(row)

    def _take_notices(self, raised: Any, active: Any, now: datetime, now_s: float) -> None:
        # What holds is among them, too: at the start there may be more than the newest few.
        for one in sorted((*raised, *(active or ())), key=lambda one: float(one["t_s"])):
            if one["t_s"] > self._newest_s:
                self._newest_s = one["t_s"]
                at = now - timedelta(seconds=one["age_s"])
                self.raised.append(Raised(one["kind"], one["stage"], one["message"], at, now_s - one["age_s"]))
                self.notices_version += 1
        if active is None:
            return
        hold = {(one["kind"], one["stage"], one["message"]) for one in active}
        for known in self.raised:
            if known.ended is None and (known.kind, known.stage, known.message) not in hold:
                known.ended = known.at + timedelta(seconds=now_s - known.since_s)
                self.notices_version += 1
