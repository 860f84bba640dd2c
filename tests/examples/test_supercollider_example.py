"""The SuperCollider script, played by sclang and scsynth on a JACK without a sound card."""

import os
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.examples.stage import EXAMPLES, LOCAL, RATE_HZ, Heard, Piece, needs, running, wait_for
from tests.ports import free_port

RECORDER = """
Server.default = s = Server(\\test, NetAddr("{local}", {server}));
s.options.numInputBusChannels = 0;
s.recHeaderFormat = "wav";
s.recSampleFormat = "int16";
"{script}".load;
fork {{
    while {{ ~mien.ready.not }} {{ 0.05.wait }};
    s.record("{wave}", numChannels: 2);
    0.2.wait;
    OSCdef(\\played, {{ "test: played".postln }}, '/n_go', s.addr);
    "test: recording".postln;
}};
OSCdef(\\stop, {{ s.stopRecording; fork {{ 0.2.wait; s.quit }} }}, '/stop');
"""


def _failed(log: Path) -> bool:
    return any(word in log.read_text() for word in ("ERROR", "FAILURE", "could not initialize audio"))


def _is_up(jack: str, surroundings: dict[str, str]) -> bool:
    asked = subprocess.run(
        ["jack_wait", "-s", jack, "-c"], env=surroundings, capture_output=True, text=True, check=False
    )
    return "not running" not in asked.stdout + asked.stderr


def play(folder: Path, show: Callable[[Piece], None]) -> tuple[Heard, int]:
    """What the script plays to a show, and how many strokes; on a sound server of its own and a JACK of its own."""
    sclang, jackd = needs("sclang", "supercollider-language"), needs("jackd", "jackd2")
    needs("scsynth", "supercollider-server")
    port, sound, log, home = free_port(), folder / "sc.wav", folder / "sc.log", folder / "home"
    home.mkdir(mode=0o700)
    script = EXAMPLES / "supercollider" / "mien.scd"
    text = RECORDER.format(local=LOCAL, server=free_port(), script=script, wave=sound)
    (folder / "recorder.scd").write_text(text)
    # JACK keeps a list of eight names and reuses one whose server has died: few names, so that none is lost for good.
    jack = f"mien-test-{os.getpid() % 4}"
    surroundings = os.environ | {
        "MIEN_PORT": str(port), "JACK_DEFAULT_SERVER": jack, "JACK_NO_AUDIO_RESERVATION": "1", "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1",
    }  # fmt: skip
    dummy = [jackd, "-r", "-n", jack, "-d", "dummy", "-r", str(RATE_HZ), "-p", "1024"]
    with running(dummy, folder / "jack.log", env=surroundings) as server:
        wait_for(lambda: server.poll() is not None or _is_up(jack, surroundings), "JACK never came up")
        assert server.poll() is None, (folder / "jack.log").read_text()
        with running([sclang, "-D", str(folder / "recorder.scd")], log, env=surroundings):
            wait_for(lambda: "test: recording" in log.read_text() or _failed(log), "sclang never began")
            assert not _failed(log), log.read_text()
            with closing(Piece(port)) as piece:
                show(piece)
                piece.once("/stop", "")
            # JACK tidies up after itself only when its client has gone first.
            wait_for(lambda: "exited with exit code" in log.read_text(), "scsynth never ended")
    said = log.read_text()
    assert f"Mien is heard on UDP port {port}" in said
    assert not _failed(log)
    assert "WARNING" not in said
    return Heard(sound), said.count("test: played")


@pytest.mark.alone
def test_a_visitor_is_heard_and_nobody_is_not(tmp_path: Path) -> None:
    def show(piece: Piece) -> None:
        piece.show(0.4)
        piece.show(1.6, 1, arousal=-1.0)
        piece.show(1.3)

    heard, strokes = play(tmp_path, show)
    assert strokes == 1
    came_s = heard.began_s()
    assert came_s > 0.3
    assert heard.level(came_s + 0.5, came_s + 1.5) > 0.03
    assert heard.level(-0.2, 0) < 0.3 * heard.level(came_s + 0.5, came_s + 1.5)
    assert 0.1 < heard.peak() < 0.9
    assert heard.sharpest() < 0.01
    # Between the stroke and the end only the calm choir and its fade are left: twice as sharp as they are is a click.
    assert heard.sharpest(came_s + 0.4) < 0.0006


@pytest.mark.long
def test_a_whole_evening_in_short(tmp_path: Path) -> None:
    """Two visitors at once, moods, beats, Mien that goes away without a goodbye and comes back to count from 1."""

    def show(piece: Piece) -> None:
        piece.show(0.5)
        piece.show(3.0, 1, 2, arousal=-1.0)
        for k in range(4):
            piece.show(0.6, 1, 2, arousal=1.0, valence=k / 1.5 - 1, energy=0.9)
            piece.show(0.6, 1, 2, arousal=1.0, valence=k / 1.5 - 1)
        threading.Event().wait(12.0)
        piece.restart()
        piece.show(2.5, 1, presence=0.0)

    heard, strokes = play(tmp_path, show)
    # Two that arrive together ring once each; at each of four starts two bodies make a beat; the one who comes back.
    assert strokes == 2 + 8 + 1
    # Gone without a word: two seconds later the sound fades.
    assert heard.level(-3.2, -2.8) < 0.0005
    assert 0.2 < heard.peak() < 0.9
    assert heard.sharpest() < 0.08
