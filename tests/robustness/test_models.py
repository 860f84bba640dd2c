"""Models that are not what they say: found out when they are loaded or used, by name; the show goes on and they come back."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.base import onnx_sessions
from installation.base.clock import ManualClock, RealClock
from installation.base.files import file_stamp
from installation.base.governor import Governor
from installation.base.model_files import ModelError, load_manifest
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.config.generation import GenerationConfig
from installation.config.picture import PictureConfig
from installation.generation import model_loader
from installation.generation.affect import affect_of
from installation.generation.enlarge import Enlarger
from installation.generation.generation_worker import GenerationWorker
from installation.generation.generator import TextureGenerator
from installation.generation.style_networks import PAINTED_PX, STYLE, StyleReader, Stylist
from installation.generation.style_table import StyleTable, read_pictures, unknown_folders
from installation.generation.texture_painter import TexturePainter, TextureTask
from installation.perception.expression import ExpressionNet
from installation.poses.features import COLUMNS
from installation.poses.reader import KIND, PoseModel, PoseModelError, PoseReader
from installation.types import EMOTIONS, TextureRequest, neutral_probabilities
from tests.poses.posed_figures import POSES, seen
from tests.robustness import foreign_models as models

pytest.importorskip("onnx")

SMALL = 64


class Desk:
    """A painter on a folder of its own, with a clock that is moved by hand."""

    def __init__(self, folder: Path, model: str = "texture.onnx") -> None:
        self.folder, self.notices, self.now_s = folder, Notices(ManualClock()), 0.0
        self.config = GenerationConfig(size_px=SMALL, model=model)
        self.painter = TexturePainter(self.config, folder, 1, self.notices)

    def paint(self, after_s: float = 0.0) -> str:
        """Who painted the next picture, which is one in any case."""
        self.now_s += after_s
        request = TextureRequest(0.0, neutral_probabilities(), 0.0, 0.0)
        task = TextureTask(affect_of(request), request.emotion, 0.3)
        level = self.painter.levels(self.now_s)[0]
        source, rgba = self.painter.paint(task, level, self.now_s)
        assert (rgba.shape, rgba.dtype) == ((SMALL, SMALL, 4), np.uint8)
        return source

    def told(self) -> str:
        """The one thing that is wrong."""
        (notice,) = self.notices.active()
        assert notice.stage in ("textures", "texture model")
        return notice.message


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    models.generator(tmp_path / "texture.onnx")
    return Desk(tmp_path)


def test_a_small_generator_paints(desk: Desk) -> None:
    assert desk.paint() == "texture.onnx"
    assert desk.notices.active() == ()


def _expand(sizes: list[int]) -> dict[str, Any]:
    return {
        "then": [models.node("Expand", "floats form", "whole")],
        "of": "whole",
        "constants": {"form": np.int64(sizes)},
    }


def _not_finite(value: float) -> dict[str, Any]:
    return {"level": value, "kind": models.FLOAT}


LIES: dict[str, tuple[dict[str, Any], str]] = {
    "three channels": ({"colours": 2}, r"\(height, width, 3\); expected is uint8 \(64, 64, 4\)"),
    "three channels, undeclared": ({"colours": 2, "declared": None}, r"3\); expected is uint8 \(64, 64, 4\)"),
    "oblong": ({"cell_across": 32}, r"gives uint8 \(64, 128, 4\); expected is uint8 \(64, 64, 4\)"),
    "not a multiple": ({"cell": 15}, r"gives uint8 \(60, 60, 4\)"),
    "of one size": ({"declared": [256, 256, 4]}, r"\(256, 256, 4\); expected"),
    "a batch": (_expand([1, 64, 64, 4]), r"\(1, \w+, \w+, 4\)|\(1, 64, 64, 4\)"),
    "other numbers": ({"kind": models.FLOAT}, r"tensor\(float\)"),
    "see-through": ({"opacity": 0}, "can be seen through"),
    "cell_px with a unit": ({"metadata": {"cell_px": "16px"}}, "cell_px is '16px'; expected is a whole number"),
    "cell_px 0": ({"metadata": {"cell_px": "0"}}, "cell_px is '0'"),
    "cell_px negative": ({"metadata": {"cell_px": "-16"}}, "cell_px is '-16'"),
    "cell_px of another size": ({"metadata": {"cell_px": "32"}}, r"gives uint8 \(32, 32, 4\)"),
    "cell_px missing, and not 16": ({"metadata": {}, "cell": 8}, r"gives uint8 \(32, 32, 4\)"),
    "cell_px that fits no size": ({"metadata": {"cell_px": "48"}}, "multiple of 48"),
    "a scale of words": (
        {"metadata": {"affect_mean": "a b c d", "affect_deviation": "1 1 1 1"}},
        "four finite numbers",
    ),
    "a scale of half": ({"metadata": {"affect_deviation": "inf 1 1 1"}}, "four finite numbers"),
    "affect of rank 1": ({"inputs": {"affect": [4]}}, r"input affect is \(4,\); expected is \(1, 4\)"),
    "affect of rank 0": ({"inputs": {"affect": []}}, r"input affect is \(\)"),
    "affect of five": ({"inputs": {"affect": [1, 5]}}, r"input affect is \(1, 5\)"),
    "a latent of size 0": ({"inputs": {"style": [1, 0]}}, r"input style is \(1, 0\)"),
    "a latent without a size": ({"inputs": {"style": [1, "c"]}}, r"input style is \(1, 'c'\)"),
    "a latent of rank 3": ({"inputs": {"style": [1, 4, "h"]}}, r"input style is \(1, 4, 'h'\)"),
    "a latent of fixed size": ({"inputs": {"fine": [1, 4, 64, 64]}}, r"input fine is \(1, 4, 64, 64\).* free"),
    "a latent of oblong cells": ({"inputs": {"fine": [1, 4, "2*h", "4*w"]}}, "input fine"),
    "a latent of endless cells": ({"inputs": {"fine": [1, 4, "999999*h", "999999*w"]}}, "999999 points to a cell"),
    "a batch of eight": ({"inputs": {"style": [8, 4]}}, r"input style is \(8, 4\)"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_generator_that_is_not_what_it_says_is_refused_by_name(tmp_path: Path, lie: str) -> None:
    bent, message = LIES[lie]
    desk = Desk(tmp_path, "mine.onnx")
    models.generator(tmp_path / "mine.onnx", **bent)
    assert desk.paint() == "procedural"
    assert re.search(message, desk.told()), desk.told()
    assert "mine.onnx" in desk.told()
    assert "next try in 5 s" in desk.told()
    models.generator(tmp_path / "mine.onnx")
    desk.paint()
    assert desk.paint(after_s=model_loader.SETTLED_S) == "mine.onnx"
    assert desk.notices.active() == ()


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _junk(path: Path) -> None:
    path.write_bytes(b"<!DOCTYPE html><title>404</title>" * 50)


def _cut_short(path: Path) -> None:
    models.generator(path, constants={"weights": np.zeros(1000, np.float32)})
    path.write_bytes(path.read_bytes()[:900])


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _newer(path: Path) -> None:
    models.simple(path, {"x": [1]}, np.float32([1]))
    import onnx

    model = onnx.load(path)
    model.opset_import[0].version = 99
    onnx.save(model, path)


def _newer_format(path: Path) -> None:
    import onnx

    models.simple(path, {"x": [1]}, np.float32([1]))
    model = onnx.load(path)
    model.ir_version = 99
    onnx.save(model, path)


def _weights_elsewhere(path: Path) -> None:
    import onnx

    models.generator(path)
    onnx.save_model(onnx.load(path), path, save_as_external_data=True, location="w.data", size_threshold=0)
    (path.parent / "w.data").unlink()


def _own_operations(path: Path) -> None:
    node = models.helper.make_node("Brush", ["x"], ["y"], domain="studio.ops")
    models.write(path, [node], {"x": [1]}, ("y", models.FLOAT, [1]))


def _unknown_operation(path: Path) -> None:
    models.write(path, [models.node("Brush", "x", "y")], {"x": [1]}, ("y", models.FLOAT, [1]))


def _notes_that_are_no_text(path: Path) -> None:
    models.generator(path, metadata={"cell_px": "ZZZZ"})
    path.write_bytes(path.read_bytes().replace(b"ZZZZ", b"\xff\xfe\xff\xfe"))


FILES: dict[Callable[[Path], None], str] = {
    _nothing: r"is empty \(0 bytes\); copy it again",
    _junk: "no ONNX file or was cut short; copy it again",
    _cut_short: "no ONNX file or was cut short; copy it again",
    _folder: "is a folder",
    _pipe: "is no regular file",
    _newer: "exported for a newer ONNX; export it again with opset",
    _newer_format: "exported for a newer ONNX; export it again with opset",
    _weights_elsewhere: "weights lie in a second file",
    _own_operations: "operations of its own",
    _unknown_operation: "operations that ONNX Runtime .* does not have",
    _notes_that_are_no_text: "cannot be loaded: 'utf-8' codec",
}


@pytest.mark.parametrize("make", FILES, ids=lambda make: make.__name__)
def test_what_is_no_model_at_all_says_what_it_is_and_what_helps(desk: Desk, make: Callable[[Path], None]) -> None:
    make(desk.folder / "mine.onnx")
    assert desk.paint() == "texture.onnx"
    desk.painter.use_model("mine")
    assert desk.paint() == "texture.onnx"
    assert re.search(rf"mine\.onnx.*{FILES[make]}.*; texture\.onnx goes on", desk.told()), desk.told()


def test_a_generator_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_sessions, "_TRIAL_WALL_S", 0.3)
    with pytest.raises(UnusableModelError, match=r"endless\.onnx was stopped after 0\.3 s of its trial"):
        TextureGenerator(models.endless(tmp_path / "endless.onnx"), SMALL, 1)


def test_a_generator_that_is_too_slow_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_sessions, "TRIAL_S", 0.0)
    with pytest.raises(UnusableModelError, match=r"slow\.onnx took .* s of its trial; at most 0 s are allowed"):
        TextureGenerator(models.generator(tmp_path / "slow.onnx"), SMALL, 1)


def test_a_generator_that_wants_all_memory_gets_none(tmp_path: Path) -> None:
    with pytest.raises(UnusableModelError, match=r"immense\.onnx needs more than 1024 MB of memory"):
        TextureGenerator(models.immense(tmp_path / "immense.onnx"), SMALL, 1)


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "large.onnx").open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(UnusableModelError, match=r"large\.onnx has 2147 MB; at most 500"):
        TextureGenerator(tmp_path / "large.onnx", SMALL, 1)


@pytest.mark.parametrize(
    "raised",
    [
        RuntimeError("driver"),
        MemoryError(),
        KeyError("x"),
        onnx_sessions.onnxruntime.capi.onnxruntime_pybind11_state.Fail("[ONNXRuntimeError] : 1 : FAIL : no"),
    ],
)
def test_whatever_fails_in_use_is_a_fallback_and_comes_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, raised: Exception
) -> None:
    assert desk.paint() == "texture.onnx"

    def fail(*_: object, **__: object) -> None:
        raise raised

    generator = desk.painter._generator.value
    with monkeypatch.context() as broken:
        broken.setattr(
            generator.session, "_session", type("Broken", (), {"run": fail, "get_providers": lambda _: ["CPU"]})()
        )
        if isinstance(raised, MemoryError):
            with pytest.raises(Exception, match="more memory than there is"):
                desk.paint()
            desk.painter.give_up("no memory", desk.now_s)
        else:
            assert desk.paint() == "procedural"
            assert "texture.onnx fails: " in desk.told()
    assert desk.paint() == "procedural", "not before its time"
    assert desk.paint(after_s=model_loader.FIRST_RETRY_S) == "texture.onnx"
    assert desk.notices.active() == ()


def test_a_picture_that_turns_out_wrong_later_never_leaves_the_painter(tmp_path: Path) -> None:
    """At the size of the trial it is as it should be."""
    then = [
        models.node("Shape", "floats", "sizes"),
        models.node("Min", "sizes most", "cut"),
        models.node("Slice", "floats at cut", "part"),
    ]
    constants = {"most": np.int64([64, 64, 4]), "at": np.int64([0, 0, 0])}
    path = models.generator(tmp_path / "late.onnx", then=then, of="part", constants=constants)
    late = TextureGenerator(path, 256, 1)
    with pytest.raises(
        UnusableModelError, match=r"late\.onnx gives uint8 \(64, 64, 4\); expected is uint8 \(256, 256, 4\)"
    ):
        late.generate(np.zeros(4, np.float32), 0.5)


class TestChoosing:
    """docs/pictures.md: key G, /texture_model and generation.model take any generator of models/."""

    def test_a_generator_of_any_name_is_chosen_by_name_by_key_and_by_settings(self, desk: Desk) -> None:
        models.generator(desk.folder / "mine.onnx")
        models.simple(desk.folder / "other.onnx", {"faces": [1, 4]}, np.zeros(7, np.float32))
        assert desk.painter.models() == ["mine.onnx", "texture.onnx"]
        assert desk.paint() == "texture.onnx"
        for name in ("mine", "texture.onnx", "mine.onnx", "texture"):
            desk.painter.use_model(name)
            assert desk.paint() == name.removesuffix(".onnx") + ".onnx"
        desk.painter.next_model()
        assert desk.paint() == "mine.onnx", "networks of other kinds are passed over"
        desk.painter.next_model()
        assert desk.paint() == "texture.onnx"
        desk.painter.reconfigure(desk.config.model_copy(update={"model": "mine.onnx"}))
        assert desk.paint() == "mine.onnx"
        assert desk.notices.active() == ()

    def test_one_that_is_broken_leaves_the_old_one_and_works_once_it_is_mended(self, desk: Desk) -> None:
        models.generator(desk.folder / "mine.onnx", colours=2)
        assert desk.paint() == "texture.onnx"
        desk.painter.next_model()
        for _ in range(3):
            assert desk.paint(after_s=1.0) == "texture.onnx"
        assert "texture.onnx goes on, next try in 5 s" in desk.told()
        models.generator(desk.folder / "mine.onnx")
        desk.paint()
        assert desk.paint(after_s=model_loader.SETTLED_S) == "mine.onnx"
        assert desk.notices.active() == ()

    def test_its_fault_goes_when_the_old_one_is_chosen_again(self, desk: Desk) -> None:
        _junk(desk.folder / "mine.onnx")
        desk.paint()
        desk.painter.use_model("mine")
        desk.paint()
        assert "mine.onnx" in desk.told()
        desk.painter.use_model("texture")
        assert desk.paint() == "texture.onnx"
        assert desk.notices.active() == ()

    @pytest.mark.parametrize("name", ["nobody", "../../etc/passwd", "", "a\0b", "texture\n", "x" * 5000])
    def test_a_name_that_is_not_there_is_a_fault_that_lists_the_generators(self, desk: Desk, name: str) -> None:
        assert desk.paint() == "texture.onnx"
        desk.painter.use_model(name)
        assert desk.paint() == "texture.onnx"
        assert "generators there are texture.onnx" in desk.told()
        desk.painter.use_model("texture")
        assert desk.notices.active() == ()

    @pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000, "/dev/zero", "none.onnx"])
    def test_a_setting_that_names_no_file_is_a_fallback(self, desk: Desk, name: str) -> None:
        assert desk.paint() == "texture.onnx"
        desk.painter.reconfigure(desk.config.model_copy(update={"model": name}))
        assert desk.paint() == "texture.onnx"
        assert "texture.onnx goes on" in desk.told()

    def test_a_name_that_is_no_text_cannot_be_chosen_and_does_no_harm(self, desk: Desk) -> None:
        shutil.copy(desk.folder / "texture.onnx", os.fsencode(desk.folder) + b"/caf\xe9.onnx")
        assert desk.painter.models() == ["texture.onnx"]
        desk.painter.next_model()
        assert desk.paint() == "texture.onnx"


def test_a_file_that_is_being_written_is_loaded_once_it_rests(desk: Desk) -> None:
    assert desk.paint() == "texture.onnx"
    first = desk.painter._generator.value
    whole = models.generator(desk.folder / "whole.bin", level=30.0).read_bytes()
    path = desk.folder / "texture.onnx"
    for share in (0.2, 0.5, 0.8):
        path.write_bytes(whole[: int(share * len(whole))])
        assert desk.paint(after_s=0.1) == "texture.onnx"
        assert desk.notices.active() == (), "nobody is told of a copy that is under way"
    path.write_bytes(whole)
    desk.paint()
    assert desk.painter._generator.value is first
    assert desk.paint(after_s=model_loader.SETTLED_S) == "texture.onnx"
    assert desk.painter._generator.value is not first
    assert desk.notices.active() == ()
    assert not desk.notices.history("fallback")


def test_an_older_file_put_in_its_place_counts_as_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    stamps = {file_stamp(path)}
    os.utime(path, ns=(5, 5))
    stamps.add(file_stamp(path))
    (tmp_path / "b").write_bytes(b"two")
    os.utime(tmp_path / "b", ns=(5, 5))
    (tmp_path / "b").replace(path)
    stamps.add(file_stamp(path))
    assert len(stamps) == 3
    assert file_stamp(Path("a\0b")) == file_stamp(tmp_path / "none") == (0, 0, 0)


def _constant(shape: tuple[int, ...], value: float = 0.5) -> np.ndarray:
    return np.full(shape, value, np.float32)


@pytest.mark.parametrize(
    ("make", "inputs", "answer", "message"),
    [
        (
            Enlarger,
            {"rgba": ["h", "w", 4]},
            np.zeros((32, 48, 4), np.uint8),
            r"\(32, 48, 4\); expected is uint8 \(64, 96",
        ),
        (Enlarger, {"rgba": ["h", "w", 4]}, _constant((64, 96, 4)), r"tensor\(float\)"),
        (Enlarger, {"rgba": ["h", "w", 4], "more": [1]}, np.zeros((64, 96, 4), np.uint8), "does not enlarge"),
        (StyleReader, {"x": [1, 256, 256, 3]}, _constant((1, 1, 1, 99)), r"\(1, 1, 1, 99\)"),
        (StyleReader, {"x": [1, 256, 256, 3]}, _constant((1, 1, 1, STYLE), np.inf), "not finite"),
        (StyleReader, {"x": [1, 256, 256, 3]}, _constant((1, 1, 1, STYLE), 1e9), "numbers from 1e"),
        (Stylist, {"x": [1, 384, 384, 3], "y": [1, 1, 1, STYLE]}, _constant((1, 192, 192, 3)), r"\(1, 192, 192, 3\)"),
        (Stylist, {"x": [1, 384, 384, 3], "y": [1, 1, 1, 99]}, _constant((1,)), "is no style network"),
        (ExpressionNet, {"faces": ["n", 1, 48, 48]}, _constant((1, 7), 0.5), "sum to 3.5"),
        (ExpressionNet, {"faces": ["n", 1, 48, 48]}, _constant((1, 7), np.nan), "not finite"),
        (ExpressionNet, {"faces": ["n", 1, 48, 48]}, _constant((1, 8), 0.125), r"\(1, 8\)"),
        (ExpressionNet, {"faces": [48]}, _constant((1, 7)), "not an expression network"),
    ],
)
def test_every_other_network_is_tried_out_as_well(
    tmp_path: Path, make: Callable[[Path], object], inputs: dict[str, Any], answer: np.ndarray, message: str
) -> None:
    kinds = {"rgba": models.UINT8}
    path = models.simple(
        tmp_path / "strange.onnx", inputs, answer, kinds={k: v for k, v in kinds.items() if k in inputs}
    )
    with pytest.raises(UnusableModelError, match=rf"strange\.onnx.*{message}"):
        make(path)


def _zip_of(path: Path, method: int) -> None:
    np.savez(path, happy=np.zeros((2, STYLE), np.float32))
    with zipfile.ZipFile(path) as old:
        data = old.read("happy.npy")
    with zipfile.ZipFile(path, "w", method) as new:
        new.writestr("happy.npy", data)


def _damaged(path: Path) -> None:
    _zip_of(path, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)


def _strange_method(path: Path) -> None:
    _zip_of(path, zipfile.ZIP_STORED)
    path.write_bytes(re.sub(rb"(PK\x01\x02.{6})..", b"\\g<1>c\0", path.read_bytes(), flags=re.DOTALL))


def _header_cut_short(path: Path) -> None:
    _zip_of(path, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path) as old:
        data = old.read("happy.npy").replace(b"(2, 100)", b"(9999999")
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("happy.npy", data)


def _header_that_lies(path: Path) -> None:
    _zip_of(path, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path) as old:
        data = old.read("happy.npy").replace(b"(2, 100), }  ", b"(9000, 100), }")
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("happy.npy", data)


def _plain_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros((2, STYLE)))


def _unpacks_to_much(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        new.writestr("happy.npy", bytes(51_000_000))


@pytest.mark.parametrize(
    "make",
    [
        _nothing,
        _junk,
        _folder,
        _damaged,
        _strange_method,
        _header_cut_short,
        _header_that_lies,
        _plain_array,
        lambda path: np.savez(path, happy=np.array([["a"] * STYLE])),
        lambda path: np.savez(path, happy=np.full((2, STYLE), np.nan)),
        lambda path: np.savez(path, happy=np.full((2, STYLE), 1e300)),
        lambda path: np.savez(path, happy=np.full((2, STYLE), 1j)),
        lambda path: np.savez(path, joy=np.zeros((2, STYLE))),
        lambda path: np.savez(path, happy=np.zeros((2, 7))),
        lambda path: np.savez(path, happy=np.array([{}], object)),
        lambda path: path.write_bytes(np.zeros((2, STYLE)).tobytes()),
        _unpacks_to_much,
    ],
)
def test_a_table_of_styles_with_anything_in_it_is_refused_by_name(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "styles.npz")
    with pytest.raises(UnusableModelError, match=r"styles\.npz"):
        StyleTable.load(tmp_path / "styles.npz")


def test_paintings_of_any_name_and_kind_are_read_or_left_out(tmp_path: Path) -> None:
    import cv2

    folder = tmp_path / "happy"
    folder.mkdir()
    good = cv2.imencode(".png", np.full((8, 8, 3), 200, np.uint8))[1].tobytes()
    named = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.png"))
    named.write_bytes(good)
    (folder / "b.png").write_bytes(good[:20])
    (folder / "c.png").mkdir()
    (folder / "d.png").write_bytes(b"")
    os.mkfifo(folder / "e.png")

    class Reader:
        def read(self, rgb: np.ndarray) -> np.ndarray:
            return np.full(STYLE, rgb.mean() / 255, np.float32)

    files = sorted(folder.iterdir())
    vectors, broken = read_pictures(Reader(), {"happy": files})  # type: ignore[arg-type]
    assert [path.name for path in broken] == ["b.png", "c.png", "d.png", "e.png"]
    assert vectors["happy"].shape == (1, STYLE)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/fr\xf6hlich")).mkdir()
    assert unknown_folders(tmp_path) == ["'fr\\udcf6hlich'"]


NOTES = {"kind": KIND, "labels": json.dumps(["bow", "none"]), "columns": json.dumps(list(COLUMNS[:3]))}
POSE_INPUT = {"features": ["n", 3]}


def pose_model(path: Path, answer: np.ndarray | None = None, **notes: str) -> Path:
    value = np.float32([[0.9, 0.1]]) if answer is None else answer
    return models.simple(path, POSE_INPUT, value, output="probabilities", metadata=NOTES | notes)


def _maps(path: Path) -> None:
    """As scikit-learn's converter writes it where nobody stops it: a map for each row."""
    ml = models.helper.make_opsetid("ai.onnx.ml", 3)
    import onnx

    graph = models.helper.make_graph(
        [
            models.node("Slice", "features at to", "two"),
            models.helper.make_node(
                "ZipMap", ["two"], ["probabilities"], domain="ai.onnx.ml", classlabels_strings=["a", "b"]
            ),
        ],
        "maps",
        [models.helper.make_tensor_value_info("features", models.FLOAT, ["n", 3])],
        [
            models.helper.make_value_info(
                "probabilities",
                models.helper.make_sequence_type_proto(
                    models.helper.make_map_type_proto(
                        onnx.TensorProto.STRING, models.helper.make_tensor_type_proto(models.FLOAT, [])
                    )
                ),
            )
        ],
        [onnx.numpy_helper.from_array(np.int64([0, 0]), "at"), onnx.numpy_helper.from_array(np.int64([9, 2]), "to")],
    )
    made = models.helper.make_model(graph, opset_imports=[models.helper.make_opsetid("", 18), ml], ir_version=8)
    models.helper.set_model_props(made, NOTES)
    path.write_bytes(made.SerializeToString())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_nothing, "is empty"),
        (_junk, "no ONNX file"),
        (_folder, "is a folder"),
        (_pipe, "no regular file"),
        (_maps, r"says that it gives seq\(map\(string,tensor\(float\)\)\)"),
        (
            lambda path: models.simple(path, POSE_INPUT, np.float32([[1, 0]]), metadata=NOTES),
            "has no output 'probabilities'",
        ),
        (lambda path: pose_model(path, np.float32([[np.nan, 0]])), "not finite"),
        (lambda path: pose_model(path, np.float32([[7, -3]])), "numbers from -3 to 7"),
        (lambda path: pose_model(path, np.float32([0.5, 0.5])), "expected is float32"),
        (lambda path: pose_model(path, np.int64([[1, 0]])), r"tensor\(int64\)"),
        (lambda path: pose_model(path, labels='"bow"'), "lacks its labels"),
        (lambda path: pose_model(path, labels="[1, 2]"), "lacks its labels"),
        (lambda path: pose_model(path, labels='["a/b\\u0000", "none"]'), "labels that are no names of poses"),
        (lambda path: pose_model(path, columns="[" * 100000), "lacks its labels"),
        (lambda path: pose_model(path, columns='{"a": 1}'), "lacks its labels"),
    ],
)
def test_a_pose_model_is_tried_out_as_well(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    make(tmp_path / "poses.onnx")
    with pytest.raises(PoseModelError, match=rf"poses\.onnx.*{message}.*; run: python3 run.py train poses"):
        PoseModel(tmp_path / "poses.onnx")


def polled(reader: PoseReader, until: Callable[[], bool]) -> int:
    """How many looks it took."""
    for count in range(1, 200):
        reader.poll()
        if until():
            return count
    raise AssertionError("it never came")


def test_a_pose_model_that_fails_in_use_ends_nothing_and_is_loaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, person = PoseReader(pose_model(tmp_path / "poses.onnx")), seen(POSES["arms_up"])
    polled(reader, lambda: reader.model is not None)
    assert reader.read(person) == (("bow", pytest.approx(0.9)),)
    assert reader.model is not None

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the driver went away")

    monkeypatch.setattr(reader.model._net.session, "_session", type("Broken", (), {"run": fail})())
    assert reader.read(person) == ()
    problem = reader.poll()
    assert problem is not None
    assert "the driver went away; no poses are read, next try in 5 s" in problem
    assert polled(reader, lambda: reader.model is not None) >= 3, "not at once"
    assert reader.poll() is None
    assert reader.read(person) == (("bow", pytest.approx(0.9)),)


def test_a_path_that_is_none_is_no_model(tmp_path: Path) -> None:
    for path in (tmp_path / "a\0b", tmp_path / ("x" * 5000)):
        reader = PoseReader(path)
        assert (reader.poll(), reader.labels) == (None, ())


@pytest.mark.parametrize(
    "text",
    [
        "\xff",
        "models: 5",
        "models: {a: 5}",
        "models: {a: {file: 5, sha256: x, licence: x, source: x}}",
        "models: {a: {file: x, sha256: 123, licence: x, source: x}}",
        "models: {a: {file: x}}",
        "[" * 600,
    ],
)
def test_a_manifest_of_any_content_says_how_to_restore_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match=r"manifest\.yaml.*restore the file"):
        load_manifest(path)


def test_the_whole_worker_shows_a_picture_whatever_the_model(tmp_path: Path) -> None:
    """With its thread, as the show has it."""
    models.generator(tmp_path / "mine.onnx", metadata={"cell_px": "16px"})
    notices = Notices(RealClock())
    config = GenerationConfig(size_px=SMALL, per_second=60.0, model="mine.onnx")
    worker = GenerationWorker(config, PictureConfig(), tmp_path, 1, RealClock(), notices, Governor(notices))
    worker.start()
    try:
        seq = 0
        for wanted in ("procedural", "mine.onnx"):
            for _ in range(2000):
                worker.request(TextureRequest(0.0, neutral_probabilities(), 0.0, 0.0))
                got = worker.textures.wait_newer(seq, 0.05)
                if got is not None:
                    seq = got[0]
                    if got[1].source == wanted:
                        break
            else:
                raise AssertionError(f"no picture by {wanted}: {notices.active()}")
            models.generator(tmp_path / "mine.onnx")
        for _ in range(2000):  # a picture is there a moment before what was wrong is told to be over
            if notices.active("fault") == notices.active("fallback") == ():
                break
            worker.request(TextureRequest(0.0, neutral_probabilities(), 0.0, 0.0))
            worker.textures.wait_newer(seq, 0.05)
        assert notices.active("fault") == notices.active("fallback") == ()
    finally:
        worker.close()


def test_emotions_are_seven() -> None:
    """What the tables above are made for."""
    assert (len(EMOTIONS), PAINTED_PX) == (7, 384)
