"""Videos of what is shown: the frame loop borrows a buffer, fills it and hands it in; a thread encodes.

Memory is bounded: there are as many pictures as the pool has buffers. When all of them wait for the encoder, a picture is
left out and counted; the show never waits. No OpenGL here.
"""

from __future__ import annotations

from pathlib import Path

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom
from installation.config.output import VideoConfig
from installation.render.captures.encoder import VideoEncoder, rate_of
from installation.render.captures.video_session import STAGE, START_STAGE, OpenFile, VideoFigures, VideoSession
from installation.types import ByteArray


class VideoRecorder:
    """Starts, feeds and ends recordings. All methods belong to the thread of the frame loop; none of them waits but
    ``close``. What goes wrong ends the recording and raises a fault; the show goes on.

    ``room`` must stay free on the disk; without one it is that of ``config``. ``open_file`` is replaced in tests.
    """

    def __init__(
        self,
        config: VideoConfig,
        clock: Clock,
        notices: Notices,
        open_file: OpenFile = VideoEncoder,
        room: DiskRoom | None = None,
    ) -> None:
        self._config, self._clock, self._notices = config, clock, notices
        self._open_file, self._room = open_file, room or DiskRoom(config.keep_free_mb)
        self._session: VideoSession | None = None

    @property
    def recording(self) -> bool:
        """Whether pictures are being taken."""
        return self._session is not None and self._session.open

    @property
    def size(self) -> tuple[int, int] | None:
        """(width, height) of the pictures that are taken; None when none are."""
        session = self._session
        return session.size if session is not None and session.open else None

    @property
    def from_s(self) -> float | None:
        """When the first picture of the recording that runs or ran last was drawn; None before it."""
        return None if self._session is None else self._session.from_s

    @property
    def figures(self) -> VideoFigures:
        """Of the recording that runs or ran last."""
        return VideoFigures() if self._session is None else self._session.figures

    def reconfigure(self, config: VideoConfig) -> None:
        """Other settings; they hold from the next recording on, the room that must stay free at once."""
        self._config = config
        self._room.keep_free_mb = config.keep_free_mb

    def start(self, path: Path, size: tuple[int, int], show_fps: float) -> bool:
        """Begin a video of pictures of ``size`` (width, height) in ``path``, or, where that exists, in the next free name.

        ``show_fps`` is how many pictures a second the show aims at. False, with a notice, when that is not possible.
        """
        if self.recording:
            return True
        if self._session is not None and self._session.alive:
            self._notices.fault(START_STAGE, "the last video is still being finished; ask again in a moment")
            return False
        for stage in (STAGE, START_STAGE):
            self._notices.withdraw(stage)
        rate = rate_of(min(self._config.per_second, show_fps))
        self._session = VideoSession(
            path, size, rate, self._config, self._clock, self._notices, self._open_file, self._room
        )
        return True

    @property
    def ready(self) -> bool:
        """Whether the file is open: before, no picture is wanted (loading the encoder takes some tenths of a second)."""
        return self.recording and self._session is not None and self._session.ready

    def wants(self, t_s: float) -> bool:
        """Whether a picture drawn at ``t_s`` seconds is due. Cheap: to be asked before anything is read back."""
        return self.ready and self._session is not None and self._session.wants(t_s)

    def reserve(self, t_s: float) -> int:
        """The number in the video of the picture drawn at ``t_s`` seconds, which is being read back: it is not wanted again."""
        return self._session.reserve(t_s) if self._session is not None else 0

    def lend(self) -> ByteArray | None:
        """A buffer (H, W, 4) uint8 to fill (row 0 at the bottom) and ``hand_in``. None, and counted, when none is free."""
        return self._session.lend() if self.recording and self._session is not None else None

    def hand_in(self, rgba: ByteArray, number: int) -> None:
        """Have a lent buffer encoded as the reserved ``number``; numbers rise."""
        if self._session is not None:
            self._session.hand_in(rgba, number)

    def stop(self) -> None:
        """End the video; returns at once, the thread finishes the file."""
        if self._session is not None:
            self._session.finish()

    def close(self, timeout_s: float = 5.0) -> bool:
        """End the video and wait up to ``timeout_s`` seconds for the file; whether it was finished."""
        if self._session is None:
            return True
        self._session.finish()
        return self._session.join(timeout_s)
