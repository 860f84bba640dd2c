"""What all ways out have in common, seen from within their process."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Protocol

from installation.base.files import TYPED
from installation.config.sends import SendConfig
from installation.types import ByteArray


class WayError(Exception):
    """Why nothing can be sent; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture to be sent: ``rgba`` (H, W, 4) uint8 sRGB, row 0 on top, alpha not multiplied in; drawn at ``t_s`` seconds."""

    rgba: ByteArray
    t_s: float


class Way(Protocol):
    """A library that takes pictures. What it raises, of whatever kind, closes it; it is made anew later."""

    def open(self, size: tuple[int, int]) -> str:
        """Get ready for pictures of ``size`` (width, height), both even; gives a few words for the log."""
        ...

    def send(self, sent: Sent) -> None:
        """Hand one picture on; returns when its memory may be written again."""
        ...

    def wait_for_somebody(self, seconds: float) -> bool:
        """Whether somebody takes pictures, waiting for it up to ``seconds``; True where that cannot be known."""
        ...

    def close(self) -> None:
        """Free everything."""
        ...


def library(name: str, extra: str) -> Any:
    """An optional package. Raises WayError that says how it is installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise WayError(f"needs {name} ({error}); install it with: {TYPED} setup --with {extra}") from error


def make_way(config: SendConfig) -> Way:
    """The way of a kind. Raises WayError where its package is missing, or the system is another one."""
    module, name = {
        "ndi": ("ndi", "NdiWay"),
        "spout": ("spout", "SpoutWay"),
        "syphon": ("syphon", "SyphonWay"),
        "camera": ("camera", "CameraWay"),
        "stream": ("stream", "StreamWay"),
    }[config.kind]
    way: Way = getattr(importlib.import_module(f"installation.sends.{module}"), name)(config)
    return way
