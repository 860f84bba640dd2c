"""The reliability diagram: probability as read against the share of people's votes."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib.figure import Figure

from installation.training.fer_votes import BINS, Reliability


def plot(found: Reliability, path: Path) -> None:
    """Write the diagram as PNG: the points of the bins beside the diagonal, and below how many readings each holds."""
    figure = Figure(figsize=(5, 6), dpi=100, layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    filled = found.counts > 0
    upper.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="as it should be")
    upper.plot(found.predicted[filled], found.voted[filled], "o-", color="tab:blue", label="as read")
    upper.set(xlim=(0, 1), ylim=(0, 1), ylabel="share of people's votes", title=f"mean gap {found.gap:.4f}")
    upper.legend(loc="upper left", frameon=False)
    lower.bar([(index + 0.5) / BINS for index in range(BINS)], found.counts, width=0.9 / BINS, color="0.6")
    lower.set(xlabel="probability as read, seven emotions pooled", ylabel="readings", yscale="log")
    figure.savefig(path, format="png")
