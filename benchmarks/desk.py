"""What the operator's page costs, how long a dial takes to the picture, and whether it stands a hundred edits a second.

    .venv/bin/python benchmarks/desk.py cost  [--seconds 40] [--rounds 2] [--source FILE]
    .venv/bin/python benchmarks/desk.py watch [--seconds 25] [--rounds 3] [--source FILE]
    .venv/bin/python benchmarks/desk.py dials [--moves 60]
    .venv/bin/python benchmarks/desk.py flood [--seconds 60] [--browsers]
    .venv/bin/python benchmarks/desk.py start [--rounds 3] [--busy 4]

``cost`` runs the piece in turn without a desk, with one that nobody watches, and with a browser on its first page. ``watch``
asks in one run what a watcher costs: in turn nobody, a watcher without a browser, as if the browser were on another machine,
and a browser on these very cores. ``dials`` times setting changes, by a script and by a slider in a browser, up to the first
picture that has them. ``flood`` edits five settings twenty times a second each with nobody there, with two watchers, and with a
third that reads nothing more and a flooded socket as well (``--browsers``: all three are browsers, the third stopped).
``start`` times from the start of the piece to the first page served, alone and beside so many programs that take all they
get. Pictures and observations are taken from the piece's own recording. The browser is Debian's chromium, by playwright.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import random
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np

from benchmarks.desk_parts import (
    GLOW,
    Piece,
    Script,
    browser_page,
    browser_process,
    flooded,
    pace,
    plain_watchers,
    print_rows,
    stalled_watcher,
)

EDITED = ("output/glow", "output/brightness", "scene/pace", "scene/size", "smoothing/calmness")
DIALS_BAR_MS, UNWATCHED_BAR, WATCHED_BAR, EDITS_BAR = 200.0, 2.0, 10.0, 100.0
WARM_UP_S, SETTLE_S = 8.0, 4.0
"""Before anything is counted; after somebody came or went."""


def cost(options: argparse.Namespace) -> None:
    """Print what the desk's process uses, and what of the piece's own figures moves."""
    rows: dict[str, list[dict[str, float]]] = {"none": [], "unwatched": [], "browser": []}
    for _ in range(options.rounds):
        for kind in rows:
            rows[kind].append(_cost_of(kind, options))
    print_rows({kind: _mean(found) for kind, found in rows.items()})
    print(f"bars: {UNWATCHED_BAR:g} % with nobody, {WATCHED_BAR:g} % with one watcher")


def _cost_of(kind: str, options: argparse.Namespace) -> dict[str, float]:
    desk, found = "never" if kind == "none" else "always", dict[str, float]()
    with tempfile.TemporaryDirectory() as name, Piece(Path(name), desk, options.seconds, options.source) as piece:
        if kind != "none":
            with browser_page(piece.place) if kind == "browser" else contextlib.nullcontext():
                time.sleep(WARM_UP_S)
                began_s, before = time.monotonic(), piece.cpu_s()["desk"]
                time.sleep(12)
                found["desk %"] = 100 * (piece.cpu_s()["desk"] - before) / (time.monotonic() - began_s)
                found["desk MB"] = piece.memory_mb()["desk"]
        piece.process.wait(options.seconds + 60)
        report = json.loads(piece.report.read_text())
    return found | {
        "pictures/s": report["frames_per_second"],
        "frame p99": report["frame_interval_ms"]["p99"],
        "perception/s": report["perception"]["per_second"],
        "osc p95": report["capture_to_osc_ms"]["p95"],
    }


def watch(options: argparse.Namespace) -> None:
    """Print what moves when somebody watches, in one run."""
    spans: dict[str, list[tuple[float, float]]] = {"nobody": [], "plain": [], "browser": []}
    used: dict[str, list[dict[str, float]]] = {kind: [] for kind in spans}
    with (
        tempfile.TemporaryDirectory() as name,
        Piece(Path(name), "always", 3600, options.source, recorded=True) as piece,
    ):
        place = piece.place
        watchers: dict[str, Any] = {
            "nobody": contextlib.nullcontext,
            "plain": lambda: plain_watchers(place, 1),
            "browser": lambda: browser_page(place),
        }
        time.sleep(WARM_UP_S)
        for _ in range(options.rounds):
            for kind, watcher in watchers.items():
                with watcher() as there:
                    time.sleep(SETTLE_S)
                    counted = there[0].counts if kind == "plain" else {}
                    began_s, before = time.monotonic(), piece.cpu_s()
                    time.sleep(options.seconds)
                    ended_s, after = time.monotonic(), piece.cpu_s()
                    spans[kind].append((began_s, ended_s))
                    lasted_s = ended_s - began_s
                    found = {f"{one} %": 100 * (after[one] - before[one]) / lasted_s for one in after}
                    if kind == "plain":
                        found["updates/s"] = (there[0].counts["updates"] - counted["updates"]) / lasted_s
                        found["stills/s"] = (there[0].counts["stills"] - counted["stills"]) / lasted_s
                        found["watcher %"] = 100 * (there[0].counts["cpu_s"] - counted["cpu_s"]) / lasted_s
                    used[kind].append(found)
                time.sleep(SETTLE_S)
        piece.end()
        events = piece.events()
    rows = {kind: _mean([pace(events, *span) for span in found]) | _mean(used[kind]) for kind, found in spans.items()}
    print_rows(rows)
    for kind, found in spans.items():
        each = ", ".join(f"{pace(events, *span)['frame p99']:.1f}" for span in found)
        print(f"{kind}: frame p99 of each round {each}")


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def dials(options: argparse.Namespace) -> None:
    """Print how long an edit takes to the picture, by a script and by a slider."""
    with tempfile.TemporaryDirectory() as name:
        sent: dict[str, list[float]] = {"script": [], "slider": []}
        with (
            Piece(Path(name), "always", 600, options.source, recorded=True) as piece,
            browser_page(piece.place) as page,
        ):
            time.sleep(WARM_UP_S)
            script = Script(piece.place)
            for number in range(options.moves):
                sent["script"].append(time.monotonic())
                script.edit(GLOW, 1.0 + 0.01 * (number % 50))
                time.sleep(0.35 + 0.2 * random.random())
            slider = page.locator(f'[data-setting="{GLOW}"] [role=slider] [tabindex="0"]').first
            slider.focus()
            for number in range(options.moves):
                sent["slider"].append(time.monotonic())
                page.keyboard.press("ArrowRight" if number % 20 < 10 else "ArrowLeft")
                page.wait_for_timeout(350 + 200 * random.random())
        events = piece.events()
    for kind, times in sent.items():
        waits = [wait for wait in (_to_picture(events, t_s) for t_s in times) if wait is not None]
        p50, p95 = np.percentile(waits, [50, 95])
        print(
            f"{kind:<8} {len(waits)} of {len(times)} moves seen; to the picture p50 {p50:.0f} ms, "
            f"p95 {p95:.0f} ms (bar {DIALS_BAR_MS:g})"
        )


def _to_picture(events: list[dict[str, Any]], sent_s: float) -> float | None:
    """Milliseconds from ``sent_s`` to the end of the first picture with the next settings; None where none came soon."""
    taken_s = next(
        (one["t_s"] for one in events if one["kind"] in ("config", "settings") and one["t_s"] >= sent_s), None
    )
    if taken_s is None or taken_s - sent_s > 0.34:
        return None
    frames = [one["t_s"] for one in events if one["kind"] == "frame" and one["t_s"] >= taken_s][:2]
    return 1000 * (frames[1] - sent_s) if len(frames) == 2 else None


def flood(options: argparse.Namespace) -> None:
    """Print how many edits go through, what each costs, whether all last values are right and whether memory stays flat."""
    with (
        tempfile.TemporaryDirectory() as name,
        Piece(Path(name), "always", 3600, options.source, recorded=True) as piece,
    ):
        place = piece.place
        port = int(place.rsplit(":", 1)[1])
        time.sleep(WARM_UP_S)
        quiet = _edits(piece, 0.0, options.seconds / 4)
        rows = {"nobody, no edits": quiet, "nobody": _edits(piece, EDITS_BAR, options.seconds / 4)}
        watched = _two_browsers(place) if options.browsers else plain_watchers(place, 2)
        stalled = browser_process(place, stopped=True) if options.browsers else stalled_watcher(place)
        with watched:
            time.sleep(WARM_UP_S)
            rows["two watch, no edits"] = _edits(piece, 0.0, options.seconds / 4)
            rows["two watch"] = _edits(piece, EDITS_BAR, options.seconds / 4)
            with stalled, flooded(port):
                time.sleep(SETTLE_S)
                before = piece.memory_mb()
                rows["flooded"] = _edits(piece, EDITS_BAR, options.seconds)
                after = piece.memory_mb()
        alive = piece.process.poll() is None
        piece.end()
        events, faults = piece.events(), json.loads(piece.report.read_text())["faults"]
    for row in rows.values():
        row |= pace(events, row.pop("began"), row.pop("ended"))
    for name, rest in (("nobody", "nobody, no edits"), ("two watch", "two watch, no edits")):
        for one in ("desk", "piece"):
            rows[name][f"{one} ms/edit"] = (
                10 * (rows[name][f"{one} %"] - rows[rest][f"{one} %"]) / rows[name]["edits/s"]
            )
    print_rows(rows)
    print(f"bar: {EDITS_BAR:g} edits a second; wrong: last values that are not as they were set")
    for one, mb in after.items():
        print(f"{one}: {before[one]:.0f} -> {mb:.0f} MB while flooded")
    print(f"the piece {'lives' if alive else 'ENDED'}; faults: {faults or 'none'}")


def _edits(piece: Piece, per_second: float, seconds: float) -> dict[str, float]:
    """Five settings together so often for so long, each by a connection of its own; 0: only look."""
    scripts = [Script(piece.place) for _ in EDITED] if per_second else []
    began_s, before = time.monotonic(), piece.cpu_s()
    if scripts:
        with ThreadPoolExecutor(len(scripts)) as lines:
            paths = [f"/control/{name}" for name in EDITED]
            list(lines.map(lambda script, path: script.fade(path, per_second / len(EDITED), seconds), scripts, paths))
    else:
        time.sleep(seconds)
    ended_s, after = time.monotonic(), piece.cpu_s()
    found = {"began": began_s, "ended": ended_s}
    found |= {f"{one} %": 100 * (after[one] - before[one]) / (ended_s - began_s) for one in after}
    if not scripts:
        return found
    time.sleep(1.5)
    values = piece.settings()
    waits = [wait for script in scripts for wait in script.waits_ms]
    found["edits/s"] = len(waits) / (ended_s - began_s)
    found |= {f"answer p{percent}": float(np.percentile(waits, percent)) for percent in (50, 95)}
    found["wrong"] = sum(abs(values[p] - value) > 1e-6 for script in scripts for p, value in script.last.items())
    return found


@contextlib.contextmanager
def _two_browsers(place: str) -> Iterator[None]:
    with browser_page(place), browser_process(place):
        yield


def start(options: argparse.Namespace) -> None:
    """Print how long it takes from the start of the piece to its first picture, and to the first page served."""
    rows: dict[str, dict[str, float]] = {}
    for busy in (0, options.busy):
        with _busy(busy):
            rows[f"beside {busy} programs"] = _mean([_start(options.source) for _ in range(options.rounds)])
    print_rows(rows)


def _start(source: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name, Piece(Path(name), "always", 600, source) as piece:
        place = piece.place
        listens_s = time.monotonic() - piece.began_s
        while True:
            with contextlib.suppress(urllib.error.URLError):
                urllib.request.urlopen(place, timeout=300).read()
                return {"listens s": listens_s, "page s": time.monotonic() - piece.began_s}
            time.sleep(0.05)


@contextlib.contextmanager
def _busy(count: int) -> Iterator[None]:
    processes = [multiprocessing.get_context("spawn").Process(target=_turn, daemon=True) for _ in range(count)]
    for one in processes:
        one.start()
    try:
        yield
    finally:
        for one in processes:
            one.terminate()


def _turn() -> None:
    while True:
        pass


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    seconds = {"flood": 60.0, "watch": 25.0}
    for work in (cost, watch, dials, flood, start):
        one = kinds.add_parser(work.__name__)
        one.set_defaults(work=work)
        one.add_argument("--seconds", type=float, default=seconds.get(work.__name__, 40.0))
        one.add_argument("--rounds", type=int, default=3 if work in (watch, start) else 2)
        one.add_argument("--moves", type=int, default=60)
        one.add_argument("--busy", type=int, default=4)
        one.add_argument("--browsers", action="store_true")
        one.add_argument("--source", default="simulated")
    options = parser.parse_args()
    options.work(options)


if __name__ == "__main__":
    main()
