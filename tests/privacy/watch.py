"""Everything that a process and its children write or send, as the kernel saw it (strace); data between them is left out.

One stream for each file, socket or output. What can leave in a way that has no bytes to look at (a file mapped into memory, a
copy inside the kernel) is listed by itself, so that a test can refuse it.
"""

import codecs
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil

CALLS = (
    *("open", "openat", "openat2", "creat", "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg"),
    *("sendmmsg", "sendfile", "splice", "tee", "vmsplice", "copy_file_range", "mmap", "io_uring_setup", "connect"),
    *("process_vm_writev", "prctl"),
)
_CALL = re.compile(rb"^(\d+\.\d+) (\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)")
_ON = re.compile(rb"^(\d+)<(.*?)>, ")
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_VECTOR = re.compile(rb'iov_base="((?:[^"\\]|\\.)*)"')
_PORT = re.compile(rb"sin6?_port=htons\((\d+)\)")
_TO = re.compile(rb"->(?:\[[^\]]*\]|[\d.]+):(\d+)\]")
_AT = re.compile(rb":(\d+)(?:->|\])")
_OPENED = re.compile(rb"= \d+<(.*)>$")
NOT_LOOKED_AT = ("/__pycache__/", "/dev/null", "/dev/dri", "/proc/", "/sys/", "/mesa_shader_cache/")
"""Python's compiled modules; devices that keep nothing; the kernel's switches; Mesa's compiled shaders."""


@dataclass
class Written:
    """``place``: a file's path, or "udp:PORT", "tcp:PORT" (the other side's, or for answers ours), "unix:NAME". ``parts`` as
    they were written, one packet each for UDP."""

    place: str
    parts: list[bytes] = field(default_factory=list)

    @property
    def data(self) -> bytes:
        return b"".join(self.parts)


@dataclass
class Seen:
    """``written``: streams; ``unseen``: ways out without bytes; ``opened``: all paths opened for writing; ``shared``: the names
    of shared memory that were used."""

    written: list[Written]
    unseen: list[str]
    opened: set[str]
    shared: set[str]


@cache
def can_trace() -> bool:
    """Whether strace is here and allowed to trace."""
    if shutil.which("strace") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-D", "-o", f"{folder}/t", "true"], capture_output=True, check=False
        )
    return done.returncode == 0


class Trace:
    """``prefix`` goes before a command; ``read`` afterwards tells what it did. ``listening``: TCP ports on which it answers."""

    def __init__(self, folder: Path, listening: set[int]) -> None:
        folder.mkdir(parents=True)
        self._folder, self._listening = folder, listening

    @property
    def prefix(self) -> list[str]:
        # -D: the process started is the piece itself. -ff: a file for each thread, so that no line is cut by another's.
        calls = ",".join(f"?{name}" for name in CALLS)
        return [
            *("strace", "-D", "-ff", "--seccomp-bpf", "-yy", "-ttt", "-s", "99999999", "-e", "signal=none"),
            *("-e", f"trace={calls}", "-o", str(self._folder / "t")),
        ]

    def wait(self, seconds: float = 120.0) -> None:
        """Until strace has written everything; it goes on for a moment after the last process. TimeoutError."""
        until_s = time.monotonic() + seconds
        while any(_traces_to(process, str(self._folder)) for process in psutil.process_iter()):
            if time.monotonic() > until_s:
                raise TimeoutError("strace has not finished")
            time.sleep(0.05)

    def read(self) -> Seen:
        """What the threads wrote and sent, each stream in the order of time."""
        self.wait()
        reader = _Reader(self._listening)
        for path in self._folder.glob("t.*"):
            with path.open("rb") as file:
                for line in file:
                    reader.take(line)
        return reader.seen()


class Audit:
    """In place of ``Trace``: what Python's audit hook notes (hooks/audit_notes.py), and all files below ``house`` afterwards.
    Native code that writes to a place outside it goes unseen. What is sent is heard by who receives it: ``heard``."""

    prefix: tuple[str, ...] = ()

    def __init__(self, folder: Path, house: Path) -> None:
        folder.mkdir(parents=True)
        self._folder, self._house = folder, house
        self.heard: list[Written] = []
        self._before = {path: path.stat().st_mtime_ns for path in house.rglob("*") if path.is_file()}

    def read(self) -> Seen:
        """What was noted and what was heard."""
        known = {stream.place.partition(":")[2] for stream in self.heard}
        written, unseen, opened = list(self.heard), set(), set()
        for notes in self._folder.glob("*.notes"):
            for line in notes.read_text(encoding="utf-8").splitlines():
                kind, what, copy = json.loads(line)
                if kind == "deleted":
                    written.append(Written(what, [Path(copy).read_bytes()]))
                elif kind == "sent" and what not in known:
                    unseen.add(f"sent to port {what}")
                elif kind == "mapped" and not what.startswith("/dev/shm/") and _is_looked_at(what):
                    unseen.add(f"mapped into memory: {what}")
                elif kind == "opened" and _is_looked_at(what):
                    opened.add(what)
        for path in self._house.rglob("*"):
            is_ours = self._folder in path.parents or not _is_looked_at(str(path))
            if path.is_file() and not is_ours and self._before.get(path) != path.stat().st_mtime_ns:
                opened.add(str(path))
        shared = {name for name in opened if name.startswith("/dev/shm/")}
        return Seen(written, sorted(unseen), opened - shared, shared)


def _traces_to(process: psutil.Process, folder: str) -> bool:
    try:
        return process.name() == "strace" and any(part.startswith(folder) for part in process.cmdline())
    except psutil.Error:
        return False


class _Reader:
    def __init__(self, listening: set[int]) -> None:
        self._listening = listening
        self._streams: defaultdict[str, list[tuple[float, bytes]]] = defaultdict(list)
        self._unseen: set[str] = set()
        self._opened: set[str] = set()
        self._shared: set[str] = set()
        self._named: dict[bytes, str] = {}
        """Sockets that were connected to a name in the file system."""

    def take(self, line: bytes) -> None:
        """One call of one thread."""
        found = _CALL.match(line)
        if found is None:
            return
        time_s, call, arguments, result = float(found[1]), found[2].decode(), found[3], found[4]
        if result.startswith(b"-") or call == "prctl":
            return
        if call in ("open", "openat", "openat2", "creat"):
            self._open(line, arguments, call)
        elif call == "mmap":
            self._map(arguments)
        elif call == "connect":
            name, on = re.search(rb'sun_path=@?"([^"]*)"', arguments), _ON.match(arguments)
            if name is not None and on is not None:
                self._named[on[2]] = name[1].decode(errors="replace")
        elif call in (
            "sendfile",
            "splice",
            "tee",
            "vmsplice",
            "copy_file_range",
            "io_uring_setup",
            "process_vm_writev",
        ):
            self._unseen.add(f"{call}: {arguments[:200].decode(errors='replace')}")
        else:
            self._write(time_s, call, arguments, int(result, 0))

    def seen(self) -> Seen:
        """All of it."""
        written = []
        for place, parts in self._streams.items():
            parts.sort(key=lambda part: part[0])
            written.append(Written(place, [data for _, data in parts]))
        return Seen(written, sorted(self._unseen), self._opened, self._shared)

    def _open(self, line: bytes, arguments: bytes, call: str) -> None:
        if call != "creat" and not re.search(rb"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE", arguments):
            return
        opened = _OPENED.search(line.rstrip())
        if opened is not None:
            self._note(_clean(opened[1]))

    def _note(self, path: str) -> None:
        if path.startswith("/dev/shm/"):
            self._shared.add(path)
        elif _is_looked_at(path):
            self._opened.add(path)

    def _map(self, arguments: bytes) -> None:
        if b"MAP_SHARED" not in arguments or b"PROT_WRITE" not in arguments:
            return
        path = _clean(re.sub(rb"^.*?, \d+<(.*)>, .*$", rb"\1", arguments))
        if path.startswith("/dev/shm/"):
            self._shared.add(path)
        elif path.startswith("/") and _is_looked_at(path):
            self._unseen.add(f"mapped into memory: {path}")

    def _write(self, time_s: float, call: str, arguments: bytes, count: int) -> None:
        on = _ON.match(arguments)
        if on is None:
            return
        place = self._place(on[2], arguments)
        if place is None:
            return
        if "v" in call.removeprefix("write").removeprefix("pwrite") or "msg" in call:
            data = b"".join(codecs.escape_decode(part)[0] for part in _VECTOR.findall(arguments))
        else:
            text = _TEXT.search(arguments, on.end() - 1)
            data = codecs.escape_decode(text[1])[0] if text is not None else b""
        self._streams[place].append((time_s, data if call == "sendmmsg" else data[:count]))

    def _place(self, on: bytes, arguments: bytes) -> str | None:
        """Where a call with this file or socket puts its bytes; None for what stays among the piece's own processes."""
        if on.startswith((b"UDP", b"TCP")):
            return f"{on[:3].decode().lower()}:{self._port(on, arguments)}"
        if on.startswith((b"UNIX", b"NETLINK")):
            name = self._named.get(on) or (re.search(rb'sun_path=@?"([^"]*)"', arguments) or [b"", b""])[1]
            return f"unix:{name if isinstance(name, str) else name.decode(errors='replace')}" if name else None
        if on.startswith((b"pipe:", b"anon_inode:", b"socket:")):
            return None
        path = _clean(on)
        return path if _is_looked_at(path) else None

    def _port(self, on: bytes, arguments: bytes) -> str:
        own, other = _AT.search(on), _TO.search(on)
        # A server's answers go to a port that the other side was given: what it is known by is our own.
        if on.startswith(b"TCP") and own is not None and int(own[1]) in self._listening:
            return own[1].decode()
        named = _PORT.search(arguments, len(on)) if b"sa_family" in arguments else None
        found = named or other or own
        return found[1].decode() if found is not None else "?"


def _clean(path: bytes) -> str:
    text = path.decode(errors="replace")
    return re.sub(r"<char \d+:\d+>$", "", text).removesuffix("(deleted)").rstrip()


def _is_looked_at(path: str) -> bool:
    return not any(part in path for part in NOT_LOOKED_AT)


def left_on_disk(seen: Seen) -> list[Written]:
    """The files it opened for writing, as they are now; also where a mapping or a copy brought something in."""
    found = []
    for name in sorted(seen.opened):
        path = Path(name)
        if path.is_file() and os.access(path, os.R_OK):
            found.append(Written(name, [path.read_bytes()]))
    return found
