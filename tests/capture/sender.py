"""Sends a moving ball until killed: as MPEG-TS, or as MJPEG over HTTP, which FFmpeg serves to one reader after the other.

python sender.py ADDRESS
"""

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


def send(address: str) -> None:
    """Send until the other side is gone."""
    mjpeg = address.startswith("http")
    kind, options = ("mpjpeg", {"listen": "1"}) if mjpeg else ("mpegts", {})
    with av.open(address, "w", format=kind, options=options) as out:
        codec = {"preset": "ultrafast", "tune": "zerolatency", "g": "12"}
        stream = out.add_stream("mjpeg" if mjpeg else "libx264", rate=RATE, options={} if mjpeg else codec)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuvj420p" if mjpeg else "yuv420p"
        start_s = time.monotonic()
        for step in range(10**9):
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture(step), format="rgb24")):
                out.mux(packet)
            time.sleep(max(start_s + (step + 1) / RATE - time.monotonic(), 0))


def main() -> None:
    """Serve one reader after the other."""
    print("serving", flush=True)
    while True:
        try:
            send(sys.argv[1])
        except (OSError, av.FFmpegError):
            time.sleep(0.1)


if __name__ == "__main__":
    main()
