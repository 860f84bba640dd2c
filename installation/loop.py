"""The frame loop: take what is new, draw, measure, wait for the next deadline."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from installation.base.clock import Clock
from installation.base.governor import Governor, SeenRate
from installation.base.mailbox import Closed
from installation.base.memory import resident_mb
from installation.base.notices import Notices
from installation.base.pacing import Every, Pacer
from installation.base.supervisor import StopSignal
from installation.commands.lead import Lead
from installation.config.last_good import STAGE as SETTINGS
from installation.config.load import ConfigError
from installation.config.settings import Config, changed_sections, waiting_for_restart
from installation.config.watch import ConfigWatcher
from installation.cues.cues import Cues
from installation.desk.link import DeskLink
from installation.generation.delivery import Delivery
from installation.hours.hours import Hours
from installation.live_commands.handlers import RunningPiece
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.table import Argument, Caller, CommandError, perform
from installation.perception.eyes import Eyes
from installation.perception.switched_eyes import SwitchedEyes
from installation.poses.labels import PoseLabels
from installation.poses.takes import PoseTakes
from installation.record.heartbeat import Heartbeat
from installation.record.rates import Rates
from installation.record.recording import Event
from installation.record.report import RunReport
from installation.render.hud_text import HudFigures, figure_lines, wall_notices
from installation.render.picture import Picture
from installation.show import SILENT_S, Show
from installation.showcontrol.services import Services
from installation.types import Observation, SceneState

log = logging.getLogger(__name__)

NOBODY = Observation(0.0, 0, (), (1, 1))
"""Before the first observation of a source, and when none came for SILENT_S."""
BUILD_S = 0.01
"""With so much time left before the next picture a part of a scene is built that is not shown yet."""


@dataclass(frozen=True)
class Parts:
    """The running parts of the piece, in the order of its pipeline, and the settings that change while it runs."""

    eyes: SwitchedEyes
    labels: PoseLabels
    takes: PoseTakes
    show: Show
    generation: Delivery
    governor: Governor
    picture: Picture
    services: Services
    settings: LiveSettings
    heartbeat: Heartbeat
    hours: Hours
    cues: Cues
    desk: DeskLink
    rates: Rates
    lead: Lead | None = None


class FrameLoop:
    """Draws until it is told to stop. Main thread only: it is the one that may touch OpenGL.

    While it waits for the next frame's deadline it takes observations, so that OSC leaves at once and not a frame later.
    """

    def __init__(
        self,
        parts: Parts,
        piece: RunningPiece,
        config: Config,
        watcher: ConfigWatcher,
        clock: Clock,
        notices: Notices,
        report: RunReport,
        stop: StopSignal,
    ) -> None:
        self._parts, self._piece, self._config, self._watcher = parts, piece, config, watcher
        self._clock, self._notices, self._report, self._stop = clock, notices, report, stop
        self._started = config
        piece.hud = config.output.hud
        self._rates = parts.rates
        self._rates.begin(clock.now())
        self._observation_seq = self._camera_seq = self._silhouette_seq = 0
        self._observed_s: float | None = None
        self._seen = NOBODY
        self._drops: dict[str, int] = {}
        self._rates.memory_mb = resident_mb()
        self._second, self._health, self._seen_rate = Every(1.0), Every(config.osc.health_s), SeenRate()
        self._hud_due, self._shaders_due, self._objects_due = Every(0.25), Every(0.5), Every(10.0)
        self._objects: int | None = None

    @property
    def _eyes(self) -> Eyes:
        return self._parts.eyes.current

    def warm_up(self, seconds: float, on_first_frame: Callable[[], object]) -> None:
        """Draw, but do not count, until perception is ready or ``seconds`` are over; then let the pictures come."""
        self._draw(self._clock.now())
        on_first_frame()
        self._send_health(self._clock.now())
        until_s = self._clock.now() + seconds
        pacer = Pacer(1 / self._parts.picture.per_second, self._clock.now())
        while not self._stop.is_set and not self._eyes.ready() and self._clock.now() < until_s:
            self._pause(pacer.deadline_s)
            self._draw(self._clock.now())
            self._parts.picture.renderer.build_ahead()
            self._send_health(self._clock.now())
            self._keys()
            pacer.advance(self._clock.now())
        self._eyes.begin()

    def run(self, seconds: float | None) -> None:
        """Draw for ``seconds`` (None: until stopped). What a stage raises is not caught here."""
        clock, start_s = self._clock, self._clock.now()
        pacer = Pacer(1 / self._parts.picture.per_second, start_s, on_grid=self._parts.lead is not None)
        self._second.due(start_s)
        self._health.due(start_s)
        self._rates.begin(start_s)
        while not self._stop.is_set:
            self._take_observations(pacer.deadline_s)
            now_s = clock.now()
            if seconds is not None and now_s - start_s >= seconds:
                self._stop.set(f"{seconds:g} seconds are over")
                break
            self._rates.textures += self._parts.generation.take(now_s, self._report)
            self._draw(now_s)
            self._measure(now_s, clock.now(), pacer)
            self._keys()
            self._commands()
            self._now_and_then(clock.now())
            if pacer.advance(clock.now()) - clock.now() > BUILD_S:
                self._parts.picture.renderer.build_ahead()

    def finish_report(self) -> None:
        """Hand the last figures to the report."""
        parts, report, picture = self._parts, self._report, self._parts.picture
        self._add_drops(self._eyes)
        report.mailbox_drops = {**self._drops, **parts.generation.drops}
        report.osc_bundles_sent = parts.services.sender.bundles_sent
        report.more["osc_priority"] = parts.services.sender.priority
        report.providers = {**report.providers, **self._eyes.providers(), **parts.generation.providers}
        report.renderer = picture.surface.renderer
        report.more["quality_level"] = picture.renderer.ladder.level
        report.more["output"] = picture.surface.describe
        report.more["source"] = self._eyes.describe()
        report.more |= {} if parts.lead is None else {"wall": parts.lead.figures}

    def _measure(self, began_s: float, drawn_s: float, pacer: Pacer) -> None:
        # The settings may have changed the rate since the last picture.
        pacer.interval_s = 1 / self._parts.picture.per_second
        self._parts.picture.renderer.measured(drawn_s - began_s, pacer.interval_s, drawn_s, pacer.interval_s)
        age_ms = None if self._observed_s is None else (drawn_s - self._observed_s) * 1000
        self._report.drawn(drawn_s, age_ms)
        self._rates.drawn(drawn_s)

    def _pause(self, until_s: float) -> None:
        wait_s = until_s - self._clock.now()
        if wait_s > 0:
            self._stop.wait(wait_s)

    def _take_observations(self, until_s: float) -> None:
        """Take observations as they come until ``until_s``."""
        while not self._stop.is_set:
            # Closed while another source is being opened.
            if self._eyes.observations.closed:
                self._pause(until_s)
                return
            self._take_observation(min(until_s - self._clock.now(), 0.1))
            if self._clock.now() >= until_s:
                return

    def _take_observation(self, wait_s: float) -> None:
        """Take the newest observation, waiting up to ``wait_s`` seconds for one."""
        try:
            got = self._eyes.observations.wait_newer(self._observation_seq, wait_s)
        except Closed:
            return
        if got is None:
            return
        self._observation_seq, observation = got
        observation = self._parts.labels.read(self._parts.show.admitted(observation))
        self._parts.takes.record(observation)
        self._parts.show.take(Event("observation", self._clock.now(), observation))
        self._seen = observation
        self._observed_s = observation.t_s
        self._seen_rate.observations += 1
        now_s = self._clock.now()
        age_ms = max(0.0, (now_s - observation.t_s) * 1000)
        self._rates.observed(now_s, age_ms)
        self._report.observed(observation.compute_ms, age_ms)

    def _draw(self, now_s: float) -> None:
        parts, picture = self._parts, self._parts.picture
        for kind, value in parts.services.heard():
            parts.show.take(Event(kind, now_s, value))
        parts.show.take(Event("frame", now_s))
        scene = parts.show.scene_state
        assert scene is not None
        parts.services.show(scene, parts.show.states)
        if scene.light > 0:  # the painters rest in the dark
            parts.generation.ask(scene, now_s)
        self._take_silhouette(scene, now_s)
        self._take_camera()
        if self._hud_due.due(now_s):
            large, caption = parts.takes.caption(now_s)
            picture.hud.show((*([caption] if caption else ()), *self._hud_lines()), large, self._hud_face())
        # What perception sees while the picture is being drawn goes out at once.
        show = picture.show if parts.lead is None else parts.lead.show
        show(scene, now_s, lambda: self._take_observation(0.0))
        parts.heartbeat.drawn(now_s, scene.scene, parts.show.states)
        parts.desk.update(now_s)

    def _take_camera(self) -> None:
        """The camera's picture, where it is the background."""
        frames = self._eyes.frames
        if self._config.output.background != "camera" or frames is None or self._parts.lead is not None:
            return
        number, frame = frames.peek()
        if frame is not None and number != self._camera_seq:
            self._camera_seq = number
            self._parts.picture.renderer.set_camera(frame.rgb)

    def _take_silhouette(self, scene: SceneState, now_s: float) -> None:
        """Where the visitors are, while a scene shows it."""
        if self._observed_s is not None and now_s - self._observed_s >= SILENT_S:
            self._seen = NOBODY
        parts, renderer = self._parts, self._parts.picture.renderer
        wanted = renderer.wants_silhouettes(scene)
        self._eyes.want_silhouettes(wanted)
        number, silhouette = self._eyes.silhouettes.peek()
        if not wanted or not self._seen.people:
            silhouette = None
        parts.generation.see(silhouette, self._seen, parts.show.states, now_s)
        if silhouette is None or parts.lead is not None:  # a wall's other machines have none
            renderer.set_silhouette(None)
        elif number != self._silhouette_seq:
            self._eyes.silhouettes.wait_newer(self._silhouette_seq, 0.0)
            self._silhouette_seq = number
            renderer.set_silhouette(silhouette)

    def _keys(self) -> None:
        for name in self._parts.picture.surface.poll_events():
            self._perform("operator", *name.split(" ", 1))
        self._parts.picture.setup.update()

    def _commands(self) -> None:
        """Obey what came over OSC and by poses. Between two pictures: observations are also taken while one is being drawn,
        and a screenshot in the midst of it would show half a picture."""
        for name, heard in self._parts.services.receiver.take():
            self._perform("network", name.removeprefix("/"), *heard)
        for name, wanted in [*self._parts.desk.take(), *self._parts.services.midi_in.take()]:
            self._perform("operator", name, *wanted)
        for fired in self._parts.show.take_fired():
            log.info("visitor %d holds %s: %s", fired.person_id, fired.label, fired.command)
            self._perform("visitor", fired.command)
        changed = self._parts.settings.take(self._clock.now())
        if changed is not None:
            self._take_over(changed)
        # Behind that: a fade's step and its taking over are the work of two pictures.
        for name, values in self._parts.cues.update(self._clock.now(), self._seen, bool(self._parts.show.states)):
            self._perform("operator", name, *values)

    def _perform(self, caller: Caller, name: str, *args: Argument) -> None:
        try:
            perform(self._piece, caller, name, args)
        except CommandError as error:
            # Keys, OSC words and poses were checked where they came in; a recording's settings may name an old command.
            self._notices.fault("command", str(error))

    def _now_and_then(self, now_s: float) -> None:
        parts = self._parts
        parts.picture.captures.poll()
        self._send_health(now_s)
        if self._second.due(now_s):
            with suppress(OSError):  # not to be had while no file more may be opened
                self._rates.memory_mb = resident_mb([*self._eyes.child_pids(), *parts.services.pids, *parts.desk.pids])
            if self._objects_due.due(now_s):
                self._objects = parts.picture.renderer.object_count()
            if self._eyes.frames is not None:
                parts.governor.judge(now_s, *self._seen_rate.rates(now_s, self._eyes.frames.peek()[0]))
            show = parts.show
            parts.hours.poll(now_s, bool(show.states))
            self._report.second(now_s, show.states, self._rates.memory_mb, show.emotions_read, gl_objects=self._objects)
        if self._shaders_due.due(now_s):
            self._look_for_changes()
        old = self._eyes
        if parts.eyes.take_change():
            self._use_other_eyes(old)

    def _look_for_changes(self) -> None:
        """Of shaders, scenes, poses and settings."""
        try:
            self._parts.picture.renderer.poll_shaders()
            self._parts.labels.poll()
            self._poll_config()
        except OSError as error:
            # A disk that is gone, or too many open files: what was read before is good for the show.
            self._notices.fault("files", f"changes cannot be looked for ({error}); everything stays as it is meanwhile")
        else:
            self._notices.resolve("files")

    def _send_health(self, now_s: float) -> None:
        if not self._health.due(now_s):
            return
        rates = self._rates.turn(now_s)
        faults = [[notice.stage, notice.message] for notice in self._notices.active("fault")]
        fallbacks = [[notice.stage, notice.message] for notice in self._notices.active("fallback")]
        figures = [*rates, len(faults), len(fallbacks), self._rates.memory_mb]
        value = {"figures": figures, "faults": faults, "fallbacks": fallbacks}
        self._parts.show.take(Event("health", now_s, value))

    def _poll_config(self) -> None:
        found = self._watcher.poll()
        self._watcher.prove(self._clock.now(), self._notices)
        if found is None:
            return
        if isinstance(found, ConfigError):
            self._notices.fault("config", str(found))
            return
        for stage in ("config", SETTINGS):
            self._notices.resolve(stage)
        log.info("settings saved: in use from now on")
        self._take_over(self._parts.settings.rebase(found))

    def _take_over(self, config: Config) -> None:
        """Go on with other settings, whether they come from the file or over OSC."""
        old, self._config = self._config, config
        parts = self._parts
        parts.show.take(Event("settings", self._clock.now(), changed_sections(old, config)))
        parts.services.reconfigure(config)
        parts.labels.reconfigure(config.poses, config.perception.gestures)
        parts.takes.reconfigure(config.poses)
        parts.generation.reconfigure(config.generation, config.repainting, config.picture)
        parts.picture.reconfigure(config)
        if parts.lead is not None:
            parts.lead.reconfigure(config)
        parts.eyes.reconfigure(config)
        parts.hours.reconfigure(config.hours)
        parts.cues.reconfigure(config)
        self._health.period_s = config.osc.health_s
        if old.output.hud != config.output.hud:
            self._piece.hud = config.output.hud
        waiting = waiting_for_restart(self._started, config)
        if waiting:
            self._notices.note("restart", f"changed, needs a restart: {', '.join(waiting)}")
        else:
            self._notices.resolve("restart")

    def _use_other_eyes(self, old: Eyes) -> None:
        same_source = old.frames is not None and old.frames is self._eyes.frames
        self._add_drops(old, same_source)
        self._observation_seq = self._silhouette_seq = 0
        # Visitors are numbered anew.
        self._seen = NOBODY
        self._parts.generation.cut()
        if not same_source:
            self._camera_seq = 0
            self._parts.show.take(Event("event", self._clock.now(), {"name": "source", "args": [self._eyes.name]}))

    def _add_drops(self, eyes: Eyes, frames_go_on: bool = False) -> None:
        for box in (None if frames_go_on else eyes.frames, eyes.observations, eyes.silhouettes):
            if box is not None:
                self._drops[box.name] = self._drops.get(box.name, 0) + box.drops

    def _hud_lines(self) -> tuple[str, ...]:
        notices, parts, hud = self._notices.active(), self._parts, self._piece.hud
        editing = parts.picture.setup.lines()
        if hud != "figures" or editing:
            return editing or (wall_notices(notices) if hud == "notices" else ())
        surface = parts.picture.surface
        figures = HudFigures(
            *self._rates.last,
            memory_mb=self._rates.memory_mb,
            source=self._eyes.describe(),
            output=f"{surface.describe}   {surface.renderer}",
            quality=str(parts.picture.renderer.ladder.level),
            generation=parts.generation.describe(),
        )
        return figure_lines(figures, parts.show.states, self._seen.people, notices)

    def _hud_face(self) -> tuple[str, int] | None:
        """The emotion of all and its level, where the figures are shown and somebody is there."""
        group, editing = self._parts.show.group_state, self._parts.picture.setup.lines()
        if group is None or not group.emotions_read or editing or self._piece.hud != "figures":
            return None
        return group.label, group.level
