"""Draws what other programs get (``output.sends``) and reads it back on the GL thread, without waiting.

Each way out has a picture of its own size: flat and whole, as the still of the operator's page, with what visitors are told and
the light of the hour, without warp, soft edges, test pattern and operator's text. As in ``filming.py``: where the processor
draws, a plain read is a copy in memory, made once the picture was presented; where a GPU draws, two pixel buffers take turns,
and each picture is read a picture later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

from installation.base.notices import Notices
from installation.config.sends import SendConfig
from installation.render.captures.consent import refusal
from installation.render.output.output_pass import OutputPass
from installation.types import ByteArray

STAGE = "sends"
BUFFERS = 2


class Port(Protocol):
    """A way out, as the thread that draws knows it."""

    alpha: bool
    """Whether it is see-through where no shape is."""

    @property
    def is_ready(self) -> bool:
        """Whether a picture can be handed in."""
        ...

    def wants(self, t_s: float) -> bool:
        """Whether the picture of ``t_s`` seconds is due; True once for each."""
        ...

    def size(self, picture: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of what it gets of a picture of this size."""
        ...

    def lend(self, size: tuple[int, int]) -> ByteArray | None:
        """Memory (H, W, 4) for a picture, row 0 on top; None where it takes none now."""
        ...

    def hand_in(self, t_s: float) -> None:
        """What was lent is written, with the picture of ``t_s`` seconds."""
        ...


class Ways(Protocol):
    """All ways out."""

    @property
    def links(self) -> Sequence[Port]:
        """Those that the settings name, in their order."""
        ...

    def reconfigure(self, configs: Sequence[SendConfig]) -> None:
        """Go on with these."""
        ...


class Sending:
    """GL thread only. ``buffered`` reads through pixel buffers: for a GPU."""

    def __init__(self, context: Any, output: OutputPass, notices: Notices, buffered: bool) -> None:
        self._context, self._output, self._notices, self._buffered = context, output, notices, buffered
        self._ports: list[_Copy] = []
        self._is_refusing = False

    @property
    def is_used(self) -> bool:
        """Whether there is a way out."""
        return bool(self._ports)

    def use(self, ports: Sequence[Port]) -> None:
        """Go on with these ways out."""
        before = {copy.port: copy for copy in self._ports}
        self._ports = [before.get(port) or _Copy(self._context, port, self._buffered) for port in ports]
        for copy in before.values():
            if copy not in self._ports:
                copy.release()

    def draw(self, window: tuple[int, int], t_s: float, cover: Any, camera_visible: bool, record_camera: bool) -> None:
        """A picture for a window of this size was drawn, shown at ``t_s`` seconds: draw it again for those it is due for.

        ``cover``: a texture whose alpha says how much shapes cover, None where that is not known. Black goes out while the
        camera's picture can be seen and ``record_camera`` does not allow that it leaves the piece.
        """
        why_not = refusal(camera_visible, record_camera)
        self._tell(why_not)
        for copy in self._ports:
            if copy.is_free and copy.port.wants(t_s):
                copy.prepare(copy.port.size(self._output.picture_size(window)))
                if why_not is not None:
                    copy.target.clear(0.0, 0.0, 0.0, 1.0)
                elif not self._output.draw_flat(copy.target, copy.size, cover if copy.port.alpha else None):
                    continue
                copy.begin(t_s)

    def poll(self) -> None:
        """After a picture was presented: hand in what was drawn. Costs nothing while nothing was."""
        for copy in self._ports:
            copy.poll()

    def release(self) -> None:
        """Free everything."""
        self.use(())

    def _tell(self, why_not: str | None) -> None:
        if (why_not is not None) == self._is_refusing:
            return
        self._is_refusing = why_not is not None
        if why_not is None:
            self._notices.resolve(STAGE)
        else:
            self._notices.fallback(STAGE, f"{why_not}; other programs get black meanwhile")


class _Copy:
    """The picture of one port: its texture, and what of it is being read."""

    def __init__(self, context: Any, port: Port, buffered: bool) -> None:
        self.port = port
        self.size = (0, 0)
        self.target: Any = None
        self._context, self._buffered = context, buffered
        self._texture: Any = None
        self._buffers: list[Any] = []
        self._turn = 0
        self._pending: deque[tuple[Any, float, int]] = deque()
        """(pixel buffer, or None for the frame buffer; t_s; at which poll it may be read) of what is drawn, oldest first."""
        self._polls = 0

    @property
    def is_free(self) -> bool:
        """Whether another picture may be drawn."""
        return len(self._pending) < (BUFFERS if self._buffered else 1)

    def prepare(self, size: tuple[int, int]) -> None:
        """Have room for a picture of ``size``."""
        if size == self.size:
            return
        self.release()
        self.size = size
        self._texture = self._context.texture(size, 4)
        self.target = self._context.framebuffer([self._texture])
        if self._buffered:
            self._buffers = [self._context.buffer(reserve=4 * size[0] * size[1]) for _ in range(BUFFERS)]

    def begin(self, t_s: float) -> None:
        """It is drawn: begin to read it."""
        if not self._buffered:
            self._pending.append((None, t_s, self._polls + 1))
            return
        buffer = self._buffers[self._turn]
        self._turn = (self._turn + 1) % BUFFERS
        self.target.read_into(buffer, components=4)
        self._pending.append((buffer, t_s, self._polls + 2))

    def poll(self) -> None:
        """Hand in the oldest that is there; it gives way to a newer one where its port is not ready."""
        self._polls += 1
        if not self._pending:
            return
        buffer, t_s, due = self._pending[0]
        if self._polls < due:
            return
        if not self.port.is_ready:
            if buffer is None or len(self._pending) > 1:
                self._pending.popleft()
            return
        self._pending.popleft()
        rgba = self.port.lend(self.size)
        if rgba is not None:
            (self.target if buffer is None else buffer).read_into(rgba, **({"components": 4} if buffer is None else {}))
            self.port.hand_in(t_s)

    def release(self) -> None:
        """Free everything."""
        self._pending.clear()
        for part in (self.target, self._texture, *self._buffers):
            if part is not None:
                part.release()
        self.target = self._texture = None
        self._buffers, self.size = [], (0, 0)
