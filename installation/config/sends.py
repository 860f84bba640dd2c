"""Ways that the picture takes to other programs: NDI, Spout, Syphon, a virtual camera, streams."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from installation.config.section import Section

SendKind = Literal["ndi", "spout", "syphon", "camera", "stream"]
_STREAM = re.compile(r"(?:srt|rtmps?|udp|https?)://\S+|[^:\s][^:]*\.m3u8")
WITH_ALPHA: tuple[SendKind, ...] = ("ndi", "spout", "syphon")


class SendConfig(Section):
    """One way out. Each has a size and a rate of its own, works beside the frame loop, and drops what it cannot keep up with.

    docs/output.md is its guide; a test keeps it complete.
    """

    kind: SendKind = Field(
        "ndi", description="ndi, spout (Windows), syphon (macOS), camera (a virtual camera) or stream (srt, rtmp, HLS)"
    )
    name: str = Field("Mien", pattern=r"^[\w][\w \-]{0,47}$", description="as others list it")
    address: str = Field(
        "",
        description="of a stream: srt://host:port, rtmp://host/app/key, a playlist's file such as hls/mien.m3u8; of a virtual "
        "camera its device, such as /dev/video2",
    )
    width: int = Field(0, ge=0, le=7680, description="width of what is sent; 0: as drawn, pixels")
    per_second: float = Field(30.0, ge=1, le=120, description="pictures a second, at most as many as are drawn")
    alpha: bool = Field(
        False, description="see-through where no shape is, to be laid over a camera (ndi, spout, syphon)"
    )
    kbit_per_second: int = Field(4000, ge=100, le=100000, description="of a stream, kilobits a second")

    @model_validator(mode="after")
    def _fits(self) -> SendConfig:
        if self.kind == "stream" and _STREAM.fullmatch(self.address) is None:
            raise PydanticCustomError(
                "send",
                "a stream has an address: srt://host:port, rtmp://host/app/key, udp://host:port, or a file: hls/mien.m3u8",
            )
        if self.kind not in ("stream", "camera") and self.address:
            raise PydanticCustomError("send", "an address is for streams and cameras; others are found by their name")
        if self.alpha and self.kind not in WITH_ALPHA:
            raise PydanticCustomError("send", f"alpha is for {', '.join(WITH_ALPHA)}; this kind has none")
        return self

    @property
    def stage(self) -> str:
        """Stage of its notices."""
        return f"send {self.kind} {self.name}"


def differently_named(sends: list[SendConfig]) -> list[SendConfig]:
    """Sends of which no two have the same kind and name."""
    names = [send.stage for send in sends]
    for name in names:
        if names.count(name) > 1:
            raise PydanticCustomError("sends", f"two sends are called {name.removeprefix('send ')}; give each a name")
    return sends
