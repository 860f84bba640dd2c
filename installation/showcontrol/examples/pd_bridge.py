"""A Pure Data patch that sends what Mien tells to the addresses of another program. Plain Pure Data 0.53, no externals.

The file's form is Pd's own: objects are numbered in the order of their lines, connections name them by number.
"""

from __future__ import annotations

from installation.showcontrol.examples.routes import Bridge, Route

SILENCE_MS = 3000
"""After this long without a word Mien counts as gone: docs/reference/osc.md."""
PRESS_MS = 100
"""How long a button is held."""
_WIDTH = 1400
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
    "#X obj 240 60 r {name}-forget;",
    "#X msg 240 90 0;",
    *(f"#X connect {line};" for line in ("1 0 2 0", "2 0 4 0", "2 1 3 0", "3 0 4 1", "4 0 5 0", "5 0 6 0", "5 1 3 1")),
    *(f"#X connect {line};" for line in ("7 0 8 0", "8 0 3 1")),
)
End = tuple[int, int]
"""An object's number and one of its outlets."""


class Patch:
    """A patch in the making: objects, and the connections between them."""

    def __init__(self, name: str) -> None:
        """``name``: of what goes by names within it, so that two patches can be open at once."""
        self._name = name
        self._lines = [f"#N canvas 40 40 {_WIDTH} 740 12;"]
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
        inside = "\n".join(_ONCE).format(name=self._name)
        return self._next(f"{inside}\n#X restore {x} {y} pd once;", (source,), 0)

    def __str__(self) -> str:
        return "\n".join((*self._lines, *self._connections)) + "\n"

    def _next(self, line: str, sources: tuple[End, ...], inlet: int) -> int:
        self._lines.append(line)
        self._connections += [f"#X connect {source} {outlet} {self._count} {inlet};" for source, outlet in sources]
        self._count += 1
        return self._count - 1


def patch(bridge: Bridge) -> str:
    """The patch of these routes, as text."""
    made, name = Patch(bridge.folder), bridge.folder
    made.text(20, 12, f"Mien to {bridge.program}: Mien sends to port {bridge.listen} (osc.targets), this sends on.", 90)
    words = _receiver(made, bridge)
    _sender(made, bridge)
    _silence(made, words, bridge)
    heads = [*dict.fromkeys(_parts(route)[0] for route in bridge.routes), "state"]
    split = made.add(20, 262, f"route {' '.join(heads)}", (made.add(20, 237, "route mien", (words, 0)), 0))
    ended = made.add(640, 237, "route ended", (split, heads.index("state")))
    made.add(640, 262, f"s {name}-forget", (ended, 0))
    made.text(780, 237, "after its end Mien counts from 1 again")
    for number, route in enumerate(bridge.routes):
        # Their last objects are wide: every other one stands lower.
        x, y = 20 + (_WIDTH - 310) // len(bridge.routes) * number, 510 + 45 * (number % 4)
        end = _branch(made, route, (split, heads.index(_parts(route)[0])), x)
        made.add(x, y + 22, f"s {name}-out", (made.add(x, y, _format(route), end), 0))
    return str(made)


def _parts(route: Route) -> list[str]:
    return route.source.strip("/").split("/")


def _receiver(made: Patch, bridge: Bridge) -> int:
    """What Mien says, as lists without a slash; the object that gives them."""
    listen = made.message(20, 85, "listen \\$1", (made.add(20, 60, f"r {bridge.folder}-port"), 0))
    made.text(170, 60, f"another port: send it to {bridge.folder}-port")
    receive = made.add(20, 115, f"netreceive -u -b {bridge.listen}", (listen, 0))
    return made.add(20, 165, "list trim", (made.add(20, 140, "oscparse", (receive, 0)), 0))


def _sender(made: Patch, bridge: Bridge) -> None:
    here = made.message(640, 110, f"connect 127.0.0.1 {bridge.port}", (made.add(640, 60, "loadbang"), 0))
    other = made.add(860, 85, "t a b", (made.add(860, 60, f"r {bridge.folder}-at"), 0))
    first = made.message(960, 135, "disconnect", (other, 1))
    there = made.add(860, 160, "list trim", (made.add(860, 110, "list prepend connect", (other, 0)), 0))
    made.text(1000, 60, f"another machine: send its name and port to {bridge.folder}-at", 40)
    told = made.add(480, 165, f"r {bridge.folder}-out")
    made.add(640, 195, "netsend -u -b", (told, 0), (here, 0), (first, 0), (there, 0))


def _silence(made: Patch, words: int, bridge: Bridge) -> None:
    """What a silence brings: presence 0, and numbers are counted anew."""
    wait = made.add(230, 140, f"del {SILENCE_MS}", (made.add(230, 115, "t b", (words, 0)), 0))
    both = made.add(230, 165, "t b b", (wait, 0))
    made.text(330, 140, "three seconds without a word: nobody is there, and events count anew", 34)
    made.add(330, 190, f"s {bridge.folder}-forget", (both, 1))
    zero = made.message(230, 190, "0", (both, 0))
    for route in bridge.routes:
        if route.argument == "presence":
            told = made.add(230, 215, _format(route), (zero, 0))
            made.add(230, 237, f"s {bridge.folder}-out", (told, 0))


def _branch(made: Patch, route: Route, source: End, x: int) -> End:
    """The way of one route below the first [route]; where its value comes out."""
    for level, part in enumerate(_parts(route)[1:]):
        source = made.add(x, 310 + 25 * level, f"route {part}", source), 0
    source = made.add(x, 350, f"unpack{' f' * (1 + route.index)}", source), route.index
    if not route.is_press:
        return source
    both = made.add(x, 405, "t b b", (made.once(x, 380, source), 0))
    later = made.add(x + 60, 430, f"del {PRESS_MS}", (both, 1))
    on, off = made.message(x, 455, "1", (both, 0)), made.message(x + 60, 455, "0", (later, 0))
    return made.add(x, 480, "f", (on, 0), (off, 0)), 0


def _format(route: Route) -> str:
    return f"oscformat {'-f i ' if route.is_press else ''}{route.target.strip('/').replace('/', ' ')}"
