"""What is generated in examples/ is as the tables are now."""

import re
from pathlib import Path

import pytest
import yaml

from installation.config.settings import Config
from installation.showcontrol.addresses import address_of
from installation.showcontrol.examples import __main__ as command
from installation.showcontrol.examples.files import FOLDER, files
from installation.showcontrol.examples.routes import MADMAPPER, RESOLUME
from installation.showcontrol.examples.text import with_block

PROGRAMS = ("chataigne", "live", "madmapper", "max", "obs", "resolume", "touchdesigner", "unreal")


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_each_file_is_as_the_tables_are(path: Path) -> None:
    text = files()[path]
    assert path.read_text(encoding="utf-8") == text, "run: python -m installation.showcontrol.examples --write"


def test_the_command_says_what_is_stale_and_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "files", lambda: {tmp_path / "a.tsv": "new\n", tmp_path / "b.tsv": "same\n"})
    (tmp_path / "a.tsv").write_text("old\n")
    (tmp_path / "b.tsv").write_text("same\n")
    assert command.main([]) == 1
    assert capsys.readouterr().out == "stale: examples/a.tsv\n"
    assert command.main(["--write"]) == 0
    assert (tmp_path / "a.tsv").read_text() == "new\n"
    assert command.main([]) == 0


def test_a_block_is_put_between_its_lines() -> None:
    assert with_block("a\n<\nold\n>\nb\n", ("<", ">"), "new\n\n") == "a\n<\nnew\n>\nb\n"
    for text in ("a\n", "<\n<\n>\n", ">\n<\n"):
        with pytest.raises(ValueError, match="each once"):
            with_block(text, ("<", ">"), "new")


def test_routes_are_of_the_table_and_within_what_the_programs_take() -> None:
    """Both take values from 0 to 1; a press is a number that counts."""
    for route in (*RESOLUME.routes, *MADMAPPER.routes):
        arg = address_of(route.source).args[route.index]
        assert re.fullmatch(r"(/[a-z0-9]+)+", route.target), "Pure Data writes no space into an address"
        assert route.is_press or (arg.tag, arg.low, arg.high) == ("f", 0.0, 1.0), route


@pytest.mark.parametrize("folder", ["", *PROGRAMS])
def test_settings_in_each_readme_are_miens(folder: str) -> None:
    text = (FOLDER / folder / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        Config.model_validate(yaml.safe_load(block))


@pytest.mark.parametrize("folder", PROGRAMS)
def test_each_readme_says_what_was_run_and_the_index_leads_to_it(folder: str) -> None:
    assert f"({folder}/README.md)" in (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "**Run in the real program" in (FOLDER / folder / "README.md").read_text(encoding="utf-8")
