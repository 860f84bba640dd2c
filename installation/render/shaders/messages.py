"""What a compiler says, as an artist needs it: errors first, each with the file and line it was written in."""

from __future__ import annotations

import re

from installation.render.shaders.sources import LINES_PER_FILE, ShaderText

MOST_ERRORS, MOST_WARNINGS, MOST_LETTERS = 30, 10, 240
# "0:12(5): error" (Mesa), "0(12) : error" (NVIDIA), "ERROR: 0:12:" (Apple, ANGLE)
_PLACE = re.compile(r"^(?:(ERROR|WARNING):\s*)?\d+(?::(\d+)(?:\(\d+\))?|\((\d+)\))\s*:")
_KIND = re.compile(r"\b(error|warning|note|info)\b", re.IGNORECASE)


def with_places(message: str, sources: list[ShaderText]) -> str:
    """A compiler's or linker's ``message`` on one line: all errors (30 at most), then the warnings (10).

    ``sources`` are the vertex shader's text and, where there is one, the fragment shader's.
    """
    source = sources[0] if "vertex_shader" in message.split("=", 1)[0] else sources[-1]
    errors, warnings = list[str](), list[str]()
    for line in (text.strip() for text in message.splitlines()):
        place, kind = _PLACE.match(line), _KIND.search(line)
        if place is None and kind is None:
            continue
        told = (_placed(place, line, source) if place is not None else f"{source.files[0].name}: {line}")[:MOST_LETTERS]
        is_error = kind is None or kind.group(1).lower() == "error"
        group = errors if is_error else warnings
        if told not in group:
            group.append(told)
    told_errors, told_warnings = _first(errors, MOST_ERRORS, "errors"), _first(warnings, MOST_WARNINGS, "warnings")
    return "; ".join([*told_errors, *told_warnings]) or message.strip()


def _placed(place: re.Match[str], line: str, source: ShaderText) -> str:
    file, number = divmod(int(place.group(2) or place.group(3)), LINES_PER_FILE)
    if file >= len(source.files):
        return line
    kind = f" {place.group(1).lower()}:" if place.group(1) else ""
    return f"{source.files[file].name}:{number}:{kind} {line[place.end() :].strip()}"


def _first(lines: list[str], most: int, what: str) -> list[str]:
    left = len(lines) - most
    return lines if left <= 0 else [*lines[:most], f"and {left} more {what}"]
