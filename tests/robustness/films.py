"""Small films and pictures, made as a test wants them wrong."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from installation.capture.devices.video_file import VideoFileSource
from installation.config.capture import CaptureConfig

LEVELS = (30, 220)
"""Grey of a film's first and last picture; those between rise evenly."""


def film(
    path: Path,
    count: int = 30,
    rate: float = 30,
    size: tuple[int, int] = (64, 48),
    codec: str = "mpeg2video",
    container: str | None = None,
    begins_s: float = 0.0,
    stamps: Sequence[int] | None = None,
    matrix: Sequence[int] | None = None,
    pixels: str = "yuv420p",
    spoil: Sequence[int] = (),
) -> Path:
    """Write a film that becomes lighter, white in its left upper quarter. ``stamps`` in pictures; ``matrix`` (9,) is the
    display matrix; the packets ``spoil`` hold nothing but zeros."""
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=Fraction(rate).limit_denominator(1000))
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        if matrix is not None:
            stream.set_display_matrix(matrix)
        number = 0
        for level in (*np.linspace(*LEVELS, count), None):
            frame = None
            if level is not None:
                rgb = np.full((size[1], size[0], 3), round(float(level)), np.uint8)
                rgb[: size[1] // 2, : size[0] // 2] = 255
                frame = av.VideoFrame.from_ndarray(rgb, "rgb24")
                frame.pts = number if stamps is None else stamps[number]
                number += 1
            for packet in stream.encode(frame):
                out.mux(_changed(packet, begins_s, spoil))
    return path


def _changed(packet: av.Packet, begins_s: float, spoil: Sequence[int]) -> av.Packet:
    shift = round(begins_s / packet.time_base)
    place = round(packet.pts * packet.time_base * 30)
    if place in spoil:
        bad = av.Packet(bytes(packet.size))
        bad.pts, bad.dts, bad.time_base, bad.stream = packet.pts, packet.dts, packet.time_base, packet.stream
        packet = bad
    packet.pts += shift
    packet.dts += shift
    return packet


def joined(path: Path, *parts: Path) -> Path:
    """The bytes of ``parts`` one after the other, as ``cat`` does."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def times_of(path: Path) -> list[float]:
    """The media times of a film's pictures, once through."""
    source = VideoFileSource(path, CaptureConfig())
    source.open()
    try:
        return list(iter(source.grab, None))
    finally:
        source.close()
