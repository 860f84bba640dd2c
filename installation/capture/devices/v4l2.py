"""A camera's controls on Linux, by the kernel's own calls (V4L2).

OpenCV hands on most of them, but not the mains' frequency, and it tells neither ranges nor whether a control is there. A
control belongs to the device and not to whoever reads its pictures, so this works beside OpenCV. The calls are three, of a
few numbers each, and the kernel keeps them as they are (Documentation/userspace-api/media/v4l/); linuxpy, the one library
for it that is kept up, is under the GPL.
"""

from __future__ import annotations

import os
import struct
from typing import NamedTuple

from installation.capture.devices.camera_settings import EXPOSURE, FOCUS, GAIN, MAINS, WHITE_BALANCE

_CONTROL, _QUERY = struct.Struct("=Ii"), struct.Struct("=II32siiiiI8x")
"""struct v4l2_control: id, value; struct v4l2_queryctrl: id, type, name, least, most, step, default, flags."""
GET, SET, QUERY = (0xC0000000 | size << 16 | ord("V") << 8 | number for size, number in ((8, 27), (8, 28), (68, 36)))
"""VIDIOC_G_CTRL, VIDIOC_S_CTRL, VIDIOC_QUERYCTRL: _IOWR of include/uapi/asm-generic/ioctl.h."""
_USER, _CAMERA = 0x00980900, 0x009A0900
"""V4L2_CID_BASE and V4L2_CID_CAMERA_CLASS_BASE."""
_DISABLED = 1


class _Control(NamedTuple):
    """How a setting is made: its automatic (None: there never is one) with the values that switch it on, the first that is
    taken, and off; its number, and how many of the kernel's units are one of ours."""

    auto: int | None
    on: tuple[int, ...]
    off: int
    number: int
    units: float = 1.0


CONTROLS = {
    # 3, aperture priority, is what webcams call automatic; 0 is that of cameras with an iris. In units of 100 us.
    EXPOSURE: _Control(_CAMERA + 1, (3, 0), 1, _CAMERA + 2, 1e4),
    WHITE_BALANCE: _Control(_USER + 12, (1,), 0, _USER + 26),
    FOCUS: _Control(_CAMERA + 12, (1,), 0, _CAMERA + 10),
    GAIN: _Control(_USER + 18, (1,), 0, _USER + 19),
    MAINS: _Control(None, (), 0, _USER + 24),
}
_MAINS_CODES = {50: 1, 60: 2}
"""Of V4L2_CID_POWER_LINE_FREQUENCY."""


class V4l2Controls:
    """The controls of /dev/video ``number``; see ``Controls``. Raises OSError where it cannot be opened."""

    def __init__(self, number: int) -> None:
        self._device = os.open(f"/dev/video{number}", os.O_RDWR | os.O_NONBLOCK)

    def set_auto(self, name: str, on: bool) -> bool:
        """See Controls."""
        control = CONTROLS[name]
        values = control.on if on else (control.off,)
        return control.auto is not None and any(self._set(control.auto, value) for value in values)

    def set_number(self, name: str, value: float) -> bool:
        """See Controls. Beyond the camera's range the end of it is taken."""
        control = CONTROLS[name]
        wanted = _MAINS_CODES[round(value)] if name == MAINS else round(value * control.units)
        found = self._range(control.number)
        if found is None:
            return False
        least, most, step = found
        steps = round((min(max(wanted, least), most) - least) / max(step, 1))
        return self._set(control.number, least + steps * max(step, 1))

    def is_auto(self, name: str) -> bool | None:
        """See Controls."""
        control = CONTROLS[name]
        value = self._get(control.auto) if control.auto is not None else None
        return None if value is None else value in control.on

    def number(self, name: str) -> float | None:
        """See Controls. A camera that finds the mains' frequency out by itself, or does nothing about it, has no number."""
        control = CONTROLS[name]
        value = self._get(control.number)
        if value is None or name != MAINS:
            return None if value is None else value / control.units
        return next((float(hz) for hz, code in _MAINS_CODES.items() if code == value), None)

    def close(self) -> None:
        """See Controls."""
        if self._device >= 0:
            os.close(self._device)
            self._device = -1

    def _range(self, control: int) -> tuple[int, int, int] | None:
        """(least, most, step); None for a control that is not there."""
        answer = self._call(QUERY, _QUERY.pack(control, 0, b"", 0, 0, 0, 0, 0))
        if answer is None:
            return None
        _, _, _, least, most, step, _, flags = _QUERY.unpack(answer)
        return None if flags & _DISABLED else (least, most, step)

    def _get(self, control: int) -> int | None:
        answer = self._call(GET, _CONTROL.pack(control, 0)) if self._range(control) is not None else None
        return None if answer is None else int(_CONTROL.unpack(answer)[1])

    def _set(self, control: int, value: int) -> bool:
        return self._call(SET, _CONTROL.pack(control, value)) is not None

    def _call(self, request: int, data: bytes) -> bytes | None:
        """What the kernel answers; None where it refuses (no such control, a value out of range, the camera is gone)."""
        import fcntl  # Linux only, as all of this

        try:
            return fcntl.ioctl(self._device, request, data)
        except OSError:
            return None
