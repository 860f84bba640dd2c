"""The guard with small programs in the place of the piece."""

import os
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from installation.base.clock import RealClock
from installation.base.exit_codes import AS_ASKED, RESTART
from installation.base.sd_notify import Listener, Message, Notifier
from installation.base.supervisor import StopSignal
from installation.config.guard import GuardConfig
from installation.guard import policy as policy_module
from installation.guard.figures import Figures
from installation.guard.guard import Guard, Orders
from installation.guard.hooks import EndedRun, Hooks, StartedRun

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sessions and unix sockets are needed")
HEAD = """
import os, signal, subprocess, sys, time
from installation.base.sd_notify import Notifier
from installation.base.unattended import Unattended
told = Unattended.from_environment()
notifier = Notifier.from_environment(os.environ)
runs = int(open({count!r}).read() or 0) + 1
open({count!r}, "w").write(str(runs))
def show(seconds):
    notifier.ready()
    end, beats = time.monotonic() + seconds, 0
    while time.monotonic() < end or beats < 4:
        notifier.beat({{"frames": runs, "safe": bool(told.safe)}})
        beats += 1
        time.sleep(0.05)
"""
SETTINGS = {"hang_s": 30.0, "start_s": 60.0, "memory_mb": 0, "retry_s": 600.0}
HANG_S, LATE_S = 1.5, 3.0
"""Where the first run hangs, or shows nothing. Those after it have the time of SETTINGS: on a busy machine they need it."""


class House:
    """A guard and what it said."""

    def __init__(self, folder: Path) -> None:
        self.count = folder / "runs"
        self.count.write_text("")
        self.folder, self.stop, self.hooks = folder, StopSignal(), Hooks()
        self.started: list[StartedRun] = []
        self.ended: list[EndedRun] = []
        self.figures: list[Figures] = []
        self.saved = False
        self.settings: dict[str, object] = dict(SETTINGS)
        self.master = Notifier()
        self.hooks.on_started.append(self.started.append)
        self.hooks.on_ended.append(self.ended.append)
        self.hooks.on_figures.append(self.figures.append)

    def changed(self) -> bool:
        found, self.saved = self.saved, False
        return found

    def run(self, code: str, listens: bool = True) -> int:
        program = self.folder / "piece.py"
        program.write_text(HEAD.format(count=str(self.count)) + code)
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        orders = Orders([sys.executable, str(program)], environ, os.getpid(), self.config, self.changed, listens)
        # A guard that never ends is told to.
        timer = threading.Timer(150, self.stop.set, ["the test took too long"])
        timer.start()
        try:
            return Guard(orders, RealClock(), self.stop, self.hooks, self.master).run()
        finally:
            timer.cancel()

    def config(self) -> GuardConfig:
        first = self.settings if not self.ended else SETTINGS
        return GuardConfig.model_construct(**{**GuardConfig().model_dump(), **first})

    @property
    def why(self) -> list[str]:
        return [run.why for run in self.ended]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("MIEN_RUNTIME", str(tmp_path / "runtime"))
    monkeypatch.setattr(policy_module, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(policy_module, "LONGEST_PAUSE_S", 0.02)
    monkeypatch.setattr(policy_module, "RESTART_S", 0.01)
    monkeypatch.setattr("installation.guard.guard.FILES_S", 0.2)
    return House(tmp_path)


def test_a_piece_that_ends_as_asked_ends_the_guard(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    assert house.run("show(0.2); print('good night'); sys.stderr.write('and thanks\\n')") == AS_ASKED
    (run,) = house.ended
    assert (run.why, run.code, run.was_ready, run.safe, run.said_goodbye) == ("ended", 0, True, "", True)
    assert run.figures is not None
    assert house.figures[-1].frames == 1
    assert sorted(run.last_lines) == ["and thanks", "good night"]
    assert capfd.readouterr().out == "good night\n", "the piece's output goes on to ours"


def test_whatever_ends_a_piece_it_is_started_again(house: House) -> None:
    code = """
if runs == 1: show(0.2); os.kill(os.getpid(), signal.SIGKILL)
if runs == 2: show(0.2); raise RuntimeError("not foreseen")
if runs == 3: show(0.1); sys.exit(75)
show(0.1)
"""
    assert house.run(code) == AS_ASKED
    assert house.why == ["killed", "broke", "restart", "ended"]
    assert [run.text for run in house.ended[:2]] == ["killed by SIGKILL", "exit code 1"]
    assert house.ended[2].code == RESTART
    assert [run.said_goodbye for run in house.ended] == [False, False, True, True]
    assert any("not foreseen" in line for line in house.ended[1].last_lines)
    assert [run.number for run in house.started] == [1, 2, 3, 4]


@pytest.mark.parametrize("hang", ["time.sleep(60)", "os.kill(os.getpid(), signal.SIGSTOP)"])
def test_a_piece_that_hangs_is_killed_and_started_again(house: House, hang: str) -> None:
    house.settings["hang_s"] = HANG_S
    assert house.run(f"show(0.1)\nif runs == 1: {hang}") == AS_ASKED
    assert house.why == ["hang", "ended"]
    assert house.ended[0].text == f"no beat for {HANG_S:g} s"


def test_a_piece_that_never_shows_a_picture_is_started_again(house: House) -> None:
    house.settings["start_s"] = LATE_S
    assert house.run("if runs == 1: time.sleep(60)\nshow(0.1)") == AS_ASKED
    assert house.why == ["start", "ended"]
    assert not house.ended[0].was_ready


def test_before_it_is_killed_a_piece_that_hangs_writes_down_where(house: House) -> None:
    house.settings["hang_s"] = HANG_S
    code = """
import faulthandler
faulthandler.register(signal.SIGUSR2)
def a_long_way_down():
    notifier.ready()
    time.sleep(60)
if runs == 1: a_long_way_down()
show(0.1)
"""
    assert house.run(code) == AS_ASKED
    assert any("a_long_way_down" in line for line in house.ended[0].last_lines)


def test_a_piece_that_grows_is_started_again(house: House) -> None:
    house.settings["memory_mb"] = 250
    code = """
if runs == 1:
    notifier.ready()
    blob = b"x" * (300 * 2**20)
    show(30)
show(0.1)
"""
    assert house.run(code) == AS_ASKED
    assert house.why == ["memory", "ended"]
    assert "more than guard.memory_mb (250)" in house.ended[0].text


def test_nothing_that_the_piece_started_is_left_over(house: House) -> None:
    pids = house.folder / "pids"
    code = f"""
sleep = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
nest = "import subprocess as s, sys, time; print(s.Popen([sys.executable, '-c', sys.argv[1]]).pid, flush=True); time.sleep(60)"
if runs == 1:
    child = subprocess.Popen([sys.executable, "-c", nest, sleep], stdout=subprocess.PIPE, text=True)
    own = subprocess.Popen([sys.executable, "-c", sleep], process_group=0)
    open({str(pids)!r}, "w").write(f"{{child.pid}} {{child.stdout.readline().strip()}} {{own.pid}}")
    show(0.2)
    os.kill(os.getpid(), signal.SIGKILL)
show(0.1)
"""
    before = set(psutil.Process().children())
    assert house.run(code) == AS_ASKED
    left = [int(pid) for pid in pids.read_text().split()]
    assert len(left) == 3
    assert not any(psutil.pid_exists(pid) for pid in left)
    assert set(psutil.Process().children()) <= before


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no /dev/shm here")
def test_shared_memory_of_a_piece_that_was_killed_is_put_away(house: House) -> None:
    code = """
if runs == 1:
    open(f"/dev/shm/mien-{os.getpid()}-test", "wb").write(b"a visitor")
    show(0.1)
    os.kill(os.getpid(), signal.SIGKILL)
show(0.1)
"""
    assert house.run(code) == AS_ASKED
    assert list(Path("/dev/shm").glob(f"mien-{house.ended[0].pid}-*")) == []


def test_three_quick_failures_bring_safe_settings_and_an_edit_the_own_ones(house: House) -> None:
    """The piece is told by the environment; when the files are saved it is ended politely and started with its own."""

    def on_ready(run: StartedRun) -> None:
        house.saved = bool(run.safe)

    house.hooks.on_ready.append(on_ready)
    code = """
if runs <= 3: show(0.1); sys.exit(1)
if told.safe:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    show(30)
show(0.1)
"""
    assert house.run(code) == AS_ASKED
    assert house.why == ["broke", "broke", "broke", "restart", "ended"]
    assert [bool(run.safe) for run in house.started] == [False, False, False, True, False]
    assert any(figures.safe for figures in house.figures)
    assert not house.figures[-1].safe


def test_the_guard_ends_when_it_is_told_to_and_the_piece_with_it(house: House) -> None:
    house.hooks.on_ready.append(lambda _run: house.stop.set("SIGTERM"))
    code = """
signal.signal(signal.SIGTERM, lambda *_: (print("goodbye", flush=True), sys.exit(0)))
show(30)
"""
    assert house.run(code) == AS_ASKED
    (run,) = house.ended
    assert (run.why, run.code, run.last_lines) == ("asked", 0, ("goodbye",))


def test_a_piece_that_does_not_want_to_end_is_killed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("installation.guard.child.TERM_S", 0.4)
    house.hooks.on_ready.append(lambda _run: house.stop.set("SIGTERM"))
    assert house.run("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nshow(30)") == AS_ASKED
    (run,) = house.ended
    assert (run.why, run.code, run.said_goodbye) == ("asked", -signal.SIGKILL, False)


def test_who_started_the_guard_hears_of_it_only_while_the_piece_beats(house: House, tmp_path: Path) -> None:
    with_it = Listener(tmp_path)
    house.master = Notifier(with_it.address)
    heard: list[Message] = []
    house.hooks.on_tick.append(lambda _now_s: heard.extend(with_it.receive()))
    house.hooks.on_figures.append(lambda _figures: heard.extend(with_it.receive()))
    house.run("if runs == 1: show(0.3); sys.exit(1)\nshow(0.2)")
    heard += with_it.receive()
    with_it.close()
    house.master.close()
    assert heard[0].is_ready
    assert [message.is_ready for message in heard].count(True) == 2
    beats = [message for message in heard if message.is_beat]
    assert len(beats) == len(house.figures) > 3
    assert beats[0].figures is not None
    assert any("exit code 1" in message.lines.get("STATUS", "") for message in heard)
    assert heard[-1].lines["STOPPING"] == "1"


def test_beats_of_another_process_do_not_count(house: House) -> None:
    house.settings["hang_s"] = HANG_S
    code = """
if runs == 1:
    show(0.1)
    told = {**os.environ, "NOTIFY_SOCKET": notifier._address}
    beats = "from installation.base.sd_notify import Notifier; import os, time; teller = Notifier.from_environment(os.environ)"
    beats += "\\nwhile True: teller.beat(); time.sleep(0.05)"
    subprocess.Popen([sys.executable, "-c", beats], env=told)
    time.sleep(60)
show(0.1)
"""
    assert house.run(code) == AS_ASKED
    assert house.why == ["hang", "ended"]


def test_trouble_of_the_guards_own_changes_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    for hooks in (house.hooks.on_started, house.hooks.on_ready, house.hooks.on_figures, house.hooks.on_ended):
        hooks.insert(0, broken)
    house.hooks.on_tick.append(broken)
    house.hooks.on_end.append(broken)
    assert house.run("if runs == 1: show(0.3); sys.exit(1)\nshow(0.1)") == AS_ASKED
    assert house.why == ["broke", "ended"]
    assert "the disk is full" in caplog.text


def test_without_a_socket_a_piece_that_ends_is_started_again_all_the_same(house: House) -> None:
    assert house.run("if runs == 1: show(0.3); sys.exit(1)\nshow(0.1)", listens=False) == AS_ASKED
    assert house.why == ["broke", "ended"]


def test_a_socket_that_breaks_ends_no_run_and_the_next_one_has_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Listener] = []

    def listener(folder: Path | None) -> Listener:
        made.append(Listener(folder))
        return made[-1]

    monkeypatch.setattr("installation.guard.guard.Listener", listener)
    house.hooks.on_ready.append(lambda run: made[0].close() if run.number == 1 else None)
    house.settings["hang_s"] = HANG_S
    assert house.run("show(2.0)\nif runs == 1: sys.exit(1)") == AS_ASKED
    assert house.why == ["broke", "ended"], "it was not taken for hung"
    assert len(made) == 2
    assert house.figures[-1].frames == 2


def test_output_that_nobody_takes_is_read_all_the_same(house: House) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ours = os.dup(1)
    try:
        os.dup2(writer, 1)
        assert house.run("show(0.1)\nfor n in range(20000): print('a line of the piece', n)") == AS_ASKED
    finally:
        os.dup2(ours, 1)
        os.close(ours)
        os.close(writer)
    assert house.ended[0].last_lines[-1] == "a line of the piece 19999"


def test_a_piece_that_cannot_be_started_is_tried_again(house: House) -> None:
    house.hooks.on_ended.append(lambda run: house.stop.set("enough") if run.number == 3 else None)
    orders = Orders(["/nowhere/python"], {}, os.getpid(), GuardConfig, lambda: False)
    assert Guard(orders, RealClock(), house.stop, house.hooks, Notifier()).run() == AS_ASKED
    assert house.why == ["start"] * 3
