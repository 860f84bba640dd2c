"""OSC from sound and light desks, an operator's tablet or a script: commands, settings, questions."""

from __future__ import annotations

import contextlib
import math
import select
import socket
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any

from installation.base.clock import Clock, RealClock
from installation.base.notices import Notices
from installation.config.live_settings import ControlDesk
from installation.config.osc import OscConfig
from installation.config.setting_table import CONTROL, SAVE, SAVED
from installation.showcontrol.addresses import INCOMING, Argument, Message
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.allowed import Allowed
from installation.showcontrol.osc_in.answers import ERROR, Allowance, Answers, Reply
from installation.showcontrol.osc_in.decode import MAX_PACKET_BYTES, NotOscError, decode

MOST_WAITING = 32
"""Commands beyond this between two frames are dropped: somebody sends by the thousand."""
STAGE = "osc in"
GET = "/get"
BURST, REST_S = 16, 0.002
"""So many packets are read in a row before the thread rests, for a flood must not take the processor from the picture."""
_MOST_REFUSED = 256


class OscReceiver:
    """Listens on ``config.listen_host`` and ``listen_port`` (0: does not). ``take`` gives the commands that have come since.

    Settings (/control/...) go to ``desk``, questions (/get) are answered from it and from ``values``, both at once and in
    the thread that hears them. What is not understood is told to ``notices``, answered with /error and dropped; nothing that
    comes in can stop the piece. A port that is taken is a fault that is told; the piece goes on.
    """

    def __init__(
        self,
        config: OscConfig,
        notices: Notices,
        desk: ControlDesk | None = None,
        values: LastValues | None = None,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or RealClock()
        self._notices, self._desk, self._values = notices, desk, values
        self._waiting: deque[Message] = deque(maxlen=MOST_WAITING)
        self._stop = threading.Event()
        self._prefix = config.prefix
        self._answers = Answers(config.prefix, clock)
        self._telling = Allowance(0.5, clock)
        self._allow, self._allowed = config.allow, Allowed(config.allow)
        self._refused: OrderedDict[str, None] = OrderedDict()
        self._place = (config.listen_host, config.listen_port)
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.packets = 0
        """How many packets came over the network and were looked at, allowed or not."""
        self._open()

    @property
    def port(self) -> int | None:
        """The port that is listened on; None where none is."""
        return self._socket.getsockname()[1] if self._socket is not None else None

    def take(self) -> list[Message]:
        """The commands that have come since the last call: (address below the prefix, arguments), in order."""
        found = []
        with contextlib.suppress(IndexError):
            while True:
                found.append(self._waiting.popleft())
        return found

    def hear(self, data: bytes, who: str, reply: Reply) -> None:
        """One packet of a sender that is allowed; ``who`` names it (host, or host:port). Any thread; raises nothing."""
        try:
            messages = decode(data)
        except NotOscError as error:
            self._refuse(who, reply, "", f"this is no OSC: {error}")
            return
        for address, args in messages:
            if address.endswith(ERROR):  # An answer to an answer would never end.
                continue
            try:
                self._obey(address, args, who, reply)
            except KeyError as error:
                path = str(error.args[0])
                self._refuse(who, reply, address, lambda path=path: f"there is no {path!r}; {self._near(path)}")  # type: ignore[misc]
            except ValueError as error:
                self._refuse(who, reply, address, str(error))
            except Exception as error:  # noqa: BLE001 - whatever a stranger sends, the next packet is heard
                self._notices.fault(STAGE, f"{address[:80]!r}: {type(error).__name__}: {error}")

    def reconfigure(self, config: OscConfig) -> None:
        """Go on under another prefix, with other senders allowed or at another port."""
        self._prefix = self._answers.prefix = config.prefix
        if config.allow != self._allow:
            self._allow, self._allowed = config.allow, Allowed(config.allow)
            self._refused.clear()
        if (config.listen_host, config.listen_port) != self._place:
            self.close()
            self._stop.clear()
            self._place = (config.listen_host, config.listen_port)
            self._open()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(1.0)
        if self._socket is not None:
            self._socket.close()
        self._thread = self._socket = None

    def _obey(self, address: str, args: list[Any], who: str, reply: Reply) -> None:
        """One message. KeyError with an address below the prefix that does not exist, ValueError with what is wrong."""
        path = address.removeprefix(self._prefix)
        if path == address:
            raise ValueError(f"every address here begins with {self._prefix}")
        if path == GET or path.startswith(GET + "/"):
            self._answer(path.removeprefix(GET), args, who, reply)
        elif path == SAVE and self._desk is not None:
            self._answers.value(who, reply, SAVED, [self._desk.save()])
        elif path.startswith(CONTROL + "/") and self._desk is not None:
            self._desk.change(path, args)
        else:
            self._waiting.append(understood(address, args, self._prefix))
        self._notices.resolve(STAGE, "fallback")

    def _answer(self, path: str, args: list[Any], who: str, reply: Reply) -> None:
        if not path:
            if len(args) != 1 or not isinstance(args[0], str) or not args[0].startswith("/"):
                raise ValueError(f"{GET} takes one address, such as {CONTROL}/smoothing/label_hold_s")
            path = args[0].removeprefix(self._prefix)
        if path in INCOMING or path in (SAVE, GET):
            raise ValueError(f"{path} is a command and has no value")
        found: list[Argument] | None = None
        if self._desk is not None and path in self._desk.table:
            found = [self._desk.value(path)]
        elif self._values is not None:
            found = self._values.get(path)
        if found is None:
            raise KeyError(path)
        self._answers.value(who, reply, path, found)

    def _near(self, path: str) -> str:
        if self._desk is None or not path.startswith(CONTROL):
            return "or it was not sent yet"
        return self._desk.near(path)

    def _refuse(self, who: str, reply: Reply, address: str, why: str | Callable[[], str]) -> None:
        """Tell the sender and, now and then, the operator; searching for what was meant is left out where nobody hears."""
        if callable(why):
            why = why() if self._telling.has("near") else "it does not exist"
        self._answers.error(who, reply, address, why)
        self._tell(f"{who}: {address[:80]!r}: {why}; not used" if address else f"{who}: {why}; not used")

    def _tell(self, text: str) -> None:
        if self._telling.has("notice"):
            self._notices.fallback(STAGE, text[:300])

    def _open(self) -> None:
        host, port = self._place
        self._notices.resolve(STAGE)
        if port == 0:
            return
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            listening = socket.socket(family, kind)
            try:
                listening.bind(address)
            except OSError:
                listening.close()
                raise
        except OSError as error:
            self._notices.fault(STAGE, f"cannot listen on {host}:{port} ({error}); change osc.listen_port")
            return
        listening.setblocking(False)
        self._socket = listening
        self._thread = threading.Thread(target=self._listen, args=(listening,), name="osc-in", daemon=True)
        self._thread.start()

    def _listen(self, listening: socket.socket) -> None:
        in_a_row = 0
        while not self._stop.is_set():
            try:
                data, sender = listening.recvfrom(MAX_PACKET_BYTES + 1)
            except BlockingIOError:
                in_a_row = 0
                select.select([listening], [], [], 0.1)
                continue
            except ConnectionError:  # Windows: an answer before this one reached nobody.
                continue
            except OSError as error:
                self._tell(str(error))
                self._stop.wait(0.1)
                continue
            self._receive(listening, data, sender)
            self.packets += 1
            in_a_row += 1
            if in_a_row == BURST:
                in_a_row = 0
                self._stop.wait(REST_S)

    def _receive(self, listening: socket.socket, data: bytes, sender: Any) -> None:
        def reply(packet: bytes) -> None:
            with contextlib.suppress(OSError):  # Whoever asked is gone, or the line is full.
                listening.sendto(packet, sender)

        host = str(sender[0])
        if self._allowed.has(host):
            self.hear(data, f"{host}:{sender[1]}", reply)
        elif host not in self._refused:
            self._refused[host] = None
            if len(self._refused) > _MOST_REFUSED:
                self._refused.popitem(last=False)
            self._answers.error(
                host, reply, "", f"{host} is in none of the networks of osc.allow; nothing is taken from it"
            )
            self._tell(f"{host} sends, but is in none of the networks of osc.allow; not used")


def understood(address: str, args: list[Any], prefix: str) -> Message:
    """(address below the prefix, arguments in plain types). ValueError for what is not in the table INCOMING."""
    path = address.removeprefix(prefix)
    if path == address or path not in INCOMING:
        raise ValueError(f"there is no such address; there are {', '.join(INCOMING)}, {GET} and {CONTROL}/...")
    wanted = INCOMING[path]
    # Desks send a 1.0, or a nothing, with every button; it says nothing and harms nothing.
    if args and len(args) > len(wanted.args) and all(value is None or _is_number(value) for value in args):
        args = args[: len(wanted.args)]
    if len(args) > len(wanted.args):
        raise ValueError(f"takes {len(wanted.args)} arguments at most, not {len(args)}")
    plain: list[Argument] = []
    for arg, value in zip(wanted.args, args):
        if arg.tag == "s" and not isinstance(value, str):
            raise ValueError(f"{arg.name} must be text, not {str(value)[:40]!r}")
        if arg.tag != "s" and not (_is_number(value) and math.isfinite(value)):
            raise ValueError(f"{arg.name} must be a number, not {str(value)[:40]!r}")
        plain.append(arg.fit(value))
    return path, plain


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
