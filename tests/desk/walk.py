"""From nothing to a piece of one's own, by the page alone: what docs/desk.md tells a newcomer, done by a browser.

    python -m tests.desk.walk            says how long each step took
    python -m tests.desk.walk --write    and makes the pictures of docs/desk/

Somebody stands before the piece: the solo of ``performances/``, who lifts the arms at ``ARMS_S``. Each step uses only what
the page shows, by the names that a reader sees, and fails where the piece does not follow.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from installation.config.load import parse_configs
from tests.desk.piece import CHROMIUM, ROOT, PieceWithDesk, chromium_browser, soon

PICTURES = ROOT / "docs" / "desk"
SIZE = {"width": 1000, "height": 720}
MOST_BYTES = 60_000
PATIENCE_S = 45.0
"""A step may take so long on a busy machine without a GPU."""
ARMS_S, OTHER_S, SOLO_S = 412.5, 430.0, 600.0
"""Of the solo: the arms go up; other movements, for none; its length."""
GLOW, SIZE_OF, VIVID = "/control/output/glow", "/control/scene/size", "/control/look/vividness"


class Walk:
    """One browser at one piece. ``write``: pictures are kept."""

    def __init__(self, piece: PieceWithDesk, page: Any, write: bool) -> None:
        self._piece, self._page, self._write = piece, page, write
        self.took_s: dict[str, float] = {}
        self.pictures: list[Path] = []

    def all(self) -> None:
        """Every step."""
        for step in (self.look, self.dials, self.presets, self.cues, self.record, self.train, self.give, self.rehearse):
            began_s = time.monotonic()
            step()
            name = (step.__doc__ or "").rstrip(".")
            self.took_s[name] = time.monotonic() - began_s
            print(f"{self.took_s[name]:6.1f} s  {name}", flush=True)
        print(f"{sum(self.took_s.values()):6.1f} s  all")

    def look(self) -> None:
        """Choose another look."""
        look = parse_configs([("tide", "look: tide\n")]).look
        self._go("Looks")
        self._page.get_by_role("button", name="look tide").click()
        self._page.get_by_text("tide is chosen").wait_for()
        self._page.get_by_role("button", name="look tide", pressed=True).wait_for()
        self._page.get_by_text("1 visitor").wait_for()
        soon(lambda: self._piece.values()[VIVID] == look.vividness, PATIENCE_S)
        self._picture("look")

    def dials(self) -> None:
        """Turn two dials and save."""
        self._go("Live")
        self._dial("Size", "1.4", SIZE_OF)
        self._dial("Glow", "2", GLOW)
        self._page.get_by_label("Painting, number").scroll_into_view_if_needed()
        self._page.get_by_role("button", name="Save", exact=True).click()
        self._page.get_by_text("written to config.yaml").wait_for()
        self._picture("dials")
        assert "tide" in self._piece.config.read_text()

    def presets(self) -> None:
        """Store it as a preset, and another one."""
        self._store("day")
        self._go("Looks")
        self._page.get_by_role("button", name="look ink").click()
        self._page.get_by_text("ink is chosen").wait_for()
        self._go("Live")
        self._dial("Size", "0.8", SIZE_OF)
        self._dial("Glow", "0.6", GLOW)
        self._store("night")
        self._page.get_by_role("button", name="2 · night", exact=True).wait_for()
        self._picture("presets")

    def cues(self) -> None:
        """Two cues at set times."""
        for name, preset, at in (("opening", "day", "10:00"), ("evening", "night", "18:00")):
            self._page.get_by_role("button", name="New cue").click()
            form = self._page.get_by_role("dialog", name="New cue")
            form.get_by_label("Name", exact=True).fill(name)
            form.get_by_role("combobox", name="Preset").click()
            self._page.get_by_role("option", name=preset).click()
            form.get_by_label("Fade, seconds").fill("4")
            form.get_by_label("At these times of day").fill(at)
            if name == "evening":
                self._page.get_by_role("alert").filter(has_text="saved").wait_for(state="detached")
                form.get_by_label("Name", exact=True).scroll_into_view_if_needed()
                self._picture("cue")
            form.get_by_role("button", name="Save").click()
            self._page.get_by_role("button", name=f"Go to cue {1 if name == 'opening' else 2}").wait_for()
        assert [cue["at"] for cue in self._told("cues")["cues"]] == [["10:00"], ["18:00"]]

    def record(self) -> None:
        """Record the pose, and what must not count."""
        self._speed("0.5")
        self._seek(ARMS_S)
        self._take("arms_up", "recording")
        self._speed("1")
        self._seek(OTHER_S)
        self._take("none")

    def train(self) -> None:
        """Train."""
        self._page.get_by_role("button", name="Train", exact=True).click()
        self._page.get_by_text("Trained.", exact=True).wait_for(timeout=8 * 1000 * PATIENCE_S)
        soon(lambda: "arms_up" in self._told("poses")["trained"], PATIENCE_S)
        self._page.wait_for_timeout(2500)  # the table of what is recorded is read every two seconds
        self._picture("trained")

    def give(self) -> None:
        """Let the pose fire the second cue."""
        self._go("Cues")
        self._page.get_by_role("button", name="Edit: cue 2").click()
        form = self._page.get_by_role("dialog", name="Cue 2")
        form.get_by_role("combobox", name="A pose or gesture is held").click()
        self._page.get_by_role("option", name="arms_up").click()
        self._page.keyboard.press("Escape")
        form.get_by_role("button", name="Save").click()
        self._page.get_by_text("pose arms_up").wait_for()

    def rehearse(self) -> None:
        """The pose fires it, and the wall follows."""
        self._page.get_by_role("button", name="1 · day", exact=True).click()
        soon(lambda: self._piece.values()[GLOW] == 2, PATIENCE_S)
        assert self._told("cues")["running"] is None
        self._seek(ARMS_S - 2)
        self._go("Cues")
        self._page.get_by_role("status").get_by_text("2 evening").wait_for()
        self._picture("fired")
        soon(lambda: self._piece.values()[GLOW] == 0.6, PATIENCE_S)
        assert self._told("cues")["running"] == 2
        self._go("Live")
        self._page.wait_for_timeout(3000)  # a still comes once a second
        self._picture("wall")

    # What a hand does.

    def _go(self, title: str) -> None:
        self._page.get_by_role("navigation").get_by_text(title, exact=True).click()
        self._page.get_by_role("heading", level=1, name=title).wait_for()
        # A script is faster than the page's connection, over which a press goes; a hand is not.
        self._page.wait_for_function("() => window.did_handshake")
        self._page.wait_for_timeout(300)

    def _dial(self, name: str, value: str, path: str) -> None:
        field = self._page.get_by_label(f"{name}, number", exact=True)
        field.fill(value)
        field.press("Enter")
        soon(lambda: self._piece.values()[path] == float(value), PATIENCE_S)

    def _store(self, name: str) -> None:
        self._go("Cues")
        self._page.get_by_label("Name of a preset").fill(name)
        self._page.get_by_role("button", name="Store as a preset", exact=True).click()
        self._page.get_by_text(f"{name} is stored").wait_for()

    def _speed(self, value: str) -> None:
        self._go("Rehearsal")
        self._dial("speed", value, "/control/rehearsal/speed")

    def _seek(self, at_s: float) -> None:
        """Press the line of the performance at this place."""
        self._go("Rehearsal")
        line = self._page.get_by_role("slider", name="Place in the performance, seconds")
        soon(lambda: abs(float(line.get_attribute("aria-valuemax") or 0) - SOLO_S) < 0.1, PATIENCE_S)
        box = line.bounding_box()
        self._page.mouse.click(box["x"] + box["width"] * at_s / SOLO_S, box["y"] + box["height"] / 2)
        soon(lambda: abs(self._told("rehearsal")["at_s"] - at_s) < 4, PATIENCE_S)

    def _take(self, label: str, picture: str = "") -> None:
        self._go("Poses")
        self._page.get_by_label("Pose to record").fill(label)
        self._page.get_by_role("button", name="Record", exact=True).click()
        soon(lambda: self._told("poses")["recording"], PATIENCE_S)
        if picture:
            self._page.wait_for_timeout(1000)
            self._picture(picture)
        soon(lambda: not self._told("poses")["recording"], PATIENCE_S)
        self._page.get_by_role("cell", name=label, exact=True).wait_for()

    def _told(self, part: str) -> Any:
        return self._piece.state().get(part) or {}

    def _picture(self, name: str) -> None:
        if not self._write:
            return
        self._page.wait_for_timeout(500)  # what was just said has come up
        path = PICTURES / f"{name}.jpg"
        for quality in range(84, 20, -6):
            data = self._page.screenshot(type="jpeg", quality=quality)
            if len(data) <= MOST_BYTES:
                break
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        self.pictures.append(path)


@contextmanager
def newcomer(folder: Path) -> Iterator[PieceWithDesk]:
    """A piece as it is after the first start, its settings and poses in ``folder``, and the solo before it."""
    poses = {"data": str(folder / "poses" / "poses.csv"), "model": str(folder / "poses" / "poses.onnx")}
    piece = PieceWithDesk(folder, {"capture": {"source": "performance:solo"}, "poses": poses})
    try:
        soon(piece.values, PATIENCE_S)
        yield piece
    finally:
        piece.end()


def walk(folder: Path, write: bool = False) -> Walk:
    """All steps at a new piece."""
    with newcomer(folder) as piece, chromium_browser() as browser:
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(1000 * PATIENCE_S)
        page.goto(piece.place)
        page.wait_for_selector("h1")
        found = Walk(piece, page, write)
        try:
            found.all()
        except BaseException:
            page.screenshot(path=str(folder / "stuck.png"))
            raise
        return found


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="walks through docs/desk.md's ten minutes in a browser")
    parser.add_argument("--write", action="store_true", help="make the pictures of docs/desk/")
    write: bool = parser.parse_args().write
    if CHROMIUM is None:
        print("there is no browser (Debian: chromium)", file=sys.stderr)
        return 1
    folder = Path(tempfile.gettempdir()) / "mien-walk"  # it is seen on the pictures
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        found = walk(folder, write)
    except Exception:
        print(f"see {folder}/stuck.png and {folder}/log", file=sys.stderr)
        raise
    for path in found.pictures:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
