"""Runs the piece offscreen for a while and says whether memory or OpenGL objects grow.

    .venv/bin/python benchmarks/soak.py --seconds 600 [run.py's options]

Growth is the difference between the median of the run's last minute and the median of its second minute.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print the figures; 1 when memory grew by 20 MB or more, or OpenGL objects were gained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    options, more = parser.parse_known_args()
    if options.seconds < 180:
        parser.error("at least 180 seconds: one to warm up, one to start from, one to end with")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        command = [sys.executable, ROOT / "run.py", "--offscreen", "--size", "640x360"]
        command += ["--seconds", str(options.seconds), "--report", path, *more]
        code = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
        report = json.loads(path.read_text())
    timeline = [entry for entry in report["timeline"] if entry["t_s"] >= 60]
    start = [entry for entry in timeline if entry["t_s"] < 120]
    end = [entry for entry in timeline if entry["t_s"] >= options.seconds - 60]
    grown_mb = statistics.median(e["memory_mb"] for e in end) - statistics.median(e["memory_mb"] for e in start)
    objects = [entry["gl_objects"] for entry in timeline]
    print(f"exit code {code}, {report['frames_per_second']} frames/s, p99 {report['frame_interval_ms']['p99']} ms")
    print(f"memory {timeline[0]['memory_mb']} MB after a minute, {timeline[-1]['memory_mb']} MB at the end")
    print(f"memory grew by {grown_mb:+.1f} MB (bar: below 20)")
    print(f"OpenGL objects: least {min(objects)}, most {max(objects)}")
    print(f"faults {report['faults']}, fallbacks {report['fallbacks']}")
    return 1 if code or grown_mb >= 20 or max(objects) > objects[0] else 0


if __name__ == "__main__":
    raise SystemExit(main())
