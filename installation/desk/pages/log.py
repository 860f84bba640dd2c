"""What the piece wrote down: the newest lines of its log, and the notices that were raised."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from html import escape
from pathlib import Path

from nicegui import ui

from installation.desk.log_tail import LEVELS, Entry, LogTail
from installation.desk.seat import Seat
from installation.desk.trail import Raised
from installation.desk.words import NOTICE_STYLE

PERIOD_S = 1.0
SHOWN = 200
SHOWN_NOTICES = 60
FROM = {"everything": "DEBUG", "warnings and errors": "WARNING", "errors": "ERROR"}
STYLE = f"""
{NOTICE_STYLE}
.mien-log {{ list-style: none; margin: 8px 0 0; padding: 0; font-family: ui-monospace, monospace;
  font-size: var(--small); line-height: 1.45;
  max-height: 62vh; overflow-y: auto; }}
.mien-log li {{ display: grid; grid-template-columns: 11.5rem minmax(0, 1fr); gap: 0 10px; padding: 2px 6px;
  border-left: 3px solid transparent; }}
.mien-log li span:last-child {{ overflow-wrap: anywhere; white-space: pre-wrap; }}
.mien-log .WARNING {{ border-color: #ebcb8b; color: #f1d9a7; }}
.mien-log .ERROR, .mien-log .CRITICAL {{ border-color: #ff8a7a; color: #ffb4a8; }}
.mien-log .DEBUG {{ color: #b4bdcc; }}
@media (max-width: 600px) {{ .mien-log li {{ grid-template-columns: minmax(0, 1fr);
  }} .mien-log {{ max-height: none; }} }}
"""


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE)
    _log(seat)
    _history(seat)


def lines(found: Iterable[Entry], least: str, word: str) -> str:
    """The newest SHOWN entries of the level ``least`` or graver that hold ``word``, newest first, as HTML."""
    wanted, word = LEVELS[LEVELS.index(least) :], word.casefold().strip()
    kept = [one for one in found if one.level in wanted and word in one.text.casefold()][-SHOWN:]
    rows = (
        f'<li class="{one.level}"><span class="mien-dim">{one.time}</span>'
        f"<span>{'' if one.level == 'INFO' else one.level + ' '}{escape(one.text)}</span></li>"
        for one in reversed(kept)
    )
    return f'<ol class="mien-log" tabindex="0" aria-label="Lines of the log, newest first">{"".join(rows)}</ol>'


def history(raised: Iterable[Raised]) -> str:
    """The newest SHOWN_NOTICES notices, newest first, as HTML: when raised, until when."""
    newest = list(raised)[-SHOWN_NOTICES:]
    rows = (
        f'<li class="mien-notice mien-{one.kind}"><div><b>{escape(one.kind)}: {escape(one.stage)}</b>'
        f'<span class="mien-dim">{one.at:%d %b %H:%M:%S} {_until(one)}</span></div><p>{escape(one.message)}</p></li>'
        for one in reversed(newest)
    )
    return f'<ul class="mien-notices">{"".join(rows)}</ul>' if newest else '<p class="mien-dim">None yet.</p>'


def _until(one: Raised) -> str:
    return "until now" if one.ended is None else f"to {one.ended:%H:%M:%S}"


def _log(seat: Seat) -> None:
    desk, tail = seat.desk, LogTail()
    found: list[Entry] = []
    with ui.element("section").classes("mien-card").props('aria-label="Log"'):
        ui.html("<h2>Log</h2>", sanitize=False)
        with ui.element("div").classes("mien-row"):
            least = (
                ui.select(list(FROM), value="everything", label="Show")
                .props("outlined dense")
                .style("min-width: 12rem")
            )
            word = ui.input("With this word").props("outlined dense clearable debounce=300").style("flex: 1 1 10rem")
        trouble = ui.label().classes("mien-dim")
        listed = ui.html(sanitize=False)

    def show() -> None:
        listed.content = lines(found, FROM[least.value], word.value or "")

    async def look() -> None:
        nonlocal found
        place = (desk.part("files") or {}).get("log")
        if place is None:
            return
        if not place:
            trouble.text = "No log is written (log.file is empty)."
            return
        path = Path(place)
        try:
            newer = await asyncio.to_thread(tail.read, path)
        except OSError as error:
            trouble.text = f"{path.name} cannot be read: {error.strerror or error}"
            return
        trouble.text = f"The end of {path.name}; older lines and files lie beside it."
        if newer is not None:
            found = newer
            show()

    least.on_value_change(show)
    word.on_value_change(show)
    ui.timer(PERIOD_S, look)


def _history(seat: Seat) -> None:
    with ui.element("section").classes("mien-card").props('aria-label="Notices"'):
        ui.html("<h2>Notices since the desk began</h2>", sanitize=False)
        listed = ui.html(sanitize=False)
    shown = -1

    def look() -> None:
        nonlocal shown
        if shown != seat.desk.trail.notices_version:
            shown = seat.desk.trail.notices_version
            listed.content = history(seat.desk.trail.raised)

    seat.keep_up(look)
