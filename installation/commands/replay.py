"""``run.py replay``: a recording's inputs through the same show again, drawn at the recorded pace."""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from contextlib import ExitStack

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.shared import set_up_logging
from installation.config.load import with_overrides
from installation.config.settings import Config
from installation.record.recording import RecordingError, read_recording
from installation.record.show_log import ShowLog
from installation.show import Show
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.show_control import ShowControl

log = logging.getLogger(__name__)


def replay(argv: list[str], stop: StopSignal) -> int:
    """Play a recording; gives the exit code. With --fast nothing is drawn and nothing waits."""
    args = cli.replay_parser().parse_args(argv)
    set_up_logging("info", args.verbose)
    clock = RealClock()
    notices = Notices(clock)
    try:
        header, events = read_recording(args.recording)
        config = Config.model_validate(header["config"])
        with ExitStack() as stack:
            show_log = ShowLog(args.log) if args.log is not None else None
            if show_log is not None:
                stack.callback(show_log.close)
            sender = OscSender(config.osc, notices, show_log.osc if show_log is not None else None)
            stack.callback(sender.close)
            on_scene = show_log.scene if show_log is not None else None
            show = Show(config, header["seed"], ShowControl(config.osc, sender.send), None, on_scene)
            screen = None if args.fast else _Screen(args, config, notices, stack)
            offset_s: float | None = None
            count = 0
            for event in events:
                count += 1
                if offset_s is None:
                    offset_s = clock.now() - event.t_s
                if screen is not None and stop.wait(max(0.0, event.t_s + offset_s - clock.now())):
                    break
                show.take(event)
                if screen is not None and event.kind == "frame" and not screen.draw(show):
                    break
            log.info("done: %d events replayed", count)
    except (RecordingError, KeyError, ValueError) as error:
        print(f"The recording cannot be replayed: {error}", file=sys.stderr)
        return 2
    return 0


class _Screen:
    """Window and renderer of a replay."""

    def __init__(self, args: Namespace, config: Config, notices: Notices, stack: ExitStack) -> None:
        from installation.render.renderer import Renderer
        from installation.render.surface import open_surface

        wanted = {"output.mode": args.mode, "output.display": args.display}
        if args.size is not None:
            wanted["output.width"], wanted["output.height"] = args.size
        config = with_overrides(config, {name: value for name, value in wanted.items() if value is not None})
        self._surface = open_surface(config.output, notices)
        stack.callback(self._surface.close)
        self._renderer = Renderer(self._surface, config.output, config.scene.parameters, notices)
        stack.callback(self._renderer.close)

    def draw(self, show: Show) -> bool:
        """Draw the show's scene; False when the operator wants to stop."""
        if show.scene_state is not None:
            self._renderer.draw(show.scene_state)
            self._surface.present(lambda: None)
        return "quit" not in self._surface.poll_events()
