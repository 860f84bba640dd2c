"""A scene between two scenes: numbers go evenly, angles the shorter way, what has no middle is the newer one's."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from installation.types import BIRTH_COLUMNS, FIGURE_COLUMNS, SHAPE_COLUMNS, FloatArray, SceneState, read_only

LEAP = 8.0
"""Motion's clock never runs so far from one frame to the next: it was set back in between (scene/renewal.py)."""
_SEED, _AGE, _PHASE = (SHAPE_COLUMNS.index(name) for name in ("seed", "age_s", "phase"))
_BIRTH_SEED, _BIRTH_AGE = BIRTH_COLUMNS.index("seed"), BIRTH_COLUMNS.index("age_s")
_ANGLES = [FIGURE_COLUMNS.index(name) for name in ("head_roll", "yaw", "pitch", "roll")]
_NO_MIDDLE = ("room", "renewal", "phase_before")
_PHASE_LEFT = 4 * 4096.0


def between(before: SceneState, after: SceneState, share: float) -> SceneState:
    """``share`` [0, 1] of the way from ``before`` to ``after``, two scenes of one show, a frame or two apart."""
    if share >= 1.0:
        return after
    if share <= 0.0:
        return before
    rows = _partners(before.shapes[:, _SEED], after.shapes[:, _SEED])
    births = _partners(before.births[:, _BIRTH_SEED], after.births[:, _BIRTH_SEED])
    same_scene = (before.scene, before.previous) == (after.scene, after.previous)
    return replace(
        after,
        t_s=_way(before.t_s, after.t_s, share),
        blend=_way(before.blend, after.blend, share) if same_scene else after.blend,
        shapes=_shapes(before.shapes, after.shapes, rows, share),
        palette=_mixed(before.palette, after.palette, share),
        look=_look(before.look, after.look, share),
        emotion=_mixed(before.emotion, after.emotion, share),
        valence=_way(before.valence, after.valence, share),
        arousal=_way(before.arousal, after.arousal, share),
        presence=_way(before.presence, after.presence, share),
        joints=_rows(before.joints, after.joints, rows, share),
        own_palettes=_rows(before.own_palettes, after.own_palettes, rows, share),
        births=_aged(_rows(before.births, after.births, births, share), before.births, after.births, births),
        welcome=_falling(before.welcome, after.welcome, share),
        figures=_figures(before.figures, after.figures, rows, share),
        counter=_mixed(before.counter, after.counter, share),
        moods=_rows(before.moods, after.moods, rows, share),
        notice=_way(before.notice, after.notice, share),
        notice_s=_rising(before.notice_s, after.notice_s, share),
        light=_way(before.light, after.light, share),
    )


def carried_on(scene: SceneState, seconds: float) -> SceneState:
    """``scene``, ``seconds`` later, where nobody says what became of it: time and motion go on, all else stays."""
    if seconds <= 0:
        return scene
    run = seconds * scene.look.get("speed", 0.0)
    shapes = scene.shapes.copy()
    shapes[:, _AGE] += seconds
    shapes[:, _PHASE] = np.mod(shapes[:, _PHASE] + run, _PHASE_LEFT)
    look = {**scene.look, "phase": math.fmod(scene.look.get("phase", 0.0) + run, _PHASE_LEFT)}
    return replace(scene, t_s=scene.t_s + seconds, shapes=read_only(shapes), look=look)


def _way(before: float, after: float, share: float) -> float:
    return before + (after - before) * share


def _falling(before: float, after: float, share: float) -> float:
    """What fades by itself and jumps up."""
    return after if after > before else _way(before, after, share)


def _rising(before: float, after: float, share: float) -> float:
    """What grows by itself and jumps down."""
    return after if after < before else _way(before, after, share)


def _mixed(before: FloatArray, after: FloatArray, share: float) -> FloatArray:
    if before.shape != after.shape:
        return after
    return read_only((before + (after - before) * np.float32(share)).astype(np.float32))


def _partners(before: FloatArray, after: FloatArray) -> list[tuple[int, int]]:
    """Rows of ``after``, and the row of ``before`` of the same visitor or birth: each has a seed of its own."""
    known = {seed: row for row, seed in enumerate(before.tolist())}
    return [(row, known[seed]) for row, seed in enumerate(after.tolist()) if seed in known]


def _rows(before: FloatArray, after: FloatArray, rows: list[tuple[int, int]], share: float) -> FloatArray:
    """Who is new is where the newer scene has them."""
    found = after.copy()
    for row, was in rows:
        found[row] = before[was] + (after[row] - before[was]) * np.float32(share)
    return read_only(found)


def _shapes(before: FloatArray, after: FloatArray, rows: list[tuple[int, int]], share: float) -> FloatArray:
    found = _rows(before, after, rows, share).copy()
    found[:, _SEED] = after[:, _SEED]
    for row, was in rows:
        if abs(after[row, _PHASE] - before[was, _PHASE]) > LEAP:
            found[row, _PHASE] = after[row, _PHASE]
        if after[row, _AGE] < before[was, _AGE]:
            found[row, _AGE] = after[row, _AGE]
    return read_only(found)


def _aged(found: FloatArray, before: FloatArray, after: FloatArray, rows: list[tuple[int, int]]) -> FloatArray:
    """Births: the seed as it is, and one that was born again under the same seed whole."""
    if not len(after):
        return found
    fixed = found.copy()
    fixed[:, _BIRTH_SEED] = after[:, _BIRTH_SEED]
    for row, was in rows:
        if after[row, _BIRTH_AGE] < before[was, _BIRTH_AGE]:
            fixed[row] = after[row]
    return read_only(fixed)


def _figures(before: FloatArray, after: FloatArray, rows: list[tuple[int, int]], share: float) -> FloatArray:
    found = _rows(before, after, rows, share).copy()
    for row, was in rows:
        start, turn = before[was, _ANGLES], after[row, _ANGLES] - before[was, _ANGLES]
        turn = np.mod(turn + np.pi, 2 * np.pi) - np.pi
        found[row, _ANGLES] = start + turn * np.float32(share)
    return read_only(found)


def _look(before: dict[str, float], after: dict[str, float], share: float) -> dict[str, float]:
    mixed = {name: _way(before.get(name, value), value, share) for name, value in after.items()}
    for name in _NO_MIDDLE:
        if name in after:
            mixed[name] = after[name]
    if abs(after.get("phase", 0.0) - before.get("phase", 0.0)) > LEAP:
        mixed["phase"] = after["phase"]
    return mixed
