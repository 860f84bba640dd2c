"""The section ``look`` of config.yaml: how each emotion looks, and how looks move along valence and arousal.

docs/look.md is the artist's guide to it and says where each default comes from.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from installation.config.colour_names import COLOUR_NAMES
from installation.config.section import Level, Section
from installation.types import EMOTIONS

NOBODY = "nobody"
LOOK_NAMES = (*EMOTIONS, NOBODY)
"""All that has a look: the emotions, and nobody being there."""
DEFAULT_LOOK = "mien"
"""The look whose numbers are the defaults here; looks/mien.yaml is written from them."""


def _written(value: Any) -> Any:
    # Without quotes YAML takes "#" and what follows for a comment, and 102030 for a number.
    if value is None or isinstance(value, int):
        raise PydanticCustomError("colour", 'a colour stands in quotes: "#ff9420"; or write its name, such as orange')
    return value


def _colour(value: str) -> str:
    """Always "#rrggbb", also where a name or "#rgb" was written."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return value
    if re.fullmatch(r"#[0-9a-fA-F]{3}", value):
        return "#" + "".join(2 * digit for digit in value[1:])
    name = value.lower().replace(" ", "").replace("grey", "gray")
    if name in COLOUR_NAMES:
        return COLOUR_NAMES[name]
    near = get_close_matches(name, COLOUR_NAMES, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    text = 'a colour is written "#rrggbb", two hexadecimal digits a part, or by its CSS name, such as blue{hint}'
    raise PydanticCustomError("colour", text, {"hint": hint})


Colour = Annotated[str, AfterValidator(_colour), BeforeValidator(_written)]


class PaletteConfig(Section):
    """Five colours, sRGB."""

    default_level: ClassVar[Level] = "artist"

    background: Colour = Field("#000000", description="the room behind everything; keep it near black")
    deep: Colour = Field("#000000", description="shadows and hearts of forms, and the glow in the room")
    middle: Colour = Field("#000000", description="the body of forms: what the emotion is remembered by")
    accent: Colour = Field("#000000", description="tips, rims and what glows by itself")
    counter: Colour = Field("#000000", description="the light against them: from behind, on rims and the horizon")


class FormConfig(Section):
    """The shape of things."""

    default_level: ClassVar[Level] = "artist"

    spread: float = Field(0.0, ge=0, le=1, description="how far the form is open: 0 a bud, 1 wide")
    spikiness: float = Field(0.0, ge=0, le=1, description="0 round petals and smooth flesh, 1 blades and thorns")
    symmetry: float = Field(0.0, ge=0, le=1, description="0 every part for itself, 1 strict order")
    droop: float = Field(0.0, ge=-1, le=1, description="hanging (positive) or rising")
    twist: float = Field(0.0, ge=-1, le=1, description="winding round the axis")


class MotionConfig(Section):
    """How things move."""

    default_level: ClassVar[Level] = "artist"

    speed: float = Field(0.0, ge=0, le=3, description="pace of all motion, 1 is calm; times scene.pace")
    turbulence: float = Field(0.0, ge=0, le=1, description="how much the surface boils")
    rhythm: float = Field(0.0, ge=0, le=1, description="0 a flowing motion, 1 a beating one")
    tremble: float = Field(0.0, ge=0, le=1, description="fast, small shaking")
    pulse: float = Field(0.0, ge=0, le=1, description="size of the slow beat")


class LightConfig(Section):
    """Light, and what it falls on."""

    default_level: ClassVar[Level] = "artist"

    key: float = Field(0.0, ge=0, le=2, description="brightness of the key light")
    fill: float = Field(0.0, ge=0, le=2, description="brightness of the light from the room")
    bloom: float = Field(0.0, ge=0, le=2, description="how much bright parts glow over, times output.glow")
    glow: float = Field(0.0, ge=0, le=2, description="light that the form gives by itself")
    fog: float = Field(0.0, ge=0, le=1, description="haze, in the colours of the room behind")
    stage: float = Field(
        1.0, ge=0, le=1, description="the room behind the forms, its floor, haze and light; 0 is the plain background"
    )
    roughness: float = Field(0.05, ge=0.05, le=1, description="of the surface: 0.05 wet, 1 chalk")


class EmotionLook(Section):
    """How the picture looks in one emotion."""

    default_level: ClassVar[Level] = "artist"

    weight: float = Field(
        1.0, ge=0.1, le=10, description="how easily this look wins over others in a mixed emotion, 1 like the others"
    )
    palette: PaletteConfig = Field(
        default_factory=PaletteConfig, description="background, deep, middle, accent, counter"
    )
    form: FormConfig = Field(default_factory=FormConfig, description="shape")
    motion: MotionConfig = Field(default_factory=MotionConfig, description="movement")
    lighting: LightConfig = Field(default_factory=LightConfig, description="light and surface")
    grain: float = Field(0.0, ge=0, le=1, description="film grain")
    texture: float = Field(
        0.0,
        ge=0,
        le=1,
        description="how much of the generated picture shows against the palette, times generation.strength",
    )


Quantity = Literal[
    "spread", "spikiness", "symmetry", "droop", "twist",
    "speed", "turbulence", "rhythm", "tremble", "pulse",
    "key", "fill", "bloom", "glow", "fog", "stage", "roughness",
    "grain", "texture",
]  # fmt: skip
"""The numbers of a look, in the order in which scene/look.py keeps them."""
QUANTITIES: tuple[str, ...] = get_args(Quantity)
Modulated = Literal[Quantity, "brightness", "saturation"]
Slope = Annotated[float, Field(ge=-3, le=3)]

_COLOURS = {  # background, deep, middle, accent, counter
    "angry": ("#0a0102", "#4a0616", "#d4201a", "#ffb347", "#2f55d8"),
    "disgust": ("#040501", "#3d2411", "#7f8a22", "#d6e25a", "#8a2fa0"),
    "fear": ("#030208", "#211038", "#7b5cab", "#e9efe0", "#d8dcb0"),
    "happy": ("#0a0403", "#6e2029", "#eb9a34", "#fff0c2", "#5aa9ff"),
    "sad": ("#01040a", "#0c2a4a", "#478ab4", "#b3cfd6", "#ff9a3c"),
    "surprise": ("#04020b", "#301680", "#f0489a", "#7ff0ff", "#ffd23f"),
    "neutral": ("#040404", "#332c33", "#a1968a", "#f1e8d8", "#6f93c0"),
    "nobody": ("#020205", "#18213a", "#565d76", "#d9bc90", "#4f7fd8"),
}
_NUMBERS = """
             angry disgust   fear  happy    sad surprise neutral nobody
weight        1.00    1.00   1.00   1.00   1.00     1.00    0.60   1.00
spread        0.72    0.40   0.15   0.90   0.42     1.00    0.55   0.10
spikiness     0.95    0.35   0.82   0.05   0.10     0.50    0.20   0.10
symmetry      0.50    0.05   0.25   0.85   0.65     0.95    0.80   0.90
droop        -0.15    0.30   0.05  -0.25   0.95    -0.60    0.10   0.00
twist         0.25    0.95  -0.35   0.12   0.05    -0.10    0.05   0.02
speed         2.20    0.70   1.70   1.50   0.35     1.80    0.70   0.30
turbulence    0.55    0.85   0.35   0.12   0.15     0.20    0.12   0.05
rhythm        0.80    0.30   0.60   0.55   0.05     0.70    0.25   0.10
tremble       0.35    0.05   0.95   0.00   0.00     0.10    0.00   0.00
pulse         0.50    0.25   0.15   0.60   0.12     0.85    0.25   0.30
key           1.30    1.10   1.20   0.88   1.25     1.05    1.00   0.95
fill          0.70    0.80   0.75   0.90   1.00     0.90    1.00   0.95
bloom         0.90    0.60   0.90   0.70   0.80     0.90    0.70   0.60
glow          0.50    0.08   0.35   0.18   0.12     0.40    0.10   0.14
fog           0.10    0.30   0.50   0.05   0.38     0.08    0.15   0.25
stage         1.00    1.00   1.00   1.00   1.00     1.00    1.00   1.00
roughness     0.28    0.16   0.45   0.50   0.70     0.22    0.50   0.60
grain         0.35    0.50   0.60   0.10    0.40    0.15    0.20   0.30
texture       0.60    0.70   0.45   0.62   0.68     0.55    0.70   0.60
"""
# Valdez and Mehrabian (1994): pleasure = .69 brightness + .22 saturation, arousal = -.31 brightness + .60 saturation.
# Solved for the colour: brightness = 1.24 P - .46 A, saturation = .64 P + 1.43 A; here 0.15 of it (docs/look.md).
_VALENCE: dict[Modulated, float] = {
    "brightness": 0.19,
    "saturation": 0.1,
    "spikiness": -0.12,
    "droop": -0.12,
    "spread": 0.08,
}
_AROUSAL: dict[Modulated, float] = {
    "brightness": -0.07,
    "saturation": 0.21,
    "speed": 0.5,
    "turbulence": 0.08,
    "pulse": 0.1,
    "rhythm": 0.1,
}


def _columns() -> dict[str, dict[str, float]]:
    head, *rows = (line.split() for line in _NUMBERS.strip().splitlines())
    return {emotion: {row[0]: float(row[1 + at]) for row in rows} for at, emotion in enumerate(head)}


def default_look(emotion: str) -> dict[str, Any]:
    """The settings of one of LOOK_NAMES where config.yaml says nothing, as EmotionLook takes them. KeyError for others."""
    numbers = _columns()[emotion]
    groups: dict[str, type[Section]] = {"form": FormConfig, "motion": MotionConfig, "lighting": LightConfig}
    return {
        "weight": numbers["weight"],
        "palette": dict(zip(PaletteConfig.model_fields, _COLOURS[emotion], strict=True)),
        **{name: {key: numbers[key] for key in model.model_fields} for name, model in groups.items()},
        "grain": numbers["grain"],
        "texture": numbers["texture"],
    }


DEFAULTS: dict[str, Any] = {
    "valence": _VALENCE,
    "arousal": _AROUSAL,
    **{emotion: default_look(emotion) for emotion in LOOK_NAMES},
}


def _filled(written: Any, default: Any) -> Any:
    """``written`` with what it leaves out put in from ``default``; what is no mapping is left for the check to report."""
    if written is None and isinstance(default, dict):
        return default
    if not (isinstance(written, dict) and isinstance(default, dict)):
        return written
    return {**default, **{key: _filled(value, default.get(key)) for key, value in written.items()}}


def _look(emotion: str) -> Any:
    meaning = "the look while nobody is there" if emotion == NOBODY else f"the look of {emotion}"
    return Field(default_factory=lambda: EmotionLook(**default_look(emotion)), description=meaning)


class LookConfig(Section):
    """How each emotion looks: what is left out keeps its default. Looks blend by probability; docs/look.md is the guide."""

    default_level: ClassVar[Level] = "artist"

    name: str = Field(DEFAULT_LOOK, description="the look's file in looks/; look: NAME alone says the same")
    sharpen: float = Field(
        2.0, ge=1, le=6, description="1 mixes looks as probabilities say, more lets the likeliest emotion rule"
    )
    vividness: float = Field(0.7, ge=0, le=1, description="0 lets opposite colours mix to grey, 1 keeps their strength")
    visitor_hue: float = Field(
        0.06, ge=0, le=0.5, description="how far visitors' colours part when their moods differ, turns of hue"
    )
    visitor_colour: float = Field(
        0.65, ge=0, le=1, description="how much each of several visitors' shapes wears the colours of its own emotion"
    )
    valence: dict[Modulated, Slope] = Field(
        default_factory=_VALENCE.copy,
        description="what full valence adds, at -1 takes away: a name of form, motion, light; brightness, saturation",
    )
    arousal: dict[Modulated, Slope] = Field(
        default_factory=_AROUSAL.copy, description="the same for arousal; 0 switches a default off"
    )
    angry: EmotionLook = _look("angry")
    disgust: EmotionLook = _look("disgust")
    fear: EmotionLook = _look("fear")
    happy: EmotionLook = _look("happy")
    sad: EmotionLook = _look("sad")
    surprise: EmotionLook = _look("surprise")
    neutral: EmotionLook = _look("neutral")
    nobody: EmotionLook = _look(NOBODY)

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, data: Any) -> Any:
        return (
            _filled(data, {key: DEFAULTS[key] for key in data if key in DEFAULTS}) if isinstance(data, dict) else data
        )
