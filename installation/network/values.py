"""What stands in a message, believed only once it was looked at; and the version that both sides must have."""

from __future__ import annotations

import hashlib
import math
from typing import Any

from installation.network.wire import WireError


class OtherVersionError(Exception):
    """The other machine speaks another version; says so in one sentence, which begins with who does."""

    def __init__(self, who: str, theirs: str, ours: str) -> None:
        said = f"speaks version {theirs[:40]} and this machine {ours}: install the same Mien on both"
        super().__init__(f"{who} {said}" if who else said)


def version_of(form: int, *agreed: object) -> str:
    """Another one wherever something of what both sides must agree about is another; ``form`` is raised by hand."""
    return f"{form}-{hashlib.blake2b(repr((form, *agreed)).encode(), digest_size=4).hexdigest()}"


def number(value: Any, below: float = math.inf) -> float:
    """A finite number, of a size below ``below``. Raises WireError, as all here."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WireError(f"{str(value)[:40]!r} is no number")
    try:
        found = float(value)
    except OverflowError:
        raise WireError("a number is too large") from None
    if not abs(found) < below:
        raise WireError("a number is not finite" if math.isinf(below) else f"{found:g} is too large")
    return found


def between(value: Any, low: float, high: float) -> float:
    """A number from ``low`` to ``high``."""
    found = number(value)
    if not low <= found <= high:
        raise WireError(f"{found:g} does not lie between {low:g} and {high:g}")
    return found


def whole(value: Any, below: float = math.inf) -> int:
    """A whole number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < below:
        raise WireError(f"{str(value)[:40]!r} is no whole number from 0 on")
    return value


def text(value: Any, most: int = 200) -> str:
    """A text of ``most`` letters at most."""
    if not isinstance(value, str) or len(value) > most:
        raise WireError(f"{str(value)[:40]!r} is no text")
    return value
