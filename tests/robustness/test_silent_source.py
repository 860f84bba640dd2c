"""A source that says nothing more: its visitors leave, sound and light hear it, and they are back with the next observation."""

from collections.abc import Callable
from pathlib import Path

import pytest

from installation.base.mailbox import Closed
from installation.capture.simulated.performer import PerformerScript
from installation.config.settings import Config
from installation.record.recording import Event, Recorder, read_recording
from installation.record.show_log import ShowLog
from installation.show import SILENT_PERIOD_S, SILENT_S, Show
from installation.showcontrol.osc_out.bundle import Bundle
from installation.showcontrol.show_control import ShowControl
from tests.test_show import Observations, Stage, holding

CONFIG = Config.model_validate(
    {"osc": {"targets": [], "listen_port": 0}, "smoothing": {"fade_out_s": 0.8, "fade_in_s": 0.2}}
)
FRAME_S = 1 / 30
GONE_S = SILENT_S + CONFIG.smoothing.fade_out_s + 0.5


class Performance:
    """A show that is fed by hand, and all that it sends."""

    def __init__(self, record: Callable[[Event], None] | None = None, people: int = 2) -> None:
        self.sent: list[tuple[float, Bundle]] = []
        self.script = PerformerScript(3, people, -3.0)  # all are there from the first moment
        self.show = Show(CONFIG, 3, ShowControl(CONFIG.osc, self._send), record)
        self.t_s, self.seq = 0.0, 0

    def _send(self, bundle: Bundle) -> None:
        self.sent.append((self.t_s, bundle))

    def play(self, seconds: float, seeing: bool = True) -> None:
        """Frames for so long, with an observation each, or none."""
        for _ in range(round(seconds / FRAME_S)):
            self.t_s += FRAME_S
            if seeing:
                self.seq += 1
                self.show.take(Event("observation", self.t_s, self.script.observe(self.t_s, self.seq)))
            self.show.take(Event("frame", self.t_s))

    def values(self, path: str, since_s: float = 0.0) -> list[list[object]]:
        """Arguments of what was sent to an address, oldest first."""
        bundles = [bundle for t_s, bundle in self.sent if t_s > since_s]
        return [args for bundle in bundles for where, args in bundle.all_messages() if where == path]


def test_visitors_of_a_dead_source_leave_for_sound_and_light_too() -> None:
    live = Performance()
    live.play(1.0)
    assert live.values("/people")[-1] == [2]
    assert live.values("/group/presence")[-1] == [1.0]
    died_s = live.t_s
    live.play(GONE_S, seeing=False)
    presence = [args[0] for args in live.values("/group/presence", died_s)]
    assert presence == sorted(presence, reverse=True)
    assert presence[-1] == 0.0
    assert live.values("/people", died_s)[-1] == [0]
    assert live.values("/people/ids", died_s)[-1] == []
    assert live.values("/attention", died_s)[-1] == ["attract"]
    assert live.values("/event/left", died_s)
    live.play(3.0, seeing=False)
    assert live.values("/presence", died_s)[-1][0] < 0.02
    assert live.values("/frame", died_s)[-1][0] == live.seq
    assert len(live.values("/people", died_s)) <= (live.t_s - died_s) / SILENT_PERIOD_S


def test_they_are_back_with_the_first_observation() -> None:
    live = Performance()
    live.play(1.0)
    live.play(GONE_S, seeing=False)
    assert live.values("/people")[-1] == [0]
    back_s = live.t_s
    live.play(2 * FRAME_S)
    assert live.values("/people", back_s)[-1] == [2]
    live.play(CONFIG.smoothing.fade_in_s + 0.1)
    assert live.values("/group/presence")[-1] == [1.0]
    assert live.values("/attention")[-1] == ["active"]


def test_a_visitor_missed_for_a_moment_never_left() -> None:
    """Perception that is restarted within its fade; nothing jumps."""
    live = Performance(people=1)
    live.play(1.0)
    gap_s = live.t_s
    live.play(SILENT_S + 0.1, seeing=False)
    live.play(0.5)
    assert live.values("/event/left", gap_s) == []
    assert all(args == [1] for args in live.values("/people", gap_s))


@pytest.mark.parametrize("gap_s", [0.1, 0.5, SILENT_S - 2 * FRAME_S])
def test_a_slow_machine_sends_a_bundle_for_each_observation_only(gap_s: float) -> None:
    live = Performance()
    live.play(1.0)
    before = len(live.sent)
    live.play(gap_s, seeing=False)
    assert len(live.sent) == before


def test_before_anything_was_seen_nothing_is_told() -> None:
    live = Performance()
    live.play(SILENT_S + 1.0, seeing=False)
    assert live.sent == []


def test_other_settings_in_the_midst_of_silence_change_nothing_of_it() -> None:
    live = Performance()
    live.play(1.0)
    live.play(SILENT_S + 0.2, seeing=False)
    live.show.take(Event("config", live.t_s, CONFIG.model_dump()))
    live.show.take(Event("event", live.t_s, {"name": "source", "args": ["camera 0"]}))
    live.play(GONE_S, seeing=False)
    assert live.values("/people")[-1] == [0]


def test_a_replay_of_it_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.jsonl", {"seed": 3})
    live = Performance(recorder.write)
    for seconds, seeing in [(1.0, True), (GONE_S, False), (0.3, True), (SILENT_S + 0.3, False)]:
        live.play(seconds, seeing)
    recorder.close()
    log = ShowLog(tmp_path / "again")
    again: list[Bundle] = []
    show = Show(CONFIG, 3, ShowControl(CONFIG.osc, again.append), None, log.scene)
    _, events = read_recording(tmp_path / "take.jsonl")
    for event in events:
        show.take(event)
    log.close()
    assert [bundle.packets() for bundle in again] == [bundle.packets() for _, bundle in live.sent]
    people = live.values("/people")
    assert (people[0], people[-1]) == ([2], [0])


class Dying(Observations):
    """A source whose perception is lost after two seconds, or is being replaced (closed)."""

    dies_by_closing = False

    def wait_newer(self, seq: int, timeout_s: float):
        got = super().wait_newer(seq, timeout_s)
        if self.clock.now() > 2.0:
            if self.dies_by_closing:
                raise Closed(self.name)
            return None
        return got


@pytest.mark.parametrize("closing", [False, True])
def test_outlines_and_painted_faces_go_with_their_visitors(tmp_path: Path, closing: bool) -> None:
    stage = Stage(tmp_path, holding((0.0, 9.0, "arms_up")))
    try:
        eyes = stage.loop._parts.eyes.current
        eyes.observations = Dying(stage.clock, eyes.observations.script)
        eyes.observations.dies_by_closing = closing
        seen: list[int] = []
        stage.loop._parts.generation.see = lambda silhouette, observation, *_: seen.append(len(observation.people))
        stage.go(1.9)
        assert seen[-1] == 1
        stage.go(SILENT_S + 0.5)
        assert seen[-1] == 0
    finally:
        stage.close()
