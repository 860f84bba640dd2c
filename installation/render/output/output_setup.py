"""Setting up the outputs while the piece runs: test patterns, and sessions of the warp editor."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from installation.base.notices import Notices
from installation.config.output import OutputConfig, ScreenConfig
from installation.render.output.handles import triangles
from installation.render.output.operator_layer import PATTERNS
from installation.render.output.output_pass import OutputPass
from installation.render.output.warp_editor import WarpEditor
from installation.render.surface import Surface

log = logging.getLogger(__name__)

STAGE = "outputs"
PATTERN = "test pattern"


class OutputSetup:
    """Stands between keys, the output pass and the settings file; main thread only.

    ``save`` stores screens in the settings and gives what went wrong, or None. What is set up here shows at once and stays
    until it is saved or left; settings that are saved elsewhere meanwhile wait.
    """

    def __init__(
        self,
        surface: Surface,
        output: OutputPass,
        config: OutputConfig,
        notices: Notices,
        save: Callable[[tuple[ScreenConfig, ...]], str | None],
    ) -> None:
        self._surface, self._output, self._config = surface, output, config
        self._notices, self._save = notices, save
        self._pattern = config.test_pattern
        self._editor: WarpEditor | None = None
        self._drawn: tuple[Any, ...] = ()
        self._trouble: tuple[str, ...] = ()
        """A line, where the last save went wrong."""
        self._note_pattern()

    @property
    def editing(self) -> bool:
        """Whether the handles are on the screen."""
        return self._editor is not None

    def describe(self) -> dict[str, object]:
        """For the operator's page: the test pattern, whether the handles are on the screen, and the window's size in pixels."""
        return {"pattern": self._pattern, "editing": self.editing, "size": list(self._surface.size)}

    def reconfigure(self, config: OutputConfig) -> None:
        """Go on with settings that were saved. Call it after the renderer's own: what is being set up here stays."""
        if config.test_pattern != self._config.test_pattern:
            self._pattern = config.test_pattern
        self._config = config
        self._apply()
        self._note_pattern()

    def show_pattern(self, name: str = "") -> None:
        """Show a test pattern, "none" for none, "" for the next one. An unknown name raises a fault and changes nothing."""
        following = PATTERNS[(PATTERNS.index(self._pattern) + 1) % len(PATTERNS)]
        found = next((pattern for pattern in PATTERNS if pattern == name), None) if name else following
        if found is None:
            self._notices.fault(PATTERN, f"there is no test pattern {name!r}; there are {', '.join(PATTERNS)}")
            return
        self._notices.resolve(PATTERN, "fault")
        self._pattern = found
        self._apply()
        self._note_pattern()

    def begin(self) -> None:
        """Show the handles and take keys and pointer."""
        self._editor, self._drawn, self._trouble = WarpEditor(self._config.screens), (), ()
        self._surface.edit(True)
        self.update()

    def update(self) -> None:
        """Take what keys and pointer did since the last call. Costs nothing while nobody edits."""
        if self._editor is None:
            return
        for event in self._surface.take_input():
            verdict = self._editor.handle(event, self._surface.size)
            if verdict == "save" and not self._saved():
                continue
            if verdict is not None:
                self._end()
                return
        editor, size = self._editor, self._surface.size
        state = (editor.version, editor.output, editor.on_grid, editor.selected, size)
        if state != self._drawn:
            if not self._drawn or state[0] != self._drawn[0]:
                self._apply()
            self._drawn = state
            self._output.set_handles(triangles(editor, size))

    def lines(self) -> tuple[str, ...]:
        """What stands in the corner of the screen while somebody edits."""
        return (*self._editor.lines(self._surface.size), *self._trouble) if self._editor is not None else ()

    def _saved(self) -> bool:
        assert self._editor is not None
        trouble = self._save(self._editor.screens)
        if trouble is not None:
            self._trouble = (f"! not saved: {trouble}",)
            self._notices.fault(STAGE, f"not saved: {trouble}")
            return False
        self._notices.resolve(STAGE)
        log.info("outputs: saved")
        # The settings' watcher will bring the same in a moment; until then it must not look as if it were undone.
        self._config = self._config.model_copy(update={"screens": list(self._editor.screens)})
        return True

    def _end(self) -> None:
        self._editor = None
        self._surface.edit(False)
        self._output.set_handles(None)
        self._apply()

    def _apply(self) -> None:
        screens = list(self._editor.screens) if self._editor is not None else self._config.screens
        self._output.reconfigure(self._config.model_copy(update={"screens": screens, "test_pattern": self._pattern}))

    def _note_pattern(self) -> None:
        if self._pattern == "none":
            self._notices.resolve(PATTERN, "note")
        else:
            self._notices.note(PATTERN, f"{self._pattern} is shown instead of the piece (key T)")
