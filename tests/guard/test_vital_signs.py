"""Beats and silence, with a clock of the test's own."""

import json

from installation.base.sd_notify import FIGURES, Message
from installation.guard.vital_signs import GAP_S, STOP_S, VitalSigns

READY = Message({"READY": "1"})
BEAT = Message({"WATCHDOG": "1", FIGURES: json.dumps({"frames": 7})})
STOPPING = Message({"STOPPING": "1"})


def signs() -> VitalSigns:
    return VitalSigns(100.0, start_s=30.0, hang_s=4.0)


def look(found: VitalSigns, begin_s: float, end_s: float, beats: bool = False) -> tuple[str, str] | None:
    """Look ten times a second, as the guard does; the first verdict that is one."""
    for step in range(round((end_s - begin_s) * 10) + 1):
        now_s = begin_s + step / 10
        if beats:
            found.hear(BEAT, now_s)
        verdict = found.verdict(now_s)
        if verdict is not None:
            return verdict
    return None


def test_a_start_may_take_its_time_and_no_longer() -> None:
    found = signs()
    assert look(found, 100, 130) is None
    assert look(found, 130.1, 131) == ("start", "no picture within 30 s of its start")


def test_beats_before_the_first_picture_do_not_prolong_the_start() -> None:
    found = signs()
    assert look(found, 100, 129) is None
    assert not found.hear(BEAT, 129.0)
    assert look(found, 129, 131) == ("start", "no picture within 30 s of its start")


def test_silence_after_the_first_picture_is_a_hang() -> None:
    found = signs()
    found.hear(READY, 103.0)
    assert look(found, 103, 160, beats=True) is None
    assert look(found, 160, 163.9) is None
    assert look(found, 164.1, 165) == ("hang", "no beat for 4 s")


def test_a_beat_brings_figures_with_the_memory_that_the_guard_measured() -> None:
    found = signs()
    found.hear(READY, 103.0)
    assert found.hear(BEAT, 104.0, pss_mb=812.5)
    assert found.figures is not None
    assert (found.figures.frames, found.figures.pss_mb) == (7, 812.5)


def test_figures_that_are_none_are_no_reason_to_doubt_the_beat() -> None:
    found = signs()
    found.hear(READY, 103.0)
    assert found.hear(Message({"WATCHDOG": "1", FIGURES: "{"}), 106.0)
    assert found.figures is None
    assert look(found, 106, 109) is None


def test_while_the_guard_itself_was_not_there_it_could_hear_nothing() -> None:
    found = signs()
    found.hear(READY, 103.0)
    assert found.verdict(103.0) is None
    assert found.verdict(103.0 + GAP_S + 600) is None, "the machine was asleep"
    assert look(found, 705, 708.9) is None
    assert look(found, 709, 712) is not None, "but then it must beat again"


def test_a_beat_that_waited_while_the_guard_was_not_there_counts_from_now() -> None:
    found = signs()
    found.hear(READY, 103.0)
    assert found.verdict(103.0) is None
    found.hear(BEAT, 700.0)
    assert found.verdict(700.0) is None
    assert look(found, 700, 705) is not None


def test_a_piece_that_says_it_ends_must_be_gone_soon() -> None:
    found = signs()
    found.hear(READY, 103.0)
    assert look(found, 103, 110, beats=True) is None
    found.hear(STOPPING, 110.0)
    assert look(found, 110, 112) is None
    assert not found.hear(BEAT, 112.0)
    assert look(found, 112, 110 + STOP_S) is None
    assert look(found, 110.1 + STOP_S, 120) == ("hang", f"did not end within {STOP_S:g} s")
