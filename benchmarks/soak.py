"""Makes time short: 72 hours of the whole piece in a quarter of an hour, and says whether anything in it grows.

    .venv/bin/python benchmarks/soak.py [--hours 72] [--minutes 11] [--real 240] [--film FILM] [--plot PICTURE]

Two parts. In the first the piece's clocks run as fast as it takes, and pictures are drawn as fast as they come (every few
seconds of its time): days with opening hours, three visitors a minute, scenes that change, settings that are saved, models that
are replaced, and about every simulated hour a fault of tests/faults/table.py or a number that is none. In the second, of
``--real`` seconds, everything runs at its own pace with a camera (FILM, or a drawn figure) before which somebody comes and goes
every few seconds, while perception and the sending process are killed again and again.

What was not well again ten seconds after a fault is told, and judged by tests/faults and soak_faults.py instead: in the first
part every limit in seconds of the piece, such as that of a screenshot, is hundreds of times too short.

Figures are taken in the quiet moment before each fault. The first day (of a shorter run the first third, of the second part
the first half, for a scene is built every few seconds) is the warm-up; a line fitted through memory may rise by less than 2 %
over the rest, and nothing else may grow. In the second part only the main process's memory is judged, for its children are made
anew all the time: benchmarks/soak_faults.py compares them at the same age, and has all faults. Exit code 1 where it grows.
"""

from __future__ import annotations

import argparse
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.soak_figures import REAL_BARS, Figures, judge, measure, plot
from installation.config.settings import Config
from tests.faults.checkout import Checkout
from tests.faults.fault import Fault
from tests.faults.network import Network
from tests.faults.piece import Piece, PieceError
from tests.faults.table import FAULTS, inside

MORNING_H = 6.0
"""The hour of the day at which the clock begins (tests/faults/hooks/sitecustomize.py)."""
OPENS_H, CLOSES_H = 10.0, 20.0
SCENES = ("blossom", "sculpture", "mask", "supershape", "crystals", "swarm", "aurora", "landscape", "portrait")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COMMANDS = ("next_scene", "clear", "snapshot", "texture_model")
AT_REST = ("perception", "clock", "camera", "time_of_day", "query_port", "listen_port")
"""What the names of faults begin with that the first part does without: of a source that it has not, of clocks and ports."""
ASKED = ("painter", "model", "style")
"""And of faults of painters, which nobody asks for anything while it is closed: nothing could be well again."""
NANS = (inside("observed_nan", "see", "observe", "nan"), inside("scene_nan", "draw", "draw", "nan"))
QUIET_S, WAIT_S = 1.0, 10.0
"""Seconds of a fault, and of the rest after it; and how long all may take to be well again."""
OBJECTS = struct.Struct("<dd")
ALWAYS: dict[str, dict[str, Any]] = {
    "capture": {"source": "simulated", "performers": 3},
    "scene": {"playlist": [{"scene": name, "seconds": 600} for name in SCENES]},
    # Painters that are asked once in some minutes of a time that runs hundreds of times too fast.
    "generation": {"per_second": 0.01, "avatars_per_second": 0.1},
    "picture": {"per_second": 0.01},
}
"""Settings of every hour."""


class SoakPiece(Piece):
    """A piece whose settings follow the hour."""

    def set_hour(self, hour: float, rng: np.random.Generator) -> None:
        """Save the settings of this hour of the run."""
        self._more = _merged(ALWAYS, hours_settings(hour, rng))
        self.configure()

    def gl_objects(self) -> float:
        """As the piece counted them last; NaN where it could not."""
        path = self.told_folder / "objects"
        data = path.read_bytes()[-OBJECTS.size :] if path.exists() else b""
        found = OBJECTS.unpack(data)[1] if len(data) == OBJECTS.size else -1.0
        return found if found >= 0 else float("nan")


def opened(hour: float) -> bool:
    """Whether it is open at an hour of the run."""
    return OPENS_H <= (MORNING_H + hour) % 24 < CLOSES_H


def hours_settings(hour: float, rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    """What is saved for an hour of the run: open or closed, and something that an artist might turn."""
    is_open = opened(hour)
    settings: dict[str, dict[str, Any]] = {
        "capture": {"performers": 3 if is_open else 1},
        "output": {"brightness": 1.0 if is_open else 0.3},
        "generation": {"enabled": is_open},
        "picture": {"enabled": is_open},
        "scene": {"pace": float(rng.choice([0.5, 1.0, 2.0]))},
    }
    if "hours" in Config.model_fields:
        settings["hours"] = {"enabled": True, **dict.fromkeys(WEEK, f"{OPENS_H:.0f}:00-{CLOSES_H:.0f}:00")}
    return settings


def _merged(*sections: dict[str, dict[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for one in sections:
        for name, values in one.items():
            whole[name] = {**whole.get(name, {}), **values}
    return whole


def main() -> int:
    """Print the tables; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=72.0, help="simulated, of the first part; 0: without it")
    parser.add_argument("--minutes", type=float, default=11.0, help="that the first part takes")
    parser.add_argument("--real", type=float, default=240.0, help="seconds of the second part; 0: without it")
    parser.add_argument("--film", type=Path, help="what the camera of the second part sees")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", type=Path, help="write the first part's figures as a picture")
    options = parser.parse_args()
    missed = []
    if options.hours > 0:
        figures = short(options.hours, options.minutes * 60, options.seed)
        missed += judge(figures)
        if options.plot is not None:
            plot(figures, options.plot, f"{options.hours:g} hours of the whole piece in {options.minutes:g} minutes")
    if options.real > 0:
        print("\nat its own pace:")
        missed += [f"{name} (at its own pace)" for name in judge(real(options.real, options.film), REAL_BARS)]
    print(f"missed: {', '.join(missed) or 'nothing'}")
    return 1 if missed else 0


@contextmanager
def running(settings: dict[str, Any], environment: dict[str, str], film: Path | None = None) -> Iterator[SoakPiece]:
    """A piece that runs and is well. It is ended behind this, by force."""
    with tempfile.TemporaryDirectory() as name:
        folder, network = Path(name), Network()
        checkout = Checkout(folder / "checkout")
        piece = SoakPiece(
            *(checkout, network, folder / "piece"),
            settings=settings,
            options=("--seed", "1"),
            environment=environment,
            film=film,
        )
        try:
            piece.start()
            yield piece
        finally:
            piece.abandon()
            checkout.close()
            network.close()


def short(hours: float, seconds: float, seed: int, quiet_s: float = QUIET_S) -> Figures:
    """The first part: ``hours`` in so many ``seconds``, a fault lasting ``quiet_s`` and as long a rest after it."""
    speed, began_s = 3600 * hours / seconds, time.monotonic()
    rng, figures = np.random.default_rng(seed), Figures()
    environment = {"MIEN_SPEED": str(speed), "MIEN_BEGAN": str(began_s)}
    late: Counter[str] = Counter()
    count = 0

    def hour() -> float:
        """By the piece's clock, which has run since it was started."""
        return (time.monotonic() - began_s) * speed / 3600

    with running(_merged(ALWAYS, hours_settings(0.0, rng)), environment) as piece:
        possible = [one for one in FAULTS if not one.name.startswith(AT_REST) and not one.missing(piece)]
        first = hour()
        while hour() - first < hours:
            now = hour()
            take(piece, figures, now - first, opened(now))
            piece.send(f"/{rng.choice(COMMANDS)}")
            piece.set_hour(now, rng)
            able = [one for one in (*possible, *NANS) if opened(now) or not one.name.startswith(ASKED)]
            fault = able[int(rng.integers(len(able)))]
            left = through(piece, fault, quiet_s)
            if left is not None:
                late[f"{fault.name} ({', '.join(sorted(left)) or 'no sign of it'})"] += 1
            piece.hold(quiet_s)
            count += 1
        take(piece, figures, hour() - first, opened(hour()))
        pictures = len(piece.pictures.since(0.0))
    print(f"{figures.hours[-1]:.1f} simulated hours, {speed:.0f} times as fast; {pictures} pictures, {count} faults")
    print(f"not well again within {WAIT_S:g} s: {dict(late) or 'never'}")
    return figures


def take(piece: SoakPiece, figures: Figures, hour: float, is_open: bool = True) -> None:
    """A row of figures."""
    found = measure(piece.process.pid)
    health = piece.health
    told = {"GL objects": piece.gl_objects(), "visitors": health.visitors, "textures": health.textures}
    figures.add(hour, {**found, **told}, is_open)


def through(piece: Piece, fault: Fault, seconds: float) -> set[str] | None:
    """Make a fault, end it; None where all was well again soon, else the stages that were not."""
    fault.inject(piece)
    try:
        piece.hold(seconds)
    finally:
        fault.remove(piece)
    removed_s = time.monotonic()
    while time.monotonic() - removed_s < WAIT_S:
        piece.hold(0.3)
        health = piece.health.last
        # Perception may be at rest: nobody is seen outside the opening hours.
        heard = health is not None and health.t_s >= removed_s + 0.3 and health.frames > 0
        if heard and not piece.troubles() and fault.over(piece):
            return None
    return piece.troubles()


def real(seconds: float, film: Path | None) -> Figures:
    """The second part. Its hours are those of a clock."""
    figures = Figures(warm_up=1 / 2)
    children = {"perception": "spawn_main", "sender": "osc_out.process"}
    # Whoever comes again a second later is somebody else.
    with running({"perception": {"remember_s": 0.5}}, {}, film) as piece:
        began_s = time.monotonic()
        number = 0
        while (at_s := time.monotonic() - began_s) < seconds:
            take(piece, figures, at_s / 3600)
            piece.camera.mode = "black"
            piece.hold(2.0)
            piece.camera.mode = "moving"
            piece.hold(4.0)
            if number % 4 == 3:
                child = piece.child(list(children.values())[number // 4 % 2])
                if child is not None:
                    child.kill()
                since_s = time.monotonic()
                piece.wait_for(lambda since_s=since_s: piece.is_well(since_s), "all is well again", 30)
                piece.hold(4.0)
            number += 1
        take(piece, figures, seconds / 3600)
        try:
            piece.end()
        except PieceError as error:
            # That is benchmarks/stop.py's question; the table is not to be lost for it.
            print(f"the end: {str(error).splitlines()[0]}")
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
