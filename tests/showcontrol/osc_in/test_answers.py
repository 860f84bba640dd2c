"""How often is answered."""

from pythonosc.osc_message import OscMessage

from installation.base.clock import ManualClock
from installation.showcontrol.osc_in.answers import ERRORS_PER_S, Allowance, Answers


def test_an_allowance_fills_again_for_each_by_himself() -> None:
    clock = ManualClock()
    allowance = Allowance(5.0, clock)
    assert sum(allowance.has("a") for _ in range(100)) == 10
    assert allowance.has("b")
    clock.advance(1.0)
    assert sum(allowance.has("a") for _ in range(100)) == 5
    clock.advance(1000.0)
    assert sum(allowance.has("a") for _ in range(100)) == 10


def test_an_allowance_remembers_no_more_than_it_must() -> None:
    allowance = Allowance(5.0, ManualClock())
    for number in range(10_000):
        allowance.has(str(number))
    assert len(allowance._left) == 256


def test_errors_are_few_and_plain() -> None:
    clock = ManualClock()
    answers = Answers("/mien", clock)
    sent: list[bytes] = []
    for _ in range(100):
        answers.error("a", sent.append, "/x\n\0" + "y" * 999, "why\x1b[2J")
    assert len(sent) == 2 * ERRORS_PER_S
    message = OscMessage(sent[0])
    assert message.address == "/mien/error"
    assert message.params == ["/x??" + "y" * 296, "why?[2J"]


def test_values_have_their_types() -> None:
    answers = Answers("/mien", ManualClock())
    sent: list[bytes] = []
    answers.value("a", sent.append, "/x", [1, 0.5, "blau"])
    message = OscMessage(sent[0])
    assert (message.address, message.params) == ("/mien/x", [1, 0.5, "blau"])
    assert b",ifs" in sent[0]
