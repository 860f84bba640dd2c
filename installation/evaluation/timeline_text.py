"""A time line as text, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from installation.evaluation.timeline_read import Reading, TimeLine
from installation.types import EMOTIONS

SHORT_S = 4.0
"""Films shorter than this have a line every half second."""
HEAD = "     from     to  id  face  quality  read            smoothed        label      valence  arousal   sure"


def lines(line: TimeLine) -> Iterator[str]:
    """The time line as text: a line each second (or half) and person, then the labels one after the other."""
    failed = sum(moment.failed for moment in line.moments)
    yield (
        f"{line.name}: {line.end_s:.1f} s, {len(line.moments)} of {line.frames} frames looked at, "
        f"{len(line.ids) or 'nobody'} seen" + (f", perception failed in {failed}" if failed else "")
    )
    if not line.ids:
        return
    yield HEAD
    step_s = 0.5 if line.end_s < SHORT_S else 1.0
    for number in range(int(np.ceil(line.end_s / step_s - 1e-9))):
        begin_s, end_s = number * step_s, min((number + 1) * step_s, line.end_s)
        within = [moment for moment in line.moments if begin_s <= moment.t_s < end_s]
        for key in line.ids:
            readings = [moment.people[key] for moment in within if key in moment.people]
            if readings:
                yield f"{begin_s:9.1f} {end_s:6.1f}  {key:2d}  {_cells(readings, len(within))}"
    for key in line.ids:
        runs = ", ".join(f"{label} {begin_s:.1f}-{end_s:.1f}" for label, begin_s, end_s in line.labels(key))
        yield f"  id {key}: {runs}"


def _cells(readings: Sequence[Reading], moments: int) -> str:
    faces = [reading for reading in readings if reading.expression is not None]
    expressions = [reading.expression for reading in faces if reading.fresh and reading.expression is not None]
    read = _leader(np.mean(expressions, axis=0)) if expressions else "-"
    states = [reading.state for reading in readings]
    names = [state.label for state in states]
    label = max(EMOTIONS, key=names.count)
    quality = f"{np.mean([reading.quality for reading in faces]):.2f}" if faces else "-"
    means = [np.mean(values) for values in zip(*((s.valence, s.arousal) for s in states))]
    sure = np.mean([reading.sure for reading in readings])
    return (
        f"{100 * len(faces) / moments:3.0f}%  {quality:>7}  {read:<14}  "
        f"{_leader(np.mean([state.probabilities for state in states], axis=0)):<14}  {label:<9}  "
        f"{means[0]:+7.2f}  {means[1]:+7.2f}  {sure:5.2f}"
    )


def _leader(probabilities: Any) -> str:
    first = int(np.argmax(probabilities))
    return f"{EMOTIONS[first]:<9}{probabilities[first]:.2f}"


def as_json(line: TimeLine) -> dict[str, Any]:
    """A time line as plain data, every moment of it."""

    def plain(reading: Reading) -> dict[str, Any]:
        state, raw = reading.state, reading.expression
        return {
            "expression": None if raw is None else [round(float(share), 4) for share in raw],
            "fresh": reading.fresh,
            "quality": round(reading.quality, 4),
            "sure": round(reading.sure, 4),
            "smoothed": [round(float(share), 4) for share in state.probabilities],
            "valence": round(state.valence, 4),
            "arousal": round(state.arousal, 4),
            "presence": round(state.presence, 4),
            "label": state.label,
        }

    moments = [
        {
            "frame": moment.frame,
            "t_s": round(moment.t_s, 4),
            "failed": moment.failed,
            "people": {str(key): plain(reading) for key, reading in moment.people.items()},
        }
        for moment in line.moments
    ]
    return {"film": line.name, "frames": line.frames, "end_s": round(line.end_s, 4), "moments": moments}
