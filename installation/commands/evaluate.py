"""``run.py evaluate``: which measurement a word names."""

from __future__ import annotations

import importlib
import sys

from installation.base.exit_codes import INTERRUPTED
from installation.base.files import PROGRAM
from installation.base.supervisor import StopSignal
from installation.commands.shared import BAD_INPUT

MEASUREMENTS = {
    "expression": "expression",
    "presence": "presence",
    "timeline": "timeline",
    "layouts": "layouts",
    "picture": "picture_check",
    "flashes": "flashes",
    "look": "look_stills",
    "strips": "film_strips",
    "art": "art",
    "drawn": "drawn",
    "maps": "face_maps",
    "uptime": "uptime",
}
"""Word: module of evaluation/."""
_USAGE = f"usage: {PROGRAM} evaluate {'|'.join(MEASUREMENTS)} [options]"


def evaluate(argv: list[str], stop: StopSignal) -> int:
    """Run the measurement that the first word names with its own arguments; gives the exit code. A signal ends it."""
    if argv[:1] in (["-h"], ["--help"]):
        print(f"{_USAGE}\n{PROGRAM} evaluate NAME --help tells the options of each; docs/evaluation.md is the guide.")
        return 0
    if not argv or argv[0] not in MEASUREMENTS:
        print(_USAGE, file=sys.stderr)
        return BAD_INPUT
    stop.interrupt()
    try:
        code: int = importlib.import_module(f"installation.evaluation.{MEASUREMENTS[argv[0]]}").main(argv[1:])
    except KeyboardInterrupt:
        print(f"ended by {stop.reason}", file=sys.stderr)
        return INTERRUPTED
    return code
