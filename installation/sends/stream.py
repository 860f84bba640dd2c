"""Streams by PyAV: RTMP (FLV), SRT and UDP (MPEG-TS), and HLS as files that any web server hands on."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import Colorspace, VideoReformatter

from installation.base.files import PROJECT
from installation.base.secrets import hide
from installation.base.srt import SrtCaller
from installation.config.sends import SendConfig
from installation.sends.way import Sent, WayError

CLOCK_HZ = 90_000
"""MPEG's; times of pictures are those at which they were drawn."""
KEYFRAME_S = 2.0
"""Whoever tunes in waits for one; HLS begins its pieces with them."""
PATIENCE_S = 3.0
"""For a server to answer."""
_LIMITED, _BT709 = 1, 1
_HLS = {"hls_time": "2", "hls_list_size": "6", "hls_flags": "delete_segments+independent_segments"}


class StreamWay:
    """H.264 without sound, encoded for little delay."""

    def __init__(self, config: SendConfig) -> None:
        self._config = config
        self._container: Any = None
        self._stream: Any = None
        self._caller: SrtCaller | None = None
        self._frame: Any = None
        self._reformatter = VideoReformatter()
        self._start_s = 0.0
        self._last = -1

    def open(self, size: tuple[int, int]) -> str:
        """See Way."""
        try:
            self._container = self._opened()
            self._stream = self._encoder(size)
        except (OSError, av.FFmpegError, ValueError) as error:
            self.close()
            raise WayError(f"{hide(self._config.address)}: {hide(' '.join(str(error).split()))}") from error
        self._frame, self._last = av.VideoFrame(*size, "rgba"), -1
        return f"stream to {hide(self._config.address)}, {size[0]}x{size[1]}"

    def send(self, sent: Sent) -> None:
        """See Way."""
        height, width = sent.rgba.shape[:2]
        plane = self._frame.planes[0]
        np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)[:, : 4 * width] = sent.rgba.reshape(height, -1)
        frame = self._reformatter.reformat(
            self._frame,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range="JPEG",
            dst_color_range="MPEG",
            interpolation="FAST_BILINEAR",
        )
        if self._last < 0:
            self._start_s = sent.t_s
        self._last = max(round((sent.t_s - self._start_s) * CLOCK_HZ), self._last + 1)
        frame.pts, frame.time_base = self._last, self._stream.codec_context.time_base
        try:
            self._mux(frame)
        except (OSError, av.FFmpegError) as error:
            raise WayError(f"{hide(self._config.address)}: {hide(' '.join(str(error).split()))}") from error

    def wait_for_somebody(self, seconds: float) -> bool:  # noqa: ARG002 - whoever looks asks the server
        """See Way."""
        return True

    def close(self) -> None:
        """See Way."""
        container, stream, self._container, self._stream = self._container, self._stream, None, None
        caller, self._caller = self._caller, None
        if container is None:
            return
        # Whoever took it may be gone.
        if stream is not None:
            with contextlib.suppress(OSError, av.FFmpegError):
                container.mux(stream.encode(None))
        with contextlib.suppress(OSError, av.FFmpegError):
            container.close()
        if caller is not None:
            caller.close()

    def _opened(self) -> Any:
        address = self._config.address
        limit = str(round(PATIENCE_S * 1e6))
        if address.endswith(".m3u8") and "://" not in address:
            path = PROJECT / Path(address).expanduser()
            path.parent.mkdir(parents=True, exist_ok=True)
            return av.open(str(path), "w", format="hls", options=_HLS)
        if address.startswith("rtmp"):
            return av.open(
                address, "w", format="flv", options={"rw_timeout": limit, "flvflags": "no_duration_filesize"}
            )
        if address.startswith("http"):
            return av.open(address, "w", format="mpegts", options={"rw_timeout": limit, "method": "PUT"})
        if address.startswith("srt"):
            self._caller = SrtCaller(address)
            return av.open(self._caller, "w", format="mpegts", options={"flush_packets": "1"})
        return av.open(address, "w", format="mpegts")

    def _encoder(self, size: tuple[int, int]) -> Any:
        config = self._config
        rate = max(1, round(config.per_second))
        options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(round(KEYFRAME_S * rate))}
        # No second takes much more than another, or a live stream stutters.
        options |= {"maxrate": f"{config.kbit_per_second}k", "bufsize": f"{config.kbit_per_second // 2}k"}
        stream = self._container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        codec = stream.codec_context
        codec.thread_count = 1
        codec.bit_rate = 1000 * config.kbit_per_second
        codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
        codec.color_range = _LIMITED
        codec.time_base = Fraction(1, CLOCK_HZ)
        return stream

    def _mux(self, frame: Any) -> None:
        for packet in self._stream.encode(frame):
            self._container.mux(packet)
