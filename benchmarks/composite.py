"""Films whose truth is known: real people cut out of the test clips and pasted over a real background.

The outlines come from the pose network's own mask, so pasted bodies may be a little easier to see than filmed ones; there
are no shadows. It is known exactly where everybody is, who covers whom and how much of each is visible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from installation.base.model_files import model_path
from installation.evaluation.presence_truth import TrueClip, load_truth
from installation.perception.landmarkers import picture
from installation.types import Box, ByteArray

WIDTH, HEIGHT, FPS = 1280, 720, 30.0
WALK = 0.66
"""Body heights a second at which the walking woman was filmed."""
PRESENT, GONE = 0.5, 0.02
"""Visible share of a body: from PRESENT on it must be seen, below GONE it cannot be."""
KEEP_S = 0.8
"""A person who left the picture may count as present for this long (the setting forget_s, and a picture)."""

Clothes = tuple[int, float, float] | None
"""Hue (0-179), saturation [0, 1] and brightness gain that all but skin and head is given; None as filmed."""
COLOURS: dict[str, Clothes] = {
    "as filmed": None,
    "red": (178, 0.85, 1.1),
    "blue": (112, 0.8, 1.1),
    "yellow": (27, 0.85, 1.6),
    "white": (20, 0.05, 2.0),
    "violet": (145, 0.7, 1.2),
    "green": (60, 0.8, 1.0),
}


@dataclass(frozen=True)
class Pose:
    """How somebody is drawn: middle of the body and feet in pixels, height in pixels, the cut-out's number, mirrored."""

    x: float
    feet: float
    height: float
    step: int
    mirrored: bool = False


@dataclass(frozen=True)
class Actor:
    """One person: cut-outs (H, W, 4), and where at ``t_s``; None for not there. Later actors cover earlier ones."""

    cutouts: list[ByteArray]
    at: Callable[[float], Pose | None]


@dataclass(frozen=True)
class Film:
    """``pillar``: left and right edge in pixels of something that covers everybody."""

    background: ByteArray
    actors: list[Actor]
    seconds: float
    pillar: tuple[int, int] | None = None


def people(folder: Path) -> dict[str, list[ByteArray]]:
    """Cut-outs (H, W, 4) RGB and opacity, at FPS, by name: walker (in profile, to the right), dancer and barefoot (facing).

    They can be shown in a loop: the walker's last step is like the first, the others run forwards and backwards.
    """
    truth = load_truth(Path(__file__).resolve().parent.parent / "docs" / "presence_truth.yaml")
    woman = truth.clips["sports2d_demo.mp4"].people["woman"]
    return {
        "walker": _round(_cut(folder / "sports2d_demo.mp4", range(64, 160), woman.box, True)),
        "dancer": _back(_cut(folder / "tfjs_pose_1.mp4", range(120), lambda _: Box(0.2, 0.1, 0.8, 0.9), False)),
        "barefoot": _back(
            _cut(folder / "p2s_single_cam01.mp4", range(0, 36, 2), lambda _: Box(0, 0.1, 0.6, 0.75), False)
        ),
    }


def _back(cutouts: list[ByteArray]) -> list[ByteArray]:
    return cutouts + cutouts[-2:0:-1]


def _round(cutouts: list[ByteArray]) -> list[ByteArray]:
    """Up to the step, after a second and a half at least, that is most like the first."""
    shapes = [cv2.resize(one[..., 3], (32, 64)).astype(float) for one in cutouts]
    apart = [float(np.abs(shape - shapes[0]).mean()) for shape in shapes]
    first = round(1.5 * FPS)
    return cutouts[: first + int(np.argmin(apart[first:]))]


def background(folder: Path) -> ByteArray:
    """The park of sports2d_demo without people (each pixel's median over time), (HEIGHT, WIDTH, 3)."""
    frames = [rgb for index, rgb in enumerate(_frames(folder / "sports2d_demo.mp4", True)) if index % 12 == 0]
    middle = np.median(np.stack(frames), axis=0).astype(np.uint8)
    # The lower right part: a lawn, a wall and trees; the street with passers-by far behind is left out.
    height, width = middle.shape[:2]
    part = middle[int(0.28 * height) :, int(0.12 * width) :]
    return np.asarray(cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def dressed(cutouts: list[ByteArray], clothes: Clothes) -> list[ByteArray]:
    """The same person in other clothes: all below the chin that has not the hue of skin."""
    if clothes is None:
        return cutouts
    hue, saturation, gain = clothes
    changed = []
    for cutout in cutouts:
        hsv = cv2.cvtColor(cutout[..., :3], cv2.COLOR_RGB2HSV)
        skin = ((hsv[..., 0] < 17) | (hsv[..., 0] > 172)) & (hsv[..., 1] > 60) & (hsv[..., 2] > 60)
        skin[: int(0.16 * len(cutout))] = True
        cloth = hsv.copy()
        cloth[..., 0], cloth[..., 1] = hue, round(255 * saturation)
        cloth[..., 2] = np.clip(gain * hsv[..., 2].astype(np.float32) + 25, 0, 255).astype(np.uint8)
        rgb = cv2.cvtColor(np.where(skin[..., None], hsv, cloth), cv2.COLOR_HSV2RGB)
        changed.append(np.dstack([rgb, cutout[..., 3]]))
    return changed


def render(film: Film) -> tuple[list[ByteArray], TrueClip]:
    """All pictures of a film, (HEIGHT, WIDTH, 3), and who is in them: person "0" is the first actor."""
    count = round(film.seconds * FPS)
    pictures: list[ByteArray] = []
    visible = np.zeros((len(film.actors), count))
    boxes: list[dict[int, list[float]]] = [{} for _ in film.actors]
    for frame in range(count):
        rgb = film.background.copy()
        owner = np.full(rgb.shape[:2], -1, np.int8)
        whole = np.zeros(len(film.actors))
        for number, actor in enumerate(film.actors):
            pose = actor.at(frame / FPS)
            if pose is not None:
                whole[number], box = _paste(rgb, owner, number, actor.cutouts, pose)
                if box is not None:
                    boxes[number][frame] = box
        if film.pillar is not None:
            left, right = film.pillar
            rgb[:, left:right] = _pillar(right - left)
            owner[:, left:right] = -1
        for number in np.flatnonzero(whole):
            visible[number, frame] = np.count_nonzero(owner == number) / whole[number]
        pictures.append(rgb)
    return pictures, _truth(visible, boxes)


def _truth(visible: np.ndarray, boxes: list[dict[int, list[float]]]) -> TrueClip:
    described: dict[str, Any] = {}
    for number, shares in enumerate(visible):
        present = shares >= PRESENT
        # Covered by others, by the pillar or half out of the picture; just gone.
        recent = np.convolve(present, np.ones(1 + round(KEEP_S * FPS)))[: len(present)] > 0
        behind = np.array([frame in boxes[number] for frame in range(len(shares))])
        perhaps = ~present & ((shares >= GONE) | recent | behind)
        described[str(number)] = {"boxes": boxes[number]}
        for word, frames in (("present", present), ("perhaps", perhaps)):
            if frames.any():
                described[str(number)][word] = _spans(frames)
    return TrueClip.model_validate({"frames": visible.shape[1], "note": "composed", "people": described})


def _spans(frames: np.ndarray) -> str:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], frames.astype(np.int8), [0]])))
    return ", ".join(f"{first}-{end - 1}" for first, end in edges.reshape(-1, 2))


def _paste(
    rgb: ByteArray, owner: np.ndarray, number: int, cutouts: list[ByteArray], pose: Pose
) -> tuple[float, list[float] | None]:
    """Draw one person; gives the pixels that the whole body has, and its box within the picture (None where outside)."""
    cutout = cutouts[pose.step % len(cutouts)]
    scale = pose.height / cutout.shape[0]
    size = (max(2, round(cutout.shape[1] * scale)), max(2, round(pose.height)))
    body = cv2.resize(cutout, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    if pose.mirrored:
        body = body[:, ::-1]
    left, top = round(pose.x - size[0] / 2), round(pose.feet - size[1])
    columns, rows = (np.flatnonzero((body[..., 3] > 127).any(axis=axis)) for axis in (0, 1))
    x0, x1 = max(left + int(columns[0]), 0), min(left + int(columns[-1]) + 1, WIDTH)
    y0, y1 = max(top + int(rows[0]), 0), min(top + int(rows[-1]) + 1, HEIGHT)
    whole = float(np.count_nonzero(body[..., 3] > 127))
    if x1 - x0 < 4 or y1 - y0 < 4:
        return whole, None
    part = body[y0 - top : y1 - top, x0 - left : x1 - left]
    opacity = part[..., 3:].astype(np.float32) / 255
    region = rgb[y0:y1, x0:x1]
    region[:] = (part[..., :3] * opacity + region * (1 - opacity)).astype(np.uint8)
    owner[y0:y1, x0:x1][part[..., 3] > 127] = number
    return whole, [x0 / WIDTH, y0 / HEIGHT, x1 / WIDTH, y1 / HEIGHT]


def _pillar(width: int) -> ByteArray:
    """(1, width, 3): grey, darker to its sides."""
    round_off = 90 + 70 * np.sqrt(1 - np.linspace(-0.95, 0.95, width) ** 2)
    return np.repeat(round_off.astype(np.uint8)[None, :, None], 3, axis=2)


def _frames(path: Path, mirrored: bool) -> Iterator[ByteArray]:
    capture = cv2.VideoCapture(str(path))
    count = 0
    while (read := capture.read())[0]:
        count += 1
        yield np.ascontiguousarray(read[1][:, ::-1, ::-1] if mirrored else read[1][..., ::-1])
    if count == 0:
        raise FileNotFoundError(f"{path}: no film could be read; give the folder of the test clips")


def _cut(path: Path, wanted: range, where: Callable[[int], Box], mirrored: bool) -> list[ByteArray]:
    """One person of a film, cut out of the part ``where`` it is (of the mirrored picture if ``mirrored``)."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model_path("pose_landmarker"))), output_segmentation_masks=True
    )
    cutouts: list[ByteArray] = []
    with vision.PoseLandmarker.create_from_options(options) as finder:
        for index, rgb in enumerate(_frames(path, mirrored)):
            if index not in wanted:
                continue
            height, width = rgb.shape[:2]
            box = where(index)
            across, down = 0.15 * box.width, 0.06 * box.height
            left, right = max(0, int((box.left - across) * width)), int((box.right + across) * width)
            top, bottom = max(0, int((box.top - down) * height)), int((box.bottom + down) * height)
            # mediapipe aborts when it hands out a mask whose rows are not a multiple of 16 pixels long.
            right = left + (min(right, width) - left) // 16 * 16
            part = np.ascontiguousarray(rgb[top:bottom, left:right])
            masks = finder.detect(picture(part)).segmentation_masks
            if masks:
                cutouts.append(_trimmed(part, np.squeeze(masks[0].numpy_view())))
    if not cutouts:
        raise FileNotFoundError(f"{path}: nobody could be cut out; is it the right film?")
    return _padded(cutouts)


def _trimmed(rgb: ByteArray, mask: np.ndarray) -> ByteArray:
    """(h, w, 4) of the largest piece of the mask, its middle (by mass) in the middle of the width."""
    solid = (mask > 0.5).astype(np.uint8)
    _, pieces, figures, _ = cv2.connectedComponentsWithStats(solid)
    largest = 1 + int(figures[1:, cv2.CC_STAT_AREA].argmax())
    opacity = np.where(pieces == largest, np.clip(mask, 0, 1), 0)
    rows, columns = np.nonzero(pieces == largest)
    top, bottom, middle = rows.min(), rows.max() + 1, round(float(columns.mean()))
    half = max(middle - columns.min(), columns.max() - middle) + 2
    rgba = np.dstack([rgb, (255 * opacity).astype(np.uint8)])
    rgba = cv2.copyMakeBorder(rgba, 0, 0, half, half, cv2.BORDER_CONSTANT)
    return np.asarray(rgba[top:bottom, middle : middle + 2 * half], np.uint8)


def _padded(cutouts: list[ByteArray]) -> list[ByteArray]:
    """All as tall as the tallest, feet at the bottom: a raised arm must not make the body small."""
    tallest = max(len(cutout) for cutout in cutouts)
    return [cv2.copyMakeBorder(one, tallest - len(one), 0, 0, 0, cv2.BORDER_CONSTANT) for one in cutouts]
