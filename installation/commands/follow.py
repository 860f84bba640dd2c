"""``run.py --follow HOST:PORT``: a machine of a wall that sees and thinks nothing itself, and draws its part of the leader's
picture."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from installation.app import RunOptions
from installation.base.exit_codes import BAD_INPUT
from installation.base.files import PROJECT
from installation.base.memory import resident_mb
from installation.base.pacing import Every
from installation.base.side_files import DiskRoom, OutputError
from installation.base.supervisor import STOP_S, StopSignal
from installation.commands.lead import prepare
from installation.commands.machine import Machine, run_machine, saved
from installation.commands.wall_settings import place_and_keys, repainting_of, shaders_digest, with_drawn
from installation.config.load import ConfigError
from installation.config.save import save_screens
from installation.config.settings import Config
from installation.live_commands.handlers import NEXT_HUD
from installation.network.keys import KeyFileError
from installation.network.sockets import Network, NetworkError
from installation.record.heartbeat import Heartbeat
from installation.render.hud_text import wall_notices
from installation.render.picture import Picture
from installation.render.scene_drawing import LOOK_KEYS
from installation.render.shaders.programs import ShaderError
from installation.render.surface import DisplayError
from installation.wall.follower import Follower, Settings
from installation.wall.frames_log import FrameLine, FramesLog
from installation.wall.pictures import show
from installation.wall.playback import Shown, next_tick_s

log = logging.getLogger(__name__)

STAGE, TOLD = "wall", "wall settings"
LOOK = frozenset({*LOOK_KEYS, "phase", "energy"})
"""Numbers of a look without which nothing can be drawn."""
IDLE_S = 0.05
"""While the leader has not been heard it is looked for so often."""
BUILD_S = 0.01


def follow(options: RunOptions, stop: StopSignal) -> int:
    """Follow until told to stop; gives the exit code: 0 as asked, 1 broken, 2 what was typed or set cannot be, or the leader is
    of another version."""
    return run_machine(
        options, stop, _follow, (KeyFileError, NetworkError, ShaderError, DisplayError, OutputError), "the follower"
    )


def _follow(machine: Machine) -> int:
    options, clock, notices, report = machine.options, machine.clock, machine.notices, machine.report
    supervisor, stop = machine.supervisor, machine.stop
    config = options.settings.config
    place, keys = place_and_keys(config.wall)
    room = DiskRoom(config.video.keep_free_mb)
    with ExitStack() as stack:
        follower = Follower(Network(keys), place, _name(config), clock, notices, shaders_digest(), LOOK)
        supervisor.add(STAGE, follower.close)
        picture = Picture(config, PROJECT / "captures", clock, notices, _saver(options), _nothing, room)
        stack.callback(picture.close)
        frames = None
        if options.log is not None:
            frames = FramesLog(options.log, lambda message: notices.fault("log", message), room)
            supervisor.add("frames.log", lambda: frames.close(STOP_S / 2))
        safe = options.settings.stand_in is not None and bool(options.settings.stand_in.safe)
        level = lambda: picture.renderer.ladder.level  # noqa: E731 - as the piece's own wiring has it
        beat = Heartbeat.from_environment(notices, report, safe, level, lambda: f"wall {place.host}:{place.port}")
        supervisor.add("heartbeat", beat.close)
        stack.callback(supervisor.begin_stop)
        loop = FollowLoop(machine, follower, picture, frames, beat)
        loop.run()
        report.renderer = picture.surface.renderer
        report.more["output"] = picture.surface.describe
        report.more["wall"] = {**follower.figures, "video_from_s": picture.captures.video_from_s}
        if options.screenshot is not None and loop.shown is not None:
            picture.captures.store_now(loop.shown.scene, options.screenshot)
        if follower.refused is not None:
            notices.fault(STAGE, follower.refused)
            stop.set(follower.refused)
            return BAD_INPUT
    return 0


def _name(config: Config) -> str:
    """As the leader names this machine: who it is, and its part."""
    part = ", ".join(f"{edge:g}" for edge in config.wall.part)
    return f"{platform.node() or 'a machine'} [{part}]"


def _saver(options: RunOptions) -> Callable[[Any], str | None]:
    def save(screens: Any) -> str | None:
        try:
            save_screens(options.settings.paths, screens)
        except (ConfigError, OSError) as error:
            return str(error)
        return None

    return save


def _nothing(_name: str, _args: list[Any]) -> None:
    """Nobody here is told of captures."""


class FollowLoop:
    """Draws at the ticks of the leader's clock. Main thread only."""

    def __init__(
        self, machine: Machine, follower: Follower, picture: Picture, frames: FramesLog | None, beat: Heartbeat
    ) -> None:
        options = machine.options
        self._own, self._seconds, self._video = options.settings.config, options.seconds, options.video
        self._follower, self._picture, self._frames, self._beat = follower, picture, frames, beat
        self._clock, self._notices = machine.clock, machine.notices
        self._report, self._stop = machine.report, machine.stop
        self.shown: Shown | None = None
        self._settings: Settings | None = None
        self._hud = self._own.output.hud
        self._polls, self._second = Every(0.5), Every(1.0)
        self._watcher = options.settings.watcher()

    def run(self) -> None:
        """Until told to stop, the time is over, or the leader is one that cannot be followed."""
        start_s = self._clock.now()
        self._report.more["window_s"] = round(start_s - self._follower.started_s, 3)
        surface = self._picture.surface
        log.info("following: %s; %s", surface.describe, surface.renderer)
        # Up, whether or not there is a leader yet: starting it again would not bring one.
        self._beat.ready()
        while not self._stop.is_set and self._follower.refused is None:
            now_s = self._clock.now()
            if self._seconds is not None and now_s - start_s >= self._seconds:
                self._stop.set(f"{self._seconds:g} seconds are over")
                break
            drawn = self._draw(now_s)
            self._keys()
            self._now_and_then(self._clock.now())
            self._wait(drawn)

    def _draw(self, now_s: float) -> bool:
        """One picture, where there is one; gives whether."""
        follower, picture = self._follower, self._picture
        self._take_settings()
        shown = follower.shown(now_s)
        follower.level = picture.renderer.ladder.own_level
        if shown is None:
            if self.shown is None:  # else the last picture stays
                picture.surface.present(lambda: None)
            self._beat.drawn(now_s, "waiting for the leader", ())
            return False
        first = self.shown is None
        prepare(picture.renderer, shown, None if self.shown is None else self.shown.state.fades)
        self.shown = shown
        for one in follower.due(shown):
            show(one, picture.renderer)
        if first:
            joined_s = self._report.more["joined_s"] = round(now_s - follower.started_s, 3)
            log.info("joined the wall in %.2f s, window and shaders included", joined_s)
            if self._video is not None:
                picture.captures.video(True, shown.scene, self._video)
        told = () if self._hud == "off" else wall_notices(self._notices.active())
        picture.hud.show(picture.setup.lines() or told)
        # Films of a wall's machines are on the leader's time.
        picture.show(shown.scene, follower.leader_s(now_s) or now_s, lambda: None, shown.frame)
        self._drawn(shown, now_s)
        return True

    def _drawn(self, shown: Shown, began_s: float) -> None:
        done_s = self._clock.now()
        self._follower.costs.add(self._picture.renderer.cost_s(done_s - began_s))
        period_s = self._follower.period_s or 1 / self._picture.per_second
        self._picture.renderer.measured(done_s - began_s, period_s, done_s, period_s)
        self._report.drawn(done_s, None)
        self._beat.drawn(done_s, shown.scene.scene, ())
        if self._frames is not None:
            leader_s = self._follower.leader_s(done_s)
            every = shown.state.every
            self._frames.drawn(FrameLine(done_s, leader_s or 0.0, shown.frame, every, shown.is_late))

    def _take_settings(self) -> None:
        """The leader's, where they are others than before."""
        found = self._follower.settings
        if found is not None and found != self._settings:
            self._settings = found
            self._reconfigure()

    def _reconfigure(self) -> None:
        """This machine's own settings, with the leader's in them."""
        found = self._settings
        if found is None:
            return
        try:
            config, repainting = with_drawn(self._own, found.values), repainting_of(found.values)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._notices.fault(TOLD, f"the leader's settings cannot be used: {error}")
            return
        self._picture.reconfigure(config)
        self._picture.renderer.repainting.reconfigure(repainting)
        self._notices.resolve(TOLD)

    def _keys(self) -> None:
        """What of the operator's keys makes sense on a machine that follows."""
        picture = self._picture
        for word in picture.surface.poll_events():
            match word.split(" ", 1)[0]:
                case "quit":
                    self._stop.set("key")
                case "hud":
                    self._hud = NEXT_HUD[self._hud]
                case "snapshot":
                    picture.captures.snapshot()
                case "video":
                    picture.captures.video(None, self.shown.scene if self.shown is not None else None)
                case "test_pattern":
                    picture.setup.show_pattern()
                case "set_up_output":
                    picture.setup.begin()
        picture.setup.update()

    def _now_and_then(self, now_s: float) -> None:
        self._picture.captures.poll()
        if self._second.due(now_s):
            self._report.peak_pss_mb = max(self._report.peak_pss_mb or 0.0, resident_mb())
        if self._polls.due(now_s):
            try:
                self._picture.renderer.poll_shaders()
                self._poll_config()
            except OSError as error:
                self._notices.fault("files", f"changes cannot be looked for: {error}")
            else:
                self._notices.resolve("files")

    def _poll_config(self) -> None:
        """What was saved in this machine's own settings file."""
        found = saved(self._watcher, self._clock, self._notices)
        if found is not None:
            self._own = found
            self._reconfigure()

    def _wait(self, drawn: bool) -> None:
        """Until the next tick of the wall."""
        now_s, period_s = self._clock.now(), self._follower.period_s
        leader_s = self._follower.leader_s(now_s)
        if not drawn or leader_s is None or period_s is None:
            self._picture.renderer.build_ahead()
            self._stop.wait(IDLE_S)
            return
        left_s = next_tick_s(leader_s, period_s) - leader_s
        if left_s > BUILD_S:
            self._picture.renderer.build_ahead()
            left_s -= self._clock.now() - now_s
        if left_s > 0:
            self._stop.wait(left_s)
