"""How long pictures and OSC took over the last two minutes, how many there were, and memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from installation.desk.seat import Seat
from installation.desk.trail import SECONDS

COLOURS = ("#88c0d0", "#ebcb8b", "#ff9d8a")
WIDTHS = (2.5, 1.5, 1)
SPREAD = ("median", "p95", "p99")
STYLE = """
.mien-graphs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 12px; width: 100%; }
.mien-chart { height: 230px; width: 100%; }
"""
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Graph:
    """``lines``: names; ``values`` gives a value for each line of a second's row, None where there is none."""

    title: str
    unit: str
    lines: tuple[str, ...]
    values: Callable[[dict[str, Any]], Sequence[float | None]]


GRAPHS = (
    Graph("From picture to picture", "ms", SPREAD, lambda row: row["frame_ms"] or (None,) * 3),
    Graph("From the camera to OSC", "ms", SPREAD, lambda row: row["osc_ms"] or (None,) * 3),
    Graph("Each second", "", ("pictures", "perceived"), lambda row: (row["frames"], row["observations"])),
    Graph("Memory", "MB", ("the piece and its processes",), lambda row: (row["memory_mb"],)),
)


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE)
    with ui.element("div").classes("mien-graphs"):
        for graph in GRAPHS:
            _draw(seat, graph)


def data(graph: Graph, rows: Rows) -> list[list[list[float | None]]]:
    """For each line its points, [seconds before the newest, value]; a gap where a second is missing."""
    if not rows:
        return [[] for _ in graph.lines]
    newest = rows[-1]["number"]
    known = {row["number"] - newest: graph.values(row) for row in rows}
    first = max(min(known), 1 - SECONDS)
    return [
        [[second, known[second][at] if second in known else None] for second in range(first, 1)]
        for at in range(len(graph.lines))
    ]


def summary(graph: Graph, rows: Rows) -> str:
    """The graph in words: each line now, and its worst."""
    found = []
    for at, name in enumerate(graph.lines):
        values = [value for row in rows if (value := graph.values(row)[at]) is not None]
        if values:
            low, high = (f"{edge:,.0f}" if edge >= 100 else f"{edge:.1f}" for edge in (min(values), max(values)))
            now = f"{values[-1]:,.0f}" if values[-1] >= 100 else f"{values[-1]:.1f}"
            found.append(f"{name} {now} ({low} to {high})")
    unit = f" {graph.unit}" if graph.unit else ""
    return ", ".join(found) + unit if found else "Nothing yet."


def _draw(seat: Seat, graph: Graph) -> None:
    with ui.element("section").classes("mien-card").props(f'aria-label="{graph.title}"'):
        ui.html(f"<h2>{graph.title}{f', {graph.unit}' if graph.unit else ''}</h2>", sanitize=False)
        chart = ui.echart(_options(graph)).classes("mien-chart")
        chart.props(f'role=img aria-label="{graph.title}, the last two minutes"')
        words = ui.label().classes("mien-dim").style("font-size: var(--small)")
    shown = -1

    def look() -> None:
        nonlocal shown
        rows = list(seat.desk.trail.seconds)
        newest = rows[-1]["number"] if rows else -1
        if newest == shown:
            return
        shown = newest
        for series, points in zip(chart.options["series"], data(graph, rows), strict=True):
            series["data"] = points
        chart.update()
        words.text = summary(graph, rows)

    seat.keep_up(look)


def _options(graph: Graph) -> dict[str, Any]:
    axis = {"axisLabel": {"color": "#b4bdcc"}, "axisLine": {"lineStyle": {"color": "#4c566a"}}}
    series = [
        {
            "type": "line",
            "name": name,
            "showSymbol": False,
            "data": [],
            "lineStyle": {"width": WIDTHS[at]},
            "emphasis": {"disabled": True},
        }
        for at, name in enumerate(graph.lines)
    ]
    return {
        "animation": False,
        "color": list(COLOURS),
        "grid": {"left": 48, "right": 14, "top": 34, "bottom": 26},
        "legend": {"textStyle": {"color": "#eceff4"}, "top": 0, "left": 0, "icon": "roundRect", "itemHeight": 4},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "min": -SECONDS, "max": 0, "interval": 20, "splitLine": {"show": False}, **axis},
        "yAxis": {"type": "value", "min": 0, "splitLine": {"lineStyle": {"color": "#343b48"}}, **axis},
        "series": series,
    }
