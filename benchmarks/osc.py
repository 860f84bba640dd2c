"""How steadily OSC leaves the running piece, and how old it is when it arrives.

    .venv/bin/python benchmarks/osc.py [--seconds 60] [--source FILE] [--rate 60] [run.py's options]

Runs the piece offscreen twice with a receiver of this script's own. First for the interval error: how far the time between two
bundles is from 1 / rate, as the receiver sees it. Then, with a recording that holds every moment inside the piece, for the way
from the camera picture to the packet, in its parts; a second target without a rate shows what pacing adds.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
import psutil
import yaml
from pythonosc.osc_bundle import OscBundle

BAR_MS = 4.0


@dataclass
class Heard:
    """What came in at one port: when, and the packets."""

    port: int
    socket: socket.socket
    times_s: list[float] = field(default_factory=list)
    packets: list[bytes] = field(default_factory=list)


def listen() -> Heard:
    """A receiver at a free port."""
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    # The kernel's time of arrival: this script's own waiting for a turn on the processor is no fault of the sender.
    found.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    found.bind(("127.0.0.1", 0))
    return Heard(found.getsockname()[1], found)


SO_TIMESTAMPNS = 35


def arrived_s(ancillary: list[tuple[int, int, bytes]], shift_s: float) -> float:
    """When the kernel got the packet, on the monotonic clock."""
    data = ancillary[0][2]
    seconds, nanoseconds = np.frombuffer(data, np.int64)[:2]
    return float(seconds) + float(nanoseconds) * 1e-9 - shift_s


def run_piece(
    targets: list[dict[str, object]], heard: list[Heard], options: argparse.Namespace, more: list[str]
) -> float:
    """Run the piece with these targets and note all that it sends; gives the processor time of its sending process."""
    shift_s = time.time() - time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yaml"
        config.write_text(yaml.safe_dump({"osc": {"targets": targets, "listen_port": 0}}))
        command = [sys.executable, "-m", "installation", "--offscreen", "--size", "640x360", "--config", str(config)]
        command += ["--seconds", str(options.seconds), "--source", options.source, *more]
        environment = {**os.environ, "LP_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        with (Path(folder) / "log").open("w") as log:
            piece = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            used_s = 0.0
            look_s = time.monotonic() + 5
            while piece.poll() is None:
                ready, _, _ = select.select([h.socket for h in heard], [], [], 0.2)
                for each in heard:
                    if each.socket in ready:
                        data, ancillary, _, _ = each.socket.recvmsg(65535, 256)
                        each.times_s.append(arrived_s(ancillary, shift_s))
                        each.packets.append(data)
                if time.monotonic() > look_s:
                    look_s += 2
                    used_s = max(used_s, sender_cpu_s(piece.pid))
        if piece.returncode:
            raise SystemExit((Path(folder) / "log").read_text()[-2000:])
    return used_s


def sender_cpu_s(pid: int) -> float:
    """Processor seconds of the process that sends, so far."""
    try:
        for child in psutil.Process(pid).children():
            if "osc_out.process" in " ".join(child.cmdline()):
                times = child.cpu_times()
                return float(times.user + times.system)
    except psutil.Error:
        pass
    return 0.0


def starts(heard: Heard) -> list[tuple[float, int]]:
    """(time, number of the camera picture) of each bundle: the packet that holds /frame is its first."""
    found = []
    for when_s, packet in zip(heard.times_s, heard.packets, strict=True):
        if b"/frame\0" in packet:
            frame = next(message for message in OscBundle(packet) if message.address.endswith("/frame"))
            found.append((when_s, frame.params[0]))
    return found


def table(name: str, values_ms: np.ndarray) -> None:
    """Print one line of percentiles."""
    p50, p90, p99 = np.percentile(values_ms, [50, 90, 99])
    print(f"{name:44s} p50 {p50:7.2f}  p90 {p90:7.2f}  p99 {p99:7.2f}  max {values_ms.max():7.2f} ms")


def intervals(options: argparse.Namespace, more: list[str]) -> float:
    """Measure and print the interval error; gives its p99 in milliseconds."""
    heard = listen()
    target: dict[str, object] = {"host": "127.0.0.1", "port": heard.port, "per_second": options.rate}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        used_s = run_piece([target], [heard], options, [*more, "--report", str(report)])
        figures = json.loads(report.read_text())
    times_s = np.array([when for when, _ in starts(heard)])
    period_s = 1 / options.rate
    error_ms = np.abs(np.diff(times_s) - period_s) * 1000
    ends_s = times_s[-1] - times_s[0]
    print(
        f"{len(times_s)} bundles in {ends_s:.1f} s: {(len(times_s) - 1) / ends_s:.3f} a second (asked: {options.rate:g})"
    )
    print(f"the piece: {figures['frames_per_second']} pictures/s, {figures['perception']['per_second']} perceived/s, "
          f"sending process: {figures['osc_priority']}, {100 * used_s / ends_s:.1f} % of a core")  # fmt: skip
    table("interval error", error_ms)
    return float(np.percentile(error_ms, 99))


def latencies(options: argparse.Namespace, more: list[str]) -> None:
    """Measure and print the way from camera to packet."""
    paced, at_once = listen(), listen()
    targets: list[dict[str, object]] = [
        {"host": "127.0.0.1", "port": paced.port, "per_second": options.rate},
        {"host": "127.0.0.1", "port": at_once.port, "per_second": 0.0},
    ]
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "take.jsonl"
        run_piece(targets, [paced, at_once], options, [*more, "--record", str(recording)])
        seen = {}
        with recording.open() as file:
            next(file)
            for line in file:
                if '"kind":"observation"' in line[:30]:
                    event = json.loads(line)
                    value = event["value"]
                    seen[value["seq"]] = (value["t_s"], value["compute_ms"], event["t_s"])
    arrivals = [{}, {}]
    for found, heard in zip(arrivals, (paced, at_once), strict=True):
        for when_s, seq in starts(heard):
            found.setdefault(seq, when_s)
    both = [seq for seq in seen if seq in arrivals[0] and seq in arrivals[1]]
    rows = np.array([(*seen[seq], arrivals[1][seq], arrivals[0][seq]) for seq in both])
    captured_s, compute_ms, taken_s, sent_s, paced_s = rows.T
    print(f"\nfrom the camera picture to the packet, {len(both)} frames:")
    table("perception computes", compute_ms)
    table("waiting for perception and the frame loop", (taken_s - captured_s) * 1000 - compute_ms)
    table("show, encoding and socket (rate 0)", (sent_s - taken_s) * 1000)
    table("waiting for the pace", (paced_s - sent_s) * 1000)
    table("all, rate 0", (sent_s - captured_s) * 1000)
    table(f"all, rate {options.rate:g}", (paced_s - captured_s) * 1000)


def main() -> int:
    """Print the figures; 1 when the interval error's p99 misses the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    footage = Path(os.environ.get("MIEN_FOOTAGE", ROOT.parent / "shared" / "footage"))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=60.0)
    parser.add_argument("--source", default=str(footage / "p2s_single_cam01.mp4"))
    parser.add_argument("--only", choices=("intervals", "latency"))
    options, more = parser.parse_known_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    p99_ms = 0.0
    if options.only != "latency":
        p99_ms = intervals(options, more)
        print(f"interval error p99 {p99_ms:.2f} ms (bar: below {BAR_MS:g})")
    if options.only != "intervals":
        latencies(options, more)
    return 1 if p99_ms >= BAR_MS else 0


if __name__ == "__main__":
    raise SystemExit(main())
