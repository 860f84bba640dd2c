"""The frame loop: take what is new, draw, measure, wait for the next deadline."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from installation.base.clock import Clock
from installation.base.mailbox import Closed
from installation.base.memory import resident_mb
from installation.base.notices import Notice, Notices
from installation.base.pacing import Every, Pacer
from installation.base.supervisor import StopSignal
from installation.config.live_settings import LiveSettings
from installation.config.load import ConfigError, ConfigWatcher
from installation.config.scene_files import scene_names
from installation.config.settings import NEEDS_RESTART, Config
from installation.generation.delivery import Generating
from installation.poses.takes import Posing
from installation.record.recording import Event
from installation.record.report import RunReport
from installation.render.captures.captures import Keeping
from installation.show import Show
from installation.showcontrol.lights.lights import Lights
from installation.showcontrol.midi.midi import MidiOut
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.oscquery.server import OscQueryServer
from installation.stages import Eyes
from installation.types import EMOTIONS, Person, SceneState

log = logging.getLogger(__name__)

NOTICE_S = 8.0
"""A new notice stays on the screen for this long, also where the operator's figures are hidden."""


@dataclass
class Parts:
    """What the loop works with. ``surface``, ``renderer`` and ``desk`` (output_desk.py) are of their own modules, which need a
    GPU's driver to import; ``open_eyes`` opens another source."""

    surface: Any
    renderer: Any
    generating: Generating
    sender: Any
    receiver: OscReceiver
    lights: Lights
    midi: MidiOut
    posing: Posing
    show: Show
    eyes: Eyes
    open_eyes: Callable[[Config], Eyes]
    keeping: Keeping
    desk: Any
    control: LiveSettings
    query: OscQueryServer


@dataclass
class _Counts:
    """Since the last health message."""

    frames: int = 0
    observations: int = 0
    textures: int = 0


class FrameLoop:
    """Draws until it is told to stop. Main thread only: it is the one that may touch OpenGL.

    While it waits for the next frame's deadline it takes observations, so that OSC leaves at once and not a frame later.
    """

    def __init__(
        self,
        parts: Parts,
        config: Config,
        watcher: ConfigWatcher,
        clock: Clock,
        notices: Notices,
        report: RunReport,
        stop: StopSignal,
    ) -> None:
        self._parts, self._config, self._watcher, self._clock = parts, config, watcher, clock
        self._notices, self._report, self._stop = notices, report, stop
        self._hud = config.output.hud
        self._counts, self._counted_s = _Counts(), clock.now()
        self._rates = (0.0, 0.0, 0.0)
        self._observation_seq = self._camera_seq = self._silhouette_seq = 0
        self._observed_s: float | None = None
        self._people: tuple[Person, ...] = ()
        self._drops: dict[str, int] = {}
        self._memory_mb = resident_mb()
        self._second, self._health = Every(1.0), Every(config.osc.health_s)
        self._hud_due, self._shaders_due, self._objects_due = Every(0.25), Every(0.5), Every(10.0)
        self._objects: int | None = None

    def warm_up(self, seconds: float, on_first_frame: Callable[[], object]) -> None:
        """Draw, but do not count, until perception is ready or ``seconds`` are over; then let the pictures come."""
        self._draw(self._clock.now())
        on_first_frame()
        until_s = self._clock.now() + seconds
        pacer = Pacer(1 / self._frame_rate(), self._clock.now())
        while not self._stop.is_set and not self._parts.eyes.ready() and self._clock.now() < until_s:
            self._pause(pacer.deadline_s)
            self._draw(self._clock.now())
            self._keys(self._parts.surface.poll_events())
            pacer.advance(self._clock.now())
        self._parts.eyes.begin()

    def run(self, seconds: float | None) -> None:
        """Draw for ``seconds`` (None: until stopped). What a stage raises is not caught here."""
        clock = self._clock
        start_s = clock.now()
        pacer = Pacer(1 / self._frame_rate(), start_s)
        self._second.due(start_s)
        self._health.due(start_s)
        self._counts, self._counted_s = _Counts(), start_s
        while not self._stop.is_set:
            self._take_observations(pacer.deadline_s)
            now_s = clock.now()
            if seconds is not None and now_s - start_s >= seconds:
                self._stop.set(f"{seconds:g} seconds are over")
                break
            self._counts.textures += self._parts.generating.take(now_s, self._report)
            self._draw(now_s)
            drawn_s = clock.now()
            period_s = 1 / self._frame_rate()
            self._parts.renderer.measured(drawn_s - now_s, period_s, drawn_s, period_s)
            age_ms = None if self._observed_s is None else (drawn_s - self._observed_s) * 1000
            self._report.drawn(drawn_s, age_ms)
            self._counts.frames += 1
            self._keys(self._parts.surface.poll_events())
            self._commands()
            self._now_and_then(drawn_s)
            pacer.advance(clock.now())

    def finish_report(self) -> None:
        """Hand the last figures to the report."""
        parts, report = self._parts, self._report
        self._add_drops(parts.eyes)
        report.mailbox_drops = {**self._drops, **parts.generating.drops}
        report.osc_bundles_sent = parts.sender.bundles_sent
        report.more["osc_priority"] = parts.sender.priority
        report.providers = {**report.providers, **parts.eyes.providers(), **parts.generating.providers}
        report.renderer = parts.surface.renderer
        report.more["quality_rung"] = parts.renderer.ladder.rung
        report.more["output"] = parts.surface.describe
        report.more["source"] = parts.eyes.describe()

    def _frame_rate(self) -> float:
        output = self._config.output
        return output.software_per_second if self._parts.surface.is_software else output.per_second

    def _pause(self, until_s: float) -> None:
        wait_s = until_s - self._clock.now()
        if wait_s > 0:
            self._stop.wait(wait_s)

    def _take_observations(self, until_s: float) -> None:
        """Take observations as they come until ``until_s``."""
        while not self._stop.is_set:
            if self._parts.eyes.observations.closed:
                self._pause(until_s)
                return
            self._take_one(min(until_s - self._clock.now(), 0.1))
            if self._clock.now() >= until_s:
                return

    def _take_what_is_there(self) -> None:
        self._take_one(0.0)

    def _take_one(self, wait_s: float) -> None:
        """Take the newest observation, waiting up to ``wait_s`` seconds for one."""
        try:
            got = self._parts.eyes.observations.wait_newer(self._observation_seq, wait_s)
        except Closed:
            return
        if got is None:
            return
        self._observation_seq, observation = got
        observation = self._parts.posing.read(observation)
        self._parts.posing.record(observation)
        self._parts.show.take(Event("observation", self._clock.now(), observation))
        self._people = observation.people
        self._observed_s = observation.t_s
        self._counts.observations += 1
        self._report.observed(observation.compute_ms, max(0.0, (self._clock.now() - observation.t_s) * 1000))

    def _draw(self, now_s: float) -> None:
        parts = self._parts
        parts.show.take(Event("frame", now_s))
        scene = parts.show.scene_state
        assert scene is not None
        parts.lights.show(scene, parts.show.states)
        parts.midi.show(scene, parts.show.states)
        parts.generating.ask(scene, now_s)
        self._take_silhouette(scene, now_s)
        if self._config.output.background == "camera" and parts.eyes.frames is not None:
            number, frame = parts.eyes.frames.peek()
            if frame is not None and number != self._camera_seq:
                self._camera_seq = number
                parts.renderer.set_camera(frame.rgb)
        if self._hud_due.due(now_s):
            large, caption = parts.posing.caption(now_s)
            lines = self._hud_lines(now_s)
            parts.renderer.hud.show((caption, *lines) if caption else lines, large)
        # What perception sees while the picture is being drawn goes out at once.
        parts.renderer.draw(scene, self._take_what_is_there)
        parts.keeping.drawn(scene, now_s, self._take_what_is_there)
        parts.surface.present(self._take_what_is_there)

    def _take_silhouette(self, scene: SceneState, now_s: float) -> None:
        """Where the visitors are, while a scene shows it."""
        parts = self._parts
        wanted = parts.renderer.wants_silhouettes(scene)
        parts.eyes.want_silhouettes(wanted)
        number, silhouette = parts.eyes.silhouettes.peek()
        if not wanted or not self._people:
            silhouette = None
        parts.generating.see(silhouette, self._people, parts.show.states, now_s)
        if silhouette is None:
            parts.renderer.set_silhouette(None)
        elif number != self._silhouette_seq:
            parts.eyes.silhouettes.wait_newer(self._silhouette_seq, 0.0)
            self._silhouette_seq = number
            parts.renderer.set_silhouette(silhouette)

    def _keys(self, names: list[str]) -> None:
        for name in names:
            match name:
                case "quit":
                    self._stop.set("asked for at the keyboard or window")
                case "hud":
                    self._hud = not self._hud
                case "snapshot":
                    self._obey("snapshot")
                case "set_up_output":
                    self._parts.desk.begin()
                case "texture_model":
                    self._obey("texture_model")
                case "next_scene" | "clear" | "record" | "video" | "test_pattern":
                    self._obey(name)
        self._parts.desk.update()

    def _commands(self) -> None:
        """Obey what came over OSC and by poses. Between two pictures: observations are also taken while one is being drawn,
        and a screenshot in the midst of it would show half a picture."""
        for path, args in self._parts.receiver.take():
            self._obey(path.removeprefix("/"), *args)
        for fired in self._parts.show.take_fired():
            log.info("visitor %d holds %s: %s", fired.person_id, fired.label, fired.command)
            self._obey(fired.command)
        changed = self._parts.control.take(self._clock.now())
        if changed is not None:
            self._take_over(changed)

    def _obey(self, command: str, argument: Any = None) -> None:
        """Do what a key, an OSC message or a visitor's pose asks for."""
        match command:
            case "scene" if argument is not None:
                self._choose_scene(str(argument))
            case "scene":
                self._event("next_scene", [])
            case "snapshot":
                self._parts.keeping.snapshot()
            case "video":
                self._parts.keeping.video(None if argument is None else bool(argument), self._parts.show.scene_state)
            case "texture_model":
                self._parts.generating.use_model("" if argument is None else str(argument))
            case "record":
                self._parts.posing.begin("" if argument is None else str(argument))
            case "test_pattern":
                self._parts.desk.show_pattern("" if argument is None else str(argument))
            case _:
                self._event(command, [])

    def _choose_scene(self, name: str) -> None:
        names = scene_names()
        if name not in names:
            self._notices.fault("scene command", f"there is no scene {name!r}; there are {', '.join(names)}")
            return
        self._notices.resolve("scene command")
        self._event("choose_scene", [name])

    def _event(self, name: str, args: list[Any]) -> None:
        self._parts.show.take(Event("event", self._clock.now(), {"name": name, "args": args}))

    def _now_and_then(self, now_s: float) -> None:
        self._parts.keeping.poll()
        if self._health.due(now_s):
            self._tell_health(now_s)
        if self._second.due(now_s):
            self._memory_mb = resident_mb([*self._parts.eyes.child_pids(), *self._parts.sender.pids])
            if self._objects_due.due(now_s):
                self._objects = self._parts.renderer.object_count()
            self._parts.posing.poll()
            self._report.second(now_s, self._parts.show.states, self._memory_mb, gl_objects=self._objects)
        if self._shaders_due.due(now_s):
            self._parts.renderer.poll_shaders()
            self._look_at_config()

    def _tell_health(self, now_s: float) -> None:
        period_s = max(now_s - self._counted_s, 1e-3)
        self._counted_s = now_s
        counts, self._counts = self._counts, _Counts()
        self._rates = (counts.frames / period_s, counts.observations / period_s, counts.textures / period_s)
        active = self._notices.active()
        faults = [[note.stage, note.message] for note in active if note.kind == "fault"]
        fallbacks = [[note.stage, note.message] for note in active if note.kind == "fallback"]
        figures = [*self._rates, len(faults), len(fallbacks), self._memory_mb]
        value = {"figures": figures, "faults": faults, "fallbacks": fallbacks}
        self._parts.show.take(Event("health", now_s, value))

    def _look_at_config(self) -> None:
        found = self._watcher.poll()
        if found is None:
            return
        if isinstance(found, ConfigError):
            self._notices.fault("config", str(found))
            return
        self._notices.resolve("config")
        log.info("config.yaml: new settings taken over")
        self._take_over(self._parts.control.rebase(found))

    def _take_over(self, found: Config) -> None:
        """Go on with other settings, whether they come from the file or over OSC."""
        old, self._config = self._config, found
        parts = self._parts
        parts.show.take(Event("config", self._clock.now(), found.model_dump()))
        parts.sender.reconfigure(found.osc)
        parts.receiver.reconfigure(found.osc)
        parts.query.reconfigure(found)
        parts.lights.reconfigure(found.lights)
        parts.midi.reconfigure(found.midi)
        parts.posing.reconfigure(found.poses, found.perception.gestures)
        parts.generating.reconfigure(found)
        parts.keeping.reconfigure(found)
        parts.renderer.reconfigure(found.output, found.scene.parameters)
        parts.desk.reconfigure(found.output)
        self._health.period_s = found.osc.health_s
        if old.output.hud != found.output.hud:
            self._hud = found.output.hud
        if (old.capture, old.perception) != (found.capture, found.perception):
            self._change_eyes(found)
        waiting = sorted(name for name in NEEDS_RESTART if _setting(old, name) != _setting(found, name))
        if waiting:
            self._notices.fallback("output", f"a change of {', '.join(waiting)} counts from the next start on")

    def _change_eyes(self, config: Config) -> None:
        try:
            eyes = self._parts.open_eyes(config)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new source, the old one goes on
            self._notices.fault("source", f"{error}; the old source goes on")
            return
        self._add_drops(self._parts.eyes)
        self._parts.eyes.close()
        self._parts.eyes = eyes
        self._observation_seq = self._camera_seq = self._silhouette_seq = 0
        eyes.begin()
        self._event("source", [eyes.name])

    def _add_drops(self, eyes: Eyes) -> None:
        for box in (eyes.frames, eyes.observations, eyes.silhouettes):
            if box is not None:
                self._drops[box.name] = self._drops.get(box.name, 0) + box.drops

    def _hud_lines(self, now_s: float) -> tuple[str, ...]:
        notices = self._notices.active()
        editing: tuple[str, ...] = self._parts.desk.lines()
        if not self._hud or editing:
            fresh = [note for note in notices if now_s - note.t_s < NOTICE_S]
            return (*editing, *(_told(note) for note in fresh))
        show, parts = self._parts.show, self._parts
        frames, perceived, painted = self._rates
        lines = [
            f"{frames:.0f} pictures/s   perception {perceived:.0f}/s   textures {painted:.1f}/s   {self._memory_mb:.0f} MB",
            f"{parts.eyes.describe()}",
            f"{parts.surface.describe}   {parts.surface.renderer}   quality {parts.renderer.ladder.rung}",
            parts.generating.describe(),
        ]
        held = {person.id: _held(person) for person in self._people}
        for state in show.states:
            top = sorted(zip(state.probabilities, EMOTIONS, strict=True), reverse=True)[:3]
            feels = "  ".join(f"{name} {share:.2f}" for share, name in top)
            lines.append(
                f"visitor {state.person_id}: {state.label}   {feels}   valence {state.valence:+.2f} "
                f"arousal {state.arousal:+.2f}   here {state.presence:.1f}{held.get(state.person_id, '')}"
            )
        lines += [_told(note) for note in notices]
        return tuple(lines)


def _setting(config: Config, name: str) -> Any:
    section, setting = name.split(".")
    return getattr(getattr(config, section), setting)


def _held(person: Person) -> str:
    """The likeliest pose and the gestures of a visitor."""
    poses = [f"{label} {share:.2f}" for label, share in person.poses[:1]]
    return "".join(f"   {text}" for text in (*poses, *person.gestures))


def _told(note: Notice) -> str:
    return f"! {note.stage}: {'; '.join(note.message.splitlines())}"
