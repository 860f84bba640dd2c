"""What visitors are told, as the output pass lays it over the finished picture: part of it, in films and screenshots too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import moderngl
import numpy as np

from installation.base.colour import srgb_of_linear
from installation.base.easing import smooth_step
from installation.base.notices import Notices
from installation.config.notice import NoticeConfig, words_in
from installation.config.wall import WHOLE, Part
from installation.render.notice.fonts import Face, find_face
from installation.render.notice.page import Page, wall_page
from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import PASS_UNITS
from installation.types import FloatArray, SceneState

STAGE = "notice"
LEAST = 0.026
"""Titles lower than this share of the picture's shorter side cannot be read from afar."""
MARGIN = 0.075
"""Of the picture's shorter side, below or above the page."""
TURN_FADE_S = 0.6
"""In which one language's words go, and the next one's come."""
POOL_LIGHT = 0.12
"""sRGB: the pool behind the letters is never lighter."""
Box = tuple[float, float, float, float]


class NoticeLayer:
    """Pages are made once, when they are first shown at a size; while nothing is shown nothing is drawn. GL thread only."""

    def __init__(self, context: Any, notices: Notices) -> None:
        self._context, self._notices = context, notices
        passes = SHADERS / "passes"
        self.program = Program(context, passes / "pass.vert", passes / "notice.frag", own=("u_part_shown",))
        self._config, self._reads_emotion = NoticeConfig(), True
        self._faces: list[Face] = []
        self._pages: list[tuple[Any, Box]] = []
        self._pool: Box = WHOLE
        self._size = (0, 0)

    def reconfigure(self, config: NoticeConfig, reads_emotion: bool = True) -> None:
        """Go on with other words, or another size or place of them. ``reads_emotion``: whether emotions are read at all."""
        if config == self._config and reads_emotion == self._reads_emotion:
            return
        self._config, self._reads_emotion = config, reads_emotion
        self._faces = []
        self.clear()
        self._notices.withdraw(STAGE)
        if not config.enabled:
            self._notices.note(STAGE, "off (notice.enabled): visitors are not told on the wall that emotions are read")

    def lay(self, scene: SceneState, size: tuple[int, int], part: Part = WHOLE) -> Mapping[str, Any] | None:
        """The uniforms of lib/output/with_notice.glsl for a picture of ``size`` pixels, the ``part`` (left, bottom, width,
        height) of a whole, its page bound; None while none is shown."""
        if scene.notice <= 0.0:
            return None
        size = (round(size[0] / part[2]), round(size[1] / part[3]))
        if size != self._size:
            self._make_pages(size)
        number, words_share = self._turn(scene.notice_s)
        texture, box = self._pages[number]
        texture.use(PASS_UNITS["u_notice"])
        shorter = min(size)
        return {
            "u_notice_box": _in_part(box, part),
            "u_notice_pool": _in_part(self._pool, part),
            "u_notice_share": (smooth_step(scene.notice, 0.0, 0.7), words_share * smooth_step(scene.notice, 0.3, 1.0)),
            "u_notice_unit": (part[2] * size[0] / shorter, part[3] * size[1] / shorter),
            "u_notice_colours": colours(scene.palette),
        }

    def over_part(self, picture: Any, target: Any, scene: SceneState, size: tuple[int, int], part: Part) -> bool:
        """Lay it over ``picture``, the ``part`` (left, bottom, width, height) of one of ``size`` pixels, into the frame buffer
        ``target``; False, and nothing drawn, while nothing is shown."""
        uniforms = self.lay(scene, size)
        if uniforms is None:
            return False
        for name, value in uniforms.items():
            self.program.set(name, value)
        self.program.set("u_part_shown", part)
        picture.use(0)
        target.use()
        self.program.fill()
        return True

    def clear(self) -> None:
        """Free the pages; they are made again when they are shown."""
        for texture, _ in self._pages:
            texture.release()
        self._pages, self._size = [], (0, 0)

    def release(self) -> None:
        """Free everything."""
        self.clear()
        self.program.release()

    def _turn(self, shown_s: float) -> tuple[int, float]:
        """Which page is shown, and how far its words are there."""
        count, turn_s = len(self._pages), self._config.turn_s
        if count == 1:
            return 0, 1.0
        turns, since_s = divmod(shown_s, turn_s)
        comes = smooth_step(since_s, 0.0, TURN_FADE_S) if turns > 0 else 1.0
        return int(turns) % count, comes * smooth_step(turn_s - since_s, 0.0, TURN_FADE_S)

    def _make_pages(self, size: tuple[int, int]) -> None:
        self.clear()
        config = self._config
        said = [words_in(config, language, self._reads_emotion) for language in config.languages]
        if not self._faces:
            self._faces = [find_face(one.title + one.text, config.font) for one in said]
        together = config.arrangement == "together"
        groups = [list(range(len(said)))] if together else [[number] for number in range(len(said))]
        pages = [
            wall_page(size, [said[n] for n in group], [self._faces[n] for n in group], config.size) for group in groups
        ]
        boxes = [_box(page, size, config.place) for page in pages]
        self._pages = [(self._texture(page), box) for page, box in zip(pages, boxes, strict=True)]
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
        self._pool, self._size = (left, top, right - left, bottom - top), size
        self._tell(min(page.title_px for page in pages) / min(size))

    def _tell(self, least: float) -> None:
        """Say what keeps visitors from reading it."""
        wrong = [
            f"{language}: no font of this machine has {face.missing[:12]} (install one, such as fonts-noto, or set notice.font)"
            for language, face in zip(self._config.languages, self._faces, strict=True)
            if face.missing
        ]
        if least < LEAST:
            wrong.append("the words are so many that they become too small to read; take fewer languages, or in turn")
        if wrong:
            self._notices.fallback(STAGE, "; ".join(wrong))
        else:
            self._notices.resolve(STAGE)

    def _texture(self, page: Page) -> Any:
        height, width = page.mask.shape[:2]
        texture = self._context.texture((width, height), 2, np.ascontiguousarray(page.mask), alignment=1)
        texture.repeat_x = texture.repeat_y = False
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        return texture


def colours(palette: FloatArray) -> list[tuple[float, ...]]:
    """sRGB of pool, letters and icon in a look's ``palette`` (4, 3) linear RGB: the room's dark, and white with the accent's
    hue in it."""
    dark = srgb_of_linear(np.clip(0.4 * palette[0], 0.0, 1.0))
    dark = dark * (POOL_LIGHT / max(float(dark.max()), POOL_LIGHT))
    accent = srgb_of_linear(np.clip(palette[3] / max(float(palette[3].max()), 1e-4), 0.0, 1.0))
    white = np.full(3, 0.98)
    found = (dark, white + (accent - white) * 0.10, white + (accent - white) * 0.45)
    return [tuple(float(value) for value in colour) for colour in found]


def _box(page: Page, size: tuple[int, int], place: str) -> Box:
    """Where a page stands in a picture of ``size``, on whole pixels: left, top, width, height in [0, 1]."""
    height, width = page.mask.shape[:2]
    margin = round(MARGIN * min(size))
    left = (size[0] - width) // 2
    top = {"top": margin, "middle": (size[1] - height) // 2, "bottom": size[1] - height - margin}[place]
    return left / size[0], max(top, 0) / size[1], width / size[0], height / size[1]


def _in_part(box: Box, part: Part) -> Box:
    """``box`` (left, top, width, height of the whole) in shares of the ``part`` (left, bottom, width, height)."""
    left, top, width, height = box
    return (
        (left - part[0]) / part[2],
        (top - (1.0 - part[1] - part[3])) / part[3],
        width / part[2],
        height / part[3],
    )
