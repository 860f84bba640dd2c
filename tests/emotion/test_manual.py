"""A mood set by hand: of everybody, also of nobody, eased, told, and no reading where none is allowed."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from installation.base.mood import READ, ManualMood
from installation.capture.simulated.performer import PerformerScript
from installation.config.emotion import ManualConfig
from installation.config.settings import Config
from installation.emotion.manual import manual_mood
from installation.live_commands.setting_table import table
from installation.record.recording import Event
from installation.show import Show
from installation.showcontrol.show_control import ShowControl
from installation.types import EMOTIONS, EmotionState, Observation, SceneState

PLAIN: dict[str, Any] = {"osc": {"targets": []}, "notice": {"enabled": False}}
HAPPY, SAD = EMOTIONS.index("happy"), EMOTIONS.index("sad")


def settings(manual: dict[str, Any] | None = None, **others: Any) -> Config:
    emotion = {**others.pop("emotion", {}), **({} if manual is None else {"manual": {"enabled": True, **manual}})}
    return Config.model_validate({**PLAIN, **others, "emotion": emotion})


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_weights_say_what_it_is_made_of(emotion: str) -> None:
    mood = manual_mood(ManualConfig(enabled=True, valence=0.3, **{emotion: 0.4}))  # type: ignore[arg-type]
    assert mood.probabilities.tolist() == [float(name == emotion) for name in EMOTIONS]
    assert (mood.valence, mood.arousal, mood.share) == (0.3, 0.0, 1.0)
    both = manual_mood(ManualConfig(enabled=True, happy=0.2, sad=0.6))
    assert both.probabilities[[HAPPY, SAD]].tolist() == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize(
    ("place", "emotion"),
    [((0.85, 0.4), "happy"), ((-0.7, -0.45), "sad"), ((0.2, 0.75), "surprise"), ((0.0, -0.1), "neutral")],
)
def test_the_plane_alone_says_it_where_no_weight_is_set(place: tuple[float, float], emotion: str) -> None:
    mood = manual_mood(ManualConfig(enabled=True, valence=place[0], arousal=place[1]))
    assert mood.probabilities[EMOTIONS.index(emotion)] > 0.85
    assert float(mood.probabilities.sum()) == pytest.approx(1.0)


def test_no_corner_of_the_plane_is_without_an_emotion() -> None:
    for valence in (-1.0, 0.0, 1.0):
        for arousal in (-1.0, 0.0, 1.0):
            shares = manual_mood(ManualConfig(enabled=True, valence=valence, arousal=arousal)).probabilities
            assert np.isfinite(shares).all()
            assert float(shares.sum()) == pytest.approx(1.0)


def test_switched_off_or_without_strength_nothing_is_touched(state_of: Any) -> None:
    assert manual_mood(ManualConfig(happy=1.0)) is READ
    assert manual_mood(ManualConfig(enabled=True, strength=0.0)) is READ
    state: EmotionState = state_of("sad")
    assert READ.over(state) is state


def test_half_the_strength_is_half_way(state_of: Any) -> None:
    state: EmotionState = replace(state_of("sad"), valence=-0.6, arousal=0.2)
    happy = np.zeros(7, np.float32)
    happy[HAPPY] = 1.0
    mixed = ManualMood(happy, 0.8, 0.4, 0.5).over(state)
    assert (mixed.valence, mixed.arousal) == pytest.approx((0.1, 0.3))
    assert mixed.probabilities[HAPPY] == pytest.approx(0.5 + 0.5 * state.probabilities[HAPPY], abs=1e-6)
    assert mixed.presence == state.presence


class Piece:
    """A show with its bundles, twenty observations and sixty pictures a second."""

    def __init__(self, config: Config) -> None:
        self.messages: list[tuple[str, list[Any]]] = []
        self.show = Show(config, 1, ShowControl(config.osc, lambda bundle: self.messages.extend(bundle.all_messages())))
        self.script = PerformerScript(1)
        self.scenes: list[SceneState] = []
        self.picture = 0

    def go(self, seconds: float, somebody: bool = True) -> None:
        for _ in range(round(seconds * 60)):
            self.picture += 1
            t_s = self.picture / 60
            if self.picture % 3 == 0:
                seen = self.script.observe(t_s + 2.0, self.picture)
                people = seen.people if somebody else ()
                self.show.take(Event("observation", t_s, Observation(t_s, self.picture, people, (640, 360))))
            self.show.take(Event("frame", t_s))
            assert self.show.scene_state is not None
            self.scenes.append(self.show.scene_state)

    def set(self, config: Config) -> None:
        self.show.take(Event("config", self.picture / 60, config.model_dump()))

    def last(self, path: str) -> list[Any]:
        return [args for address, args in self.messages if address == path][-1]


SADLY = {"sad": 1.0, "valence": -0.8, "arousal": -0.5}


def test_everybody_has_it_and_its_address_tells() -> None:
    piece = Piece(settings(SADLY))
    piece.go(3.0)
    (state,) = piece.show.states
    assert state.label == "sad"
    assert (state.valence, state.arousal) == pytest.approx((-0.8, -0.5), abs=1e-3)
    assert piece.last("/manual") == [1.0]
    assert piece.last("/group/label") == ["sad"]
    piece.set(settings())
    piece.go(1.5)
    assert piece.show.states[0].label != "sad"
    assert piece.last("/manual") == [0.0]


def test_it_eases_in_and_out() -> None:
    piece = Piece(settings())
    piece.go(2.0)
    for config in (settings({**SADLY, "sad": 0.0, "happy": 1.0, "valence": 1.0, "arousal": 1.0}), settings()):
        before = piece.scenes[-1]
        piece.set(config)
        piece.go(0.5)
        scenes = [before, *piece.scenes[-30:]]
        steps = [abs(b.valence - a.valence) for a, b in pairwise(scenes)]
        looks = [abs(b.palette - a.palette).max() for a, b in pairwise(scenes)]
        assert abs(scenes[-1].valence - before.valence) > 0.25
        assert max(steps) < 0.12
        assert max(looks) < 0.08


def test_with_nobody_there_the_picture_has_it_and_nobody_is_said_to_be_there() -> None:
    rest, piece = Piece(settings()), Piece(settings(SADLY))
    for one in (rest, piece):
        one.go(4.0, somebody=False)
    assert piece.scenes[-1].emotion[SAD] > 0.95
    assert piece.scenes[-1].valence == pytest.approx(-0.8, abs=0.02)
    assert abs(piece.scenes[-1].palette - rest.scenes[-1].palette).max() > 0.02
    assert piece.scenes[-1].presence == 0.0
    for path, args in (
        ("/people", [0]),
        ("/presence", [0.0]),
        ("/group/presence", [0.0]),
        ("/group/label", ["neutral"]),
    ):
        assert piece.last(path) == args
    assert piece.last("/attention") == ["attract"]
    piece.show.take(Event("event", piece.picture / 60, {"name": "clear", "args": []}))
    piece.go(1.0, somebody=False)
    assert piece.scenes[-1].emotion[SAD] < 0.5


def test_where_nothing_is_read_the_picture_alone_has_it() -> None:
    unread = {"emotion": {"enabled": False}}
    piece, plain = Piece(settings(SADLY, **unread)), Piece(settings(**unread))
    for one in (piece, plain):
        one.go(4.0)
    (state,) = piece.show.states
    assert (state.label, state.valence, state.arousal, state.emotions_read) == ("neutral", 0.0, 0.0, False)
    assert piece.scenes[-1].emotion[SAD] > 0.95
    assert plain.scenes[-1].emotion[SAD] < 0.5
    told = {path.rsplit("/", 1)[-1] for path, _ in piece.messages}
    assert not told & {"label", "emoji", "emotions", "emotion", "agreement", "valence", "arousal"}
    assert piece.last("/manual") == [1.0]


def test_a_newcomer_who_is_not_read_yet_has_it_as_well() -> None:
    piece = Piece(settings(SADLY, notice={"enabled": True, "dwell_s": 30.0}))
    piece.go(2.0)
    assert piece.show.states[0].label == "sad"


def test_a_fader_moves_each_of_its_settings() -> None:
    for name in ("enabled", "strength", "valence", "arousal", *EMOTIONS):
        setting = table()[f"/control/emotion/manual/{name}"]
        assert setting.changed(Config(), setting.fit([1])).emotion.manual is not None
    with pytest.raises(ValueError, match="-1 to 1"):
        table()["/control/emotion/manual/valence"].fit([1.5])
