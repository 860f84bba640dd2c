"""Which networks are loaded where emotions are not read. The networks themselves are stand-ins."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.base.unread import PLACE_POINTS
from installation.config.perception import PerceptionConfig
from installation.perception import build, expression, faces, landmarkers
from installation.perception.eyes import CameraEyes
from installation.perception.turns import Budget
from installation.types import FACE_LANDMARKS


class Task:
    """In the place of MediaPipe's face landmarker: knows what it was asked for."""

    options: list[Any] = []  # noqa: RUF012

    @classmethod
    def create_from_options(cls, options: Any) -> "Task":
        cls.options.append(options)
        return cls()

    def detect(self, _: Any) -> Any:
        rng = np.random.default_rng(1)
        points = [SimpleNamespace(x=x, y=y, z=z) for x, y, z in rng.uniform(0.3, 0.7, (FACE_LANDMARKS, 3))]
        return SimpleNamespace(face_landmarks=[points], face_blendshapes=[])

    def close(self) -> None: ...


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is loaded, by the names of models/manifest.yaml."""
    loaded: list[str] = []

    def path_of(name: str) -> str:
        loaded.append(name)
        raise FileNotFoundError(name)

    monkeypatch.setattr(build, "model_path", path_of)
    monkeypatch.setattr("installation.perception.perceiver.Perceiver", lambda *args, **more: (args, more))
    return loaded


def test_without_emotions_the_expression_network_is_never_loaded(networks: list[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(expression.ExpressionNet, "__init__", lambda *_: pytest.fail("it is loaded"))
    args, more = build.build_perceiver(PerceptionConfig(), False)
    assert networks == []
    assert args == (PerceptionConfig(),), "no reader of expressions, no provider"
    assert more == {"emotions": False}


def test_with_emotions_it_is_loaded(networks: list[str]) -> None:
    with pytest.raises(FileNotFoundError):
        build.build_perceiver(PerceptionConfig())
    assert networks == ["expression"]


@pytest.mark.parametrize("emotions", [True, False])
def test_the_camera_builds_its_perception_as_it_is_told(emotions: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Process:
        def __init__(self, make: Any, *_: object) -> None:
            self.observations = self.silhouettes = Latest("nothing")
            made.append(make)

        def start(self) -> None: ...

    monkeypatch.setattr("installation.perception.eyes.PerceptionProcess", Process)
    source: Any = SimpleNamespace(frames=Latest("frames"))
    CameraEyes("camera", source, PerceptionConfig(), Notices(ManualClock()), emotions)
    assert made[0].func is build.build_perceiver
    assert made[0].args == (PerceptionConfig(), emotions)


def test_of_a_face_only_its_place_leaves_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landmarkers.vision, "FaceLandmarker", Task)
    monkeypatch.setattr(landmarkers, "_model", lambda name: landmarkers.BaseOptions(model_asset_buffer=b"none"))
    monkeypatch.setattr(Task, "options", [])
    taken: list[Any] = []
    track = SimpleNamespace(id=1, face=None, pose=None, detected_s=0.0, move=lambda *_: None)
    tracks: Any = SimpleNamespace(all=[], twin=lambda *_: None, begin=lambda *_: track)
    reader = faces.FaceReader(PerceptionConfig(), tracks, Budget(1000.0, lambda: 0.0), None, emotions=False)
    picture = np.zeros((400, 400, 3), np.uint8)
    reader.look_round(1.0, picture, picture)
    taken.append(track.face)
    assert [options.output_face_blendshapes for options in Task.options] == [False]
    face = taken[0]
    assert (face.blendshapes, face.expression, face.quality) == (None, None, 0.0)
    assert len(np.unique(face.landmarks, axis=0)) == len(PLACE_POINTS) + 1


@pytest.mark.parametrize(("emotions", "due"), [(True, True), (False, False)])
def test_a_face_whose_body_is_seen_is_read_less_often_for_its_place(
    emotions: bool, due: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "FaceFinder", lambda *_, **__: None)
    body = SimpleNamespace(id=1, face=object(), pose=object(), face_tried_s=1.0)
    tracks: Any = SimpleNamespace(all=[body])
    reader = faces.FaceReader(PerceptionConfig(), tracks, Budget(1000.0, lambda: 0.0), None, emotions)
    assert reader.any_due(1.1) == due
    assert reader.any_due(1.2)
    body.pose = None
    assert reader.any_due(1.1), "a lone face is all there is of somebody"
