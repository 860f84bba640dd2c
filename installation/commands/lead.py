"""The piece as the leader of a wall: wires ``wall/`` to the frame loop, the painters and the picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom
from installation.base.supervisor import STOP_S, Supervisor
from installation.commands.wall_settings import drawn_with, place_and_keys, shaders_digest
from installation.config.settings import Config
from installation.network.keys import KeyFileError
from installation.network.sockets import Network, NetworkError
from installation.render.picture import Picture
from installation.render.renderer import Renderer
from installation.types import SceneState
from installation.wall.frames_log import FrameLine, FramesLog
from installation.wall.leader import STAGE, Leader
from installation.wall.pictures import show
from installation.wall.playback import Shown
from installation.wall.sharing import Sharing

OPEN, CAMERA = "wall network", "wall camera"


class LeadError(Exception):
    """The wall cannot be led as the settings say; says why."""


class Lead:
    """Main thread only. ``view`` is what the painters hand their pictures to."""

    def __init__(
        self, config: Config, leader: Leader, picture: Picture, frames: FramesLog | None, faces: bool, clock: Clock
    ) -> None:
        self._leader, self._picture, self._frames, self._clock = leader, picture, frames, clock
        self.view = Sharing(picture.renderer, leader, faces)
        self._drawn: int | None = None
        self._fades: tuple[bool, float, float] | None = None
        self.reconfigure(config)

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings, on all machines."""
        self._leader.playback.delay_s = config.wall.delay_s
        self._leader.settings(drawn_with(config))

    def show(self, scene: SceneState, now_s: float, meanwhile: Callable[[], None]) -> None:
        """Tell the wall of ``scene``, and draw here what all draw now: as ``Picture.show`` otherwise."""
        picture, frame, leader = self._picture, None, self._leader
        leader.publish(scene, 1 / picture.per_second)
        shown = leader.shown(now_s)
        if shown is not None and shown.frame == self._drawn and leader.every > 1:
            return  # the wall's next picture is not due yet
        if shown is not None:
            self._drawn = shown.frame
            prepare(picture.renderer, shown, self._fades)
            self._fades = shown.state.fades
            for one in self.view.waiting.due(shown.scene.t_s):
                show(one, picture.renderer)
            scene, frame = shown.scene, shown.frame
        picture.show(scene, now_s, meanwhile, frame)
        done_s = self._clock.now()
        leader.costs.add(picture.renderer.cost_s(done_s - now_s))
        if self._frames is not None and shown is not None:
            self._frames.drawn(FrameLine(done_s, done_s, shown.frame, shown.state.every, shown.is_late))

    @property
    def figures(self) -> dict[str, Any]:
        """For the report."""
        leader = self._leader
        return {
            "epoch": leader.epoch,
            "states": leader.sent,
            "bytes_a_state": round(leader.sent_bytes / max(leader.sent, 1)),
            "followers": leader.followers.names,
            "late": leader.playback.late,
            "every": leader.every,
            "video_from_s": self._picture.captures.video_from_s,
        }


class Fades:
    """As ``PictureLayer`` wants to be told of strength and cross-fade."""

    def __init__(self, told: tuple[bool, float, float]) -> None:
        self.enabled, self.strength, self.fade_s = told


def prepare(renderer: Renderer, shown: Shown, fades: tuple[bool, float, float] | None) -> None:
    """What else than its scene belongs to a moment: the same on the leader and on those who follow. ``fades``: those of the
    moment before."""
    state = shown.state
    if state.fades != fades:
        renderer.picture.reconfigure(Fades(state.fades))
    if state.face is not None:
        renderer.avatar.follow(state.face)
    renderer.ladder.ceiling = state.level


def open_lead(
    config: Config,
    picture: Picture,
    clock: Clock,
    notices: Notices,
    supervisor: Supervisor,
    log: Path | None,
    room: DiskRoom,
) -> Lead | None:
    """The wall that the settings ask for; None where they ask for none. Raises LeadError."""
    if not config.wall.lead:
        return None
    try:
        place, keys = place_and_keys(config.wall)
        network = Network(keys)
        ladder = picture.renderer.ladder
        leader = Leader(network, place, config.wall.delay_s, clock, notices, shaders_digest(), lambda: ladder.own_level)
    except (KeyFileError, NetworkError) as error:
        raise LeadError(f"wall.lead: {error}") from None
    supervisor.add(STAGE, leader.close)
    is_safe = keys is not None or place.stays_here
    if not is_safe:
        notices.note(OPEN, "no key file (wall.key): anybody in this network can listen; painted faces are not sent")
    if config.output.background == "camera":
        notices.fallback(CAMERA, "a wall does not show the camera's picture: the background is black")
    frames = FramesLog(log, lambda message: notices.fault("log", message), room) if log is not None else None
    if frames is not None:
        supervisor.add("frames.log", lambda: frames.close(STOP_S / 2))
    return Lead(config, leader, picture, frames, is_safe, clock)
