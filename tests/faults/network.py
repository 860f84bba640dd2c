"""A network of the test's own: only a loopback, which can be switched off. Where that is not allowed, the machine's."""

import ctypes
import os
import socket
import subprocess
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LOCAL = "127.0.0.1"
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET of sched.h


class Network:
    """``private``: whether it is a namespace of its own (Linux, as root). Sockets come from ``inside``."""

    def __init__(self) -> None:
        self._namespace: int | None = None
        try:
            self._namespace = _in_a_thread(_new_namespace)
            self.up()
        except (OSError, AttributeError, subprocess.SubprocessError):
            self.close()

    @property
    def private(self) -> bool:
        return self._namespace is not None

    def command(self, command: list[str]) -> list[str]:
        """``command`` so that it runs in here, under the process id it would have had."""
        if self._namespace is None:
            return command
        return ["nsenter", f"--net=/proc/{os.getpid()}/fd/{self._namespace}", *command]

    def inside(self, make: Callable[[], T]) -> T:
        """What ``make`` gives in here: a socket belongs to the network where it was made."""
        namespace = self._namespace
        if namespace is None:
            return make()

        def enter() -> T:
            _check(ctypes.CDLL(None, use_errno=True).setns(namespace, _NEW_NETWORK))
            return make()

        return _in_a_thread(enter)

    def udp(self, port: int = 0) -> socket.socket:
        """A bound UDP socket; port 0: a free one."""

        def make() -> socket.socket:
            found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            found.bind((LOCAL, port))
            return found

        return self.inside(make)

    def tcp(self, port: int = 0) -> socket.socket:
        """A listening TCP socket; port 0: a free one."""
        return self.inside(lambda: socket.create_server((LOCAL, port)))

    def tcp_to(self, port: int) -> socket.socket:
        """A connection to a listening TCP socket."""
        return self.inside(lambda: socket.create_connection((LOCAL, port), 10))

    def free_ports(self, count: int) -> list[int]:
        """Ports that neither UDP nor TCP uses."""
        held = [self.tcp() for _ in range(count)]
        ports = [int(one.getsockname()[1]) for one in held]
        for one in held:
            one.close()
        return ports

    def up(self) -> None:
        self._link("up")

    def down(self) -> None:
        """Nothing arrives any more, and sending fails; only where it is private."""
        self._link("down")

    def close(self) -> None:
        if self._namespace is not None:
            os.close(self._namespace)
            self._namespace = None

    def _link(self, state: str) -> None:
        assert self.private
        subprocess.run(self.command(["ip", "link", "set", "lo", state]), check=True, timeout=20)


def _new_namespace() -> int:
    _check(ctypes.CDLL(None, use_errno=True).unshare(_NEW_NETWORK))
    return os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY)


def _check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _in_a_thread(make: Callable[[], T]) -> T:
    """A thread that enters a namespace cannot be used for anything else."""
    found: list[T] = []
    failed: list[OSError | AttributeError] = []

    def run() -> None:
        try:
            found.append(make())
        except (OSError, AttributeError) as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]
