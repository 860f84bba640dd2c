"""OSC: an independent receiver understands every address, values stay in range, nothing stops the sender."""

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle

from installation.clock import ManualClock
from installation.config import OscConfig, OscTarget
from installation.notices import Notices
from installation.showcontrol import addresses
from installation.showcontrol.addresses import TABLE, address_of
from installation.showcontrol.encode import MAX_BYTES
from installation.showcontrol.show_control import REPEATS, ShowControl
from installation.showcontrol.told import Told
from installation.types import EMOTIONS, EmotionState, SceneState, neutral_probabilities

HEALTH = {"figures": [30.0, 24.0, 8.0, 1, 1, 300.0], "faults": [["camera", "gone"]], "fallbacks": [["gpu", "none"]]}


def state(person_id: int, label: str = "happy", **more: object) -> EmotionState:
    values = {"valence": 0.5, "arousal": -0.5, "confidence": 1.0, "energy": 0.25, "openness": 0.75, "presence": 1.0}
    values |= {"position": (0.25, 0.5, 0.75), "probabilities": neutral_probabilities()} | more
    return EmotionState(t_s=0.0, person_id=person_id, label=label, **values)


def scene() -> SceneState:
    shapes, palette = np.zeros((1, 10), np.float32), np.zeros((4, 3), np.float32)
    return SceneState(0.0, "blossom", "blossom", 1.0, shapes, palette, {}, neutral_probabilities(), 0.1, 0.2, 0.3)


class Packets(list):
    """Collects the packets of what is told."""

    def take(self, told: Told) -> None:
        self.append(told.packets())


def decode(packets: list[bytes]) -> list[tuple[str, list]]:
    return [(message.address, message.params) for packet in packets for message in OscBundle(packet)]


wild = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(wild, wild, st.tuples(wild, wild, wild)), max_size=6))
def test_every_state_is_encoded_inside_its_range_and_below_one_packet(people: list) -> None:
    bundles = Packets()
    states = tuple(state(n + 1, valence=v, energy=e, position=p) for n, (v, e, p) in enumerate(people))
    ShowControl(OscConfig(), bundles.take).on_observation(7, 1.0, states, scene())
    (packets,) = bundles
    assert all(len(packet) <= MAX_BYTES for packet in packets)
    messages = decode(packets)
    assert messages[-1] == ("/mien/people/ids", [s.person_id for s in states])
    for path, params in messages[:-1]:
        row = address_of(path.removeprefix("/mien"))
        assert len(params) == len(row.args)
        for arg, value in zip(row.args, params, strict=True):
            if arg.tag == "s":
                assert isinstance(value, str)
            else:
                assert isinstance(value, int if arg.tag == "i" else float)
                assert arg.low - 1e-6 <= value <= arg.high * (1 + 1e-6) + 1e-6


def test_not_a_number_is_replaced_by_the_last_good_value_and_counted() -> None:
    bundles = Packets()
    control = ShowControl(OscConfig(), bundles.take)
    control.on_observation(1, 0.0, (state(1, valence=0.5),), None)
    control.on_observation(2, 0.1, (state(1, valence=float("nan")),), None)
    assert dict(decode(bundles[1]))["/mien/person/1/valence"] == [0.5]
    assert control.refused == 1


def test_the_same_calls_give_the_same_bytes() -> None:
    def run() -> list[list[bytes]]:
        bundles = Packets()
        control = ShowControl(OscConfig(), bundles.take)
        for n in range(20):
            control.on_observation(n, n / 24, (state(1), state(2, "sad"))[: n % 3], scene())
            control.on_health(HEALTH)
        return bundles

    assert run() == run()


def test_an_event_is_sent_three_times_with_one_number() -> None:
    bundles = Packets()
    control = ShowControl(OscConfig(), bundles.take)
    for n in range(6):
        control.on_observation(n, n / 24, (state(1),), None)
    arrived = [params for bundle in bundles for path, params in decode(bundle) if path == "/mien/event/arrived"]
    changed = [params for bundle in bundles for path, params in decode(bundle) if path == "/mien/event/emotion"]
    assert arrived == [[1, 1]] * REPEATS
    assert changed == [[2, 1, "happy"]] * REPEATS


def test_somebody_who_faded_out_has_left() -> None:
    bundles = Packets()
    control = ShowControl(OscConfig(), bundles.take)
    control.on_observation(1, 0.0, (state(4),), None)
    control.on_observation(2, 0.1, (), None)
    assert ("/mien/event/left", [3, 4]) in decode(bundles[1])
    assert ("/mien/state", ["attract", ""]) in decode(bundles[1])


def test_trouble_makes_the_state_degraded_with_its_reason() -> None:
    bundles = Packets()
    control = ShowControl(OscConfig(), bundles.take)
    away = {**HEALTH, "faults": [], "fallbacks": [["osc desk:9", "nobody listens there"]]}
    control.on_health(HEALTH)
    control.on_observation(1, 0.0, (), None)
    control.on_health(away)
    control.on_observation(2, 0.1, (), None)
    assert ("/mien/state", ["degraded", "camera: gone"]) in decode(bundles[1])
    assert ("/mien/state", ["attract", ""]) in decode(bundles[3])
    assert ("/mien/fallback", ["gpu", "none"]) in decode(bundles[0])


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_emotions_are_sent_in_their_order(emotion: str) -> None:
    p = np.zeros(7, np.float32)
    p[EMOTIONS.index(emotion)] = 1
    bundles = Packets()
    ShowControl(OscConfig(), bundles.take).on_observation(1, 0.0, (state(1, probabilities=p),), None)
    params = dict(decode(bundles[0]))["/mien/person/1/emotions"]
    names = [arg.name for arg in address_of("/person/1/emotions").args]
    assert names[params.index(1.0)] == emotion


def test_the_reference_is_not_stale() -> None:
    written = addresses.DOCUMENT.read_text(encoding="utf-8")
    assert written == addresses.document(), "run: python -m installation.showcontrol.addresses --write"
