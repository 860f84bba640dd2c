"""Python's own audit hook, for where strace is not allowed: notes what is opened for writing, deleted, mapped, called."""

import json
import os
import shutil
import sys
import threading

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_busy = threading.local()


def begin(folder):
    """Note everything from now on, a line each, in a file of this process in ``folder``; what is deleted is kept there."""
    count = [0]

    def note(kind, what, copy=""):
        # Opened anew each time: it must not be this process's business to keep it open.
        handle = os.open(f"{folder}/{os.getpid()}.notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, (json.dumps([kind, what, copy]) + "\n").encode())
        os.close(handle)

    def heard(event, args):
        if getattr(_busy, "now", False) or event not in EVENTS:
            return
        _busy.now = True
        try:
            EVENTS[event](note, args, lambda path: keep(path))
        except OSError:
            pass
        finally:
            _busy.now = False

    def keep(path):
        count[0] += 1
        copy = f"{folder}/{os.getpid()}-{threading.get_ident()}-{count[0]}.deleted"
        shutil.copyfile(path, copy)
        return copy

    sys.addaudithook(heard)


def _opened(note, args, keep):
    path, _mode, flags = args
    if isinstance(flags, int) and flags & WRITES and isinstance(path, str | bytes):
        note("opened", os.path.abspath(os.fsdecode(path)))  # noqa: PTH100


def _removed(note, args, keep):
    path = os.path.abspath(os.fsdecode(args[0]))  # noqa: PTH100
    if os.path.isfile(path):  # noqa: PTH113
        note("deleted", path, keep(path))


def _renamed(note, args, keep):
    if os.path.isfile(args[1]):  # noqa: PTH113
        note("deleted", os.path.abspath(os.fsdecode(args[1])), keep(args[1]))  # noqa: PTH100
    note("opened", os.path.abspath(os.fsdecode(args[1])))  # noqa: PTH100


def _sent(note, args, keep):
    if isinstance(args[1], tuple):
        note("sent", str(args[1][1]))


def _mapped(note, args, keep):
    if args[0] >= 0:
        note("mapped", os.readlink(f"/proc/self/fd/{args[0]}"))  # noqa: PTH115


EVENTS = {
    "open": _opened,
    "os.remove": _removed,
    "os.rename": _renamed,
    "socket.sendto": _sent,
    "socket.sendmsg": _sent,
    "socket.connect": _sent,
    "mmap.__new__": _mapped,
}
