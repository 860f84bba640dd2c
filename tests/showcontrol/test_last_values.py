"""What was sent last, for whoever asks."""

from installation.showcontrol.last_values import MAX_RECENT, LastValues


def frame(number: int, *ids: int) -> list:
    people = [(f"/person/{person}/valence", [0.1 * person]) for person in ids]
    return [("/frame", [number, 0.5]), *people, ("/people/ids", list(ids))]


def test_the_last_value_counts_and_who_left_is_forgotten() -> None:
    values = LastValues()
    assert values.get("/frame") is None
    values.put(frame(1, 3, 4))
    values.put(frame(2, 4))
    assert values.get("/frame") == [2, 0.5]
    assert values.get("/person/4/valence") == [0.4]
    assert values.get("/person/3/valence") is None
    assert values.people == (4,)
    assert set(values.all()) == {"/frame", "/person/4/valence", "/people/ids"}


def test_an_event_that_comes_again_brings_nobody_back() -> None:
    values = LastValues()
    values.put(frame(1, 3))
    for number in range(3):
        values.put([("/person/3/onset", [number, 1.0]), *frame(2)])
        assert values.get("/person/3/onset") is None
        assert set(values.all()) == {"/frame", "/people/ids"}
    values.put(frame(3, 4))
    assert len(values._values) == 3


def test_ten_thousand_visitors_leave_nothing_behind() -> None:
    values = LastValues()
    for number in range(10_000):
        values.put(frame(number, number))
    assert len(values.all()) == 3


def test_everything_is_kept_while_somebody_listens_but_not_without_end() -> None:
    values = LastValues()
    values.put(frame(1))
    assert values.take_recent() == []
    values.watched = True
    values.put(frame(2))
    values.put(frame(3))
    assert [args[0] for path, args in values.take_recent() if path == "/frame"] == [2, 3]
    for number in range(3 * MAX_RECENT):
        values.put(frame(number))
    assert len(values.take_recent()) == 2 * MAX_RECENT
    assert values.take_recent() == []
