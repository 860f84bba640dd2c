"""A wall on this machine: a leader and three followers, each with a quarter of the picture. How far apart are their screens?

    python benchmarks/wall.py [--per-second 3] [--seconds 30] [--out runs/wall.json]

Software OpenGL, 320 x 180 each, simulated performer, generation off; first on a good network, then on one that loses one
message in a hundred and delivers the others up to 20 ms earlier or later than meant. The last follower joins in mid-show. The
difference is that of the numbers of the pictures on the screens (frames.log of each machine), looked at every 5 ms. Where the
machine cannot draw as many pictures as are asked for, the wall goes slower by itself: the rate that was reached is told.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.wall_proxy import BadNetwork
from installation.base.clock import RealClock
from installation.base.supervisor import StopSignal
from installation.commands.wall_rehearsal import Wall, free_ports
from installation.wall.frames_log import FrameLine, differences, longest_apart_s

QUARTERS = ([0.0, 0.0, 0.5, 0.5], [0.5, 0.0, 0.5, 0.5], [0.0, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5])
SETTLE_S = 4.0
"""After the last machine joined: shaders of what is shown are built, and the clock is asked."""
BARS = {"good": 1, "bad": 2}
JOIN_BAR_S = 2.0


def measure(network: str, per_second: float, seconds: float, scene: str) -> dict[str, Any]:
    """One wall from start to end; its figures."""
    clock, stop = RealClock(), StopSignal()
    stop.install()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mien-wall-")))
        wall = Wall(folder, clock, per_second, 2.5 / per_second + 0.06, scene=scene)
        stack.callback(wall.end)
        port = None
        if network == "bad":
            port = free_ports()
            stack.enter_context(BadNetwork(port, wall.port, loss=0.01, jitter_s=0.02, delay_s=0.02))
        leader = wall.lead(QUARTERS[0])
        leader.wait_for("running:", stop)
        for name, part in zip(("one", "two"), QUARTERS[1:3], strict=True):
            wall.follow(name, part, port=port).wait_for("joined", stop)
        stop.wait(3.0)
        late = wall.follow("late", QUARTERS[3], port=port)
        late.wait_for("joined", stop)
        from_s = clock.now() + SETTLE_S
        stop.wait(SETTLE_S + seconds)
        wall.end()
        logs = [[line for line in machine.frames if line.at_s >= from_s] for machine in wall.machines]
        found = figures(logs, leader.figures, late.figures, [machine.figures for machine in wall.machines[1:]])
        return {**found, "from_nothing_s": round(late.frames[0].at_s - late.began_s, 2)}


def figures(
    logs: list[list[FrameLine]], leader: dict[str, Any], late: dict[str, Any], followers: list[dict[str, Any]]
) -> dict[str, Any]:
    """What is told of one wall."""
    apart = np.array(differences(logs) or [999])
    told = [one.get("wall", {}) for one in followers]
    return {
        "p50": int(np.percentile(apart, 50, method="lower")),
        "p99": int(np.percentile(apart, 99, method="higher")),
        "most": int(apart.max()),
        "share_above_1": round(float((apart > 1).mean()), 4),
        "longest_above_1_s": round(longest_apart_s(apart.tolist()), 3),
        "reached_per_second": [round(len(log) / max(log[-1].at_s - log[0].at_s, 1e-3), 2) for log in logs],
        "every": leader.get("wall", {}).get("every"),
        "window_s": late.get("window_s"),
        "joined_s": late.get("joined_s"),
        "bytes_a_state": leader.get("wall", {}).get("bytes_a_state"),
        **{
            name: [one.get(name) for one in told]
            for name in ("lost", "late", "reordered", "round_trip_ms", "drift_ppm")
        },
        "clock_off_ms": [round(1000 * clock_error_s(log), 3) for log in logs[1:]],
    }


def clock_error_s(log: list[FrameLine]) -> float:
    """How wrong the leader's time was on a follower, at most: here both have the same clock, so it should be its own."""
    return max(abs(line.leader_s - line.at_s) for line in log)


def main() -> int:
    """Measure both networks; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--per-second", type=float, default=3.0, help="pictures a second asked for")
    parser.add_argument("--seconds", type=float, default=30.0, help="measured on each network")
    parser.add_argument("--scene", default="blossom")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    found = {name: measure(name, args.per_second, args.seconds, args.scene) for name in BARS}
    is_kept = True
    for name, bar in BARS.items():
        one = found[name]
        joined_s = None if one["joined_s"] is None else one["joined_s"] - one["window_s"]
        kept = one["p99"] <= bar and joined_s is not None and joined_s < JOIN_BAR_S
        is_kept = is_kept and kept
        print(f"{name} network: p99 {one['p99']} (bar {bar}): {'kept' if kept else 'MISSED'}")
        print(
            f"  joined {joined_s} s after its window was there, {one['joined_s']} s after it was asked to, "
            f"{one['from_nothing_s']} s after its process was started"
        )
        print(json.dumps(one))
    if args.out is not None:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps({"per_second": args.per_second, **found}, indent=1) + "\n", encoding="utf-8")
    return 0 if is_kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
