"""Spout on Windows, by SpoutGL: a texture that programs on the same graphics card share."""

from __future__ import annotations

from typing import Any

from installation.config.sends import SendConfig
from installation.sends.way import Sent, WayError, library

GL_RGBA = 0x1908


class SpoutWay:
    """A sender that receivers find by its name. Pictures reach the library's own OpenGL context as pixels."""

    def __init__(self, config: SendConfig) -> None:
        self._config = config
        self._spout: Any = library("SpoutGL", "spout")
        self._sender: Any = None

    def open(self, size: tuple[int, int]) -> str:
        """See Way."""
        self._sender = self._spout.SpoutSender()
        if not self._sender.createOpenGL():
            raise WayError("Spout finds no OpenGL; is there a graphics driver?")
        self._sender.setSenderName(self._config.name)
        return f"Spout sender {self._config.name}, {size[0]}x{size[1]}"

    def send(self, sent: Sent) -> None:
        """See Way."""
        height, width = sent.rgba.shape[:2]
        if not self._sender.sendImage(sent.rgba.tobytes(), width, height, GL_RGBA, False, 0):
            raise WayError("Spout took no picture")
        self._sender.setFrameSync(self._config.name)

    def wait_for_somebody(self, seconds: float) -> bool:  # noqa: ARG002 - Spout does not say who looks
        """See Way."""
        return True

    def close(self) -> None:
        """See Way."""
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.releaseSender()
            sender.closeOpenGL()
