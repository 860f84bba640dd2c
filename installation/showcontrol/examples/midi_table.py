"""The table of what Mien plays over MIDI as shipped, for examples/live/README.md."""

from __future__ import annotations

from installation.config.lights import MidiConfig

_SIGNED = ("valence", "arousal")
_MOMENTS = {
    "arrived": "a visitor arrives",
    "left": "a visitor has faded out",
    "emotion": "a visitor's active emotion changes",
    "onset": "a visitor's motion sets in: a beat",
}


def table() -> str:
    """The controls and notes of ``midi`` without any setting, in Markdown."""
    config = MidiConfig()
    lines = ["| control change | channel | value | 0 to 127 is |", "|---|---|---|---|"]
    lines += [
        f"| {number} | {config.channel} | {name} | {'-1 to 1, 64 is 0' if name in _SIGNED else '0 to 1'} |"
        for name, number in config.controls.items()
    ]
    lines += ["", "| note | channel | velocity | length | when |", "|---|---|---|---|---|"]
    lines += [
        f"| {note.note} | {note.channel} | {note.velocity} | {note.length_s:g} s | {_MOMENTS[note.event]} |"
        for note in config.notes
    ]
    return "\n".join(lines)
