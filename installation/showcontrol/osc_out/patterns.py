"""Address patterns of OSC 1.0 (and the ``//`` of OSC 1.1): which addresses a receiver wants to hear.

The sending process, which must start fast and stay small, uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_SPECIAL = "?*[{/"


class PatternError(ValueError):
    """A text that is no address pattern; the message says where."""


@lru_cache(1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression of an OSC address pattern, for ``fullmatch``. Raises PatternError.

    OSC 1.0, "OSC Message Dispatching and Pattern Matching": ``?`` is any one character, ``*`` any number of them, ``[a-c]``
    one of these and ``[!a-c]`` one of the others, ``{sad,happy}`` one of these words; none of them matches a ``/``. OSC 1.1:
    ``//`` also leaps over any number of levels, as in ``//valence``.
    """
    if not pattern.startswith("/"):
        raise PatternError(f"{pattern!r} does not begin with /")
    out, at = "", 0
    while at < len(pattern):
        text, at = _token(pattern, at)
        out += text
    return re.compile(out)


def _token(pattern: str, at: int) -> tuple[str, int]:
    """(regular expression of what begins at ``at``, where the next begins)."""
    sign = pattern[at]
    if pattern.startswith("//", at):
        return "/(?:[^/]+/)*", at + 2
    if sign == "?":
        return "[^/]", at + 1
    if sign == "*":
        return "[^/]*", at + 1
    if sign == "[":
        return _characters(pattern, at)
    if sign == "{":
        return _words(pattern, at)
    if sign in "]}," or sign.isspace() or sign == "#":
        raise PatternError(f"{pattern!r}: a {sign!r} at {at + 1} that nothing opened")
    return re.escape(sign), at + 1


def _characters(pattern: str, at: int) -> tuple[str, int]:
    end = pattern.find("]", at)
    inside = pattern[at + 1 : end]
    if end < 0 or not inside.lstrip("!"):
        raise PatternError(f"{pattern!r}: [ at {at + 1} needs characters and a ]")
    negated, inside = inside.startswith("!"), inside.removeprefix("!")
    # A minus between two characters is a range, at either end itself; a range that runs backwards matches nothing.
    parts, position = [], 0
    while position < len(inside):
        if inside[position + 1 : position + 2] == "-" and position + 2 < len(inside):
            low, high = inside[position], inside[position + 2]
            if low <= high:
                parts.append(f"{re.escape(low)}-{re.escape(high)}")
            position += 3
        else:
            parts.append(re.escape(inside[position]))
            position += 1
    body = "".join(parts)
    if negated:
        return f"[^/{body}]", end + 1
    return (f"(?!/)[{body}]" if body else "(?!)"), end + 1


def _words(pattern: str, at: int) -> tuple[str, int]:
    end = pattern.find("}", at)
    if end < 0 or any(sign in pattern[at + 1 : end] for sign in _SPECIAL):
        raise PatternError(f"{pattern!r}: {{ at {at + 1} needs plain words between commas and a }}")
    words = "|".join(re.escape(word) for word in pattern[at + 1 : end].split(","))
    return f"(?:{words})", end + 1


class Selection:
    """Which addresses are wanted: those that one of ``patterns`` matches; without any pattern all ``usual`` ones."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        self._compiled = [compiled(pattern) for pattern in self.patterns]
        self._known: dict[str, bool] = {}

    def wants(self, address: str, usual: bool = True) -> bool:
        """Whether ``address`` is to be sent; ``usual`` is false for what is sent on request only."""
        if not self._compiled:
            return usual
        found = self._known.get(address)
        if found is None:
            found = any(pattern.fullmatch(address) for pattern in self._compiled)
            # Visitors' numbers rise for ever; forgetting all of them now and then keeps this small.
            if len(self._known) > 4096:
                self._known.clear()
            self._known[address] = found
        return found
