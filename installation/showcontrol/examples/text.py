"""Texts that are partly generated."""

from __future__ import annotations


def with_block(text: str, markers: tuple[str, str], block: str) -> str:
    """``text`` with ``block`` as what stands between two lines. ValueError where they are not there, once and in order."""
    first, last = markers
    if text.count(first) != 1 or text.count(last) != 1 or text.index(first) > text.index(last):
        raise ValueError(f"needs the lines {first!r} and {last!r}, each once")
    head, tail = text[: text.index(first) + len(first)], text[text.index(last) :]
    return f"{head}\n{block.rstrip()}\n{tail}"
