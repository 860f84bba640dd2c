"""The whole piece with a way out: what it shows is in the stream, and nothing of it is left when it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import av
import pytest

from installation.base.files import PROJECT_VARIABLE, ROOT
from tests.leftovers import in_shared_memory, left_in_shared_memory

SETTINGS = """
output:
  sends:
    - {kind: stream, address: hls/mien.m3u8, width: 160, per_second: 10}
    - {kind: stream, name: Nobody, address: 'rtmp://127.0.0.1:9/live/opensesame', width: 64}
osc: {targets: []}
desk: {port: 0}
capture: {source: simulated}
generation: {enabled: false}
picture: {enabled: false}
"""


@pytest.mark.timeout(180)
def test_a_piece_streams_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(SETTINGS)
    before = in_shared_memory()
    environ = {**os.environ, PROJECT_VARIABLE: str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "installation", "--offscreen", "--size", "320x180", "--seconds", "12"]
    done = subprocess.run(
        [*command, "--report", "report.json"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    with av.open(str(tmp_path / "hls" / "mien.m3u8")) as container:
        frames = list(container.decode(video=0))
    assert (frames[0].width, frames[0].height) == (160, 90)
    assert len(frames) > 5
    assert max(frame.to_ndarray(format="gray").max() for frame in frames) > 60, "not black"
    told = [fault["message"] for fault in report["faults"] if fault["stage"] == "send stream Nobody"]
    assert told
    assert told[0].startswith("rtmp://127.0.0.1:9/live/***")
    assert "opensesame" not in done.stderr + json.dumps(report)
    assert left_in_shared_memory(before, 0) == []
