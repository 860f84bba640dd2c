"""The beat of the frame loop, heard at the other end."""

import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installation.base.clock import ManualClock
from installation.base.injected_faults import BLOAT_MB, VARIABLE, InjectedFaults
from installation.base.notices import Notices
from installation.base.sd_notify import Listener, Notifier
from installation.guard.figures import Figures
from installation.record.heartbeat import Heartbeat
from installation.record.report import RunReport
from installation.types import EmotionState

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no unix sockets here")
StateOf = Callable[..., EmotionState]


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    found = Listener(tmp_path)
    yield found
    found.close()


@pytest.fixture
def teller(listener: Listener) -> Iterator[Notifier]:
    found = Notifier(listener.address)
    yield found
    found.close()


def beats(listener: Listener) -> list[Figures]:
    return [Figures.from_json(message.figures or "") for message in listener.receive(1000) if message.is_beat]


def test_a_beat_a_second_with_every_figure_that_the_guard_reads(
    listener: Listener, teller: Notifier, state_of: StateOf
) -> None:
    notices, report = Notices(ManualClock()), RunReport(0.0)
    heart = Heartbeat(teller, notices, report, True, lambda: 2, lambda: "camera 0")
    notices.fault("osc", "nobody listens")
    notices.fallback("output", "no display")
    people = [("happy", 1), ("sad", 2), ("sad", 3)]
    for frame in range(101):
        now_s = 50 + frame / 25
        seen = [state_of(label, person) for label, person in people[: frame // 25]]
        report.observed(1.0, 1.0)
        report.pictured(1.0)
        heart.drawn(now_s, "aurora", seen)
    found = beats(listener)
    assert len(found) == 5
    last = found[-1]
    assert last == Figures(
        frames=101, fps=25.0, perception_hz=25.0, visitors=3, arrivals=3, seen_s=3.0, faults=("osc: nobody listens",),
        notices=("output: no display",), scene="aurora", quality=2, pictures=101, source="camera 0", safe=True, t_s=54.0,
    )  # fmt: skip
    heart.drawn(54.04, "aurora", [])
    heart.drawn(55.0, "aurora", [state_of("happy", 1)])
    assert beats(listener)[-1].arrivals == 4, "who comes again arrives again"
    heart.close()
    assert listener.receive()[-1].lines["STOPPING"] == "1"
    heart.drawn(60.0, "aurora", [])
    assert listener.receive() == []


def test_piece_and_guard_name_the_figures_alike(listener: Listener, teller: Notifier) -> None:
    Heartbeat(teller, Notices(ManualClock()), RunReport(0.0)).drawn(0.0, "aurora", [])
    told = set(json.loads(listener.receive()[0].figures or ""))
    assert told | {"pss_mb"} == {field.name for field in dataclasses.fields(Figures)}


def test_the_longest_texts_fit_into_a_beat(listener: Listener, teller: Notifier) -> None:
    notices = Notices(ManualClock())
    for number in range(30):
        notices.fault(f"stage {number}", "\N{SMILING CAT FACE WITH OPEN MOUTH}" * 400)
        notices.note(f"stage {number}", "\x00" * 400)
    Heartbeat(teller, notices, RunReport(0.0)).drawn(0.0, "aurora", [])
    assert len(beats(listener)[0].faults) == 20


def test_faults_are_injected_only_where_a_variable_named_the_file(tmp_path: Path) -> None:
    word = tmp_path / "fault"
    environ = {VARIABLE: str(word)}
    faults = InjectedFaults.from_environment(environ)
    assert environ == {}
    faults.poll()
    word.write_text("exception")
    InjectedFaults.from_environment({}).poll()
    with pytest.raises(RuntimeError, match="asked for"):
        faults.poll()
    assert not word.exists()
    faults.poll()
    word.write_text("bloat\n")
    faults.poll()
    assert [len(blob) for blob in faults._ballast] == [BLOAT_MB * 2**20]
