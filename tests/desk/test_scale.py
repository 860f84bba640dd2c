"""Where values lie on a slider."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.settings import Config
from installation.desk.scale import POSITIONS, Scale, number_text, scale_of
from installation.live_commands.setting_table import Setting, table

TABLE = table()
NUMBERS = [one for one in TABLE.values() if scale_of(one) is not None]


def scale(path: str) -> Scale:
    found = scale_of(TABLE[f"/control/{path}"])
    assert found is not None
    return found


def test_steps_are_round_and_ranges_of_many_sizes_are_walked_by_factors() -> None:
    assert (scale("look/happy/form/spread").curve, scale("look/happy/form/spread").step) == ("even", 0.005)
    assert scale("look/happy/motion/speed").step == 0.01
    assert (scale("smoothing/calmness").curve, scale("hours/lead_s").curve) == ("log", "cubic")
    assert scale("smoothing/calmness").value(POSITIONS / 2) == pytest.approx((0.2 * 8) ** 0.5, rel=0.01)
    assert scale("scene/idle_next_s").value(20) < 60, "a minute of a day is to be found"
    assert (scale("midi/channel").curve, scale("midi/channel").step) == ("even", 1)
    assert scale_of(TABLE["/control/osc/listen_port"]) is None, "a port is no quantity"
    assert scale_of(TABLE["/control/scene/name"]) is None


def test_the_piece_takes_whatever_a_slider_gives() -> None:
    for setting in NUMBERS:
        found = scale_of(setting)
        assert found is not None
        low, high, step = found.ends
        for share in (0, 0.001, 0.31, 0.5, 0.77, 0.999, 1):
            value = setting.fit([found.value(low + round(share * (high - low) / step) * step)])
            assert isinstance(value, int | float)
            assert found.curve != "even" or value == pytest.approx(found.value(found.position(value))), setting.path
        assert isinstance(found.value(low), int) == found.whole


@given(st.sampled_from(NUMBERS), st.floats(0, 1), st.floats(0, 1))
def test_a_slider_goes_up_with_its_value(setting: Setting, one: float, other: float) -> None:
    found = scale_of(setting)
    assert found is not None
    low, high, _ = found.ends
    first, second = sorted((low + one * (high - low), low + other * (high - low)))
    assert found.value(first) <= found.value(second)
    assert found.position(found.value(first)) <= found.position(found.value(second))


def test_what_is_shown_of_the_settings_as_shipped_is_where_the_slider_stands() -> None:
    config = Config()
    for setting in NUMBERS:
        found, value = scale_of(setting), setting.read(config)
        assert found is not None
        assert isinstance(value, int | float)
        shown = found.value(found.position(value))
        assert shown == pytest.approx(value, rel=0.03, abs=2 * found.step), setting.path


def test_numbers_are_written_short() -> None:
    assert [number_text(value) for value in (1.0, 0.30000000000000004, 86400, 1e7, -0.15)] == [
        "1",
        "0.3",
        "86400",
        "10000000",
        "-0.15",
    ]
