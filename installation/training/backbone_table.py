"""What the published comparison comes to: a table to read, the same as JSON, and the weights that are small enough."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import torch

from installation.base.files import write_whole
from installation.base.onnx_sessions import cpu_session
from installation.perception.expression import FACE_SIZE
from installation.training.backbone_plan import FAILED, PUBLISHED, Outcome
from installation.training.backbones import build_backbone
from installation.training.onnx_file import write_onnx

LARGEST_FILE = 16 * 2**20
MEASURED_S, WARM_RUNS = 1.5, 5


@dataclass(frozen=True)
class Pace:
    """Median milliseconds for one face on one processor thread, and what ran it: "ONNX" or "torch"."""

    milliseconds: float
    with_what: str


def measure_pace(name: str) -> Pace:
    """How long the network ``name`` takes for one face; with fresh weights, for the values change nothing about it."""
    torch.set_num_threads(1)
    net = build_backbone(name).eval()
    face = torch.randn(1, 1, FACE_SIZE, FACE_SIZE)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "net.onnx"
            write_onnx(net, {"face": face}, "logits", path, {})
            session = cpu_session(path)
        feed = {"face": face.numpy()}
        return Pace(_median_ms(lambda: session.run(None, feed)), "ONNX")
    except Exception as error:  # noqa: BLE001 - export and session raise errors of many kinds; the trainings must go on
        print(f"{name}: no ONNX file of it, timed in torch ({type(error).__name__})", flush=True)
    with torch.inference_mode():
        return Pace(_median_ms(lambda: net(face)), "torch")


def _median_ms(read: Callable[[], object]) -> float:
    for _ in range(WARM_RUNS):
        read()
    taken: list[float] = []
    while sum(taken) < MEASURED_S or len(taken) < WARM_RUNS:
        began = time.perf_counter()
        read()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken)


def keep_small_weights(outcomes: Sequence[Outcome], run: Path, out: Path) -> dict[str, str]:
    """Copy the weights of up to 16 MiB to ``out``; says of every measured network where they are or why they are not."""
    said = {}
    for outcome in outcomes:
        weights = run / outcome.name / "weights.pt"
        if outcome.accuracy is None or not weights.is_file():
            continue
        data = weights.read_bytes()
        if len(data) <= LARGEST_FILE:
            write_whole(out / f"{outcome.name}.pt", data)
            said[outcome.name] = f"{outcome.name}.pt, {len(data) / 1e6:.1f} MB as float16"
        else:
            said[outcome.name] = f"left out: {len(data) / 1e6:.0f} MB as float16 are too large"
    return said


def table(outcomes: Sequence[Outcome], paces: Mapping[str, Pace], weights: Mapping[str, str], how: str) -> str:
    """Everything as Markdown. ``how``: a sentence about the run; ``weights`` as ``keep_small_weights`` gives it."""
    measured = [outcome for outcome in outcomes if outcome.accuracy is not None]
    count = f" (n {measured[0].count:,})" if measured else ""
    distinct = f" (n {measured[0].distinct_count:,})" if measured else ""
    lines = [
        f"| network | accuracy{count} | without copies{distinct} | with the mirror image | macro recall | passes "
        "| weights, M | ms a face | published accuracy |",
        "|---|" + "---:|" * 8,
        *(_row(outcome, paces.get(outcome.name)) for outcome in outcomes),
        "",
        "Percent of FER-2013's publictest, its own labels, the face alone unless said otherwise; without copies: without those "
        "that are, pixel for pixel, training pictures too. ms: one face, one processor thread, median.",
        how,
    ]
    lines += [f"- {o.name} {o.status}: {o.note}" for o in outcomes if o.note]
    lines += [f"- weights of {name}: {where}" for name, where in weights.items()]
    return "\n".join(lines)


def _row(outcome: Outcome, pace: Pace | None) -> str:
    def percent(share: float | None) -> str:
        return "-" if share is None else f"{100 * share:.2f}"

    published = PUBLISHED.get(outcome.name)
    cells = [
        outcome.name,
        outcome.status if outcome.status == FAILED else percent(outcome.accuracy),
        *(percent(share) for share in (outcome.distinct, outcome.mirrored, outcome.macro_recall)),
        f"{outcome.passes:.1f}",
        f"{outcome.weights / 1e6:.1f}" if outcome.weights else "-",
        "-" if pace is None else f"{pace.milliseconds:.1f} ({pace.with_what})",
        "-" if published is None else f"{published:.2f}",
    ]
    return "| " + " | ".join(cells) + " |"


def write_tables(
    out: Path, text: str, outcomes: Sequence[Outcome], paces: Mapping[str, Pace], weights: Mapping[str, str]
) -> None:
    """table.md and table.json in ``out``."""
    write_whole(out / "table.md", (text + "\n").encode())
    rows = []
    for outcome in outcomes:
        pace = paces.get(outcome.name)
        rows.append(
            asdict(outcome)
            | {"published": PUBLISHED.get(outcome.name), "weights_file": weights.get(outcome.name)}
            | {"milliseconds": pace and pace.milliseconds, "timed_with": pace and pace.with_what}
        )
    write_whole(out / "table.json", (json.dumps(rows, indent=1) + "\n").encode())
