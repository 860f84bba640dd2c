"""Nothing of a visitor is kept or sent but by the ways out of installation/config/exits.py, each opened by its setting.

A marked visitor stands in front of the whole piece, guard included, while the kernel tells what is written and sent (strace).
Twice: as shipped, where nothing of the visitor may be found anywhere; and with every way out open and with leaks built in,
where all of them must be found, each in its place, and nothing else. docs/visitors.md says more.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from installation.config.exits import (
    BODY,
    CLOTHES,
    DOCUMENT,
    EXITS,
    FACE,
    FACE_MEASURES,
    KINDS,
    PICTURE,
    POSTURE,
    SHAPES,
    SOUND,
    with_table,
)
from installation.config.settings import Config
from tests.faults.network import LOCAL
from tests.privacy.search import Finding, for_the_visitor
from tests.privacy.visit import JPEG, Visit
from tests.privacy.watch import can_trace

LEAKS = {
    "crop": {PICTURE},
    "gone": {PICTURE},
    "frame": {PICTURE},
    "shared": {PICTURE},
    "face": {FACE},
    "shapes": {SHAPES},
    "clothes": {CLOTHES},
    "sound": {SOUND},
}
BY_OPTION = {"recording", "poses"}
"""Ways out that no setting opens: an option or a command does."""


def kind_of(finding: Finding) -> str:
    """One of KINDS."""
    for begins, kind in (
        ("face landmarks", FACE),
        ("pose", BODY),
        ("world", BODY),
        ("posture", POSTURE),
        ("clothes", CLOTHES),
    ):
        if finding.kind.startswith(begins):
            return kind
    assert finding.kind in KINDS
    return finding.kind


@dataclass
class Result:
    visit: Visit
    findings: list[Finding]

    def at(self, name: str) -> set[str]:
        """What was found at an exit or a leak, by the name of either."""
        return {kind_of(one) for one in self.findings if where(self.visit, one.place) == name}


def where(visit: Visit, place: str) -> str:
    """The name of the exit or of the leak that ``place`` belongs to; the place itself where there is none."""
    for name, ear in visit.doors.items():
        if place == f"udp:{ear.port}":
            return name
    if place == f"tcp:{visit.desk_port}":
        return "desk"
    for name, to in visit.leaks.items():
        if place in (to, f"udp:{to}"):
            return name
    if "shapes" in visit.leaks and ("/crashes/" in place or place.endswith(("/printed", "/logs/mien.log"))):
        return "shapes"
    for name, begins in (("captures", "captures/"), ("recording", "visit.jsonl"), ("poses", "poses/poses.csv")):
        if place.startswith(str(visit.root / begins)):
            return "camera in captures" if name == "captures" else name
    return place


def opened(folder: Path) -> Visit:
    """With every way out open, and with leaks."""
    visit = Visit(
        folder,
        record=True,
        scenes=("swarm",),
        troubles=False,
        desk=("/", "/people"),
        shown=False,
        options=("--record", "visit.jsonl.gz", "--log", "log", "--report", "report.json"),
    )
    joints, vmc, faceosc = (visit.door(name) for name in ("joints", "vmc", "faceosc"))
    visit.settings = {
        "osc": {
            "targets": [
                {"host": LOCAL, "port": joints, "per_second": 10, "addresses": ["/mien/person/*/joint/*"]},
                {"host": LOCAL, "port": vmc, "per_second": 10, "format": "vmc"},
                {"host": LOCAL, "port": faceosc, "per_second": 10, "format": "faceosc"},
            ]
        },
        "output": {"background": "camera", "record_camera": True},
        "notice": {"enabled": False},
        **{name: {"enabled": False} for name in ("generation", "picture", "repainting")},
        "poses": {"countdown_s": 0.0, "record_s": 0.5},
        "sound": {"device": "default"},
    }
    visit.leaks = {
        "crop": str(folder / "crop.jpg"),
        "gone": str(folder / "gone.npy"),
        "frame": str(folder / "frame.raw"),
        "mapped": str(folder / "mapped.raw"),
        "shared": f"/dev/shm/mien-test-{visit.listen_port}-{folder.parent.name}",
        "clothes": str(folder / "clothes.json"),
        "sound": str(folder / "sound.wav"),
        "face": str(visit.door("face")),
        "shapes": "",
    }
    return visit


def shut(folder: Path) -> Visit:
    """As shipped; a log and a report are asked for."""
    return Visit(folder, options=("--log", "log", "--report", "report.json"))


def results(folder: Path, every_scene: bool = False, audit: bool = False) -> dict[str, Result]:
    """Both runs at once, searched."""
    visits = {"shut": shut(folder / "shut"), "open": opened(folder / "open")}
    try:
        for visit in visits.values():
            visit.audit = audit
            if every_scene:
                visit.scenes, visit.scene_s = (), 2.0
        with ThreadPoolExecutor(2) as both:
            for done in [both.submit(visit.go) for visit in visits.values()]:
                done.result()
        search = for_the_visitor()
        return {name: Result(visit, search.findings(visit.written)) for name, visit in visits.items()}
    finally:
        for visit in visits.values():
            visit.close()


pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="strace, /proc and /dev/shm are Linux's"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return results(tmp_path_factory.mktemp("kept"), audit=not can_trace())


def test_as_shipped_nothing_of_a_visitor_is_written_or_sent(found: dict[str, Result]) -> None:
    one = found["shut"]
    assert one.findings == []
    assert one.visit.seen.unseen == []


def test_somebody_was_seen_and_everything_was_looked_at(found: dict[str, Result]) -> None:
    """That nothing is found says something only where there was something to be found."""
    visit = found["shut"].visit
    places = {stream.place.removeprefix(f"{visit.root}/") for stream in visit.written if stream.data}
    assert any(arguments == [1] for arguments in visit.ear.heard("/mien/people"))
    for begins in (
        "logs/mien.log",
        "logs/guard.log",
        "log/osc.log",
        "log/scene.log",
        "captures/mien-",
        "logs/crashes/",
    ):
        assert any(place.startswith(begins) for place in places), (begins, places)
    assert visit.stills[-1].startswith(JPEG), "the desk had no still"
    for port in (visit.query_port, visit.guard_port, visit.desk_port):
        assert f"tcp:{port}" in places
    assert f"udp:{visit.ear.port}" in places
    assert visit.audit or any(place.startswith("unix:") for place in places), "the guard was told nothing"


@pytest.mark.parametrize("name", [one.name for one in EXITS if one.lets_out])
def test_each_way_out_opens_by_its_setting_alone(found: dict[str, Result], name: str) -> None:
    one = next(way for way in EXITS if way.name == name)
    assert found["open"].at(name) == set(one.lets_out)
    assert found["shut"].at(name) == set()
    if one.name not in BY_OPTION:
        assert one.is_open is not None
        assert not one.is_open(Config())
        assert one.is_open(Config.model_validate(found["open"].visit.settings))


def test_the_microphone_was_heard_and_only_numbers_of_it_left(found: dict[str, Result]) -> None:
    heard = found["open"].visit.ear.heard("/mien/sound/level")
    assert max(level for (level,) in heard) > 0.3
    assert found["shut"].visit.ear.heard("/mien/sound/level") == [], "as shipped none is opened"


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_that_is_built_in_is_found(found: dict[str, Result], name: str) -> None:
    """A crop that is stored, also one that is deleted at once; landmarks over OSC; and more: see leaks.py."""
    assert found["open"].at(name) >= LEAKS[name]


def test_a_file_that_is_mapped_into_memory_is_found(found: dict[str, Result]) -> None:
    visit = found["open"].visit
    assert f"mapped into memory: {visit.leaks['mapped']}" in visit.seen.unseen


def test_the_desk_has_no_still_while_the_camera_is_the_background(found: dict[str, Result]) -> None:
    """desk.camera alone lets it out, which neither run sets."""
    assert all(still.startswith(b"there is no still") for still in found["open"].visit.stills)
    assert PICTURE not in found["open"].at("desk")


def test_nothing_else_leaves_where_every_way_out_is_open(found: dict[str, Result]) -> None:
    known = {*found["open"].visit.leaks, *(way.name for way in EXITS)}
    assert [one for one in found["open"].findings if where(found["open"].visit, one.place) not in known] == []


def test_shared_memory_is_empty_afterwards_and_core_dumps_are_off(found: dict[str, Result]) -> None:
    visit = found["shut"].visit
    assert visit.audit or visit.seen.shared, "no picture went through shared memory"
    assert [name for name in visit.seen.shared if Path(name).exists()] == []
    assert {limit for limit, _ in visit.core_limits} <= {0, 1}
    assert visit.core_limits


def test_the_page_has_the_table_of_the_ways_out() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert with_table(page) == page, "stale: python3 -m installation.config.exits --write"
    assert all(kind in KINDS for way in EXITS for kind in way.lets_out)


def test_every_kind_but_clothes_and_sound_has_a_way_out() -> None:
    assert {kind for way in EXITS for kind in way.lets_out} == set(KINDS) - {CLOTHES, SOUND}
    assert FACE_MEASURES in KINDS


@pytest.mark.long
@pytest.mark.timeout(900)
def test_every_scene_in_turn_keeps_nothing(tmp_path: Path) -> None:
    both = results(tmp_path, every_scene=True)
    assert both["shut"].findings == []
    for way in EXITS:
        assert both["open"].at(way.name) == set(way.lets_out), way.name


@pytest.mark.long
@pytest.mark.timeout(300)
def test_where_strace_is_not_allowed_the_audit_hook_finds_the_same(tmp_path: Path) -> None:
    both = results(tmp_path, audit=True)
    assert both["shut"].findings == []
    assert both["shut"].visit.seen.unseen == []
    for way in EXITS:
        assert both["open"].at(way.name) == set(way.lets_out), way.name
    for name, kinds in LEAKS.items():
        assert both["open"].at(name) >= kinds, name
