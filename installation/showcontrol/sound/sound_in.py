"""Sound in, in a thread of its own: how loud an audio input is, and its onsets. Nothing of the sound is kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.sound import OFF, SoundConfig
from installation.showcontrol.service_thread import ServiceThread
from installation.showcontrol.sound.ear import Ear
from installation.showcontrol.sound.inputs import Source, open_input

log = logging.getLogger(__name__)

STAGE = "sound"
ASK_S = 0.01
LOST_S = 2.0
"""An input that brings nothing for so long, not even silence, has gone."""


class SoundIn(ServiceThread[SoundConfig]):
    """``take`` gives the frame loop what is heard, the newest alone.

    An input that is not there, or goes, is a fault of the stage ``sound``, and looked for with growing pauses. Samples live
    until the next few have come, a tenth of a second; from them two numbers are made, and nothing else goes anywhere.
    """

    def __init__(
        self,
        config: SoundConfig,
        notices: Notices,
        clock: Clock,
        open_source: Callable[[str | int, int], Source] = open_input,
    ) -> None:
        super().__init__(STAGE, config, notices, clock)
        self._config, self._open_source = config, open_source
        self._source: Source | None = None
        self._ear: Ear | None = None
        self._came_s = 0.0
        self._lock = threading.Lock()
        self._level: float | None = None
        self._taken: float | None = None
        self._onset = False

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
        if (old.input, old.channel) != (config.input, config.channel):
            self._let_go()
        elif self._ear is not None:
            self._ear.reconfigure(config)

    def _step(self, now_s: float) -> float | None:
        if self._config.input == OFF:
            self._let_go()
            self._state.dismiss()
            return None
        try:
            self._listen(now_s)
        except Exception:
            self._let_go()
            raise
        return ASK_S

    def _listen(self, now_s: float) -> None:
        if self._source is None or self._ear is None:
            self._source = self._open_source(self._config.input, self._config.channel)
            self._ear = Ear(self._source.rate, self._config)
            self._came_s = self._clock.now()
            log.info("sound: hearing %s at %g Hz", self._source.name, self._source.rate)
        samples, is_cut = self._source.read()
        if not len(samples):
            if now_s - self._came_s > LOST_S:
                raise OSError(f"{self._source.name} brings nothing")
            return
        self._came_s = now_s
        if is_cut:
            self._ear.cut()
        onsets = self._ear.feed(samples)
        with self._lock:
            self._level = round(self._ear.level, 3)
            self._onset |= onsets > 0
        self._state.worked()

    def _let_go(self) -> None:
        held, self._source, self._ear = self._source, None, None
        with self._lock:
            self._level, self._onset = None, False
        if held is not None:
            held.close()

    def _end(self) -> None:
        self._let_go()
