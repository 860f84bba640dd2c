"""A time line drawn: what the network reads, what the piece makes of it, and how sure it is, one block for each person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from matplotlib.patches import Patch

from installation.evaluation.timeline_read import Reading, TimeLine
from installation.types import EMOTIONS

# No window, whatever the machine: the picture goes to a file.
mpl.use("Agg")

COLOURS = {
    "angry": "#d1332e",
    "disgust": "#7d8c2b",
    "fear": "#8050b5",
    "happy": "#f4b912",
    "sad": "#2f66b5",
    "surprise": "#25b0a4",
    "neutral": "#bdbdbd",
}
"""Of each emotion, in every picture the same; for reading a chart, not the colours of the piece."""
MAX_DRAWN = 6
"""Who was seen longest is drawn; the text names all."""
DPI = 100
WIDTH_IN = 12.0
ROWS_IN = (0.85, 1.15, 0.22, 0.75, 0.75)
"""Heights of a person's five rows: as read, smoothed, label, how sure, valence and arousal."""
Values = npt.NDArray[np.float64]


def draw(line: TimeLine, path: Path, thumbnails: bool = True) -> None:
    """Write the time line as a picture in the format that ``path``'s suffix names.

    ``thumbnails``: frames of the film along the top; without them the picture shows nobody.
    """
    seen = {key: sum(key in moment.people for moment in line.moments) for key in line.ids}
    drawn = sorted(sorted(seen, key=lambda key: -seen[key])[:MAX_DRAWN])
    heights = [0.82] if thumbnails else []
    heights += list(ROWS_IN) * max(len(drawn), 1)
    figure = Figure(figsize=(WIDTH_IN, sum(heights) + 0.12 * len(heights) + 0.6), dpi=DPI, layout="constrained")
    rows = list(figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0])
    figure.suptitle(_title(line, drawn), fontsize=10)
    if thumbnails:
        _thumbnails(rows[0], line)
        rows = rows[1:]
    for number, key in enumerate(drawn):
        _person(rows[5 * number : 5 * number + 5], line, key)
    if not drawn:
        for axes in rows[1:]:
            axes.set_visible(False)
        rows[0].text(0.5, 0.5, "nobody seen", ha="center", va="center", transform=rows[0].transAxes)
        rows[0].set_yticks([])
    last = rows[-1] if drawn else rows[0]
    last.tick_params(labelbottom=True)
    last.set_xlim(0, line.end_s)
    last.set_xlabel("seconds")
    figure.legend(
        handles=[Patch(color=colour, label=name) for name, colour in COLOURS.items()],
        loc="outside lower center",
        ncols=len(COLOURS),
        fontsize=8,
        frameon=False,
    )
    figure.savefig(path)


def _title(line: TimeLine, drawn: Sequence[int]) -> str:
    more = len(line.ids) - len(drawn)
    return line.name + (f" ({more} more who were seen more shortly)" if more else "")


def _thumbnails(axes: Any, line: TimeLine) -> None:
    """As many frames as fit side by side, each in the middle of its share of the time."""
    axes.axis("off")
    if not line.thumbnails:
        return
    widest = max(shot.rgb.shape[1] for shot in line.thumbnails)
    fits = max(1, int(0.9 * WIDTH_IN * DPI / (widest + 4)))
    for slot in range(min(fits, len(line.thumbnails))):
        middle_s = (slot + 0.5) * line.end_s / min(fits, len(line.thumbnails))
        shot = min(line.thumbnails, key=lambda shot: abs(shot.t_s - middle_s))
        # A figure of 100 dots an inch draws pictures at 100/72 of their size.
        image = OffsetImage(shot.rgb, zoom=72 / DPI)
        box = AnnotationBbox(image, (shot.t_s, 0.5), frameon=False, pad=0, annotation_clip=False)
        box.set_in_layout(False)
        axes.add_artist(box)
    axes.set_ylim(0, 1)


def _person(rows: Sequence[Any], line: TimeLine, key: int) -> None:
    read, smoothed, label, sure, affect = rows
    _stack(read, line, key, lambda reading: reading.expression)
    read.set_ylabel(f"id {key}\nas read", fontsize=8)
    _stack(smoothed, line, key, lambda reading: reading.state.probabilities)
    smoothed.set_ylabel("smoothed", fontsize=8)
    for name, begin_s, end_s in line.labels(key):
        label.axvspan(begin_s, end_s, color=COLOURS[name], linewidth=0)
        if end_s - begin_s > 0.06 * line.end_s:
            label.text((begin_s + end_s) / 2, 0.5, name, ha="center", va="center", fontsize=7)
    label.set_yticks([])
    label.set_ylabel("label", fontsize=8, rotation=0, ha="right", va="center")
    _curves(
        sure,
        line,
        key,
        {"face quality": ("#333333", lambda r: r.quality), "sure": ("#c2410c", lambda r: r.sure)},
    )
    sure.set_ylim(-0.03, 1.03)
    _curves(
        affect,
        line,
        key,
        {"valence": ("#0b7285", lambda r: r.state.valence), "arousal": ("#a61e4d", lambda r: r.state.arousal)},
    )
    affect.axhline(0, color="#999999", linewidth=0.6)
    affect.set_ylim(-1, 1)


def _stack(axes: Any, line: TimeLine, key: int, of: Callable[[Reading], Any]) -> None:
    """Shares on top of each other, 0 to 1; nothing where ``of`` gives None or the person is not there."""
    shares = np.full((len(line.moments) + 1, len(EMOTIONS)), np.nan)
    for row, moment in enumerate(line.moments):
        value = of(moment.people[key]) if key in moment.people else None
        if value is not None:
            shares[row] = value
    shares[-1] = shares[-2]
    tops = np.cumsum(shares, axis=1)
    there = ~np.isnan(tops[:, 0])
    for column, name in enumerate(EMOTIONS):
        low = tops[:, column - 1] if column > 0 else np.zeros(len(tops))
        axes.fill_between(
            _edges(line),
            np.where(there, low, 0.0),
            np.where(there, tops[:, column], 0.0),
            step="post",
            color=COLOURS[name],
            linewidth=0,
        )
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 1])


def _curves(axes: Any, line: TimeLine, key: int, curves: dict[str, tuple[str, Callable[[Reading], float]]]) -> None:
    for name, (colour, of) in curves.items():
        values = [of(moment.people[key]) if key in moment.people else np.nan for moment in line.moments]
        axes.plot(_edges(line)[:-1], values, color=colour, linewidth=1.1, label=name)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7, frameon=False, handlelength=1.0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.5)


def _edges(line: TimeLine) -> Values:
    """(M + 1,) seconds at which moments begin, and the film's end."""
    return np.array([*(moment.t_s for moment in line.moments), line.end_s])
