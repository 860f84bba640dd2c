"""The mood of a drawing that is held into the camera: it comes and goes, and no visitor is said to show it."""

from dataclasses import replace

import numpy as np
import pytest

from installation.capture.simulated.performer import PerformerScript
from installation.config.emotion import EmotionConfig
from installation.config.settings import Config
from installation.emotion.depicted import NONE, DepictedMood
from installation.record.recording import Event, observation_from_json, observation_to_json
from installation.show import Show
from installation.showcontrol.show_control import Bundle, ShowControl
from installation.types import DEPICTED, EMOTIONS, FloatArray, Observation


def depicts(label: str, share: float = 0.8) -> FloatArray:
    shares = np.full(len(DEPICTED), (1 - share) / (len(DEPICTED) - 1), np.float32)
    shares[DEPICTED.index(label)] = share
    return shares


@pytest.mark.parametrize(("label", "emotion"), [("anger", "angry"), ("sadness", "sad"), ("happiness", "happy")])
def test_the_mood_is_what_is_depicted(label: str, emotion: str) -> None:
    mood = DepictedMood(EmotionConfig(depicted_fade_s=0.5))
    assert mood.see(depicts(label)) == (label, pytest.approx(0.8))
    found = mood.advance(10.0)
    assert EMOTIONS[int(found.probabilities.argmax())] == emotion
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert found.share == pytest.approx(1, abs=1e-3)


def test_it_fades_in_and_out_at_any_frame_rate() -> None:
    slow, fast = (DepictedMood(EmotionConfig(depicted_fade_s=1.0)) for _ in range(2))
    for mood, steps in ((slow, 3), (fast, 30)):
        mood.see(depicts("fear"))
        for _ in range(steps):
            found = mood.advance(1.0 / steps)
        assert found.share == pytest.approx(1 - np.exp(-1), abs=1e-6)
        assert mood.see(None) == (NONE, 0.0)
        assert mood.advance(1.0).share == pytest.approx((1 - np.exp(-1)) * np.exp(-1), abs=1e-6)
        assert mood.advance(60.0).share == 0.0


def test_a_label_stays_until_another_is_clearly_larger() -> None:
    mood = DepictedMood(EmotionConfig())
    assert mood.see(depicts("fear", 0.4)) is not None
    close = depicts("fear", 0.40)
    close[DEPICTED.index("surprise")] = 0.44
    assert mood.see(close) is None
    assert mood.label == "fear"
    assert mood.see(depicts("surprise")) == ("surprise", pytest.approx(0.8))


def told(shows: list[Observation], config: Config) -> tuple[Show, list[tuple[str, list[object]]]]:
    bundles: list[Bundle] = []
    show = Show(config, 1, ShowControl(config.osc, bundles.append))
    for observation in shows:
        show.take(Event("observation", observation.t_s, observation))
        show.take(Event("frame", observation.t_s))
    return show, [(path, list(args)) for bundle in bundles for path, args in bundle.all_messages()]


def held(label: str | None, first_s: float = 0.0, last_s: float = 4.0) -> list[Observation]:
    shares = depicts(label) if label else None
    return [
        Observation(float(t_s), n, (), (640, 360), 0.0, shares)
        for n, t_s in enumerate(np.arange(first_s, last_s, 1 / 15), round(15 * first_s))
    ]


def test_the_scene_wears_it_and_receivers_hear_of_it() -> None:
    show, messages = told(held("sadness"), Config())
    assert show.scene_state is not None
    assert EMOTIONS[int(show.scene_state.emotion.argmax())] == "sad"
    assert show.scene_state.valence < -0.3
    events = {tuple(args[1:]) for path, args in messages if path.endswith("/event/depicted")}
    assert {depicted for depicted, _ in events} == {"sadness"}
    assert not any("/person/" in path for path, _ in messages), "a drawing is no visitor"


def test_it_goes_when_the_drawing_goes() -> None:
    show, messages = told([*held("anger", 0, 4), *held(None, 4, 12)], Config())
    assert show.scene_state is not None
    assert EMOTIONS[int(show.scene_state.emotion.argmax())] == "neutral"
    assert [NONE, 0.0] in [args[1:] for path, args in messages if path.endswith("/event/depicted")]


def test_a_mood_by_hand_goes_before_it() -> None:
    config = Config.model_validate({"emotion": {"manual": {"enabled": True, "happy": 1.0}}})
    show, _ = told(held("anger"), config)
    assert show.scene_state is not None
    assert EMOTIONS[int(show.scene_state.emotion.argmax())] == "happy"


def test_without_emotions_nothing_of_it_is_left() -> None:
    config = Config.model_validate({"emotion": {"enabled": False}})
    show, messages = told(held("anger"), config)
    assert not any("depicted" in path for path, _ in messages)
    assert show.admitted(held("anger")[0]).depicted is None


def test_strength_0_leaves_the_scene_alone() -> None:
    config = Config.model_validate({"emotion": {"depicted_strength": 0.0}})
    show, messages = told(held("anger"), config)
    assert show.scene_state is not None
    assert EMOTIONS[int(show.scene_state.emotion.argmax())] == "neutral"
    assert any("depicted" in path for path, _ in messages), "it is told all the same"


def test_a_recording_has_it_to_the_last_bit() -> None:
    seen = held("fear")[0]
    again = observation_from_json(observation_to_json(seen))
    assert again.depicted is not None
    assert seen.depicted is not None
    assert again.depicted.tobytes() == seen.depicted.tobytes()
    assert observation_from_json(observation_to_json(held(None)[0])).depicted is None
    assert "depicted" not in observation_to_json(held(None)[0])


def test_visitors_stay_what_they_show() -> None:
    script = PerformerScript(3)
    seen = [script.observe(n / 15, n) for n in range(60)]
    plain, _ = told(seen, Config())
    drawn, _ = told([replace(one, depicted=depicts("anger")) for one in seen], Config())
    assert plain.states
    for one, other in zip(plain.states, drawn.states, strict=True):
        assert one.probabilities.tobytes() == other.probabilities.tobytes()
    assert plain.scene_state is not None
    assert drawn.scene_state is not None
    assert drawn.scene_state.emotion[EMOTIONS.index("angry")] > plain.scene_state.emotion[EMOTIONS.index("angry")] + 0.3
