"""Pictures to one video file: H.264 in MP4 or Matroska, readable also when the writing process was killed."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from installation.base.files import TYPED
from installation.types import ByteArray

SUFFIXES = (".mp4", ".mkv")
FRAGMENT_S = 1.0
"""What a killed process loses at most of what was encoded, besides the pictures that were still waiting."""
KEYFRAME_S = 2.0
_DARK = "aq-mode=3:deblock=1"
"""What ultrafast leaves out and dark glows need, or they fall into blocks: as good as superfast in half the encoding time."""
_BT709, _LIMITED = 1, 1  # numbers of ITU-T H.273
_OPTIONS = {
    # Written in fragments, each of them whole; a clean end turns the file into an ordinary MP4 that can be searched.
    ".mp4": {"movflags": "hybrid_fragmented", "frag_duration": str(round(FRAGMENT_S * 1e6)), "flush_packets": "1"},
    ".mkv": {"cluster_time_limit": str(round(FRAGMENT_S * 1000)), "flush_packets": "1"},
}


class VideoError(Exception):
    """A video cannot be written; the message says why and what to do."""


def rate_of(fps: float) -> Fraction:
    """Pictures a second as a fraction: 29.97 is television's 30000/1001."""
    television = Fraction(round(fps) * 1000, 1001)
    return television if abs(fps - television) < 0.002 else Fraction(fps).limit_denominator(1000)


def output_size(size: tuple[int, int], width: int) -> tuple[int, int]:
    """(width, height) of the video of pictures of ``size``, at most ``width`` wide (0: as they are).

    Both are even, as 4:2:0 colour needs; an odd picture loses its last column or lowest row.
    """
    across, down = size
    if 0 < width < across:
        across, down = width, round(down * width / across)
    return max(2, across & ~1), max(2, down & ~1)


class VideoEncoder:
    """One file. Used by one thread. Raises VideoError where PyAV, the encoder or the place is missing.

    ``size`` is that of the pictures (width, height), ``out_size`` that of the video. ``rate`` is in pictures a second;
    picture number n is shown at n / rate seconds. Colours: sRGB pictures become BT.709, limited range, and are
    marked so; the two share their primaries, and players take sRGB's curve for BT.709's.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], out_size: tuple[int, int], rate: Fraction, quality: int, threads: int
    ) -> None:
        try:
            import av
            from av.video.reformatter import Colorspace, VideoReformatter
        except ImportError as error:
            raise VideoError(f"videos need PyAV ({error}); run: {TYPED} setup") from error
        if path.suffix not in SUFFIXES:
            raise VideoError(f"{path.name}: a video's name ends in {' or '.join(SUFFIXES)}")
        self.bytes = 0
        self._size, self._out_size, self._av_error = size, out_size, av.FFmpegError
        try:
            self._container: Any = av.open(str(path), "w", options=_OPTIONS[path.suffix])
        except (OSError, av.FFmpegError) as error:
            raise VideoError(f"{path} cannot be written ({error})") from error
        try:
            self._stream = self._open_stream(rate, quality, threads)
        except (ValueError, av.FFmpegError) as error:
            self._abandon(path)
            raise VideoError(
                f"no H.264 encoder that can be used ({error}); PyAV as run.py setup installs it has libx264"
            ) from error
        self._frame = av.VideoFrame(*size, "rgba")
        self._reformatter, self._colorspace = VideoReformatter(), Colorspace.ITU709
        self._converted: Any = None

    def _open_stream(self, rate: Fraction, quality: int, threads: int) -> Any:
        # No frame waits for another: little memory, and what was encoded is in the file.
        options = {"preset": "ultrafast", "tune": "zerolatency", "crf": str(quality), "x264-params": _DARK}
        options["g"] = str(max(1, round(KEYFRAME_S * rate)))
        stream = self._container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height = self._out_size
        stream.pix_fmt = "yuv420p"
        codec = stream.codec_context
        codec.thread_count = threads
        codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
        codec.color_range = _LIMITED
        codec.time_base = 1 / rate
        codec.open()
        return stream

    def write(self, rgba: ByteArray, number: int) -> None:
        """Append a picture (H, W, 4) uint8 as OpenGL gives it: row 0 at the bottom. ``number`` must rise.

        Raises VideoError when the disk is full or gone.
        """
        width, height = self._size
        plane = self._frame.planes[0]
        rows = np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)[:, : 4 * width]
        rows[:] = rgba.reshape(height, 4 * width)[::-1]
        self._converted = self._reformatter.reformat(
            self._frame,
            *self._out_size,
            format="yuv420p",
            dst_colorspace=self._colorspace,
            src_color_range="JPEG",
            dst_color_range="MPEG",
            interpolation="AREA" if self._size != self._out_size else "FAST_BILINEAR",
        )
        self.repeat(number)

    def repeat(self, number: int) -> None:
        """Append the last picture once more as number ``number``. Raises VideoError as ``write`` does."""
        self._converted.pts = number
        self._converted.time_base = self._stream.codec_context.time_base
        try:
            self._mux(self._converted)
        except (OSError, self._av_error) as error:
            raise VideoError(f"the video cannot go on ({error}); what was written before can be played") from error

    def close(self) -> None:
        """Finish the file. Raises VideoError when that cannot be written; the file is closed all the same."""
        try:
            self._mux(None)
            self._container.close()
        except (OSError, self._av_error) as error:
            with contextlib.suppress(OSError, self._av_error):
                self._container.close()
            raise VideoError(f"the video's end cannot be written ({error}); the rest can be played") from error

    def _mux(self, frame: Any) -> None:
        for packet in self._stream.encode(frame):
            self.bytes += packet.size
            self._container.mux(packet)

    def _abandon(self, path: Path) -> None:
        with contextlib.suppress(OSError, self._av_error):
            self._container.close()
        with contextlib.suppress(OSError):
            if path.stat().st_size == 0:
                path.unlink()
