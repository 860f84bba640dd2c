"""Sends a moving ball as MPEG-TS until killed.

python sender.py ADDRESS
"""

import itertools
import sys
import time

import av
import cv2
import numpy as np

SIZE, RATE = (320, 240), 25


def picture(step: int) -> np.ndarray:
    """(240, 320, 3): a white ball on black."""
    rgb = np.full((SIZE[1], SIZE[0], 3), 16, np.uint8)
    cv2.circle(rgb, (40 + 4 * step % 240, 120), 30, (255, 255, 255), -1)
    return rgb


def main() -> None:
    """Send, at the pace of a camera."""
    with av.open(sys.argv[1], "w", format="mpegts") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "tune": "zerolatency", "g": "12"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        print("sending", flush=True)
        start_s = time.monotonic()
        for step in itertools.count():
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture(step), format="rgb24")):
                out.mux(packet)
            time.sleep(max(start_s + (step + 1) / RATE - time.monotonic(), 0))


if __name__ == "__main__":
    main()
