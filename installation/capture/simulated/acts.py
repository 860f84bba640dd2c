"""What the simulated performer does: the acts of a visit, and where it walks between them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from installation.capture.simulated.figure import ANGLES, DISTANCE_M, Posture, Vector

ENTER_S, LEAVE_S, WALK_S = 2.6, 2.6, 1.4
EASE_S = 0.9
"""From one act's posture and mood to the next."""
EMPTY_S = 4.0
"""Nobody is there for about this long after each visit."""
OUTSIDE = 0.76
"""A figure so far from the middle, in shares of its distance from the camera, is just out of the picture."""
ARRIVAL_GAP_S = 1.3
STEP_M = 0.65
WALKING_M_S = 1.2
TREMBLE_HZ = 5.0


@dataclass(frozen=True, slots=True)
class Act:
    """One mood and how it moves: ``base`` plus ``swing`` times a sine at ``rate_hz``, in which the right side lags by
    ``lag`` radians. ``hop_m`` lifts the figure on each beat, ``stamp`` (radians) lifts the legs in turn, ``tremble``
    (radians) shakes arms and head. ``x_m``, ``z_m``: where it stands, from the middle and from the camera. ``strength`` [0, 1]:
    how strongly the face shows the emotion."""

    emotion: str
    seconds: float
    x_m: float
    z_m: float = DISTANCE_M
    base: Posture = field(default_factory=Posture)
    swing: Posture = field(default_factory=Posture)
    rate_hz: float = 0.2
    lag: float = 0.0
    hop_m: float = 0.0
    stamp: float = 0.0
    tremble: float = 0.0
    strength: float = 1.0


def arms(lift: float, spread: float, twist: float, elbow: float) -> dict[str, float]:
    """The same for both arms."""
    angles = {"raise": lift, "spread": spread, "twist": twist, "elbow": elbow}
    return {f"{side}_{joint}": angle for side in ("left", "right") for joint, angle in angles.items()}


def _crouch(amount: float) -> dict[str, float]:
    """Bent hips and knees, feet under the body."""
    return {
        f"{side}_{joint}": angle
        for side in ("left", "right")
        for joint, angle in (("hip", amount), ("knee", 2 * amount))
    }


IDLE = Posture(**arms(0.05, 0.12, 0.3, 0.25))
IDLE_SWING = Posture(roll=0.02, head_yaw=0.12, head_pitch=0.03)
OPENING = Act("neutral", 6.0, -0.1, base=IDLE, swing=IDLE_SWING, rate_hz=0.15)
CLOSING = Act("neutral", 6.0, 0.1, base=IDLE, swing=IDLE_SWING, rate_hz=0.15)
MOODS = (
    Act(  # arms high, a dance from foot to foot
        "happy", 9.0, -0.45,
        base=Posture(head_pitch=-0.1, stance=0.1, **arms(0.1, 2.35, -1.0, 0.6), **_crouch(0.12)),
        swing=Posture(roll=0.14, head_roll=0.12, yaw=0.15, **arms(0.0, 0.38, 0.0, 0.3)),
        rate_hz=1.05, lag=0.7, hop_m=0.05, stamp=0.25,
    ),
    Act(  # startled, arms fly open
        "surprise", 6.0, 0.25, z_m=3.55,
        base=Posture(pitch=-0.16, head_pitch=-0.12, stance=0.08, **arms(0.35, 1.25, -1.2, 0.75), **_crouch(0.08)),
        swing=Posture(**arms(0.06, 0.14, 0.0, 0.12)),
        rate_hz=0.8, lag=0.3,
    ),
    Act(  # slumped, head dropped, slow
        "sad", 9.0, 0.6,
        base=Posture(pitch=0.26, head_pitch=0.65, **arms(0.22, 0.03, 0.2, 0.12), **_crouch(0.07)),
        swing=Posture(roll=0.03, head_yaw=0.06, pitch=0.02),
        rate_hz=0.14,
    ),
    Act(  # fists, stamping
        "angry", 7.0, 0.05, z_m=3.2,
        base=Posture(pitch=0.2, head_pitch=-0.05, stance=0.14, **arms(0.5, 0.35, 0.5, 1.45), **_crouch(0.1)),
        swing=Posture(head_yaw=0.05, **arms(0.5, 0.08, 0.0, 0.4)),
        rate_hz=1.5, lag=math.pi, stamp=0.6,
    ),
    Act(  # recoil behind the arms, trembling
        "fear", 7.0, -0.6, z_m=3.7,
        base=Posture(pitch=-0.18, yaw=0.3, head_yaw=-0.25, head_pitch=0.1, **arms(1.05, 0.1, 0.35, 2.0), **_crouch(0.22)),
        swing=Posture(pitch=0.05, **arms(0.06, 0.0, 0.0, 0.06)),
        rate_hz=0.9, tremble=0.035,
    ),
    Act(  # turned away, one hand up against it
        "disgust", 6.0, 0.4, z_m=3.6,
        base=Posture(
            pitch=-0.12, yaw=0.3, head_yaw=0.65, head_pitch=0.08, left_raise=1.05, left_spread=0.35, left_twist=-0.3,
            left_elbow=1.15, right_spread=0.1, right_elbow=0.3,
        ),
        swing=Posture(head_yaw=0.08, left_elbow=0.15, left_raise=0.08),
        rate_hz=0.4,
    ),
)  # fmt: skip
VISIT_S = OPENING.seconds + sum(act.seconds for act in MOODS) + CLOSING.seconds
CYCLE_S = VISIT_S + EMPTY_S


class ScriptMoment(NamedTuple):
    """Where in the script a time lies: ``share`` of the change from act ``before`` to ``now`` is done; ``since_s`` is seconds
    since ``now`` began, ``inside_s`` since the visit did; ``cycle`` counts visits from 0."""

    cycle: int
    before: Act
    now: Act
    share: float
    since_s: float
    inside_s: float


def acts_of(number: int) -> tuple[Act, ...]:
    """The acts of performer ``number`` (0 is the first); each begins with another mood."""
    first = 2 * number % len(MOODS)
    return (OPENING, *MOODS[first:], *MOODS[:first], CLOSING)


def moment(number: int, script_s: float) -> ScriptMoment | None:
    """What performer ``number`` does at ``script_s`` seconds; None between two visits."""
    cycle, inside_s = divmod(script_s, CYCLE_S)
    start_s, before = 0.0, OPENING
    for act in acts_of(number):
        since_s = inside_s - start_s
        if since_s < act.seconds:
            return ScriptMoment(int(cycle), before, act, smooth(since_s / EASE_S), since_s, inside_s)
        start_s, before = start_s + act.seconds, act
    return None


def place(number: int, people: int, script_s: float) -> tuple[float, float, float]:
    """(x, z, distance walked since the last stop) in metres at ``script_s``, which must lie in a visit."""
    at = moment(number, script_s)
    if at is None:
        return OUTSIDE * DISTANCE_M, DISTANCE_M, 0.0
    here, there = _spot(at.before, number, people), _spot(at.now, number, people)
    arriving = (at.inside_s - ARRIVAL_GAP_S * number) / ENTER_S
    leaving = (at.inside_s - (VISIT_S - LEAVE_S)) / LEAVE_S
    x, z = (a + (b - a) * smooth(at.since_s / WALK_S) for a, b in zip(here, there, strict=True))
    if arriving < 1:
        # At full stride over the nearer border, then slower.
        here = (math.copysign(OUTSIDE * z, there[0]), z)
        x = here[0] + (there[0] - here[0]) * (1 - (1 - max(arriving, 0.0)) ** 2)
    elif leaving > 0:
        here, x = there, there[0] + (math.copysign(OUTSIDE * z, there[0]) - there[0]) * leaving**2
    return x, z, abs(x - here[0])


def _spot(act: Act, number: int, people: int) -> tuple[float, float]:
    if people == 1:
        return act.x_m, act.z_m
    # Several share the floor: each keeps to its own strip, and a bit behind the one before.
    return 1.3 * (number - (people - 1) / 2) + 0.4 * act.x_m, act.z_m + 0.2 * number


def body_at(act: Act, since_s: float) -> tuple[Vector, float]:
    """(angles (19,), lift in metres) of an ``act`` that began ``since_s`` seconds ago; may run past its end."""
    turn = 2 * math.pi * act.rate_hz * since_s
    angles, swing = act.base.vector(), act.swing.vector()
    for number, name in enumerate(ANGLES):
        angles[number] += swing[number] * math.sin(turn - act.lag if name.startswith("right") else turn)
    shake = act.tremble * math.sin(2 * math.pi * TREMBLE_HZ * since_s)
    for name, share in (("left_raise", 1.0), ("right_raise", -0.8), ("head_yaw", 0.7), ("roll", 0.3)):
        angles[ANGLES.index(name)] += share * shake
    for side, beat in (("left", math.sin(turn)), ("right", -math.sin(turn))):
        lifted = act.stamp * max(beat, 0.0) ** 2
        angles[ANGLES.index(f"{side}_hip")] += lifted
        angles[ANGLES.index(f"{side}_knee")] += 1.8 * lifted
    return angles, act.hop_m * math.sin(turn) ** 2


def walk(angles: Vector, speed_m_s: float, walked_m: float, across: float = 1.0) -> Vector:
    """``angles`` with a gait on top, for a speed (positive to the picture's right) and the distance walked; ``across`` [0, 1]:
    how far the way leads across the picture, where the body turns, and not to the camera."""
    share = min(abs(speed_m_s) / WALKING_M_S, 1.0)
    phase = math.pi * walked_m / STEP_M
    stride = 0.4 * share * math.sin(phase)
    swing = 0.8 * share * math.cos(phase)
    added = Posture(
        yaw=-math.copysign(share, speed_m_s) * across,
        head_yaw=0.4 * math.copysign(share, speed_m_s) * across,
        left_hip=stride,
        right_hip=-stride,
        left_knee=max(swing, 0.0) + 0.1 * share,
        right_knee=max(-swing, 0.0) + 0.1 * share,
        left_raise=-0.9 * stride,
        right_raise=0.9 * stride,
    )
    return angles + added.vector()


def smooth(x: float) -> float:
    """0 to 1 with no jump in speed or acceleration (Perlin's quintic)."""
    x = min(max(x, 0.0), 1.0)
    return x * x * x * (x * (6 * x - 15) + 10)
