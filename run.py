#!/usr/bin/env python3
"""Mien: sets up what is missing on the first start, then runs the piece. ``python3 run.py --help`` says more."""

import sys

if sys.version_info < (3, 11) or sys.version_info >= (3, 13):
    sys.exit(f"Mien needs Python 3.11 or 3.12; this is {sys.version.split()[0]}.")

from installation.setup.start import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
