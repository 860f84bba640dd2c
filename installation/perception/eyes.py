"""What the piece sees with, and its change in mid-show: a source of pictures with perception, or a performer without any."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from installation.base.backoff import Backoff
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.base.threads import try_to_start, unending
from installation.config.perception import PerceptionConfig
from installation.config.settings import Config
from installation.perception.build import build_perceiver
from installation.perception.process import PerceptionProcess
from installation.types import Frame, Observation, Silhouette

log = logging.getLogger(__name__)

STAGE = "source"
CLOSE_S = 1.0
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 5.0


class FrameSource(Protocol):
    """Gives pictures, from ``start`` on."""

    frames: Latest[Frame]

    def start(self) -> None: ...
    def describe(self) -> str: ...
    def rest(self, on: bool) -> None: ...
    def close(self) -> None: ...
    def resolve_notices(self) -> None:
        """It was closed for another source: what was wrong with it matters no longer."""
        ...


class Performer(Protocol):
    """Gives observations without pictures, from ``start`` on."""

    observations: Latest[Observation]
    silhouettes: Latest[Silhouette]

    def start(self) -> None: ...
    def want_silhouettes(self, wanted: bool) -> None: ...
    def rest(self, on: bool) -> None: ...
    def describe(self) -> str: ...
    def close(self) -> None: ...


class Eyes(Protocol):
    """A source of observations. ``begin`` lets the pictures come; ``ready`` says that perception could see them.

    ``frames`` is None where there are no pictures. ``silhouettes`` come while ``want_silhouettes(True)`` was said last, which
    may be said at any time; the first ones half a second later.
    """

    name: str
    observations: Latest[Observation]
    silhouettes: Latest[Silhouette]
    frames: Latest[Frame] | None

    def begin(self) -> None: ...
    def ready(self) -> bool: ...
    def want_silhouettes(self, wanted: bool) -> None: ...
    def rest(self, on: bool) -> None:
        """Whether the source is to be left alone, so that nobody is seen; may be said at any time."""
        ...

    def describe(self) -> str: ...
    def providers(self) -> dict[str, str]: ...
    def child_pids(self) -> list[int]: ...
    def with_perception(self, config: Config) -> Eyes:
        """Eyes on the same source with the settings of perception in ``config``; these are of no use afterwards."""
        ...

    def close(self) -> None: ...
    def resolve_notices(self) -> None:
        """They were closed for others: what was wrong with their source matters no longer."""
        ...


class CameraEyes:
    """Pictures of a source and perception on them, in a process of its own that begins to load at once. Without ``emotions``
    (``emotion.enabled``) it reads none."""

    def __init__(
        self, name: str, source: FrameSource, config: PerceptionConfig, notices: Notices, emotions: bool = True
    ) -> None:
        self.name, self._source, self._notices = name, source, notices
        self._begun = False
        build = partial(build_perceiver, config, emotions)
        self._perception = PerceptionProcess(build, source.frames, notices, config.timeout_s)
        self.observations, self.silhouettes = self._perception.observations, self._perception.silhouettes
        self.frames: Latest[Frame] | None = source.frames
        self._perception.start()

    def begin(self) -> None:
        """Let the pictures come."""
        if not self._begun:
            self._begun = True
            self._source.start()

    def ready(self) -> bool:
        """Whether the networks are loaded."""
        return self._perception.ready

    def want_silhouettes(self, wanted: bool) -> None:
        """See ``Eyes``."""
        self._perception.want_silhouettes(wanted)

    def rest(self, on: bool) -> None:
        """See ``Eyes``."""
        self._source.rest(on)

    def describe(self) -> str:
        """The source and its rate, for the operator."""
        return self._source.describe()

    def providers(self) -> dict[str, str]:
        """{network: provider} of what runs in perception."""
        return self._perception.providers

    def child_pids(self) -> list[int]:
        """The perception process."""
        pid = self._perception.pid  # once: its thread lets go of one that ended
        return [pid] if pid is not None else []

    def with_perception(self, config: Config) -> CameraEyes:
        """Another perception on the same source, which goes on meanwhile."""
        self._perception.close()
        eyes = CameraEyes(self.name, self._source, config.perception, self._notices, config.emotion.enabled)
        eyes._begun = self._begun
        return eyes

    def close(self) -> None:
        """Perception first: it waits for frames and is woken by the closing mailbox anyway."""
        self._perception.close()
        self._source.close()

    def resolve_notices(self) -> None:
        """See ``Eyes``."""
        self._source.resolve_notices()


class PerformerEyes:
    """The simulated performer, or a performance: observations without a picture and without perception."""

    frames: Latest[Frame] | None = None

    def __init__(self, performer: Performer, name: str = "simulated") -> None:
        self._performer, self.name = performer, name
        self.observations, self.silhouettes = performer.observations, performer.silhouettes
        self._begun = False

    def begin(self) -> None:
        """Let the performer begin."""
        if not self._begun:
            self._begun = True
            self._performer.start()

    def ready(self) -> bool:
        """Always: nothing is loaded."""
        return True

    def want_silhouettes(self, wanted: bool) -> None:
        """See ``Eyes``."""
        self._performer.want_silhouettes(wanted)

    def rest(self, on: bool) -> None:
        """See ``Eyes``."""
        self._performer.rest(on)

    def describe(self) -> str:
        """For the operator."""
        return self._performer.describe()

    def providers(self) -> dict[str, str]:
        """Nothing runs."""
        return {}

    def child_pids(self) -> list[int]:
        """No process."""
        return []

    def with_perception(self, config: Config) -> PerformerEyes:  # noqa: ARG002 - nothing here perceives
        """The same: nothing of it depends on perception."""
        return self

    def close(self) -> None:
        """End the performer."""
        self._performer.close()

    def resolve_notices(self) -> None:
        """It raises none."""


class LiveEyes:
    """The eyes in use, and their change while the piece runs. For the main thread; what takes long is done in another.

    A change of ``perception``, or of whether emotions are read, keeps the source. A new source is looked for before the old one
    is closed, so that a wrong name changes nothing; but for "auto", which tries cameras: a camera has one reader at a time, so
    the old one goes first.
    ``current`` are the eyes in use; ``take_change`` puts new ones in their place.
    """

    def __init__(
        self,
        config: Config,
        open_eyes: Callable[[Config], Eyes],
        notices: Notices,
        stand_ins: Callable[[Config], Sequence[Config]] | None = None,
    ) -> None:
        """``open_eyes`` raises what ``current`` at the start may raise, too; but with ``stand_ins``. They give what runs where
        the source of ``config`` cannot be had, the first that can be, and meanwhile it is looked for again and again."""
        self._open, self._notices = open_eyes, notices
        self.current, self._used = self._first(config, stand_ins)
        self._tried = self._wanted = config
        """Whose eyes are in use, what was tried last, and what is wanted."""
        self._lock = threading.Lock()
        self._opened: Eyes | None = None
        self._thread: threading.Thread | None = None
        self._waits = False
        """A change is wanted and no thread could be had for it yet."""
        self._closed, self._stop = False, threading.Event()
        self._rests = False
        self._stands_in = self._used is not config
        """Whether something runs that nobody asked for."""
        if self._stands_in:
            with self._lock:
                self._begin_change()

    def _first(self, config: Config, stand_ins: Callable[[Config], Sequence[Config]] | None) -> tuple[Eyes, Config]:
        """The first eyes that can be had, and their settings."""
        try:
            return self._open(config), config
        except Exception as error:
            for other in stand_ins(config) if stand_ins is not None else ():
                with suppress(Exception):
                    eyes = self._open(other)
                    self._notices.fault(STAGE, f"{error}; {eyes.name} plays instead, trying again")
                    return eyes, other
            raise

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings as soon as they can be had; returns at once."""
        with self._lock:
            if _sections(config) == _sections(self._wanted) or self._closed:
                self._wanted = config
                return
            self._wanted = config
            self._begin_change()

    def rest(self, on: bool) -> None:
        """Whether the source is to be left alone, this one and every other: outside the opening hours."""
        if on != self._rests:
            self._rests = on
            self.current.rest(on)

    @property
    def changing(self) -> bool:
        """Whether a change is under way."""
        return self._thread is not None

    def _begin_change(self) -> None:
        """Change the eyes in a thread, if none does so already. With the lock held."""
        if self._thread is None:
            change = unending(self._change, self._stop, self._notices, STAGE)
            thread = threading.Thread(target=change, name="eyes", daemon=True)
            self._waits = not try_to_start(thread, self._notices, STAGE)
            self._thread = None if self._waits else thread

    def take_change(self) -> bool:
        """Whether ``current`` are other eyes from now on; they have begun."""
        with self._lock:
            opened, self._opened = self._opened, None
            if self._waits:
                self._begin_change()
            if opened is None:
                return False
            others = opened is not self.current
            self.current, self._thread = opened, None
            wanted, self._wanted = self._wanted, self._tried
        if self._rests:
            opened.rest(True)
        opened.begin()
        # What was asked for while the change was under way.
        self.reconfigure(wanted)
        return others

    def close(self) -> None:
        """Close what is in use, and what is being opened."""
        with self._lock:
            self._closed = True
            self._stop.set()
            thread = self._thread
        self.current.close()
        if thread is not None:
            thread.join(CLOSE_S)
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None and opened is not self.current:
            opened.close()

    def _change(self) -> None:
        backoff = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        while self._try_change():
            if self._stop.wait(backoff.fail()):
                return

    def _try_change(self) -> bool:
        """One try; whether another is to follow, as something stands in for a source that was there from the start."""
        with self._lock:
            old, used, wanted = self.current, self._used, self._wanted
        try:
            eyes, used = self._exchange(old, used, wanted), wanted
            self._stands_in = False
            self._notices.resolve(STAGE, "fault")
        except Exception as error:
            if self._stands_in and not old.observations.closed:
                self._notices.fault(STAGE, f"{error}; {old.name} plays instead, trying again")
                return True
            log.debug("the new source cannot be had", exc_info=True)
            eyes, used = self._go_on(old, used, wanted), _perceiving_as(used, wanted)
            # After the old one was opened again, which resolves what was raised before.
            self._notices.fault(STAGE, f"{error}; the old source goes on")
        with self._lock:
            self._used, self._tried, self._opened = used, wanted, eyes
            closed = self._closed
        if closed:
            eyes.close()
        return False

    def _exchange(self, old: Eyes, used: Config, wanted: Config) -> Eyes:
        if _source(wanted) == _source(used):
            if _sections(wanted) == _sections(used) and not old.observations.closed:
                return old  # a wrong source was corrected to the one in use
            return old.with_perception(wanted)
        if wanted.capture.target == "auto":
            old.close()
            eyes = self._open(wanted)
        else:
            eyes = self._open(wanted)
            old.close()
        # The others have not begun: what is active is the old source's.
        old.resolve_notices()
        return eyes

    def _go_on(self, old: Eyes, used: Config, wanted: Config) -> Eyes:
        """The eyes as they were before a change that failed, with the perception that is ``wanted`` all the same."""
        on = _perceiving_as(used, wanted)
        if not old.observations.closed:
            return old if _sections(on) == _sections(used) else old.with_perception(on)
        backoff = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        while True:
            try:
                return self._open(on)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the source, it is tried again
                self._notices.fault(STAGE, f"{error}; trying again")
                if self._stop.wait(backoff.fail()):
                    return old


def _source(config: Config) -> tuple[object, ...]:
    """What a source is opened by."""
    return config.capture, config.eyes.key, [(one.name, one.address) for one in config.eyes.join]


def _sections(config: Config) -> tuple[object, ...]:
    """What the eyes depend on."""
    return config.capture, config.perception, config.emotion.enabled, config.eyes


def _perceiving_as(used: Config, wanted: Config) -> Config:
    """``used``, its source with it, but with the perception of ``wanted``."""
    return used.model_copy(update={"perception": wanted.perception, "emotion": wanted.emotion})
