"""What the generators paint: which of them runs, and the paintings that were kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from html import escape
from pathlib import Path

from nicegui import ui

from installation.base.model_files import MODELS_DIR, ModelError, load_manifest, model_names
from installation.config.generation import GenerationConfig
from installation.desk.files import Painting, paintings
from installation.desk.parts.elements import card, set_chosen
from installation.desk.seat import Seat

PERIOD_S = 3.0
STYLE = """
.mien-gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 240px), 1fr)); gap: 12px; }
.mien-gallery a { display: block; color: #eceff4; text-decoration: none; }
.mien-gallery img { width: 100%; aspect-ratio: 16 / 9; object-fit: cover; border-radius: 8px;
  background: #0c0d10; display: block; }
.mien-gallery span { font-size: var(--small); }
"""


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE)
    _models(seat)
    _paintings(seat)


def generators(folder: Path) -> list[str]:
    """Networks in models/ that may be generators of textures: the one as shipped, and those the manifest does not name."""
    own = GenerationConfig.model_fields["model"].default
    try:
        others = {Path(entry.file).name for entry in load_manifest(folder / "manifest.yaml").values()} - {own}
    except ModelError:
        others = set()
    return [name for name in model_names("*.onnx", folder) if name not in others and name.isprintable()]


def album(found: Sequence[Painting]) -> str:
    """The paintings as HTML."""
    rows = (
        f'<a href="/paintings/{one.name}" target="_blank" rel="noopener">'
        f'<img src="/paintings/{one.name}/small?v={one.stamp}" loading="lazy" alt="Painting of {_when(one.name)}">'
        f'<span class="mien-dim">{_when(one.name)}</span></a>'
        for one in found
    )
    return f'<div class="mien-gallery">{"".join(rows)}</div>'


def _when(name: str) -> str:
    """painting-20260803-090000-123456.png as "3 Aug 2026, 09:00" would be long; the stamp's date and time do."""
    stamp = name.removeprefix("painting-").split("-")
    if len(stamp) < 2 or len(stamp[0]) != 8 or len(stamp[1]) < 4:
        return escape(name)
    day, time = stamp[0], stamp[1]
    return f"{day[:4]}-{day[4:6]}-{day[6:]} {time[:2]}:{time[2:4]}"


def _models(seat: Seat) -> None:
    desk = seat.desk
    with card("Generators"):
        row = ui.element("div").classes("mien-row")
        runs = ui.label().classes("mien-dim").style("overflow-wrap: anywhere")
    buttons: dict[str, ui.button] = {}

    def mark() -> None:
        runs.text = str(desk.part("generation") or "")
        words = runs.text.replace(",", " ").split()
        for name, button in buttons.items():
            set_chosen(button, name in words)

    def add(name: str) -> None:
        button = ui.button(
            name.removesuffix(".onnx"),
            on_click=lambda: seat.do(desk.command("texture_model", name), f"{name} is being loaded"),
        )
        button.props("no-caps unelevated").style("min-height: 44px")
        button.set_enabled(seat.operates)
        buttons[name] = button

    async def look() -> None:
        names = await asyncio.to_thread(generators, MODELS_DIR)
        for name in [name for name in buttons if name not in names]:
            buttons.pop(name).delete()
        with row:
            for name in names:
                if name not in buttons:
                    add(name)
        mark()

    ui.timer(PERIOD_S, look)
    seat.keep_up(mark)


def _paintings(seat: Seat) -> None:
    desk = seat.desk
    with ui.element("section").classes("mien-card").props('aria-label="Paintings"'):
        with ui.element("div").classes("mien-row").style("justify-content: space-between"):
            ui.html("<h2>Paintings that were kept</h2>", sanitize=False)
            paint = ui.button(
                "Paint this moment",
                icon="brush",
                on_click=lambda: seat.do(desk.command("paint"), "this moment is being painted"),
            ).props("no-caps unelevated color=blue-grey-9")
            paint.set_enabled(seat.operates)
        words = ui.label().classes("mien-dim")
        listed = ui.html(sanitize=False)
    shown: list[Painting] | None = None

    async def look() -> None:
        nonlocal shown
        folder = (desk.part("files") or {}).get("captures")
        if not folder:
            return
        found = await asyncio.to_thread(paintings, Path(folder))
        if found == shown:
            return
        shown = found
        words.text = (
            f"The newest {len(found)}, in captures/; a press shows one whole."
            if found
            else "None yet. A painting is kept when one is asked for (picture.keep)."
        )
        listed.content = album(found)

    ui.timer(PERIOD_S, look)
