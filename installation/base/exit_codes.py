"""What the piece says with its exit code, to a person, to the guard and to systemd."""

from __future__ import annotations

AS_ASKED = 0
"""It ended by itself and as asked: the time was over, a key, a signal."""
BROKEN = 1
"""Something failed that nobody foresaw."""
BAD_INPUT = 2
"""What a person can put right: settings, files, sources."""
RESTART = 75
"""Please start me again: not a failure, for the guard does it at once and counts nothing. (EX_TEMPFAIL of sysexits.h.)"""
INTERRUPTED = 130
"""A measurement was ended by a signal before it was done: there is no result. (As shells say it of SIGINT.)"""
