"""run.py check: what it says of the audio input."""

from collections.abc import Callable

import numpy as np
import pytest

from installation.commands import check_sound
from installation.commands.check_sound import look_at_sound
from installation.config.settings import Config
from installation.showcontrol.sound.devices import AudioInput, SoundMissingError
from installation.types import FloatArray

INPUTS = [AudioInput(3, "USB Audio, ALSA", 2, 48_000.0, True)]


class Source:
    name, rate = "USB Audio", 48_000.0

    def __init__(self, loud: float | None) -> None:
        self.loud, self.closed = loud, False

    def read(self) -> tuple[FloatArray, bool]:
        return np.full(0 if self.loud is None else 480, self.loud or 0.0, np.float32), False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, str, str]]]:
    monkeypatch.setattr(check_sound, "LISTEN_S", 0.1)

    def look(device: str, loud: float | None = 0.5, gain_db: float = 0.0) -> list[tuple[str, str, str]]:
        source = Source(loud)
        monkeypatch.setattr(check_sound, "list_inputs", lambda: INPUTS)
        monkeypatch.setattr(check_sound, "open_input", lambda *_: source)
        found = look_at_sound(Config.model_validate({"sound": {"device": device, "gain_db": gain_db}}))
        assert source.closed == (device != "none"), "what was opened is closed"
        return list(found)

    return look


def test_inputs_are_listed_and_none_is_opened_as_shipped(rows: Callable[..., list[tuple[str, str, str]]]) -> None:
    assert rows("none") == [("note", "sound inputs", "3 (USB Audio, ALSA, default)")]


@pytest.mark.parametrize(
    ("loud", "gain_db", "verdict", "said"),
    [
        (0.5, 0.0, "good", "USB Audio: 48000 Hz, peaks at -6 dB"),
        (0.05, 20.0, "good", "peaks at -6 dB"),
        (0.0, 0.0, "note", "silence; is it muted"),
        (None, 0.0, "bad", "brings nothing"),
    ],
)
def test_what_is_set_is_listened_to(
    rows: Callable[..., list[tuple[str, str, str]]], loud: float | None, gain_db: float, verdict: str, said: str
) -> None:
    row = rows("usb", loud, gain_db)[-1]
    assert row[:2] == (verdict, "sound")
    assert said in row[2]


def test_a_wrong_name_and_a_missing_library_are_bad_where_sound_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise SoundMissingError("PortAudio is missing; sudo apt-get install libportaudio2")

    wanted = Config.model_validate({"sound": {"device": "scarlett"}})
    monkeypatch.setattr(check_sound, "list_inputs", missing)
    assert look_at_sound(wanted)[0][0] == "bad"
    assert look_at_sound(Config())[0][0] == "note"
    monkeypatch.setattr(check_sound, "list_inputs", lambda: INPUTS)
    monkeypatch.setattr(check_sound, "open_input", missing)
    assert look_at_sound(wanted)[-1] == ("bad", "sound", "PortAudio is missing; sudo apt-get install libportaudio2")
