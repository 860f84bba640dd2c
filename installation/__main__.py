"""``python -m installation``: takes the signals over before anything heavy is imported, then becomes the app."""

from __future__ import annotations

import sys

from installation.base.supervisor import StopSignal


def main() -> int:
    """See ``app.main``."""
    stop = StopSignal()
    stop.install()
    from installation import app

    return app.main(sys.argv[1:], stop)


if __name__ == "__main__":
    sys.exit(main())
