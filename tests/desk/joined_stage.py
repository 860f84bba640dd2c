"""A floor with people on it, two machines that see it, and a piece that joins them without knowing where they look.

python -m tests.desk.joined_stage --write    makes the picture of the page Cameras in docs/
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from installation.base.homography import corners_of
from tests.desk.piece import CHROMIUM, ROOT, PieceWithDesk, chromium_browser
from tests.perception.several.machine import LOCAL, Machine, free_port_and_next
from tests.perception.several.virtual import AREA_M, Camera, Walker

PICTURE, SIZE = ROOT / "docs" / "cameras.jpg", {"width": 1200, "height": 860}
MOST_BYTES = 60_000

# Both see the whole area.
LEFT, RIGHT = Camera("left", (-2.5, 7.5, 2.6)), Camera("right", (8.5, 7.5, 2.6))


class JoinedStage:
    """``stand`` says who is there; ``piece`` is the whole piece with its desk."""

    def __init__(self, folder: Path) -> None:
        self._people: list[Walker] = []
        self.machines = {camera.name: Machine(camera, free_port_and_next(), self._people) for camera in (LEFT, RIGHT)}
        join = [{"name": name, "address": f"{LOCAL}:{machine.port}"} for name, machine in self.machines.items()]
        try:
            self.piece = PieceWithDesk(
                folder, {"capture": {"source": "joined"}, "eyes": {"area_m": list(AREA_M), "join": join}}
            )
        except BaseException:
            self._end_machines()
            raise

    def stand(self, *spots: tuple[float, float]) -> None:
        """These are where somebody stands from now on, metres of the area; none: nobody is there."""
        self._people[:] = [Walker([spot, spot], 0.0) for spot in spots]

    def end(self) -> int:
        """Gives the piece's exit code."""
        try:
            return self.piece.end()
        finally:
            self._end_machines()

    def _end_machines(self) -> None:
        for machine in self.machines.values():
            machine.end()


def says(page: Any, words: str) -> None:
    """Wait until the page does."""
    page.get_by_text(words, exact=False).first.wait_for()


def place(page: Any, stage: JoinedStage, camera: str) -> None:
    """As a technician does at the page Cameras: onto each mark, a second, press."""
    page.get_by_role("button", name=camera, exact=True).click()
    for number, (x_m, y_m) in enumerate(corners_of(AREA_M), 1):
        stage.stand()
        says(page, f"{camera} sees nobody")
        stage.stand((x_m, y_m))
        says(page, f"{camera} sees one person who stands still")
        page.get_by_role("button", name=f"Take {number}", exact=True).click()
        page.get_by_role("button", name=re.compile(f"^Mark {number}, ")).wait_for()


def write_picture(folder: Path) -> None:
    """Two placed cameras and somebody whom both see."""
    stage = JoinedStage(folder)
    try:
        with chromium_browser() as browser:
            page = browser.new_page(viewport=SIZE)
            page.set_default_timeout(120_000)
            page.goto(stage.piece.place + "/cameras")
            for camera in stage.machines:
                place(page, stage, camera)
            stage.stand((2.0, 2.5))
            says(page, "apart: good")
            page.get_by_text("is placed", exact=False).first.wait_for(state="detached")
            page.evaluate("window.scrollTo(0, 0)")
            page.wait_for_timeout(500)
            for quality in range(84, 20, -6):
                data = page.screenshot(type="jpeg", quality=quality)
                if len(data) <= MOST_BYTES:
                    break
            PICTURE.write_bytes(data)
    finally:
        stage.end()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="makes the picture of the page Cameras")
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args()
    if CHROMIUM is None:
        print("there is no browser (Debian: chromium)", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        write_picture(Path(folder))
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
