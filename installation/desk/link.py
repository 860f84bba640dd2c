"""The piece's end of the desk: starts its process, hands it snapshots, and takes what the operator wants."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.base.files import ROOT
from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.base.threads import try_to_start, unending
from installation.config.settings import Config
from installation.desk.wire import WireError, packed, packed_still, receive
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.setting_table import LISTS
from installation.live_commands.table import OPERATOR, Argument, CommandError, checked

log = logging.getLogger(__name__)

STAGE = "desk"
WATCHED_S, UNWATCHED_S, WISHED_S = 0.2, 1.0, 0.5
"""A snapshot is made this often with and without somebody at the page, and a part that costs more for who looks at it."""
SETTINGS_S = 0.1
"""What changed of the settings is told at most this often."""
CLOSE_S = 0.6
HANGS_S, STARTS_S = 7.0, 120.0
"""A process that says nothing for so long hangs, and is started again; to say its first word takes a while."""
SEND_S = 3
"""A process that takes nothing for so many seconds hangs, and is started again."""
MOST_WAITING = 1000
"""Commands that the frame loop has not taken yet; more are refused."""
Part = Callable[[], object]
Wish = tuple[str, tuple[Argument, ...]]


class StillPicture(Protocol):
    """A small picture of what is drawn."""

    @property
    def rgb(self) -> Any: ...
    @property
    def has_camera(self) -> bool: ...


class Stills(Protocol):
    """Where stills come from: the frame loop says whether they are wanted, and the thread that talks takes them."""

    def want(self, on: bool) -> None: ...
    def take(self) -> StillPicture | None: ...


class DeskLink:
    """``update`` and ``take`` belong to the frame loop and never wait; a thread of its own does the talking.

    A process that ends is started again with growing pauses, and is a fault of the stage ``desk`` meanwhile. ``encode`` makes a
    JPEG of a still's (H, W, 3) uint8.
    """

    def __init__(
        self,
        config: Config,
        paths: Sequence[Path],
        settings: LiveSettings,
        encode: Callable[[Any], bytes],
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._config, self._settings = config.desk, settings
        self._paths = [str(path) for path in paths]
        self._parts: dict[str, Part] = {}
        self._costly: dict[str, Part] = {}
        self._wished: frozenset[str] = frozenset()
        self._stills: Stills | None = None
        self._wanted = config.desk.run == "always" or (config.desk.run == "auto" and config.output.mode != "offscreen")
        self._encode, self._notices, self._clock = encode, notices, clock
        self._due, self._wished_due = Every(UNWATCHED_S), Every(WISHED_S)
        self._commands: deque[Wish] = deque(maxlen=MOST_WAITING)
        self._snapshot: dict[str, object] | None = None
        self._told: dict[str, Any] = {}
        self._told_of: object = None
        self._told_s = float("-inf")
        self.watchers, self._wants_still = 0, False
        self.address: tuple[str, int] | None = None
        """Where the page is served; None while it is not."""
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    @property
    def pids(self) -> list[int]:
        """The desk's process, to count its memory."""
        process = self._process
        return [process.pid] if process is not None else []

    def start(
        self, parts: Mapping[str, Part], stills: Stills | None = None, costly: Mapping[str, Part] | None = None
    ) -> None:
        """Start the page where the settings want one; returns at once.

        ``parts``: each part of a snapshot by its name; what one of them raises leaves out that part alone. ``costly``: parts
        that are made only while a page shows them, by the thread that talks, so beside the frame loop.
        """
        self._parts, self._stills, self._costly = dict(parts), stills, dict(costly or {})
        if not self._wanted or self._thread is not None:
            return
        if os.name != "posix":
            self._notices.note(STAGE, "there is no page on this system: its process needs Linux or macOS")
            return
        thread = threading.Thread(
            target=unending(self._watch, self._stop, self._notices, STAGE), name="desk", daemon=True
        )
        if try_to_start(thread, self._notices, STAGE):
            self._thread = thread

    def close(self) -> None:
        """End the process and the thread."""
        self._stop.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(2 * CLOSE_S)

    def update(self, now_s: float) -> None:
        """A picture was drawn: make a snapshot where one is due."""
        if self.address is None:
            return
        self._due.period_s = WATCHED_S if self.watchers else UNWATCHED_S
        if self._due.due(now_s):
            snapshot = {name: self._told_by(name, part) for name, part in self._parts.items()}
            snapshot["drawn_s"] = now_s
            self._snapshot = snapshot
            self._wake()
        if self._stills is not None:
            self._stills.want(bool(self.watchers and self._wants_still))

    def take(self) -> list[Wish]:
        """Commands of the operator since the last call, checked: (name, arguments)."""
        found: list[Wish] = []
        while self._commands:
            found.append(self._commands.popleft())
        return found

    def _told_by(self, name: str, part: Part) -> object:
        try:
            found = part()
        except Exception as error:  # noqa: BLE001 - the border of a service: a picture is drawn all the same
            self._notices.fault(f"{STAGE}: {name}", f"cannot be told ({type(error).__name__}: {error})")
            return None
        self._notices.resolve(f"{STAGE}: {name}")
        return found

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._wake_write, b".")

    def _watch(self) -> None:
        backoff = Backoff(0.5, 10.0)
        while not self._stop.is_set():
            try:
                with self._begin() as pipe:
                    self._talk(pipe)
                trouble = "the page's process ended"
            except (OSError, EOFError, WireError) as error:
                trouble = f"the page's process is lost ({type(error).__name__}: {error})"
            finally:
                self._end()
            if not self._stop.is_set():
                pause_s = backoff.fail()
                self._notices.fault(STAGE, f"{trouble}; starting it again in {pause_s:g} s")
                self._stop.wait(pause_s)

    def _begin(self) -> Connection:
        ours, theirs = socket.socketpair()
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from installation.desk.process import main; main(%d)"
        command = [sys.executable, "-E", "-c", code % theirs.fileno()]
        with theirs:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        self._told, self._told_of = {}, None
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_S, 0))
        pipe = Connection(ours.detach())
        pipe.send_bytes(packed("begin", desk=self._config.model_dump(), paths=self._paths, piece=os.getpid()))
        return pipe

    def _talk(self, pipe: Connection) -> None:
        heard_s, patience_s = self._clock.now(), STARTS_S
        while not self._stop.is_set():
            ready, _, _ = select.select([pipe.fileno(), self._wake_read], [], [], UNWATCHED_S)
            if self._wake_read in ready:
                os.read(self._wake_read, 4096)
            if pipe.fileno() in ready:
                self._obey(pipe, receive(pipe))
                heard_s, patience_s = self._clock.now(), HANGS_S
            elif self._clock.now() - heard_s > patience_s:
                raise TimeoutError(f"it said nothing for {patience_s:g} s")
            self._tell(pipe)
        with contextlib.suppress(OSError):
            pipe.send_bytes(packed("stop"))

    def _tell(self, pipe: Connection) -> None:
        if self.address is None:
            return
        config, now_s = self._settings.config, self._clock.now()
        if config is not self._told_of and now_s - self._told_s >= SETTINGS_S:
            self._told_of, self._told_s = config, now_s
            found: dict[str, Any] = {path: setting.read(config) for path, setting in self._settings.table.items()}
            found |= {path: setting.read(config) for path, setting in LISTS.items()}
            changed = {path: value for path, value in found.items() if self._told.get(path) != value}
            gone = [path for path in self._told if path not in found]
            self._told = found
            lists = {path: changed.pop(path) for path in LISTS if path in changed}
            pipe.send_bytes(packed("settings", values=changed, lists=lists, gone=gone))
        snapshot, self._snapshot = self._snapshot, None
        if snapshot is not None:
            wished = self._wished
            if wished and self._wished_due.due(self._clock.now()):
                snapshot |= {name: self._told_by(name, part) for name, part in self._costly.items() if name in wished}
            pipe.send_bytes(self._packed(snapshot))
        picture = None if self._stills is None else self._stills.take()
        if picture is not None and (self._config.camera or not picture.has_camera):
            pipe.send_bytes(packed_still(self._encode(picture.rgb)))

    def _packed(self, snapshot: dict[str, object]) -> bytes:
        """The snapshot as bytes, without parts that no JSON can say, such as what is not a number."""
        try:
            found = packed("snapshot", **snapshot)
            self._notices.resolve(f"{STAGE}: snapshot")
            return found
        except (ValueError, TypeError) as error:
            self._notices.fault(f"{STAGE}: snapshot", f"cannot be told whole ({type(error).__name__}: {error})")
        return packed("snapshot", **{name: part for name, part in snapshot.items() if _can_be_told(part)})

    def _obey(self, pipe: Connection, message: Mapping[str, Any]) -> None:
        kind = message["kind"]
        if kind == "watch":
            self.watchers, self._wants_still = int(message["watchers"]), bool(message["still"])
            self._wished = frozenset(map(str, message["wished"]))
        elif kind == "listening":
            self.address = (str(message["host"]), int(message["port"]))
            self._notices.resolve(STAGE)
            log.info(
                "desk: http://%s:%d/", "localhost" if self.address[0] == "0.0.0.0" else self.address[0], self.address[1]
            )
        elif kind == "trouble":
            self._notices.fault(STAGE, str(message["text"]))
        elif kind == "log":
            log.log(logging.getLevelNamesMapping().get(str(message["level"]), logging.WARNING), "%s", message["text"])
        elif kind == "alive":
            pass
        else:
            number = message.get("number", 0)
            try:
                answer = packed("answer", number=number, error="", value=self._do(kind, message))
            except (CommandError, ValueError) as refused:
                answer = packed("answer", number=number, error=str(refused), value=None)
            except KeyError as missing:
                answer = packed("answer", number=number, error=f"there is no setting {missing.args[0]}", value=None)
            except (TypeError, ArithmeticError, RecursionError, AttributeError) as error:
                answer = packed("answer", number=number, error=f"not understood ({type(error).__name__})", value=None)
            pipe.send_bytes(answer)

    def _do(self, kind: str, message: Mapping[str, Any]) -> object:
        if kind == "set":
            path = str(message["path"])
            if path in LISTS:
                self._settings.put(path, message["value"])
                return LISTS[path].read(self._settings.config)
            setting = self._settings.setting(path)
            if path.startswith("/control/desk/"):
                raise ValueError("the desk's own settings are written in config.yaml")
            self._settings.change(setting.path, [message["value"]])
            return setting.read(self._settings.config)
        if kind == "save":
            return self._settings.save()
        if kind == "command":
            name, args = str(message["name"]), list(message["args"])
            value = checked(OPERATOR, name, args)
            if len(self._commands) == MOST_WAITING:
                raise ValueError("too many commands wait; the piece does not answer")
            self._commands.append((name, () if value is None else (value,)))
            return None
        raise ValueError(f"there is no request {kind!r}")

    def _end(self) -> None:
        self.address, self.watchers, self._wants_still, self._wished = None, 0, False, frozenset()
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _can_be_told(part: object) -> bool:
    try:
        packed("part", part=part)
    except (ValueError, TypeError):
        return False
    return True
