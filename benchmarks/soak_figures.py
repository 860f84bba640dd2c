"""What a soak measured: its lines over time, whether each is flat, the table and the picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from PIL import Image, ImageDraw

MIB = 2**20
DAY_H = 24.0
WARM_UP = 1 / 3
"""Of a run that is shorter than three days is its warm-up; of a longer one the first day."""


@dataclass(frozen=True)
class Bar:
    """What a figure may do after the warm-up. ``rise``: by what share the fitted line may rise over the rest; ``more``: by how
    many the highest value of the last third may exceed that of the third before. None: it is only told."""

    name: str
    unit: str = ""
    rise: float | None = None
    more: float | None = None


BARS = (
    Bar("memory", "MB", rise=0.02),
    Bar("piece alone", "MB", rise=0.02),
    Bar("files", more=2),
    Bar("threads", more=2),
    Bar("processes", more=0),
    Bar("GL objects", more=0),
    Bar("visitors"),
    Bar("textures"),
)
"""``memory``: all processes, a shared page counted by its share (PSS). ``piece alone``: the main process, what it has for
itself (USS). Two files or threads more are those of reading the figures, and of what is just being closed."""


class Figures:
    """Rows of one figure each, with the hours at which they were taken. ``warm_up``: of runs below three days."""

    def __init__(self, warm_up: float = WARM_UP) -> None:
        self.warm_up = warm_up
        self.hours: list[float] = []
        self.opened: list[bool] = []
        """Whether the gallery was open: painters hold memory then that they give back at night."""
        self.rows: dict[str, list[float]] = {bar.name: [] for bar in BARS}

    def add(self, hour: float, values: dict[str, float], opened: bool = True) -> None:
        """One row; what is not known is NaN."""
        self.hours.append(hour)
        self.opened.append(opened)
        for name, row in self.rows.items():
            row.append(values.get(name, float("nan")))

    def after_warm_up(self, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(hours, values, whether it was open) that are judged."""
        hours, values = np.array(self.hours), np.array(self.rows[name])
        kept = (hours >= min(DAY_H, self.warm_up * hours[-1])) & np.isfinite(values)
        return hours[kept], values[kept], np.array(self.opened)[kept]


REAL_BARS = (Bar("memory", "MB"), *BARS[1:])
"""Where children are made anew all the time."""


def measure(pid: int) -> dict[str, float]:
    """Figures of a process and all that it started. Raises psutil.Error where it has ended."""
    main = psutil.Process(pid)
    memory, files, threads, count = 0, 0, 0, 0
    for process in (main, *main.children(recursive=True)):
        try:
            memory += process.memory_full_info().pss
            files += process.num_fds()
            threads += process.num_threads()
            count += 1
        except psutil.Error:
            if process is main:
                raise
    alone = main.memory_full_info().uss
    return {
        "memory": memory / MIB,
        "piece alone": alone / MIB,
        "files": files,
        "threads": threads,
        "processes": count,
    }


def line(hours: np.ndarray, values: np.ndarray, opened: np.ndarray) -> tuple[float, float]:
    """(start, slope an hour) of the line fitted through ``values`` (least squares). Days are higher than nights by as much as
    fits best: where a run begins in the day's course would tilt the line otherwise."""
    terms = [np.ones(len(hours)), hours - hours[0]]
    if 0 < opened.sum() < len(opened):
        terms.append(opened - opened.mean())
    found = np.linalg.lstsq(np.stack(terms, axis=1), values, rcond=None)[0]
    return float(found[0]), float(found[1])


def rise(hours: np.ndarray, values: np.ndarray, opened: np.ndarray) -> float:
    """By what share of its beginning that line rises from first to last hour."""
    start, slope = line(hours, values, opened)
    return slope * float(hours[-1] - hours[0]) / start


def more(values: np.ndarray) -> float:
    """By how much the highest value of the last third exceeds that of the third before."""
    third = max(1, len(values) // 3)
    return float(values[-third:].max() - values[-2 * third : -third].max())


def judge(figures: Figures, bars: tuple[Bar, ...] = BARS) -> list[str]:
    """Print the table; gives the names of the figures that miss their bar."""
    missed = []
    print(f"{'':12} {'first':>9} {'warm':>9} {'least':>9} {'most':>9} {'last':>9}   after the warm-up")
    for bar in bars:
        hours, values, opened = figures.after_warm_up(bar.name)
        if len(values) < 3:
            print(f"{bar.name:12} not measured")
            if bar.rise is not None or bar.more is not None:
                missed.append(bar.name)
            continue
        all_of = np.array(figures.rows[bar.name])
        first = all_of[np.isfinite(all_of)][0]
        told = "".join(f" {value:9.1f}" for value in (first, values[0], values.min(), values.max(), values[-1]))
        verdict, good = _verdict(bar, hours, values, opened)
        if not good:
            missed.append(bar.name)
        print(f"{bar.name:12}{told}   {verdict}")
    return missed


def _verdict(bar: Bar, hours: np.ndarray, values: np.ndarray, opened: np.ndarray) -> tuple[str, bool]:
    if bar.rise is not None:
        found = rise(hours, values, opened)
        good = found < bar.rise
        return f"line rises by {100 * found:+.2f} % (bar {100 * bar.rise:g} %){'' if good else '  MISSED'}", good
    if bar.more is not None:
        found = more(values)
        good = found <= bar.more
        return f"highest of the last third {found:+g} (bar +{bar.more:g}){'' if good else '  MISSED'}", good
    return "", True


WIDTH, HEIGHT, LEFT, TOP = 900, 130, 150, 14
INK, GREY, LINE = (30, 30, 30), (210, 210, 210), (20, 90, 200)


def plot(figures: Figures, path: Path, title: str) -> None:
    """A strip for each figure over the hours, with the fitted line of those that have a bar for it, as PNG."""
    picture = Image.new("RGB", (WIDTH, TOP + 16 + HEIGHT * len(BARS)), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((8, 6), title, INK)
    for number, bar in enumerate(BARS):
        _strip(draw, figures, bar, TOP + 16 + HEIGHT * number)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, format="PNG")


def _strip(draw: ImageDraw.ImageDraw, figures: Figures, bar: Bar, top: int) -> None:
    values, hours = np.array(figures.rows[bar.name]), np.array(figures.hours)
    known = np.isfinite(values)
    draw.rectangle((LEFT, top, WIDTH - 12, top + HEIGHT - 22), outline=GREY)
    draw.text((8, top + 4), f"{bar.name} {bar.unit}", INK)
    if known.sum() < 2:
        return
    low, high = float(values[known].min()), float(values[known].max())
    room = max(high - low, 0.02 * max(abs(high), 1.0))

    def place(hour: float, value: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - 12 - LEFT) * hour / max(hours[-1], 1e-9)
        return x, top + HEIGHT - 26 - (HEIGHT - 32) * (value - low) / room

    for day in np.arange(DAY_H, hours[-1], DAY_H):
        x, _ = place(float(day), low)
        draw.line((x, top, x, top + HEIGHT - 22), fill=GREY)
    draw.line([place(h, v) for h, v in zip(hours[known], values[known], strict=True)], fill=LINE, width=1)
    if bar.rise is not None:
        warm, judged, opened = figures.after_warm_up(bar.name)
        if len(judged) >= 3:
            start, slope = line(warm, judged, opened)
            draw.line([place(float(h), start + slope * float(h - warm[0])) for h in (warm[0], warm[-1])], fill=INK)
    draw.text((LEFT - 60, top + 2), f"{high:.6g}", INK)
    draw.text((LEFT - 60, top + HEIGHT - 34), f"{low:.6g}", INK)
    draw.text((WIDTH - 70, top + HEIGHT - 20), f"{hours[-1]:.3g} h", INK)
