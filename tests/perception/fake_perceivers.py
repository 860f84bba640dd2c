"""Stand-ins for the networks, built inside the perception process by its tests."""

import os
import threading

from installation.types import ByteArray, Frame, Observation


class Echo:
    """Answers with the frame's mean in ``compute_ms``; misbehaves where the first pixel says so."""

    providers = {"expression": "TestProvider"}  # noqa: RUF012
    masked: Frame | None = None
    forget_after_s = 60.0
    forgotten = 0

    def perceive(self, frame: Frame, masks: bool) -> Observation:
        self.masked = frame if masks else None
        word = int(frame.rgb[0, 0, 0])
        if word == 251:
            raise ValueError("a bad frame")
        if word == 249:
            raise MemoryError
        if word == 252:
            os._exit(7)
        if word == 253:
            threading.Event().wait(60)
        height, width = frame.rgb.shape[:2]
        return Observation(frame.t_s, frame.seq, (), (width, height), float(frame.rgb.mean()))

    def silhouette(self) -> ByteArray | None:
        """The frame's red channel; it fails for one that begins with 250."""
        assert self.masked is not None
        if self.masked.rgb[0, 0, 0] == 250:
            raise ValueError("no outline")
        return self.masked.rgb[:, :, 0].copy()

    def forget_everybody(self) -> None:
        self.forgotten += 1

    def close(self) -> None:
        """Nothing to free."""


class Forgetful(Echo):
    """Answers with how often everybody was forgotten so far."""

    forget_after_s = 0.2

    def perceive(self, frame: Frame, masks: bool) -> Observation:
        return Observation(frame.t_s, frame.seq, (), (64, 48), float(self.forgotten))


def make_forgetful() -> Forgetful:
    return Forgetful()


def make_echo() -> Echo:
    return Echo()


def make_named(provider: str) -> Echo:
    echo = Echo()
    echo.providers = {"expression": provider}
    return echo


def make_broken() -> Echo:
    raise OSError("model file is gone")
