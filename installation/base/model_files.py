"""Model files: what models/manifest.yaml names, where they lie, and whether they are what they should be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from installation.base.files import IS_INSTALLED, PROJECT, SHIPPED, TYPED, FileStamp, file_stamp

_RESTORE = "install Mien again" if IS_INSTALLED else "restore the file from the repository"
MODELS_DIR = SHIPPED / "models"
"""The models that came with Mien."""
FETCHED_DIR = PROJECT / "models" if IS_INSTALLED else MODELS_DIR
"""The folder of fetched/. What pip installed is never written to."""
MANIFEST = MODELS_DIR / "manifest.yaml"


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
        return (MODELS_DIR if self.package is None else FETCHED_DIR) / self.file


def model_file(name: str, models: Path = MODELS_DIR) -> Path:
    """Where a file of models/ lies. The project's own is taken before one of the same name that came with Mien; ``models``
    may be another folder, and then holds all."""
    own = PROJECT / "models" / name
    return own if models == MODELS_DIR and own.exists() else models / name


def model_names(pattern: str, models: Path = MODELS_DIR) -> list[str]:
    """Names of the files in models/ that match, sorted; as ``model_file`` finds them."""
    folders = {models, PROJECT / "models"} if models == MODELS_DIR else {models}
    return sorted({path.name for folder in folders for path in folder.glob(pattern)})


def load_manifest(path: Path = MANIFEST) -> dict[str, ModelEntry]:
    """The manifest by name. Raises ModelError when it cannot be read or an entry lacks a field."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        keys = set(ModelEntry.__dataclass_fields__) - {"name"}
        entries = {
            name: ModelEntry(name, **{key: value for key, value in fields.items() if key in keys and value is not None})
            for name, fields in data["models"].items()
        }
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path}: {error}; {_RESTORE}") from error
    for entry in entries.values():
        for key in keys | {"name"}:
            if not isinstance(getattr(entry, key), str | None):
                raise ModelError(f"{path}: {entry.name}: {key} must be text in quotes; {_RESTORE}")
    return entries


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_shipped(path: Path) -> bool:
    """Whether a file, wherever it lies, is byte for byte one that the manifest names; False where that cannot be told."""
    try:
        return sha256_of(path) in _shipped(MANIFEST, file_stamp(MANIFEST))
    except (OSError, ModelError):
        return False


@lru_cache(maxsize=1)
def _shipped(manifest: Path, _version: FileStamp) -> frozenset[str]:
    """What the manifest says. Read once as long as it stays the same: each network that is loaded asks, while pictures run."""
    return frozenset(entry.sha256 for entry in load_manifest(manifest).values())


def model_path(name: str) -> Path:
    """Path of a model, checked by sha256. Raises ModelError for one that is unknown, missing or altered."""
    manifest = load_manifest()
    if name not in manifest:
        raise ModelError(f"models/manifest.yaml has no model {name!r}; it has {', '.join(sorted(manifest))}")
    entry = manifest[name]
    if not entry.path.is_file():
        raise ModelError(f"{entry.path} is missing; run: {TYPED} setup")
    try:
        found = sha256_of(entry.path)
    except OSError as error:
        raise ModelError(f"{entry.path} cannot be read ({error.strerror}); let this user read it") from error
    if found != entry.sha256:
        raise ModelError(
            f"{entry.path} is not the file the manifest names (sha256 {found[:8]}, expected {entry.sha256[:8]}); "
            f"delete it and run: {TYPED} setup"
        )
    return entry.path
