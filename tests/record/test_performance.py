"""A performance holds what was seen; a file of it is small, and what is no performance is refused in one line."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.capture.simulated.performer import PerformerScript
from installation.capture.simulated.stories import CROWD, SOLO, STORIES
from installation.evaluation.performances import observations, performance
from installation.record import performance_files
from installation.record.columns import FACE_ERROR
from installation.record.performance import IMAGE_STEP, WORLD_STEP_M, PerformanceError, performance_of
from installation.record.performance_files import SHIPPED, is_performance, load, names, save
from installation.record.recording import Event, Recorder
from installation.types import EMOTIONS, EXTENTS, Observation, Person

SCRIPT = PerformerScript(3, 2)


def seen(seconds: float = 4.0, rate_hz: float = 10.0) -> list[Observation]:
    return [SCRIPT.observe(3.0 + n / rate_hz, n + 1) for n in range(round(seconds * rate_hz))]


def events(observed: list[Observation]) -> Iterator[Event]:
    return (Event("observation", one.t_s, one) for one in observed)


def recording(path: Path, observed: list[Observation]) -> Path:
    recorder = Recorder(path, {"seed": 1})
    for one in observed:
        recorder.write(Event("observation", one.t_s, one))
        recorder.write(Event("frame", one.t_s))
    recorder.close()
    return path


def assert_alike(got: Person, meant: Person, share: float) -> None:
    """But for rounding; ``share``: of the file's steps."""
    assert (got.id, got.extent, got.gestures, got.seen_s) == (meant.id, meant.extent, meant.gestures, meant.seen_s)
    assert got.box == pytest.approx(meant.box, abs=1e-4)
    for name, most in (
        ("pose", 0.51 * share * IMAGE_STEP),
        ("pose_world", 0.51 * share * WORLD_STEP_M),
        ("face", max(FACE_ERROR, 1e-4)),
        ("blendshapes", 0.51 / 128),
        ("expression", 2e-3),
    ):
        one, other = getattr(got, name), getattr(meant, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert (one.shape, one.dtype, one.flags.writeable) == (other.shape, np.float32, False)
            columns = slice(0, 3) if name.startswith("pose") else slice(None)
            assert float(np.abs(one[..., columns] - other[..., columns]).max()) <= most + 1e-6, name


@pytest.mark.parametrize("name", ["take.jsonl", "take.jsonl.gz"])
def test_a_recording_is_a_performance(tmp_path: Path, name: str) -> None:
    meant = seen()
    found = load(str(recording(tmp_path / name, meant)))
    assert (found.name, found.length_s, len(found.times_s)) == ("take", pytest.approx(3.9), 40)
    assert sum(len(one.people) for one in meant) > 40
    for index, one in enumerate(meant):
        for got, person in zip(found.people(index), one.people, strict=True):
            assert_alike(got, person, 0.5)


def test_a_file_gives_back_what_was_written_and_the_same_bytes_again(tmp_path: Path) -> None:
    labelled = [replace(one, people=tuple(replace(p, gestures=("Victory",)) for p in one.people)) for one in seen()]
    made = performance_of("mine", events(labelled), for_file=True)
    for name in ("mine.npz", "again.npz"):
        save(made, tmp_path / name)
    assert (tmp_path / "mine.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    found = load(str(tmp_path / "mine.npz"))
    assert found.times_s == pytest.approx(made.times_s, abs=1e-6)
    for index, one in enumerate(labelled):
        for got, person in zip(found.people(index), one.people, strict=True):
            assert_alike(got, person, 1.0)


def test_what_a_recording_lost_by_a_kill_is_told_and_the_rest_is_played(tmp_path: Path) -> None:
    whole = recording(tmp_path / "take.jsonl", seen()).read_bytes()
    (tmp_path / "take.jsonl").write_bytes(whole[: len(whole) // 2])
    found = load(str(tmp_path / "take.jsonl"))
    assert 2 <= len(found.times_s) < 40
    assert "take.jsonl:" in found.note
    assert found.note.endswith("it is played up to there")


def test_a_recording_with_a_gap_goes_on_after_two_seconds() -> None:
    observed = seen()
    late = [replace(one, t_s=one.t_s + 5000.0) for one in seen()]
    assert performance_of("gap", events([*observed, *late])).length_s == pytest.approx(3.9 + 2.0 + 3.9)


def test_only_so_much_is_played_of_a_recording_as_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("installation.record.performance.MOST_ROWS", 20)
    found = performance_of("long", events(seen()))
    assert len(found.ids) <= 20
    assert found.note.endswith("its first 0.0 minutes are played")


def changed(name: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    """A performance's file with another table in it."""

    def write(path: Path) -> None:
        save(performance_of("x", events(seen(1.0)), for_file=True), path)
        with np.load(path) as found:
            arrays = {key: found[key] for key in found.files}
        arrays[name] = change(arrays[name])
        np.savez(path, **arrays)

    return write


def bomb(path: Path) -> None:
    """Far more zeros than the file is long."""
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": (3 * 10**8,)})
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("head.npy", "w", force_zip64=True) as file,
    ):
        file.write(buffer.getvalue())
        for _ in range(300):
            file.write(bytes(10**6))


BROKEN: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: None,
    "empty": lambda path: path.write_bytes(b""),
    "no archive": lambda path: path.write_bytes(b"PK\x03\x04" + bytes(range(256))),
    "another's archive": lambda path: np.savez(path, weights=np.zeros(3)),
    "objects": lambda path: np.savez(path, head=np.array([{}, None], dtype=object)),
    "another version": changed("head", lambda head: np.frombuffer(b'{"mien_performance":99}', np.uint8)),
    "no json": changed("head", lambda head: head[:-3]),
    "times fall": changed("times_us", lambda times: -times),
    "no times": changed("times_us", lambda times: times[:1]),
    "a crowd": changed("counts", lambda counts: counts + 50),
    "rows missing": changed("ids", lambda ids: ids[:-1]),
    "labels lead nowhere": changed("says", lambda says: says + 9),
    "extents lead nowhere": changed("extents", lambda extents: extents + 1),
    "bodies cut": changed("pose_values", lambda values: values[:, :-1]),
    "faces of others": changed("face_parts", lambda parts: parts[:, :-3]),
    "faces not finite": changed("face_parts", lambda parts: parts * np.nan),
    "texts": changed("numbers", lambda numbers: np.array("no numbers")),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_performance_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd.npz"
    BROKEN[kind](path)
    with pytest.raises(PerformanceError, match="odd") as refused:
        load(str(path))
    assert "\n" not in str(refused.value)


def test_what_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    bomb(tmp_path / "odd.npz")
    with pytest.raises(PerformanceError, match="it unpacks to 300 MB"):
        load(str(tmp_path / "odd.npz"))
    with gzip.open(tmp_path / "odd.jsonl.gz", "wb", compresslevel=1) as file:
        file.write(b'{"mien_recording":4}\n')
        for _ in range(20):
            file.write(b" " * 10**6)
    with pytest.raises(PerformanceError, match="a line of more than 16000000 signs"):
        load(str(tmp_path / "odd.jsonl.gz"))


@pytest.mark.parametrize("length", [1, 100, 5000, -20])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "cut.npz"
    path.write_bytes((SHIPPED / "alone.npz").read_bytes()[:length])
    with pytest.raises(PerformanceError, match=r"cut\.npz"):
        load(str(path))


def test_a_file_with_one_wrong_byte_is_refused_or_played(tmp_path: Path) -> None:
    save(performance_of("x", events(seen(1.0)), for_file=True), tmp_path / "x.npz")
    whole, rng = (tmp_path / "x.npz").read_bytes(), np.random.default_rng(1)
    for place in rng.integers(0, len(whole), 60):
        (tmp_path / "x.npz").write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            load(str(tmp_path / "x.npz")).people(5)
        except PerformanceError as error:
            assert "\n" not in str(error)  # noqa: PT017 - either may be


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("other.jsonl", '{"a": 1}\n', "not a recording"),
        ("none.jsonl", '{"mien_recording":4}\n', "nobody was observed"),
        (
            "damaged.jsonl",
            '{"mien_recording":4}\n{"kind":"observation","t_s":0,"value":{"t_s":0}}\n',
            r"damaged\.jsonl:2",
        ),
    ],
)
def test_a_recording_without_anybody_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(PerformanceError, match=words):
        load(str(tmp_path / name))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: replace(one, t_s=1.0), "times do not rise"),
        (lambda one: replace(one, people=one.people * 7), "14 people at once"),
        (lambda one: replace(one, people=(replace(one.people[0], pose=np.zeros((3, 4), np.float32)),)), r"\(33, 4\)"),
        (lambda one: replace(one, people=(replace(one.people[0], extent="leg"),)), "not in"),
        (lambda one: replace(one, people=(replace(one.people[0], confidence=np.nan),)), "nowhere"),
    ],
)
def test_odd_observations_are_refused(change: Callable[[Observation], Observation], words: str) -> None:
    with pytest.raises(PerformanceError, match=words):
        performance_of("odd", events([change(one) for one in seen()]))


def test_names_are_those_shipped_and_the_artists_recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performance_files, "OWN", tmp_path)
    recording(tmp_path / "anna.jsonl.gz", seen(1.0))
    assert names() == ["alone", "crowd", "solo", "anna"]
    assert load("performance:anna").name == "anna"
    with pytest.raises(PerformanceError, match="no performance 'anne'; there are alone, crowd, solo, anna"):
        load("performance:anne")
    assert is_performance("performance:solo")
    assert is_performance("runs/take.jsonl.gz")
    assert not is_performance("simulated")
    assert not is_performance(0)
    with gzip.open(tmp_path / "anna.jsonl.gz", "rt") as file:
        assert "mien_recording" in file.readline()


def test_the_shipped_performances_are_those_of_the_stories() -> None:
    """Their first seconds, made again; and what each is for is in it."""
    for story in STORIES:
        shipped, again = load(f"performance:{story.name}"), performance(story, 12.0)
        assert shipped.length_s == pytest.approx(story.seconds)
        for index in range(0, len(again.times_s), 20):
            for got, meant in zip(shipped.people(index), again.people(index), strict=True):
                assert_alike(got, meant, 2.0)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 4_000_000


def test_six_come_and_go_in_the_crowd_and_the_solo_has_all_seven_emotions_near_and_far() -> None:
    crowd = load("performance:crowd")
    at_once = np.diff(crowd.starts)
    assert (at_once.max(), at_once[0], at_once[-1], len(set(crowd.ids.tolist()))) == (6, 0, 0, 6)
    solo = load("performance:solo")
    shown = np.array([row for row in range(len(solo.ids)) if solo.columns["expression"].at(row) is not None])
    strongest = {int(np.argmax(solo.columns["expression"].at(int(row)))) for row in shown[::20]}  # type: ignore[arg-type]
    assert strongest == set(range(len(EMOTIONS)))
    assert set(solo.extents.tolist()) == set(range(len(EXTENTS)))
    away_s = solo.times_s[np.flatnonzero(np.diff(solo.starts) == 0)]
    assert ((away_s > 380) & (away_s < 398)).sum() > 300
    assert {visit.number for visit in CROWD.visits} == {1, 2, 3, 4, 5, 6}
    assert len(SOLO.visits) == 2
    first = next(observations(SOLO)).value
    assert first.people == ()
