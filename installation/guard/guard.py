"""The guard: starts the piece, listens to its beats, ends it when it hangs or grows, starts it again. See docs/guard.md.

It decides nothing itself: ``VitalSigns`` says whether a run is alive, ``Policy`` what comes after it, ``Hooks`` are told.
Whatever fails in the guard itself (a socket, a hook, a full disk) is logged, and it goes on.
"""

from __future__ import annotations

import contextlib
import logging
import select
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installation.base.clock import Clock
from installation.base.exit_codes import AS_ASKED, BAD_INPUT, RESTART
from installation.base.pacing import Every
from installation.base.places import runtime_folder
from installation.base.processes import adopt_orphans
from installation.base.sd_notify import FIGURES, Listener, Message, Notifier
from installation.base.supervisor import StopSignal
from installation.base.unattended import Unattended
from installation.config.guard import GuardConfig
from installation.guard.child import Child, put_old_shared_memory_away
from installation.guard.hooks import EndedRun, Hooks, StartedRun, Why
from installation.guard.policy import Policy
from installation.guard.vital_signs import VitalSigns

log = logging.getLogger(__name__)

STEP_S = 0.1
TICK_S, MEMORY_S, SHARES_S, FILES_S = 0.25, 1.0, 10.0, 2.0
"""Between two ticks, looks at the memory, exact looks at it, looks at the settings files (with safe settings)."""

Ended = tuple[Why, str]


@dataclass(frozen=True)
class Orders:
    """What the guard is for."""

    command: Sequence[str]
    """Starts the piece."""
    environ: Mapping[str, str]
    """Of the piece, without what the guard adds."""
    pid: int
    """The guard's own."""
    settings: Callable[[], GuardConfig]
    """Read before each run."""
    changed: Callable[[], bool]
    """Whether the settings files have changed since the last call. Both raise OSError where no file more may be opened."""
    listens: bool = True
    """Whether the piece can tell that it is alive; without, only its end is seen."""


@dataclass
class _Due:
    tick: Every = field(default_factory=lambda: Every(TICK_S))
    memory: Every = field(default_factory=lambda: Every(MEMORY_S))
    shares: Every = field(default_factory=lambda: Every(SHARES_S))
    files: Every = field(default_factory=lambda: Every(FILES_S))


class Guard:
    """``run`` returns when the end was asked for, or the piece ended as asked. Main thread only."""

    def __init__(self, orders: Orders, clock: Clock, stop: StopSignal, hooks: Hooks, master: Notifier) -> None:
        """``master``: who started the guard (systemd), told READY and WATCHDOG only while the piece beats."""
        self._orders, self._clock, self._stop, self._hooks, self._master = orders, clock, stop, hooks, master
        self._config = orders.settings()
        self._policy = Policy(self._config.retry_s, master.is_heard)
        self._listener: Listener | None = None
        self._due = _Due()
        self._number = 0
        self._pss_mb = 0.0
        self._mine = hooks.trouble.survive

    def run(self) -> int:
        """Keep the piece running; gives the exit code."""
        adopt_orphans()
        put_old_shared_memory_away()
        code = AS_ASKED
        try:
            while not self._stop.is_set:
                ended = self._one_run()
                self._hooks.call(self._hooks.on_ended, ended)
                following = self._policy.ended(ended)
                if following.news:
                    log.error("guard: %s", following.news)
                if following.end is not None:
                    code = following.end
                    break
                if ended.is_failure:
                    self._tell(f"{ended.text}; the piece is started again in {following.pause_s:g} s")
                self._pause(following.pause_s)
        finally:
            self._master.stopping(self._stop.reason or "the piece ended")
            for hook in self._hooks.on_end:
                self._mine(hook)
            if self._listener is not None:
                self._listener.close()
        log.info("guard: done: %s", self._stop.reason or "the piece ended")
        return code

    def _one_run(self) -> EndedRun:
        """From the start of the piece to the end of its last process."""
        self._number += 1
        self._mine(self._read_settings)
        safe, config, started_s = self._policy.safe, self._config, self._clock.now()
        try:
            child = Child(self._orders.command, self._environment(config, safe), self._clock_wait)
        except OSError as error:
            text = f"the piece cannot be started ({error.strerror})"
            log.error("guard: %s", text)
            return EndedRun(self._number, 0, "start", text, 1, started_s, self._clock.now(), False, None, safe)
        started = StartedRun(self._number, child.pid, started_s, safe)
        signs = VitalSigns(started_s, config.start_s, config.hang_s)
        if self._listener is None:
            signs.deafen()
        log.info(
            "guard: run %d of the piece (process %d)%s", self._number, child.pid, ", safe settings" if safe else ""
        )
        why: Ended = ("asked", "the guard ends")
        code = -signal.SIGKILL
        try:
            self._hooks.call(self._hooks.on_started, started)
            why = self._watch(child, signs, started, config)
        finally:
            hangs = why[0] in ("hang", "start")
            code = child.end(politely=not hangs, stacks=hangs)
        if why[0] == "ended":
            why = _ending(code)
        ended = EndedRun(
            number=self._number,
            pid=child.pid,
            why=why[0],
            text=why[1],
            code=code,
            started_s=started_s,
            ended_s=self._clock.now(),
            was_ready=signs.is_ready,
            figures=signs.figures,
            safe=safe,
            last_lines=tuple(child.last_lines),
        )
        level = logging.ERROR if ended.is_failure else logging.INFO
        log.log(level, "guard: run %d is over after %.0f s: %s", self._number, ended.lasted_s, ended.text)
        return ended

    def _read_settings(self) -> None:
        """Before a run; what is saved from here on is new."""
        self._orders.changed()
        self._config = self._orders.settings()

    def _watch(self, child: Child, signs: VitalSigns, started: StartedRun, config: GuardConfig) -> Ended:
        """Until the piece has ended or must."""
        while True:
            self._mine(lambda: self._listen(child, signs, started))
            now_s = self._clock.now()
            self._tick(now_s)
            if child.has_ended:
                return "ended", ""
            if self._stop.is_set:
                return "asked", f"the guard ends: {self._stop.reason}"
            verdict = signs.verdict(now_s) or self._too_much_memory(child, config.memory_mb, now_s)
            if verdict is not None:
                return verdict
            if started.safe and self._own_settings_again(now_s):
                self._policy.try_own_settings()
                return "restart", "the piece's own settings are tried again"

    def _listen(self, child: Child, signs: VitalSigns, started: StartedRun) -> None:
        """Wait for up to STEP_S, and take what the piece told."""
        if self._listener is None:
            self._stop.wait(STEP_S)
            return
        try:
            ready, _, _ = select.select([self._listener], [], [], STEP_S)
            messages = self._listener.receive() if ready else []
        except (OSError, ValueError):
            # The next run gets another.
            self._listener.close()
            self._listener = None
            signs.deafen()
            raise
        for message in messages:
            # Another process of this machine may know the name; the kernel says who it is.
            if message.pid in (None, child.pid):
                self._take(message, signs, started)

    def _take(self, message: Message, signs: VitalSigns, started: StartedRun) -> None:
        was_ready = signs.is_ready
        is_beat = signs.hear(message, self._clock.now(), self._pss_mb)
        if signs.is_ready and not was_ready:
            self._master.ready()
            self._tell("running" + (f"; safe settings: {started.safe}" if started.safe else ""))
            self._hooks.call(self._hooks.on_ready, started)
        if is_beat:
            figures = message.figures
            self._master.send({"WATCHDOG": "1", **({FIGURES: figures} if figures is not None else {})})
            if signs.figures is not None:
                self._hooks.call(self._hooks.on_figures, signs.figures)

    def _too_much_memory(self, child: Child, most_mb: float, now_s: float) -> Ended | None:
        if self._due.shares.due(now_s):
            self._pss_mb = child.proportional_mb()
        if not most_mb or not self._due.memory.due(now_s) or child.resident_mb() <= most_mb:
            return None
        self._pss_mb = child.proportional_mb()
        if self._pss_mb <= most_mb:
            return None
        return "memory", f"{self._pss_mb:.0f} MiB of memory, more than guard.memory_mb ({most_mb:g})"

    def _own_settings_again(self, now_s: float) -> bool:
        return self._policy.is_time_to_try(now_s) or self._are_saved(now_s)

    def _are_saved(self, now_s: float) -> bool:
        if not self._due.files.due(now_s):
            return False
        with contextlib.suppress(OSError):
            return self._orders.changed()
        return False

    def _pause(self, seconds: float) -> None:
        """Before the next run; settings that are saved meanwhile end it."""
        until_s = self._clock.now() + seconds
        while not self._stop.is_set and (now_s := self._clock.now()) < until_s:
            self._tick(now_s)
            if self._are_saved(now_s):
                self._policy.try_own_settings()
                return
            self._stop.wait(min(STEP_S, until_s - now_s))

    def _environment(self, config: GuardConfig, safe: str) -> dict[str, str]:
        found = {**self._orders.environ, **Unattended(self._orders.pid, safe).environment()}
        if self._listener is None and self._orders.listens:
            try:
                self._listener = Listener(_folder())
            except (OSError, AttributeError) as error:
                log.error("guard: no socket for beats (%s): a piece that hangs will not be noticed", error)
        if self._listener is not None:
            self._listener.receive(10_000)  # what the last run left
            found |= self._listener.environment(config.hang_s)
        return found

    def _tick(self, now_s: float) -> None:
        if self._due.tick.due(now_s):
            self._hooks.call(self._hooks.on_tick, now_s)

    def _tell(self, text: str) -> None:
        log.info("guard: %s", text)
        self._master.status(text)

    def _clock_wait(self, seconds: float) -> None:
        """A signal of its own: the end may be asked for already."""
        StopSignal().wait(seconds)


def _ending(code: int) -> Ended:
    """What an exit code says."""
    if code < 0:
        try:
            return "killed", f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return "killed", f"killed by signal {-code}"
    if code == AS_ASKED:
        return "ended", "ended as asked"
    if code == RESTART:
        return "restart", "asked to be started again"
    return ("refused" if code == BAD_INPUT else "broke"), f"exit code {code}"


def _folder() -> Path | None:
    with contextlib.suppress(OSError):
        return runtime_folder()
    return None
