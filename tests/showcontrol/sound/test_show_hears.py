"""What is heard is an input of the show: OSC tells it, the scene moves, a recording has two numbers of it, a replay too."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from installation.config.settings import Config
from installation.record.recording import Event, Recorder, read_recording
from installation.record.show_log import scene_digest
from installation.show import Show
from installation.showcontrol.osc_out.bundle import Bundle
from installation.showcontrol.show_control import REPEATS, ShowControl
from installation.types import Observation

CONFIG = Config.model_validate({"sound": {"level": {"glow": 1.0}, "onset": {"bloom": 1.0}}})


def a_show(record: Callable[[Event], None] | None = None) -> tuple[Show, list[Bundle]]:
    sent: list[Bundle] = []
    return Show(CONFIG, 1, ShowControl(CONFIG.osc, sent.append), record), sent


def play(show: Show, heard: dict[int, list[float] | None]) -> list[str]:
    """Twenty pictures, an observation with each; digests of the scenes."""
    found = []
    for n in range(20):
        if n in heard:
            show.take(Event("sound", n / 30, heard[n]))
        show.take(Event("frame", n / 30))
        show.take(Event("observation", n / 30, Observation(n / 30, n, (), (16, 9))))
        assert show.scene_state is not None
        found.append(scene_digest(show.scene_state))
    return found


def told(sent: list[Bundle], path: str) -> list[list[Any]]:
    return [args for bundle in sent for address, args in bundle.all_messages() if address == path]


def test_osc_tells_level_and_onset() -> None:
    show, sent = a_show()
    play(show, {2: [0.25, 0.0], 5: [0.75, 1.0], 9: [0.5, 1.0], 15: None})
    levels = [args[0] for args in told(sent, "/sound/level")]
    assert levels == [0.25] * 3 + [0.75] * 4 + [0.5] * 6 + [0.0] * 5, (
        "nothing before it was heard, 0 when it is no more"
    )
    onsets = [args[0] for args in told(sent, "/sound/onset")]
    assert len(onsets) == 2 * REPEATS
    assert len(set(onsets)) == 2


def test_without_sound_osc_says_nothing_of_it() -> None:
    show, sent = a_show()
    play(show, {})
    assert not any("/sound" in address for bundle in sent for address, _ in bundle.all_messages())


def test_a_recording_holds_two_numbers_and_its_replay_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "heard.jsonl"
    recorder = Recorder(file, {"seed": 1, "config": CONFIG.model_dump()})
    show, sent = a_show(recorder.write)
    heard = {2: [0.25, 0.0], 5: [0.75, 1.0], 9: None}
    digests = play(show, heard)
    recorder.close()
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["value"] for line in lines if line.get("kind") == "sound"] == list(heard.values())
    again, sent_again = a_show()
    found = []
    for event in read_recording(file)[1]:
        again.take(event)
        if event.kind == "frame":
            assert again.scene_state is not None
            found.append(scene_digest(again.scene_state))
    assert found == digests
    assert [one.all_messages() for one in sent_again] == [one.all_messages() for one in sent]
    deaf, _ = a_show()
    assert play(deaf, {}) != digests


def test_amounts_are_turned_live() -> None:
    show, _ = a_show()
    play(show, {0: [1.0, 0.0]})
    assert show.scene_state is not None
    loud = show.scene_state.look["glow"]
    show.take(Event("settings", 1.0, {"sound": {"level": {}, "onset": {}}}))
    show.take(Event("frame", 1.0))
    assert show.scene_state.look["glow"] == pytest.approx(loud - 1.0, abs=0.05)
