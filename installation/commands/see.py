"""``run.py --eyes``: a machine that only sees: camera and perception, for a show elsewhere. Nothing is drawn here."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from installation.app import RunOptions
from installation.base.host_port import Place, place_of
from installation.base.mailbox import Closed
from installation.base.memory import resident_mb
from installation.base.pacing import Every
from installation.base.supervisor import StopSignal
from installation.capture.sources import CaptureError
from installation.commands.eyes import open_eyes, switched_eyes
from installation.commands.machine import Machine, run_machine, saved
from installation.config.machines import PORTS
from installation.network.keys import KeyFileError, read_keys
from installation.network.sockets import Network, NetworkError
from installation.perception.several.teller import Teller
from installation.perception.switched_eyes import SwitchedEyes
from installation.record.heartbeat import Heartbeat

log = logging.getLogger(__name__)

STAGE, TELLING = "eyes", "eyes out"
LOOK_S = 0.1


class SeeError(Exception):
    """What was set cannot be; says why."""


def see(options: RunOptions, stop: StopSignal) -> int:
    """See and tell until told to stop; gives the exit code: 0 as asked, 1 broken, 2 what was typed or set cannot be."""
    return run_machine(options, stop, _see, (SeeError, KeyFileError, NetworkError, CaptureError), "the eyes")


def _see(machine: Machine) -> int:
    options, clock, notices, report = machine.options, machine.clock, machine.notices, machine.report
    supervisor = machine.supervisor
    config, stand_in = options.settings.config, options.settings.stand_in
    if not config.eyes.publish:
        raise SeeError("--eyes: eyes.publish says where what is seen can be heard, such as *:5571; it is empty")
    if config.capture.target == "joined" or config.eyes.join:
        raise SeeError("--eyes: this machine sees with its own camera; eyes.join is for the show that it sees for")
    keys = read_keys(Path(config.eyes.key).expanduser()) if config.eyes.key else None
    place = place_of(config.eyes.publish, PORTS)
    teller = Teller(Network(keys), place, clock, notices)
    supervisor.add(STAGE, teller.close)
    open_them = partial(open_eyes, clock=clock, notices=notices, seed=options.seed)
    eyes = switched_eyes(config, clock, notices, open_them, stand_in.for_source if stand_in is not None else None)
    supervisor.add("source", eyes.close)
    is_safe = stand_in is not None and bool(stand_in.safe)
    beat = Heartbeat.from_environment(notices, report, is_safe, lambda: 0, lambda: eyes.current.describe())
    supervisor.add("heartbeat", beat.close)
    SeeLoop(machine, eyes, teller, beat).run(place)
    supervisor.begin_stop()
    report.more["source"] = eyes.current.describe()
    report.more["eyes"] = {"told": teller.sent, "bytes_each": round(teller.sent_bytes / max(teller.sent, 1))}
    return 0


class SeeLoop:
    """Hands each observation on. Main thread only."""

    def __init__(self, machine: Machine, eyes: SwitchedEyes, teller: Teller, beat: Heartbeat) -> None:
        options = machine.options
        self._seconds, self._eyes, self._teller, self._beat = options.seconds, eyes, teller, beat
        self._clock, self._notices = machine.clock, machine.notices
        self._report, self._stop = machine.report, machine.stop
        self._watcher = options.settings.watcher()
        self._polls, self._second = Every(0.5), Every(1.0)
        self._seq = 0

    def run(self, place: Place) -> None:
        """Until told to stop, or the time is over."""
        start_s = self._clock.now()
        self._eyes.current.begin()
        log.info("seeing: %s; to be heard at %s:%d", self._eyes.current.describe(), place.host, place.port)
        self._beat.ready()
        while not self._stop.is_set:
            now_s = self._clock.now()
            if self._seconds is not None and now_s - start_s >= self._seconds:
                self._stop.set(f"{self._seconds:g} seconds are over")
                break
            self._hand_on()
            if self._eyes.take_change():
                self._seq = 0
            if self._second.due(now_s):
                self._report.peak_pss_mb = max(self._report.peak_pss_mb or 0.0, resident_mb())
                self._beat.drawn(now_s, "eyes", ())
            if self._polls.due(now_s):
                self._poll_config()

    def _hand_on(self) -> None:
        try:
            got = self._eyes.current.observations.wait_newer(self._seq, LOOK_S)
        except Closed:
            self._stop.wait(LOOK_S)
            return
        if got is None:
            return
        self._seq, seen = got
        self._report.observations += 1
        try:
            self._teller.tell(seen)
        except ValueError as error:
            self._notices.fault(TELLING, f"an observation is not told: {error}")
        else:
            self._notices.resolve(TELLING)

    def _poll_config(self) -> None:
        try:
            found = saved(self._watcher, self._clock, self._notices)
        except OSError as error:
            self._notices.fault("files", f"changes cannot be looked for: {error}")
            return
        self._notices.resolve("files")
        if found is not None:
            self._eyes.reconfigure(found)
