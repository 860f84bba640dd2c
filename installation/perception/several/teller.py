"""A machine that only sees: tells what it sees, and its time to who asks."""

from __future__ import annotations

import secrets
import threading

from installation.base.clock import Clock
from installation.base.host_port import Place
from installation.base.notices import Notices
from installation.base.threads import try_to_start, unending
from installation.network.sockets import Network, NetworkError
from installation.network.wire import WireError, pack, unpack
from installation.perception.several.messages import VERSION, Told, pack_observation
from installation.types import Observation

STAGE = "eyes clock"
LOOK_S = 0.05
QUESTION_BYTES = 4096


class Teller:
    """``tell`` from one thread only. Raises NetworkError where the place cannot be listened on."""

    def __init__(self, network: Network, place: Place, clock: Clock, notices: Notices) -> None:
        self._network, self._clock, self._notices = network, clock, notices
        self.epoch, self.sent, self.sent_bytes = secrets.token_hex(8), 0, 0
        self._out = network.open("publish", place)
        try:
            self._answers = network.open("answer", place.beside(1), QUESTION_BYTES)
        except NetworkError:
            self._out.close()
            raise
        self._stop = threading.Event()
        self._thread = threading.Thread(target=unending(self._answer, self._stop, notices, STAGE), name="eyes clock")
        self._thread.daemon = True
        try_to_start(self._thread, notices, STAGE)

    def tell(self, observation: Observation) -> None:
        """To all who listen; who does not take it in time goes without."""
        self.sent += 1
        parts = pack_observation(Told(self.epoch, self.sent, observation))
        self.sent_bytes += sum(len(part) for part in parts)
        self._out.send(parts)

    def close(self) -> None:
        """Tell nothing more."""
        self._stop.set()
        self._thread.join(1.0)
        self._answers.close()
        self._out.close()
        self._network.close()

    def _answer(self) -> None:
        while not self._stop.is_set():
            self._network.wait([self._answers], LOOK_S)
            heard_s = self._clock.now()
            while (parts := self._answers.receive()) is not None:
                try:
                    asked_s = unpack(parts[1:]).values.get("asked_s")
                except WireError:
                    continue
                if isinstance(asked_s, float):
                    times = {"asked_s": asked_s, "heard_s": heard_s, "answered_s": self._clock.now()}
                    self._answers.send([parts[0], *pack("clock", VERSION, {"epoch": self.epoch, **times})])
            self._notices.resolve(STAGE)
