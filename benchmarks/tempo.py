"""How far /beat is from the beat that was heard, over OSC, while the piece draws.

.venv/bin/python benchmarks/tempo.py link|midi [--seconds 30] [--bpm 124] [-- ARGUMENTS OF THE PIECE]

link   this process is a peer of Ableton Link: error is where its own beat stands when the packet comes, in a network of the
       machine's own where that is allowed (util-linux's unshare), so that no other network hears of it
midi   jack_midi_clock (Debian: jackd2, jack-midi-clock) plays the clock; error is against a line through the clocks that this
       process hears itself

Packets are stamped by the system as they arrive. Prints percentiles of the error's size, and how many beats came of how many.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
from pythonosc.osc_message import OscMessage

SO_TIMESTAMPNS = 35
WARM_S = 8.0
INSIDE = "--inside"
Truth = Callable[[float], float]
"""The beat at a time of the monotonic clock."""
Begun = Iterator[tuple[Truth, list[str], Callable[[], None]]]
"""The truth, settings of the piece, and what starts the music once the piece hears: who joins a MIDI clock later cannot
know which of its 24 in a beat is the first."""


def main() -> int:
    """Run the piece beside the source and print how far its beats are off."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", choices=("link", "midi"))
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--bpm", type=float, default=124.0)
    parser.add_argument("more", nargs="*", help="arguments of the piece, behind --")
    if INSIDE not in sys.argv and "link" in sys.argv and in_own_network():
        return 0
    options = parser.parse_args([one for one in sys.argv[1:] if one != INSIDE])
    with ExitStack() as stack:
        inbox = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        inbox.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        inbox.bind(("127.0.0.1", 0))
        inbox.settimeout(0.5)
        begin = link_peer if options.source == "link" else jack_clock
        truth, sets, start = stack.enter_context(begin(options.bpm))
        running = stack.enter_context(piece(inbox.getsockname()[1], sets, options))
        told(heard(inbox, options.seconds, truth, running, start), options.bpm)
    return 0


def in_own_network() -> bool:
    """Whether this was run again in a network of its own, which has nothing but the loopback."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    again = [sys.executable, *sys.argv, INSIDE]
    script = 'ip link set lo up && ip route add 224.0.0.0/4 dev lo && exec "$@"'
    return subprocess.run([unshare, "-rn", "sh", "-c", script, "sh", *again]).returncode == 0


@contextmanager
def link_peer(bpm: float) -> Begun:
    """A peer that was there first."""
    from installation.showcontrol.tempo.link import LinkPeer

    peer = LinkPeer(bpm)

    def truth(at_s: float) -> float:
        return peer.tempo(time.monotonic).beat_at(at_s)

    yield truth, ["tempo.source=link"], lambda: None
    peer.close()


@contextmanager
def jack_clock(bpm: float) -> Begun:
    """JACK without a sound card, jack_midi_clock on its transport, and a listener of our own."""
    from installation.showcontrol.midi.input import RtMidiInput
    from installation.showcontrol.tempo.midi_clock import MidiClock

    name = f"tempo-{os.getpid()}"
    os.environ |= {"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = ["jackd", "--no-realtime", "-n", name, "-d", "dummy", "-r", "48000", "-p", "128"]
    server = subprocess.Popen(command, **quiet)
    time.sleep(1.5)
    clock = subprocess.Popen(["jack_midi_clock", "-B", "-b", f"{bpm:g}"], **quiet)
    time.sleep(0.5)
    listener = RtMidiInput("jack", "--")
    listener.open(next(port for port in listener.names() if "jack_midi_clock" in port))
    reader = MidiClock()

    over = threading.Event()

    def listen() -> None:
        # Read as often as it may come: times are told from when it is read.
        while not over.wait(0.001):
            for message, came_s in listener.messages(time.monotonic()):
                reader.feed(message, came_s)

    threading.Thread(target=listen, daemon=True).start()

    def truth(at_s: float) -> float:
        return reader.tempo.beat_at(at_s) if reader.tempo is not None else float("nan")

    try:
        sets = ["tempo.source=midi_clock", "tempo.system=jack", "tempo.port=jack_midi_clock"]
        yield truth, sets, lambda: _roll(name)
    finally:
        over.set()
        time.sleep(0.1)
        listener.close()
        for one in (clock, server):
            one.terminate()
            one.wait(10)


def _roll(server: str) -> None:
    """Start JACK's transport, through its own library."""
    jack = ctypes.CDLL("libjack.so.0")
    jack.jack_client_open.restype = ctypes.c_void_p
    status = ctypes.c_int()
    client = ctypes.c_void_p(jack.jack_client_open(b"roll", 2, ctypes.byref(status), server.encode()))
    jack.jack_activate(client)
    jack.jack_transport_start(client)


@contextmanager
def piece(port: int, sets: list[str], options: argparse.Namespace) -> Iterator[subprocess.Popen[bytes]]:
    """The piece, at full work, with the simulated performer."""
    target = json.dumps([{"host": "127.0.0.1", "port": port, "per_second": 30.0}])
    sets = [*sets, f"osc.targets={target}", "osc.listen_port=0", "oscquery.enabled=false", "desk.port=0"]
    command = [sys.executable, "-m", "installation", "--offscreen", "--size", "640x360", "--source", "simulated"]
    command += ["--seconds", f"{options.seconds + WARM_S + 5:g}", *(word for one in sets for word in ("--set", one))]
    process = subprocess.Popen([*command, *options.more], cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def heard(
    inbox: socket.socket,
    seconds: float,
    truth: Truth,
    running: subprocess.Popen[bytes],
    start: Callable[[], None],
) -> list[tuple[int, float]]:
    """(number, beats by which it is late) of each beat, once the piece has been at work for WARM_S."""
    found: list[tuple[int, float]] = []
    begin_s: float | None = None
    while (begin_s is None or time.monotonic() < begin_s + WARM_S + seconds) and running.poll() is None:
        try:
            data, extra, _, _ = inbox.recvmsg(65536, 128)
        except TimeoutError:
            continue
        if begin_s is None:
            begin_s = time.monotonic()
            threading.Timer(WARM_S / 2, start).start()
        if not data.startswith(b"/mien/beat\0"):
            continue
        wall_s, nano = struct.unpack("ll", extra[0][2][:16])
        came_s = time.monotonic() - (time.time() - (wall_s + nano / 1e9))
        number = int(OscMessage(data).params[0])
        # Peers of Link count from where they like; they share the beat in a bar of four.
        late = (truth(came_s) - number + 2.0) % 4.0 - 2.0
        if time.monotonic() >= begin_s + WARM_S:
            found.append((number, late))
    return found


def told(beats: list[tuple[int, float]], bpm: float) -> None:
    """Print it."""
    if not beats:
        sys.exit("no beat came")
    numbers = [number for number, _ in beats]
    off_ms = np.abs([late for _, late in beats]) * 60_000 / bpm
    p50, p95, p99 = np.percentile(off_ms, (50, 95, 99))
    whole = numbers[-1] - numbers[0] + 1
    print(f"error of the beat: p50 {p50:.2f}, p95 {p95:.2f}, p99 {p99:.2f}, largest {off_ms.max():.2f} ms;", end=" ")
    print(f"{len(set(numbers))} of {whole} beats, {len(numbers) - len(set(numbers))} twice")


if __name__ == "__main__":
    raise SystemExit(main())
