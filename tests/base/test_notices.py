"""A notice is logged once, stays active until it is resolved, and is remembered."""

import logging

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices


def test_a_notice_repeated_every_frame_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices(ManualClock(3.0))
    with caplog.at_level(logging.WARNING):
        for _ in range(100):
            notices.fallback("capture", "no camera; simulated performer")
    assert len(caplog.records) == 1
    (notice,) = notices.active()
    assert (notice.t_s, notice.kind, notice.stage) == (3.0, "fallback", "capture")


def test_clearing_keeps_the_history_and_a_relapse_counts_again() -> None:
    notices = Notices(ManualClock())
    notices.fault("camera", "unplugged")
    notices.resolve("camera")
    assert notices.active() == ()
    notices.fault("camera", "unplugged")
    assert len(notices.active()) == 1
    assert len(notices.history("fault")) == 2


def test_kinds_are_cleared_apart() -> None:
    notices = Notices(ManualClock())
    notices.fault("textures", "broken")
    notices.fallback("textures", "procedural")
    notices.resolve("textures", "fault")
    assert [notice.kind for notice in notices.active()] == ["fallback"]


def test_the_newer_message_of_a_stage_replaces_the_older() -> None:
    notices = Notices(ManualClock())
    notices.fault("osc", "first")
    notices.fault("osc", "second")
    assert [notice.message for notice in notices.active()] == ["second"]


def test_history_is_bounded() -> None:
    notices = Notices(ManualClock())
    for number in range(1500):
        notices.fault("osc", str(number))
    history = notices.history("fault")
    assert len(history) == 1000
    assert history[-1].message == "1499"
