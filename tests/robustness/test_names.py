"""Files by any name a disk can hold: read all the same, or left out by name; told without an error; never the end."""

import io
import json
import logging
import os
import subprocess
import sys
import unicodedata
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage

from installation.base.clock import RealClock
from installation.base.names import is_text, name_for_native_code, percent_encoded, printable
from installation.base.notices import Notices
from installation.base.onnx_sessions import Expected, OnnxModel, cpu_session
from installation.base.picture_file import read_bgr, write_bgr
from installation.capture.devices.pictures import PictureSource
from installation.capture.devices.stream import StreamSource
from installation.capture.sources import CaptureError, probe, source_for
from installation.config.capture import CaptureConfig
from installation.config.load import load_config
from installation.evaluation.timeline_read import count_frames
from installation.generation.style_table import pictures_of, read_pictures
from installation.record.recording import Event, Recorder, read_recording
from installation.record.report import RunReport
from installation.render.captures.encoder import VideoEncoder
from installation.render.hud import Hud
from installation.showcontrol.addresses import fit
from installation.showcontrol.osc_out.encode import pack
from installation.training import ingest
from tests.training.test_ingest import painting

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux keeps names that are no text")
OLD = b"caf\xe9"
NAMES = [
    OLD,
    b"\xff\xfe",
    "caf\u00e9 \U0001f600".encode(),
    b"two\nlines",
    b"tab\tand\x1b[31m",
    b"take%04d",
    b"100%s%n",
    b"-x",
    b"ndi:take",
    b"C:take",
    b"http:take",
    b"concat:a|b",
    b"why?#1",
    b"a" * 251,
]
"""What archives, cameras, phones and people make of names."""


def decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (64, 48))
    for level in range(0, 250, 50):
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    return path.read_bytes()


def put(folder: Path, name: bytes, suffix: str, data: bytes) -> Path:
    path = folder / (decoded(name) + suffix)
    try:
        path.write_bytes(data)
    except (OSError, ValueError):
        pytest.skip("this disk has no such names")
    return path


def png(seed: int) -> bytes:
    return cv2.imencode(".png", painting(seed))[1].tobytes()


# --- read


@pytest.mark.parametrize("name", NAMES)
def test_a_film_of_any_name_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, film: bytes, name: bytes
) -> None:
    path = put(tmp_path, name, ".mp4", film)
    monkeypatch.chdir(tmp_path)
    for spec in (path.name, str(path)):
        info = probe(spec, CaptureConfig())
        assert (info.kind, info.width, info.height) == ("file", 64, 48)
        assert info.name == path.name
    source = source_for(path.name, CaptureConfig())
    source.open()
    pictures = 0
    while source.read() is not None:
        pictures += 1
    source.rewind()
    assert source.read() is not None
    source.close()
    assert pictures == count_frames(path) == 5


def test_a_folder_of_them_is_shown(tmp_path: Path) -> None:
    for seed, name in enumerate(NAMES):
        put(tmp_path, name, ".png", png(seed))
    source = PictureSource(tmp_path, 5.0)
    source.open()
    shown = 0
    while source.read() is not None:
        shown += 1
    assert shown == len(NAMES)


@linux
def test_a_name_that_is_no_text_and_no_film_is_told_apart(tmp_path: Path) -> None:
    path = put(tmp_path, OLD, ".mp4", b"no film")
    with pytest.raises(CaptureError) as told:
        probe(str(path))
    assert printable(str(told.value)).startswith("caf\\xe9.mp4 cannot be opened")
    path.unlink()
    with pytest.raises(CaptureError):
        probe(str(path))


@linux
def test_files_that_were_opened_for_native_code_are_closed(tmp_path: Path, film: bytes) -> None:
    path = put(tmp_path, OLD, ".mp4", film)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with name_for_native_code(path) as name:
            assert is_text(name)
            assert Path(name).read_bytes() == film
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_plain_name_is_given_as_it_is(tmp_path: Path) -> None:
    with name_for_native_code(tmp_path / "a b.mp4") as name:
        assert name == str(tmp_path / "a b.mp4")


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_stored_and_read(tmp_path: Path, name: bytes) -> None:
    path = put(tmp_path, name, ".png", b"")
    write_bgr(path, painting(1))
    read = read_bgr(path)
    assert read is not None
    assert (read == painting(1)).all()
    assert read_bgr(tmp_path / "gone\udce9.png") is None


def test_paintings_of_any_name_are_styles(tmp_path: Path) -> None:
    (tmp_path / "happy").mkdir()
    for name in (OLD, b"-x", b"take%04d"):
        put(tmp_path / "happy", name, ".png", png(1))
    put(tmp_path / "happy", b"broken\xe9", ".png", b"no picture")

    class Reader:
        def read(self, rgb: np.ndarray) -> np.ndarray:
            return np.full(100, rgb.mean(), np.float32)

    vectors, broken = read_pictures(Reader(), pictures_of(tmp_path))  # type: ignore[arg-type]
    assert vectors["happy"].shape == (3, 100)
    assert [printable(path.name) for path in broken] == ["broken\\xe9.png"]


@pytest.mark.parametrize("name", [OLD, b"ndi:net", b"two\nlines"])
def test_a_network_of_any_name_is_loaded(tmp_path: Path, name: bytes) -> None:
    kind = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Relu", ["a"], ["b"])],
        "g",
        [onnx.helper.make_tensor_value_info("a", kind, [1, 3])],
        [onnx.helper.make_tensor_value_info("b", kind, [1, 3])],
    )
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10)
    path = put(tmp_path, name, ".onnx", made.SerializeToString())
    assert cpu_session(path).get_inputs()[0].name == "a"
    assert OnnxModel(path, "cpu").answer({"a": np.float32([[-1, 0, 2]])}, Expected((1, 3), high=2)).tolist() == [
        [0, 0, 2]
    ]


def test_a_video_is_written_under_any_name(tmp_path: Path) -> None:
    for name in (OLD, b"take%04d", b"two\nlines"):
        path = put(tmp_path, name, ".mp4", b"")
        encoder = VideoEncoder(path, (64, 48), (64, 48), Fraction(10), 23, 1)
        encoder.write(np.zeros((48, 64, 4), np.uint8), 0)
        encoder.close()
        assert path.stat().st_size > 500


def test_ingest_takes_them_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in"
    source.mkdir()
    names = [OLD, b"two\nlines", b"tab\tand", b"-x", "caf\u00e9".encode()]
    for seed, name in enumerate(names):
        put(source, name, ".png", png(seed))
    put(source, b"broken\xe9", ".jpg", b"no picture")
    made = ingest.ingest(source, "mine", "made for this test\udce9", tmp_path)
    rows = [line.split("\t") for line in (made / "index.tsv").read_text(encoding="utf-8").splitlines()]
    assert sorted(row[1] for row in rows[1:]) == sorted(printable(decoded(name)) + ".png" for name in names)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert (made / "about" / "left_out.tsv").read_text(encoding="utf-8").startswith("broken\\xe9.jpg\t")
    assert "left out: broken\\xe9.jpg cannot be decoded" in capsys.readouterr().err


def named_in(folder: Path, source: str) -> CaptureConfig:
    path = folder / "config.yaml"
    path.write_text(f"capture:\n  source: {json.dumps(source)}\n", encoding="utf-8")
    config = load_config([path]).capture
    assert config.source == source
    return config


@pytest.mark.parametrize("source", ["caf\udce9.mp4", "\ud800", "\udcff\udcfe/"])
def test_a_setting_may_name_what_is_not_there(tmp_path: Path, source: str) -> None:
    with pytest.raises(CaptureError, match="is no file"):
        source_for(source, named_in(tmp_path, source))


@pytest.mark.parametrize("source", ["http://host/caf\udce9.mp4", "rtsp://host/\udcff\udcfe", "https://\ud800/"])
def test_an_address_may_hold_bytes_that_are_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    found = source_for(source, named_in(tmp_path, source))
    assert isinstance(found, StreamSource)
    opened: list[str] = []
    monkeypatch.setattr(cv2, "VideoCapture", lambda target, *_: opened.append(target))
    found._connect()
    assert is_text(opened[0])


def test_an_address_keeps_what_is_text() -> None:
    assert percent_encoded("http://h\u00f6st/caf\udce9?a=%20b#c") == "http://h\u00f6st/caf%E9?a=%20b#c"


# --- told


@given(st.text(st.characters(exclude_categories=[]), max_size=40))
def test_whatever_is_told_can_be_written_drawn_and_sent(text: str) -> None:
    told = printable(text)
    told.encode("utf-8")
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in told)
    assert printable(told) == told
    if text.isprintable():
        assert told == text
    assert printable(text, lines=True).count("\n") == text.count("\n")


@pytest.mark.parametrize("name", ["caf\udce9", "nul\0l", "\x1b[2J", "\ud83d half an emoji"])
def test_a_notice_about_it_reaches_log_screen_osc_and_report(tmp_path: Path, name: str) -> None:
    strict = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict")
    handler = logging.StreamHandler(strict)
    logging.getLogger("installation").addHandler(handler)
    try:
        notices = Notices(RealClock())
        notices.fault("capture", f"{name} cannot be opened")
    finally:
        logging.getLogger("installation").removeHandler(handler)
    strict.flush()
    assert b"cannot be opened" in strict.buffer.getvalue()  # type: ignore[attr-defined]
    (notice,) = notices.active()
    sent = pack("/mien/fault", "ss", fit("/fault", [notice.stage, notice.message]))
    assert "cannot be opened" in OscMessage(sent).params[1]
    report = RunReport(0.0)
    report.more["source"] = name
    report.write(tmp_path / "report.json", 1.0, {"faults": (notice,)})
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["source"] == name


@pytest.mark.parametrize("name", ["caf\udce9", "nul\0l", "two\nlines", "\U0001f600"])
def test_the_operator_s_text_shows_it(name: str) -> None:
    class Texture:
        filter = None
        written = b""

        def write(self, data: np.ndarray, viewport: tuple[int, ...]) -> None:
            self.written += data.tobytes()

    texture = Texture()

    class Context:
        def texture(self, *_: object) -> Texture:
            return texture

    hud = Hud(Context())
    hud.show((f"!{name}: opening",), large=name)
    hud.box(640, 360)
    assert any(texture.written)


def test_an_event_and_a_recording_hold_it(tmp_path: Path) -> None:
    fit("/event/source", [1, "caf\udce9.mp4"])
    pack("/mien/event/source", "is", [1, "caf\udce9.mp4"])
    recorder = Recorder(tmp_path / "caf\udce9.jsonl", {"seed": 1})
    event = Event("event", 0.0, {"name": "source", "args": ["caf\udce9.mp4"]})
    recorder.write(event)
    recorder.close()
    assert list(read_recording(tmp_path / "caf\udce9.jsonl")[1]) == [event]


def test_what_is_printed_ends_no_command(tmp_path: Path) -> None:
    """Standard output is strict in most languages' settings."""
    table = put(tmp_path, OLD, ".csv", b"")
    table.unlink()
    command = [sys.executable, "-m", "installation", "poses", "list", "--data", os.fsencode(table)]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    assert b"\\udce9.csv" in done.stdout + done.stderr
