"""The whole piece with its simulated visitor, started with the README's own configuration, heard and seen."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from installation.config.osc import OscConfig
from tests.examples.stage import EXAMPLES, wait_for
from tests.examples.test_puredata_example import recording
from tests.examples.test_qlcplus_example import qlcplus


def targets() -> list[dict]:
    """As the README writes them."""
    block = re.search(r"```yaml\n(.*?)```", (EXAMPLES / "README.md").read_text(), re.DOTALL)
    assert block is not None
    osc = yaml.safe_load(block[1])["osc"]
    OscConfig.model_validate(osc)
    return osc["targets"]


def test_the_readme_names_the_ports_of_the_examples() -> None:
    assert [target["port"] for target in targets()] == [9101, 7700]
    assert "netreceive -u -b 9101;" in (EXAMPLES / "puredata" / "mien.pd").read_text()
    assert '"9101"' in (EXAMPLES / "supercollider" / "mien.scd").read_text()
    assert 'inputPort="7700"' in (EXAMPLES / "qlcplus" / "mien.qxw").read_text()


@pytest.mark.long
def test_the_simulated_visitor_is_heard_and_lit(tmp_path: Path) -> None:
    (tmp_path / "light").mkdir()
    lit: list[list[int]] = []
    with recording(tmp_path) as take, qlcplus(tmp_path / "light") as desk:
        wait_for(lambda: desk.web.channels() != [], "QLC+ never answered")
        both = [target | {"port": port} for target, port in zip(targets(), (take.port, desk.piece.port), strict=True)]
        settings = tmp_path / "config.yaml"
        settings.write_text(yaml.safe_dump({"osc": {"targets": both, "listen_port": 0}}))
        options = ["--offscreen", "--size", "192x108", "--source", "simulated", "--seconds", "12", "--config", settings]
        command = [sys.executable, "-m", "installation", *map(str, options)]
        with subprocess.Popen(command, cwd=EXAMPLES.parent, stderr=subprocess.DEVNULL) as piece:
            wait_for(lambda: lit.append(desk.lamps().copy()) or piece.poll() is not None, "it never ended", 90)
        assert piece.returncode == 0
    assert max(max(lamps[:6]) for lamps in lit) > 60
    assert take.strokes[0] == "bell"
    assert take.heard is not None
    assert take.heard.level(-6, -4) > 0.01
    assert take.heard.peak() < 0.9
