"""Several sources by name: chosen by a command, the next taken when one fails, and the settings have the last word."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from installation.base.clock import ManualClock
from installation.base.files import PROJECT_VARIABLE, ROOT
from installation.base.notices import Notices
from installation.config.load import ConfigError, parse_config
from installation.config.settings import Config
from installation.perception.switched_eyes import COMMAND, STAGE, SwitchedEyes

THREE = "{front: 0, side: 'rtsp://artist:opensesame@cam/1', rehearsal: 'performance:solo'}"


class Live:
    """Stands in for LiveEyes: notes what is wanted."""

    def __init__(self) -> None:
        self.current, self.changing = None, False
        self.wanted: list[str] = []

    def reconfigure(self, config: Config) -> None:
        self.wanted.append(str(config.capture.source))

    def rest(self, on: bool) -> None: ...

    def take_change(self) -> bool:
        return False

    def close(self) -> None: ...


class Bench:
    """Switched eyes with a clock by hand."""

    def __init__(self, text: str = f"capture: {{source: front, sources: {THREE}}}\n") -> None:
        self.clock, self.live = ManualClock(), Live()
        self.notices = Notices(self.clock)
        self.config = parse_config(text)
        self.eyes = SwitchedEyes(self.live, self.config, self.notices, self.clock)  # type: ignore[arg-type]

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.clock.advance(0.1)
            self.eyes.take_change()

    def told(self, kind: str) -> dict[str, str]:
        return {notice.stage: notice.message for notice in self.notices.active(kind)}  # type: ignore[arg-type]


def test_a_name_stands_for_its_source() -> None:
    capture = parse_config(f"capture: {{source: side, sources: {THREE}}}\n").capture
    assert (capture.source, capture.target) == ("side", "rtsp://artist:opensesame@cam/1")
    assert parse_config(f"capture: {{source: auto, sources: {THREE}}}\n").capture.target == "auto"
    with pytest.raises(ConfigError, match=r"capture\.sources"):
        parse_config("capture: {sources: {'7': 0}}\n")


def test_the_command_takes_one_or_the_next() -> None:
    bench = Bench()
    for name in ("rehearsal", "", "", ""):
        bench.eyes.choose(name)
    assert bench.live.wanted == ["rehearsal", "front", "side", "rehearsal"]
    bench.eyes.choose("back")
    assert bench.told("fault") == {COMMAND: "there is no source 'back'; there are front, side, rehearsal"}
    bench.eyes.choose("front")
    assert bench.told("fault") == {}
    assert bench.eyes.name == "front"


def test_one_that_fails_gives_way_to_the_next_and_so_on() -> None:
    bench = Bench()
    bench.run(20)
    assert bench.live.wanted == []
    bench.notices.fault("capture", "camera 0 brought nothing new")
    bench.run(4.5)
    assert bench.live.wanted == []
    bench.run(1.0)
    assert bench.live.wanted == ["side"]
    assert bench.told("fallback") == {
        STAGE: "front gives no picture: side is seen instead; the command source goes back"
    }
    bench.run(5.5)
    assert bench.live.wanted == ["side", "rehearsal"]
    bench.notices.resolve("capture")
    bench.run(30)
    assert bench.live.wanted == ["side", "rehearsal"]
    bench.eyes.choose("front")
    assert bench.told("fallback") == {}


def test_a_glitch_changes_nothing_nor_does_a_change_under_way() -> None:
    bench = Bench()
    for _ in range(5):
        bench.notices.fault("capture", "silent")
        bench.run(4)
        bench.notices.resolve("capture")
        bench.run(0.2)
    bench.notices.fault("capture", "silent")
    bench.live.changing = True
    bench.run(20)
    bench.live.changing = False
    bench.eyes.rest(True)
    bench.run(20)
    assert bench.live.wanted == []


@pytest.mark.parametrize(
    "text",
    [
        f"capture: {{source: front, sources: {THREE}, next_after_s: 0}}\n",
        "capture: {source: front, sources: {front: 0}}\n",
        "capture: {source: 0}\n",
    ],
)
def test_where_there_is_no_other_the_source_is_waited_for(text: str) -> None:
    bench = Bench(text)
    bench.notices.fault("capture", "silent")
    bench.run(60)
    assert bench.live.wanted == []


def test_the_settings_have_the_last_word() -> None:
    bench = Bench()
    bench.eyes.choose("side")
    bench.eyes.reconfigure(bench.config.model_copy(update={"scene": bench.config.scene}))
    assert bench.live.wanted[-1] == "side", "another setting leaves the choice"
    bench.eyes.reconfigure(parse_config(f"capture: {{source: rehearsal, sources: {THREE}}}\n"))
    assert bench.live.wanted[-1] == "rehearsal"
    bench.eyes.choose("side")
    bench.eyes.reconfigure(parse_config("capture: {source: rehearsal, sources: {rehearsal: simulated}}\n"))
    assert bench.live.wanted[-1] == "rehearsal"


@pytest.mark.timeout(170)
def test_a_piece_whose_camera_is_not_there_goes_on_with_the_next(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        "capture:\n  source: front\n  next_after_s: 1.0\n"
        "  sources: {front: 'rtsp://artist:opensesame-7@127.0.0.1:9/x', side: 'performance:solo'}\n"
        "osc: {targets: []}\ndesk: {port: 0}\ngeneration: {enabled: false}\npicture: {enabled: false}\n"
    )
    environ = {**os.environ, PROJECT_VARIABLE: str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "installation", "--offscreen", "--size", "160x90", "--seconds", "15"]
    done = subprocess.run(
        [*command, "--report", "report.json"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert "solo" in report["source"]
    assert any("front gives no picture: side is seen instead" in one["message"] for one in report["fallbacks"])
    assert "opensesame" not in done.stderr + json.dumps(report)
