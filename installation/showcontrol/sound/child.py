"""The process that hears: it alone has the samples, and tells two numbers.

Why a process: what drivers do cannot be relied on. One whose sound server is killed may wait for ever in native code, where no
thread of ours could be ended; ALSA and JACK also complain on the terminal at each try.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Literal

from installation.base.backoff import Backoff
from installation.base.clock import Clock, RealClock
from installation.base.processes import end_with, leave_ends_to_parent, no_core_dumps
from installation.config.sound import SoundConfig
from installation.showcontrol.service_state import FIRST_RETRY_S, LONGEST_RETRY_S, why
from installation.showcontrol.sound.devices import Source, open_input
from installation.showcontrol.sound.ear import Ear

ASK_S, TELL_S = 0.01, 0.02
"""The input is asked this often; the level told so often, an onset at once."""
LOST_S = 2.0
"""An input that brings nothing for so long, not even silence, has gone."""

Word = tuple[Literal["opened"], str] | tuple[Literal["heard"], float, bool] | tuple[Literal["trouble"], str]
"""opened: name and rate, for people. heard: level [0, 1], and whether something has set in. trouble: why nothing is heard."""
Open = Callable[[str | int, int], Source]


def run_child(pipe: Connection, config: SoundConfig) -> None:
    """Hear until the parent is gone. Main function of the child."""
    leave_ends_to_parent()
    # A hang in native code would not notice that the pipe is closed.
    end_with(os.getppid())
    no_core_dumps()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        listen(pipe, config, RealClock(), open_input)
    except (EOFError, OSError):
        # A driver could delay a polite exit.
        os._exit(0)


def listen(pipe: Connection, config: SoundConfig, clock: Clock, open_source: Open) -> None:
    """Hear what ``config`` says, and what comes through ``pipe`` in its place, and tell it there. Raises EOFError or OSError of
    the pipe when the parent is gone, and nothing else."""
    hearing = _Hearing(config, clock, open_source)
    retries = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
    try:
        while True:
            wait_s = ASK_S
            try:
                word = hearing.next()
            except Exception as error:  # noqa: BLE001 - a driver's border: told, and tried again
                hearing.close()
                word, wait_s = ("trouble", why(error)), retries.fail()
            if word is not None:
                pipe.send(word)
                if word[0] == "heard":
                    retries.reset()
            if pipe.poll(wait_s):
                hearing.reconfigure(pipe.recv())
    finally:
        hearing.close()


class _Hearing:
    """An input, opened when it is first asked, and the ear at it."""

    def __init__(self, config: SoundConfig, clock: Clock, open_source: Open) -> None:
        self._config, self._clock, self._open = config, clock, open_source
        self._source: Source | None = None
        self._ear: Ear | None = None
        self._came_s = self._told_s = 0.0

    def reconfigure(self, config: SoundConfig) -> None:
        """Go on with other settings; the input stays open where it is the same."""
        old, self._config = self._config, config
        if (old.device, old.channel) != (config.device, config.channel):
            self.close()
        elif self._ear is not None:
            self._ear.reconfigure(config)

    def next(self) -> Word | None:
        """What there is to tell. OSError where nothing can be heard."""
        if self._source is None or self._ear is None:
            source = self._source = self._open(self._config.device, self._config.channel)
            self._ear = Ear(source.rate, self._config)
            self._came_s = self._clock.now()
            return "opened", f"{source.name} at {source.rate:g} Hz"
        samples, is_cut = self._source.read()
        now_s = self._clock.now()
        if not len(samples):
            if now_s - self._came_s > LOST_S:
                raise OSError(f"{self._source.name} brings nothing")
            return None
        self._came_s = now_s
        if is_cut:
            self._ear.cut()
        sets_in = self._ear.feed(samples) > 0
        if not sets_in and now_s - self._told_s < TELL_S:
            return None
        self._told_s = now_s
        return "heard", round(self._ear.level, 3), sets_in

    def close(self) -> None:
        """Close the input."""
        held, self._source, self._ear = self._source, None, None
        if held is not None:
            held.close()
