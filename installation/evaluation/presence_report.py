"""The table of ``evaluate presence``, its three bars, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from installation.evaluation.presence_score import SETTLE_S, Figures, Share
from installation.evaluation.presence_truth import Bar, Truth

BARS: dict[Bar, tuple[float, str]] = {
    "empty": (0.98, "nobody seen in the empty clips"),
    "pair": (0.95, "two people seen in the pair's clip"),
    "face": (0.90, "a face found where one faces the camera uncovered"),
}
"""Least share, and what it is of."""


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:13]}..{name[-13:]}"


COLUMNS: tuple[tuple[str, int, str, Callable[[Figures], str]], ...] = (
    ("frames", 6, "frames looked at", lambda f: str(f.frames)),
    ("people", 6, "present people, summed over the frames", lambda f: str(f.found.of)),
    ("true", 5, "people a frame by the truth, where it leaves no doubt", lambda f: _number(f.true_mean)),
    ("seen", 5, "people a frame as seen in these", lambda f: _number(f.seen_mean)),
    ("right", 6, "frames with a right number of people", lambda f: _percent(f.right.share)),
    (
        ">0.5s",
        6,
        f"the same without the first {SETTLE_S:g} s after somebody appeared",
        lambda f: _percent(f.settled.share),
    ),
    ("found", 6, "present people seen at their place", lambda f: _percent(f.found.share)),
    ("extra", 5, "seen people that are nobody's, summed", lambda f: str(f.phantoms)),
    ("facing", 6, "people facing the camera uncovered, summed", lambda f: str(f.face.of)),
    ("face", 6, "those of them seen with a face", lambda f: _percent(f.face.share)),
    (">0.5s", 6, f"the same without the first {SETTLE_S:g} s", lambda f: _percent(f.face_settled.share)),
    (
        "cover",
        6,
        "seen with a face although a mask, a hand or a blur covers it",
        lambda f: _percent(f.face_covered.share),
    ),
    ("away", 6, "seen with a face although turned away", lambda f: _percent(f.face_away.share)),
    ("ids", 3, "different ids", lambda f: str(f.ids)),
    ("sw", 3, "id switches", lambda f: str(f.switches)),
    ("fr", 3, "fragmentations", lambda f: str(f.fragmentations)),
    ("p50", 5, "ms a frame, median", lambda f: f"{f.ms_p50:.1f}"),
    ("p95", 5, "ms a frame, 95 in 100 are below", lambda f: f"{f.ms_p95:.1f}"),
)
"""Heading, width, meaning, and how a cell comes from a clip's figures."""


def head() -> str:
    """The table's first line."""
    return f"{'clip':28} " + " ".join(f"{name:>{width}}" for name, width, _, _ in COLUMNS)


def row(name: str, figures: Figures) -> str:
    """One clip's line."""
    cells = " ".join(f"{cell(figures):>{width}}" for _, width, _, cell in COLUMNS)
    failed = f"  perception failed in {figures.failures} frames" if figures.failures else ""
    return f"{_short(name):28} {cells}{failed}"


def legend() -> str:
    """What the columns mean, a line each."""
    return "\n".join(f"  {name:8}{meaning}" for name, _, meaning, _ in COLUMNS)


@dataclass(frozen=True, slots=True)
class BarResult:
    """One bar over ``clips``: all their ``cases``, the share of the clip that does ``worst`` (None: there was no case to
    judge), the ``settled`` share of all, and the ``least`` share asked for."""

    bar: Bar
    clips: tuple[str, ...]
    cases: Share
    worst: float | None
    settled: float | None
    least: float

    @property
    def passed(self) -> bool | None:
        """Whether every clip reaches the bar by itself; None where there was no case to judge."""
        return None if self.worst is None else self.worst >= self.least


def judge(truth: Truth, figures: Mapping[str, Figures]) -> list[BarResult]:
    """The three bars over the clips that were looked at."""
    results = []
    for bar, (least, _) in BARS.items():
        names = tuple(name for name in figures if bar in truth.clips[name].bars)
        cases, settled, shares = Share(), Share(), []
        for name in names:
            part, calm = _cases(bar, figures[name])
            cases, settled = cases.plus(part), settled.plus(calm)
            if part.share is not None:
                shares.append(part.share)
        results.append(BarResult(bar, names, cases, min(shares, default=None), settled.share, least))
    return results


def _cases(bar: Bar, figures: Figures) -> tuple[Share, Share]:
    """All of a clip's cases for a bar, and the settled ones."""
    if bar == "empty":
        return figures.nobody, figures.nobody
    if bar == "pair":
        return figures.right, figures.settled
    return figures.face, figures.face_settled


def bar_line(result: BarResult) -> str:
    """One bar in words."""
    what = BARS[result.bar][1]
    if result.worst is None:
        reason = "no frame of its clips shows that" if result.clips else "its clips were not looked at"
        return f"NOT JUDGED   {what}: {reason}"
    word = "REACHED     " if result.passed else "FALLS SHORT "
    worst = "" if len(result.clips) == 1 else f", worst clip {_percent(result.worst)}"
    calm = "" if result.bar == "empty" else f", {_percent(result.settled)} without the first {SETTLE_S:g} s"
    share = _percent(result.cases.share)
    return f"{word} {what}: {share} of {result.cases.of} cases; bar {100 * result.least:g}%{worst}{calm}"


def as_json(truth: Truth, figures: Mapping[str, Figures], every: int) -> str:
    """All figures and bars, shares written out; ``every``: each how manyth frame was looked at."""
    bars = [asdict(result) | {"passed": result.passed} for result in judge(truth, figures)]
    clips = {name: asdict(value) for name, value in figures.items()}
    whole = {"every": every, "settle_s": SETTLE_S, "clips": clips, "bars": bars}
    return json.dumps(_shares_written_out(whole), indent=2) + "\n"


def _shares_written_out(value: object) -> object:
    if isinstance(value, list):
        return [_shares_written_out(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"hits", "of"}:
        return {**value, "share": Share(**value).share}
    return {key: _shares_written_out(inner) for key, inner in value.items()}
