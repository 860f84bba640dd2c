"""An NDI receiver of its own, for benchmarks and tests: it knows nothing of Mien.

    python benchmarks/ndi_receiver.py NAME OUT.npz

Prints "found" when a source whose name holds NAME is there and "receiving" with its first picture; ends when its input does,
and then writes what came: ``numbers`` (the code in each picture: 16 squares of 16 pixels at its top left, white for 1, the
lowest bit first), ``times_s`` (monotonic), ``pictures`` (every 25th, RGBA) and ``which`` (their numbers).
"""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
from cyndilib.finder import Finder
from cyndilib.receiver import Receiver
from cyndilib.video_frame import VideoFrameSync
from cyndilib.wrapper.ndi_recv import RecvBandwidth, RecvColorFormat

SQUARE, BITS, EVERY, MOST = 16, 16, 25, 8
LOOK_S = 0.002
"""Between two looks at the newest picture."""


def number_of(rgba: np.ndarray) -> int:
    """The code in a picture (H, W, 4)."""
    middles = [rgba[SQUARE // 2, SQUARE * bit + SQUARE // 2, :3].mean() for bit in range(BITS)]
    return sum(1 << bit for bit, value in enumerate(middles) if value > 127)


def write_number(rgba: np.ndarray, number: int) -> None:
    """Write the code into a picture (H, W, 4), row 0 on top."""
    for bit in range(BITS):
        rgba[:SQUARE, SQUARE * bit : SQUARE * (bit + 1)] = 255 if number >> bit & 1 else (0, 0, 0, 255)


def main() -> int:
    """Receive until the input ends."""
    name, out = sys.argv[1:3]
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    finder = Finder()
    finder.open()
    source = None
    while source is None and not over.is_set():
        finder.wait_for_sources(0.2)
        source = next((one for one in finder.iter_sources() if name in one.name), None)
    print("found", flush=True)
    receiver = Receiver(color_format=RecvColorFormat.RGBX_RGBA, bandwidth=RecvBandwidth.highest)
    # Plain capturing of cyndilib 0.1.3 loses two pictures of three; this way all are seen.
    frame = VideoFrameSync()
    receiver.frame_sync.set_video_frame(frame)
    receiver.set_source(source)
    numbers, times_s, pictures, which = [], [], [], []
    while not over.wait(LOOK_S):
        receiver.frame_sync.capture_video()
        if not frame.xres:
            continue
        rgba = frame.get_array().reshape(frame.yres, -1, 4)[:, : frame.xres]
        number = number_of(rgba)
        if number == 0 or (numbers and numbers[-1] == number):
            continue
        if not numbers:
            print("receiving", flush=True)
        numbers.append(number)
        times_s.append(time.monotonic())
        if len(numbers) % EVERY == 0 and len(pictures) < MOST:
            pictures.append(rgba.copy())
            which.append(number)
    np.savez(out, numbers=numbers, times_s=times_s, pictures=np.array(pictures), which=which)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
