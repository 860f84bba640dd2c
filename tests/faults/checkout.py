"""A copy of what a piece reads, so that its files may be broken while it runs. The models are links until one is broken."""

import shutil
from pathlib import Path

from tests.faults.disk import SmallDisk

ROOT = Path(__file__).resolve().parents[2]


class Checkout:
    """``folder`` with copies of installation/, shaders/ and looks/; ``captures`` is a small disk, where that is allowed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[str, bytes] = {}
        for name in ("installation", "shaders", "looks"):
            shutil.copytree(ROOT / name, folder / name)
        for path in (ROOT / "models").rglob("*"):
            copy = folder / path.relative_to(ROOT)
            if path.is_file():
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.symlink_to(path.resolve())
        self.captures = SmallDisk(folder / "captures")

    def close(self) -> None:
        self.captures.close()

    def replace(self, name: str, data: bytes | None) -> None:
        """Another content for a file, None: it is gone. As an editor saves: whole, in one step."""
        path = self.folder / name
        self._kept.setdefault(name, path.read_bytes() if path.exists() else b"")
        if data is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(data)
        fresh.replace(path)

    def restore(self, name: str) -> None:
        """What was there before; a file that was not there goes."""
        data = self._kept.pop(name)
        self.replace(name, data or None)
        self._kept.pop(name)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")
