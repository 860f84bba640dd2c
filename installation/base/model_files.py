"""Model files: what models/manifest.yaml names, where they lie, and whether they are what they should be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

MODELS_DIR = Path(__file__).resolve().parents[2] / "models"


class ModelError(Exception):
    """A model file is missing or not the one the manifest names; the message says how to fix it."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One entry of the manifest. ``file`` is relative to models/; ``package`` is None for weights trained here."""

    name: str
    file: str
    sha256: str
    licence: str
    source: str
    package: str | None = None
    member: str | None = None

    @property
    def path(self) -> Path:
        """Where the file lies (or will)."""
        return MODELS_DIR / self.file


def load_manifest(path: Path = MODELS_DIR / "manifest.yaml") -> dict[str, ModelEntry]:
    """The manifest by name. Raises ModelError when it cannot be read or an entry lacks a field."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        keys = set(ModelEntry.__dataclass_fields__) - {"name"}
        return {
            name: ModelEntry(name, **{key: value for key, value in fields.items() if key in keys})
            for name, fields in data["models"].items()
        }
    except (OSError, yaml.YAMLError, LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path}: {error}; restore the file from the repository") from error


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def model_path(name: str) -> Path:
    """Path of a model, checked by sha256. Raises ModelError for one that is unknown, missing or altered."""
    manifest = load_manifest()
    if name not in manifest:
        raise ModelError(f"models/manifest.yaml has no model {name!r}; it has {', '.join(sorted(manifest))}")
    entry = manifest[name]
    if not entry.path.is_file():
        raise ModelError(f"{entry.path} is missing; run: python3 run.py setup")
    found = sha256_of(entry.path)
    if found != entry.sha256:
        raise ModelError(
            f"{entry.path} is not the file the manifest names (sha256 {found[:8]}, expected {entry.sha256[:8]}); "
            f"delete it and run: python3 run.py setup"
        )
    return entry.path
