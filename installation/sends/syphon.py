"""Syphon on macOS, by syphon-python: a Metal texture that programs share."""

from __future__ import annotations

import threading
from typing import Any

from installation.config.sends import SendConfig
from installation.sends.way import Sent, library

_LOOK_S = 0.05


class SyphonWay:
    """A server that clients find by its name. Pictures are uploaded only while one is connected."""

    def __init__(self, config: SendConfig) -> None:
        self._config = config
        self._syphon: Any = library("syphon", "syphon")
        self._raw: Any = library("syphon.utils.raw", "syphon")
        self._server: Any = None
        self._texture: Any = None
        self._never = threading.Event()

    def open(self, size: tuple[int, int]) -> str:
        """See Way."""
        self._server = self._syphon.SyphonMetalServer(self._config.name)
        self._texture = self._raw.create_mtl_texture(self._server.device, *size)
        return f"Syphon server {self._config.name}"

    def send(self, sent: Sent) -> None:
        """See Way."""
        self._raw.copy_bytes_to_mtl_texture(sent.rgba.tobytes(), self._texture)
        # Metal counts rows from the top, as they come.
        self._server.publish_frame_texture(self._texture, is_flipped=True)

    def wait_for_somebody(self, seconds: float) -> bool:
        """See Way."""
        for _ in range(max(1, round(seconds / _LOOK_S))):
            if self._server.has_clients:
                return True
            self._never.wait(_LOOK_S)
        return False

    def close(self) -> None:
        """See Way."""
        server, self._server, self._texture = self._server, None, None
        if server is not None:
            server.stop()
