"""What the operator's page is told of OSC: values and rates out, and what came in."""

import json

from installation.base.clock import ManualClock
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.decode import Opaque
from installation.showcontrol.osc_monitor import MOST_ADDRESSES, MOST_HEARD, MOST_SHOWN, RESTS_S, OscMonitor


def monitor() -> tuple[OscMonitor, LastValues, ManualClock]:
    values, clock = LastValues(), ManualClock()
    return OscMonitor(values, lambda: "/mien", clock), values, clock


def test_rates_are_counted_only_while_somebody_looks() -> None:
    watched, values, clock = monitor()
    values.put([("/frame", [1, 0.5])])
    assert values.counts() == {}
    assert watched.look()["out"] == [["/frame", 0.0, [1, 0.5]]]
    for number in range(40):
        clock.advance(0.05)
        values.put([("/frame", [number, 0.5]), *([("/valence", [0.1])] if number % 10 == 0 else [])])
    rates = {path: rate for path, rate, _ in watched.look()["out"]}
    assert rates == {"/frame": 20.0, "/valence": 2.0}
    watched.rest(clock.now())
    assert values.counting
    clock.advance(RESTS_S + 0.1)
    watched.rest(clock.now())
    assert not values.counting


def test_an_address_that_falls_silent_has_no_rate() -> None:
    watched, values, clock = monitor()
    watched.look()
    for _ in range(20):
        clock.advance(0.1)
        values.put([("/frame", [1])])
    assert watched.look()["out"][0][1] == 10.0
    for _ in range(8):
        clock.advance(0.5)
        found = watched.look()
    assert found["out"] == [["/frame", 0.0, [1]]]


def test_general_addresses_come_first_and_the_last_visitors_are_left_out() -> None:
    watched, values, _ = monitor()
    ids = list(range(1, 41))
    people = [(f"/person/{number}/{name}", [0.5]) for number in ids for name in "abcdefghij"]
    values.put([("/people/ids", ids), ("/valence", [0.1]), *people])
    found = watched.look()
    assert len(found["out"]) == MOST_ADDRESSES
    assert found["left_out"] == 402 - MOST_ADDRESSES
    paths = [row[0] for row in found["out"]]
    assert paths[:3] == ["/people/ids", "/valence", "/person/1/a"]
    assert paths.index("/person/9/a") < paths.index("/person/10/a")
    assert "/person/40/a" not in paths


def test_what_comes_in_is_kept_with_the_reason_it_was_refused_for() -> None:
    watched, _, clock = monitor()
    watched.heard("10.0.0.7:9", "/mien/scene", ["aurora"])
    clock.advance(2.0)
    odd = [float("nan"), float("inf"), True, None, Opaque("blob"), "a\nb", *range(MOST_SHOWN)]
    watched.heard("10.0.0.8:9", "/mien/x\x00", odd, "there is no /x")
    found = watched.look()
    assert (found["heard"], found["refused"]) == (2, 1)
    newest, oldest = found["in"]
    assert (oldest["address"], oldest["args"], oldest["age_s"], oldest["refused"]) == (
        "/mien/scene",
        ["aurora"],
        2.0,
        "",
    )
    assert newest["args"][:6] == ["nan", "inf", "True", "None", "a blob", "a?b"]
    assert len(newest["args"]) == MOST_SHOWN + 1
    assert newest["address"] == "/mien/x?"
    json.dumps(found, allow_nan=False)
    for number in range(3 * MOST_HEARD):
        watched.heard("10.0.0.7:9", "/mien/flood", [number])
    assert len(watched.look()["in"]) == MOST_HEARD
