"""The border of one network service: what fails inside is the trouble of that service alone, and over only when it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from installation.base.backoff import Backoff

if TYPE_CHECKING:  # The sending process stays small: it needs no log.
    from installation.base.notices import Kind

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 5.0
"""Between two tries. What was mended is noticed within the longer one."""


class NoticeBoard(Protocol):
    """Where faults and fallbacks are raised and resolved, as in Notices."""

    def fault(self, stage: str, message: str) -> None:
        """Raise a fault."""

    def fallback(self, stage: str, message: str) -> None:
        """Raise a fallback."""

    def resolve(self, stage: str, kind: Kind | None = None) -> None:
        """It works again."""

    def withdraw(self, stage: str, kind: Kind | None = None) -> None:
        """It is no longer asked for, or something else is wrong by now."""


class ServiceState:
    """The state of one service: its one trouble, when it is tried again, and whether it works.

    Whoever runs the service calls it in ``try``, and ``failed`` for whatever Exception comes out of it, foreseen or not.
    Nothing but ``worked``, called by the service where it has truly done its work, resolves the notice. Reads no clock.
    """

    def __init__(self, stage: str, notices: NoticeBoard) -> None:
        self.stage = stage
        self._notices = notices
        self._retries = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._kind: Literal["fault", "fallback"] | None = None
        self._said: tuple[str, str] | None = None
        # What an earlier process of this service may have raised is over when this one works.
        self._settled = False

    @property
    def troubled(self) -> bool:
        """Whether a notice of this service holds."""
        return self._kind is not None

    def failed(self, message: str, now_s: float = 0.0, kind: Literal["fault", "fallback"] = "fault") -> float:
        """It does not work: one notice says so, in place of the one before. Gives the seconds until the next try is due."""
        if (kind, message) != self._said:
            (self._notices.fault if kind == "fault" else self._notices.fallback)(self.stage, message)
            self._said = kind, message
        if self._kind not in (None, kind):
            self._notices.withdraw(self.stage, self._kind)
        self._kind, self._settled = kind, False
        return self._retries.fail(now_s)

    def worked(self) -> None:
        """It has just done what it is for. Costs nothing while all is well."""
        if not self._settled:
            self._settled, self._kind, self._said = True, None, None
            self._retries.reset()
            self._notices.resolve(self.stage)

    def dismiss(self) -> None:
        """Nothing, or something else, is asked of it from now on: the notice falls, and the next try may be made at once."""
        if not self._settled:
            self._notices.withdraw(self.stage)
        self._kind, self._settled, self._said = None, False, None
        self._retries.reset()

    def hurry(self) -> None:
        """Something else is to be tried: at once, and with short pauses again. The notice holds until that works."""
        self._retries.reset()

    def due(self, now_s: float) -> bool:
        """Whether it may be tried at ``now_s``."""
        return self._retries.due(now_s)


def why(error: BaseException) -> str:
    """What an error says, for a notice: the system's words, or the kind of an error that nobody foresaw."""
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return f"{type(error).__name__}: {error}"
