"""The published comparison as data: which networks, how each is trained, and what came of it. Imports no torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from installation.base.files import write_whole

PUBLISHED = {"vgg19": 65.65, "resnet50": 64.83, "mobilenet_v2": 61.74, "densenet201": 66.34}
"""Percent of FER-2013's publictest read rightly, as published, trained with augmentation and class weights."""

FINISHED, STOPPED_EARLY, FAILED = "finished", "unfinished", "failed"


@dataclass(frozen=True)
class Recipe:
    """How every network is trained. ``rate`` is the highest learning rate at this ``batch``; VGG19 gets half of it.

    ``passes``: a network that has gone through the faces so often is done and leaves the card to the slower ones.
    """

    batch: int = 256
    rate: float = 0.1
    passes: int = 30
    augment: float = 0.7
    seed: int = 2013


@dataclass(frozen=True)
class Task:
    """What a process is told. Times are ``time.time()``: when the command began, when training must end.

    ``data`` holds the faces, packed or not; ``run`` is this network's own folder.
    """

    name: str
    data: Path
    run: Path
    device: str
    threads: int
    started_s: float
    end_s: float
    recipe: Recipe


@dataclass(frozen=True)
class Outcome:
    """What came of a network. Shares in [0, 1] are of publictest; ``recall`` in the order of EMOTIONS.

    ``accuracy`` and all others are of the face alone; ``mirrored`` is the accuracy of the mean with its mirror image.
    ``distinct``: the accuracy, and ``distinct_count`` the number, without copies of training pictures.
    """

    name: str
    status: str
    note: str = ""
    accuracy: float | None = None
    count: int = 0
    distinct: float | None = None
    distinct_count: int = 0
    mirrored: float | None = None
    macro_recall: float | None = None
    recall: tuple[float, ...] = ()
    passes: float = 0.0
    steps: int = 0
    spent_s: float = 0.0
    weights: int = 0
    device: str = ""

    def write(self, path: Path) -> None:
        """As JSON, whole or not at all."""
        write_whole(path, json.dumps(asdict(self)).encode())

    @staticmethod
    def read(path: Path) -> Outcome:
        """Raises OSError without a file."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return Outcome(**found | {"recall": tuple(found["recall"])})
