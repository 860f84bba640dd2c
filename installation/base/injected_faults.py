"""Faults on command, for the test of the guard (run.py evaluate uptime). Nothing of it can be reached in a show: it takes a
variable in the environment of the piece's start, which nothing sets but that test."""

from __future__ import annotations

import ctypes
import os
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "MIEN_TEST_FAULT_FILE"
"""Names a file; the word that is written into it is the fault, once."""
EXCEPTION, HANG, BLOAT = "exception", "hang", "bloat"
BLOAT_MB, MOST_MB = 400, 3000
"""Memory that is taken a second, and at most."""


class InjectedFaults:
    """``poll`` does what the file says: raises, never returns, or takes more memory at each call."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._bloats = False
        self._ballast: list[bytes] = []

    @classmethod
    def from_environment(cls, environ: MutableMapping[str, str] = os.environ) -> InjectedFaults:
        """As VARIABLE says, which is taken out of ``environ``."""
        name = environ.pop(VARIABLE, "")
        return cls(Path(name) if name else None)

    def poll(self) -> None:
        """Nothing, where no file was named."""
        if self._path is None:
            return
        word = self._word(self._path)
        if word == EXCEPTION:
            raise RuntimeError("a fault that was asked for")
        if word == HANG:
            # As in a driver that does not come back, and the worst case of it: no thread of Python goes on.
            while True:
                ctypes.PyDLL(None).pause()
        self._bloats = self._bloats or word == BLOAT
        if self._bloats and len(self._ballast) * BLOAT_MB < MOST_MB:
            self._ballast.append(b"\x55" * (BLOAT_MB * 2**20))

    def _word(self, path: Path) -> str:
        try:
            word = path.read_text(encoding="utf-8").strip()
            path.unlink()
        except OSError:
            return ""
        return word
