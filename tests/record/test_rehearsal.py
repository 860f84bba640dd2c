"""A performance in the place of camera and perception: the operator's commands, and a replay of a rehearsal, bit for bit."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.app import RunOptions, check_outputs
from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.base.side_files import OutputError
from installation.capture.simulated.performer import PerformerScript, silhouette_of
from installation.capture.sources import CaptureError
from installation.commands import check
from installation.commands.eyes import open_eyes
from installation.commands.shared import LoadedSettings
from installation.config.rehearsal import RehearsalConfig
from installation.config.settings import Config
from installation.live_commands.handlers import RunningPiece
from installation.live_commands.table import CommandError, perform
from installation.record import performance_files
from installation.record import rehearsal as module
from installation.record.performance import performance_of
from installation.record.playhead import Playhead
from installation.record.recording import Event, Recorder, read_recording
from installation.record.rehearsal import COMMAND, STAGE, Rehearsal
from installation.record.show_log import scene_digest
from installation.show import Show
from installation.showcontrol.show_control import ShowControl
from installation.types import Observation

SCRIPT = PerformerScript(3, 2)
PATIENCE_S = 40.0


def observed(seconds: float = 6.0) -> Iterator[Event]:
    times_s = (8.0 + n / 20 for n in range(round(seconds * 20)))
    return (Event("observation", t_s, SCRIPT.observe(t_s, 1)) for t_s in times_s)


def take(path: Path, seconds: float = 6.0) -> Path:
    recorder = Recorder(path, {"seed": 1})
    for event in observed(seconds):
        recorder.write(event)
    recorder.close()
    return path


class Desk:
    """A rehearsal, the commands, and eyes on a take of six seconds."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.settings, clock = RehearsalConfig(**settings), RealClock()
        self.notices = Notices(clock)
        self.rehearsal = Rehearsal(lambda: self.settings, clock, self.notices, silhouette_of)
        self.piece = RunningPiece(*[None] * 10, rehearsal=self.rehearsal, sources=None, tap=None, learn=None)  # type: ignore[arg-type, call-arg]
        source = str(take(folder / "take.jsonl"))
        config = Config.model_validate({"capture": {"source": source}})
        self.eyes = open_eyes(config, clock, self.notices, 1, self.rehearsal)

    def give(self, name: str, *args: Any) -> dict[str, Any]:
        perform(self.piece, "network", name, args)
        return self.rehearsal.describe()

    def until(self, is_so: Callable[[Observation], bool]) -> Observation:
        seq, end_s = 0, time.monotonic() + PATIENCE_S
        while time.monotonic() < end_s:
            got = self.eyes.observations.wait_newer(seq, 1.0)
            if got is not None and is_so(got[1]):
                return got[1]
            seq = got[0] if got is not None else seq
        raise AssertionError("it did not come")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(tmp_path, speed=2.0)
    yield found
    found.eyes.close()


def test_it_plays_holds_steps_and_jumps(desk: Desk) -> None:
    assert desk.rehearsal.describe()["name"] is None
    desk.eyes.begin()
    first = desk.until(lambda one: len(one.people) == 2)
    assert first.t_s <= time.monotonic()
    held = desk.give("performance_pause", 1)
    assert (held["name"], held["paused"], held["speed"], held["loop"]) == ("take", True, 2.0, True)
    assert held["length_s"] == pytest.approx(5.95)
    assert json.loads(json.dumps(held)) == held
    assert {"alone", "crowd", "solo"} <= set(held["performances"])
    assert desk.give("performance_step")["at_s"] == pytest.approx(held["at_s"] + 0.05, abs=0.051)
    assert desk.give("performance_seek", 4.0)["at_s"] == 4.0
    assert min(one.id for one in desk.until(lambda one: bool(one.people)).people) > 0
    newer = desk.until(lambda one: bool(one.people) and min(person.id for person in one.people) > 2)
    assert newer.people[0].pose is not None
    assert not desk.give("performance_pause")["paused"]
    assert desk.eyes.describe().startswith("performance take: ")


def test_its_speed_counts_at_once(desk: Desk) -> None:
    desk.eyes.begin()
    desk.until(lambda one: bool(one.people))
    desk.settings = RehearsalConfig(speed=0.1)
    end_s = time.monotonic() + PATIENCE_S
    while True:  # its thread takes the speed up with its next step
        began_s, at_s = time.monotonic(), desk.rehearsal.describe()["at_s"]
        time.sleep(0.5)
        moved = desk.rehearsal.describe()["at_s"] - at_s
        if 0.0 <= moved <= 0.1 * (time.monotonic() - began_s) + 0.02:
            return
        assert time.monotonic() < end_s, f"{moved:.3f} s in half a second"


def test_silhouettes_are_drawn_while_they_are_wanted(desk: Desk) -> None:
    desk.eyes.want_silhouettes(True)
    desk.eyes.begin()
    desk.until(lambda one: bool(one.people))
    got = desk.eyes.silhouettes.wait_newer(0, PATIENCE_S)
    assert got is not None
    assert got[1].alpha.max() == 255


def test_while_the_piece_rests_nobody_is_seen(desk: Desk) -> None:
    desk.eyes.begin()
    desk.until(lambda one: bool(one.people))
    desk.eyes.rest(True)
    desk.until(lambda one: not one.people)
    desk.eyes.rest(False)
    desk.until(lambda one: bool(one.people))


def test_without_a_performance_commands_do_nothing_and_say_so(desk: Desk) -> None:
    state = desk.give("performance_pause", 1)
    assert (state["name"], state["paused"]) == (None, False)
    (note,) = (one for one in desk.notices.active() if one.stage == COMMAND)
    assert (note.kind, note.message[:22]) == ("note", "no performance plays: ")
    desk.eyes.begin()
    desk.give("performance_seek")
    assert not [one for one in desk.notices.active() if one.stage == COMMAND]
    desk.eyes.close()
    assert desk.rehearsal.describe()["name"] is None


@pytest.mark.parametrize("value", [-1, 1e6, "begin", float("nan"), None])
def test_where_to_jump_must_be_seconds(desk: Desk, value: object) -> None:
    with pytest.raises(CommandError, match="seconds must be"):
        perform(desk.piece, "network", "performance_seek", [value])


def test_what_breaks_in_its_thread_is_a_fault_that_heals(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tick, left = Playhead.tick, [1]

    def broken(self: Playhead, *args: Any) -> Observation | None:
        if left:
            left.pop()
            raise ZeroDivisionError("once")
        return tick(self, *args)

    monkeypatch.setattr(Playhead, "tick", broken)
    desk.eyes.begin()
    desk.until(lambda one: bool(one.people))
    assert [one.message for one in desk.notices.history("fault")] == ["ZeroDivisionError: once; going on in 0.5 s"]
    desk.until(lambda _: not desk.notices.active("fault"))


def test_a_performance_that_is_cut_off_says_so_while_it_plays(tmp_path: Path) -> None:
    whole = take(tmp_path / "cut.jsonl").read_bytes()
    (tmp_path / "cut.jsonl").write_bytes(whole[: len(whole) // 2])
    notices = Notices(RealClock())
    config = Config.model_validate({"capture": {"source": str(tmp_path / "cut.jsonl")}})
    eyes = open_eyes(config, RealClock(), notices, 1)
    eyes.begin()
    assert [one.stage for one in notices.active("note")] == [STAGE]
    eyes.close()
    assert not notices.active()


@pytest.mark.parametrize("source", ["performance:nobody", "nowhere.jsonl", "performance:../config"])
def test_a_source_that_is_not_there_is_refused_in_one_line(source: str) -> None:
    config = Config.model_validate({"capture": {"source": source}})
    with pytest.raises(CaptureError) as refused:
        open_eyes(config, RealClock(), Notices(RealClock()), 1)
    assert "\n" not in str(refused.value)


def test_the_folders_are_not_listed_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(module, "names", lambda: asked.append(1) or ["one"])
    clock = ManualClock()
    found = Rehearsal(RehearsalConfig, clock, Notices(clock), silhouette_of)
    for _ in range(50):
        assert found.describe()["performances"] == ["one"]
        clock.advance(0.2)
    assert len(asked) == 2


class Told:
    """A show, and everything that it told: messages and scenes."""

    def __init__(self, config: Config, record: Callable[[Event], None] | None = None) -> None:
        self.log: list[str] = []
        control = ShowControl(config.osc, lambda bundle: self.log.append(repr(bundle.all_messages())))
        self.show = Show(config, 3, control, record, lambda scene: self.log.append(scene_digest(scene)))


def test_a_rehearsal_with_a_jump_and_a_mood_by_hand_replays_bit_for_bit(tmp_path: Path) -> None:
    config = Config.model_validate({"osc": {"targets": []}, "notice": {"enabled": True, "dwell_s": 1.0}})
    manual = {"enabled": True, "strength": 0.7, "valence": -0.4, "arousal": 0.6, "fear": 0.5}
    by_hand = Config.model_validate({**config.model_dump(), "emotion": {"manual": manual}})
    recorder = Recorder(tmp_path / "take.jsonl", {"seed": 3, "config": config.model_dump()})
    live = Told(config, recorder.write)
    head, settings = Playhead(performance_of("two", observed())), RehearsalConfig(speed=1.5, pause_s=0.5)
    for n in range(240):
        t_s = n / 60
        if n == 60:
            live.show.take(Event("config", t_s, by_hand.model_dump()))
        if n == 100:
            head.seek(1.0)
        if n == 200:
            live.show.take(Event("config", t_s, config.model_dump()))
        seen = head.tick(t_s, settings)
        if seen is not None:
            live.show.take(Event("observation", t_s, seen))
        live.show.take(Event("frame", t_s))
    recorder.close()
    header, events = read_recording(tmp_path / "take.jsonl")
    again = Told(Config.model_validate(header["config"]))
    for event in events:
        again.show.take(event)
    assert again.log == live.log
    assert any("'/manual', [0.7]" in line for line in live.log)
    assert any("/person/4/" in line for line in live.log)


def test_the_check_before_a_show_knows_performances(tmp_path: Path) -> None:
    def row(source: str) -> tuple[str, str, str]:
        return check._source(Config.model_validate({"capture": {"source": source}}))[-1]

    assert row("performance:crowd") == ("good", "source", "performance crowd: 120 s, 6 visitors")
    assert row("performance:crowds")[:2] == ("bad", "source")
    path = take(tmp_path / "cut.jsonl")
    path.write_bytes(path.read_bytes()[:400_000])
    kind, _, text = row(str(path))
    assert kind == "note"
    assert "it is played up to there" in text


def test_a_recording_is_not_written_over_the_performance_that_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performance_files, "OWN", tmp_path)
    path = take(tmp_path / "mine.jsonl", 1.0)
    for source in ("performance:mine", str(path)):
        settings = LoadedSettings(Config.model_validate({"capture": {"source": source}}), (), {})
        with pytest.raises(OutputError, match="would write over the source"):
            check_outputs(RunOptions(settings, record=path))
