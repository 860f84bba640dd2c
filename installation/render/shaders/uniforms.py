"""The uniforms that every shader may read: one table, from which the GLSL and its reference are written.

This table is the source of shaders/lib/frame.glsl and of the first table of shaders/UNIFORMS.md:

    python -m installation.render.shaders.uniforms

writes both again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from installation.base.files import SHIPPED
from installation.config.scene_files import ROOMS
from installation.types import BIRTHS, EMOTIONS, JOINTS, MAX_PEOPLE

SHADERS = SHIPPED / "shaders"
BLOCK = "Frame"
BINDING = 0
UNITS = {
    "u_texture_before": 0,
    "u_texture": 1,
    "u_camera": 2,
    "u_silhouette": 3,
    "u_environment": 4,
    "u_avatar_before": 5,
    "u_avatar": 6,
    "u_picture_before": 7,
    "u_picture": 8,
    "u_feedback": 9,
    "u_backdrop": 10,
}
"""Texture units of the samplers that every scene may name."""
PASS_UNITS = {"u_source": 0, "u_bloom": 1, "u_text": 1, "u_notice": 3}
"""Texture units of the samplers of the passes."""


@dataclass(frozen=True)
class Member:
    """One uniform of the block. ``count`` 0: no array."""

    name: str
    type: str
    limits: str
    meaning: str
    count: int = 0


MEMBERS = (
    Member("u_resolution", "vec2", "pixels", "size of the whole inner picture"),
    Member("u_time", "float", "0 to 6283 s", "seconds, the same at any pace; from 0 again after 1000 turns of a sine"),
    Member(
        "u_phase", "float", "0 to 4100", "motion's clock: runs faster with speed and body energy; never seen to jump"
    ),
    Member("u_dt", "float", "0 to 0.1 s", "seconds since the picture before"),
    Member("u_part", "vec4", "0 to 1", "the part of the picture that is drawn: left, bottom, width, height"),
    Member("u_palette", "vec3", "0 and up", "background, deep, middle and accent of the emotion, linear RGB", 4),
    Member("u_counter", "vec3", "0 and up", "the light against the palette: from behind, on rims and the horizon"),
    Member(
        "u_own_palette",
        "vec3",
        "0 and up",
        "of each shape, four colours like u_palette, at [i * 4]: its visitor's own; alone the same as u_palette",
        MAX_PEOPLE * 4,
    ),
    Member("u_emotion", "float", "0 to 1", f"share of {', '.join(EMOTIONS)}", len(EMOTIONS)),
    Member("u_valence", "float", "-1 to 1", "unpleasant to pleasant"),
    Member("u_arousal", "float", "-1 to 1", "calm to excited"),
    Member("u_presence", "float", "0 to 1", "nobody to somebody there"),
    Member("u_energy", "float", "0 to 1", "motion of the visitors' bodies"),
    Member("u_welcome", "float", "0 to 1", "jumps up when somebody arrives and dies away"),
    Member("u_spread", "float", "0 to 1", "how far the form is open"),
    Member("u_spikiness", "float", "0 to 1", "round to thorned"),
    Member("u_symmetry", "float", "0 to 1", "every part for itself to strict order"),
    Member("u_droop", "float", "-1 to 1", "rising to hanging"),
    Member("u_twist", "float", "-1 to 1", "winding round the axis"),
    Member("u_turbulence", "float", "0 to 1", "boiling of the surface"),
    Member("u_tremble", "float", "0 to 1", "fast, small shaking"),
    Member("u_pulse", "float", "0 to 1", "size of the slow beat"),
    Member("u_rhythm", "float", "0 to 1", "flowing to beating: how sudden the beat is"),
    Member("u_speed", "float", "0 to 12", "pace of all motion, 1 is calm, scene.pace in it; u_phase has it already"),
    Member("u_light", "float", "0 to 2", "brightness of the key light"),
    Member("u_fill", "float", "0 to 2", "brightness of the light from the room"),
    Member("u_glow", "float", "0 to 2", "light of the form itself"),
    Member("u_bloom_amount", "float", "0 to 2", "how much bright parts glow over"),
    Member("u_roughness", "float", "0.05 to 1", "wet to chalk"),
    Member("u_fog", "float", "0 to 1", "haze in the room's colour"),
    Member("u_stage", "float", "0 to 1", "how much of a room there is behind the forms: its floor, haze and light"),
    Member("u_grain", "float", "0 to 1", "film grain"),
    Member("u_texture_amount", "float", "0 to 1", "how much of the generated picture shows against the palette"),
    Member("u_texture_share", "float", "0 to 1", "how far the newest generated picture has faded in"),
    Member("u_detail", "float", "0 to 1", "the quality level's: steps, octaves, mesh density"),
    Member("u_camera_share", "float", "0 to 1", "how much of the camera's picture is behind the shapes"),
    Member("u_camera_fit", "vec2", "", "v_uv - 0.5 times this, plus 0.5, is the place in the camera's picture"),
    Member("u_silhouette_share", "float", "0 to 1", "how far a silhouette is known"),
    Member("u_avatar_fade", "float", "0 to 1", "how far the newest painting of a visitor's face has faded in"),
    Member(
        "u_picture_fade",
        "float",
        "0 to 1",
        "how far the cross-fade of paint from u_picture_before to u_picture has gone",
    ),
    Member(
        "u_picture_strength",
        "float",
        "0 to 1",
        "how far the composed picture shows, 1 in its own colours; 0 without one",
    ),
    Member(
        "u_avatar_place",
        "vec4",
        "",
        "that painting: x, y of its middle in the camera's picture (0 to 1, y down), half its side in picture heights, and how "
        "far it is there, 0 to 1",
    ),
    Member(
        "u_rooms",
        "vec4",
        "0 to 1",
        "three numbers that say what this scene's room is like, and how far it has come; then those of the scene before",
        2,
    ),
    Member(
        "u_room_kinds",
        "vec2",
        f"0 to {len(ROOMS) - 1}",
        "what kind of room this scene's is, and that of the scene before: "
        + ", ".join(f"{n} {kind}" for n, kind in enumerate(ROOMS)),
    ),
    Member("u_frame", "int", "0 to 255", "counts pictures, for noise that changes"),
    Member("u_people", "int", f"0 to {MAX_PEOPLE}", "visitors' shapes (at least the resting one)"),
    Member("u_births", "int", f"0 to {BIRTHS}", "shapes that were born"),
    Member("u_place", "vec4", "", "of each shape: x, y (shorter half side is 1, y up), scale, presence", MAX_PEOPLE),
    Member(
        "u_self",
        "vec4",
        "",
        "of each shape: seed 0 to 1, hue shift -1 to 1 turns, energy 0 to 1, age in seconds",
        MAX_PEOPLE,
    ),
    Member("u_feels", "vec4", "", "of each shape: valence, arousal, its own u_phase, its own spikiness", MAX_PEOPLE),
    Member(
        "u_joints",
        "vec4",
        "",
        f"joint j of shape i at [i * {len(JOINTS)} + j]: x, y, z (half the picture's height is 1, y up, z towards the viewer), "
        f"how well it is seen; {', '.join(f'{n} {name}' for n, name in enumerate(JOINTS))}",
        MAX_PEOPLE * len(JOINTS),
    ),
    Member(
        "u_hands",
        "vec4",
        "",
        "hand h (0 left, 1 right) of shape i at [i * 2 + h]: velocity x, y, z in units a second, how well it is seen",
        MAX_PEOPLE * 2,
    ),
    Member(
        "u_seen",
        "vec4",
        "",
        "of each shape's visitor: how much of the body is in the picture (0 face, 1 bust, 2 half, 3 whole), how far a face is "
        "known, half the head's height in scene units, how far the head's place is known",
        MAX_PEOPLE,
    ),
    Member("u_head", "vec4", "", "the head's middle x, y (units as u_joints), its roll, 0", MAX_PEOPLE),
    Member(
        "u_turn",
        "vec4",
        "radians",
        "where the head looks: yaw (to the screen's right), pitch (up), roll (leaning to the right), 0",
        MAX_PEOPLE,
    ),
    Member(
        "u_expression",
        "vec4",
        "0 to 1",
        "the expression of shape i, four at [i * 4]: brows up inside, up outside, down, apart (-1 to 1: the right one higher); "
        "eye closed left, right, eyes wide, squint; jaw open, smile, frown, pucker; mouth wide, nose wrinkled, gaze x (right), "
        "gaze y (up), these two -1 to 1; left and right are the screen's",
        MAX_PEOPLE * 4,
    ),
    Member(
        "u_mood",
        "vec4",
        "0 to 1",
        "what the visitor of shape i shows, as u_emotion: four shares at [i * 2], three and 0 after; alone u_emotion",
        MAX_PEOPLE * 2,
    ),
)
_SIZES = {"float": (1, 4), "int": (1, 4), "vec2": (2, 8), "vec3": (3, 16), "vec4": (4, 16)}
"""Components and alignment in bytes, by the rules of std140 (OpenGL 4.6 core, 7.6.2.2)."""

SINGLES = tuple(member.name for member in MEMBERS if not member.count and member.type != "int")
"""Numbers and vectors, but for whole numbers: what ``FrameBlock.set_singles`` takes, in this order."""
LOOK_RUN = tuple(
    member.name
    for member in MEMBERS[
        [m.name for m in MEMBERS].index("u_spread") : [m.name for m in MEMBERS].index("u_texture_amount") + 1
    ]
)
"""The numbers of the look, which stand together."""


def layout() -> np.dtype[Any]:
    """The block as a numpy structure with std140's offsets."""
    names, formats, offsets, at = [], [], [], 0
    for member in MEMBERS:
        parts, align = _SIZES[member.type]
        scalar = np.int32 if member.type == "int" else np.float32
        if member.count:
            at = -(-at // 16) * 16
            # Each entry of an array takes sixteen bytes, whatever it is.
            shape: Any = (member.count, 4)
            size = member.count * 16
        else:
            at = -(-at // align) * align
            shape, size = (parts,) if parts > 1 else (), parts * 4
        names.append(member.name)
        formats.append((scalar, shape))
        offsets.append(at)
        at += size
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": -(-at // 16) * 16})


def glsl() -> str:
    """shaders/lib/frame.glsl."""
    lines = [
        "// The uniforms that every scene gets; shaders/UNIFORMS.md says what they are. Written by",
        "// python -m installation.render.shaders.uniforms",
        "layout(std140) uniform Frame {",
    ]
    for member in MEMBERS:
        array = f"[{member.count}]" if member.count else ""
        lines.append(f"    {member.type} {member.name}{array};")
    lines.append("};")
    lines += [f"uniform sampler2D {name};" for name in UNITS]
    lines += [
        "uniform int u_shape;   // which shape is drawn",
        "uniform float u_fade;  // share of this scene while scenes cross-fade",
    ]
    lines += [f"const int MOST_PEOPLE = {MAX_PEOPLE}, JOINTS = {len(JOINTS)};"]
    lines += [f"const int {name.upper()} = {number};" for number, name in enumerate(JOINTS)]
    return "\n".join(lines) + "\n"


def table() -> str:
    """The block's rows for shaders/UNIFORMS.md."""
    rows = []
    for member in MEMBERS:
        array = f"[{member.count}]" if member.count else ""
        rows.append(f"| `{member.name}` | {member.type}{array} | {member.limits} | {member.meaning} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """UNIFORMS.md with the block's table put in between its marks."""
    head, rest = text.split("<!-- frame block -->\n", 1)
    _, tail = rest.split("<!-- end -->", 1)
    top = "| uniform | type | range | meaning |\n|---|---|---|---|\n"
    return f"{head}<!-- frame block -->\n{top}{table()}\n<!-- end -->{tail}"


def main() -> None:
    """Write the generated files."""
    (SHADERS / "lib" / "frame.glsl").write_text(glsl(), encoding="utf-8")
    page = SHADERS / "UNIFORMS.md"
    page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
