"""The SuperCollider script, played by sclang and scsynth on a JACK without a sound card."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.examples.stage import EXAMPLES, LOCAL, RATE_HZ, Heard, Piece, free_port, needs, running, wait_for

BELL_HZ = 293.66 * 4.1
"""A partial of visitor 1's bell in the middle mode, where the calm choir has nothing."""
RECORDER = """
Server.default = s = Server(\\test, NetAddr("{local}", {server}));
s.options.numInputBusChannels = 0;
s.recHeaderFormat = "wav";
s.recSampleFormat = "int16";
"{script}".load;
fork {{
    while {{ ~mien.ready.not }} {{ 0.05.wait }};
    s.record("{wave}", numChannels: 2);
    0.3.wait;
    "test: recording".postln;
}};
OSCdef(\\stop, {{ s.stopRecording; fork {{ 0.3.wait; "test: ended".postln; 0.exit }} }}, '/stop');
"""


def play(folder: Path, show: Callable[[Piece], None]) -> Heard:
    """What the script plays to a show, on a sound server of its own and a JACK of its own."""
    sclang, jackd = needs("sclang", "supercollider-language"), needs("jackd", "jackd2")
    needs("scsynth", "supercollider-server")
    port, sound, log, home = free_port(), folder / "sc.wav", folder / "sc.log", folder / "home"
    home.mkdir(mode=0o700)
    script = EXAMPLES / "supercollider" / "mien.scd"
    text = RECORDER.format(local=LOCAL, server=free_port(), script=script, wave=sound)
    (folder / "recorder.scd").write_text(text)
    jack = f"mien{os.getpid()}"
    surroundings = os.environ | {
        "MIEN_PORT": str(port), "JACK_DEFAULT_SERVER": jack, "JACK_NO_AUDIO_RESERVATION": "1", "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1",
    }  # fmt: skip
    dummy = [jackd, "-r", "-n", jack, "-d", "dummy", "-r", str(RATE_HZ), "-p", "1024"]
    with running(dummy, folder / "jack.log", env=surroundings) as server:
        wait_for(lambda: server.poll() is not None or _is_up(jack, surroundings), "JACK never came up")
        with running([sclang, "-D", str(folder / "recorder.scd")], log, env=surroundings):
            wait_for(lambda: "test: recording" in log.read_text() or "ERROR" in log.read_text(), "sclang never began")
            piece = Piece(port)
            show(piece)
            piece.once("/stop", "")
            wait_for(lambda: "test: ended" in log.read_text(), "sclang never ended the recording")
            piece.close()
    said = log.read_text()
    assert f"Mien is heard on UDP port {port}" in said
    assert not [line for line in said.splitlines() if "ERROR" in line or "FAILURE" in line or "WARNING" in line]
    return Heard(sound)
