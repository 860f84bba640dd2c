"""The one table of OSC addresses: what is sent is checked against it, and docs/osc.md is generated from it.

python -m installation.showcontrol.addresses --write
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

from installation.types import EMOTIONS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "osc.md"

Argument = int | float | str
Message = tuple[str, list[Argument]]
"""(address below the prefix, arguments)."""


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument: ``tag`` is i, f or s; numbers lie in [low, high]."""

    name: str
    tag: str
    low: float = 0.0
    high: float = 0.0
    unit: str = ""

    def fit(self, value: Argument) -> Argument:
        """``value`` as a plain Python number or text, clamped to the range. ValueError when not finite."""
        if self.tag == "s":
            return str(value)[:200]
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{self.name} must be finite")
        number = min(max(number, self.low), self.high)
        return int(number) if self.tag == "i" else number


@dataclass(frozen=True, slots=True)
class Address:
    """One address pattern below the prefix; ``{id}`` stands for a visitor's number. ``when`` it is sent, ``meaning``."""

    path: str
    args: tuple[Arg, ...]
    when: str
    meaning: str

    @property
    def tags(self) -> str:
        """OSC type tags, such as "fff"."""
        return "".join(arg.tag for arg in self.args)


_MANY = 2**31 - 1
_FRAME, _SECOND, _EVENT = "every processed frame", "once a second", "when it happens, three times"
_UNIT = (0.0, 1.0)
_BOTH = (-1.0, 1.0)
_SEVEN = tuple(Arg(name, "f", *_UNIT) for name in EMOTIONS)
_SEQ = Arg("number", "i", 0, _MANY)


def _one(name: str, low: float, high: float, unit: str = "") -> tuple[Arg, ...]:
    return (Arg(name, "f", low, high, unit),)


TABLE: tuple[Address, ...] = (
    Address(
        "/frame", (_SEQ, Arg("t", "f", 0, 1e9, "s")), _FRAME, "number of the camera picture; seconds since the start"
    ),
    Address("/people", (Arg("count", "i", 0, 64),), _FRAME, "how many visitors there are"),
    Address(
        "/person/{id}/position",
        (Arg("x", "f", *_UNIT), Arg("y", "f", *_UNIT), Arg("size", "f", *_UNIT)),
        _FRAME,
        "middle of the visitor in the mirrored picture, origin top left; height as a share of the picture's",
    ),
    Address("/person/{id}/presence", _one("presence", *_UNIT), _FRAME, "fades in on arrival and out on departure"),
    Address("/person/{id}/label", (Arg("emotion", "s"),), _FRAME, "the active emotion: " + ", ".join(EMOTIONS)),
    Address("/person/{id}/emotions", _SEVEN, _FRAME, "probabilities; they sum to 1"),
    Address("/person/{id}/valence", _one("valence", *_BOTH), _FRAME, "unpleasant to pleasant"),
    Address("/person/{id}/arousal", _one("arousal", *_BOTH), _FRAME, "calm to excited"),
    Address("/person/{id}/confidence", _one("confidence", *_UNIT), _FRAME, "how far the estimate can be trusted"),
    Address("/person/{id}/energy", _one("energy", *_UNIT), _FRAME, "motion of head, hands and elbows"),
    Address("/person/{id}/openness", _one("openness", *_UNIT), _FRAME, "closed to wide-open posture"),
    Address("/emotions", _SEVEN, _FRAME, "the blend that drives the scene; they sum to 1"),
    Address("/valence", _one("valence", *_BOTH), _FRAME, "of the scene"),
    Address("/arousal", _one("arousal", *_BOTH), _FRAME, "of the scene"),
    Address("/presence", _one("presence", *_UNIT), _FRAME, "of anybody"),
    Address(
        "/state",
        (Arg("state", "s"), Arg("reason", "s")),
        _FRAME,
        "attract (nobody there), active or degraded; the reason names what is wrong, else it is empty",
    ),
    Address("/people/ids", (), _FRAME, "last in the bundle: the numbers of all visitors, one integer each"),
    Address(
        "/health",
        (
            Arg("frames", "f", 0, 1000, "1/s"),
            Arg("perception", "f", 0, 1000, "1/s"),
            Arg("textures", "f", 0, 1000, "1/s"),
            Arg("faults", "i", 0, _MANY),
            Arg("fallbacks", "i", 0, _MANY),
            Arg("memory", "f", 0, 1e7, "MB"),
        ),
        _SECOND,
        "pictures drawn, frames perceived and textures received a second; what is wrong now; memory",
    ),
    Address("/fallback", (Arg("stage", "s"), Arg("message", "s")), _SECOND, "one for each substitute that runs now"),
    Address("/fault", (Arg("stage", "s"), Arg("message", "s")), _SECOND, "one for each thing that is broken now"),
    Address("/event/arrived", (_SEQ, Arg("id", "i", 0, _MANY)), _EVENT, "a visitor came"),
    Address("/event/left", (_SEQ, Arg("id", "i", 0, _MANY)), _EVENT, "a visitor has faded out"),
    Address(
        "/event/emotion",
        (_SEQ, Arg("id", "i", 0, _MANY), Arg("emotion", "s")),
        _EVENT,
        "a visitor's active emotion changed",
    ),
    Address("/event/scene", (_SEQ, Arg("scene", "s")), _EVENT, "another scene was chosen"),
    Address("/event/clear", (_SEQ,), _EVENT, "the picture comes to rest and then comes back"),
    Address("/event/snapshot", (_SEQ, Arg("file", "s")), _EVENT, "a screenshot was stored; the file's name"),
    Address(
        "/event/video",
        (_SEQ, Arg("file", "s"), Arg("on", "i", 0, 1)),
        _EVENT,
        "a video began (1) or ended (0); the file's name",
    ),
    Address(
        "/event/command",
        (_SEQ, Arg("command", "s"), Arg("pose", "s"), Arg("id", "i", 0, _MANY)),
        _EVENT,
        "a visitor held a pose or gesture that has a command: which command, by which pose, who",
    ),
    Address(
        "/event/recorded",
        (_SEQ, Arg("label", "s"), Arg("rows", "i", 0, _MANY)),
        _EVENT,
        "a take of a pose was recorded: its label and how many rows",
    ),
    Address(
        "/event/texture_done",
        (
            _SEQ,
            Arg("source", "s"),
            Arg("way", "s"),
            Arg("size", "i", 0, 65536, "pixels"),
            Arg("compute", "f", 0, 1e6, "ms"),
        ),
        _EVENT,
        "a picture was generated: by which model, how (such as 64>256 px: small, then enlarged), its side, what it took",
    ),
    Address("/event/source", (_SEQ, Arg("source", "s")), _EVENT, "the piece began to look at this source"),
)

INCOMING: dict[str, Address] = {
    address.path: address
    for address in (
        Address("/next_scene", (), "", "cross-fade to the next scene"),
        Address(
            "/scene", (Arg("name", "s"),), "", "cross-fade to this scene (docs/scenes.md); without a name, to the next"
        ),
        Address("/snapshot", (), "", "store a screenshot in captures/"),
        Address(
            "/video",
            (Arg("on", "i", 0, 1),),
            "",
            "1 begins a video in captures/, 0 ends it; without a number whichever it is the turn of",
        ),
        Address("/clear", (), "", "let the picture come to rest and then come back"),
        Address(
            "/record",
            (Arg("label", "s"),),
            "",
            "record a take of this pose after the countdown; without a label, of `poses.record_label`",
        ),
        Address(
            "/texture_model",
            (Arg("name", "s"),),
            "",
            "go on with this generator of models/, such as texture; without a name, with the next one",
        ),
        Address(
            "/test_pattern",
            (Arg("pattern", "s"),),
            "",
            "show none, grid, ramp or colour instead of the piece; without a name, the next of them",
        ),
    )
}
"""What may be sent to the piece."""

_BY_PATH = {address.path: address for address in TABLE}


def address_of(path: str) -> Address:
    """The table's row for an address such as "/person/3/valence". KeyError when there is none."""
    parts = path.split("/")
    if len(parts) > 3 and parts[1] == "person":
        parts[2] = "{id}"
    return _BY_PATH["/".join(parts)]


def fit(path: str, args: list[Argument]) -> list[Argument]:
    """``args`` as the table wants them: plain types, in range. ValueError for a wrong number of them or a NaN."""
    address = address_of(path)
    if path == "/people/ids":
        return [int(value) for value in args]
    if len(args) != len(address.args):
        raise ValueError(f"{path} takes {len(address.args)} arguments, not {len(args)}")
    return [arg.fit(value) for arg, value in zip(address.args, args, strict=True)]


def _range(arg: Arg) -> str:
    if arg.tag == "s":
        return f"{arg.name} (s)"
    low, high = (f"{value:g}" if abs(value) < 1e6 else "many" for value in (arg.low, arg.high))
    return f"{arg.name} ({arg.tag}) {low} to {high}{' ' + arg.unit if arg.unit else ''}"


def document() -> str:
    """The text of docs/osc.md."""
    rows = [
        f"| `{a.path}` | `{a.tags or 'i...'}` | {', '.join(_range(arg) for arg in a.args) or 'any number of ids'} "
        f"| {a.when} | {a.meaning} |"
        for a in TABLE
    ]
    incoming = [
        f"| `{a.path}` | `{a.tags}` | {', '.join(arg.name for arg in a.args) or 'none'} | {a.meaning} |"
        for a in INCOMING.values()
    ]
    return _HEAD + "\n".join(rows) + "\n" + _INCOMING + "\n".join(incoming) + "\n" + _TAIL


_HEAD = """<!-- Generated from installation/showcontrol/addresses.py; change that, then run
python -m installation.showcontrol.addresses --write -->
# OSC reference

Mien sends one OSC bundle with an immediate time tag for each processed camera frame to every receiver under `osc.targets`
in config.yaml, over UDP. Every address starts with `osc.prefix` (`/mien`). Types are `i`, `f` and `s` only; floats never
leave the range given here and are never NaN. A bundle above 1,432 bytes is split; `/people/ids` is always the very last
message, so that a visitor who is not in it is gone, also when a packet was lost. Events carry a number that rises by one
with each event and are sent in three bundles in a row: take each number once.

| address | types | arguments | sent | meaning |
|---|---|---|---|---|
"""

_INCOMING = """
## Commands to the piece

Mien listens on `osc.listen_host`, `osc.listen_port` (9100; 0 turns it off), under the same prefix. As shipped it hears this
machine only: set `listen_host` to `0.0.0.0` to hear the network. A number sent along with an address that takes none (desks
do so with every button) does no harm; anything else that is not in the table is told on the screen and not used.

| address | types | arguments | meaning |
|---|---|---|---|
"""

_TAIL = """
## Listening

On the command line (Debian: `liblo-tools`): `oscdump -L 9101`; and to say something: `oscsend localhost 9100 /mien/snapshot`

Pure Data:

```
[netreceive -u -b 9101]
|
[oscparse]
|
[list trim]
|
[route mien]
|
[route valence arousal]
```

SuperCollider:

```
thisProcess.openUDPPort(9101);
OSCdef(\\valence, { |msg| msg[1].postln }, '/mien/valence');
```
"""


def main(argv: list[str] | None = None) -> int:
    """Print docs/osc.md, or write it with --write."""
    parser = argparse.ArgumentParser(description="The OSC reference, generated from the address table.")
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name} instead of printing")
    if parser.parse_args(argv).write:
        DOCUMENT.write_text(document(), encoding="utf-8")
    else:
        print(document(), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
