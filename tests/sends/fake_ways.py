"""Ways out that stand in for libraries, each in a process of its own; what they did stands in a file named by the address."""

import json
import os
import time
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from installation.config.sends import SendConfig
from installation.sends import child
from installation.sends.way import Sent, WayError


class NotingWay:
    """Writes a line for each picture: its time, size and mean colour."""

    def __init__(self, config: SendConfig) -> None:
        self.file = Path(os.environ["MIEN_TEST_SENDS"])

    def note(self, **what: object) -> None:
        with self.file.open("a") as file:
            file.write(json.dumps(what) + "\n")

    def open(self, size: tuple[int, int]) -> str:
        self.note(opened=size)
        return "a file"

    def send(self, sent: Sent) -> None:
        height, width = sent.rgba.shape[:2]
        self.note(t_s=sent.t_s, size=[width, height], mean=[float(value) for value in sent.rgba.mean((0, 1))])

    def wait_for_somebody(self, seconds: float) -> bool:
        return True

    def close(self) -> None:
        self.note(closed=True)


class SlowWay(NotingWay):
    """Takes a tenth of a second for a picture."""

    def send(self, sent: Sent) -> None:
        time.sleep(0.1)
        super().send(sent)


class FailingWay(NotingWay):
    """Refuses its first picture with the address in what it says."""

    def send(self, sent: Sent) -> None:
        if not self.file.exists() or "refused" not in self.file.read_text():
            self.note(refused=True)
            raise WayError("rtmp://host/live/opensesame: refused")
        super().send(sent)


class HangingWay(NotingWay):
    """Its first picture never ends."""

    def send(self, sent: Sent) -> None:
        if "hung" not in self.file.read_text():
            self.note(hung=os.getpid())
            time.sleep(1000)
        super().send(sent)


class DyingWay(NotingWay):
    """Its process ends at the first picture, as a library that crashes."""

    def send(self, sent: Sent) -> None:
        if "died" not in self.file.read_text():
            self.note(died=True)
            os._exit(7)
        super().send(sent)


class LonelyWay(NotingWay):
    """Somebody comes when the file beside its own is there."""

    def wait_for_somebody(self, seconds: float) -> bool:
        time.sleep(min(seconds, 0.05))
        return self.file.with_name("somebody").exists()


def run(name: str, pipe: Connection, config: SendConfig) -> None:
    """Main function of a process with one of these."""
    child.FIRST_PAUSE_S = 0.1
    child.run_child(pipe, config, globals()[name])


def child_of(name: str) -> partial:
    """What a SendLink runs."""
    return partial(run, name)
