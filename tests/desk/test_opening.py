"""Opening hours on the page: the week as bars, mistakes in their places, what is written."""

from datetime import date
from pathlib import Path

import pytest

from installation.config.hours import HoursConfig
from installation.config.load import load_config
from installation.desk.opening import form_of, mistakes, said, week, write

FRIDAY = date(2026, 11, 27)
HOURS = HoursConfig(
    enabled=True,
    friday="10:00-13:00, 14:00-18:00",
    saturday="20:00-02:00",
    sunday="closed",
    dates={"2026-11-30": "closed", "2026-12-01": "22:00-24:00"},
)


def test_a_night_goes_on_into_the_next_day() -> None:
    friday, saturday, sunday, monday, tuesday, *rest = week(HOURS, FRIDAY)
    assert friday.spans == ((600, 780), (840, 1080))
    assert friday.text == "10:00-13:00, 14:00-18:00"
    assert saturday.spans == ((1200, 1440),)
    assert (sunday.spans, sunday.text) == (((0, 120),), "closed")
    assert (monday.spans, monday.is_special) == ((), True)
    assert tuesday.text == "22:00-24:00"
    assert [one.day.day for one in rest] == [2, 3]


def test_spans_that_touch_are_one() -> None:
    config = HoursConfig(friday="20:00-02:00", saturday="01:00-03:00, 03:00-04:00")
    assert week(config, FRIDAY)[1].spans == ((0, 240),)


def test_a_moment_is_said_as_clocks_on_the_wall_show_it() -> None:
    assert said("2026-11-27T18:00+00:00", "Europe/Berlin") == "Fri 27 Nov, 19:00"
    assert said(None, "") == ""


def test_mistakes_are_told_in_their_places() -> None:
    found = mistakes(
        {
            "monday": "10-25",
            "dates": {"24.12.": "closed", "2026-12-25": "noon"},
            "projectors": [{"host": "a"}, {"host": ""}],
            "restart": "late",
        }
    )
    assert set(found) == {"monday", "dates.24.12.", "dates.2026-12-25", "projectors.1.host", "restart"}
    assert "25:00" in found["monday"]
    assert "same name" in mistakes({"projectors": [{"host": "a", "port": 1}, {"host": "a", "port": 2}]})[""]
    assert mistakes({"monday": "closed"}) == {}


def test_the_form_is_what_the_running_piece_has() -> None:
    values = {"/control/hours/enabled": 1, "/control/hours/monday": "closed", "/control/hours/fade_s": 2.0}
    form = form_of(values, {"/control/hours/dates": {"2026-12-24": "closed"}}, [{"host": "a"}])
    found = HoursConfig.model_validate(form)
    assert (found.enabled, found.monday, found.fade_s) == (True, "closed", 2.0)
    assert (found.dates, found.projectors[0].host) == ({"2026-12-24": "closed"}, "a")


def test_only_what_differs_is_written_and_dates_stay_dates(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("version: 2\nhours:  # of the gallery\n  monday: 10:00-18:00  # as ever\n")
    wanted = HoursConfig(monday="10:00-18:00", dates={"2026-12-24": "closed"}, restart="04:30")
    assert write([path], wanted) == 2
    assert load_config([path]).hours == wanted
    text = path.read_text()
    assert "# of the gallery" in text
    assert "monday: 10:00-18:00  # as ever" in text
    assert "tuesday" not in text
    assert write([path], wanted) == 0
    assert write([path], HoursConfig(monday="closed", restart="05:00"), ["restart"]) == 1
    assert load_config([path]).hours.monday == "10:00-18:00"


def test_projectors_are_written_without_what_is_as_by_default(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("version: 2\n")
    write([path], HoursConfig(projectors=[{"host": "192.168.1.21", "password": "secret"}]))  # type: ignore[list-item]
    assert "port" not in path.read_text()
    assert load_config([path]).hours.projectors[0].password == "secret"


@pytest.mark.parametrize("text", ["", "hours: ["])
def test_a_file_that_cannot_be_read_is_not_written(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(Exception, match=r"config\.yaml"):
        write([path], HoursConfig(monday="closed"))
    assert path.read_text() == text
