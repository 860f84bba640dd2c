"""What live commands do: the ``Piece`` of table.py, on the running parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from installation.base.files import PROGRAM
from installation.base.notices import Notices
from installation.base.supervisor import StopSignal
from installation.config.output import Hud
from installation.config.scene_files import scene_names
from installation.live_commands.table import Argument
from installation.types import SceneState

NEXT_HUD: dict[Hud, Hud] = {"off": "figures", "figures": "notices", "notices": "off"}
"""What the key H leads to. Whoever presses it wants the figures; notices alone are often none, and one would press in vain."""


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


class Cues(Protocol):
    """Presets and the cue list."""

    def preset(self, which: Argument | None) -> None: ...
    def cue(self, which: Argument | None) -> None: ...
    def go(self) -> None: ...
    def back(self) -> None: ...
    def hold(self) -> None: ...
    def store(self, what: str) -> None: ...


class Takes(Protocol):
    """Recording of poses."""

    def begin(self, label: str = "") -> None: ...


class Sources(Protocol):
    """The sources that have a name."""

    def choose(self, name: str) -> None: ...


class Rehearsal(Protocol):
    """The performance that plays, if one does."""

    def pause(self, on: bool | None) -> None: ...
    def step(self) -> None: ...
    def seek(self, at_s: float) -> None: ...


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
        cues: Cues,
        rehearsal: Rehearsal,
        sources: Sources,
        tap: Callable[[], None],
        learn: Callable[[str], None],
        restart: Callable[[], None] | None = None,
    ) -> None:
        self._captures, self._outputs, self._generators = captures, outputs, generators
        self._takes, self._show = takes, show
        self._event, self._notices, self._stop, self._hours, self._cues = event, notices, stop, hours, cues
        self._rehearsal, self._sources, self._restart = rehearsal, sources, restart
        self._tap, self._learn = tap, learn
        self.hud: Hud = "off"
        """What the operator reads on the wall."""

    def quit(self) -> None:
        """End the piece."""
        self._stop.set("asked for at the keyboard or window")

    def show_hud(self) -> None:
        """Figures; then notices alone; then nothing."""
        self.hud = NEXT_HUD[self.hud]

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

    def choose_source(self, name: str) -> None:
        """See with this source, with the next one without a name."""
        self._sources.choose(name)

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

    def preset(self, which: Argument | None) -> None:
        """Recall the preset of this number or name."""
        self._cues.preset(which)

    def cue(self, which: Argument | None) -> None:
        """Go to the cue of this number or name; without one, the running one once more."""
        self._cues.cue(which)

    def cue_go(self) -> None:
        """The next cue, or on with what is held."""
        self._cues.go()

    def cue_back(self) -> None:
        """The cue before."""
        self._cues.back()

    def cue_hold(self) -> None:
        """Stop fades and what follows by itself."""
        self._cues.hold()

    def store_preset(self, what: str) -> None:
        """Store settings as they are now: a name, and after a colon the settings' places."""
        self._cues.store(what)

    def tap(self) -> None:
        """A beat is now."""
        self._tap()

    def learn_midi(self, what: str) -> None:
        """The next control that is moved turns this setting or gives this command; a fault where there is none such."""
        self._learn(what)

    def pause_performance(self, on: bool | None) -> None:
        """Hold the performance that plays, go on, or change over (None)."""
        self._rehearsal.pause(on)

    def step_performance(self) -> None:
        """One observation on, and hold."""
        self._rehearsal.step()

    def seek_performance(self, at_s: float) -> None:
        """Jump to a second of it."""
        self._rehearsal.seek(at_s)

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
            text = f"not done: nobody would start the piece again; run it by {PROGRAM} guard or {PROGRAM} service"
            self._notices.note("restart command", text)
        else:
            self._restart()
