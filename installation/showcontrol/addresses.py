"""The one table of OSC addresses that are sent, a row for each; every message is checked against it."""

from __future__ import annotations

from functools import lru_cache

from installation.live_commands.table import Argument
from installation.showcontrol.address import MANY, T_WRAP_S, Address, Arg, within_int32
from installation.types import EMOTIONS

Message = tuple[str, list[Argument]]
"""(address below the prefix, arguments)."""

FRAME, SECOND, EVENT = "every processed frame", "once a second", "when it happens, three times"
_UNIT = (0.0, 1.0)
_BOTH = (-1.0, 1.0)
_SEVEN = tuple(Arg(name, "f", *_UNIT) for name in EMOTIONS)
_SEQ = Arg("number", "i", 0, MANY, counts=True)
_ID = Arg("id", "i", 0, MANY, counts=True)
_PLACE = (Arg("x", "f", *_UNIT), Arg("y", "f", *_UNIT), Arg("size", "f", *_UNIT))

JOINT_NAMES = (
    *("nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer"),
    *("left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow"),
    *("right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index"),
    *("left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
    *("left_heel", "right_heel", "left_foot_index", "right_foot_index"),
)
"""MediaPipe's pose landmarks, in its order."""


def _one(name: str, low: float, high: float, unit: str = "") -> tuple[Arg, ...]:
    return (Arg(name, "f", low, high, unit),)


_EMOJI = (Arg("emoji", "s"),)
_PERSON = (
    Address(
        "/person/{id}/position",
        _PLACE,
        FRAME,
        "middle of what is in the mirrored picture of the visitor, origin top left; height of the whole body, standing, as a "
        "share of the picture's (1: that of the picture, or nearer)",
    ),
    Address(
        "/person/{id}/velocity",
        (Arg("x", "f", -4, 4, "1/s"), Arg("y", "f", -4, 4, "1/s")),
        FRAME,
        "how fast that middle moves, picture widths and heights a second; y grows downwards",
    ),
    Address("/person/{id}/presence", _one("presence", *_UNIT), FRAME, "fades in on arrival and out on departure"),
    Address("/person/{id}/label", (Arg("emotion", "s"),), FRAME, "the active emotion: " + ", ".join(EMOTIONS)),
    Address(
        "/person/{id}/emoji",
        _EMOJI,
        FRAME,
        "the active emotion and how strongly it is shown, as an emoji in UTF-8 (see below)",
    ),
    Address("/person/{id}/emotions", _SEVEN, FRAME, "probabilities; they sum to 1"),
    Address(
        "/person/{id}/agreement",
        _one("agreement", *_UNIT),
        FRAME,
        "how much people would agree on the emotion: 1 one emotion has it all, about 0.6 two halves, 0 all alike "
        "(1 - entropy / ln 7)",
    ),
    Address("/person/{id}/valence", _one("valence", *_BOTH), FRAME, "unpleasant to pleasant"),
    Address("/person/{id}/arousal", _one("arousal", *_BOTH), FRAME, "calm to excited"),
    Address("/person/{id}/confidence", _one("confidence", *_UNIT), FRAME, "how far the estimate can be trusted"),
    Address("/person/{id}/energy", _one("energy", *_UNIT), FRAME, "motion of head, hands and elbows"),
    Address("/person/{id}/openness", _one("openness", *_UNIT), FRAME, "closed to wide-open posture"),
    Address(
        "/person/{id}/nearness",
        _one("nearness", *_UNIT),
        FRAME,
        "0 far away, 0.5 a body as high as the picture, 0.7 a bust, 0.9 a head that fills it",
    ),
    Address(
        "/person/{id}/extent",
        (Arg("extent", "s"),),
        FRAME,
        "what of the visitor is in the picture: face, bust (head and shoulders), half (to the hips) or whole",
    ),
    Address(
        "/person/{id}/gestures",
        (Arg("names", "s"),),
        FRAME,
        "poses of yours and hand gestures that are held now, a space between two; empty: none (docs/poses.md)",
    ),
    Address(
        "/person/{id}/joint/{joint}",
        (
            Arg("x", "f", -1, 2),
            Arg("y", "f", -1, 2),
            Arg("z", "f", -4, 4, "picture widths"),
            Arg("visibility", "f", *_UNIT),
        ),
        FRAME,
        "place of a joint in the mirrored picture; z is less towards the camera. Joints: " + ", ".join(JOINT_NAMES),
        on_request=True,
    ),
    Address(
        "/person/{id}/onset",
        (_SEQ, Arg("strength", "f", *_UNIT)),
        EVENT,
        "a beat: the visitor's motion sets in; how suddenly. At most five a second",
    ),
)
_GROUP = (
    Address("/group/position", _PLACE, FRAME, "mean place and size of the visitors, as in their positions"),
    Address("/group/presence", _one("presence", *_UNIT), FRAME, "the highest presence of any visitor"),
    Address("/group/label", (Arg("emotion", "s"),), FRAME, "the active emotion of all (`group.mode`)"),
    Address("/group/emotions", _SEVEN, FRAME, "probabilities; they sum to 1"),
    Address("/group/valence", _one("valence", *_BOTH), FRAME, "unpleasant to pleasant"),
    Address("/group/arousal", _one("arousal", *_BOTH), FRAME, "calm to excited"),
    Address("/group/confidence", _one("confidence", *_UNIT), FRAME, "how far the estimates can be trusted"),
    Address("/group/energy", _one("energy", *_UNIT), FRAME, "motion"),
    Address("/group/openness", _one("openness", *_UNIT), FRAME, "closed to wide-open posture"),
    Address("/group/leader", (Arg("id", "i", -1, MANY),), FRAME, "the visitor who sets the mood; -1: no single one"),
)
_COLOURS = ("background", "deep", "middle", "accent")
_SCENE = (
    Address("/emotions", _SEVEN, FRAME, "the blend that drives the scene; they sum to 1"),
    Address("/emoji", _EMOJI, FRAME, "the emoji of all (`group.mode`); empty with nobody there"),
    Address("/valence", _one("valence", *_BOTH), FRAME, "of the scene"),
    Address("/arousal", _one("arousal", *_BOTH), FRAME, "of the scene"),
    Address("/presence", _one("presence", *_UNIT), FRAME, "whether anybody is there"),
    Address(
        "/palette",
        tuple(Arg(f"{colour}_{light}", "f", *_UNIT) for colour in _COLOURS for light in ("red", "green", "blue")),
        FRAME,
        "the picture's colours now, linear light",
    ),
    Address(
        "/unit/valence",
        _one("valence", *_UNIT),
        FRAME,
        "the same from 0 to 1 (0.5 is neither), for desks without signs",
    ),
    Address("/unit/arousal", _one("arousal", *_UNIT), FRAME, "the same from 0 to 1 (0.5 is neither)"),
    Address(
        "/state",
        (Arg("state", "s"), Arg("reason", "s")),
        FRAME + " and " + SECOND,
        "starting (no camera picture was processed yet), attract (nobody there), notice (somebody was just noticed and fades "
        "in), active, degraded (a fault, or a fallback that nobody chose; see below), or, as the last message of all, ended; "
        "the reason names what is degraded or why it ended, else it is empty",
    ),
    Address(
        "/attention",
        (Arg("attention", "s"),),
        FRAME + " and " + SECOND,
        "attract, notice or active, also while the state is degraded",
    ),
    Address(
        "/manual",
        _one("share", *_UNIT),
        FRAME + " and " + SECOND,
        "how far the mood is set by hand (`emotion.manual`) and not read: 0 of visitors alone, 1 by hand alone",
    ),
)
_HEALTH = (
    Address(
        "/health",
        (
            Arg("frames", "f", 0, 1000, "1/s"),
            Arg("perception", "f", 0, 1000, "1/s"),
            Arg("textures", "f", 0, 1000, "1/s"),
            Arg("faults", "i", 0, MANY),
            Arg("fallbacks", "i", 0, MANY),
            Arg("memory", "f", 0, 1e7, "MB"),
        ),
        SECOND,
        "pictures drawn, frames perceived and textures received a second; how many faults and fallbacks are active; memory",
    ),
    Address(
        "/fallback",
        (Arg("stage", "s"), Arg("message", "s")),
        SECOND,
        "each active fallback: a substitute nobody chose; who asks while there is none gets two empty texts",
    ),
    Address(
        "/fault",
        (Arg("stage", "s"), Arg("message", "s")),
        SECOND,
        "each active fault: something that does not work; who asks while there is none gets two empty texts",
    ),
)
_CUE = (Arg("cue", "f", 0, 10000), Arg("name", "s"))
_CUES = (
    Address(
        "/cue", _CUE, SECOND, "number and name of the cue that was gone to last, once there was one (docs/cues.md)"
    ),
    Address("/preset", _CUE, SECOND, "number and name of the preset that was recalled last, once there was one"),
)
_BEAT = (_SEQ, Arg("bpm", "f", 0, 1000, "1/min"))
_EVENTS = (
    Address(
        "/onset", (_SEQ, Arg("strength", "f", *_UNIT), _ID), EVENT, "a beat of any visitor: how suddenly, and whose"
    ),
    Address("/sound/onset", (_SEQ,), EVENT, "something sets in at the audio input: a beat, a word, a clap"),
    Address("/event/arrived", (_SEQ, _ID), EVENT, "a visitor arrived"),
    Address("/event/left", (_SEQ, _ID), EVENT, "a visitor has faded out"),
    Address("/event/emotion", (_SEQ, _ID, Arg("emotion", "s")), EVENT, "a visitor's active emotion changed"),
    Address(
        "/event/depicted",
        (_SEQ, Arg("depicts", "s"), Arg("share", "f", *_UNIT)),
        EVENT,
        "a drawing is held up that depicts anger, fear, sadness, happiness, surprise or neutral; empty: it has gone",
    ),
    Address("/event/pose", (_SEQ, _ID, Arg("name", "s")), EVENT, "a visitor took one of your poses or made a gesture"),
    Address(
        "/event/shape_born",
        (_SEQ, Arg("x", "f", -2, 2), Arg("y", "f", -2, 2), Arg("size", "f", 0, 2)),
        EVENT,
        "another look made a new shape: its place (0, 0 the middle, half the shorter side is 1, y up) and size (1 fills it)",
    ),
    Address(
        "/event/texture_done",
        (
            _SEQ,
            Arg("source", "s"),
            Arg("way", "s"),
            Arg("size", "i", 0, 65536, "pixels"),
            Arg("compute", "f", 0, 1e6, "ms"),
        ),
        EVENT,
        "a picture was generated: by which model, how (such as 64>256 px: made small, then enlarged), its side, its time",
    ),
    Address(
        "/event/picture_done",
        (
            _SEQ,
            Arg("source", "s"),
            Arg("picture", "i", 0, MANY, counts=True),
            Arg("size", "i", 0, 65536, "pixels"),
            Arg("compute", "f", 0, 1e6, "ms"),
        ),
        EVENT,
        "the landscape was painted as it is now: by which model, the picture's number (another number is another picture), its "
        "side, its time",
    ),
    Address(
        "/event/painted",
        (_SEQ, Arg("painting", "i", 0, MANY, counts=True), Arg("file", "s"), Arg("seconds", "f", 0, 1e6, "s")),
        EVENT,
        "what `/paint` asked for is shown: the painting's number from 1, the file's name (empty where it is not kept), how "
        "long it took",
    ),
    Address("/event/scene", (_SEQ, Arg("scene", "s")), EVENT, "the scene changed"),
    Address("/event/clear", (_SEQ,), EVENT, "the picture comes to rest and then comes back"),
    Address(
        "/event/hours",
        (_SEQ, Arg("hours", "s"), Arg("light", "f", *_UNIT), Arg("seconds", "f", 0, 60, "s")),
        EVENT,
        "the opening hours begin (open) or end (closed), or the operator says so: the share of light from now on, and how long "
        "it takes to get there",
    ),
    Address("/event/cue", (_SEQ, *_CUE), EVENT, "a cue begins: its number and name"),
    Address("/event/preset", (_SEQ, *_CUE), EVENT, "a preset is recalled: its number and name"),
    Address(
        "/event/blackout",
        (_SEQ, Arg("on", "i", 0, 1)),
        EVENT,
        "the operator takes the light of the picture away (1) or brings it back (0), within half a second",
    ),
    Address("/event/snapshot", (_SEQ, Arg("file", "s")), EVENT, "a screenshot was stored; the file's name"),
    Address(
        "/event/video",
        (_SEQ, Arg("file", "s"), Arg("on", "i", 0, 1)),
        EVENT,
        "a video was started (1) or stopped (0); the file's name",
    ),
    Address(
        "/event/command",
        (_SEQ, Arg("command", "s"), Arg("pose", "s"), _ID),
        EVENT,
        "a visitor held a pose or gesture that has a command: the command, the pose, the visitor",
    ),
    Address(
        "/event/recorded",
        (_SEQ, Arg("label", "s"), Arg("rows", "i", 0, MANY)),
        EVENT,
        "a take of a pose was recorded: its label and number of rows",
    ),
    Address("/event/source", (_SEQ, Arg("source", "s")), EVENT, "the piece switched to this source"),
)
TABLE: tuple[Address, ...] = (
    Address(
        "/frame",
        (_SEQ, Arg("t", "f", 0, T_WRAP_S, "s")),
        FRAME,
        "number of the camera picture; seconds since the start, from 0 again every 16384 (4.5 hours). While no picture is "
        "processed, from a second on: ten bundles a second with the last number, in which the visitors fade out and nobody is "
        "left",
    ),
    Address("/people", (Arg("count", "i", 0, 64),), FRAME, "how many visitors there are"),
    *_PERSON,
    *_GROUP,
    *_SCENE,
    Address(
        "/sound/level",
        _one("level", *_UNIT),
        FRAME,
        "how loud the audio input is, 0 as quiet as the room, 1 as loud as it has been; once `sound.device` was heard "
        "(docs/sound.md)",
    ),
    Address("/people/ids", (), FRAME, "last in the bundle: the numbers of all visitors, one integer each"),
    *_HEALTH,
    *_CUES,
    Address(
        "/beat", _BEAT, "at each beat, once", "while a tempo is heard (docs/tempo.md): the beat's number, and the tempo"
    ),
    *_EVENTS,
)

_BY_PATH = {address.path: address for address in TABLE}


@lru_cache(4096)
def address_of(path: str) -> Address:
    """The table's row for an address such as "/person/3/valence". KeyError when there is none."""
    parts = path.split("/")
    if len(parts) > 3 and parts[1] == "person":
        parts[2] = "{id}"
        if len(parts) > 4 and parts[3] == "joint":
            parts[4] = "{joint}"
    return _BY_PATH["/".join(parts)]


def tags_of(path: str, args: list[Argument]) -> str:
    """OSC type tags of a message of the table; as many i as there are numbers for the one of any length."""
    return address_of(path).tags or "i" * len(args)


def fit(path: str, args: list[Argument]) -> list[Argument]:
    """``args`` as the table has them: plain types, in range. ValueError for a wrong number of them or a NaN."""
    address = address_of(path)
    if path == "/people/ids":
        return [within_int32(int(value)) for value in args]
    if len(args) != len(address.args):
        raise ValueError(f"{path} takes {len(address.args)} arguments, not {len(args)}")
    return [arg.fit(value) for arg, value in zip(address.args, args, strict=True)]
