"""A virtual camera, by pyvirtualcam: v4l2loopback on Linux, OBS's on Windows and macOS, Unity Capture on Windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from installation.config.sends import SendConfig
from installation.sends.way import Sent, WayError, library


class CameraWay:
    """A camera that any program may open: the device of ``address``, without one the first virtual camera there is."""

    def __init__(self, config: SendConfig) -> None:
        self._config = config
        self._library: Any = library("pyvirtualcam", "virtualcam")
        self._camera: Any = None

    def open(self, size: tuple[int, int]) -> str:
        """See Way."""
        width, height = size
        try:
            self._camera = self._library.Camera(
                width, height, self._config.per_second, device=self._config.address or None
            )
        except RuntimeError as error:
            raise WayError(
                f"no virtual camera ({' '.join(str(error).split())}); on Linux load v4l2loopback, elsewhere install OBS"
            ) from error
        return f"virtual camera {self._camera.device}"

    def send(self, sent: Sent) -> None:
        """See Way."""
        self._camera.send(np.ascontiguousarray(sent.rgba[:, :, :3]))

    def wait_for_somebody(self, seconds: float) -> bool:  # noqa: ARG002 - a camera's driver does not say who looks
        """See Way."""
        return True

    def close(self) -> None:
        """See Way."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()
