"""The truth about who is in a clip, read from YAML with file:line errors. docs/presence_truth.yaml explains its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import combinations, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import Field, PlainValidator, ValidationError, field_validator, model_validator

from installation.config.section import Section
from installation.types import Box

Presence = Literal["present", "perhaps", "absent"]
FaceTruth = Literal["facing", "covered", "unsure", "away"]
Bar = Literal["empty", "pair", "face"]


class TruthError(Exception):
    """All that is wrong with a truth file, a line each: file:line: place: what is wrong, and how to fix it."""


class TruthSpan(NamedTuple):
    """Frames ``first`` to ``last``, both included, counted from 0."""

    first: int
    last: int

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.first <= frame <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def _spans(value: Any) -> tuple[TruthSpan, ...]:
    if value == ():  # the default
        return ()
    parts = str(value).split(",") if isinstance(value, str) else []
    matches = [re.fullmatch(r"\s*(\d+)-(\d+)\s*", part) for part in parts]
    spans = tuple(TruthSpan(int(match[1]), int(match[2])) for match in matches if match is not None)
    if not spans or len(spans) != len(matches):
        raise ValueError(f"frames are written first-last, such as 0-33, 39-197 (one frame: 7-7), not {value!r}")
    if any(span.last < span.first for span in spans):
        raise ValueError(f"{value}: a range ends before it begins")
    if any(after.first <= before.last for before, after in pairwise(spans)):
        raise ValueError(f"{value}: ranges must follow one another without overlap")
    return spans


def _boxes(value: Any) -> dict[int, Box]:
    if not isinstance(value, dict) or not value:
        raise ValueError("boxes are written frame: [left, top, right, bottom], at least one")
    boxes: dict[int, Box] = {}
    for frame, edges in value.items():
        numbers = isinstance(edges, list) and all(type(edge) in (int, float) for edge in edges)
        if type(frame) is not int or frame < 0 or not numbers or len(edges) != 4:
            raise ValueError(f"a box is written frame: [left, top, right, bottom], not {frame}: {edges}")
        box = Box(*(float(edge) for edge in edges))
        if not (0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1):
            raise ValueError(f"box at frame {frame}: edges lie in [0, 1], left < right and top < bottom, not {edges}")
        boxes[frame] = box
    return dict(sorted(boxes.items()))


Spans = Annotated[tuple[TruthSpan, ...], PlainValidator(_spans)]
Boxes = Annotated[dict[int, Box], PlainValidator(_boxes)]


def _within(frame: int, spans: tuple[TruthSpan, ...]) -> bool:
    return any(frame in span for span in spans)


class TruePerson(Section):
    """When one person is in the clip, where, and when the face is turned to the camera."""

    present: Spans = ()
    perhaps: Spans = ()
    facing: Spans = ()
    covered: Spans = ()
    unsure: Spans = ()
    boxes: Boxes

    @model_validator(mode="after")
    def _consistent(self) -> TruePerson:
        if not self.present and not self.perhaps:
            raise ValueError("is never there: give present or perhaps")
        for names in (("present", "perhaps"), ("facing", "covered", "unsure")):
            for one, other in combinations(names, 2):
                for span in getattr(self, one):
                    if any(span.first <= there.last and there.first <= span.last for there in getattr(self, other)):
                        raise ValueError(f"{one} {span} overlaps {other}")
        for name in ("facing", "covered", "unsure"):
            for span in getattr(self, name):
                outside = [frame for frame in range(span.first, span.last + 1) if self.presence(frame) == "absent"]
                if outside:
                    raise ValueError(f"{name} {span}: is not there in frame {outside[0]}")
        return self

    def presence(self, frame: int) -> Presence:
        """Whether the person counts in ``frame``."""
        if _within(frame, self.present):
            return "present"
        return "perhaps" if _within(frame, self.perhaps) else "absent"

    def face(self, frame: int) -> FaceTruth:
        """Whether a face must be found in ``frame``."""
        if _within(frame, self.facing):
            return "facing"
        if _within(frame, self.covered):
            return "covered"
        return "unsure" if _within(frame, self.unsure) else "away"

    def box(self, frame: int) -> Box:
        """Where the person is: straight lines between the key frames, the nearest one's box outside them."""
        frames = list(self.boxes)
        before = max((key for key in frames if key <= frame), default=frames[0])
        after = min((key for key in frames if key >= frame), default=frames[-1])
        if before >= after:
            return self.boxes[before]
        share = (frame - before) / (after - before)
        return Box(*(a + share * (b - a) for a, b in zip(self.boxes[before], self.boxes[after])))


class TrueClip(Section):
    """Everybody in one clip of ``frames`` frames."""

    frames: int = Field(ge=1)
    note: str = Field(min_length=1)
    bars: list[Bar] = Field(default_factory=list)
    people: dict[str, TruePerson]

    @field_validator("*", mode="before")
    @classmethod
    def _is_plain(cls, value: Any) -> Any:
        return value  # a note may have several lines

    @model_validator(mode="after")
    def _consistent(self) -> TrueClip:
        for name, person in self.people.items():
            spans = [*person.present, *person.perhaps]
            last = max([*(span.last for span in spans), *person.boxes])
            if last >= self.frames:
                raise ValueError(f"{name} is there in frame {last}, but the last of {self.frames} is {self.frames - 1}")
        if "empty" in self.bars and self.people:
            raise ValueError(f"belongs to the bar of empty clips, but has {', '.join(self.people)} in it")
        if "pair" in self.bars and any(self.allowed(frame) != (2, 2) for frame in range(self.frames)):
            raise ValueError("belongs to the bar of the pair, but two people are not present in all frames")
        return self

    def allowed(self, frame: int) -> tuple[int, int]:
        """Fewest and most people that may rightly be seen in ``frame``."""
        states = [person.presence(frame) for person in self.people.values()]
        return states.count("present"), len(states) - states.count("absent")


class Truth(Section):
    """All clips by file name."""

    clips: dict[str, TrueClip] = Field(min_length=1)


def load_truth(path: Path) -> Truth:
    """Read a truth file. Raises TruthError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TruthError(f"{path}: cannot be read ({error.strerror}); give --truth FILE") from error
    except UnicodeDecodeError as error:
        raise TruthError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    return parse_truth(text, str(path))


def parse_truth(text: str, name: str = "presence_truth.yaml") -> Truth:
    """The truth in a text; ``name`` stands in the errors. Raises TruthError."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(root, yaml.MappingNode):
            raise TruthError(f"{name}:1: the file begins with clips: and lists them below")
        twice = list(_written_twice(root, name))
        if twice:
            raise TruthError("\n".join(twice))
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise TruthError(f"{name}:{line}: not readable as YAML: {error.problem or error.context}") from error
    try:
        return Truth.model_validate(data)
    except ValidationError as error:
        raise TruthError("\n".join(_explain(entry, root, name) for entry in error.errors())) from error


def _written_twice(node: yaml.Node, name: str) -> Iterator[str]:
    # PyYAML keeps the last of two equal keys without a word.
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                yield f"{name}:{line}: {key.value}: written twice (first in line {seen[key.value]})"
            seen[key.value] = line
            yield from _written_twice(value, name)


def _explain(error: Any, root: yaml.Node, name: str) -> str:
    line, node = root.start_mark.line + 1, root
    for part in error["loc"]:
        found = (
            [pair for pair in node.value if pair[0].value == str(part)] if isinstance(node, yaml.MappingNode) else []
        )
        if not found:
            break
        line, node = found[0][0].start_mark.line + 1, found[0][1]
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        models: dict[int, type[Section]] = {1: Truth, 3: TrueClip}
        known = models.get(len(error["loc"]), TruePerson).model_fields
        near = get_close_matches(str(error["loc"][-1]), list(known), 1)
        message = "unknown word" + (f"; did you mean '{near[0]}'?" if near else "")
    elif error["type"] == "missing":
        message = "is missing"
    return f"{name}:{line}: {'.'.join(str(part) for part in error['loc'])}: {message}"
