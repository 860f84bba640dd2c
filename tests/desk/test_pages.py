"""What the pages make of the snapshot: words, bars, skeletons, log lines, paintings. Without a browser."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.base.picture_file import jpeg, read_picture, write_bgr
from installation.base.secrets import hide
from installation.commands.desk_snapshot import snapshot_parts
from installation.config.scene_files import scene_names
from installation.desk import files
from installation.desk.desk import Desk
from installation.desk.files import MOST_PAINTINGS, STATIC, painting_path, paintings
from installation.desk.log_tail import MOST_ENTRIES, TAIL_BYTES, LogTail, entries
from installation.desk.pages.gallery import album, generators
from installation.desk.pages.live import DIALS, OLD_S, figures, says, why_no_still
from installation.desk.pages.log import history, lines
from installation.desk.pages.people import bars, card, skeletons
from installation.desk.thumbnails import Thumbnails
from installation.desk.trail import Raised
from installation.desk.words import notice_list, span
from installation.evaluation.scene_pictures import MOODS, SIZE_PX
from installation.live_commands.setting_table import table
from installation.types import EMOTIONS

LOG = """half a line of a message before
2026-06-01 12:00:00 INFO    running: camera; window 1920x1080
2026-06-01 12:00:01 WARNING quality: pictures come late
2026-06-01 12:00:02 ERROR   source: rtsp://artist:secret@camera.local/ is gone
Traceback (most recent call last):
  File "x.py", line 1, in <module>
OSError: <gone> & away
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(lambda request: None, [], ManualClock())
    made.take({"kind": "snapshot", "files": {"log": "", "captures": str(tmp_path)}})
    return made


def told(desk: Desk, **parts: Any) -> Desk:
    desk.take({"kind": "snapshot", **parts})
    return desk


def mood(**more: Any) -> dict[str, Any]:
    shares = dict.fromkeys(EMOTIONS, 0.1) | {"happy": 0.4}
    signed = {"valence": 0.5, "arousal": -0.25}
    plain = {"agreement": 0.3, "energy": 0.2, "openness": 0.9, "presence": 1.0}
    return {"id": 7, "label": "happy", "level": 1, "emotions": shares, **signed, **plain, **more}


def visitor(**more: Any) -> dict[str, Any]:
    joints = [[0.5 + 0.01 * (n % 5), n / 33, 0.9] for n in range(33)]
    return mood(position=[0.5, 0.6, 0.7], extent="half", held=["arms_up"], joints=joints, **more)


@pytest.mark.parametrize(
    ("parts", "words", "tone"),
    [
        ({"state": {"fps": 30}}, "Running well", "good"),
        ({"state": {"fps": 30, "faults": 1}}, "Running, with 1 fault", "bad"),
        ({"state": {"faults": 2, "safe": True}}, "Running, with 2 faults and safe settings", "bad"),
        ({"state": {"fallbacks": 1}}, "Running, with 1 fallback", "calm"),
        ({"state": {"black": True, "faults": 1}}, "Blackout: the light is out", "calm"),
        ({"state": {"fps": 30}, "hours": {"is_open": False, "by_hand": True}}, "Closed by hand", "calm"),
        ({"state": {"fps": 30}, "hours": {"is_open": False}}, "Closed by the opening hours", "calm"),
        ({}, "Starting", "calm"),
    ],
)
def test_how_the_piece_is_in_one_line(desk: Desk, parts: dict[str, Any], words: str, tone: str) -> None:
    assert says(told(desk, **parts)) == (words, tone)


def test_a_piece_that_says_nothing_is_bad_whatever_it_said_before(desk: Desk) -> None:
    told(desk, state={"fps": 30})
    assert isinstance(desk.clock, ManualClock)
    desk.clock.advance(75.0)
    assert says(desk) == ("No answer for 1 min: it hangs, is being started again, or has ended", "bad")
    assert "comes back with the piece" in why_no_still(desk)


def test_the_cameras_picture_is_named_as_the_reason_where_it_is(desk: Desk) -> None:
    desk.take({"kind": "settings", "values": {"/control/output/background": "camera"}, "gone": []})
    assert "may not show" in why_no_still(desk)
    desk.camera_allowed = True
    assert "may not show" not in why_no_still(desk)


def test_an_old_still_is_not_passed_off_as_the_wall(desk: Desk) -> None:
    told(desk, state={"fps": 30})
    assert "may show the camera's" in why_no_still(desk, OLD_S)
    desk.camera_allowed = True
    assert why_no_still(desk, 20.0) == "No newer picture for 20 s."


def test_lengths_of_time_are_short() -> None:
    found = [span(s) for s in (-1, 0, 9.9, 10, 59, 60, 3599, 3600, 86399, 86400 * 3 + 7200)]
    assert found == ["0 s", "0 s", "9 s", "10 s", "50 s", "1 min", "59 min", "1 h 0 min", "23 h 59 min", "3 d 2 h"]


def test_notices_come_by_kind_the_newest_first_and_are_text() -> None:
    told_ones = [
        {"kind": "note", "stage": "gpu", "message": "none", "age_s": 1.0},
        {"kind": "fault", "stage": "old", "message": "<script>alert(1)</script>", "age_s": 400.0},
        {"kind": "fault", "stage": "new", "message": "plug it in", "age_s": 4.0},
        {"kind": "fallback", "stage": "source", "message": "simulated", "age_s": 2.0},
    ]
    html = notice_list(told_ones)
    assert re.findall(r"<b>(\w+: \w+)</b>", html) == ["fault: new", "fault: old", "fallback: source", "note: gpu"]
    assert "<script>" not in html
    assert "6 min ago" in html
    assert notice_list([]) == ""


def test_the_dials_are_ten_settings_that_a_slider_can_have() -> None:
    found = table()
    assert len({path for path, _ in DIALS}) == 10
    assert all(found[path].kind == "float" and found[path].high <= 10 for path, _ in DIALS)


def test_figures_are_there_before_the_piece_said_any() -> None:
    assert '<b>0</b> <span class="mien-dim">MB</span>' in figures({})
    assert '<b>1</b> <span class="mien-dim">visitor</span>' in figures({"visitors": 1})


def test_every_scene_has_its_picture_of_the_right_size() -> None:
    for name in scene_names():
        path = STATIC / "scenes" / f"{name}.jpg"
        assert path.stat().st_size < 30_000
        assert read_picture(path).shape == (SIZE_PX[1], SIZE_PX[0], 3), (
            "python -m installation.evaluation.scene_pictures --write"
        )
    assert set(MOODS.values()) <= set(EMOTIONS)
    assert set(MOODS) <= set(scene_names())


def test_skeletons_are_well_formed_and_hold_what_is_seen() -> None:
    one = visitor()
    one["joints"][25][2] = 0.0  # a knee that is hidden
    other = visitor(id=9) | {"joints": None}
    svg = ElementTree.fromstring(skeletons([one, other], 16 / 9))
    assert svg.attrib["viewBox"] == "0 0 177.8 100"
    assert [text.text for text in svg.iter("text")] == ["7", "9"]
    paths = [path.attrib["d"] for path in svg.iter("path")]
    assert paths[0].count("L") == len(skeletons([visitor()], 16 / 9).split('d="')[1].split('"')[0].split("L")) - 1 - 2
    assert len(list(svg.iter("circle"))) == 2, "a head, and a visitor of whom only a head is seen"
    assert "An empty room" in skeletons([], 16 / 9)


def test_without_emotions_nothing_of_them_is_shown() -> None:
    with_them, without = bars(mood(), True), bars(mood(), False)
    assert all(name in with_them for name in (*EMOTIONS, "valence", "arousal", "agreement"))
    assert not any(name in without for name in (*EMOTIONS, "valence", "arousal", "agreement"))
    assert all(name in without for name in ("energy", "openness", "presence"))
    assert "happy" not in card(visitor(), False, 0)
    assert "to the hips" in card(visitor(), True, 0)
    assert "arms_up" in card(visitor(), True, 0)


def test_log_lines_have_their_level_and_no_password() -> None:
    found = entries(LOG)
    assert [one.level for one in found] == ["INFO", "WARNING", "ERROR"]
    assert found[2].text.endswith("OSError: <gone> & away")
    assert "secret" not in found[2].text
    assert found[2].text.startswith(hide("source: rtsp://artist:secret@camera.local/ is gone"))
    html = lines(found, "WARNING", "")
    assert html.index("ERROR") < html.index("WARNING")
    assert "running" not in html
    assert "&lt;gone&gt; &amp; away" in html
    assert lines(found, "DEBUG", "CAMERA;").count("<li") == 1


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    path, tail = tmp_path / "mien.log", LogTail()
    path.write_text("".join(f"2026-06-01 12:00:00 INFO    line {n}\n" for n in range(20_000)))
    assert path.stat().st_size > 2 * TAIL_BYTES
    found = tail.read(path)
    assert found is not None
    assert len(found) == MOST_ENTRIES
    assert found[-1].text == "line 19999"
    assert tail.read(path) is None, "nothing is new"
    with path.open("a") as file:
        file.write("2026-06-01 12:00:00 INFO    one more\n")
    newer = tail.read(path)
    assert newer is not None
    assert newer[-1].text == "one more"
    with pytest.raises(OSError, match="nowhere"):
        tail.read(tmp_path / "nowhere.log")


def test_the_history_says_until_when() -> None:
    at = datetime(2026, 6, 1, 12)
    html = history(
        [Raised("fault", "camera", "gone", at, 0.0, at.replace(hour=13)), Raised("note", "gpu", "none", at, 0.0)]
    )
    assert html.index("note: gpu") < html.index("fault: camera")
    assert "12:00:00 to 13:00:00" in html
    assert "until now" in html


def paint(folder: Path, name: str) -> Path:
    write_bgr(folder / name, np.full((90, 160, 3), (10, 60, 200), np.uint8))
    return folder / name


def test_paintings_are_the_newest_first_and_nothing_else(tmp_path: Path) -> None:
    for n in range(MOST_PAINTINGS + 3):
        paint(tmp_path, f"painting-20260601-12{n:04d}-000000.png")
    (tmp_path / "mien-20260601-120000-000000.png").write_bytes(b"a screenshot")
    found = paintings(tmp_path)
    assert len(found) == MOST_PAINTINGS
    assert found[0].name == f"painting-20260601-12{MOST_PAINTINGS + 2:04d}-000000.png"
    assert album(found).count("<img") == MOST_PAINTINGS
    assert "2026-06-01 12:00" in album(found)
    assert paintings(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    "name",
    [
        "../secret.png",
        "..%2fsecret.png",
        "painting-/../secret.png",
        "mien-1.png",
        "painting-1.png\x00",
        "painting-2.png",
        "",
    ],
)
def test_nothing_but_a_painting_is_served(desk: Desk, tmp_path: Path, name: str) -> None:
    paint(tmp_path, "painting-1.png")
    paint(tmp_path, "mien-1.png")
    paint(tmp_path.parent, "secret.png")
    (tmp_path / "painting-2.png").symlink_to(tmp_path.parent / "secret.png")
    assert painting_path(desk, "painting-1.png") == tmp_path / "painting-1.png"
    assert painting_path(desk, name) is None
    assert [one.name for one in paintings(tmp_path)] == ["painting-1.png"]


def test_thumbnails_are_small_and_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, made, thumbnails = paint(tmp_path, "painting-1.png"), [], Thumbnails()
    monkeypatch.setattr("installation.desk.thumbnails.jpeg", lambda rgb: made.append(rgb.shape) or jpeg(rgb))
    assert thumbnails.of(path) == thumbnails.of(path)
    assert made == [(90, 160, 3)]
    write_bgr(path, np.zeros((900, 1600, 3), np.uint8))
    thumbnails.of(path)
    assert made[1] == (202, 360, 3), "written anew, and small"


def test_generators_are_the_one_as_shipped_and_the_artists_own(tmp_path: Path) -> None:
    for name in ("texture.onnx", "enlarge.onnx", "mine.onnx", "notes.md"):
        (tmp_path / name).touch()
    manifest = Path(files.__file__).resolve().parents[2] / "models" / "manifest.yaml"
    (tmp_path / "manifest.yaml").write_bytes(manifest.read_bytes())
    assert generators(tmp_path) == ["mine.onnx", "texture.onnx"]


def test_what_a_look_gives_has_been_masked(desk: Desk) -> None:
    notices = Notices(ManualClock())
    notices.fault("source", "rtsp://artist:secret@camera.local/ is gone")
    parts: Any = None
    for name in ("notices", "raised"):
        (found,) = snapshot_parts(parts, notices, ManualClock(), False)[name]()  # type: ignore[misc]
        assert "secret" not in found["message"]
        assert found["kind"] == "fault"
