"""``run.py evaluate uptime``: how soon a picture is there again after every kind of end, and whether anything is left over.

For each round a guard is started with the piece offscreen, as a service would be: this program is its master and hears from it
(sd_notify) when a picture is drawn. Then the fault is brought about, from outside where that can be.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from installation.base.arguments import positive
from installation.base.files import PROGRAM, PROJECT
from installation.base.injected_faults import BLOAT, EXCEPTION, HANG, VARIABLE
from installation.base.places import RUNTIME, STATE, key_of
from installation.base.sd_notify import Listener
from installation.config.last_good import LastGood
from installation.config.load import load_config
from installation.guard.figures import Figures

LIMIT_S = 10.0
"""The bar: a picture again within so many seconds."""
GIVE_UP_S = 90.0
SETTLE_S = 2.0
"""The piece runs for so long before its fault."""
SETTINGS = """osc: {{targets: [], listen_port: 0}}
oscquery: {{enabled: false}}
output: {{mode: offscreen, width: {width}, height: {height}}}
generation: {{enabled: false}}
picture: {{enabled: false}}
"""
BROKEN = "scene: {name: blossom\noutput: {mode: offscreen\n"


@dataclass
class House:
    """A folder with settings and a guard that is ours."""

    folder: Path
    listener: Listener
    size: tuple[int, int]
    source: str
    verbose: bool
    guard: subprocess.Popen[bytes] | None = None
    frames: int = 0
    figures: Figures = field(default_factory=Figures)

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "config.yaml"

    @property
    def fault(self) -> Path:
        """Where the word for an injected fault is written."""
        return self.folder / "fault"

    def start(self, *more: str) -> None:
        """Start the guard."""
        environ = {
            **os.environ,
            **self.listener.environment(30.0),
            RUNTIME: str(self.folder / "runtime"),
            STATE: str(self.folder / "state"),
            VARIABLE: str(self.fault),
        }
        command = [sys.executable, "-m", "installation", "guard", "--config", str(self.config), "--offscreen"]
        command += ["--size", f"{self.size[0]}x{self.size[1]}", *more]
        out = None if self.verbose else subprocess.DEVNULL
        self.guard = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=out, stderr=out, start_new_session=True)

    def piece(self) -> psutil.Process:
        """The piece that the guard has started. Raises LookupError."""
        assert self.guard is not None
        children = psutil.Process(self.guard.pid).children()
        if not children:
            raise LookupError("the guard has no piece running")
        return children[0]

    def await_picture(self, since_s: float, is_new: Callable[[Figures], bool] = lambda _: True) -> float | None:
        """Seconds from ``since_s`` to the next beat with a picture of a piece that ``is_new``; None where none comes."""
        while time.monotonic() - since_s < GIVE_UP_S:
            ready, _, _ = select.select([self.listener], [], [], 0.1)
            for message in self.listener.receive() if ready else ():
                if message.figures is None:
                    continue
                self.figures = Figures.from_json(message.figures)
                if self.figures.frames >= 1 and is_new(self.figures):
                    return time.monotonic() - since_s
        return None

    def run_for(self, seconds: float) -> None:
        """Hear the beats for a while."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            select.select([self.listener], [], [], 0.1)
            for message in self.listener.receive():
                if message.figures is not None:
                    self.figures = Figures.from_json(message.figures)

    def close(self) -> list[str]:
        """End the guard; gives what is left over of it and its pieces."""
        assert self.guard is not None
        known = [self.guard.pid, *(process.pid for process in psutil.Process(self.guard.pid).children(recursive=True))]
        self.guard.terminate()
        try:
            code = self.guard.wait(15)
        except subprocess.TimeoutExpired:
            self.guard.kill()
            self.guard.wait()
            return ["the guard did not end"]
        left = [f"exit code {code}"] if code else []
        left += [f"process {pid}" for pid in known if psutil.pid_exists(pid)]
        left += [str(path) for path in Path("/dev/shm").glob("mien-*") if path.name.split("-")[1] in map(str, known)]
        left += [str(path) for path in (self.folder / "runtime").glob("*")]
        return left


@dataclass(frozen=True)
class Fault:
    """A kind of end. ``at_start``: makes the settings before the guard starts; else ``do`` brings it about."""

    name: str
    do: Callable[[House], None] | None = None
    prepare: Callable[[House], list[str]] = lambda _house: []


def _kill(house: House) -> None:
    house.piece().send_signal(signal.SIGKILL)


def _stop(house: House) -> None:
    house.piece().send_signal(signal.SIGSTOP)


def _inject(word: str) -> Callable[[House], None]:
    def inject(house: House) -> None:
        # Whole at once: it is looked for while it is written.
        new = house.fault.with_suffix(".new")
        new.write_text(word, encoding="utf-8")
        new.replace(house.fault)

    return inject


def _little_memory(house: House) -> list[str]:
    return ["--set", f"guard.memory_mb={round(house.figures.pss_mb) + 700}"]


def _broken_config(house: House) -> list[str]:
    last_good = LastGood(house.folder / "state" / key_of([house.config]))
    last_good.store(load_config(house.config, {"scene.name": "aurora"}))
    house.config.write_text(BROKEN, encoding="utf-8")
    # The file cannot say it: nobody may be sent to, or listened to, in a test.
    return ["--set", "osc.targets=[]", "--set", "osc.listen_port=0", "--set", "oscquery.enabled=false"]


def _missing_film(house: House) -> list[str]:
    return ["--source", str(house.folder / "no such film.mp4")]


FAULTS = (
    Fault("kill -9", _kill),
    Fault("SIGSTOP", _stop),
    Fault("exception in the loop", _inject(EXCEPTION)),
    Fault("hang in the renderer", _inject(HANG)),
    Fault("memory bloat", _inject(BLOAT), _little_memory),
    Fault("broken config at the start", None, _broken_config),
    Fault("missing film at the start", None, _missing_film),
)


@dataclass
class Row:
    """What the rounds of a fault gave: seconds (None: never), and what was left over."""

    name: str
    seconds: list[float | None] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """Rounds within the bar and with nothing left over."""
        return sum(one is not None and one <= LIMIT_S for one in self.seconds)

    def line(self) -> str:
        """A row of the table."""
        seen = sorted(one for one in self.seconds if one is not None)
        middle = f"{seen[len(seen) // 2]:6.1f} s" if seen else "   never"
        worst = "   never" if len(seen) < len(self.seconds) or not seen else f"{seen[-1]:6.1f} s"
        left = "nothing" if not self.left else "; ".join(sorted(set(self.left)))
        return f"{self.name:28} {self.passed:3} of {len(self.seconds):3} {middle} {worst}   {left}"


def main(argv: list[str]) -> int:
    """Measure and print the table; gives the exit code, 1 where a round missed the bar."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate uptime", description="How soon a picture is there again after every kind of end."
    )
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="of each fault (default 20)")
    parser.add_argument("--only", metavar="WORD", help="only faults with this word in their name")
    parser.add_argument("--source", default="simulated", metavar="S", help="what the piece sees (default simulated)")
    parser.add_argument("--size", default="320x180", metavar="WxH", help="of the picture (default 320x180)")
    parser.add_argument("--settle", type=positive, default=SETTLE_S, metavar="S", help="seconds before each fault")
    parser.add_argument("--verbose", action="store_true", help="show what the pieces print")
    args = parser.parse_args(argv)
    width, height = (int(part) for part in args.size.split("x"))
    faults = [fault for fault in FAULTS if args.only is None or args.only in fault.name]
    print(f"{'':28} within {LIMIT_S:g} s   median    worst   left over", flush=True)
    rows = []
    for fault in faults:
        row = Row(fault.name)
        for _ in range(args.rounds):
            with _house((width, height), args.source, args.verbose) as house:
                seconds, left = one_round(house, fault, args.settle)
            row.seconds.append(seconds)
            row.left += left
        print(row.line(), flush=True)
        rows.append(row)
    return 0 if all(row.passed == len(row.seconds) and not row.left for row in rows) else 1


def one_round(house: House, fault: Fault, settle_s: float) -> tuple[float | None, list[str]]:
    """(seconds from the fault to the next picture, what was left over). At a start: seconds from the guard's start."""
    house.config.write_text(SETTINGS.format(width=house.size[0], height=house.size[1]), encoding="utf-8")
    if fault.do is None:
        more = fault.prepare(house)
        since_s = time.monotonic()
        house.start(*more, *(() if "--source" in more else ("--source", house.source)))
        seconds = house.await_picture(since_s)
        house.run_for(1.0)
        left = [] if house.figures.faults else ["no fault is told"]
        if fault.name.startswith("broken") and house.figures.scene != "aurora":
            left.append("not the last good settings")
        return seconds, left + house.close()
    house.start("--source", house.source, *fault.prepare(house))
    if house.await_picture(time.monotonic()) is None:
        return None, house.close()
    house.run_for(settle_s)
    pid, frames, since_s = house.piece().pid, house.figures.frames, time.monotonic()
    fault.do(house)
    # A new piece counts its pictures from one.
    seconds = house.await_picture(since_s, lambda figures: figures.frames < frames or figures.frames == 1)
    left = [f"process {pid}"] if psutil.pid_exists(pid) else []
    return seconds, left + house.close()


@contextlib.contextmanager
def _house(size: tuple[int, int], source: str, verbose: bool) -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="mien-uptime-"))
    listener = Listener(folder)
    try:
        yield House(folder, listener, size, source, verbose)
    finally:
        listener.close()
        shutil.rmtree(folder, ignore_errors=True)
