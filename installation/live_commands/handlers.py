"""What live commands do: the ``Piece`` of table.py, on the running parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from installation.base.notices import Notices
from installation.base.supervisor import StopSignal
from installation.config.scene_files import scene_names
from installation.types import SceneState


class Captures(Protocol):
    """Screenshots and videos."""

    def snapshot(self) -> None: ...
    def video(self, on: bool | None, scene: SceneState | None) -> None: ...


class Outputs(Protocol):
    """Test patterns, and setting up projectors by hand."""

    def show_pattern(self, name: str = "") -> None: ...
    def begin(self) -> None: ...


class Generators(Protocol):
    """The generators of models/, and paintings that are asked for."""

    def use_model(self, name: str) -> None: ...
    def paint(self) -> None: ...


class Hours(Protocol):
    """The opening hours."""

    def wish(self, name: str) -> None: ...


class Takes(Protocol):
    """Recording of poses."""

    def begin(self, label: str = "") -> None: ...


class Stage(Protocol):
    """The show, as far as a command looks at it."""

    scene_state: SceneState | None

    @property
    def is_black(self) -> bool: ...


class RunningPiece:
    """Main thread only, between two pictures. ``event`` tells the show, such as ("next_scene", []).

    ``restart`` ends the piece so that it is started again; None where nobody would start it.
    """

    def __init__(
        self,
        captures: Captures,
        outputs: Outputs,
        generators: Generators,
        takes: Takes,
        show: Stage,
        event: Callable[[str, list[Any]], None],
        notices: Notices,
        stop: StopSignal,
        hours: Hours,
        restart: Callable[[], None] | None = None,
    ) -> None:
        self._captures, self._outputs, self._generators = captures, outputs, generators
        self._takes, self._show = takes, show
        self._event, self._notices, self._stop, self._hours = event, notices, stop, hours
        self._restart = restart
        self.hud = False
        """Whether the operator's figures are shown."""

    def quit(self) -> None:
        """End the piece."""
        self._stop.set("asked for at the keyboard or window")

    def show_hud(self) -> None:
        """Figures on and off."""
        self.hud = not self.hud

    def next_scene(self) -> None:
        """Cross-fade to the next scene."""
        self._event("next_scene", [])

    def choose_scene(self, name: str) -> None:
        """Cross-fade to this scene; a fault where there is none of that name."""
        names = scene_names()
        if name not in names:
            self._notices.fault("scene command", f"there is no scene {name!r}; there are {', '.join(names)}")
            return
        self._notices.resolve("scene command")
        self._event("choose_scene", [name])

    def clear(self) -> None:
        """Let the picture come to rest and then come back."""
        self._event("clear", [])

    def snapshot(self) -> None:
        """Store the next picture."""
        self._captures.snapshot()

    def video(self, on: bool | None) -> None:
        """Begin, end, or change over (None)."""
        self._captures.video(on, self._show.scene_state)

    def paint(self) -> None:
        """Have this moment painted well, and shown."""
        self._generators.paint()

    def record(self, label: str) -> None:
        """Record a take of this pose, of the settings' without a label."""
        self._takes.begin(label)

    def choose_generator(self, name: str) -> None:
        """Go on with this generator, with the next one without a name."""
        self._generators.use_model(name)

    def test_pattern(self, name: str) -> None:
        """Show this pattern, the next one without a name."""
        self._outputs.show_pattern(name)

    def set_up_output(self) -> None:
        """Begin to set up projectors and screens by hand."""
        self._outputs.begin()

    def hours(self, wish: str) -> None:
        """Open or closed until the hours next change, by the hours again, or, without a word, the other of the two."""
        try:
            self._hours.wish(wish)
        except ValueError as error:
            self._notices.fault("hours command", str(error))
        else:
            self._notices.resolve("hours command")

    def blackout(self, on: bool | None) -> None:
        """Take the light away (True), bring it back (False), or the other of the two (None)."""
        black = not self._show.is_black if on is None else on
        if black == self._show.is_black:
            return
        self._event("blackout", [int(black)])
        if black:
            self._notices.note("blackout", "the light is out by the operator's word (key B brings it back)")
        else:
            self._notices.resolve("blackout")

    def restart(self) -> None:
        """Start the piece anew; a note where nobody would start it."""
        if self._restart is None:
            text = "not done: nobody would start the piece again; run it by run.py guard or run.py service"
            self._notices.note("restart command", text)
        else:
            self._restart()
