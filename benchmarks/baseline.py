"""The piece beside what one would write instead: how long from capture to OSC, and how many pictures a second.

    .venv/bin/python benchmarks/baseline.py [--source FILM] [--seconds 25] [--pairs 3] [--load both] [--json FILE]

The other is ``one_loop.py``: the same models, one picture after the other. Each pair runs both, in turns the first, on a
machine that nothing else uses, and beside a program of this script's own that takes one core (a Python process that counts;
pinned to no core unless ``--pin`` says so, and ended with the run). Both count from the moment the picture arrived to the
moment the bundle is handed over for sending; a target's own rate comes on top of the piece's (``osc.py`` measures that).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
RATIO_BAR, PICTURES_BAR = 1.1, 24.5
"""The piece's time from capture to OSC, in times of the loop's, at most; its pictures a second, at least."""
LOADS = ("quiet", "taken")
TITLES = {"quiet": "nothing else runs", "taken": "one core taken by another program"}


@dataclass(frozen=True)
class Run:
    """What one run measured: milliseconds from capture to OSC, pictures drawn and perceived a second."""

    p50_ms: float
    p95_ms: float
    pictures: float
    perceived: float


@contextlib.contextmanager
def busy(wanted: bool, core: int | None) -> Iterator[None]:
    """A program that takes one core meanwhile, where ``wanted``; held on ``core``, where given."""
    if not wanted:
        yield
        return
    pin = "" if core is None else f"import os; os.sched_setaffinity(0, {{{core}}})\n"
    other = subprocess.Popen([sys.executable, "-c", f"{pin}while True: pass"])
    try:
        yield
    finally:
        other.kill()
        other.wait()


def measured(command: list[str], name: str) -> dict[str, object]:
    """Run a program that writes a report behind ``--report``; SystemExit with its last words when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        found = subprocess.run(
            [sys.executable, *command, "--report", str(report)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if found.returncode != 0 or not report.exists():
            raise SystemExit(f"{name} failed ({found.returncode}): {found.stderr[-2000:]}")
        return json.loads(report.read_text())


def piece(source: str, seconds: float) -> Run:
    """One run of the piece, everything on."""
    command = ["-m", "installation", "--offscreen", "--size", "640x360", "--source", source, "--seconds", str(seconds)]
    figures = measured(command, "the piece")
    osc = figures["capture_to_osc_ms"]
    if osc["p50"] is None:
        raise SystemExit("the piece perceived nothing; its networks may need longer than the run")
    return Run(osc["p50"], osc["p95"], figures["frames_per_second"], figures["perception"]["per_second"])


def loop(source: str, seconds: float) -> Run:
    """One run of the loop."""
    figures = measured([str(ROOT / "benchmarks" / "one_loop.py"), source, "--seconds", str(seconds)], "the loop")
    osc, pictures = figures["capture_to_osc_ms"], figures["pictures_per_second"]
    return Run(osc["p50"], osc["p95"], pictures, pictures)


def pairs_of(options: argparse.Namespace, load: str) -> list[dict[str, Run]]:
    """Run the pairs under this load."""
    found = []
    for number in range(options.pairs):
        pair = {}
        for name, run in (("loop", loop), ("piece", piece))[:: -1 if number % 2 else 1]:
            with busy(load == "taken", options.pin):
                pair[name] = run(options.source, options.seconds)
            row(f"  {load} {number + 1}: the {name}", pair[name])
        found.append(pair)
    return found


def row(name: str, run: Run) -> None:
    """Print one line of the table."""
    print(f"{name:44}{run.p50_ms:8.1f}{run.p95_ms:8.1f}{run.pictures:12.2f}{run.perceived:13.2f}", flush=True)


def middle(runs: list[Run]) -> Run:
    """The medians of the runs, figure by figure."""
    return Run(*(median(values) for values in zip(*(asdict(run).values() for run in runs), strict=True)))


def compare(load: str, pairs: list[dict[str, Run]]) -> dict[str, object]:
    """Print both medians and the ratios; gives them, with whether the bars are held."""
    both = {name: middle([pair[name] for pair in pairs]) for name in ("loop", "piece")}
    for name, run in both.items():
        row(f"{TITLES[load]}: the {name}", run)
    ratios = {
        percent: [getattr(pair["piece"], percent) / getattr(pair["loop"], percent) for pair in pairs]
        for percent in ("p50_ms", "p95_ms")
    }
    p50, p95 = (median(ratios[percent]) for percent in ("p50_ms", "p95_ms"))
    spread = ", ".join(f"{percent[:3]} {min(values):.2f} to {max(values):.2f}" for percent, values in ratios.items())
    held = max(p50, p95) <= RATIO_BAR and both["piece"].pictures >= PICTURES_BAR
    print(f"the piece takes {p50:.2f} (p50) and {p95:.2f} (p95) times as long as the loop; by pair {spread}")
    print(f"bars (at most {RATIO_BAR:g} in both, at least {PICTURES_BAR:g} pictures): {'held' if held else 'MISSED'}\n")
    return {
        **{name: asdict(run) for name, run in both.items()},
        "ratio_p50": p50,
        "ratio_p95": p95,
        "held": held,
        "pairs": [{name: asdict(run) for name, run in pair.items()} for pair in pairs],
    }


def main() -> int:
    """Print the tables; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    footage = Path(os.environ.get("MIEN_FOOTAGE", ROOT.parent / "shared" / "footage"))
    parser.add_argument("--source", default=str(footage / "pyfeat_WolfgangLanger_Pexels.mp4"), help="a film")
    parser.add_argument("--seconds", type=float, default=25.0, help="of each run")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--load", choices=(*LOADS, "both"), default="both")
    parser.add_argument("--pin", type=int, metavar="CORE", help="hold the other program on this core (Linux)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures, too")
    options = parser.parse_args()
    options.source = str(Path(options.source).resolve())
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; the other program is "
          f"{'pinned to no core' if options.pin is None else f'pinned to core {options.pin}'}")  # fmt: skip
    print(f"{'milliseconds from capture to OSC':44}{'p50':>8}{'p95':>8}{'pictures/s':>12}{'perceived/s':>13}")
    loads = LOADS if options.load == "both" else (options.load,)
    figures = {load: compare(load, pairs_of(options, load)) for load in loads}
    if options.json is not None:
        options.json.write_text(json.dumps({"seconds": options.seconds, **figures}, indent=1) + "\n")
    return 0 if all(found["held"] for found in figures.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
