"""One run of the piece as a process: started in a session of its own, ended with all that it started."""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from installation.base.memory import family_resident_mb, proportional_mb
from installation.base.stacks import ASK

log = logging.getLogger(__name__)

TERM_S = 3.0
"""What was told to end (SIGTERM) has so long until it is killed."""
LEAVE_S = 0.5
"""What the piece started ends by itself when the piece is gone, and puts shared memory away; then it is killed."""
STACKS_S = 0.3
"""A process that hangs has so long to write down where, before it is killed."""
LAST_LINES, LONGEST = 200, 1000
SHARED = Path("/dev/shm")
_STEP_S = 0.02


class Child:
    """A process in a session and group of its own. Raises OSError where it cannot be started.

    Its standard output and error go on to ours, and the last lines are kept. For the guard's main thread: on Linux the piece
    is killed when the thread that started it ends.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], wait: Callable[[float], object]) -> None:
        """``wait`` sleeps for so many seconds."""
        self._wait = wait
        self.last_lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
        self._process = subprocess.Popen(
            list(command),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._pumps = [self._pump(self._process.stdout, 1), self._pump(self._process.stderr, 2)]

    @property
    def has_ended(self) -> bool:
        """Whether the process itself is over. What it started may not be, and it is not taken leave of yet: nobody else gets
        its number."""
        if self._process.returncode is not None:
            return True
        with contextlib.suppress(ChildProcessError):
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        return True

    def end(self, politely: bool = True, stacks: bool = False) -> int:
        """End it and all it started; gives the exit code, minus the number for a signal. At once where it has ended already.

        ``politely``: it is asked first. ``stacks``: it is asked where it is (base/stacks.py), before it is killed.
        """
        if not self.has_ended:
            if politely:
                self._signal(signal.SIGTERM)
                self._await(lambda: self.has_ended, TERM_S)
            elif stacks and ASK is not None:
                self._signal(ASK)
                self._await(lambda: self.has_ended, STACKS_S)
        if not self.has_ended:
            if politely:
                log.warning("guard: the piece (process %d) did not end within %g s; killed", self.pid, TERM_S)
            self._signal(signal.SIGKILL)
            self._await(lambda: self.has_ended, TERM_S)
        self._await(lambda: not self._others(), LEAVE_S)
        for _ in range(3):  # whoever is killed may just have started another
            self._kill_others()
            if self._await(lambda: not self._others(), LEAVE_S):
                break
        try:
            code = self._process.wait(TERM_S)
        except subprocess.TimeoutExpired:  # in a driver that even SIGKILL waits for
            code = -signal.SIGKILL
            log.error("guard: process %d does not end; going on without", self.pid)
        self._close()
        _put_shared_memory_away(self.pid)
        return code

    def resident_mb(self) -> float:
        """Memory of all its processes in MiB, shared pages counted for each: a quick look. 0 where the system does not say."""
        return family_resident_mb(self.pid)

    def proportional_mb(self) -> float:
        """Memory of all its processes in MiB, shared pages counted once (about 10 ms for 1 GB); as ``resident_mb`` where the
        system does not know."""
        found = proportional_mb(self.pid)
        return self.resident_mb() if found is None else found

    def _others(self) -> list[int]:
        """Processes of its session that are left, but for itself. What is over and was left to us is taken leave of."""
        found = []
        with contextlib.suppress(psutil.Error, OSError):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error, OSError):
                    if process.pid == self.pid or os.getsid(process.pid) != self.pid:
                        continue
                    if process.status() != psutil.STATUS_ZOMBIE:
                        found.append(process.pid)
                    else:
                        with contextlib.suppress(ChildProcessError):
                            os.waitpid(process.pid, os.WNOHANG)
        return found

    def _kill_others(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        for pid in self._others():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _signal(self, number: int) -> None:
        # Not to a group: the piece ends its own processes, and a terminal's signals never reach this session.
        with contextlib.suppress(OSError):
            os.kill(self.pid, number)

    def _await(self, is_so: Callable[[], bool], seconds: float) -> bool:
        for _ in range(round(seconds / _STEP_S)):
            if is_so():
                return True
            self._wait(_STEP_S)
        return is_so()

    def _pump(self, pipe: IO[bytes] | None, number: int) -> threading.Thread:
        assert pipe is not None
        thread = threading.Thread(target=_pass_on, args=(pipe, number, self.last_lines), name="output", daemon=True)
        thread.start()
        return thread

    def _close(self) -> None:
        for thread, pipe in zip(self._pumps, (self._process.stdout, self._process.stderr), strict=True):
            thread.join(LEAVE_S)
            if not thread.is_alive() and pipe is not None:
                pipe.close()


def put_old_shared_memory_away() -> None:
    """Blocks of pieces that are gone, such as an earlier guard left when it was killed with them."""
    with contextlib.suppress(OSError):
        for path in SHARED.glob("mien-*-*"):
            pid = path.name.split("-")[1]
            if pid.isdigit() and not psutil.pid_exists(int(pid)):
                with contextlib.suppress(OSError):
                    path.unlink()


def _put_shared_memory_away(pid: int) -> None:
    with contextlib.suppress(OSError):
        for path in SHARED.glob(f"mien-{pid}-*"):
            with contextlib.suppress(OSError):
                path.unlink()


def _pass_on(pipe: IO[bytes], number: int, last: collections.deque[str]) -> None:
    """Until its end. Where nobody takes our output any more it is still read, for the piece must not wait for that."""
    with contextlib.suppress(OSError, ValueError):
        while line := pipe.readline(1 << 16):
            last.append(line.decode("utf-8", "backslashreplace").rstrip("\n")[:LONGEST])
            with contextlib.suppress(OSError):
                while line:
                    line = line[os.write(number, line) :]
