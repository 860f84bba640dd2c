"""Messages to commands, settings and questions: each done, put by for the frame loop, or refused with the reason."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Sequence

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.live_commands.lookup import GET, CommandRow, CommandTable, UnknownCommandError
from installation.live_commands.table import NETWORK, Argument
from installation.showcontrol import service_state
from installation.showcontrol.osc_in.answers import ERROR, Allowance, Answers, Reply
from installation.showcontrol.osc_in.decode import NotOscError, Value, decode

STAGE = "osc in"
MAX_WAITING = 32
"""Commands beyond this between two frames are dropped: somebody sends by the thousand."""
Waiting = tuple[str, list[Argument]]
"""A command's name and its arguments in plain types."""
Heard = Callable[[str, str, Sequence[object], str], None]
"""Told of each message: who sent it, its address and arguments, and why it was refused ("" where it was not)."""


class Dispatcher:
    """Gives what comes in to ``commands``; ``take`` gives the commands that are left to the frame loop.

    What is not understood is a notice, answered with /error and dropped; nothing that comes in can stop the piece.
    """

    def __init__(
        self, prefix: str, commands: CommandTable, notices: Notices, clock: Clock, heard: Heard | None = None
    ) -> None:
        self._commands, self._notices = commands, notices
        self._heard: Heard = heard if heard is not None else lambda _who, _address, _args, _refused: None
        self._waiting: deque[Waiting] = deque(maxlen=MAX_WAITING)
        self._answers = Answers(prefix, clock)
        self._reports = Allowance(0.5, clock)
        self._state = service_state.ServiceState(f"{STAGE}: messages", notices)

    @property
    def prefix(self) -> str:
        """What every address begins with."""
        return self._answers.prefix

    @prefix.setter
    def prefix(self, prefix: str) -> None:
        self._answers.prefix = prefix

    def take(self) -> list[Waiting]:
        """The commands that have come since the last call, in order."""
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
            self.refuse(who, reply, f"this is no OSC: {error}")
            return
        for address, args in messages:
            if address.endswith(ERROR):  # An answer to an answer would never end.
                continue
            try:
                self._perform(address, args, who, reply)
                self._heard(who, address, args, "")
            except UnknownCommandError as error:
                # Searching for what was meant takes time: in a flood it is left out.
                why = str(error) if self._reports.has("near") else "it does not exist"
                self.refuse(who, reply, why, address, args)
            except ValueError as error:
                self.refuse(who, reply, str(error), address, args)
            except Exception as error:  # noqa: BLE001 - whatever a stranger sends, the next packet is heard
                self._state.failed(f"{address[:80]!r} cannot be done ({service_state.why(error)})")

    def refuse(self, who: str, reply: Reply, why: str, address: str = "", args: Sequence[object] = ()) -> None:
        """Answer the sender with /error and, now and then, report it to the operator."""
        self._heard(who, address, args, why)
        self._answers.error(who, reply, address, why)
        self.report(f"{who}: {address[:80]!r}: {why}; not used" if address else f"{who}: {why}; not used")

    def turn_away(self, host: str, reply: Reply) -> None:
        """Answer a machine that may not send, and report it."""
        why = f"{host} is in none of the networks of osc.allow; nothing is taken from it"
        self._heard(host, "", (), why)
        self._answers.error(host, reply, "", why)
        self.report(why)

    def report(self, text: str) -> None:
        """Report to the operator, one in two seconds."""
        if self._reports.has("notice"):
            self._notices.fallback(STAGE, text[:300])

    def _perform(self, address: str, args: Sequence[Value], who: str, reply: Reply) -> None:
        """One message. ValueError, of which CommandError is one, with what is wrong."""
        asked, given = understood(address, args, self.prefix)
        name, plain = self._commands.meant(asked, given)
        row = self._commands.find(name)
        if row.kind == "command" and is_let_go(row, given, asked == name or plain is given):
            return
        plain = without_extra(row, plain)
        if row.kind == "command":
            self._waiting.append((name, self._commands.check(NETWORK, name, plain)))
        else:
            answer = self._commands.answer(NETWORK, name, plain)
            if answer is not None:
                self._answers.value(who, reply, answer.path, answer.args)
        # Somebody else may have sent what was not understood: it is past, not mended.
        self._notices.withdraw(STAGE, "fallback")
        self._state.worked()


def understood(address: str, args: Sequence[Value], prefix: str) -> tuple[str, Sequence[Value]]:
    """(name in the table of commands, arguments): what is asked for by /get may be the address's end. ValueError for another
    prefix."""
    name = address.removeprefix(f"{prefix}/")
    if name == address:
        raise ValueError(f"every address here begins with {prefix}")
    if name.startswith(f"{GET}/"):
        return GET, [name.removeprefix(GET)]
    if name == GET:
        return GET, [value.removeprefix(prefix) if isinstance(value, str) else value for value in args]
    return name, args


def is_let_go(row: CommandRow, args: Sequence[object], takes_them: bool) -> bool:
    """Whether a desk tells with a 0 that the button of a command without an argument was let go: it was obeyed when pressed.
    ``takes_them``: the command gets ``args``; an address of the artist's own has its arguments fixed."""
    is_zero = len(args) == 1 and isinstance(args[0], int | float) and args[0] == 0
    return is_zero and not (takes_them and row.tag)


def without_extra(row: CommandRow, args: Sequence[object]) -> Sequence[object]:
    """A command's arguments without the number, or nothing, that sound desks send along with every button; of a number and a
    name, as the piece itself sends them, the number."""
    if row.kind == "command" and row.tag == "f":
        return args[:1]
    wanted = 1 if row.tag else 0
    says_nothing = all(value is None or isinstance(value, int | float) for value in args)
    return args[:wanted] if row.kind == "command" and says_nothing else args
