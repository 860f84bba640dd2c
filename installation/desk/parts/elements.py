"""Small things that pages are made of."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from nicegui.element import Element

CHOSEN, OTHER = "blue-9", "blue-grey-9"
"""A button that stands for what is on, and one that does not."""


def card(title: str) -> ui.element:
    """A section of a page with its heading; used as a context."""
    found = ui.element("section").classes("mien-card").props(f'aria-label="{title}"')
    with found:
        ui.html(f"<h2>{title}</h2>", sanitize=False)
    return found


def set_props(element: Element, **wanted: Any) -> None:
    """Give an element these properties (``aria_label`` for aria-label); only what differs is sent."""
    for name, value in wanted.items():
        key = name.replace("_", "-")
        if element.props.get(key) != value:
            element.props[key] = value


def set_chosen(button: ui.button, is_on: bool) -> None:
    """Mark a button as that of what is on."""
    set_props(button, color=CHOSEN if is_on else OTHER, aria_pressed="true" if is_on else "false")
