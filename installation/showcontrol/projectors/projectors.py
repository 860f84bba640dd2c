"""Projectors kept on or off: each has a thread of its own, so that one that hangs holds up neither picture nor the others."""

from __future__ import annotations

import contextlib

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.hours import HoursConfig, ProjectorConfig
from installation.showcontrol.projectors.pjlink import BusyError, PjlinkError, power_of, set_power
from installation.showcontrol.service_thread import ServiceThread

LOOK_S, BUSY_S = 30.0, 4.0
"""Between two questions: as a rule, and while it warms up, cools down or was just told something."""
PATIENCE_S = 300.0
"""What has not come to the wanted state by then has a fault: lamps warm up and cool down in two minutes."""
FIRST_AGAIN_S, LONGEST_AGAIN_S = 60.0, 1800.0
"""A projector that somebody switched by hand, or that switched itself, is told again after such a pause."""


class Projector(ServiceThread[ProjectorConfig]):
    """One projector. ``want`` may be called at any time by any thread and does not wait; close leaves it as it is."""

    def __init__(self, config: ProjectorConfig, notices: Notices, clock: Clock) -> None:
        super().__init__(f"projector {config.label}", config, notices, clock)
        self._config = config
        self._wanted: bool | None = None
        self._taken: bool | None = None
        """What the thread works at."""
        self._reached = False
        self._since_s = 0.0
        self._again = Backoff(FIRST_AGAIN_S, LONGEST_AGAIN_S)

    def close(self) -> None:
        """End the thread without waiting for it: it may wait for the projector, which nobody needs any more."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()

    def want(self, on: bool | None) -> None:
        """Bring it there and keep it there; None: leave it as it is."""
        with self._wake:
            if on == self._wanted:
                return
            self._wanted = on
            # As with other settings: what failed is tried again at once.
            self._changed = True
            self._wake.notify_all()

    def _reconfigure(self, config: ProjectorConfig) -> None:
        self._config, self._taken = config, None

    def _step(self, now_s: float) -> float | None:
        wanted = self._wanted
        if wanted != self._taken:
            self._taken, self._reached, self._since_s = wanted, False, now_s
            self._again.reset()
        if wanted is None:
            self._state.dismiss()
            return None
        power = power_of(self._config, self._clock.now)
        if power == ("on" if wanted else "off"):
            self._reached, self._since_s = True, now_s
            self._state.worked()
            return LOOK_S
        if power in ("on", "off"):
            if self._reached:
                # By hand, or by itself: whoever stands there with the remote control gets a minute.
                self._reached = False
                self._again.fail(now_s)
            if not self._again.due(now_s):
                self._since_s = now_s
                return BUSY_S
            with contextlib.suppress(BusyError):  # as if it had said that it cools down
                set_power(self._config, wanted, self._clock.now)
        if now_s - self._since_s > PATIENCE_S:
            raise PjlinkError(f"it does not go {'on' if wanted else 'off'}; it says {power}")
        self._state.worked()
        return BUSY_S

    def _end(self) -> None:
        """It stays as it is: a restart must not cost the lamp a start."""
        self._state.dismiss()


class Projectors:
    """All of ``hours.projectors``. ``want`` and ``reconfigure`` belong to the frame loop and do not wait."""

    def __init__(self, config: HoursConfig, notices: Notices, clock: Clock) -> None:
        self._notices, self._clock = notices, clock
        self._on: bool | None = None
        self._projectors: dict[tuple[str, int, str], Projector] = {}
        self.reconfigure(config)

    def start(self) -> None:
        """Begin with those that do not run yet. RuntimeError where the system gives no thread."""
        for projector in self._projectors.values():
            projector.start()

    def want(self, on: bool | None) -> None:
        """All on or off from now on; None: leave them as they are."""
        self._on = on
        for projector in self._projectors.values():
            projector.want(on)

    def reconfigure(self, config: HoursConfig) -> None:
        """Go on with other projectors."""
        wanted = {(one.host, one.port, one.name): one for one in config.projectors}
        for place in self._projectors.keys() - wanted.keys():
            self._projectors.pop(place).close()
        for place, one in wanted.items():
            known = self._projectors.get(place)
            if known is None:
                known = self._projectors[place] = Projector(one, self._notices, self._clock)
                known.want(self._on)
            else:
                known.reconfigure(one)

    def close(self) -> None:
        """End the threads; the projectors stay as they are."""
        for projector in self._projectors.values():
            projector.close()
