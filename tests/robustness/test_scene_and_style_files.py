"""Scene files, looks, style tables and pose models of any content: one message of the documented kind, whatever they hold."""

import contextlib
import io
import os
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from installation.base.names import printable
from installation.base.onnx_sessions import UnusableModelError
from installation.config import look_files
from installation.config.load import ConfigError, parse_config
from installation.config.scene_files import FOLDER, SceneFile, SceneFileError, load_scene, scene_names
from installation.generation.style_networks import STYLE
from installation.generation.style_table import StyleTable, unknown_folders
from installation.live_commands import setting_table
from installation.poses.reader import KIND, PoseModel, PoseModelError, PoseReader
from tests.poses.posed_figures import POSES, seen
from tests.robustness.odd_yaml import near

FUZZ = int(os.environ.get("MIEN_FUZZ", "60"))
SCENES = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]


def one_message(error: Exception, name: str) -> None:
    text = str(error)
    assert text.startswith(name)
    assert text == printable(text)
    assert len(text) <= 400


@examples(max_examples=FUZZ)
@given(st.sampled_from(SCENES).flatmap(lambda scene: near(scene, 7)))
def test_whatever_a_scene_s_file_holds(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("scenes")
    (folder / "odd.yaml").write_bytes(text.encode("utf-8", "replace"))
    try:
        scene = load_scene("odd", folder)
    except SceneFileError as error:
        one_message(error, "odd.yaml:")
        assert scene_names(folder) == ("odd",), "a scene with a mistake is there, and says so when it is asked for"
        return
    assert isinstance(scene, SceneFile)
    for draw in scene.draws:
        assert not isinstance(draw.instances, str) or draw.instances in {*scene.parameters, "births"}
    assert all(np.isfinite([one.value, one.low, one.high]).all() for one in scene.parameters.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "draws:\n  - {kind: mesh, instances: petls}\n",
            "odd.yaml:3: draws.0.instances: there is no parameter 'petls'",
        ),
        ("draws: [{kind: particles, instances: births}]\n", "odd.yaml:2: draws.0.instances: there is no parameter"),
        ("draws: [{instances: .inf}]\n", "odd.yaml:2: draws.0.instances: Input should be a finite number"),
        ("draws: [{instances: -1}]\n", "odd.yaml:2: draws.0.instances: "),
        ("draws: {{draws}}\n", "odd.yaml:2: draws: a name is a word"),
        ("drws: [{}]\n", "odd.yaml:2: drws: unknown setting; did you mean 'draws'?"),
        (
            "draws: [{}]\nparameters:\n  a: {value: 40,5, low: 0, high: 99, meaning: x}\n",
            "odd.yaml:4: parameters.a.value: a n",
        ),
        (
            "draws: [{}]\nparameters:\n  a: {value: .nan, low: 0, high: 9, meaning: x}\n",
            "odd.yaml:4: parameters.a.value: ",
        ),
        ("draws: [{}]\nparameters:\n  a/b: {value: 1, low: 0, high: 9, meaning: x}\n", "odd.yaml:4: parameters.a/b: "),
        ('draws: [{fragment: "a\\0.frag"}]\n', "odd.yaml:2: draws.0.fragment: there is a sign in it that no text has"),
    ],
)
def test_a_scene_s_mistake_has_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "odd.yaml").write_text("title: x\n" + text)
    with pytest.raises(SceneFileError) as error:
        load_scene("odd", tmp_path)
    assert str(error.value).startswith(message)


def test_what_lies_in_the_scenes_folder_and_is_no_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"title: x\nmeaning: caf\xe9\n")
    (tmp_path / "large.yaml").write_bytes(b"#" * 10**6)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nothing")
    (tmp_path / "good.yaml").write_text(
        "title: x\ndraws: [{}]\nparameters:\n  a: {value: 1, low: 0, high: 2, meaning: x}\n"
    )
    messages = {}
    for name in scene_names(tmp_path):
        try:
            load_scene(name, tmp_path)
        except SceneFileError as error:
            messages[name] = str(error)
    assert sorted(messages) == ["folder", "large", "latin", "pipe"]
    assert messages["latin"] == "latin.yaml:2: is not UTF-8 text; save it as UTF-8"
    assert "no file but a device or a pipe" in messages["pipe"]
    monkeypatch.setattr(setting_table, "scene_names", lambda: scene_names(tmp_path))
    monkeypatch.setattr(setting_table, "load_scene", lambda name: load_scene(name, tmp_path))
    assert [path for path in setting_table.table() if path.startswith("/control/scene/parameters/")] == [
        "/control/scene/parameters/good/a"
    ]


@examples(max_examples=FUZZ // 2)
@given(
    near(yaml.safe_load((look_files.FOLDERS[-1] / "ink.yaml").read_text(encoding="utf-8")), 4) | st.binary(max_size=40)
)
def test_whatever_a_look_s_file_holds(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    folder, kept = tmp_path_factory.mktemp("looks"), look_files.FOLDERS
    (folder / "odd.yaml").write_bytes(text.encode("utf-8", "replace") if isinstance(text, str) else text)
    look_files.FOLDERS = (folder,)
    try:
        parse_config("look: odd\n")
    except ConfigError as error:
        for line in error.mistakes:
            one_message(Exception(line), ("... and " if line.startswith("...") else f"{folder.name}/odd.yaml:"))
    finally:
        look_files.FOLDERS = kept


GOOD = {"happy": np.ones((2, STYLE), np.float32), "neutral": np.zeros((1, STYLE), np.float32)}


def packed(**arrays: object) -> bytes:
    stored = io.BytesIO()
    np.savez(stored, **arrays)  # type: ignore[arg-type]
    return stored.getvalue()


def bomb() -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("happy.npy", b"\0" * (20 * 2**20))
    return stored.getvalue()


def header(text: bytes) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as file:
        file.writestr("happy.npy", b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text)
    return stored.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"happy,1,2\n",
        packed(joy=np.ones((1, STYLE))),
        packed(happy=np.ones((1, STYLE + 1))),
        packed(happy=np.full((1, STYLE), np.nan)),
        packed(happy=np.full((1, STYLE), 1e300)),
        packed(happy=np.array(["a"] * STYLE)[None]),
        packed(happy=np.ones((1, STYLE), np.complex64)),
        packed(happy=np.array([{"a": 1}], object)),
        packed(happy=np.float32(1)),
        packed(happy=np.zeros((0, STYLE))),
        packed(),
        packed(**GOOD)[:-40],
        bomb(),
        header(b"{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999, 100), }\n"),
        header(b"{{{{{{\n"),
        header(b"\xff\xfe not python\n"),
    ],
)
def test_a_style_table_that_is_none_is_told_with_its_remedy(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "styles.npz"
    path.write_bytes(data)
    with pytest.raises(
        UnusableModelError,
        match=r"styles\.npz (has no style vectors: .*; restore it, or make it anew|is empty .*; copy it again)$",
    ):
        StyleTable.load(path)


@examples(max_examples=FUZZ)
@given(st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_broken_bytes_of_a_style_table(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "styles.npz"
    data = bytearray(packed(**GOOD))
    for at, value in changes:
        data[at % len(data)] = value
    path.write_bytes(data)
    with contextlib.suppress(UnusableModelError):
        assert np.isfinite(StyleTable.load(path).at(np.full(7, 1 / 7, np.float32), 0.0)).all()


def test_the_folder_of_styles_may_be_anything(tmp_path: Path) -> None:
    assert unknown_folders(tmp_path / "none") == []
    (tmp_path / "file").write_text("")
    assert unknown_folders(tmp_path / "file") == []


def pose_model(path: Path, **notes: str) -> Path:
    """A model that answers sqrt(1 - 2 x) of one column: a number for the zeros that it is tried with, none for arms up."""
    two, one = (onnx.numpy_helper.from_array(np.float32(value), name) for name, value in (("two", 2), ("one", 1)))
    nodes = [
        onnx.helper.make_node("Mul", ["features", "two"], ["double"]),
        onnx.helper.make_node("Sub", ["one", "double"], ["rest"]),
        onnx.helper.make_node("Sqrt", ["rest"], ["probabilities"]),
    ]
    features, answer = (
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [None, 1])
        for name in ("features", "probabilities")
    )
    graph = onnx.helper.make_graph(nodes, "poses", [features], [answer], [two, one])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    known = {"kind": KIND, "labels": '["up"]', "columns": '["left_upper_arm_up"]'}
    onnx.helper.set_model_props(model, {**known, **notes})
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize(
    "notes",
    [
        {"kind": "other"},
        {"labels": "[" * 100_000},
        {"labels": "5"},
        {"labels": '["a b"]'},
        {"labels": '["up", "down"]'},
        {"columns": '["no such"]'},
        {"columns": '["trunk_side", "head_side"]'},
    ],
)
def test_a_pose_model_that_is_not_what_it_says(tmp_path: Path, notes: dict[str, str]) -> None:
    with pytest.raises(PoseModelError, match=r"run: python3 run\.py train poses"):
        PoseModel(pose_model(tmp_path / "poses.onnx", **notes))


def test_a_pose_model_that_fails_in_use_is_left_out_until_it_works(tmp_path: Path) -> None:
    path = pose_model(tmp_path / "poses.onnx")
    reader = PoseReader(path)
    assert reader.labels == ("up",)
    assert reader.read(seen(POSES["arms_up"])) == ()
    assert "numbers that are not finite" in str(reader.poll())
    assert reader.labels == ()
    os.utime(pose_model(path), ns=(1, 1))
    assert [reader.poll() for _ in range(2)][-1] is None
    assert reader.labels == ("up",)
