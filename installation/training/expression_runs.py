"""Teachers side by side, what they read together, and the students that learn from it; each network a process.

Three larger networks of two kinds (VGG19 twice) learn the votes and the labels. The mean of what they read in every face
is the better part of what a small network then aims at (Hinton et al. 2015). On a card, small networks wait for each
other's launches less than for their own, so three at once take little longer than one.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import torch

from installation.base.files import write_whole
from installation.training.expression_fit import ExpressionRun
from installation.training.expression_heads import CLASSES, logits_of
from installation.training.expression_settings import FitSettings
from installation.training.face_folder import TrainingFaces, load_training
from installation.training.fer import IntArray
from installation.training.several import Place
from installation.types import FloatArray

TEACHERS = (("vgg_a", "vgg19", 1, 0.5), ("wide", "wide", 2, 1.0), ("vgg_b", "vgg19", 3, 0.5))
"""Name, shape, seed, and the learning rate as a multiple of the student's."""
TEACHERS_SHARE, STUDENTS_SHARE = 0.55, 0.40
"""Of the time for all; the rest goes to starting, and to reading all faces once."""
TEACHERS_AUGMENT, TEACHERS_SMALL = 1.0, 0.3
TAUGHT, READINGS = "taught.npz", "readings.npy"
GRACE_S = 120.0
"""Seconds for saving after Ctrl-C."""


@dataclass(frozen=True)
class Job:
    """One network to train: where its checkpoints lie, how, on what, and which file says what teachers read.

    ``reads``: at the end it reads all faces and writes what it read, for others to learn from.
    """

    folder: Path
    settings: FitSettings
    data: Path
    device: str
    threads: int = 1
    taught: Path | None = None
    start: Path | None = None
    reads: bool = False


def teachers(job: Job) -> list[Job]:
    """The three jobs that teach the student of ``job``; its ``settings.seconds`` are the time for all."""
    seconds = TEACHERS_SHARE * job.settings.seconds
    jobs = []
    for name, shape, seed, rate in TEACHERS:
        settings = replace(
            job.settings,
            shape=shape,
            seed=seed,
            seconds=seconds,
            learning_rate=rate * job.settings.learning_rate,
            augment=TEACHERS_AUGMENT,
            small_share=TEACHERS_SMALL,
        )
        jobs.append(replace(job, folder=job.folder / name, settings=settings, start=None, reads=True))
    return jobs


def fit(
    job: Job, wants_stop: Callable[[], bool], faces: TrainingFaces | None = None, place: Place | None = None
) -> bool:
    """Train one network, or go on with it; whether it got to its end. ``faces`` spares reading the data again."""
    torch.set_num_threads(job.threads)
    faces = load_training(job.data) if faces is None else faces
    device = torch.device(job.device if place is None else place.device)
    taught, rows = None, faces.split()
    if job.taught is not None:
        taught, rows = load_taught(job.taught, faces)
    run = ExpressionRun(faces, rows, job.folder, job.settings, device, wants_stop, taught, job.start, place)
    if not run.run():
        return False
    leads = place is None or place.leads
    if job.reads and leads and not (job.folder / READINGS).exists():
        logits = logits_of(run.average, faces.images, device, half=job.settings.half)
        both = torch.cat([torch.softmax(part, 1) for part in logits.split(CLASSES, dim=1)], dim=1)
        np.save(job.folder / READINGS, both.numpy())
    return True


def side_by_side(jobs: Sequence[Job], wants_stop: Callable[[], bool]) -> list[bool]:
    """Train all, each in a process of its own; which of them got to their end. One that fails says why, the others go on."""
    context = multiprocessing.get_context("spawn")
    event = context.Event()
    processes = [context.Process(target=_alone, args=(job, event), name=job.folder.name) for job in jobs]
    try:
        for process in processes:
            process.start()
        last_s = float("inf")
        while any(process.is_alive() for process in processes) and time.monotonic() < last_s:
            if wants_stop() and not event.is_set():
                event.set()
                last_s = time.monotonic() + GRACE_S
            time.sleep(0.1)
    finally:
        _end(processes)
    return [process.exitcode == 0 for process in processes]


def _end(processes: Sequence[SpawnProcess]) -> None:
    for process in processes:
        if process.is_alive():
            process.kill()
        if process.pid is not None:
            process.join()


def _alone(job: Job, event: Event) -> None:
    """What each process runs; its exit code says how it ended: 0 at the end, 3 stopped, 1 failed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the first process says when
    parent = multiprocessing.parent_process()
    try:
        finished = fit(job, lambda: event.is_set() or (parent is not None and not parent.is_alive()))
    except Exception:  # noqa: BLE001 - the border of the process: the others go on
        print(f"{job.folder.name} failed:", flush=True)
        traceback.print_exc()
        raise SystemExit(1) from None
    raise SystemExit(0 if finished else 3)


def teach(job: Job, wants_stop: Callable[[], bool], faces: TrainingFaces) -> Path | None:
    """Train the teachers of ``job`` and write what they read together; the file, or None when stopped before.

    Raises ValueError when none of them got to its end.
    """
    path = job.folder / TAUGHT
    if path.exists():
        return path
    jobs = teachers(job)
    finished = side_by_side(jobs, wants_stop)
    if wants_stop() and not all(finished):
        return None
    found = [np.load(job.folder / READINGS) for job, ended in zip(jobs, finished) if ended]
    if not found:
        raise ValueError("no teacher got to its end; --no-teachers trains without them")
    _, held = faces.split()
    store_taught(path, np.mean(found, axis=0), faces, held)
    print(f"{len(found)} teachers: {path}", flush=True)
    return path


def store_taught(path: Path, read: FloatArray, faces: TrainingFaces, held: IntArray) -> None:
    """Write ``read`` (N, 14) as ``soft`` uint8 of 255, in the rows of the archive, with ``has`` and ``held`` (bool)."""
    count = int(faces.rows.max()) + 1
    soft, has, out = np.zeros((count, 2 * CLASSES), np.uint8), np.zeros(count, bool), np.zeros(count, bool)
    soft[faces.rows] = np.round(read * 255).astype(np.uint8)
    has[faces.rows], out[faces.rows[held]] = True, True
    draft = path.with_suffix(".draft.npz")
    np.savez_compressed(draft, soft=soft, has=has, held=out)
    write_whole(path, draft.read_bytes())
    draft.unlink()


def load_taught(path: Path, faces: TrainingFaces) -> tuple[FloatArray, tuple[IntArray, IntArray]]:
    """What teachers read in ``faces``, (N, 14) probabilities of both heads, and the rows (to learn from, held out).

    The rows held out are those that the teachers did not learn from either. Raises FileNotFoundError, or ValueError when
    it is of other faces.
    """
    with np.load(path) as archive:
        soft, has, held = archive["soft"], archive["has"], archive["held"]
    if len(soft) <= faces.rows.max() or not has[faces.rows].all():
        raise ValueError(f"{path} is of other faces than these; give their --data")
    both = soft[faces.rows].astype(np.float32).reshape(-1, 2, CLASSES)
    both /= np.maximum(both.sum(axis=2, keepdims=True), 1)
    out = held[faces.rows]
    return both.reshape(-1, 2 * CLASSES), (np.flatnonzero(~out), np.flatnonzero(out))
