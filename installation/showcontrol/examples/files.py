"""All that is generated in examples/, with its text."""

from __future__ import annotations

from pathlib import Path

from installation.base.files import ROOT
from installation.showcontrol.examples import chataigne, max_patch, midi_table, tables
from installation.showcontrol.examples.pd_bridge import patch
from installation.showcontrol.examples.routes import MADMAPPER, RESOLUME, route_table
from installation.showcontrol.examples.text import with_block

FOLDER = ROOT / "examples"
JS_BLOCK = ("// Generated from here: python -m installation.showcontrol.examples --write", "// Generated to here.")
MD_BLOCK = (
    "<!-- Generated from here: python -m installation.showcontrol.examples --write -->",
    "<!-- Generated to here. -->",
)


def files() -> dict[Path, str]:
    """The texts by path; of a file that is partly written by hand, with its generated part as it should be."""
    made = {
        "touchdesigner/addresses.tsv": tables.addresses_tsv(),
        "touchdesigner/commands.tsv": tables.commands_tsv(),
        "unreal/mien_addresses.csv": tables.unreal_csv(),
        "max/mien.maxpat": max_patch.patch(),
        f"max/{max_patch.ONCE}.maxpat": max_patch.once(),
        "chataigne/Mien/module.json": chataigne.module_json(),
        "chataigne/mien.noisette": chataigne.noisette((RESOLUME, MADMAPPER)),
        "resolume/mien_to_resolume.pd": patch(RESOLUME),
        "madmapper/mien_to_madmapper.pd": patch(MADMAPPER),
    }
    found = {FOLDER / name: text for name, text in made.items()}
    blocks = [
        ("chataigne/Mien/mien.js", JS_BLOCK, chataigne.script_tables()),
        ("live/README.md", MD_BLOCK, midi_table.table()),
        *((f"{bridge.folder}/README.md", MD_BLOCK, route_table(bridge)) for bridge in (RESOLUME, MADMAPPER)),
    ]
    for name, markers, block in blocks:
        path = FOLDER / name
        found[path] = with_block(path.read_text(encoding="utf-8"), markers, block)
    return found
