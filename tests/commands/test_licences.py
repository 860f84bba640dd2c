"""The inventory of licences: complete, as the packages say it, and a new package or weight without a row is seen."""

from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest

from installation.base.files import ROOT
from installation.base.model_files import load_manifest
from installation.commands import licences
from installation.commands.licences import UNKNOWN, Pin, document, gaps, licence_of, package_row, pins, weight_row
from installation.setup.belongings import files_of, shipped

DOCUMENT = (ROOT / "docs" / "reference" / "licences.md").read_text(encoding="utf-8")


def weights() -> list[str]:
    """Weights that come with this version (an artist's own are the artist's business), and those fetched."""
    names = shipped(ROOT).names or frozenset(files_of(ROOT))
    ours = [name.removeprefix("models/") for name in names if name.startswith("models/") and "fetched" not in name]
    endings = (".onnx", ".pt", ".npz", ".npy", ".tflite", ".task", ".bin", ".safetensors")
    return [name for name in ours if name.endswith(endings)] + [entry.file for entry in load_manifest().values()]


def test_every_pinned_package_and_every_weight_has_its_licence() -> None:
    assert len(pins()) > 80
    assert {"paint_ema.pt", "expression.onnx", "fetched/face_landmarker.task"} <= set(weights())
    assert gaps(DOCUMENT, pins(), weights()) == []


def is_installed(pin: Pin) -> bool:
    try:
        return metadata.version(pin.name).split("+")[0] == pin.version
    except metadata.PackageNotFoundError:
        return False


def test_the_document_says_what_installed_packages_and_the_manifest_say() -> None:
    lines = set(DOCUMENT.splitlines())
    here = [pin for pin in pins() if is_installed(pin)]
    assert len(here) > 20
    assert [row for row in map(package_row, here) if row not in lines] == []
    assert [row for row in map(weight_row, load_manifest().values()) if row not in lines] == []


def test_what_is_missing_is_named() -> None:
    wrong = DOCUMENT.replace("| numpy |", "| mumpy |").replace(
        "| `models/paint.onnx` | Apache-2.0 |", f"| `models/paint.onnx` | {UNKNOWN} |"
    )
    found = gaps(wrong, [*pins(), Pin("newcomer", "1.0", "")], [*weights(), "stray.onnx"])
    numpy = next(pin for pin in pins() if pin.name == "numpy")
    assert set(found) == {f"numpy=={numpy.version}", "newcomer==1.0", "paint.onnx", "stray.onnx"}


def test_another_version_needs_a_look_of_its_own() -> None:
    assert gaps(DOCUMENT, [Pin("numpy", "0.0.1", "")], []) == ["numpy==0.0.1"]


def test_a_package_that_says_nothing_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert licence_of(Pin("no-such-package-here", "1", "")) == UNKNOWN
    assert licence_of(Pin("onnxruntime-gpu", "1", "")) == "MIT"
    about = Message()
    monkeypatch.setattr(metadata, "metadata", lambda name: about)
    assert licence_of(Pin("silent", "1", "")) == UNKNOWN
    about["License"] = "BSD"
    assert licence_of(Pin("silent", "1", "")) == UNKNOWN  # a family of licences is none
    about["Classifier"] = "License :: OSI Approved :: MIT License"
    assert licence_of(Pin("silent", "1", "")) == "MIT"


def test_the_command_writes_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs" / "reference").mkdir(parents=True)
    monkeypatch.setattr(licences, "PROJECT", tmp_path)
    monkeypatch.setattr(licences, "document", lambda: "whole")
    assert licences.licences(["--write"], None) == 0  # type: ignore[arg-type]
    assert (tmp_path / "docs" / "reference" / "licences.md").read_text() == "whole"


def test_nothing_by_hand_is_left_over() -> None:
    assert set(licences.BY_HAND) | set(licences.INSIDE) <= {pin.key for pin in pins()}
    assert document().startswith("<!-- Generated")
