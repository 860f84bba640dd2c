"""Presets and cues in the running piece: outside the show, which they reach as settings, events and commands.

A recording therefore has all that they did, and a replay needs no cue list.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.config.poses import PosesConfig
from installation.config.settings import Config
from installation.cues.cue_list import CueList
from installation.cues.description import cue_row, preset_row
from installation.cues.fades import LONGEST_DT_S, Fades
from installation.cues.sheet_file import SheetFile
from installation.cues.times import DayTimes
from installation.live_commands.cue_sheet import Cue, Line, Preset, Sheet
from installation.live_commands.live_settings import PERIOD_S, LiveSettings
from installation.live_commands.table import Argument
from installation.types import Observation, Person

log = logging.getLogger(__name__)

STAGE, LINES_STAGE, TIME_STAGE, WORD_STAGE = "cues", "cue lines", "cue times", "cue command"
HOLD_STAGE = "hold"
BACK_S = 1.0
"""How long going back takes at most: it mends a mistake."""
TIME_PERIOD_S = 0.5
"""The time of day is looked at this often."""
AGAIN_S = PERIOD_S
"""The same preset again within so long is a button that bounces, or a message that was sent twice."""
MOST_A_PICTURE = 4
"""Presets and cues begun between two pictures; more of them is a flood, and the picture goes before."""
Given = tuple[str, tuple[Argument, ...]]
"""A command's name and its arguments."""
NO_ZONE = (OSError, OverflowError, ValueError)
"""What zones raise for a clock without a battery."""


class PoseTrigger(Protocol):
    """Says which labels were held for long enough, once each."""

    def listen(self, labels: Sequence[str]) -> None:
        """To these labels from now on."""
        ...

    def reconfigure(self, config: PosesConfig) -> None:
        """Other settings of how long a pose is held."""
        ...

    def update(self, t_s: float, people: Iterable[Person]) -> list[str]:
        """The labels that fire."""
        ...


@dataclass(frozen=True)
class Outside:
    """What cues reach: ``event`` tells the show, ``keys`` hears which keys stand for which command line."""

    event: Callable[[str, list[Any]], None]
    keys: Callable[[Mapping[str, str]], None]
    poses: PoseTrigger


class Cues:
    """``update`` is called by the frame loop, between two pictures; it gives the commands that a cue has.

    Main thread only, but ``describe``'s result may be handed on. ``wall`` gives the time of day as a UTC moment.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        settings: LiveSettings,
        outside: Outside,
        wall: Callable[[], datetime],
        notices: Notices,
        now_s: float,
    ) -> None:
        self._config, self._settings, self._outside, self._wall, self._notices = (
            config,
            settings,
            outside,
            wall,
            notices,
        )
        self._file = SheetFile(folder, config.cues.file, settings, notices)
        self._sheet = self._file.read()
        self._list, self._fades, self._times = CueList(self._sheet), Fades(settings, now_s), DayTimes((), None)
        self._now_s, self._time_due = now_s, Every(TIME_PERIOD_S)
        self._preset: Preset | None = None
        self._waiting: list[Given] = []
        self._gone_to: set[float] = set()
        """Cues gone to since the last picture: each once."""
        self._has_gone = False
        self._begun = 0
        """Fades begun since the last picture."""
        self._recalled_s: dict[int, float] = {}
        self._is_first = True
        self._upcoming: tuple[Cue, datetime] | None = None
        self._seen_s = -1.0
        self._use(self._sheet)

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings."""
        old, self._config = self._config, config
        self._outside.poses.reconfigure(config.poses)
        if config.cues != old.cues:
            self._describe_rows()
        if config.cues.file != old.cues.file:
            self._file.look_at(config.cues.file)
        if config.hours.time_zone != old.hours.time_zone:
            self._times.replace(self._sheet.cues, self._zone)

    def close(self) -> None:
        """Let what is being stored be stored."""
        self._file.close()

    def update(self, now_s: float, seen: Observation, somebody: bool) -> list[Given]:
        """``now_s`` never goes back. ``seen``: the newest observation; ``somebody``: whether a visitor is there. Gives commands
        that are to be given as the operator."""
        dt_s = min(max(now_s - self._now_s, 0.0), LONGEST_DT_S)
        self._now_s = now_s
        found = self._file.poll(now_s)
        if found is not None:
            self._use(found)
        labels = self._pose_labels(seen)
        fired = [*self._list.held_pose(labels), *self._list.see(somebody, dt_s)]
        self._look_at_time(now_s)
        if not self._list.held:
            for cue in fired:
                self._go_to(cue)
        follows = self._list.advance(dt_s)
        if follows is not None:
            self._go_to(follows)
        self._fades.step(now_s, self._list.held)
        given, self._waiting = self._waiting, []
        self._gone_to.clear()
        self._has_gone, self._begun = False, 0
        if not self._list.held:
            self._notices.resolve(HOLD_STAGE)
        return given

    # What the commands do.

    def preset(self, which: Argument | None) -> None:
        """Recall a preset by number or name. It ends a hold."""
        try:
            preset = self._sheet.preset(_needed(which, "preset", "/preset 1"))
        except LookupError as error:
            self._refuse(error)
            return
        self._notices.resolve(WORD_STAGE)
        last_s = self._recalled_s.get(preset.number)
        is_again = last_s is not None and self._now_s - last_s < AGAIN_S
        if is_again or self._begun >= MOST_A_PICTURE:
            return
        self._list.held = False
        self._recall(preset)
        self._fade(preset.lines, self._seconds(preset.fade_s), preset.easing)

    def cue(self, which: Argument | None) -> None:
        """Go to a cue by number or name; without one to the running one again."""
        try:
            self._go_to(self._sheet.cue(_needed(self._list.running if which is None else which, "cue", "/cue 1")))
        except LookupError as error:
            self._refuse(error)
        else:
            self._notices.resolve(WORD_STAGE)

    def go(self) -> None:
        """Go on with what is held, else to the next cue. Once a picture: a message that comes twice is one."""
        if self._has_gone:
            return
        self._has_gone = True
        if self._list.held:
            self._list.held = False
        elif self._list.next is not None:
            self._go_to(self._list.next)
        else:
            log.info("no cue comes next")

    def back(self) -> None:
        """Go to the cue before, within BACK_S, without its commands."""
        if self._list.before is not None:
            self._go_to(replace(self._list.before, commands=()), BACK_S)

    def hold(self) -> None:
        """Let fades, follow-ons and what visitors and the time of day fire rest until go, a cue or a preset comes."""
        self._list.held = True
        self._notices.note(HOLD_STAGE, "fades and cues rest until go (Return, /cue/go)")

    def store(self, what: str) -> None:
        """Store settings as a preset: "NAME", all that differs from config.yaml, or "NAME: PLACE PLACE", these."""
        name, colon, places = what.partition(":")
        try:
            stored = self._stored(places.split()) if colon else self._settings.changed()
            self._file.store(
                name.strip(), {path: self._settings.setting(path).plain(value) for path, value in stored.items()}
            )
        except ValueError as error:
            self._refuse(error)
        else:
            self._notices.resolve(WORD_STAGE)

    def describe(self) -> dict[str, Any]:
        """All of it in plain types, for a page: what there is, what runs, how far it is, what comes next."""
        running, following = self._list.cue, self._list.next
        upcoming = self._upcoming
        return {
            "file": str(self._file.path),
            "wrong": [*self._file.wrong, *self._sheet.left_out],
            **self._rows,
            "preset": None if self._preset is None else {"number": self._preset.number, "name": self._preset.name},
            "running": self._list.running,
            "name": "" if running is None else running.name,
            "since_s": round(self._list.since_s, 2),
            "held": self._list.held,
            "fade": round(self._fades.share, 3),
            "fade_left_s": round(self._fades.left_s, 2),
            "gliding": len(self._fades),
            "next": None if following is None else following.number,
            "follows_in_s": self._list.follows_in_s,
            "next_time": None if upcoming is None else {"cue": upcoming[0].number, "at": upcoming[1].isoformat()},
        }

    # Inside.

    @property
    def _zone(self) -> ZoneInfo | None:
        name = self._config.hours.time_zone
        return ZoneInfo(name) if name else None

    def _seconds(self, own_s: float | None) -> float:
        return self._config.cues.fade_s if own_s is None else own_s

    def _use(self, sheet: Sheet) -> None:
        self._sheet = sheet
        running = self._list.cue
        self._list.replace(sheet, self._seconds(None if running is None else running.fade_s))
        self._times.replace(sheet.cues, self._zone)
        self._outside.poses.listen(sorted({label for cue in sheet.cues for label in cue.poses}))
        self._outside.keys({cue.key: f"cue {cue.number:g}" for cue in sheet.cues if cue.key})
        self._settings.words = {cue.osc: ("cue", (cue.number,)) for cue in sheet.cues if cue.osc}
        self._time_due = Every(TIME_PERIOD_S)
        self._describe_rows()
        self._tell_left_out(sheet.left_out)

    def _describe_rows(self) -> None:
        fade_s = self._config.cues.fade_s
        self._rows = {
            "presets": [preset_row(one, fade_s) for one in self._sheet.presets],
            "cues": [cue_row(one, fade_s) for one in self._sheet.cues],
        }

    def _pose_labels(self, seen: Observation) -> list[str]:
        if seen.t_s == self._seen_s:
            return []
        self._seen_s = seen.t_s
        return self._outside.poses.update(seen.t_s, seen.people)

    def _look_at_time(self, now_s: float) -> None:
        if not self._time_due.due(now_s):
            return
        try:
            now = self._wall()
            is_first, self._is_first = self._is_first, False
            if is_first:
                found = self._times.begin(now)
                due, is_late = ([found] if found is not None and self._config.cues.catch_up else []), True
            else:
                due, is_late = self._times.due(now)
            self._upcoming = self._times.next(now)
        except NO_ZONE as error:
            self._notices.fault(
                TIME_STAGE, f"the time of day cannot be used ({error}); no cue comes by it until it is set"
            )
            return
        self._notices.resolve(TIME_STAGE)
        if self._list.held:
            return
        for cue in due:
            # What a cue of two hours ago gave is past; what it set is what there should be now.
            self._go_to(replace(cue, commands=()) if is_late else cue, 0.0 if is_late else None)

    def _go_to(self, cue: Cue, at_most_s: float | None = None) -> None:
        if cue.number in self._gone_to or self._begun >= MOST_A_PICTURE:
            return
        self._gone_to.add(cue.number)
        seconds = self._seconds(cue.fade_s)
        if at_most_s is not None:
            seconds = min(seconds, at_most_s)
        log.info("cue %s", cue.label)
        self._list.went_to(cue, seconds)
        self._outside.event("cue", [cue.number, cue.name])
        if cue.preset is not None:
            self._recall(cue.preset)
        self._fade((*(cue.preset.lines if cue.preset is not None else ()), *cue.lines), seconds, cue.easing)
        if cue.scene:
            self._waiting.append(("scene", (cue.scene,)))
        self._waiting += cue.commands

    def _recall(self, preset: Preset) -> None:
        self._preset = preset
        self._recalled_s[preset.number] = self._now_s
        log.info("preset %d %s", preset.number, preset.name)
        self._outside.event("preset", [preset.number, preset.name])

    def _fade(self, lines: Iterable[Line], seconds: float, easing: str) -> None:
        self._begun += 1
        refused = self._fades.begin(lines, seconds, easing, self._now_s)
        self._tell_left_out((*self._sheet.left_out, *refused))

    def _stored(self, places: Sequence[str]) -> dict[str, Argument]:
        """The values of these settings now. Raises ValueError for one that there is not."""
        found = {}
        for place in places:
            path = "/control/" + place.strip(",").replace(".", "/")
            try:
                setting = self._settings.setting(path)
            except KeyError:
                raise ValueError(f"store_preset: there is no setting {place}; {self._settings.near(path)}") from None
            found[setting.path] = self._settings.value(setting.path)
        return found

    def _tell_left_out(self, lines: Sequence[str]) -> None:
        if not lines:
            self._notices.resolve(LINES_STAGE)
            return
        more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
        self._notices.fault(LINES_STAGE, f"{lines[0]}; left out, all else of the file works{more}")

    def _refuse(self, error: Exception) -> None:
        self._notices.fault(WORD_STAGE, str(error.args[0]))


def _needed(which: Argument | None, what: str, such: str) -> Argument:
    if which is None:
        raise LookupError(f"{what}: say which, such as {such}")
    return which
