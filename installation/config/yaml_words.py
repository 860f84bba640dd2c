"""What keeps a text from being YAML, in the words of somebody who wrote it."""

from __future__ import annotations

import re

import yaml

OPEN_ENDED = ("quoted scalar", "flow sequence", "flow mapping")
"""What the parser was reading when it met something else: the mistake is where that began."""
NO_COLON = ("mapping values are not allowed here", "could not find expected ':'")
"""What the parser says one line below a colon without a space behind it."""
GLUED = re.compile(r"([A-Za-z_]\w*):([^\s/\\:][^#]*?)\s*(?:#.*)?$")
"""A name, its colon and its value with no space between; http:// and C:\\ are none."""
_HINTS = {
    "but found another document": "a file has one document: take out the line with --- and correct what comes twice",
    "expected escape sequence": "a \\ within double quotes begins an escape: write a path with / or in single quotes",
    "found unknown escape": "a \\ within double quotes begins an escape: write a path with / or in single quotes",
    "could not determine a constructor": "take the ! and what stands behind it out, or put the value in quotes",
}
"""How the parser's words begin, and what to do."""


def yaml_mistake(error: yaml.YAMLError, text: str, name: str) -> str:
    """What keeps a text from being YAML, with the line in which it begins."""
    if isinstance(error, yaml.reader.ReaderError):
        line = str(text)[: error.position].count("\n") + 1
        return f"{name}:{line}: not readable as YAML: there is a character that no text has ({error.character!r})"
    if not isinstance(error, yaml.MarkedYAMLError):
        return f"{name}: not readable as YAML: {' '.join(str(error).split())}"
    line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
    problem = str(error.problem or error.context)
    hint = next((hint for start, hint in _HINTS.items() if problem.startswith(start)), None)
    if hint is not None:
        return f"{name}:{line}: not readable as YAML: {problem}; {hint}"
    quote = _open_quote(text, line)
    if quote is not None:
        return f"{name}:{quote}: not readable as YAML: the quote that begins here has no end"
    bracket = _open_bracket(text) if "<stream end>" in problem else None
    if bracket is not None:
        hint = _colour_hint(text, line) or "; the bracket that begins here has no end"
        return f"{name}:{bracket}: not readable as YAML: {problem}{hint}"
    if error.context_mark is not None and str(error.context).endswith(OPEN_ENDED):
        kind = "bracket" if "flow" in str(error.context) else "quote"
        hint = _colour_hint(text, line) or f"; the {kind} that begins here has no end"
        return f"{name}:{error.context_mark.line + 1}: not readable as YAML: {problem}{hint}"
    glued = _glued(text, line) if problem in NO_COLON else None
    if glued is not None:
        return f"{name}:{glued[0]}: not readable as YAML: a space is missing behind the colon: {glued[1]}: {glued[2]}"
    hint = "; indent with spaces, not tabs" if "\\t" in problem else _colour_hint(text, line)
    if not hint and _is_indented_oddly(text, line):
        hint = "; this line is indented otherwise than those above it"
    return f"{name}:{line}: not readable as YAML: {problem}{hint}"


def missing_space(written: str) -> str | None:
    """What to say of "name:blossom"; None where it is something else."""
    found = GLUED.match(written)
    return f"a space is missing behind the colon: {found[1]}: {found[2]}" if found is not None else None


def _colour_hint(text: str, line: int) -> str:
    """A colour without quotes is a comment to YAML, and the brace after it is lost."""
    before = "\n".join(text.splitlines()[:line])
    found = re.search(r"[:,]\s*#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", before)
    return '; a colour stands in quotes: "#ff9420"' if found else ""


def _open_quote(text: str, line: int) -> int | None:
    """The first line up to ``line`` with a value that opens a quote and does not close it; None where there is none."""
    for number, one in enumerate(text.splitlines()[:line], 1):
        value = re.search(r"""(?:^|[:\-,\[{])\s*(["'])((?:(?!\1).)*)$""", one)
        if value is not None and not one.lstrip().startswith("#") and " #" not in one[: value.start(1)]:
            return number
    return None


def _open_bracket(text: str) -> int | None:
    """The line of the last bracket that is opened and never closed; None where there is none."""
    open_lines: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        for sign in re.sub(r"""(["'])(?:(?!\1).)*\1|(?:^|\s)#.*$""", "", line):
            if sign in "[{":
                open_lines.append(number)
            elif sign in "]}" and open_lines:
                open_lines.pop()
    return open_lines[-1] if open_lines else None


def _is_indented_oddly(text: str, line: int) -> bool:
    """Whether a line begins in a column in which none above it does."""
    lines = [one for one in text.splitlines()[:line] if one.strip() and not one.lstrip().startswith("#")]
    columns = [len(one) - len(one.lstrip(" ")) for one in lines]
    return len(columns) > 1 and columns[-1] > 0 and columns[-1] not in columns[:-1]


def _glued(text: str, line: int) -> tuple[int, str, str] | None:
    """(line, name, value) of a colon with no space behind it, in ``line`` or the ones right above it."""
    found = None
    lines = text.splitlines()[:line]
    for number, one in reversed(list(enumerate(lines, 1))):
        if not one.strip() or one.lstrip().startswith("#"):
            continue
        match = GLUED.match(one.strip().removeprefix("- "))
        if match is not None:
            found = (number, match[1], match[2])
        elif number != line:
            break
    return found
