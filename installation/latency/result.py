"""What was measured, for people: a table, a file of figures and a picture of the histograms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from installation.latency.figures import Latency, Moments, mean_people
from installation.types import ByteArray

WIDTH, ROW, LEFT = 960, 150, 40
_BARS = 80
_PAPER, _INK, _BAR, _LINE = (255, 255, 255), (40, 40, 40), (190, 130, 60), (60, 60, 200)
"""BGR, as cv2 writes them."""


def figures_of(found: Sequence[Latency], moments: Moments, more: dict[str, Any]) -> dict[str, Any]:
    """JSON-able: each latency in milliseconds or why there is none, and under what circumstances."""
    read = sum(1 for _, _, code in moments.seen if code is not None)
    return {
        **{f"{one.name}_ms": one.as_dict() for one in found},
        "pictures_shown": len(moments.shown),
        "pictures_seen": len(moments.seen),
        "codes_read": read,
        "mean_visitors": round(mean_people(moments), 2),
        **more,
    }


def table(found: Sequence[Latency], moments: Moments) -> str:
    """Lines for the terminal."""
    lines = [f"{'latency':<19}{'p50':>8}{'p95':>8}{'values':>8}  of what"]
    for one in found:
        if one.why:
            lines.append(f"{one.name:<19}{'-':>8}{'-':>8}{0:>8}  not measured: {one.why}")
        else:
            half, most = one.percentile(50) or 0.0, one.percentile(95) or 0.0
            lines.append(f"{one.name:<19}{half:>5.0f} ms{most:>5.0f} ms{len(one.values_ms):>8}  {one.meaning}")
    people = mean_people(moments)
    lines.append(
        f"{people:.1f} visitors in a picture" + ("" if people >= 0.5 else ": with somebody there it takes longer")
    )
    return "\n".join(lines)


def histograms(found: Sequence[Latency]) -> ByteArray:
    """(H, W, 3) uint8 BGR: one histogram below the other, all over the same milliseconds, with p50 and p95."""
    page = np.full((ROW * len(found) + 40, WIDTH, 3), 255, np.uint8)
    values = [value for one in found for value in one.values_ms]
    end_ms = max(10.0, float(np.percentile(values, 99)) * 1.15) if values else 100.0
    for number, one in enumerate(found):
        _histogram(page, one, 10 + number * ROW, end_ms)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if end_ms / step <= 12)
    for at_ms in range(0, int(end_ms) + 1, step):
        _text(page, f"{at_ms}", (_x(at_ms, end_ms) - 8, page.shape[0] - 12), 0.42)
    _text(page, "ms", (WIDTH - 28, page.shape[0] - 12), 0.42)
    return page


def _histogram(page: ByteArray, one: Latency, top: int, end_ms: float) -> None:
    base = top + ROW - 22
    cv2.line(page, (LEFT, base), (WIDTH - LEFT, base), _INK, 1)
    if one.why:
        _text(page, f"{one.name}: not measured: {one.why}"[:120], (LEFT, top + 16), 0.42)
        return
    counts, _ = np.histogram(np.minimum(one.values_ms, end_ms), _BARS, (0.0, end_ms))
    for at, count in enumerate(counts.tolist()):
        height = round((ROW - 50) * count / max(counts.max(), 1))
        left, right = _x(at * end_ms / _BARS, end_ms), _x((at + 1) * end_ms / _BARS, end_ms) - 1
        if height:
            cv2.rectangle(page, (left, base - height), (right, base), _BAR, -1)
    said = []
    for percent in (50, 95):
        value = one.percentile(percent) or 0.0
        x = _x(min(value, end_ms), end_ms)
        cv2.line(page, (x, top + 22), (x, base), _LINE, 1)
        said.append(f"p{percent} {value:.0f} ms")
    _text(page, f"{one.name}: {', '.join(said)} ({one.meaning})", (LEFT, top + 16), 0.48)


def _x(at_ms: float, end_ms: float) -> int:
    return round(LEFT + (WIDTH - 2 * LEFT) * at_ms / end_ms)


def _text(page: ByteArray, text: str, place: tuple[int, int], size: float) -> None:
    cv2.putText(page, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, _INK, 1, cv2.LINE_AA)
