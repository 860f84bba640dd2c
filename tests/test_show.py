"""Commands by pose through the whole loop: each fires once, is told over OSC, and a replay gives the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle

from installation.base.clock import ManualClock
from installation.base.governor import Governor
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.base.picture_file import jpeg
from installation.base.sd_notify import Notifier
from installation.base.supervisor import StopSignal
from installation.capture.simulated.performer import PerformerScript
from installation.commands.replay import replay
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher
from installation.cues.cues import Cues, Outside
from installation.desk.link import DeskLink
from installation.hours.hours import Effects, Hours
from installation.live_commands.handlers import RunningPiece
from installation.live_commands.live_settings import LiveSettings
from installation.loop import FrameLoop, Parts
from installation.poses.labels import PoseLabels
from installation.poses.takes import RECORDING, PoseTakes
from installation.poses.triggers import LabelTrigger
from installation.record.heartbeat import Heartbeat
from installation.record.rates import Rates
from installation.record.recording import Event, Recorder, read_recording
from installation.record.report import RunReport
from installation.record.show_log import ShowLog
from installation.render.captures.captures import Captures
from installation.show import Show
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.show_control import REPEATS, ShowControl
from installation.types import NO_BLENDSHAPES, Observation, Person, SceneState
from tests.conftest import probabilities
from tests.poses.posed_figures import POSES, seen

BODY = seen(POSES["arms_up"])
CONFIG = Config.model_validate(
    {
        "osc": {"targets": [], "listen_port": 0},
        "output": {"per_second": 30},
        "poses": {
            "commands": {"arms_up": "next_scene", "bow": "clear", "Victory": "snapshot", "Thumb_Up": "record"},
            "hold_s": 0.5,
            "cooldown_s": 0.5,
            "countdown_s": 0.2,
            "record_s": 0.5,
            "record_label": "wave",
        },
        "perception": {"gestures": True},
        "notice": {"enabled": False},
    }
)
Script = Callable[[float], tuple[Person, ...]]


class Observations:
    """A mailbox that has an observation every 50 ms and moves the clock on where a reader would wait."""

    name, drops, closed = "observations", 0, False

    def __init__(self, clock: ManualClock, script: Script) -> None:
        self.clock, self.script = clock, script

    def wait_newer(self, seq: int, timeout_s: float) -> tuple[int, Observation] | None:
        self.clock.advance(max(timeout_s, 0.001))
        number = int(self.clock.now() / 0.05)
        if number <= seq:
            return None
        t_s = number * 0.05
        return number, Observation(t_s, number, self.script(t_s), (640, 360), 2.0)


class Screen:
    """Surface and renderer in one; it knows whether a picture is just being drawn."""

    size, is_software, describe, renderer = (64, 36), False, "a test's screen", "none"
    ladder = SimpleNamespace(level=0)

    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.drawing = clock, False
        self.draws_ms, self.draws, self.built = 8, 0, 0
        self.keys: list[str] = []
        self.hud = SimpleNamespace(show=lambda lines, large="", face=None: self.texts.append((large, lines)))
        self.texts: list[tuple[str, tuple[str, ...]]] = []

    def draw(self, scene: object, meanwhile: Callable[[], None]) -> None:
        self.drawing = True
        self.draws += 1
        for _ in range(self.draws_ms):
            meanwhile()
        self.drawing = False

    def present(self, meanwhile: Callable[[], None]) -> None:
        self.drawing = True
        meanwhile()
        self.drawing = False

    def poll_events(self) -> list[str]:
        keys, self.keys = self.keys, []
        return keys

    def settle(self, meanwhile: Callable[[], None]) -> None: ...

    def shows_camera(self, scene: object) -> bool:
        return False

    def read_rgb(self) -> np.ndarray:
        assert not self.drawing, "half a picture would be stored"
        return np.zeros((36, 64, 3), np.uint8)

    def wants_silhouettes(self, scene: object) -> bool:
        return False

    def set_silhouette(self, silhouette: object) -> None: ...

    def measured(self, *seconds: float) -> None: ...

    def poll_shaders(self) -> None: ...

    def build_ahead(self) -> None:
        self.built += 1

    def object_count(self) -> int:
        return 0


class Stage:
    """The frame loop with everything real but camera, window and generator; it writes a recording and both logs."""

    def __init__(self, folder: Path, script: Script) -> None:
        self.folder, self.clock = folder, ManualClock()
        self.notices = Notices(self.clock)
        self.screen = Screen(self.clock)
        self.log = ShowLog(folder / "live")
        self.sender = OscSender(CONFIG.osc, self.notices, self.log.osc)
        header = {"seed": 3, "config": CONFIG.model_dump()}
        self.recorder = Recorder(folder / "take.jsonl", header)
        control = ShowControl(CONFIG.osc, self.sender.send)
        self.show = Show(CONFIG, 3, control, self.recorder.write, self.log.scene)
        self.takes = PoseTakes(CONFIG.poses, folder, self.notices, self.recorded)
        self.osc_in: list[tuple[str, list[object]]] = []
        observations = Observations(self.clock, script)
        eyes = SimpleNamespace(
            observations=observations,
            silhouettes=Latest("silhouettes"),
            want_silhouettes=lambda wanted: None,
            frames=None,
            name="test",
            describe=lambda: "test",
            child_pids=list,
        )
        generating = SimpleNamespace(
            take=lambda now_s, report: 0,
            ask=lambda *seen: None,
            see=lambda *seen: None,
            describe=lambda: "no pictures",
            reconfigure=lambda *_: None,
        )
        self.generating = generating
        self.models: list[str] = []
        generating.use_model = self.models.append
        receiver, screen = SimpleNamespace(take=self.take_osc), self.screen
        self.patterns: list[str] = []
        desk = SimpleNamespace(update=lambda: None, lines=tuple, show_pattern=self.patterns.append)
        self.keeping = Captures(
            screen, screen, None, CONFIG.output, folder / "captures", self.clock, self.notices, self.tell
        )
        picture = self.picture = SimpleNamespace(
            surface=screen,
            renderer=screen,
            hud=screen.hud,
            show=self.draw,
            captures=self.keeping,
            setup=desk,
            per_second=CONFIG.output.per_second,
            reconfigure=lambda *_: None,
        )
        silent = SimpleNamespace(take=list)
        services = SimpleNamespace(
            sender=self.sender,
            receiver=receiver,
            heard=list,
            pids=[],
            midi_in=silent,
            show=lambda *_: None,
            reconfigure=lambda *_: None,
        )
        effects = Effects(self.tell, lambda on: None, lambda on: None, None)
        hours = Hours(CONFIG.hours, self.wall, effects, self.notices, 0.0)
        settings = self.settings = LiveSettings(CONFIG)
        outside = Outside(self.tell, lambda keys: None, LabelTrigger(CONFIG.poses))
        self.cues = Cues(CONFIG, folder, settings, outside, self.wall, self.notices, 0.0)
        parts = Parts(
            SimpleNamespace(current=eyes, take_change=lambda: False, reconfigure=lambda *_: None),  # type: ignore[arg-type]
            PoseLabels(CONFIG.poses, True, folder, self.notices),
            self.takes,
            self.show,
            generating,  # type: ignore[arg-type]
            Governor(self.notices),
            picture,  # type: ignore[arg-type]
            services,  # type: ignore[arg-type]
            settings,
            Heartbeat(Notifier(), self.notices, RunReport(0.0)),
            hours,
            self.cues,
            DeskLink(CONFIG, [], settings, jpeg, self.notices, self.clock),
            Rates(),
        )
        stop = self.stop = StopSignal()
        piece = RunningPiece(
            self.keeping,
            desk,
            generating,
            self.takes,
            self.show,
            self.tell,
            self.notices,
            stop,
            hours,
            self.cues,
            SimpleNamespace(),
            SimpleNamespace(),
            lambda: None,
            lambda _: None,
        )
        config = folder / "config.yaml"
        config.write_text("{}\n")
        report = RunReport(0.0)
        self.loop = FrameLoop(
            parts,
            piece,
            CONFIG,
            ConfigWatcher(config, {}),
            self.clock,
            self.notices,
            report,
            stop,
        )

    def draw(self, scene: SceneState, now_s: float, meanwhile: Callable[[], None]) -> None:
        self.screen.draw(scene, meanwhile)
        self.keeping.drawn(scene, now_s, meanwhile)
        self.screen.present(meanwhile)

    def wall(self) -> datetime:
        return datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(seconds=self.clock.now())

    def recorded(self, label: str, rows: int) -> None:
        self.show.take(Event("event", self.clock.now(), {"name": "recorded", "args": [label, rows]}))

    def tell(self, name: str, args: list[object]) -> None:
        self.show.take(Event("event", self.clock.now(), {"name": name, "args": args}))

    def take_osc(self) -> list[tuple[str, list[object]]]:
        found, self.osc_in = self.osc_in, []
        return found

    def go(self, seconds: float) -> None:
        """Run for ``seconds``; may be called again."""
        self.stop.is_set, self.stop.reason = False, None
        self.loop.run(seconds)

    def play(self, seconds: float) -> None:
        self.loop.run(seconds)
        self.takes.close()
        self.keeping.close()
        self.close()

    def close(self) -> None:
        for part in (self.sender, self.recorder, self.log):
            part.close()

    def messages(self, path: str) -> list[list[object]]:
        """Arguments of every message sent to an address, in order, without their repetitions."""
        found: list[list[object]] = []
        for line in (self.folder / "live" / "osc.log").read_text().split():
            found += [list(message.params) for message in OscBundle(bytes.fromhex(line)) if message.address == path]
        kept = [params for number, params in enumerate(found) if params not in found[:number]]
        assert len(found) == REPEATS * len(kept)
        return kept

    def states(self) -> list[str]:
        """What /state said, oldest first."""
        self.log.flush()
        lines = (self.folder / "live" / "osc.log").read_text().split()
        messages = [message for line in lines for message in OscBundle(bytes.fromhex(line))]
        return [str(message.params[0]) for message in messages if message.address == "/mien/state"]

    def events(self) -> list[tuple[str, list[object]]]:
        """(name, arguments) of the recorded events."""
        _, events = read_recording(self.folder / "take.jsonl")
        return [(event.value["name"], event.value["args"]) for event in events if event.kind == "event"]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[Script], Stage]]:
    made: list[Stage] = []

    def stage(script: Script) -> Stage:
        made.append(Stage(tmp_path, script))
        return made[-1]

    yield stage
    for each in made:
        each.close()


def holding(*spans: tuple[float, float, str]) -> Script:
    """A visitor who holds each label from .. to .. seconds; a name in capitals is a gesture."""

    def script(t_s: float) -> tuple[Person, ...]:
        labels = [label for start_s, end_s, label in spans if start_s <= t_s < end_s]
        poses = tuple((label, 0.9) for label in labels if label.islower())
        return (replace(BODY, poses=poses, gestures=tuple(label for label in labels if not label.islower())),)

    return script


def assert_replay_is_the_same(stage: Stage) -> None:
    folder = stage.folder
    assert replay([str(folder / "take.jsonl"), "--log", str(folder / "again"), "--fast"], StopSignal()) == 0
    for name in ("scene.log", "osc.log"):
        live = (folder / "live" / name).read_bytes()
        assert live.count(b"\n") > 10
        assert (folder / "again" / name).read_bytes() == live


def test_a_pose_held_fires_its_command_once(make: Callable[[Script], Stage]) -> None:
    stage = make(holding((0.5, 3.0, "arms_up")))
    stage.play(4.0)
    assert [params[1:] for params in stage.messages("/mien/event/command")] == [["next_scene", "arms_up", 1]]
    assert [params[1:] for params in stage.messages("/mien/event/scene")] == [["sculpture"]]
    assert stage.events() == [("next_scene", [])]
    scenes = [line.split()[1] for line in (stage.folder / "live" / "scene.log").read_text().splitlines()]
    assert (scenes[0], scenes[-1]) == ("blossom", "sculpture")
    assert_replay_is_the_same(stage)


def test_every_kind_of_command_is_obeyed_and_a_replay_has_its_effects(make: Callable[[Script], Stage]) -> None:
    stage = make(holding((0.5, 1.2, "bow"), (1.5, 2.2, "Victory"), (2.5, 3.2, "arms_up"), (3.5, 4.2, "Thumb_Up")))
    stage.play(6.0)
    told = [params[1:3] for params in stage.messages("/mien/event/command")]
    assert told == [["clear", "bow"], ["snapshot", "Victory"], ["next_scene", "arms_up"], ["record", "Thumb_Up"]]
    names = [name for name, _ in stage.events()]
    assert sorted(names) == ["clear", "next_scene", "recorded", "snapshot"]
    given = dict(stage.events())
    assert [path.name for path in (stage.folder / "captures").iterdir()] == given["snapshot"]
    label, rows = given["recorded"]
    assert label == "wave"
    assert rows > 5
    assert stage.messages("/mien/event/recorded")[0][1:] == [label, rows]
    assert_replay_is_the_same(stage)


def test_no_screenshot_is_taken_while_a_picture_is_being_drawn(make: Callable[[Script], Stage]) -> None:
    stage = make(holding((0.5, 1.5, "Victory")))
    stage.screen.draws_ms = 60  # slower than the display: every observation comes while drawing
    stage.play(2.0)
    assert len(list((stage.folder / "captures").iterdir())) == 1


def test_clear_brings_the_scene_to_rest(make: Callable[[Script], Stage]) -> None:
    stage = make(holding((1.0, 1.6, "bow")))
    presence: list[float] = []
    on_scene = stage.show._on_scene
    stage.show._on_scene = lambda scene: (presence.append(scene.presence), on_scene(scene))
    stage.play(7.0)
    before, after = presence[: round(len(presence) / 7 * 1.5)], presence[round(len(presence) / 7 * 1.5) :]
    assert max(before) > 0.8
    assert min(after) < 0.1 < 0.8 < after[-1]


def test_a_scene_is_chosen_by_name_and_one_that_is_not_there_is_told(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.osc_in = [("/scene", ["landscape"]), ("/scene", ["landscap"])]
    stage.play(1.0)
    assert stage.show.scene_state is not None
    assert stage.show.scene_state.scene == "landscape"
    assert any("no scene 'landscap'" in note.message for note in stage.notices.active())
    assert_replay_is_the_same(stage)


def test_keys_and_osc_give_the_same_commands(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.screen.keys = ["next_scene", "clear", "record", "snapshot", "test_pattern", "texture_model"]
    stage.osc_in = [("/next_scene", []), ("/clear", []), ("/snapshot", []), ("/record", ["bow"])]
    stage.osc_in += [("/test_pattern", ["ramp"]), ("/texture_model", ["texture2"])]
    stage.play(3.0)
    assert stage.patterns == ["", "ramp"]
    assert stage.models == ["", "texture2"], "a key takes the next generator, OSC the one it names"
    names = [name for name, _ in stage.events()]
    # Screenshots are told when they are stored; all else at once.
    assert [name for name in names if name != "snapshot"] == ["next_scene", "clear", "next_scene", "clear", "recorded"]
    stored = [args[0] for name, args in stage.events() if name == "snapshot"]
    assert len(stored) == 2
    assert sorted(path.name for path in (stage.folder / "captures").iterdir()) == sorted(stored)
    # One take at a time: the key's, of the settings' label, came first.
    assert dict(stage.events())["recorded"][0] == "wave"
    assert_replay_is_the_same(stage)


def test_osc_names_the_label_to_record_and_a_bad_one_is_told(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.osc_in = [("/record", ["b w"]), ("/record", ["bow"])]
    stage.play(2.0)
    assert stage.events()[0][1][0] == "bow"
    faults = [note for note in stage.notices.history("fault") if note.stage == RECORDING]
    assert ["'b w' is no label" in note.message for note in faults] == [True]


def test_the_countdown_and_the_count_are_on_the_screen(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.osc_in = [("/record", ["bow"])]
    stage.play(4.0)
    below = [lines[0] for large, lines in stage.screen.texts if large]
    assert any("recording bow" in line for line in below)
    assert any("rows of bow by p1, take 1" in line for line in below)
    assert stage.screen.texts[-1][0] == "", "gone when it was read"
    assert stage.screen.texts[-1][1] == (), "and the rest of the wall is the visitors'"


def test_only_who_asks_for_it_reads_notices_and_figures_on_the_wall(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.notices.fault("settings", "safe settings run")
    stage.notices.note("gpu", "none")
    pressed = []
    for _ in range(4):
        stage.screen.texts.clear()
        stage.go(1.0)
        (shown,) = {tuple(line.split(":")[0] for line in lines if ":" in line) for _, lines in stage.screen.texts}
        pressed.append(shown)
        stage.screen.keys = ["hud"]
    stage.close()
    assert pressed[0] == (), "not even what must be told at once: it is in the log, over OSC and on the desk"
    assert {"! settings", "i gpu"} < {*pressed[1]}
    assert "! settings" in pressed[2], "as long as it holds"
    assert all(line.startswith("!") for line in pressed[2])
    assert pressed[3] == ()


def test_a_take_cut_off_by_the_end_is_in_table_and_recording(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.osc_in = [("/record", ["bow"])]
    stage.play(0.6)
    assert [name for name, _ in stage.events()] == ["recorded"]
    assert (stage.folder / "poses" / "poses.csv").read_text().count("bow,p1,1,") == stage.events()[0][1][1]
    assert_replay_is_the_same(stage)


def test_scenes_are_built_ahead_only_where_there_is_time(make: Callable[[Script], Stage]) -> None:
    stage = make(lambda _: ())
    stage.screen.draws_ms = 25
    stage.go(0.5)
    assert stage.screen.built == 0
    stage.screen.draws_ms = 2
    stage.go(0.5)
    assert stage.screen.built > 10


def test_a_live_rate_moves_the_pace_of_pictures_too(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.go(2.0)
    slow = stage.screen.draws
    faster = CONFIG.model_copy(update={"output": CONFIG.output.model_copy(update={"per_second": 60.0})})
    stage.picture.per_second = 60.0
    stage.loop._take_over(faster)
    stage.go(2.0)
    assert slow == pytest.approx(60, abs=3)
    assert stage.screen.draws - slow == pytest.approx(120, abs=6)


def test_a_setting_that_needs_a_restart_is_noted_until_it_is_back_and_hides_nothing(
    make: Callable[[Script], Stage],
) -> None:
    stage = make(holding())
    stage.notices.resolve("pose labels")
    stage.notices.fallback("output", "NOTHING IS SHOWN")
    stage.loop._take_over(CONFIG.model_copy(update={"output": CONFIG.output.model_copy(update={"width": 640})}))
    found = {(one.kind, one.stage): one.message for one in stage.notices.active() if one.stage != "pose labels"}
    assert found == {
        ("fallback", "output"): "NOTHING IS SHOWN",
        ("note", "restart"): "changed, needs a restart: output.width",
    }
    stage.loop._take_over(CONFIG)
    assert [one.stage for one in stage.notices.active() if one.stage != "pose labels"] == ["output"]


def test_notes_do_not_make_the_state_degraded(make: Callable[[Script], Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PoseLabels, "_check_labels", lambda _: None)
    stage = make(holding())
    stage.notices.note("gpu", "no GPU: llvmpipe draws on the processor")
    stage.go(2.5)
    assert "degraded" not in stage.states()
    stage.notices.fallback("texture model", "texture.onnx is missing; the procedural texture is shown")
    stage.go(2.5)
    assert stage.states()[-1] == "degraded"


def test_every_change_of_scene_is_told_once_whatever_made_it() -> None:
    told: list[tuple[str, list[object]]] = []
    control = SimpleNamespace(
        on_event=lambda name, args: told.append((name, args)),
        reconfigure=lambda config: None,
        tell_emotions=lambda told: None,
        tell_manual=lambda share: None,
        on_observation=lambda *a, **b: None,
    )
    playlist = [{"scene": "blossom", "seconds": 5.0}, {"scene": "swarm", "seconds": 5.0}]
    config = Config.model_validate({"scene": {"playlist": playlist, "scene_fade_s": 0.5}})
    scenes: list[list[str]] = []
    for _ in range(2):
        told.clear()
        shown: list[str] = []
        show = Show(
            config, 1, control, on_scene=lambda state, shown=shown: shown.append(f"{state.scene} {state.blend!r}")
        )  # type: ignore[arg-type]
        for n in range(400):
            if n == 200:
                other = config.model_copy(update={"scene": config.scene.model_copy(update={"name": "aurora"})})
                show.take(Event("config", n / 20, other.model_dump()))
            if n == 240:
                show.take(Event("event", n / 20, {"name": "choose_scene", "args": ["portrait"]}))
            show.take(Event("frame", n / 20))
        changes = [args for name, args in told if name == "scene"]
        assert changes[:4] == [["swarm"], ["aurora"], ["portrait"], ["blossom"]], (
            "playlist, settings, command, playlist"
        )
        scenes.append(shown)
    assert scenes[0] == scenes[1], "bit for bit"


def test_no_scene_changes_by_itself_while_a_painting_is_shown() -> None:
    control = SimpleNamespace(
        on_event=lambda name, args: None,
        reconfigure=lambda config: None,
        tell_emotions=lambda told: None,
        tell_manual=lambda share: None,
        on_observation=lambda *a, **b: None,
    )
    playlist = [{"scene": "blossom", "seconds": 10.0}, {"scene": "swarm", "seconds": 10.0}]
    config = Config.model_validate({"scene": {"playlist": playlist}, "picture": {"shown_s": 4.0}})
    show = Show(config, 1, control)  # type: ignore[arg-type]
    names = []
    for n in range(300):
        if n == 180:
            show.take(Event("event", 9.0, {"name": "painted", "args": [1, "", 2.0]}))
        show.take(Event("frame", n / 20))
        names.append(show.scene_state.scene if show.scene_state else "")
    assert names[10 * 20 + 10] == "blossom"
    assert names[13 * 20 + 10] == "swarm"


def telling(
    folder: Path, notice: dict[str, object]
) -> tuple[list[tuple[float, str, float]], list[Observation], list[float]]:
    """An angry visitor's first seconds, from 6 s on: (time, label, confidence) over OSC, what was recorded, and how far the
    notice was there from 5 s on, thirty times a second."""
    config = Config.model_validate({"notice": notice})
    said: list[tuple[float, str, float]] = []
    faces: list[tuple[float, bool]] = []
    control = SimpleNamespace(
        tell_emotions=lambda _: None,
        tell_manual=lambda share: None,
        on_event=lambda name, args: None,
        on_observation=lambda seq, t_s, states, scene, observation, **more: (
            said.extend((t_s, one.label, one.confidence) for one in states),
            faces.extend((t_s, one.face is None and one.blendshapes is None) for one in observation.people),
        ),
    )
    recorder = Recorder(folder / "take.jsonl", {"seed": 3, "config": config.model_dump()})
    show = Show(config, 3, control, recorder.write)  # type: ignore[arg-type]
    face = np.full((478, 3), 0.5, np.float32)
    angry = replace(BODY, expression=probabilities("angry"), face=face, blendshapes=NO_BLENDSHAPES, face_quality=1.0)
    shares = []
    for n in range(210):
        t_s = 5.0 + n / 30
        if n >= 30:
            show.take(Event("observation", t_s, Observation(t_s, n, (angry,), (640, 360))))
        show.take(Event("frame", t_s))
        assert show.scene_state is not None
        shares.append(show.scene_state.notice)
    recorder.close()
    assert [hidden for _, hidden in faces] == [t_s < 6.0 + notice_dwell(notice) - 1e-6 for t_s, _ in faces]
    _, events = read_recording(folder / "take.jsonl")
    return said, [event.value for event in events if event.kind == "observation"], shares


def notice_dwell(notice: dict[str, object]) -> float:
    return float(str(notice["dwell_s"])) if notice["enabled"] else 0.0


def test_nothing_of_a_newcomers_face_goes_anywhere_before_they_could_see_the_notice(tmp_path: Path) -> None:
    said, recorded, shares = telling(tmp_path, {"enabled": True, "dwell_s": 2.0, "arrival_s": 3.0})
    assert {(label, confidence) for t_s, label, confidence in said if t_s < 8.0} == {("neutral", 0.0)}
    assert [label for t_s, label, _ in said if t_s > 9.0][-1] == "angry"
    assert [one.people[0].expression is None for one in recorded] == [one.t_s < 8.0 - 1e-6 for one in recorded]
    assert max(shares) == shares[60] == 1.0, "it is there while they are not read"
    assert shares[-1] == 0.0
    again, _, _ = telling(tmp_path, {"enabled": True, "dwell_s": 2.0, "arrival_s": 3.0})
    assert said == again


def test_without_the_notice_a_newcomer_is_read_at_once(tmp_path: Path) -> None:
    said, recorded, shares = telling(tmp_path, {"enabled": False, "dwell_s": 2.0})
    assert "angry" in {label for t_s, label, _ in said if t_s < 7.5}
    assert all(one.people[0].expression is not None for one in recorded)
    assert max(shares) == 0.0


def test_a_performance_with_the_notice_replays_bit_for_bit(tmp_path: Path) -> None:
    config = Config.model_validate({"osc": {"targets": [], "listen_port": 0}, "notice": {"dwell_s": 1.5}})
    recorder = Recorder(tmp_path / "take.jsonl", {"seed": 3, "config": config.model_dump()})
    log = ShowLog(tmp_path / "live")
    sender = OscSender(config.osc, Notices(ManualClock()), log.osc)
    show = Show(config, 3, ShowControl(config.osc, sender.send), recorder.write, log.scene)
    script = PerformerScript(3)
    for n in range(300):
        show.take(Event("observation", n / 30, script.observe(n / 30, n)))
        if n == 100:
            show.take(Event("event", n / 30, {"name": "source", "args": ["simulated"]}))
        show.take(Event("frame", n / 30))
    for part in (sender, recorder, log):
        part.close()
    assert replay([str(tmp_path / "take.jsonl"), "--log", str(tmp_path / "again"), "--fast"], StopSignal()) == 0
    for name in ("scene.log", "osc.log"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "live" / name).read_bytes()


def test_a_recording_from_before_the_notice_is_read_as_it_was(tmp_path: Path) -> None:
    settings = Config().model_dump()
    del settings["notice"]
    recorder = Recorder(tmp_path / "old.jsonl", {"seed": 3, "config": settings})
    recorder.close()
    header, events = read_recording(tmp_path / "old.jsonl")
    assert list(events) == []
    assert not Config.model_validate(header["config"]).notice.enabled


def test_outside_the_opening_hours_the_light_goes_and_a_replay_has_it(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    lights: list[float] = []
    draw = stage.screen.draw
    stage.screen.draw = lambda scene, meanwhile: (lights.append(scene.light), draw(scene, meanwhile))
    asked: list[float] = []
    stage.generating.ask = lambda scene, now_s: asked.append(scene.light)
    stage.go(1.0)
    assert set(lights) == {1.0}
    stage.osc_in.append(("/hours", ["closed"]))
    stage.go(2.0)
    assert lights[-1] == pytest.approx(0.5, abs=0.05)  # half of the four seconds
    stage.go(4.0)
    assert lights[-1] == 0.0
    assert sorted(lights, reverse=True) == lights
    assert [notice.stage for notice in stage.notices.active("note")] == ["hours"]
    assert asked[-1] < 0.01
    assert min(asked) > 0.0, "nothing is painted in the dark"
    stage.osc_in.append(("/hours", []))
    stage.go(5.0)
    stage.play(0.0)
    assert lights[-1] == 1.0
    assert [params[1:] for params in stage.messages("/mien/event/hours")] == [["closed", 0.0, 4.0], ["open", 1.0, 4.0]]
    assert_replay_is_the_same(stage)
