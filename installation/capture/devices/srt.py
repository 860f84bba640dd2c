"""A camera, an encoder or a program that sends MPEG-TS over SRT and listens: it is called, and decoded by PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, ClassVar

import numpy as np

from installation.base.secrets import hide, masked
from installation.base.srt import SrtCaller
from installation.capture.devices.media_time import stated_rate
from installation.capture.devices.source import BadPictureError, CaptureError, Kind, SourceInfo
from installation.config.capture import CaptureConfig
from installation.types import ByteArray

SCHEME = "srt://"
HINT = "does its sender listen, with this passphrase?"
FIRST_S = 3.0
"""For what comes first, however soon a silent stream is given up later."""
_LIMITS = {"probesize": "1000000", "analyzeduration": "1000000", "fflags": "nobuffer"}
"""FFmpeg otherwise listens for five seconds before it says what comes."""


class SrtSource:
    """``url``: see ``SrtCaller``; its name has *** for the passphrase. See ``Source``."""

    kind: ClassVar[Kind] = "stream"
    live = True

    def __init__(self, url: str, config: CaptureConfig) -> None:
        self.name = masked(url)
        self._url, self._config = url, config
        self._caller: SrtCaller | None = None
        self._container: Any = None
        self._pictures: Iterator[Any] = iter(())
        self._picture: Any = None

    def open(self) -> SourceInfo:
        """Call, and wait for what describes the pictures."""
        import av  # half a second to load, and not every source needs it

        self.close()
        try:
            self._caller = SrtCaller(self._url, FIRST_S)
            self._container = av.open(self._caller, format="mpegts", options=_LIMITS)
            stream = self._container.streams.video[0]
        except IndexError:
            self.close()
            raise CaptureError(f"{self.name} has no picture", "does it send video?") from None
        except (OSError, av.FFmpegError, ValueError) as error:
            self.close()
            raise CaptureError(f"{self.name} cannot be opened ({hide(' '.join(str(error).split()))})", HINT) from error
        # The reader of a stream that fell silent ends by itself at about the time when it is given up anyway.
        self._caller.wait_for(self._config.stall_s)
        stream.codec_context.thread_count = 1
        self._pictures = self._container.decode(stream)
        rate = stated_rate(float(stream.average_rate or 0))
        return SourceInfo(self.kind, self.name, stream.width or 0, stream.height or 0, rate)

    def rewind(self) -> None:
        """Only a file goes back."""
        raise CaptureError(f"{self.name} has no first picture to go back to")

    def grab(self) -> float | None:
        """Wait for the next picture; None where the other side hung up."""
        import av

        try:
            self._picture = next(self._pictures, None)
        except av.InvalidDataError as error:
            self._pictures = self._container.decode(video=0)
            raise BadPictureError(f"{self.name} gave a picture that cannot be decoded", HINT) from error
        except (OSError, av.FFmpegError) as error:
            raise CaptureError(f"{self.name}: {hide(' '.join(str(error).split()))}", HINT) from error
        return None if self._picture is None else 0.0

    def retrieve(self) -> ByteArray:
        """The grabbed picture as RGB."""
        return np.ascontiguousarray(self._picture.to_ndarray(format="rgb24"))

    def read(self) -> ByteArray | None:
        """The next picture."""
        return None if self.grab() is None else self.retrieve()

    def close(self) -> None:
        """Hang up."""
        container, caller = self._container, self._caller
        self._container, self._caller, self._pictures, self._picture = None, None, iter(()), None
        if container is not None:
            with suppress(OSError):
                container.close()
        if caller is not None:
            caller.close()
