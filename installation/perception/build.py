"""Builds what runs inside the perception process: MediaPipe's networks, and our expression network on the face crops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installation.base.model_files import model_path
from installation.config.perception import PerceptionConfig
from installation.perception.depicted import DepictedNet
from installation.perception.expression import ExpressionNet, crop_face
from installation.perception.face_quality import face_quality
from installation.types import ByteArray, FloatArray

if TYPE_CHECKING:
    from installation.perception.perceiver import Perceiver


class ExpressionReader:
    """Our expression network on face crops, with the face's quality."""

    def __init__(self) -> None:
        self._net = ExpressionNet(model_path("expression"))
        self.providers = {"expression": self._net.providers[0]}

    def __call__(self, rgb: ByteArray, landmarks_px: FloatArray) -> tuple[FloatArray, float]:
        """(H, W, 3) uint8 and (478, 3) pixels -> probabilities (7,), quality [0, 1]."""
        return self._net.probabilities(crop_face(rgb, landmarks_px)), face_quality(rgb, landmarks_px)


def build_perceiver(config: PerceptionConfig, emotions: bool = True) -> Perceiver:
    """Load all networks; without ``emotions`` (``emotion.enabled``) none that reads an expression. Raises ModelError when a
    model file is missing or altered."""
    from installation.perception.perceiver import Perceiver

    if not emotions:
        return Perceiver(config, emotions=False)
    reader = ExpressionReader()
    if not config.drawings:
        return Perceiver(config, reader, reader.providers)
    drawn = DepictedNet(model_path("drawn"))
    providers = reader.providers | {"drawn": drawn.providers[0]}
    return Perceiver(config, reader, providers, drawn=drawn.read)
