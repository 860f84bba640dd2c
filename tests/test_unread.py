"""``emotion.enabled: false``: people with faces are in the picture, and nothing that leaves the piece has an emotion.

The same performance is played with it on, where every name is found: so that looking for them can fail.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

from installation.base.clock import ManualClock
from installation.base.emoji import EMOJI
from installation.base.notices import Notices
from installation.capture.simulated.performer import PerformerScript
from installation.commands.desk_snapshot import _group, _person
from installation.config.look import DEFAULTS
from installation.config.settings import Config
from installation.emotion import fusion
from installation.live_commands.live_settings import LiveSettings
from installation.record.recording import Event, Recorder, read_recording
from installation.record.report import RunReport
from installation.render.hud_text import HudFigures, figure_lines
from installation.scene.scene import Scene
from installation.show import Show
from installation.showcontrol.address import is_of_emotion
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.lights.fixtures import Arrivals, Palettes, wanted
from installation.showcontrol.midi.midi import MidiOut, _Out, values_of
from installation.showcontrol.osc_out.bundle import Bundle
from installation.showcontrol.osc_out.faceosc import FaceOsc
from installation.showcontrol.osc_out.vmc import Vmc
from installation.showcontrol.osc_out.wekinator import Wekinator
from installation.showcontrol.oscquery.tree import QueryTree
from installation.showcontrol.show_control import ShowControl
from installation.types import EMOTIONS, EXPRESSION, FIGURE_COLUMNS, Observation, SceneState

RATE_HZ, SECONDS = 12.0, 4.0
MOODS = ("neutral", "happy", "angry")
NAMES = {
    *EMOTIONS,
    *("emotion", "emotions", "label", "emoji", "agreement", "valence", "arousal", "level", "probabilities"),
    *("expression", "blendshapes", "face_quality"),
    *(one for steps in EMOJI.values() for one in steps),
}
"""What nobody may read anywhere, as a whole word."""
FACE = FIGURE_COLUMNS.index(EXPRESSION[0])
LAMP = {"name": "a", "universe": "u", "channel": 1, "layout": "rgb"}


def config_with(enabled: bool) -> Config:
    red = {mood: {"middle": "#ff0000"} for mood in EMOTIONS}
    return Config.model_validate(
        {
            "emotion": {"enabled": enabled},
            "notice": {"enabled": False},
            "lights": {"universes": [{"name": "u"}], "fixtures": [LAMP], "palettes": red},
            "midi": {"enabled": False, "notes": [{"event": event, "note": 60} for event in ("emotion", "happy")]},
        }
    )


def performance() -> Iterator[Observation]:
    """Some seconds of each of MOODS, with faces, bodies and all that networks read in them."""
    script, left = PerformerScript(1), dict.fromkeys(MOODS, SECONDS * RATE_HZ)
    for n in range(round(60 * RATE_HZ)):
        mood = script.mood(n / RATE_HZ)
        if mood is not None and left.get(mood, 0) > 0:
            left[mood] -= 1
            yield script.observe(n / RATE_HZ, n)


class Stage:
    """A show and all that hears, writes and shows it; everything that comes out is kept."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.config, self.clock = config, ManualClock()
        self.settings, self.values = LiveSettings(config), LastValues()
        self.tree = QueryTree(self.settings, self.values)
        self.packets: list[OscMessage] = []
        self.others: list[tuple[str, list[Any]]] = []
        self.midi: list[mido.Message] = []
        self.lamps: list[tuple[list[float], list[float]]] = []
        self.desk: set[str] = set()
        self.report, self.hud, self.scenes = RunReport(0.0), [], list[SceneState]()
        self.formats = (FaceOsc(), Wekinator(), Vmc())
        self.out = MidiOut(config.midi, Notices(self.clock), self.clock)
        self.port = _Out(self)  # type: ignore[arg-type]
        self.file = folder / "take.jsonl"
        self.recorder = Recorder(self.file, {"seed": 1, "config": config.model_dump()})
        control = ShowControl(config.osc, self.send, self.hear)
        self.show = Show(config, 1, control, self.recorder.write, self.scenes.append)

    def send(self, message: Bundle | mido.Message) -> None:
        """A bundle of the show control, or a message to the MIDI port."""
        if not isinstance(message, Bundle):
            self.midi.append(message)
            return
        self.packets += [found for packet in message.packets() for found in messages_of(packet)]
        if message.seen is not None:
            self.others += [(path, list(args)) for one in self.formats for path, _, args in one.messages(message.seen)]

    def hear(self, messages: list[tuple[str, list[Any]]]) -> None:
        self.values.put(messages)
        self.out.hear(messages)

    def play(self, observations: Iterator[Observation]) -> None:
        palettes, none = Palettes(self.config.lights), Palettes(Config().lights)
        for seen in observations:
            self.show.take(Event("observation", seen.t_s, seen))
            self.show.take(Event("frame", seen.t_s))
            states, scene = self.show.states, self.scenes[-1]
            lamp = (scene, Arrivals().sorted(states), self.config.lights.fixtures, self.config.lights)
            self.lamps.append((wanted(*lamp, palettes)[0].tolist(), wanted(*lamp, none)[0].tolist()))
            self.port.control(self.config.midi, values_of(scene, states))
            people = [_person(state, self.show.held.get(state.person_id, ())) for state in states]
            self.desk |= words([people, _group(self.show.group_state)])
            self.report.second(seen.t_s, states, 100.0, self.show.emotions_read)
            figures = HudFigures(60, 30, 1, 100, "a camera", "a screen", "1", "textures")
            self.hud += figure_lines(figures, states, self.show.admitted(seen).people, ())

    def recorded(self) -> list[dict[str, Any]]:
        """What was recorded, but for the settings in it."""
        self.recorder.close()
        lines = [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()[1:]]
        return [line for line in lines if line["kind"] != "config"]

    def names(self) -> dict[str, set[str]]:
        """By way out: which of NAMES are found."""
        root = self.tree.node("/")
        assert root is not None
        return {
            "osc": words([(one.address, one.params) for one in self.packets]),
            "other formats": words(self.others),
            "oscquery": words(without_settings(root)),
            "recording": words(self.recorded()),
            "report": words(self.report.as_dict(60.0, {})["timeline"]),
            "hud": words(self.hud),
            "desk": self.desk,
            "values": words(list(self.values.all())),
        }


def messages_of(packet: bytes) -> list[OscMessage]:
    return [one for one in OscBundle(packet) if isinstance(one, OscMessage)]


def words(value: Any) -> set[str]:
    """The NAMES that stand in a tree of values, as keys, parts of addresses or words."""
    if isinstance(value, dict):
        return words([*value, *value.values()])
    if isinstance(value, list | tuple):
        return set().union(*(words(one) for one in value)) if value else set()
    if not isinstance(value, str):
        return set()
    said = value.lower()
    for sign in '/,.:;()"':
        said = said.replace(sign, " ")
    presets = {"joy", "sorrow", "surprised", "jawopen", "mouthsmileleft", "gesture"}
    return (NAMES | presets) & set(said.split())


def without_settings(node: dict[str, Any]) -> dict[str, Any]:
    """An OSCQuery node without the settings, whose names are those of config.yaml, and without descriptions; without
    /sound, too, whose level is how loud it is."""
    left_out = ("control", "sound")
    inner = {name: without_settings(one) for name, one in node.get("CONTENTS", {}).items() if name not in left_out}
    return {**{key: value for key, value in node.items() if key not in ("DESCRIPTION", "RANGE")}, "CONTENTS": inner}


def test_with_it_on_every_way_out_has_emotions(tmp_path: Path) -> None:
    stage = Stage(tmp_path, config_with(True))
    stage.play(performance())
    found = stage.names()
    assert {"emotions", "emotion", "valence", "arousal", "label", "agreement", "emoji", "happy", "angry"} <= found[
        "osc"
    ]
    assert {"joy", "jawopen", "gesture"} <= found["other formats"]
    assert {"emotions", "valence", "arousal", "label", "agreement", "emoji"} <= found["oscquery"]
    assert {"expression", "blendshapes", "face_quality"} <= found["recording"]
    assert {"label", "valence", "probabilities"} <= found["report"]
    assert {"valence", "happy"} <= found["hud"]
    assert {"emotions", "valence", "arousal", "label", "level", "agreement", "happy"} <= found["desk"]
    assert any(lamp != own for lamp, own in stage.lamps)
    assert {one.control for one in stage.midi if one.type == "control_change"} > {20, 21, 22, 23}


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The performance with it off; what computes an emotion raises."""

    def read(*_: object) -> None:
        raise AssertionError("an emotion is computed")

    stage = Stage(tmp_path_factory.mktemp("unread"), config_with(False))
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("affect", "face_confidence", "hand_cover", "body_probabilities", "pose_mixture"):
            monkeypatch.setattr(fusion, name, read)
        stage.play(performance())
    return stage


def test_with_it_off_no_way_out_has_any(unread: Stage) -> None:
    stage = unread
    assert not any(stage.names().values()), stage.names()
    # What is left.
    addresses = {one.address.removeprefix("/mien") for one in stage.packets}
    kept = ("position", "velocity", "presence", "energy", "openness", "nearness", "extent", "confidence", "gestures")
    assert {f"/person/1/{name}" for name in kept} <= addresses
    assert {f"/group/{name}" for name in ("position", "energy", "openness", "leader")} <= addresses
    assert {
        "/presence",
        "/palette",
        "/state",
        "/people/ids",
        "/event/arrived",
        "/onset",
        "/event/shape_born",
    } <= addresses
    energies = [one.params[0] for one in stage.packets if one.address == "/mien/person/1/energy"]
    assert max(energies) > 0.4
    assert any(state.joints is not None for state in stage.show.states)
    assert {"/found", "/pose/position", "/pose/orientation"} <= {path for path, _ in stage.others}
    assert "/VMC/Ext/Bone/Pos" in {path for path, _ in stage.others}
    assert {len(args) for path, args in stage.others if path == "/wek/inputs"} == {7}
    assert all(lamp == own for lamp, own in stage.lamps), "no emotion gives a lamp its colour"
    number_of = stage.config.midi.controls
    assert {one.control for one in stage.midi} == {number_of["energy"], number_of["presence"]}
    assert stage.out._last_event > 0
    assert not stage.out._waiting
    assert {"energy", "openness", "people"} <= set(stage.report.as_dict(60.0, {})["timeline"][-1])
    for line in ("energy", "openness"):
        assert any(line in one for one in stage.hud)


def test_the_picture_is_alive_without(unread: Stage) -> None:
    stage = unread
    leading = {EMOTIONS[int(np.argmax(scene.emotion))] for scene in stage.scenes if scene.presence > 0.5}
    assert len(leading) >= 3, f"only the looks {leading}"
    palettes = np.array([scene.palette[2] for scene in stage.scenes if scene.presence > 0.5])
    assert np.ptp(palettes, axis=0).max() > 0.3
    assert len(stage.scenes[-1].births) >= 3
    assert not any(scene.emotions_read for scene in stage.scenes)
    assert not any(scene.figures[:, FACE:].any() for scene in stage.scenes)


def test_switched_off_in_the_midst_all_is_gone_at_once_and_it_replays(tmp_path: Path) -> None:
    stage, script, seen = Stage(tmp_path, config_with(True)), PerformerScript(1), list(performance())
    half = next(n for n, one in enumerate(seen) if script.mood(one.t_s) == "happy") + 30
    stage.play(iter(seen[:half]))
    assert any(state.label == "happy" for state in stage.show.states)
    stage.settings.change("/control/emotion/enabled", [0])
    stage.show.take(Event("config", seen[half].t_s, stage.settings.config.model_dump()))
    stage.values.forget(is_of_emotion)
    assert {state.label for state in stage.show.states} == {"neutral"}
    stage.packets.clear(), stage.others.clear(), stage.hud.clear(), stage.desk.clear()
    stage.report = RunReport(0.0)
    stage.play(iter(seen[half:]))
    found = stage.names()
    assert found.pop("recording") > {"expression"}, "from before"
    assert not any(found.values()), found
    events = list(read_recording(stage.file)[1])
    changed = next(n for n, event in enumerate(events) if event.kind == "config")
    after = [event.value for event in events[changed:] if event.kind == "observation"]
    assert after
    assert all(one.expression is one.blendshapes is None for observation in after for one in observation.people)
    scenes: list[SceneState] = []
    again = Show(config_with(True), 1, ShowControl(Config().osc, lambda _: None), None, scenes.append)
    for event in events:
        again.take(event)
    assert scenes[-1].palette.tobytes() == stage.scenes[-1].palette.tobytes()
    assert scenes[-1].shapes.tobytes() == stage.scenes[-1].shapes.tobytes()


def test_switched_on_again_nothing_of_before_is_left(tmp_path: Path) -> None:
    """What was learned of a face, and the mood it had, are not kept for later."""
    script = PerformerScript(1)
    happy = [n / 30 for n in range(1800) if script.mood(n / 30) == "happy"][30:120]
    stage = Stage(tmp_path, config_with(True))
    off, on = (config_with(enabled).model_dump() for enabled in (False, True))
    stage.play(script.observe(t_s, 1) for t_s in happy)
    assert stage.show.states[0].label == "happy"
    stage.show.take(Event("config", happy[-1], off))
    stage.show.take(Event("config", happy[-1], on))
    nobody = replace(script.observe(happy[-1] + 0.03, 2), people=())
    stage.play(iter([nobody]))
    assert {state.label for state in stage.show.states} == {"neutral"}
    assert stage.show.states[0].valence == 0


def test_scene_and_look_take_no_emotion_from_a_state_where_none_is_read(state_of: Any) -> None:
    """A scene that is told so looks at motion, whatever else stands in a state."""
    assert set(EMOTIONS) < set(DEFAULTS)
    scenes = [Scene(Config().scene, 1, None, emotions_read=False) for _ in range(2)]
    for n in range(60):
        for scene, mood in zip(scenes, ("happy", "angry"), strict=True):
            who = state_of(mood, energy=0.3, openness=0.4)
            last = scene.update((who,), who, n / 30, 1 / 30)
            scene.last = last  # type: ignore[attr-defined]
    one, other = (scene.last for scene in scenes)  # type: ignore[attr-defined]
    assert one.palette.tobytes() == other.palette.tobytes()
    assert one.moods.tobytes() == other.moods.tobytes()
