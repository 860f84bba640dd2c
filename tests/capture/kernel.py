"""A stand-in for the kernel's side of /dev/video*: cameras with controls as a driver keeps them."""

import errno
import fcntl
import os
import struct
from typing import NamedTuple

import pytest

CONTROL, QUERY = struct.Struct("=Ii"), struct.Struct("=II32siiiiI8x")
GET, SET, ASK = 0xC008561B, 0xC008561C, 0xC0445624
USER, CAMERA = 0x00980900, 0x009A0900
WHITE_AUTO, AUTO_GAIN, GAIN, MAINS, WHITE = USER + 12, USER + 18, USER + 19, USER + 24, USER + 26
EXPOSURE_AUTO, EXPOSURE, FOCUS, FOCUS_AUTO = CAMERA + 1, CAMERA + 2, CAMERA + 10, CAMERA + 12


class Range(NamedTuple):
    """Of a control; ``only`` are the values of a menu that this camera has."""

    least: int
    most: int
    step: int = 1
    only: tuple[int, ...] = ()


WEBCAM = {
    WHITE_AUTO: Range(0, 1),
    WHITE: Range(2800, 6500, 10),
    GAIN: Range(0, 255),
    MAINS: Range(0, 2),
    EXPOSURE_AUTO: Range(0, 3, only=(1, 3)),
    EXPOSURE: Range(3, 2047),
    FOCUS_AUTO: Range(0, 1),
    FOCUS: Range(0, 250, 5),
}
"""What many a UVC webcam has."""


class Kernel:
    """Cameras by number: ranges and values of their controls. A number is refused while its automatic is on, as UVC does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ranges: dict[int, dict[int, Range]] = {}
        self.values: dict[int, dict[int, int]] = {}
        self.stubborn: set[int] = set()
        """Controls that say yes, and stay as they are."""
        self.asked: list[tuple[int, int]] = []
        self.open: dict[int, int] = {}
        real_open, real_close = os.open, os.close

        def open_device(path: str, *more: int, **named: object) -> int:
            if not str(path).startswith("/dev/video"):
                return real_open(path, *more, **named)
            number = int(str(path).removeprefix("/dev/video"))
            if number not in self.ranges:
                raise OSError(errno.ENOENT, "no such device")
            self.open[handle := 10_000 + len(self.open)] = number
            return handle

        def close_device(handle: int) -> None:
            if self.open.pop(handle, None) is None:
                real_close(handle)

        monkeypatch.setattr(os, "open", open_device)
        monkeypatch.setattr(os, "close", close_device)
        monkeypatch.setattr(fcntl, "ioctl", self.ioctl)

    def plug_in(self, number: int, ranges: dict[int, Range] = WEBCAM, **values: int) -> None:
        """A camera as it comes from the factory: all automatic."""
        self.ranges[number] = dict(ranges)
        start = {WHITE_AUTO: 1, WHITE: 4600, GAIN: 64, MAINS: 2, EXPOSURE_AUTO: 3, EXPOSURE: 250, FOCUS_AUTO: 1}
        self.values[number] = {control: start.get(control, 0) for control in ranges}

    def ioctl(self, handle: int, request: int, data: bytes) -> bytes:
        number = self.open[handle]
        ranges, values = self.ranges.get(number), self.values.get(number, {})
        if ranges is None:
            raise OSError(errno.ENODEV, "pulled out")
        (control,) = struct.unpack_from("=I", data)
        if control not in ranges:
            raise OSError(errno.EINVAL, "no such control")
        found = ranges[control]
        if request == ASK:
            return QUERY.pack(control, 1, b"", found.least, found.most, found.step, 0, 0)
        if request == GET:
            return CONTROL.pack(control, values[control])
        assert request == SET
        value = CONTROL.unpack(data)[1]
        self.asked.append((control, value))
        if not found.least <= value <= found.most or (found.only and value not in found.only):
            raise OSError(errno.ERANGE, "out of range")
        automatic = {WHITE: WHITE_AUTO, FOCUS: FOCUS_AUTO, EXPOSURE: EXPOSURE_AUTO}.get(control)
        if automatic is not None and values.get(automatic) in ((3,) if automatic == EXPOSURE_AUTO else (1,)):
            raise OSError(errno.EACCES, "the automatic has it")
        if control not in self.stubborn:
            values[control] = value - (value - found.least) % found.step
        return CONTROL.pack(control, values[control])
