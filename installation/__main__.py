"""``python -m installation``: takes the signals over before anything heavy is imported, then becomes the app."""

from __future__ import annotations

import io
import sys

from installation.base.leaving import leave
from installation.base.processes import no_core_dumps
from installation.base.supervisor import StopSignal


def main() -> int:
    """See ``dispatch.main``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file's name may be no text: it is written out, and ends nothing.
            stream.reconfigure(errors="backslashreplace")
    no_core_dumps()
    stop = StopSignal()
    stop.install()
    from installation.commands import dispatch

    return dispatch.main(sys.argv[1:], stop)


if __name__ == "__main__":
    leave(main())
