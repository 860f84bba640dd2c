"""A Pure Data patch that sends what Mien tells to the addresses of another program. Plain Pure Data 0.53, no externals.

The file's form is Pd's own: objects are numbered in the order of their lines, connections name them by number.
"""

from __future__ import annotations

from installation.showcontrol.examples.routes import Bridge, Route

SILENCE_MS = 3000
"""After this long without a word Mien counts as gone: docs/reference/osc.md."""
PRESS_MS = 100
"""How long a button is held."""
_WIDTH = 1300
_ONCE = (
    "#N canvas 60 60 420 330 once 0;",
    "#X text 20 10 Each number once \\, though it comes three times and beside others: only what is greater than all before"
    " counts., f 48;",
    "#X obj 20 60 inlet;",
    "#X obj 20 90 t f f;",
    "#X obj 180 120 >;",
    "#X obj 20 160 spigot;",
    "#X obj 20 190 t b f;",
    "#X obj 20 280 outlet;",
    "#X obj 240 60 r mien-forget;",
    "#X msg 240 90 0;",
    *(f"#X connect {line};" for line in ("1 0 2 0", "2 0 4 0", "2 1 3 0", "3 0 4 1", "4 0 5 0", "5 0 6 0", "5 1 3 1")),
    *(f"#X connect {line};" for line in ("7 0 8 0", "8 0 3 1")),
)
End = tuple[int, int]
"""An object's number and one of its outlets."""


class Patch:
    """A patch in the making: objects, and the connections between them."""

    def __init__(self) -> None:
        self._lines = [f"#N canvas 40 40 {_WIDTH} 620 12;"]
        self._connections: list[str] = []
        self._count = 0

    def add(self, x: int, y: int, line: str, *sources: End, kind: str = "obj", inlet: int = 0) -> int:
        """An object, connected to ``sources``; its number."""
        return self._next(f"#X {kind} {x} {y} {line};", sources, inlet)

    def message(self, x: int, y: int, line: str, *sources: End) -> int:
        """A message box; its number."""
        return self.add(x, y, line, *sources, kind="msg")

    def text(self, x: int, y: int, words: str, width: int = 44) -> None:
        """A comment, ``width`` letters wide."""
        words = words.replace(",", " \\,")
        self.add(x, y, f"{words}, f {width}", kind="text")

    def once(self, x: int, y: int, source: End) -> int:
        """A subpatch that gives a bang for each number that is greater than all before; its number."""
        return self._next("\n".join((*_ONCE, f"#X restore {x} {y} pd once;")), (source,), 0)

    def __str__(self) -> str:
        return "\n".join((*self._lines, *self._connections)) + "\n"

    def _next(self, line: str, sources: tuple[End, ...], inlet: int) -> int:
        self._lines.append(line)
        self._connections += [f"#X connect {source} {outlet} {self._count} {inlet};" for source, outlet in sources]
        self._count += 1
        return self._count - 1


def patch(bridge: Bridge) -> str:
    """The patch of these routes, as text."""
    made = Patch()
    made.text(20, 12, f"Mien to {bridge.program}: Mien sends to port {bridge.listen} (osc.targets), this sends on.", 90)
    words = _receiver(made, bridge.listen)
    heads = [*dict.fromkeys(_parts(route)[0] for route in bridge.routes), "state"]
    split = made.add(20, 262, f"route {' '.join(heads)}", (made.add(20, 237, "route mien", (words, 0)), 0))
    ended = made.add(_WIDTH - 220, 200, "route ended", (split, heads.index("state")))
    made.add(_WIDTH - 220, 225, "s mien-forget", (ended, 0))
    told = [told for route in bridge.routes for told in _branch(made, bridge, route, split, heads)]
    told += _silence(made, words, bridge)
    _sender(made, bridge, [(number, 0) for number in told])
    return str(made)


def _parts(route: Route) -> list[str]:
    return route.source.strip("/").split("/")


def _receiver(made: Patch, port: int) -> int:
    other = made.add(20, 60, "r mien-port")
    listen = made.message(20, 85, "listen \\$1", (other, 0))
    made.text(120, 60, "another port: send it to mien-port")
    receive = made.add(20, 115, f"netreceive -u -b {port}", (listen, 0))
    return made.add(20, 165, "list trim", (made.add(20, 140, "oscparse", (receive, 0)), 0))


def _branch(made: Patch, bridge: Bridge, route: Route, split: int, heads: list[str]) -> list[int]:
    """The way of one route below the first [route]; what is to be sent."""
    x = 20 + (_WIDTH - 40) // len(bridge.routes) * bridge.routes.index(route)
    head, *rest = _parts(route)
    source: End = (split, heads.index(head))
    for level, part in enumerate(rest):
        source = made.add(x, 285 + 25 * level, f"route {part}", source), 0
    source = made.add(x, 335, f"unpack{' f' * (1 + route.index)}", source), route.index
    if route.is_press:
        both = made.add(x, 390, "t b b", (made.once(x, 362, source), 0))
        later = made.add(x + 60, 415, f"del {PRESS_MS}", (both, 1))
        on, off = made.message(x, 440, "1", (both, 0)), made.message(x + 60, 440, "0", (later, 0))
        source = made.add(x, 465, "f", (on, 0), (off, 0)), 0
    # One below the other where they would lie over each other.
    return [made.add(x, 490 + 22 * (bridge.routes.index(route) % 4), _format(route), source)]


def _format(route: Route) -> str:
    return f"oscformat {'-f i ' if route.is_press else ''}{route.target.strip('/').replace('/', ' ')}"


def _silence(made: Patch, words: int, bridge: Bridge) -> list[int]:
    """What a silence brings: presence 0, and numbers are counted anew; what is to be sent."""
    wait = made.add(420, 165, f"del {SILENCE_MS}", (made.add(420, 140, "t b", (words, 0)), 0))
    both = made.add(420, 190, "t b b", (wait, 0))
    made.text(520, 165, "three seconds without a word: nobody is there, and events count anew", 70)
    made.add(520, 215, "s mien-forget", (both, 1))
    zero = made.message(420, 215, "0", (both, 0))
    return [made.add(420, 240, _format(route), (zero, 0)) for route in bridge.routes if route.argument == "presence"]


def _sender(made: Patch, bridge: Bridge, told: list[End]) -> None:
    here = made.message(420, 85, f"connect 127.0.0.1 {bridge.port}", (made.add(420, 60, "loadbang"), 0))
    other = made.add(660, 85, "t a b", (made.add(660, 60, "r mien-to"), 0))
    first = made.message(780, 110, "disconnect", (other, 1))
    there = made.add(660, 135, "list trim", (made.add(660, 110, "list prepend connect", (other, 0)), 0))
    made.text(760, 60, "another machine: send its name and port to mien-to", 60)
    made.add(20, 590, "netsend -u -b", (here, 0), (first, 0), (there, 0), *told)
