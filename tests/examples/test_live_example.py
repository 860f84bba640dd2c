"""The table of what Live hears is what Mien plays: its messages, as bytes, are read back by mido."""

import re
from collections.abc import Callable
from typing import Any

import mido
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.config.lights import CONTROLS, MidiConfig
from installation.config.osc import OscConfig
from installation.showcontrol.midi.midi import MidiOut
from installation.showcontrol.show_control import ShowControl
from tests.examples.stage import EXAMPLES
from tests.showcontrol.midi.test_midi import FakePort, scene_of
from tests.showcontrol.waiting import soon

README = (EXAMPLES / "live" / "README.md").read_text(encoding="utf-8")


def table(first: str) -> list[list[str]]:
    """The rows of the table whose first column has this title."""
    lines = README[README.index(f"| {first} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def played(do: Callable[[ShowControl, MidiOut], None], until: Callable[[list], bool]) -> list[mido.Message]:
    """What leaves while ``do`` runs, read back from the bytes."""
    port, clock = FakePort(), RealClock()
    out = MidiOut(MidiConfig(enabled=True), Notices(clock), clock, port.make)
    out.start()
    try:
        do(ShowControl(OscConfig(), lambda _: None, out.hear), out)
        soon(lambda: until(port.messages))
    finally:
        out.close()
    parser = mido.Parser()
    for message in port.messages:
        parser.feed(message.bytes())
    return list(parser)


def test_the_controls_are_those_of_the_table(state_of: Any) -> None:
    def show(control: ShowControl, out: MidiOut) -> None:
        out.show(scene_of(valence=1.0, arousal=-1.0, presence=1.0, emotion="happy"), (state_of("happy", energy=0.5),))

    sent = played(
        show, lambda messages: len([one for one in messages if one.type == "control_change"]) >= len(CONTROLS)
    )
    rows = table("control change")
    assert [row[2] for row in rows] == list(CONTROLS)
    values = {(int(row[0]), int(row[1]) - 1): row[2] for row in rows}
    first = [one for one in sent if one.type == "control_change"][: len(CONTROLS)]
    told = {values[one.control, one.channel]: one.value for one in first}
    assert told == {
        **dict.fromkeys(CONTROLS, 0),
        "valence": 127,
        "arousal": 0,
        "energy": 64,
        "presence": 127,
        "happy": 127,
    }


@pytest.mark.parametrize("moment", ["arrived", "left", "emotion", "onset"])
def test_the_notes_are_those_of_the_table(moment: str) -> None:
    address = "/onset" if moment == "onset" else f"/event/{moment}"
    words = {"arrived": "arrives", "left": "faded out", "emotion": "emotion changes", "onset": "sets in"}
    (row,) = [row for row in table("note") if words[moment] in row[4]]

    def tell(control: ShowControl, out: MidiOut) -> None:
        out.show(scene_of(), ())
        soon(lambda: out._out is not None and out._out.is_open)
        out.hear([(address, [1, 0.5, "sad"])])

    sent = played(tell, lambda messages: any(one.type == "note_on" for one in messages))
    notes = [(one.note, one.channel + 1, one.velocity) for one in sent if one.type == "note_on"]
    assert notes == [(int(row[0]), int(row[1]), int(row[2]))]
    ((number, length),) = re.findall(r"^([\d.]+) (s)$", row[3])
    assert length == "s"
    (note,) = [note for note in MidiConfig().notes if note.event == moment]
    assert float(number) == note.length_s


def test_controls_are_at_numbers_that_midi_leaves_free() -> None:
    assert all(20 <= int(row[0]) <= 31 for row in table("control change"))
    assert not re.search(r"\| 120 \|", README)
