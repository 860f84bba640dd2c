"""The server that runs networks for this machine: looked after by a thread, so that no painter ever waits for what is gone."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Iterable
from pathlib import Path

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.onnx_sessions import OnnxModel
from installation.config.generation import GenerationConfig
from installation.config.inference_server import ServerAddress, server_address
from installation.generation.enlarge import ENLARGER
from installation.generation.server.client import Client, Connect, ServerError
from installation.generation.server.connecting import connect
from installation.generation.server.identity import Known, ask, check_alike, compare
from installation.generation.server.lent import FIRST_RETRY_S, LONGEST_RETRY_S, Lent, Link

log = logging.getLogger(__name__)

STAGE = "server"
CHECK_S, PROBE_S = 1.0, 5.0
"""The server has so long to say whether it is there, and for the first picture: it may have to load the network."""
RECHECK_S = 60.0
"""A network that is well is looked at this often: somebody may have put another in its place."""
LOOK_S = 0.1
"""Between two looks at what is due while something is not well."""
CLOSE_S = 0.5
WHOLE = ("gone", "slow", "broken")
"""Troubles that may be the whole server's: nothing is asked of it until it has said that it is there."""


def left_out(config: GenerationConfig) -> frozenset[str]:
    """Names of networks that stay on this machine by the settings."""
    return frozenset() if config.server_enlarges else frozenset({Path(ENLARGER).stem})


class Server:
    """``lend`` and ``reconfigure`` may be called from any thread. The thread begins when there is a server and a network.

    A server that is slow, gone, full or has another network is a fallback, with one notice for the server (stage "server")
    or for each network ("server texture"); a client that is not installed is a fault. Pauses between tries grow to 5 seconds.
    """

    def __init__(self, config: GenerationConfig, clock: Clock, notices: Notices, connect: Connect = connect) -> None:
        self._clock, self._notices, self._connect = clock, notices, connect
        self._changed = threading.Condition()
        self._lent: weakref.WeakSet[Lent] = weakref.WeakSet()
        self._address: ServerAddress | None = None
        self._deadline_s = config.server_deadline_s
        self._left_out: frozenset[str] = left_out(config)
        self._backoff = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._trouble: ServerError | None = None
        self._told: set[str] = set()
        self._closed = False
        self._thread: threading.Thread | None = None
        self.reconfigure(config)

    def lend(self, model: OnnxModel) -> None:
        """From now on ``model`` runs on the server while that is well. It stays loaded here, to take over at once."""
        lent = Lent(Known.of(model), model.session, self._lost)
        model.session = lent
        with self._changed:
            self._lent.add(lent)
            self._wake()

    def reconfigure(self, config: GenerationConfig) -> None:
        """Go on with other settings."""
        address = server_address(config.server) if config.server else None
        with self._changed:
            wanted = (address, config.server_deadline_s, left_out(config))
            if wanted == (self._address, self._deadline_s, self._left_out):
                return
            self._address, self._deadline_s, self._left_out = wanted
            self._backoff.reset()
            self._trouble = None
            for lent in self._lent:
                lent.link = lent.trouble = None
                lent.backoff.reset()
            self._wake()

    def close(self) -> None:
        """Ask nothing more; the thread ends by itself where it waits for the server."""
        with self._changed:
            self._closed = True
            for lent in self._lent:
                lent.link = None
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(CLOSE_S)

    def _wake(self) -> None:
        if self._thread is None and self._address is not None and self._lent and not self._closed:
            self._thread = threading.Thread(target=self._run, name="server", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _lost(self, lent: Lent, error: ServerError) -> None:
        """A painter's request failed; it paints on this machine already."""
        with self._changed:
            lent.link, lent.trouble = None, error
            lent.backoff.fail(self._clock.now())
            if error.trouble in WHOLE:
                for other in self._lent:
                    other.link = None
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            try:
                if not self._turn():
                    return
            except Exception as error:
                log.exception("looking after the server failed")
                self._notices.fault(STAGE, f"{type(error).__name__}: {error}; going on")
                threading.Event().wait(LONGEST_RETRY_S)

    def _turn(self) -> bool:
        """Look after all once, when something has changed or is due; whether there will be another time."""
        with self._changed:
            if not self._closed:
                self._changed.wait(LOOK_S if self._is_unwell() else 1.0)
            address, deadline_s, lent, closed = self._address, self._deadline_s, self._asked(), self._closed
        if closed:
            return False
        self._tell(address, lent)
        if address is not None:
            self._look(address, deadline_s, lent)
            self._tell(address, lent)
        return True

    def _is_unwell(self) -> bool:
        return self._address is not None and any(lent.link is None for lent in self._asked())

    def _asked(self) -> list[Lent]:
        return [lent for lent in self._lent if lent.known.name not in self._left_out]

    def _look(self, address: ServerAddress, deadline_s: float, lent: Iterable[Lent]) -> None:
        """Ask the server whether it is there, and for each network that is due."""
        now_s = self._clock.now()
        due = [
            one for one in lent if (one.backoff.due(now_s) if one.link is None else now_s - one.checked_s >= RECHECK_S)
        ]
        if not due or not self._backoff.due(now_s):
            return
        client: Client | None = None
        try:
            client = self._connect(address)
            client.check_ready(CHECK_S)
        except ServerError as error:
            self._is_down(error)
            return
        finally:
            if client is not None:
                client.close()
        with self._changed:
            self._trouble = None
            self._backoff.succeed()
        for one in due:
            self._check(one, address, deadline_s)

    def _is_down(self, error: ServerError) -> None:
        with self._changed:
            self._trouble = error
            self._backoff.fail(self._clock.now())
            for lent in self._lent:
                lent.link = lent.trouble = None

    def _check(self, lent: Lent, address: ServerAddress, deadline_s: float) -> None:
        """Have the server say what it has, and paint the trial's picture."""
        client: Client | None = None
        try:
            client = self._connect(address)
            in_front = compare(lent.known, client.served(lent.known.name, CHECK_S))
            self._probe(client, lent.known, in_front, deadline_s)
        except ServerError as error:
            with self._changed:
                lent.link, lent.trouble = None, error
                lent.backoff.fail(self._clock.now())
            return
        finally:
            if client is not None:
                client.close()
        with self._changed:
            # Meanwhile another server may have been chosen.
            same = (address, deadline_s) == (self._address, self._deadline_s)
            if same and lent.known.name not in self._left_out and not self._closed:
                lent.checked_s = self._clock.now()
                if lent.link is None:
                    log.info("%s runs on %s", lent.known.name, address)
                    lent.backoff.succeed(lent.checked_s)
                    lent.link = Link(address, self._connect, in_front, deadline_s)
                lent.trouble = None

    def _probe(self, client: Client, known: Known, in_front: frozenset[str], deadline_s: float) -> None:
        """The trial's picture, twice where the first came late: a server that was just started loads the network then."""
        trial, took_s = known.trial, 0.0
        for timeout_s in (PROBE_S, deadline_s):
            began_s = self._clock.now()
            answer = ask(client, known.name, trial.feeds, trial.expected, trial.output, in_front, timeout_s)
            took_s = self._clock.now() - began_s
            check_alike(known, answer)
            if took_s <= deadline_s:
                return
        raise ServerError("slow", f"it takes {took_s:.1f} s for a small picture")

    def _tell(self, address: ServerAddress | None, lent: Iterable[Lent]) -> None:
        """Bring the notices in line with how things are."""
        with self._changed:
            whole = self._trouble if address is not None else None
            found = {f"{STAGE} {one.known.name}": one.trouble for one in lent if one.trouble is not None}
            linked = {f"{STAGE} {one.known.name}" for one in lent if one.link is not None}
        told = {} if address is None else found
        if whole is not None:
            told = {STAGE: whole}
        for stage in self._told - set(told):
            well = bool(linked) if stage == STAGE else stage in linked
            (self._notices.resolve if well else self._notices.withdraw)(stage)
        for stage, error in told.items():
            what = "networks run" if stage == STAGE else f"{stage.removeprefix(f'{STAGE} ')} runs"
            missing = error.trouble == "missing"
            self._notices.withdraw(stage, "fallback" if missing else "fault")
            raise_it = self._notices.fault if missing else self._notices.fallback
            raise_it(stage, f"{address}: {error}; {what} on this machine")
        self._told = set(told)
