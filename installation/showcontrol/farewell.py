"""The goodbye for a piece that was killed with all its processes: said by whoever watches over it, from the settings alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.settings import Config
from installation.showcontrol.lights.black_out import black_out
from installation.showcontrol.midi.midi import bring_to_rest
from installation.showcontrol.osc_out.goodbye import KILLED
from installation.showcontrol.osc_out.process import say_goodbye_for
from installation.showcontrol.osc_out.sender import specs_of
from installation.showcontrol.service_state import why

log = logging.getLogger(__name__)

LONGEST_S = 0.5
"""Whatever is not said by then is said while the caller goes on, or not at all."""


def farewell(config: Config, clock: Clock, reason: str = KILLED) -> None:
    """Let OSC's receivers hear that nobody is there and the piece has ended, and bring lamps and instruments to rest.

    Takes LONGEST_S at most and raises nothing: what fails is in the log. To say it twice does no harm.
    """
    notices = Notices(clock)
    parts: dict[str, Callable[[], None]] = {
        "osc": lambda: say_goodbye_for(specs_of(config.osc), config.osc.prefix, reason, clock),
        "lights": lambda: black_out(config.lights, notices, clock),
        "midi": lambda: bring_to_rest(config.midi),
    }
    until_s = clock.now() + LONGEST_S
    threads = []
    for name, say in parts.items():
        thread = threading.Thread(target=partial(_attempt, name, say), name=f"farewell-{name}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no thread is to be had
            log.warning("farewell: %s: %s", name, why(error))
        else:
            threads.append(thread)
    for thread in threads:
        thread.join(max(0.0, until_s - clock.now()))


def _attempt(name: str, say: Callable[[], None]) -> None:
    try:
        say()
    except Exception as error:  # noqa: BLE001 - one of them must not keep the others, or the restart, waiting
        log.warning("farewell: %s: %s", name, why(error))
