"""pygame's events of keyboard and pointer: names of commands, or ``InputEvent`` while the output is set up."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from installation.live_commands.table import COMMANDS
from installation.render.output.input_event import InputEvent


class Keyboard:
    """Sorts the operator's events; keys are those of the table of commands. The pointer's newest place counts: a drag that was
    not yet taken is replaced. pygame's display must be initialised: it knows the keys by name."""

    def __init__(self) -> None:
        commands = [(pygame.key.key_code(key), command) for command in COMMANDS.values() for key in command.keys]
        self._names = {code: command.name for code, command in commands}
        self._while_editing = {code for code, command in commands if command.while_editing}
        self._bound: set[int] = set()
        self._editing = self._dragging = False
        self._input: list[InputEvent] = []

    def bind(self, keys: Mapping[str, str]) -> None:
        """Keys beside those of the table of commands, and the command line that each gives; they replace the ones before."""
        own = {code for code in self._names if code not in self._bound}
        self._names = {code: name for code, name in self._names.items() if code in own}
        for key, line in keys.items():
            code = pygame.key.key_code(key)
            if code not in own:
                self._names[code] = line
        self._bound = self._names.keys() - own

    def edit(self, on: bool) -> None:
        """Whether keys and pointer set up the output; a key that is held then repeats."""
        self._editing, self._dragging = on, False
        self._input.clear()
        pygame.key.set_repeat(*((300, 40) if on else ()))

    def take_input(self) -> list[InputEvent]:
        """What happened since the last call, oldest first."""
        found, self._input = self._input, []
        return found

    def read(self, event: Any, size: tuple[int, int]) -> list[str]:
        """The name of the command that an event in a window of ``size`` gives, if it gives one; its argument behind a space."""
        if event.type == pygame.KEYDOWN and (not self._editing or event.key in self._while_editing):
            name = self._names.get(event.key)
            return [name] if name is not None else []
        if self._editing:
            self._note(event, size)
        return []

    def _note(self, event: Any, size: tuple[int, int]) -> None:
        # A key's event knows what was held with it; by now it may have been let go.
        held = event.mod if event.type == pygame.KEYDOWN else pygame.key.get_mods()
        shift = bool(held & pygame.KMOD_SHIFT)
        if event.type == pygame.KEYDOWN:
            self._input.append(InputEvent("key", _key_name(event), shift=shift))
            return
        pointer = (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION)
        if event.type not in pointer or getattr(event, "button", 1) != 1:
            return
        x, y = event.pos[0] / size[0], event.pos[1] / size[1]
        if event.type == pygame.MOUSEMOTION:
            if not self._dragging:
                return
            if self._input and self._input[-1].kind == "drag":
                self._input.pop()
            self._input.append(InputEvent("drag", "", x, y, shift))
            return
        self._dragging = event.type == pygame.MOUSEBUTTONDOWN
        self._input.append(InputEvent("press" if self._dragging else "release", "", x, y, shift))


def _key_name(event: Any) -> str:
    """The key as ``InputEvent`` names it: a number block's keys as their signs, + also without shift."""
    if event.unicode in ("+", "=", "-"):
        return "-" if event.unicode == "-" else "+"
    return str(pygame.key.name(event.key)).strip("[]").lower()
