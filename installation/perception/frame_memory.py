"""The way of a frame to the perception process: through shared memory that is really there, else through the pipe."""

from __future__ import annotations

import os
import socket
import struct
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from installation.base.backoff import Backoff
from installation.base.notices import Notices
from installation.base.shared_memory import reserved, take_name
from installation.types import ByteArray, Frame

MEMORY = "perception memory"
"""Stage of the fallback to the pipe."""
FIRST_RETRY_S, LONGEST_RETRY_S = 2.0, 8.0
FIX = "give /dev/shm more room (docker run --shm-size=256m)"

Request = tuple[str | None, tuple[int, ...], float, int, bool]
"""(block's name, the frame's shape, t_s, seq, whether with masks). Without a block the frame's bytes follow in the pipe."""


class FramesOut:
    """The parent's side. One block for the newest frame; where none can be had, frames go through the pipe, a fallback says
    so, and a block is tried again now and then.

    A block loses its name as soon as the child has it, so that its memory is gone with the two processes, however they end: a
    picture of visitors must not lie in /dev/shm after the power button, or a kill of all processes at once.
    """

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._memory: SharedMemory | None = None
        self._has_name = False
        self._backoff = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)

    def send(self, pipe: Connection, frame: Frame, masks: bool) -> None:
        """Send ``frame`` and what is asked about it. OSError when the child is gone or does not read."""
        rgb = np.ascontiguousarray(frame.rgb)
        name = self._put(rgb, frame.t_s)
        request: Request = (name, rgb.shape, frame.t_s, frame.seq, masks)
        pipe.send(request)
        if name is None:
            pipe.send_bytes(rgb.reshape(-1).data)

    def refused(self, why: str, t_s: float) -> None:
        """The child cannot reach the block: the frames after ``t_s`` go through the pipe for a while."""
        self.free()
        self._go_without(why, t_s)

    def free(self) -> None:
        """Give the block back."""
        memory, self._memory = self._memory, None
        if memory is not None:
            memory.close()
            if self._has_name:
                take_name(memory)

    def _put(self, rgb: ByteArray, t_s: float) -> str | None:
        if self._memory is None or self._memory.size < rgb.nbytes:
            self.free()
            if not self._backoff.due(t_s):
                return None
            try:
                self._memory, self._has_name = reserved(rgb.nbytes), True
            except OSError as error:
                self._go_without(f"a picture of {rgb.shape[1]}x{rgb.shape[0]} finds no room ({error.strerror})", t_s)
                return None
        np.ndarray(rgb.shape, np.uint8, self._memory.buf)[:] = rgb
        return self._memory.name

    def worked(self) -> None:
        """The child has seen the frame that was sent last."""
        if self._memory is not None:
            self._backoff.reset()
            self._notices.resolve(MEMORY)
            if self._has_name:
                take_name(self._memory)
                self._has_name = False

    def _go_without(self, why: str, t_s: float) -> None:
        self._backoff.fail(t_s)
        self._notices.fallback(MEMORY, f"{why}: pictures reach perception through a pipe, a little later; {FIX}")


class FramesIn:
    """The child's side; the parent owns the block and takes its name away."""

    def __init__(self) -> None:
        self._memory: SharedMemory | None = None
        self._own = bytearray()

    def receive(self, pipe: Connection) -> Request:
        """The next request, with its bytes where these come through the pipe. EOFError or OSError when the parent is gone."""
        request: Request = pipe.recv()
        name, shape, *_ = request
        if name is None:
            size = int(np.prod(shape))
            if len(self._own) != size:
                self._own = bytearray(size)
            pipe.recv_bytes_into(self._own)
        return request

    def frame(self, request: Request) -> Frame:
        """A view of the frame received; valid until the answer is sent. OSError or ValueError for a block that is not there."""
        name, shape, t_s, seq, _ = request
        if name is None:
            return Frame(t_s, seq, np.frombuffer(self._own, np.uint8).reshape(shape))
        if self._memory is None or self._memory.name != name:
            self.close()
            self._memory = SharedMemory(name=name)
        return Frame(t_s, seq, np.ndarray(shape, np.uint8, self._memory.buf))

    def close(self) -> None:
        """Let go of the memory."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None


def limit_writing(pipe: Connection, seconds: float) -> None:
    """A write into ``pipe`` that nobody reads ends after ``seconds`` with an OSError; on POSIX, where pipes are sockets."""
    if os.name != "posix":
        return
    with socket.socket(fileno=os.dup(pipe.fileno())) as ours:
        whole = int(seconds)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", whole, int((seconds - whole) * 1e6)))
