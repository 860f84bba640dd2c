"""Cues on settings, a clock and a time of day that are moved by hand; nothing is drawn."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.settings import Config
from installation.cues.cues import Cues, Given, Outside
from installation.live_commands.live_settings import LiveSettings
from installation.poses.triggers import LabelTrigger
from installation.types import Box, Observation, Person

START = datetime(2026, 6, 5, tzinfo=UTC)
STEP_S = 0.05


def config(**sections: object) -> Config:
    return Config.model_validate({"hours": {"time_zone": "UTC"}, **sections})


def person(*poses: str, number: int = 1) -> Person:
    box = Box(0.4, 0.2, 0.6, 0.9)
    return Person(id=number, box=box, confidence=1.0, poses=tuple((label, 0.9) for label in poses))


class World:
    """``go`` moves both clocks; ``set_by_s`` is how far the time of day was set besides."""

    def __init__(self, folder: Path, text: str | None, settings: Config | None = None, clock: str = "09:00") -> None:
        self.path = folder / "cues.yaml"
        if text is not None:
            self.path.write_text(text)
        hour, minute = map(int, clock.split(":"))
        self.begin, self.t_s, self.set_by_s = START + timedelta(hours=hour, minutes=minute), 0.0, 0.0
        self.config = settings or config()
        self.live = LiveSettings(self.config)
        self.notices = Notices(ManualClock())
        self.events: list[tuple[str, list[Any]]] = []
        self.keys: Mapping[str, str] = {}
        self.given: list[Given] = []
        self.people: tuple[Person, ...] = ()
        outside = Outside(lambda *event: self.events.append(event), self.bind, LabelTrigger(self.config.poses))
        self.cues = Cues(self.config, folder, self.live, outside, self.wall, self.notices, 0.0)

    def bind(self, keys: Mapping[str, str]) -> None:
        self.keys = keys

    def wall(self) -> datetime:
        return self.begin + timedelta(seconds=self.t_s + self.set_by_s)

    def go(self, seconds: float, people: Sequence[Person] | None = None, step_s: float = STEP_S) -> None:
        if people is not None:
            self.people = tuple(people)
        for _ in range(round(seconds / step_s)):
            self.t_s += step_s
            seen = Observation(self.t_s, round(self.t_s / step_s), self.people, (640, 360))
            self.given += self.cues.update(self.t_s, seen, bool(self.people))
            self.live.take(self.t_s)

    def read(self) -> None:
        """Wait until a file that was saved, or a preset that was stored, is taken up."""
        for _ in range(4):
            self.cues.close()
            self.go(0.6, step_s=0.6)

    def value(self, place: str) -> Any:
        return self.live.value("/control/" + place.replace(".", "/"))

    def ran(self) -> list[float]:
        """The numbers of the cues gone to, in order."""
        return [args[0] for name, args in self.events if name == "cue"]

    def faults(self) -> dict[str, str]:
        return {notice.stage: notice.message for notice in self.notices.active("fault")}
