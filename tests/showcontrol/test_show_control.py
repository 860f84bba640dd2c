"""OSC: an independent receiver understands every address, values stay in range, nothing stops the sender."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.osc import OscConfig
from installation.showcontrol import addresses
from installation.showcontrol import osc_reference as reference
from installation.showcontrol.addresses import address_of
from installation.showcontrol.osc_out.bundle import Bundle
from installation.showcontrol.osc_out.encode import MAX_BYTES
from installation.showcontrol.show_control import REPEATS, ShowControl
from installation.types import EMOTIONS
from tests.showcontrol.osc_states import HEALTH, bundles_of, decode, person, scene, send_everything, state


class Packets(list):
    """Collects the packets of the bundles."""

    def take(self, bundle: Bundle) -> None:
        self.append(bundle.packets())


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


def test_a_near_visitor_says_how_near_what_is_seen_and_how_far_people_would_agree() -> None:
    bundles = Packets()
    halves = np.zeros(7, np.float32)
    halves[[0, 4]] = 0.5
    near = state(1, position=(0.5, 0.6, 9.0), extent="face", probabilities=halves)
    ShowControl(OscConfig(), bundles.take).on_observation(1, 0.0, (near,), None)
    said = dict(decode(bundles[0]))
    assert said["/mien/person/1/position"][2] == 1.0
    assert said["/mien/person/1/nearness"] == pytest.approx([0.9])
    assert said["/mien/person/1/extent"] == ["face"]
    assert said["/mien/person/1/agreement"] == pytest.approx([1 - math.log(2) / math.log(7)])


def test_the_emoji_of_all_and_of_each_follow_label_and_level_and_nobody_has_none() -> None:
    bundles = Packets()
    control = ShowControl(OscConfig(), bundles.take)
    control.on_observation(
        1, 0.0, (state(1, "happy", level=2), state(2, "sad")), None, group=state(1, "happy", level=1)
    )
    control.on_observation(2, 0.1, (), None, group=None)
    said = dict(decode(bundles[0]))
    assert said["/mien/person/1/emoji"] == ["\U0001f602"]
    assert said["/mien/person/2/emoji"] == ["\U0001f641"]
    assert said["/mien/emoji"] == ["\U0001f604"]
    assert b"/mien/emoji\0,s\0\0" + "\U0001f604".encode() + bytes(4) in b"".join(bundles[0]), "UTF-8, padded to four"
    assert dict(decode(bundles[1]))["/mien/emoji"] == [""]


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


def test_a_fault_makes_the_state_degraded_with_its_reason() -> None:
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
    written = reference.DOCUMENT.read_text(encoding="utf-8")
    assert written == reference.document(), "run: python -m installation.showcontrol.osc_reference --write"


@given(st.lists(st.tuples(wild, wild, wild), min_size=1, max_size=12), wild, wild)
def test_group_velocity_beats_and_births_stay_in_range_whatever_comes(moves: list, energy: float, size: float) -> None:
    def tell(control: ShowControl) -> None:
        for number, (x, y, raw) in enumerate(moves):
            here = state(1, position=(x, y, size), energy=energy)
            born = scene(1)
            born.births.setflags(write=True)
            with np.errstate(over="ignore"):
                born.births[:] = np.array([x, y, size] * 4).astype(np.float32)
            control.on_observation(number, number * 0.04, (here,), born, group=here, energy={1: raw})

    check_ranges([message for bundle in bundles_of(tell) for message in decode(bundle.packets())])


def check_ranges(messages: list) -> None:
    for path, params in messages:
        row = address_of(path.removeprefix("/mien"))
        for arg, value in zip(row.args, params, strict=False):
            if arg.tag != "s":
                assert arg.low - 1e-6 <= value <= arg.high * (1 + 1e-6) + 1e-6, path


def test_everything_in_the_table_is_sent_but_joints_and_beats() -> None:
    messages = [message for bundle in bundles_of(send_everything) for message in decode(bundle.packets())]
    told = {address_of(path.removeprefix("/mien")).path for path, _ in messages}
    elsewhere = {row.path for row in addresses.TABLE if row.on_request} | {"/beat"}
    assert {row.path for row in addresses.TABLE} - told == elsewhere
    check_ranges(messages)


def test_attention_goes_from_attract_over_notice_to_active_and_back() -> None:
    def tell(control: ShowControl) -> None:
        for number, presence in enumerate((None, 0.0, 0.5, 1.0, 0.4, None)):
            states = () if presence is None else (state(1, presence=presence),)
            control.on_observation(number, number * 0.1, states, None)

    told = [dict(decode(bundle.packets())) for bundle in bundles_of(tell)]
    expected = ["attract", "notice", "notice", "active", "active", "attract"]
    assert [messages["/mien/attention"] for messages in told] == [[name] for name in expected]
    assert [messages["/mien/state"][0] for messages in told] == expected


def test_a_lost_camera_is_sent_with_the_health_though_no_frame_comes() -> None:
    (bundle,) = bundles_of(lambda control: control.on_health(HEALTH))
    messages = dict(decode(bundle.packets()))
    assert messages["/mien/state"] == ["degraded", "camera: gone"]
    assert messages["/mien/attention"] == ["attract"]


def test_velocity_is_that_of_the_place_and_dies_away_at_rest() -> None:
    def tell(control: ShowControl) -> None:
        for number in range(60):
            x = 0.2 + 0.4 * min(number, 30) / 30
            control.on_observation(number, number / 30, (state(1, position=(x, 0.5, 0.5)),), None)

    told = [dict(decode(bundle.packets()))["/mien/person/1/velocity"] for bundle in bundles_of(tell)]
    assert told[30] == pytest.approx([0.4, 0.0], abs=0.01)
    assert told[-1] == pytest.approx([0.0, 0.0], abs=0.01)


def test_a_pose_is_sent_once_each_time_it_is_taken() -> None:
    def tell(control: ShowControl) -> None:
        for number in range(60):
            held = {1: ("bow",)} if number == 3 or 10 <= number < 20 or 40 <= number < 50 else {}
            control.on_observation(number, number / 24, (state(1),), None, held=held)

    events = {tuple(args[1:]) + (args[0],) for bundle in bundles_of(tell) for path, args in decode(bundle.packets())
              if path == "/mien/event/pose"}  # fmt: skip
    assert sorted(args[:2] for args in events) == [(1, "bow")] * 2


def test_a_shape_is_sent_when_it_is_born_only() -> None:
    def tell(control: ShowControl) -> None:
        for number, births in enumerate((0, 1, 1, 3, 3, 3, 3)):
            control.on_observation(number, number * 0.1, (), scene(births))

    numbers = {
        args[0] for bundle in bundles_of(tell) for path, args in decode(bundle.packets()) if "shape_born" in path
    }
    assert len(numbers) == 3


def test_a_frame_s_bundle_holds_what_was_seen_in_it() -> None:
    def tell(control: ShowControl) -> None:
        from installation.types import Observation

        seen = Observation(3.5, 7, (person(1),), (640, 480))
        control.on_observation(7, 4.0, (state(1),), None, observation=seen)

    (bundle,) = bundles_of(tell)
    assert bundle.seen is not None
    assert (bundle.seen.seq, bundle.seen.captured_s, bundle.seen.frame_size) == (7, 3.5, (640, 480))
