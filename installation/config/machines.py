"""Where machines of one piece find each other: HOST:PORT in the settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from installation.base.host_port import ANYWHERE, place_of

PORTS = 2
"""The port that is named, where is told what there is, and the next one, where questions are answered."""


def _checked(text: str) -> str:
    if text:
        try:
            place_of(text, PORTS)
        except ValueError as error:
            raise PydanticCustomError("place", "{why}", {"why": str(error)}) from None
    return text


def _asked(text: str) -> str:
    if text and place_of(_checked(text), PORTS).host == ANYWHERE:
        raise PydanticCustomError("place", "the other machine's name or address is meant, such as 192.168.1.10:5570")
    return text


TellsAt = Annotated[str, AfterValidator(_checked)]
"""Where this machine listens; empty: nowhere."""
HearsAt = Annotated[str, AfterValidator(_asked)]
"""Where another machine listens; empty: none."""
