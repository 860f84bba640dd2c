"""The recipes of docs/artist.md, and its pictures: the same moment before and after, drawn from the settings printed there.

    python -m installation.evaluation.guide --write                   all pictures, into docs/artist
    python -m installation.evaluation.guide --write --only calmer     this one alone

A recipe is a block of YAML whose first line names its file. A picture below it,
![before and after: SCENE, MOMENT](artist/NAME.jpg), is drawn of the shipped config.yaml (left) and with the block above over
it (right). MOMENT is one of

    nobody                 the room, empty
    MOOD                   the simulated performer in it for four seconds
    2.5 s into MOOD        so long after it began
    2.5 s after leaving    so long after somebody was seen last
    three visitors         three performers in moods of their own
"""

from __future__ import annotations

import os

# Mesa looks at this when it is loaded.
os.environ.setdefault("LP_NUM_THREADS", "1")

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import yaml

from installation.base.files import ROOT, write_whole
from installation.base.model_files import ModelError
from installation.base.onnx_sessions import UnusableModelError
from installation.base.picture_file import jpeg
from installation.capture.simulated.performer import PerformerScript
from installation.capture.simulated.picture import figure_picture, figure_silhouette
from installation.config.load import ConfigError, parse_configs, with_overrides
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.filmed import FilmStage
from installation.record.recording import Event
from installation.render.surface import DisplayError
from installation.show import Show
from installation.showcontrol.show_control import ShowControl
from installation.types import EMOTIONS, ByteArray, Observation, SceneState, Silhouette

GUIDE = ROOT / "docs" / "artist.md"
SHIPPED = ROOT / "config.yaml"
MAX_BYTES = 600_000
"""All pictures of the guide together."""
SIZE_PX = (336, 189)
"""Width and height of each of the two."""
DRAWN_AT = 1.5
"""Drawn so many times larger and then shrunk: fine lines stay."""
GAP_PX, PAPER = 8, 255
QUALITY = 80
SEED = 7
STEP_S = 1 / 30
LEAD_S = 6.0
"""The performance is followed from this long before the moment: shapes and colours have a past."""
DRAWN_S, DRAW_EVERY = 2.0, 3
"""So much of it is drawn, each third step, for particles have a past on the graphics card only."""
HELD_S = 4.0
CROWD = 3
_HEADING = re.compile(r"## (.+)")
_PICTURE = re.compile(r"!\[before and after: (\w+), ([^\]]+)\]\(artist/([\w-]+)\.jpg\)")
_INTO = re.compile(r"([\d.]+) s into (\w+)")
_AFTER = re.compile(r"([\d.]+) s after leaving")


@dataclass(frozen=True)
class Recipe:
    """A block of YAML in the guide: the heading above it, its file (such as config.yaml), its text, and the line before it."""

    title: str
    file: str
    text: str
    line: int


@dataclass(frozen=True)
class Pair:
    """A picture of the guide: its name, what is drawn, and the recipe that makes the difference."""

    name: str
    scene: str
    moment: str
    recipe: Recipe

    @property
    def drawn_from(self) -> str:
        """All that the picture is drawn from but the shipped settings, as one line; it stands in the file (``note_of``)."""
        return json.dumps([self.scene, self.moment, yaml.safe_load(self.recipe.text)], sort_keys=True)


class GuideError(Exception):
    """The guide cannot be read so; the message has its line."""


def read_guide(text: str) -> tuple[list[Recipe], list[Pair]]:
    """Recipes and pictures of the guide, in its order. Raises GuideError."""
    recipes: list[Recipe] = []
    pairs: list[Pair] = []
    title, began = "", 0
    block: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if block is not None:
            if line.strip() != "```":
                block.append(line)
                continue
            file = block[0].removeprefix("#").strip() if block and block[0].startswith("#") else ""
            if not file.endswith(".yaml"):
                raise GuideError(f"{GUIDE.name}:{began}: a recipe's first line names its file, such as # config.yaml")
            recipes.append(Recipe(title, file, "\n".join(block) + "\n", began))
            block = None
        elif line.strip() == "```yaml":
            block, began = [], number
        elif found := _HEADING.fullmatch(line):
            title = found[1]
        elif found := _PICTURE.search(line):
            if not recipes or recipes[-1].title != title or recipes[-1].file != "config.yaml":
                raise GuideError(f"{GUIDE.name}:{number}: there is no recipe for config.yaml above this picture")
            if found[1] not in scene_names():
                raise GuideError(f"{GUIDE.name}:{number}: there is no scene {found[1]}")
            span(found[2])
            pairs.append(Pair(found[3], found[1], found[2], recipes[-1]))
    return recipes, pairs


def config_with(recipe: Recipe | None) -> Config:
    """The shipped settings, with those of ``recipe`` over them. Raises ConfigError with the guide's line."""
    texts = [(SHIPPED.name, SHIPPED.read_text(encoding="utf-8"))]
    if recipe is not None:
        texts.append((f"docs/{GUIDE.name}", "\n" * recipe.line + recipe.text))
    return parse_configs(texts)


def span(moment: str) -> tuple[str | None, float, float]:
    """(mood or None, seconds into it or, for None, of emptiness, seconds since somebody was there or 0). Raises GuideError."""
    if moment == "nobody":
        return None, HELD_S, 0.0
    if moment == "three visitors":
        return "neutral", HELD_S, 0.0
    if found := _AFTER.fullmatch(moment):
        return "happy", HELD_S, float(found[1])
    found = _INTO.fullmatch(moment)
    mood, seconds = (found[2], float(found[1])) if found else (moment, HELD_S)
    if mood not in EMOTIONS:
        raise GuideError(f"{GUIDE.name}: there is no such moment as {moment!r}")
    return mood, seconds, 0.0


def _begins(script: PerformerScript, people: int, mood: str) -> float:
    """When the first performer begins to show ``mood``; of several people, when each shows another one from then on."""
    times = np.arange(0.0, 120.0, 0.1).tolist()
    if people == 1:
        return float(next(t_s for t_s in times if script.mood(t_s) == mood))
    for t_s in times:
        moods = [[script.mood(t_s + later, n) for n in range(people)] for later in (0.0, 0.5 * HELD_S, HELD_S)]
        if all(
            now == moods[0] and None not in now and "neutral" not in now and len(set(now)) == people for now in moods
        ):
            return float(t_s)
    raise GuideError("the performers are never in moods of their own for long enough")


def perform(config: Config, scene: str, moment: str) -> list[tuple[SceneState, Silhouette]]:
    """What ``scene`` is told up to ``moment``, STEP_S apart, and who stands there. Raises GuideError."""
    mood, seconds, gone_s = span(moment)
    people = CROWD if moment == "three visitors" else 1
    script = PerformerScript(SEED, people)
    begin_s = LEAD_S if mood is None else _begins(script, people, mood)
    left_s = -1.0 if mood is None else begin_s + seconds
    start_s, end_s = max(0.0, begin_s - LEAD_S), begin_s + seconds + gone_s
    # Nobody is read for a picture, and nobody stands before it.
    config = with_overrides(config, {"notice.enabled": False, "scene.name": scene})
    show = Show(config, SEED, ShowControl(config.osc, lambda _: None))
    told = []
    for n in range(round((end_s - start_s) / STEP_S) + 1):
        t_s = start_s + n * STEP_S
        seen = script.observe(t_s, n)
        if t_s > left_s:
            seen = Observation(t_s, n, (), seen.frame_size)
        show.take(Event("observation", t_s, seen))
        show.take(Event("frame", t_s))
        if show.scene_state is not None:
            outline = Silhouette(t_s, n, figure_silhouette(seen, 256, 144), figure_picture(seen, 256, 144))
            told.append((show.scene_state, outline))
    return told


def draw(config: Config, scene: str, moment: str) -> ByteArray:
    """(H, W, 3) uint8 sRGB of SIZE_PX: ``scene`` at ``moment``. Raises DisplayError, UnusableModelError, GuideError."""
    told = perform(config, scene, moment)
    stage = FilmStage(config, (round(SIZE_PX[0] * DRAWN_AT), round(SIZE_PX[1] * DRAWN_AT)), "medium", SEED)
    try:
        # Networks paint for the mood that is shown, which a recipe may change.
        shown = EMOTIONS[int(np.argmax(told[-1][0].emotion))]
        stage.dress(None if span(moment)[0] is None else shown, SEED)
        for state, silhouette in told[-round(DRAWN_S / STEP_S) - 1 :: DRAW_EVERY]:
            stage.draw(state, silhouette)
        rgb = stage.rgb()
    finally:
        stage.close()
    return np.asarray(cv2.resize(rgb, SIZE_PX, interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache
def _shipped(scene: str, moment: str) -> ByteArray:
    return draw(config_with(None), scene, moment)


def pair(found: Pair) -> ByteArray:
    """(H, W, 3) uint8 sRGB: before on the left, after on the right. Raises as ``draw`` does, and ConfigError."""
    before = _shipped(found.scene, found.moment)
    after = draw(config_with(found.recipe), found.scene, found.moment)
    gap = np.full((SIZE_PX[1], GAP_PX, 3), PAPER, np.uint8)
    return np.concatenate([before, gap, after], axis=1)


def _behind_head(data: bytes) -> int:
    """Where a JPEG file's second segment begins: JFIF wants its own head first."""
    return 4 + int.from_bytes(data[4:6], "big")


def with_note(data: bytes, note: str) -> bytes:
    """A JPEG file's bytes with ``note`` as a comment (COM, ITU-T T.81, B.2.4.5) behind its head."""
    text, at = note.encode("utf-8"), _behind_head(data)
    return data[:at] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + data[at:]


def note_of(data: bytes) -> str:
    """What ``with_note`` put there; empty for another file."""
    at = _behind_head(data)
    if data[at : at + 2] != b"\xff\xfe":
        return ""
    return data[at + 4 : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")].decode("utf-8")


def write(pairs: Sequence[Pair], folder: Path) -> None:
    """Draw ``pairs`` into ``folder``. Raises as ``pair`` does, and OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for found in pairs:
        data = with_note(jpeg(pair(found), QUALITY), found.drawn_from)
        write_whole(folder / f"{found.name}.jpg", data)
        print(f"{found.name}: {len(data) / 1000:.0f} kB", flush=True)


def main(argv: list[str] | None = None) -> int:
    """Draw the pictures; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", required=True, help="draw")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these pictures; default: all of the guide")
    parser.add_argument("--folder", type=Path, default=GUIDE.with_suffix(""), help="default: docs/artist")
    options = parser.parse_args(argv)
    try:
        _, pairs = read_guide(GUIDE.read_text(encoding="utf-8"))
        unknown = set(options.only or ()) - {found.name for found in pairs}
        if unknown:
            raise GuideError(f"{GUIDE.name} has no picture {', '.join(sorted(unknown))}")
        write([found for found in pairs if not options.only or found.name in options.only], options.folder)
    except (ConfigError, DisplayError, GuideError, ModelError, UnusableModelError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
