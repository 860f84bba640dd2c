"""``run.py replay``: a recording's inputs through the same show again, drawn at the recorded pace."""

from __future__ import annotations

import logging
from argparse import Namespace
from collections.abc import Iterable
from contextlib import ExitStack

from installation.base.clock import Clock, RealClock
from installation.base.notices import Notices
from installation.base.side_files import OutputError
from installation.base.supervisor import StopSignal
from installation.commands import cli
from installation.commands.shared import BAD_INPUT, say, set_up_logging
from installation.config.load import with_overrides
from installation.config.settings import Config
from installation.record.recording import Event, RecordingError, read_recording
from installation.record.show_log import ShowLog
from installation.show import Show
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.show_control import ShowControl

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 2.0
"""Between two events: a machine that slept while it recorded left a gap of hours."""


def replay(argv: list[str], stop: StopSignal) -> int:
    """Play a recording; gives the exit code. With --fast nothing is drawn and nothing waits."""
    args = cli.replay_parser().parse_args(argv)
    set_up_logging("info", args.verbose)
    try:
        return _replay(args, RealClock(), stop)
    except (RecordingError, OutputError, KeyError, ValueError) as error:
        say(f"The recording cannot be replayed: {error}")
        return BAD_INPUT


def _replay(args: Namespace, clock: Clock, stop: StopSignal) -> int:
    notices = Notices(clock)
    header, events = read_recording(args.recording)
    config = Config.model_validate(header["config"])
    with ExitStack() as stack:
        show_log = ShowLog(args.log, may_wait=True) if args.log is not None else None
        if show_log is not None:
            stack.callback(show_log.close)
        sender = OscSender(config.osc, notices, show_log.osc if show_log is not None else None)
        stack.callback(sender.close)
        on_scene = show_log.scene if show_log is not None else None
        show = Show(config, header["seed"], ShowControl(config.osc, sender.send), None, on_scene)
        screen = None if args.fast else _Screen(args, config, notices, stack)
        count = _play(show, events, screen, args.seconds, clock, stop)
    log.info("done: %d events replayed", count)
    return 1 if show_log is not None and show_log.failed else 0


def _play(
    show: Show, events: Iterable[Event], screen: _Screen | None, seconds: float | None, clock: Clock, stop: StopSignal
) -> int:
    """Feed ``events`` to the show, at the recorded pace (but for gaps) where there is a ``screen``; gives how many
    it was.

    ``seconds``: only the events less than so many seconds after the first; None: all.
    """
    first_s: float | None = None
    count, due_s, last_s = 0, clock.now(), 0.0
    for event in events:
        if first_s is None:
            first_s = event.t_s
        since_s = event.t_s - first_s
        if stop.is_set or (seconds is not None and since_s >= seconds):
            break
        due_s += min(since_s - last_s, LONGEST_WAIT_S)
        last_s = since_s
        if screen is not None and stop.wait(max(0.0, due_s - clock.now())):
            break
        show.take(event)
        count += 1
        if screen is not None and event.kind == "frame" and not screen.draw(show):
            break
    return count


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
        self._renderer.notice.reconfigure(config.notice, config.emotion.enabled)

    def draw(self, show: Show) -> bool:
        """Draw the show's scene; False when the operator wants to stop."""
        if show.scene_state is not None:
            self._renderer.draw(show.scene_state)
            self._surface.present(lambda: None)
        return "quit" not in self._surface.poll_events()
