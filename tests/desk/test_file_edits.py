"""Edits of files made from the desk: taken back, made again, and refused where somebody else wrote the same lines."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from installation.config.cue_rows import CueRow, PresetRow
from installation.config.load import load_config
from installation.config.save_cues import with_cue, with_preset_row
from installation.config.yaml_text import ConfigError
from installation.desk.cue_file import change, check
from installation.desk.desk import RefusedError
from installation.desk.file_edits import FileEdit, OvertakenError, apply, merged
from installation.desk.opening import write
from tests.desk.test_desk import PACE, Piece, run

LINES = "one\ntwo\nthree\nfour\nfive\n"


@pytest.mark.parametrize(
    ("wanted", "now", "found"),
    [
        ("one\n2\nthree\nfour\nfive\n", LINES, "one\n2\nthree\nfour\nfive\n"),
        ("one\n2\nthree\nfour\nfive\n", "one\ntwo\nthree\n4\nfive\n", "one\n2\nthree\n4\nfive\n"),
        ("two\nthree\nfour\nfive\n", LINES + "six\n", "two\nthree\nfour\nfive\nsix\n"),
        ("one\n2\nthree\nfour\nfive\n", "one\n2\nthree\nfour\n5\n", "one\n2\nthree\nfour\n5\n"),
        ("one\n2\nthree\nfour\nfive\n", "one\nII\nthree\nfour\nfive\n", None),
        ("one\nthree\nfour\nfive\n", "one\ntwo\nIII\nfour\nfive\n", None),
    ],
)
def test_two_edits_of_one_text(wanted: str, now: str, found: str | None) -> None:
    assert merged(LINES, wanted, now) == found


def test_a_file_that_comes_and_goes(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    make, away = FileEdit(path, None, "a: 1\n", print), FileEdit(path, "a: 1\n", None, print)
    apply(make)
    assert path.read_text() == "a: 1\n"
    apply(away)
    assert not path.exists()
    path.write_text("a: 2\n")
    for edit in (make, away):
        with pytest.raises(OvertakenError, match="changed elsewhere"):
            apply(edit)
    assert path.read_text() == "a: 2\n"


def test_what_would_be_wrong_is_not_brought_back(tmp_path: Path) -> None:
    def refuse(now: str | None, text: str | None) -> None:
        raise ConfigError(f"{now!r} {text!r}")

    path = tmp_path / "new.yaml"
    path.write_text("a: 1\n")
    with pytest.raises(ConfigError, match=r"a: 1.*a: 0"):
        apply(FileEdit(path, "a: 1\n", "a: 0\n", refuse))
    assert path.read_text() == "a: 1\n"


@pytest.fixture
def piece(tmp_path: Path) -> Piece:
    return Piece(tmp_path)


async def edit(piece: Piece, change_of: Callable[[str], str], name: str = "") -> None:
    path = piece.file.with_name("cues.yaml")
    await piece.desk.write_file(path, partial(change, path, change_of), name, check)


def cue(number: float, **more: Any) -> Callable[[str], str]:
    return lambda text: with_cue(text, None, CueRow(cue=number, **more))


def preset(name: str) -> Callable[[str], str]:
    return lambda text: with_preset_row(text, None, name, PresetRow(settings={"scene.pace": 2.0}))


def test_dials_and_files_are_one_history(piece: Piece) -> None:
    path = piece.file.with_name("cues.yaml")

    async def work() -> None:
        await edit(piece, preset("day"), "Preset day")
        first = path.read_text()
        await piece.desk.set(PACE, 2.0)
        await edit(piece, cue(1, preset="day"), "Cue 1")
        second = path.read_text()
        assert await piece.desk.undo() == "Cue 1"
        assert path.read_text() == first
        assert await piece.desk.undo() == "scene.pace"
        assert await piece.desk.undo() == "Preset day"
        assert not path.exists()
        assert await piece.desk.undo() is None
        for _ in range(3):
            await piece.desk.redo()
        assert path.read_text() == second
        assert piece.settings.config.scene.pace == 2.0

    run(work)


def test_what_somebody_else_wrote_stays_and_the_same_lines_are_left(piece: Piece) -> None:
    path = piece.file.with_name("cues.yaml")

    async def work() -> None:
        await edit(piece, preset("day"))
        await piece.desk.set(PACE, 3.0)
        await edit(piece, cue(1, name="opening"), "Cue 1")
        path.write_text("# the house\n" + path.read_text())
        await piece.desk.undo()
        assert path.read_text().startswith("# the house\n")
        assert "opening" not in path.read_text()
        await piece.desk.redo()
        path.write_text(path.read_text().replace("opening", "curtain"))
        with pytest.raises(RefusedError, match=r"the same lines of cues\.yaml were changed elsewhere since"):
            await piece.desk.undo()
        assert "curtain" in path.read_text()
        # What cannot be taken back does not stand in the way of what was before it.
        assert await piece.desk.undo() == "scene.pace"

    run(work)


def test_a_preset_that_a_cue_of_somebody_else_recalls_stays(piece: Piece) -> None:
    path = piece.file.with_name("cues.yaml")

    async def work() -> None:
        await edit(piece, preset("day"))
        await edit(piece, preset("night"))
        path.write_text("cues:\n  - {cue: 1, preset: night}\n" + path.read_text())
        with pytest.raises(RefusedError, match="night"):
            await piece.desk.undo()
        assert piece.desk.history.can_undo

    run(work)


def test_the_hours_and_their_file_are_one_step_whatever_is_saved_meanwhile(piece: Piece) -> None:
    enabled = "/control/hours/enabled"

    async def work() -> None:
        hours = piece.settings.config.hours.model_copy(update={"enabled": True, "monday": "closed"})
        await piece.desk.write_file(
            piece.file,
            partial(write, [piece.file], hours),
            "the hours",
            then={enabled: 1, "/control/hours/monday": "closed"},
        )
        piece.settings.rebase(load_config(piece.file))
        await piece.desk.set(PACE, 2.0)
        await piece.desk.save()
        piece.settings.rebase(load_config(piece.file))
        assert await piece.desk.undo() == "scene.pace"
        await piece.desk.undo()
        assert not piece.settings.config.hours.enabled
        found = load_config(piece.file)
        assert (found.hours.enabled, found.scene.pace) == (False, 2.0)
        await piece.desk.redo()
        assert load_config(piece.file).hours.monday == "closed"
        assert piece.settings.config.hours.enabled

    run(work)


def test_another_look_is_taken_back(piece: Piece) -> None:
    before = piece.file.read_text()

    async def work() -> None:
        await piece.desk.write(("look", "name"), "ink")
        assert load_config(piece.file).look.name == "ink"
        assert await piece.desk.undo() == "look.name"
        assert piece.file.read_text() == before

    run(work)
