"""The whole piece, in a child process, while the system gives it no more files or no shared memory."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

resource = pytest.importorskip("resource")
ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of a running process are Linux"),
]


class Piece:
    """A piece that plays a film off the screen until it is told to stop."""

    def __init__(self, folder: Path, before: str = "") -> None:
        film, config = folder / "film.mp4", folder / "config.yaml"
        writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"mp4v"), 10, (640, 360))
        for level in range(0, 200, 10):
            writer.write(np.full((360, 640, 3), level, np.uint8))
        writer.release()
        config.write_text(
            "osc: {targets: [], listen_port: 0}\ngeneration: {enabled: false}\ntranslation: {enabled: false}\n"
        )
        options = ["--offscreen", "--size", "160x90", "--config", str(config), "--source", str(film)]
        command = [sys.executable, "-m", "installation", *options]
        if before:
            command = ["unshare", "-m", "sh", "-c", before + ' && exec "$0" "$@"', *command]
        self.log = folder / "log.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stderr=log)

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def says(self, pattern: str, seconds: float = 90.0) -> None:
        """Wait until the log has a line like this."""
        end_s = time.monotonic() + seconds
        while re.search(pattern, self.text()) is None:
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < end_s, self.text()
            time.sleep(0.05)

    def perception(self) -> psutil.Process:
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(child for child in children if "spawn_main" in " ".join(child.cmdline()))

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60.0)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Piece]]:
    pieces: list[Piece] = []

    def begin(before: str = "") -> Piece:
        pieces.append(Piece(tmp_path, before))
        return pieces[-1]

    yield begin
    for piece in pieces:
        if piece.process.poll() is None:
            piece.process.kill()
            piece.process.wait()


def test_no_more_files_may_be_opened_and_perception_dies_too(start: Callable[..., Piece]) -> None:
    piece = start()
    piece.says("running: ")
    piece.says("film.mp4: 640x360")
    limits = resource.prlimit(piece.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(piece.process.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
    piece.says("files: changes cannot be looked for")
    piece.perception().kill()
    piece.says("perception ended by itself .killed by SIGKILL")
    piece.says("perception: .*Too many open files")
    resource.prlimit(piece.process.pid, resource.RLIMIT_NOFILE, limits)
    piece.says("files: resolved")
    piece.says("perception: resolved")
    assert piece.stop() == 0
    assert "Traceback" not in piece.text()


def test_shared_memory_smaller_than_a_picture(start: Callable[..., Piece]) -> None:
    small = "mount -t tmpfs -o size=256k tmpfs /dev/shm"
    if subprocess.run(["unshare", "-m", "sh", "-c", small], capture_output=True, check=False).returncode != 0:
        pytest.skip("this user cannot mount a small /dev/shm")
    piece = start(small)
    piece.says("perception memory: .*through a pipe")
    piece.perception().send_signal(signal.SIGSTOP)
    piece.says("perception (did not answer|took no picture) for")
    piece.says("perception: resolved")
    assert piece.stop() == 0
    assert "Traceback" not in piece.text()
