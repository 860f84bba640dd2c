"""What ``run.py check`` says of the file of presets and cues."""

from __future__ import annotations

from pathlib import Path

from installation.base.files import PROJECT
from installation.commands.check_network import Row
from installation.config.cues import CUES_FILE
from installation.config.settings import Config
from installation.config.yaml_text import ConfigError
from installation.cues.sheet_file import with_checked_lines
from installation.live_commands.cue_sheet import read_sheet
from installation.live_commands.live_settings import LiveSettings
from installation.poses.reader import GESTURES, PoseReader


def look_at_cues(config: Config, folder: Path) -> list[Row]:
    """A row for each mistake; where there is none, what there is."""
    path = folder / config.cues.file
    try:
        sheet = with_checked_lines(read_sheet(path), LiveSettings(config))
    except FileNotFoundError:
        if config.cues.file == CUES_FILE:
            return [("note", "cues", f"none: there is no {path} (docs/cues.md)")]
        return [("bad", "cues", f"{path} is not there; write one (docs/cues.md), or correct cues.file")]
    except OSError as error:
        return [("bad", "cues", f"{path} cannot be read ({error.strerror})")]
    except ConfigError as error:
        return [("bad", "cues", line) for line in error.mistakes]
    rows: list[Row] = [("bad", "cues", f"{line}; left out") for line in sheet.left_out]
    reader = PoseReader(PROJECT / config.poses.model)
    reader.poll()
    known = {*reader.labels, *(GESTURES if config.perception.gestures else ())}
    for cue in sheet.cues:
        missing = [label for label in cue.poses if label not in known]
        if missing:
            hint = "train it (docs/poses.md)"
            if set(missing) & set(GESTURES):
                hint = "a gesture needs perception.gestures: true"
            rows.append(("note", "cues", f"cue {cue.label}: nobody can show {', '.join(missing)}; {hint}"))
    return rows or [("good", "cues", f"{path}: {len(sheet.presets)} presets, {len(sheet.cues)} cues")]
