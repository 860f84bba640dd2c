"""The table of what goes out and comes in over OSC; search, stars and copying are done by the browser."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

STYLE = """
.osc-table { border-collapse: collapse; width: 100%; font-size: 0.9rem; margin-top: 8px; }
.osc-table th { text-align: left; font-weight: 600; color: #b4bdcc; padding: 4px 6px; }
.osc-table td { padding: 2px 6px; border-top: 1px solid #333a47; vertical-align: top; overflow-wrap: anywhere; }
.osc-table code { font-size: 0.85rem; }
.osc-value { font-variant-numeric: tabular-nums; min-width: 9rem; white-space: pre-wrap; }
.osc-table .osc-rate { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.osc-starred { background: #2b3242; }
.osc-icon { background: none; border: 0; color: #eceff4; min-width: 32px; min-height: 28px; cursor: pointer; }
.osc-search { display: flex; gap: 8px; align-items: center; }
.osc-search input { background: #16181d; color: #eceff4; border: 1px solid #6b7689; border-radius: 6px; padding: 6px 8px; }
.osc-hold { background: #3b4252; color: #eceff4; border: 0; border-radius: 6px; padding: 7px 12px; cursor: pointer; }
.osc-jump { color: #9cc4f2; }
#osc-in { scroll-margin-top: 140px; }
.osc-no { color: #ffb4a8; }
.osc-yes { color: #a3d9a5; }
.osc-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 600px) {
  .osc-table thead { display: none; }
  .osc-table tr { display: flex; flex-wrap: wrap; border-top: 1px solid #333a47; padding: 4px 0; }
  .osc-table td { border: 0; }
  .osc-table .osc-hz::after { content: " Hz"; color: #b4bdcc; }
  .osc-table .osc-address { flex: 1 1 60%; }
  .osc-table .osc-value { flex: 1 1 60%; padding-left: 44px; }
}
"""


class OscMonitorTable(Element, component="osc_monitor.js"):
    """Shows what the piece tells as its part ``osc`` (showcontrol/osc_monitor.py)."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None

    def show(self, live: dict[str, Any] | None) -> None:
        """Show this; costs one message to the browser."""
        if live is not None and live is not self._shown and self.client.has_socket_connection:
            self._shown = live
            self.run_method("take", live)
