"""A disk of a few megabytes, to be filled."""

import contextlib
import os
import subprocess
from pathlib import Path

SIZE_MB = 8


class SmallDisk:
    """A tmpfs on ``folder`` (Linux, as root); ``mounted`` says whether that was allowed."""

    def __init__(self, folder: Path, size: str = f"{SIZE_MB}m") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        try:
            self.mounted = subprocess.run(command, check=False, capture_output=True, timeout=20).returncode == 0
        except OSError:
            self.mounted = False

    def fill(self) -> None:
        """Not a byte is left."""
        handle = os.open(self.folder / "filler", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for size in (65536, 4096, 1):
            with contextlib.suppress(OSError):
                while os.write(handle, bytes(size)):
                    pass
        os.close(handle)

    def clear(self) -> None:
        """There is room again."""
        (self.folder / "filler").unlink(missing_ok=True)

    def close(self) -> None:
        if self.mounted:
            # Lazily: whatever still holds a file there.
            subprocess.run(["umount", "-l", str(self.folder)], check=False, timeout=20)
            self.mounted = False
