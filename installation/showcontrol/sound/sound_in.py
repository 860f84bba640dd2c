"""Sound in, from the piece's side: the process that hears, and the newest of what it tells."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from installation.base.children import let_go, start_child
from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.sound import OFF, SoundConfig
from installation.showcontrol.service_thread import ServiceThread
from installation.showcontrol.sound.child import Word, run_child

log = logging.getLogger(__name__)

STAGE = "sound"
WAIT_S = 0.05
"""For a word of the process; other settings wait so long at most."""
HANGS_S = 15.0
"""A process that says nothing for so long hangs. One whose input is gone says so every few seconds."""
CLOSE_S = 0.3


class SoundIn(ServiceThread[SoundConfig]):
    """``take`` gives the frame loop what is heard, the newest alone.

    An input that is not there, or goes, is a fault of the stage ``sound``, and looked for with growing pauses. No sample comes
    into this process: the one that hears tells two numbers. ``pid`` is its number, to count its memory.
    """

    def __init__(
        self,
        config: SoundConfig,
        notices: Notices,
        clock: Clock,
        child: Callable[[Connection, SoundConfig], None] = run_child,
    ) -> None:
        super().__init__(STAGE, config, notices, clock)
        self._config, self._child = config, child
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._spoke_s = 0.0
        self._lock = threading.Lock()
        self._level: float | None = None
        self._taken: float | None = None
        self._onset = False

    @property
    def pids(self) -> list[int]:
        """The process that hears, to count its memory."""
        process = self._process  # once: the thread lets go of one that ended
        return [process.pid] if process is not None and process.pid is not None else []

    def take(self) -> list[list[float] | None]:
        """What changed since the last call, one at most: the level and, above 0, that something has set in; None where
        no input is heard any more."""
        if self._level == self._taken and not self._onset:
            return []
        with self._lock:
            self._taken, onset, self._onset = self._level, self._onset, False
            return [None if self._taken is None else [self._taken, float(onset)]]

    def _reconfigure(self, config: SoundConfig) -> None:
        old, self._config = self._config, config
        if self._pipe is not None and config not in (old, config.model_copy(update={"device": OFF})):
            self._pipe.send(config)

    def _step(self, now_s: float) -> float | None:
        if self._config.device == OFF:
            self._let_go()
            self._state.dismiss()
            return None
        try:
            if self._pipe is None:
                self._pipe = self._begin()
                self._spoke_s = now_s
            if self._pipe.poll(WAIT_S):
                self._hear(self._pipe.recv())
                self._spoke_s = now_s
            elif now_s - self._spoke_s > HANGS_S:
                raise OSError(f"the process that hears says nothing for {HANGS_S:g} s")
        except EOFError:
            self._let_go()
            raise OSError("the process that hears ended") from None
        except Exception:
            self._let_go()
            raise
        return 0.0

    def _begin(self) -> Connection:
        self._process, pipe = start_child(self._child, "mien-sound", self._config)
        return pipe

    def _hear(self, word: Word) -> None:
        match word:
            case "opened", name:
                log.info("sound: hearing %s", name)
            case "heard", level, sets_in:
                with self._lock:
                    self._level = level
                    self._onset |= sets_in
                self._state.worked()
            case "trouble", text:
                self._silence()
                self._state.failed(f"{text}; trying again")

    def _silence(self) -> None:
        with self._lock:
            self._level, self._onset = None, False

    def _let_go(self) -> None:
        self._silence()
        pipe, self._pipe = self._pipe, None
        process, self._process = self._process, None
        let_go(process, pipe, CLOSE_S)

    def _end(self) -> None:
        self._let_go()
