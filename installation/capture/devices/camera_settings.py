"""What a camera is asked for beside size and rate (exposure, white balance, focus, gain, mains), and what it made of that."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from installation.config.capture import CaptureConfig

EXPOSURE, WHITE_BALANCE, FOCUS, GAIN, MAINS = "exposure", "white balance", "focus", "gain", "mains"
UNITS = {EXPOSURE: " s", WHITE_BALANCE: " K", FOCUS: "", GAIN: "", MAINS: " Hz"}
TOLERANCE = 0.1
"""Cameras know steps only: a number within this share of the one asked for is that one."""
STEP = 1.0
"""Or within one, of a camera's own small numbers."""


class Controls(Protocol):
    """A camera's own controls, by the names above and in their units. What it does not have is refused, not raised."""

    def set_auto(self, name: str, on: bool) -> bool:
        """Switch the automatic on or off; whether the camera took that."""
        ...

    def set_number(self, name: str, value: float) -> bool:
        """Ask for a number; whether the camera took it, or the nearest that it has."""
        ...

    def is_auto(self, name: str) -> bool | None:
        """Whether the automatic is on; None where there is none, or it does not say."""
        ...

    def number(self, name: str) -> float | None:
        """The number as it is now; None where there is none, or it does not say."""
        ...

    def close(self) -> None:
        """Let go of the camera's controls; the settings stay."""
        ...


class CameraSetting(NamedTuple):
    """One setting: what was ``asked`` for (None: the automatic), whether it is ``automatic`` now (None: the camera has no such
    switch, or does not say), and its ``number`` now (None: it has none, or does not say)."""

    name: str
    asked: float | None
    automatic: bool | None
    number: float | None

    @property
    def as_asked(self) -> bool:
        """Whether the camera did it. One that has no automatic needs none."""
        if self.asked is None:
            return self.automatic is not False
        if self.number is None or self.automatic:
            return False
        return abs(self.number - self.asked) <= max(
            TOLERANCE * abs(self.asked), STEP if self.name in (FOCUS, GAIN) else 0
        )

    def describe(self) -> str:
        """For the operator, such as "exposure 0.008 s" or "exposure 0.0333 s (asked for 0.008 s)"."""
        number = None if self.number is None else _with_unit(self.number, self.name)
        if self.automatic:
            found = "automatic" if number is None else f"automatic, now {number}"
        else:
            found = number or "cannot be set here"
        if self.as_asked:
            return f"{self.name} {found}"
        asked = "automatic" if self.asked is None else _with_unit(self.asked, self.name)
        return f"{self.name} {found} (asked for {asked})"


def _with_unit(number: float, name: str) -> str:
    return f"{number:.0f}{UNITS[name]}" if abs(number) >= 100 else f"{number:.3g}{UNITS[name]}"


def apply_settings(config: CaptureConfig, controls: Controls) -> tuple[CameraSetting, ...]:
    """Ask a camera for the settings of ``config``; gives those that it has or was asked for, as they are then.

    The mains first: some cameras bind their exposure to it. What is null is left as the camera has it, and not told.
    """
    if config.mains_hz is not None:
        controls.set_number(MAINS, config.mains_hz)
    wanted = {
        EXPOSURE: config.exposure_s,
        WHITE_BALANCE: config.white_balance_k,
        FOCUS: config.focus,
        GAIN: config.sensor_gain,
    }
    asked = {name: None if value == "auto" else float(value) for name, value in wanted.items() if value is not None}
    for name, value in asked.items():
        controls.set_auto(name, value is None)
        if value is not None:
            controls.set_number(name, value)
    if config.mains_hz is not None:
        asked[MAINS] = float(config.mains_hz)
    found = [CameraSetting(name, one, controls.is_auto(name), controls.number(name)) for name, one in asked.items()]
    return tuple(one for one in found if (one.asked, one.automatic, one.number) != (None, None, None))
