"""What tests that draw need: a way round where nothing can be drawn, and a screen of its own for one that opens a window."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.render.renderer import Renderer
from installation.render.surface import DisplayError, Offscreen


@contextmanager
def or_skipped() -> Iterator[None]:
    """Passes over a test where nothing can be drawn."""
    try:
        yield
    except DisplayError as error:
        pytest.skip(str(error))


@contextmanager
def offscreen(size: tuple[int, int]) -> Iterator[Offscreen]:
    """A surface without a screen, ``size`` (width, height) in pixels; passes over a test where there is no OpenGL."""
    with or_skipped():
        surface = Offscreen(size)
    try:
        yield surface
    finally:
        surface.close()


@contextmanager
def drawing(size: tuple[int, int], **output: Any) -> Iterator[Renderer]:
    """A renderer on such a surface, with these settings of ``output``."""
    with (
        offscreen(size) as surface,
        closing(Renderer(surface, OutputConfig(**output), {}, Notices(ManualClock()))) as made,
    ):
        yield made


@contextmanager
def virtual_screen() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """(what DISPLAY must be, the process of the X server): 640x360 pixels, gone afterwards. Skips where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb here; apt-get install xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x360x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            display = f":{pipe.readline().strip()}"
        yield display, server
    finally:
        server.terminate()
        server.wait(10)
