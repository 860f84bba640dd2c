"""PJLink class 1, as far as power goes: one question and its answer over a connection of its own.

Own code, as what there is fits worse than these lines: pypjlink2 (last release 2020) reads without any limit of time or
length, so that a projector that hangs takes the thread with it; aiopjlink (2022, and forks of it) wants an event loop and holds
the connection, which projectors close after 30 s. Only POWR is needed here.
Source: PJLink Class 1 specification 1.04, JBMIA 2013: sections 2 (form), 4.1 (POWR), 5.1 (password).
"""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Callable
from typing import Literal

from installation.config.hours import ProjectorConfig

Power = Literal["off", "on", "cooling", "warming"]
_STATES: dict[str, Power] = {"0": "off", "1": "on", "2": "cooling", "3": "warming"}
_ERRORS = {
    "ERR1": "it knows no POWR command; is that a PJLink projector?",
    "ERR2": "it refuses the parameter",
    "ERR4": "it reports a failure of its own; look at its lamp and its filter",
}
MOST_BYTES = 256
"""Of an answer: 136 by the specification."""
CONNECT_S, ANSWER_S = 4.0, 6.0
"""To connect, and for greeting and answer together: projectors may take two seconds."""


class PjlinkError(OSError):
    """No answer, one that is none, or a refusal; the message says what to look at."""


class BusyError(PjlinkError):
    """ERR3: not now, as the projector warms up or cools down."""


def power_of(projector: ProjectorConfig, now: Callable[[], float]) -> Power:
    """The state of the lamp. Takes CONNECT_S + ANSWER_S at most. Raises PjlinkError."""
    answer = _exchange(projector, "?", now)
    if answer not in _STATES:
        raise PjlinkError(f"it answers {answer[:20]!r} when asked for its power")
    return _STATES[answer]


def set_power(projector: ProjectorConfig, on: bool, now: Callable[[], float]) -> None:
    """Switch it on or off; it answers at once and takes its time. Raises PjlinkError, BusyError while it cannot."""
    answer = _exchange(projector, "1" if on else "0", now)
    if answer.upper() != "OK":
        raise PjlinkError(f"it answers {answer[:20]!r} when told to go {'on' if on else 'off'}")


def _exchange(projector: ProjectorConfig, parameter: str, now: Callable[[], float]) -> str:
    """The answer's parameter."""
    try:
        with socket.create_connection((projector.host, projector.port), CONNECT_S) as wire:
            until_s = now() + ANSWER_S
            key = _key(_line(wire, until_s, now), projector.password)
            wire.sendall(f"{key}%1POWR {parameter}\r".encode("ascii"))
            answer = _line(wire, until_s, now)
    except TimeoutError as error:
        raise PjlinkError("it does not answer; is it connected, and is its network on in standby?") from error
    except UnicodeError as error:
        raise PjlinkError(f"{projector.host} is no name of a host") from error
    if answer.upper() == "PJLINK ERRA":
        raise PjlinkError("it refuses the password")
    found = re.fullmatch(r"%1POWR=(.*)", answer, re.IGNORECASE)
    if found is None:
        raise PjlinkError(f"it answers {answer[:20]!r}, which is no PJLink")
    parameter = found[1].upper()
    if parameter == "ERR3":
        raise BusyError("it warms up or cools down")
    if parameter in _ERRORS:
        raise PjlinkError(_ERRORS[parameter])
    return found[1]


def _key(greeting: str, password: str) -> str:
    """What stands before the first command: nothing, or the digest by which the projector knows the password."""
    words = greeting.split()
    if greeting.upper() == "PJLINK ERRA":
        raise PjlinkError("it refuses the password")
    if len(words) < 2 or words[0].upper() != "PJLINK" or words[1] not in ("0", "1"):
        raise PjlinkError(f"it greets with {greeting[:20]!r}, which is no PJLink")
    if words[1] == "0":
        return ""
    if not password:
        raise PjlinkError("it asks for a password; write it into hours.projectors")
    if len(words) != 3:
        raise PjlinkError("it asks for a password without a random number")
    # MD5 is what the protocol has; it guards nothing against who listens on the wire.
    return hashlib.md5((words[2] + password).encode("utf-8"), usedforsecurity=False).hexdigest()


def _line(wire: socket.socket, until_s: float, now: Callable[[], float]) -> str:
    """What comes up to a carriage return. TimeoutError when it takes too long, however slowly it comes."""
    data = b""
    while not data.endswith(b"\r"):
        left_s = until_s - now()
        if left_s <= 0:
            raise TimeoutError
        wire.settimeout(left_s)
        # A byte at a time: nothing may be taken that belongs to the next line, and there are a dozen.
        more = wire.recv(1)
        if not more:
            raise PjlinkError("it hung up in the middle of an answer" if data else "it hung up without an answer")
        data += more
        if len(data) > MOST_BYTES:
            raise PjlinkError("it sends more than PJLink has")
    return data[:-1].decode("ascii", "replace").strip()
