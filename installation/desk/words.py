"""Figures and times as pages say them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

KINDS = ("fault", "fallback", "note")
"""The order of notices, the gravest first."""


def quoted(text: str) -> str:
    """``text`` as a value within NiceGUI's props, whatever signs are in it: a name with a quote would end there, and what
    follows it would be taken for props."""
    return json.dumps(text, ensure_ascii=False)


def span(seconds: float) -> str:
    """A length of time in one or two words, such as "3 h 20 min"."""
    s = max(0, int(seconds))
    if s < 10:
        return f"{s} s"
    if s < 60:
        return f"{s - s % 10} s"  # by tens: what changes with every second is sent with every second
    if s < 3600:
        return f"{s // 60} min"
    if s < 86400:
        return f"{s // 3600} h {s % 3600 // 60} min"
    return f"{s // 86400} d {s % 86400 // 3600} h"


def ordered(notices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Notices by kind, the newest of each first."""
    return sorted(notices, key=lambda one: (KINDS.index(one["kind"]), one["age_s"]))


def notice_list(notices: Iterable[dict[str, Any]]) -> str:
    """Notices as an HTML list: the stage, how long ago, and the message, which says what to do."""
    rows = [
        f'<li class="mien-notice mien-{one["kind"]}"><div><b>{escape(one["kind"])}: {escape(one["stage"])}</b>'
        f'<span class="mien-dim">{span(one["age_s"])} ago</span></div><p>{escape(one["message"])}</p></li>'
        for one in ordered(notices)
    ]
    return f'<ul class="mien-notices">{"".join(rows)}</ul>' if rows else ""


NOTICE_STYLE = """
.mien-notices { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
.mien-notice { border-left: 3px solid #7b88a1; padding: 0 0 0 10px; }
.mien-notice > div { display: flex; justify-content: space-between; gap: 12px; }
.mien-notice p { margin: 2px 0 0; overflow-wrap: anywhere; white-space: pre-line; }
.mien-fault { border-color: #ff8a7a; } .mien-fault b { color: var(--bad); }
.mien-fallback { border-color: #ebcb8b; } .mien-fallback b { color: var(--calm); }
"""
