"""A model repository: the server's own reader understands it, and a batch of pictures is those pictures."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")

import onnx
from onnx import TensorProto, helper

from installation.base.model_files import model_path, sha256_of
from installation.base.onnx_sessions import cpu_session
from installation.training import model_repository
from installation.training.batch_axis import FixedError, freed
from installation.training.model_repository import Asked, config_text, main, networks, trials
from tests.robustness import foreign_models as models

ASKED = ("enlarge", "paint", "style_transform", "texture")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    assert main(["--model-repository", str(folder)]) == 0
    return folder


def config_of(repository: Path, name: str):
    """As Triton reads it: unknown fields and wrong types are errors."""
    pytest.importorskip("tritonclient", reason="run.py setup --with server")
    from google.protobuf import text_format
    from tritonclient.grpc import model_config_pb2

    text = (repository / name / "config.pbtxt").read_text(encoding="utf-8")
    return text_format.Parse(text, model_config_pb2.ModelConfig())


def test_every_network_that_paints_is_in_it(repository: Path) -> None:
    assert tuple(sorted(one.name for one in repository.iterdir())) == ASKED
    assert all((repository / name / "1" / "model.onnx").is_file() for name in ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_the_configuration_is_read_and_fits_the_file(repository: Path, name: str) -> None:
    config = config_of(repository, name)
    assert (config.name, config.backend, config.max_batch_size) == (name, "onnxruntime", 8)
    session = cpu_session(repository / name / "1" / "model.onnx")
    for told, ports in ((config.input, session.get_inputs()), (config.output, session.get_outputs())):
        assert [one.name for one in told] == [one.name for one in ports]
        for one, port in zip(told, ports, strict=True):
            assert [-1, *one.dims] == [size if isinstance(size, int) else -1 for size in port.shape]
    assert config.dynamic_batching.max_queue_delay_microseconds == 2000
    assert config.dynamic_batching.default_queue_policy.allow_timeout_override
    source = next(one for one in networks() if isinstance(one, Asked) and one.name == name).model.path
    assert config.parameters["sha256"].string_value == sha256_of(source)


@pytest.mark.parametrize("name", ASKED)
def test_the_warm_up_is_what_the_network_takes(repository: Path, name: str) -> None:
    config = config_of(repository, name)
    session = cpu_session(repository / name / "1" / "model.onnx")
    kinds = {"TYPE_FP32": np.float32, "TYPE_UINT8": np.uint8}
    names = [one.name for one in config.model_warmup]
    assert len(names) == len(set(names)) >= 2
    kind = type(config).DESCRIPTOR.fields_by_name["input"].message_type.fields_by_name["data_type"].enum_type
    for one in config.model_warmup:
        if one.batch_size > 1:
            continue
        feeds = {
            key: np.zeros((one.batch_size, *value.dims), kinds[kind.values_by_number[value.data_type].name])
            for key, value in one.inputs.items()
        }
        assert session.run(None, feeds)[0].shape[0] == 1


@pytest.mark.parametrize("name", ASKED)
def test_pictures_in_a_batch_are_those_painted_alone(repository: Path, name: str) -> None:
    asked = next(one for one in networks() if isinstance(one, Asked) and one.name == name)
    session = cpu_session(repository / name / "1" / "model.onnx")
    ranks = {port.name: len(port.shape) for port in session.get_inputs()}
    feeds = trials(asked)
    joined = {
        key: (np.stack if ranks[key] > feeds[0][key].ndim else np.concatenate)([one[key] for one in feeds])
        for key in feeds[0]
    }
    several, alone = session.run(None, joined)[0], cpu_session(asked.model.path)
    assert len(several) == len(feeds)
    level = 1 if several.dtype == np.uint8 else 1 / 255
    for one, picture in zip(feeds, several, strict=True):
        apart = picture.astype(float) - alone.run(None, one)[0].reshape(picture.shape).astype(float)
        assert np.abs(apart).max() <= level
    first, second = several.astype(float)
    assert np.abs(first - second).mean() > level, "both pictures of the batch are the same"


def test_a_small_generator_is_freed_and_one_with_a_fixed_inside_is_not(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    feeds = [
        {"coarse": rng.standard_normal((1, 1, 4, 4)).astype(np.float32), "affect": np.zeros((1, 4), np.float32)}
        for _ in range(2)
    ]
    network = freed(onnx.load(models.generator(tmp_path / "one.onnx")), feeds)
    joined = {name: np.concatenate([one[name] for one in feeds]) for name in feeds[0]}
    assert cpu_session(network.SerializeToString()).run(None, joined)[0].shape == (2, 64, 64, 4)
    # Each picture is divided by the brightness of all of them: together they are others than alone.
    mixed = models.generator(
        tmp_path / "mixed.onnx",
        then=[
            models.node("ReduceMean", "up", "mean", keepdims=0),
            models.node("Mul", "mean fifty", "shift"),
            models.node("Add", "floats shift", "shifted"),
            models.node("Clip", "shifted low high", "bounded"),
        ],
        of="bounded",
        constants={"fifty": np.float32(50)},
    )
    with pytest.raises(FixedError, match="differ in a batch"):
        freed(onnx.load(mixed), feeds)


def test_a_network_without_an_axis_for_several_says_so() -> None:
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["y"])],
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [4, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [4, 4])],
    )
    network = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    with pytest.raises(FixedError, match="no axis for several"):
        freed(network, [{"x": np.zeros((4, 4), np.float32)}] * 2)


def test_one_that_stays_single_is_written_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise FixedError("its inside is made for one")

    monkeypatch.setattr(model_repository, "freed", refuse)
    asked = next(one for one in networks() if isinstance(one, Asked) and one.name == "texture")
    line = model_repository.write(asked, tmp_path, 8, 2000)
    assert line == "texture: one picture at a time: its inside is made for one"
    assert (tmp_path / "texture/1/model.onnx").read_bytes() == model_path("texture").read_bytes()
    config = config_of(tmp_path, "texture")
    assert config.max_batch_size == 0
    assert not config.HasField("dynamic_batching")
    assert list(config.input[0].dims) == [1, 16, -1, -1]
    assert config_text(asked, 0, 2000).count("batch_size: 0") == 1 + len(asked.sizes)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["--model-repository", str(tmp_path / "file")]) == 2
    assert "file" in capsys.readouterr().err
