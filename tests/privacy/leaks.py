"""Leaks that somebody might build in, patched into a running piece to show that each is found (hooks/sitecustomize.py).

A file in the folder MIEN_LEAKS names each leak that is to happen; its text says where to. Each happens once in a process.
"""

import json
import logging
import os
import socket
from pathlib import Path

NAMES = ("crop", "gone", "frame", "mapped", "shared", "face", "shapes", "clothes", "sound")


class Leak:
    """``to``: where it goes; None while it is not wanted."""

    def __init__(self, folder, name):
        path = Path(folder) / name
        self.to = path.read_text(encoding="utf-8").strip() if path.exists() else None
        self._count = 0

    def is_due(self):
        """Whether it is to happen now."""
        self._count += 1
        return self.to is not None and self._count == 1


def patches(folder, marked):
    """What sitecustomize patches: by module, a function that is given it."""
    leaks = {name: Leak(folder, name) for name in NAMES}
    return {
        "installation.perception.build": lambda module: _crops(module, leaks),
        "installation.perception.child_process": lambda module: _frames(module, leaks),
        "installation.perception.track": lambda module: _clothes(module, leaks),
        "installation.poses.takes": lambda module: _numbers(module, leaks),
        "installation.showcontrol.sound.ear": lambda module: _sound(module, leaks),
    }


def _crops(module, leaks):
    """A crop is stored, as for a look at what the network sees; another one is stored and deleted at once."""
    cut = module.crop_face

    def crop_face(rgb, landmarks, *more):
        import cv2
        import numpy as np

        crop = cut(rgb, landmarks, *more)
        if leaks["crop"].is_due():
            cv2.imwrite(leaks["crop"].to, crop[:, :, ::-1])
        if leaks["gone"].is_due():
            np.save(leaks["gone"].to, crop)
            os.remove(leaks["gone"].to)  # noqa: PTH107
        return crop

    module.crop_face = crop_face


def _frames(module, leaks):
    """The camera's picture: as raw pixels, in a mapped file, and in shared memory that is left behind."""
    whole = module.FramesIn.frame

    def frame(self, request):
        import numpy as np

        found = whole(self, request)
        if leaks["frame"].is_due():
            Path(leaks["frame"].to).write_bytes(found.rgb[100:260, 200:440].tobytes())
        if leaks["mapped"].is_due():
            mapped = np.memmap(leaks["mapped"].to, np.uint8, "w+", shape=found.rgb.shape)
            mapped[:] = found.rgb
            mapped.flush()
        if leaks["shared"].is_due():
            Path(leaks["shared"].to).write_bytes(found.rgb.tobytes())
        return found

    module.FramesIn.frame = frame


def _clothes(module, leaks):
    """The colours of somebody's clothes are written down."""
    learn = module.Track.learn_colours

    def learn_colours(self, seen, dt_s):
        learn(self, seen, dt_s)
        if leaks["clothes"].is_due():
            Path(leaks["clothes"].to).write_text(json.dumps({"wears": [round(float(one), 4) for one in seen]}))

    module.Track.learn_colours = learn_colours


def _sound(module, leaks):
    """What the microphone hears is kept as a sound file."""
    hear = module.Ear.feed

    def feed(self, samples):
        if len(samples) and leaks["sound"].is_due():
            import wave

            with wave.open(leaks["sound"].to, "wb") as file:
                file.setparams((1, 2, 16_000, 0, "NONE", ""))
                file.writeframes((samples * 32767).round().astype("<i2").tobytes())
        return hear(self, samples)

    module.Ear.feed = feed


def _numbers(module, leaks):
    """Face landmarks go out over OSC; blendshapes stand in the log."""
    record = module.PoseTakes.record

    def recorded(self, observation):
        record(self, observation)
        for person in observation.people:
            if person.face is not None and leaks["face"].is_due():
                from pythonosc.osc_message_builder import build_msg

                packet = build_msg("/mien/face", [float(value) for value in person.face[:60].ravel()]).dgram
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
                    wire.sendto(packet, ("127.0.0.1", int(leaks["face"].to)))
            if person.blendshapes is not None and leaks["shapes"].is_due():
                said = ", ".join(f"{value:.2f}" for value in person.blendshapes)
                logging.getLogger(__name__).info("a face: %s", said)

    module.PoseTakes.record = recorded
