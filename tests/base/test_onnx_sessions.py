"""Sessions run on one thread that does not spin, and an error says whether it was the file or the memory."""

import os
import subprocess
import sys
from pathlib import Path

import onnx
import onnxruntime
import pytest

from installation.base import onnx_sessions
from installation.base.files import ROOT
from installation.base.model_files import model_path
from installation.base.onnx_sessions import OnnxModel, UnusableModelError, cpu_session, out_of_memory
from installation.generation.enlarge import Enlarger


def test_a_session_takes_one_thread_and_does_not_spin() -> None:
    session = cpu_session(model_path("expression"))
    options = session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert session.get_providers() == ["CPUExecutionProvider"]
    assert cpu_session(model_path("expression").read_bytes(), 2).get_session_options().intra_op_num_threads == 2


def test_a_model_says_what_was_asked_for_and_what_runs() -> None:
    asked = OnnxModel(model_path("enlarge"), "cpu")
    assert (asked.wanted, asked.as_wanted, asked.providers) == ("cpu", True, ["CPUExecutionProvider"])
    assert list(asked.inputs) == ["rgba"]
    automatic = OnnxModel(model_path("enlarge"))
    assert automatic.wanted == ("cuda" if "CUDAExecutionProvider" in onnxruntime.get_available_providers() else "cpu")


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"\x08" * 100)
    for path in (broken, tmp_path / "none.onnx"):
        with pytest.raises(UnusableModelError, match=path.name):
            OnnxModel(path, "cpu")


def test_a_model_that_does_not_fit_into_memory_is_no_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_: object, **__: object) -> None:
        raise RuntimeError("BFCArena::AllocateRawInternal Failed to allocate memory")

    monkeypatch.setattr(onnx_sessions.onnxruntime, "InferenceSession", short)
    with pytest.raises(MemoryError, match="enlarge"):
        OnnxModel(model_path("enlarge"), "cpu")
    assert out_of_memory(MemoryError())
    assert not out_of_memory(RuntimeError("no such file"))


def test_nobody_is_told_what_runs_here(tmp_path: Path) -> None:
    """ONNX Runtime keeps a number of the machine, and reports, in the user's cache unless it is told not to."""
    program = (
        "from installation.base.model_files import model_path\n"
        "from installation.base.onnx_sessions import cpu_session\n"
        "cpu_session(model_path('expression'))\n"
    )
    unset = ("ORT_DISABLE_TELEMETRY", "CI", "XDG_CACHE_HOME")
    home = {name: value for name, value in os.environ.items() if name not in unset} | {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=home, check=True, timeout=60)
    assert list(tmp_path.rglob("*")) == []


def test_a_network_of_the_manifest_is_not_loaded_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    real = onnxruntime.InferenceSession

    def open_session(source: object, *args: object, **more: object) -> object:
        opened.append(source)
        return real(source, *args, **more)

    monkeypatch.setattr(onnxruntime, "InferenceSession", open_session)
    shipped = model_path("enlarge")
    foreign = tmp_path / "enlarge.onnx"
    network = onnx.load(shipped)
    network.producer_name = "somebody"
    onnx.save(network, foreign)
    for path, times in ((shipped, 1), (foreign, 2)):
        opened.clear()
        Enlarger(path, "cpu")
        assert len(opened) == times, path
