"""Stand-ins for the networks, built inside the perception process by its tests."""

import os
import threading

from installation.types import Frame, Observation


class Echo:
    """Answers with the frame's mean in ``compute_ms``; misbehaves where the first pixel says so."""

    providers = {"expression": "TestProvider"}  # noqa: RUF012

    def perceive(self, frame: Frame) -> Observation:
        word = int(frame.rgb[0, 0, 0])
        if word == 251:
            raise ValueError("a bad frame")
        if word == 252:
            os._exit(7)
        if word == 253:
            threading.Event().wait(60)
        height, width = frame.rgb.shape[:2]
        return Observation(frame.t_s, frame.seq, (), (width, height), float(frame.rgb.mean()))

    def close(self) -> None:
        """Nothing to free."""


def make_echo() -> Echo:
    return Echo()


def make_broken() -> Echo:
    raise OSError("model file is gone")
