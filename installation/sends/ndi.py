"""NDI, by cyndilib, which brings the NDI library (Vizrt NDI AB; a licence of its own, see NOTICE.md)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from installation.config.sends import SendConfig
from installation.sends.way import Sent, WayError, library


class NdiWay:
    """A source that receivers find by its name. Pictures are encoded only while one is connected."""

    def __init__(self, config: SendConfig) -> None:
        self._config = config
        self._sender_module: Any = library("cyndilib.sender", "ndi")
        self._frame_module: Any = library("cyndilib.video_frame", "ndi")
        self._sound_module: Any = library("cyndilib.audio_frame", "ndi")
        self._fourcc: Any = library("cyndilib.wrapper.ndi_structs", "ndi").FourCC
        self._sender: Any = None

    def open(self, size: tuple[int, int]) -> str:
        """See Way."""
        frame = self._frame_module.VideoSendFrame()
        frame.set_resolution(*size)
        frame.set_fourcc(self._fourcc.RGBA if self._config.alpha else self._fourcc.RGBX)
        frame.set_frame_rate(Fraction(self._config.per_second).limit_denominator(1001))
        # Pictures are given when they are drawn: the library must not hold them back to a clock of its own.
        self._sender = self._sender_module.Sender(self._config.name, clock_video=False, clock_audio=False)
        self._sender.set_video_frame(frame)
        # No sound is ever sent. Without this, cyndilib 0.1.3 crashes where the library takes no sender.
        self._sender.set_audio_frame(self._sound_module.AudioSendFrame())
        try:
            self._sender.open()
        except MemoryError as error:
            self._sender = None
            name = self._config.name
            raise WayError(
                f"NDI takes no sender called {name!r}: does another program on this machine have it?"
            ) from error
        return f"NDI source {self._sender.name}"

    def send(self, sent: Sent) -> None:
        """See Way."""
        self._sender.write_video(sent.rgba.reshape(-1))

    def wait_for_somebody(self, seconds: float) -> bool:
        """See Way."""
        return bool(self._sender.get_num_connections(seconds) > 0)

    def close(self) -> None:
        """See Way."""
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.close()
