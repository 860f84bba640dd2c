"""Commands by pose: once a hold, not by accident, not again at once, and only for people who are still there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.poses import PosesConfig
from installation.poses.triggers import DROPOUT_S, CommandTrigger, FiredCommand, LabelTrigger
from installation.types import Box, Person

CONFIG = PosesConfig(
    commands={"arms_up": "next_scene", "crossed": "clear", "Victory": "snapshot", "bow": "next_scene"},
    hold_s=1.0,
    cooldown_s=3.0,
    threshold=0.6,
)
FRAME_S = 1 / 30


def one(share: float = 1.0, label: str = "arms_up", person_id: int = 1, gestures: tuple[str, ...] = ()) -> Person:
    return Person(person_id, Box(0, 0, 1, 1), 1.0, poses=((label, share),), gestures=gestures)


def play(
    trigger: CommandTrigger, spans: list[tuple[float, list[Person]]], start_s: float = 0.0, step_s: float = FRAME_S
):
    """Feed (seconds, people) one after the other; gives (t_s, what fired) of everything that fired."""
    fired, frame, end_s = [], 0, start_s
    for seconds, people in spans:
        end_s += seconds
        while start_s + frame * step_s < end_s - 1e-9:
            t_s = start_s + frame * step_s
            fired += [(t_s, what) for what in trigger.update(t_s, people)]
            frame += 1
    return fired


def test_a_hold_fires_once_after_its_time() -> None:
    fired = play(CommandTrigger(CONFIG), [(0.5, []), (20.0, [one()])])
    assert [what for _, what in fired] == [FiredCommand("next_scene", "arms_up", 1)]
    assert fired[0][0] == pytest.approx(1.5, abs=1.5 * FRAME_S)


def test_a_passing_pose_does_nothing() -> None:
    assert play(CommandTrigger(CONFIG), [(0.9, [one()]), (0.5, [one(0.0)])] * 10) == []


def test_it_must_be_let_go_before_it_counts_again() -> None:
    spans = [(5.0, [one()]), (0.5, [one(0.0)]), (2.0, [one()])]
    assert [round(t_s, 1) for t_s, _ in play(CommandTrigger(CONFIG), spans)] == [1.0, 6.5]


def test_a_short_dropout_neither_breaks_nor_repeats_a_hold() -> None:
    gap = (DROPOUT_S - 2 * FRAME_S, [one(0.0)])
    fired = play(CommandTrigger(CONFIG), [(0.6, [one()]), gap, (5.0, [one()]), gap, (5.0, [one()])])
    assert [round(t_s, 1) for t_s, _ in fired] == [1.0]


def test_a_longer_one_starts_again() -> None:
    fired = play(CommandTrigger(CONFIG), [(0.8, [one()]), (DROPOUT_S + 2 * FRAME_S, [one(0.0)]), (1.5, [one()])])
    assert len(fired) == 1
    assert fired[0][0] == pytest.approx(0.8 + DROPOUT_S + 1.0, abs=4 * FRAME_S)


def test_a_probability_around_the_threshold_still_holds_but_does_not_begin() -> None:
    wavering = [(0.1, [one(0.55)]), (0.1, [one(0.62)])]
    assert len(play(CommandTrigger(CONFIG), [(0.2, [one(0.7)]), *wavering * 10])) == 1
    assert play(CommandTrigger(CONFIG), [(5.0, [one(0.55)])]) == []


def test_a_hold_completed_within_the_cooldown_is_spent() -> None:
    spans = [(1.2, [one()]), (0.5, []), (8.0, [one()]), (0.5, []), (1.5, [one()])]
    assert [round(t_s, 1) for t_s, _ in play(CommandTrigger(CONFIG), spans)] == [1.0, 11.2]


def test_two_people_in_the_same_pose_fire_it_once() -> None:
    both = [one(person_id=1), one(person_id=2)]
    assert len(play(CommandTrigger(CONFIG), [(10.0, both)])) == 1


def test_the_cooldown_is_of_the_command_whatever_asks_for_it() -> None:
    spans = [(1.5, [one()]), (1.5, [one(label="bow")]), (1.5, [one(label="crossed")])]
    fired = play(CommandTrigger(CONFIG), spans)
    assert [(what.command, what.label) for _, what in fired] == [("next_scene", "arms_up"), ("clear", "crossed")]


def test_gestures_count_and_unknown_labels_do_not() -> None:
    fired = play(CommandTrigger(CONFIG), [(3.0, [one(label="nothing", gestures=("Victory", "Open_Palm"))])])
    assert [what for _, what in fired] == [FiredCommand("snapshot", "Victory", 1)]


def test_who_leaves_starts_from_nothing() -> None:
    spans = [(0.8, [one()]), (0.4, []), (0.8, [one()]), (0.4, [])]
    assert play(CommandTrigger(CONFIG), spans * 3) == []


def test_a_hold_is_not_handed_from_one_person_to_another() -> None:
    assert play(CommandTrigger(CONFIG), [(0.7, [one(person_id=1)]), (0.7, [one(person_id=2)])] * 3) == []


@pytest.mark.parametrize("step_s", [1 / 60, 1 / 24, 0.1, 0.25, 0.5])
def test_it_works_at_every_rate(step_s: float) -> None:
    fired = play(CommandTrigger(CONFIG), [(4.0, [one()])], step_s=step_s)
    assert len(fired) == 1
    assert 1.0 <= fired[0][0] <= 1.0 + step_s + 1e-6


def test_rare_observations_still_see_that_it_was_let_go() -> None:
    spans = [(2.0, [one()]), (0.5, [one(0.0)]), (3.5, [one()])]
    assert len(play(CommandTrigger(CONFIG), spans, step_s=0.25)) == 2 - 1  # the second lies in the cooldown
    spans = [(5.0, [one()]), (0.5, [one(0.0)]), (3.5, [one()])]
    assert len(play(CommandTrigger(CONFIG), spans, step_s=0.25)) == 2


def test_a_stall_is_no_hold() -> None:
    trigger = CommandTrigger(CONFIG)
    assert trigger.update(0.0, [one()]) == ()
    assert trigger.update(30.0, [one()]) == ()
    assert trigger.update(30.5, [one()]) == ()
    assert len(trigger.update(31.0, [one()])) == 1


def test_time_that_goes_back_starts_again() -> None:
    trigger = CommandTrigger(CONFIG)
    assert len(play(trigger, [(2.0, [one()])], start_s=100.0)) == 1
    assert len(play(trigger, [(2.0, [one()])], start_s=0.0)) == 1


def test_new_settings_count_at_once() -> None:
    trigger = CommandTrigger(CONFIG)
    play(trigger, [(0.9, [one()])])
    trigger.reconfigure(CONFIG.model_copy(update={"commands": {"crossed": "clear"}}))
    assert play(trigger, [(3.0, [one()])], start_s=0.9) == []
    assert len(play(trigger, [(3.0, [one(label="crossed")])], start_s=3.9)) == 1


def test_without_hold_time_it_fires_at_once() -> None:
    trigger = CommandTrigger(CONFIG.model_copy(update={"hold_s": 0.0}))
    assert len(trigger.update(0.0, [one()])) == 1
    assert trigger.update(FRAME_S, [one()]) == ()


@given(st.lists(st.tuples(st.floats(0.01, 0.6), st.lists(st.floats(0, 1), min_size=0, max_size=3)), max_size=80))
def test_whatever_happens_commands_keep_their_distance(steps: list[tuple[float, list[float]]]) -> None:
    first, again = CommandTrigger(CONFIG), CommandTrigger(CONFIG)
    t_s, last_s = 0.0, None
    for wait_s, shares in steps:
        t_s += wait_s
        people = [one(share, person_id=number) for number, share in enumerate(shares)]
        fired = first.update(t_s, people)
        assert fired == again.update(t_s, people)
        assert len(fired) <= 1
        for _ in fired:
            assert t_s >= CONFIG.hold_s
            assert last_s is None or t_s - last_s >= CONFIG.cooldown_s
            last_s = t_s


def test_labels_fire_for_whoever_listens_to_them() -> None:
    trigger = LabelTrigger(CONFIG)
    assert trigger.update(0.0, [one()]) == []
    trigger.listen(["arms_up", "wave"])
    fired = [
        label for frame in range(90) for label in trigger.update(frame / 30, [one(), one(label="wave", person_id=2)])
    ]
    assert fired == ["arms_up", "wave"], "each once, and not the commands of the settings"
    trigger.reconfigure(CONFIG.model_copy(update={"hold_s": 0.0}))
    assert trigger.update(9.0, [one()]) == ["arms_up"]
    trigger.listen([])
    assert trigger.update(20.0, [one()]) == []
