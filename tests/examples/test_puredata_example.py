"""The Pure Data patch, played by Pure Data itself: silent without visitors, a bell for each, no clicks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.examples.stage import EXAMPLES, RATE_HZ, Heard, Piece, needs, running, wait_for
from tests.ports import free_port

BELL_HZ = 880.0 * 2.76
"""A partial of visitor 1's bell, where the calm chord has nothing."""
RECORDER = """#N canvas 0 0 400 400 12;
#X obj 10 10 mien;
#X obj 10 40 loadbang;
#X obj 10 70 t b b b b;
#X msg 250 100 \\; mien-port {port};
#X msg 180 130 open -bytes 2 {wave};
#X msg 120 130 start;
#X msg 60 160 \\; pd dsp 1;
#X obj 10 260 writesf~ 2;
#X obj 10 220 r~ mien-left;
#X obj 100 220 r~ mien-right;
#X obj 300 200 netreceive -u {stop};
#X msg 300 230 stop;
#X obj 300 290 print ended;
#X obj 10 330 r mien-bell;
#X obj 10 360 print bell;
#X obj 100 330 r mien-pluck;
#X obj 100 360 print pluck;
#X connect 1 0 2 0;
#X connect 2 3 3 0;
#X connect 2 2 4 0;
#X connect 2 1 5 0;
#X connect 2 0 6 0;
#X connect 4 0 7 0;
#X connect 5 0 7 0;
#X connect 8 0 7 0;
#X connect 9 0 7 1;
#X connect 10 0 11 0;
#X connect 11 0 7 0;
#X connect 11 0 12 0;
#X connect 13 0 14 0;
#X connect 15 0 16 0;
"""


@dataclass
class Take:
    """What is played to ``port``; ``heard`` and ``strokes`` ("bell", "pluck", in order) are there when it is over."""

    port: int
    heard: Heard | None = None
    strokes: list[str] = field(default_factory=list)


@contextmanager
def recording(folder: Path) -> Iterator[Take]:
    """The patch, recorded. Its clock is the machine's; no sound card is needed."""
    pd = needs("pd", "puredata")
    take, stop, sound, log = Take(free_port()), free_port(), folder / "pd.wav", folder / "pd.log"
    (folder / "recorder.pd").write_text(RECORDER.format(port=take.port, stop=stop, wave=sound))
    options = ["-nogui", "-noaudio", "-nomidi", "-stderr", "-r", str(RATE_HZ), "-path", str(EXAMPLES / "puredata")]
    with running([pd, *options, str(folder / "recorder.pd")], log):
        wait_for(sound.exists, "Pure Data never began to record")
        yield take
        with closing(Piece(stop)) as end:
            end.send(b"stop;\n")
        wait_for(lambda: "ended" in log.read_text(), "Pure Data never ended the recording")
    lines = log.read_text().splitlines()
    take.strokes = [line.split(":")[0] for line in lines if line.startswith(("bell:", "pluck:"))]
    # Nothing of the patch may be unknown to plain Pure Data. That a running piece's receiver has port 9101, or that the machine
    # gives no priority, is not its fault.
    known = ("priority ", "bell:", "pluck:", "ended:", "error: netreceive: listen failed: Address already in use")
    assert [line for line in lines if not line.startswith(known)] == []
    take.heard = Heard(sound)


def play(folder: Path, show: Callable[[Piece], None]) -> tuple[Heard, list[str]]:
    """What the patch plays to a show, and its strokes."""
    with recording(folder) as take, closing(Piece(take.port)) as piece:
        show(piece)
    assert take.heard is not None
    return take.heard, take.strokes


@pytest.mark.alone
def test_a_visitor_is_heard_and_nobody_is_not(tmp_path: Path) -> None:
    def show(piece: Piece) -> None:
        piece.show(0.4)
        piece.show(1.8, 1, arousal=-1.0)
        piece.once("/mien/event/arrived", "ii", 1000, 1)
        piece.show(1.2, 1, arousal=-1.0)
        piece.show(2.6)

    heard, strokes = play(tmp_path, show)
    assert strokes == ["bell", "bell"]
    (came_s, came), (_, reference) = heard.strokes(BELL_HZ)
    assert heard.level(0, came_s - 0.15) == 0
    assert heard.level(came_s + 1.2, came_s + 2.8) > 0.03
    assert heard.level(-0.3, 0) < 0.001
    # Sent three times, it rings as loud as one that is sent once.
    assert came == pytest.approx(reference, rel=0.15)
    assert 0.1 < heard.peak() < 0.9
    assert heard.sharpest() < 0.01


@pytest.mark.long
def test_a_whole_evening_in_short(tmp_path: Path) -> None:
    """Two visitors at once, moods, beats, Mien that goes away without a goodbye and comes back to count from 1."""

    def show(piece: Piece) -> None:
        piece.show(0.5)
        piece.show(3.0, 1, 2, arousal=-1.0)
        for k in range(4):
            piece.show(0.6, 1, 2, arousal=1.0, valence=k / 1.5 - 1, energy=0.9)
            piece.show(0.6, 1, 2, arousal=1.0, valence=k / 1.5 - 1)
        threading.Event().wait(7.0)
        piece.restart()
        piece.show(2.5, 1, presence=0.0)

    heard, strokes = play(tmp_path, show)
    # Two that arrive together ring once each; at each of four starts two bodies make a beat.
    assert strokes == ["bell"] * 2 + ["pluck"] * 8 + ["bell"]
    again_s = heard.strokes(BELL_HZ)[-1][0]
    # Gone without a word: two seconds later the sound fades.
    assert heard.level(again_s - 0.5, again_s - 0.1) < 0.0005
    assert 0.2 < heard.peak() < 0.9
    assert heard.sharpest() < 0.06
