"""A recording gives back every bit, and a damaged one says where."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from installation.capture.simulated.performer import PerformerScript
from installation.config.emotion import BodyConfig, EmotionConfig, SmoothingConfig
from installation.config.poses import PosesConfig
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.smoothing import Smoother
from installation.record.recording import Event, Recorder, RecordingError, read_recording
from installation.types import Box, Observation, Person


def observation(seed: int) -> Observation:
    rng = np.random.default_rng(seed)
    person = Person(
        id=3,
        box=Box(0.1, 1 / 3, 0.7, 0.9),
        confidence=rng.random(),
        pose=rng.random((33, 4), np.float32),
        face=rng.random((478, 3), np.float32),
        face_box=Box(0.1, 0.2, 0.3, 0.4),
        blendshapes=rng.random(52, np.float32),
        expression=rng.random(7, np.float32),
        extent="bust",
    )
    return Observation(0.1 + 0.2, seed, (person,), (640, 360), 12.25)


@pytest.mark.parametrize("name", ["take.jsonl", "take.jsonl.gz"])
def test_every_bit_comes_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / name
    recorder = Recorder(path, {"seed": 7})
    recorder.write(Event("observation", 0.30000000000000004, observation(1)))
    recorder.write(Event("frame", 1 / 3))
    recorder.close()
    header, events = read_recording(path)
    first, second = events
    assert header["seed"] == 7
    assert second == Event("frame", 1 / 3)
    got, meant = first.value.people[0], observation(1).people[0]
    assert (first.t_s, first.value.t_s, first.value.frame_size) == (0.1 + 0.2, 0.1 + 0.2, (640, 360))
    assert (got.id, got.box, got.face_box, got.confidence) == (
        meant.id,
        meant.box,
        meant.face_box,
        meant.confidence,
    )
    assert got.extent == "bust"
    for field in ("pose", "face", "blendshapes", "expression"):
        assert np.array_equal(getattr(got, field), getattr(meant, field))
        assert getattr(got, field).dtype == np.float32
        assert not getattr(got, field).flags.writeable
    assert got.pose_world is None


def test_numpy_scalars_are_refused_because_they_would_not_replay_alike(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.jsonl", {})
    with pytest.raises(TypeError):
        recorder.write(Event("health", 0.0, {"fps": np.float32(3)}))
    recorder.close()


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"a": 1}\n')
    with pytest.raises(RecordingError, match="version 2 to 4"):
        read_recording(other)
    with pytest.raises(RecordingError, match="missing"):
        read_recording(tmp_path / "missing.jsonl")
    not_gzip = tmp_path / "plain.gz"
    not_gzip.write_text("{}")
    with pytest.raises(RecordingError, match=r"plain\.gz"):
        read_recording(not_gzip)


def test_a_damaged_line_is_named_after_the_good_ones_were_given(tmp_path: Path) -> None:
    path = tmp_path / "take.jsonl.gz"
    with gzip.open(path, "wt") as file:
        file.write('{"mien_recording":2}\n{"kind":"frame","t_s":1.0,"value":null}\n{"kind":"fra')
    _, events = read_recording(path)
    assert next(events).t_s == 1.0
    with pytest.raises(RecordingError, match=r"take\.jsonl\.gz:3"):
        next(events)


def test_smoothed_joints_are_the_same_in_a_replay(tmp_path: Path) -> None:
    script = PerformerScript(1)
    live = [script.observe(n / 20, n) for n in range(60, 120)]
    recorder = Recorder(tmp_path / "take.jsonl", {})
    for one in live:
        recorder.write(Event("observation", one.t_s, one))
    recorder.close()

    def joints(observations: Iterable[Observation]) -> list[bytes]:
        estimator = EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
        smoother, seen = Smoother(SmoothingConfig()), []
        for one in observations:
            for state in smoother.update(estimator.estimate(one), one.t_s):
                assert state.joints is not None
                seen.append(state.joints.tobytes())
        return seen

    replayed = joints(event.value for event in read_recording(tmp_path / "take.jsonl")[1])
    assert len(replayed) == 60
    assert replayed == joints(live)


def test_a_recording_from_before_extents_were_kept_is_read(tmp_path: Path) -> None:
    path = tmp_path / "take.jsonl"
    recorder = Recorder(path, {})
    recorder.write(Event("observation", 1.0, observation(1)))
    recorder.close()
    path.write_text(path.read_text().replace(',"extent":"bust"', ""))
    assert "extent" not in path.read_text()
    (event,) = read_recording(path)[1]
    assert event.value.people[0].extent == "whole"


def test_settings_in_a_recording_of_version_2_have_todays_names(tmp_path: Path) -> None:
    path = tmp_path / "take.jsonl"
    path.write_text(
        '{"mien_recording":2,"seed":1,"config":{"output":{"bloom":0.3}}}\n'
        '{"kind":"config","t_s":1.0,"value":{"textures":{"styles":"mine"}}}\n'
    )
    header, events = read_recording(path)
    assert header["config"] == {"output": {"glow": 0.5}}
    assert next(events).value == {"generation": {"styles_folder": "mine"}}


def test_a_switch_that_became_a_choice_is_read_from_any_recording(tmp_path: Path) -> None:
    path = tmp_path / "take.jsonl"
    told = {"notice": {"dwell_s": 1.0}}
    recorder = Recorder(path, {"config": {"output": {"hud": True}, **told}})
    recorder.write(Event("config", 1.0, {"output": {"hud": False}, **told}))
    recorder.close()
    header, events = read_recording(path)
    assert header["config"]["output"] == {"hud": "figures"}
    assert next(events).value["output"] == {"hud": "off"}


def test_settings_in_a_recording_of_today_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "take.jsonl"
    told = {"notice": {"dwell_s": 1.0}}
    recorder = Recorder(path, {"config": {"output": {"glow": 1.0}, **told}})
    recorder.write(Event("config", 1.0, {"output": {"glow": 2.0}, **told}))
    recorder.close()
    header, events = read_recording(path)
    assert header["config"] == {"output": {"glow": 1.0}, **told}
    assert next(events).value == {"output": {"glow": 2.0}, **told}
    events.close()  # type: ignore[attr-defined]
