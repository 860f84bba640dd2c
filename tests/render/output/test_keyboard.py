"""Keys and pointer: names while the piece runs, events while outputs are set up. And where the displays are."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pygame
import pytest

from installation.base.arguments import display
from installation.config.cue_rows import KEYS
from installation.config.output import OutputConfig
from installation.render.output import displays
from installation.render.output.displays import DisplayError, desktop_area, display_number
from installation.render.output.keyboard import Keyboard

SIZE = (200, 100)


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyboard]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    monkeypatch.setattr(pygame.key, "set_repeat", lambda *_: None)
    monkeypatch.setattr(pygame.key, "get_mods", lambda: 0)
    monkeypatch.setattr(
        pygame.key, "name", lambda key: {pygame.K_TAB: "tab", pygame.K_KP3: "[3]", pygame.K_q: "q"}[key]
    )
    yield Keyboard()
    pygame.display.quit()


def down(key: int, mod: int = 0, unicode: str = "") -> Any:
    return pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=unicode)


def at(kind: int, x: int, y: int, **more: Any) -> Any:
    return pygame.event.Event(kind, pos=(x, y), **more)


def test_keys_are_names_until_somebody_edits(keyboard: Keyboard) -> None:
    assert keyboard.read(down(pygame.K_w), SIZE) == ["set_up_output"]
    assert keyboard.read(down(pygame.K_t), SIZE) == ["test_pattern"]
    assert keyboard.read(down(pygame.K_ESCAPE), SIZE) == ["quit"]
    assert keyboard.read(down(pygame.K_F12), SIZE) == ["snapshot"]
    assert keyboard.read(down(pygame.K_SPACE), SIZE) == ["next_scene"]
    assert keyboard.read(down(pygame.K_x), SIZE) == []
    keyboard.read(at(pygame.MOUSEBUTTONDOWN, 10, 10, button=1), SIZE)
    assert keyboard.take_input() == []


def test_keys_of_cues_give_their_command_line_and_never_take_one_that_is_in_use(keyboard: Keyboard) -> None:
    keyboard.bind({"f5": "cue 2.5", "h": "cue 3", "page up": "cue 4"})
    assert keyboard.read(down(pygame.K_F5), (64, 64)) == ["cue 2.5"]
    assert keyboard.read(down(pygame.K_PAGEUP), (64, 64)) == ["cue 4"]
    assert keyboard.read(down(pygame.K_h), (64, 64)) == ["hud"]
    keyboard.bind({"f6": "cue 2.5"})
    assert keyboard.read(down(pygame.K_F5), (64, 64)) == []
    assert keyboard.read(down(pygame.K_F6), (64, 64)) == ["cue 2.5"]
    assert all(pygame.key.key_code(key) for key in KEYS)


def test_while_editing_keys_and_pointer_are_events(keyboard: Keyboard) -> None:
    keyboard.edit(True)
    assert keyboard.read(down(pygame.K_q), SIZE) == [], "nobody ends the show by mistake"
    assert keyboard.read(down(pygame.K_h), SIZE) == ["hud"]
    keyboard.read(down(pygame.K_TAB, pygame.KMOD_LSHIFT), SIZE)
    keyboard.read(down(pygame.K_KP3), SIZE)
    keyboard.read(down(pygame.K_EQUALS, unicode="="), SIZE)
    found = [(event.kind, event.key, event.shift) for event in keyboard.take_input()]
    assert found == [("key", "q", False), ("key", "tab", True), ("key", "3", False), ("key", "+", False)]
    assert keyboard.take_input() == []


def test_a_drag_is_its_newest_place_and_only_the_left_button_drags(keyboard: Keyboard) -> None:
    keyboard.edit(True)
    keyboard.read(at(pygame.MOUSEMOTION, 5, 5), SIZE)
    keyboard.read(at(pygame.MOUSEBUTTONDOWN, 9, 9, button=3), SIZE)
    keyboard.read(at(pygame.MOUSEBUTTONDOWN, 20, 10, button=1), SIZE)
    for x in range(20, 60):
        keyboard.read(at(pygame.MOUSEMOTION, x, 50), SIZE)
    keyboard.read(at(pygame.MOUSEBUTTONUP, 60, 50, button=1), SIZE)
    keyboard.read(at(pygame.MOUSEMOTION, 90, 50), SIZE)
    found = [(event.kind, round(event.x, 3), event.y) for event in keyboard.take_input()]
    assert found == [("press", 0.1, 0.1), ("drag", 0.295, 0.5), ("release", 0.3, 0.5)]


def test_the_area_of_all_displays_is_asked_of_sdl() -> None:
    code = (
        "import pygame; from installation.render.output.displays import desktop_area; pygame.display.init();"
        "print(desktop_area(1), pygame.display.get_desktop_sizes()[0])"
    )
    env = {**os.environ, "SDL_VIDEODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    area, size = done.stdout.strip().rsplit(" (", 1)
    assert area == f"(0, 0, {size}"


def test_the_rectangle_round_displays_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(0, 0, 1920, 1080), (-1280, 200, 1280, 1024)]

    class Library:
        @staticmethod
        def SDL_GetDisplayBounds(number: int, rect: Any) -> int:
            rect._obj.x, rect._obj.y, rect._obj.w, rect._obj.h = places[number]
            return 0

    monkeypatch.setattr(displays.ctypes, "CDLL", lambda _: Library)
    assert desktop_area(2) == (-1280, 0, 3200, 1224)
    Library.SDL_GetDisplayBounds = staticmethod(lambda number, rect: -1)  # type: ignore[method-assign]
    with pytest.raises(DisplayError, match="to a number"):
        desktop_area(2)


def test_a_display_is_a_number_or_all() -> None:
    assert display_number(OutputConfig(display=3)) == 3
    assert display_number(OutputConfig(display="all")) == 0
    assert (display("all"), display("2")) == ("all", 2)
    for text in ("-1", "16", "both", ""):
        with pytest.raises(argparse.ArgumentTypeError, match="0 to 15, or all"):
            display(text)
