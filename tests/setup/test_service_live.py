"""The unit under a real systemd: a user's instance in a namespace of its own, with a folder /run that nobody else sees."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from installation.setup import units
from installation.setup.units import Piece

SYSTEMD = Path("/lib/systemd/systemd")
ODD = 'Café\'s "50% $HOME; \\t" piece'
OPTIONS = ("--set", "a=%n $HOME ${PATH} \\x41 'q'", ";", "-x")
GUARD = """
import json, os, resource, signal, socket, sys, time
from pathlib import Path
told = {"argv": sys.argv[1:], "folder": os.getcwd(), "core": resource.getrlimit(resource.RLIMIT_CORE)}
with open(os.environ["HOME"] + "/starts", "a") as file:
    print(json.dumps(told), file=file)
signal.signal(signal.SIGTERM, lambda *_: (Path(os.environ["HOME"], "goodbye").touch(), sys.exit(0)))
address = os.environ["NOTIFY_SOCKET"]
wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
wire.connect(address.replace("@", "\\0", 1) if address[0] == "@" else address)
wire.send(b"READY=1\\nSTATUS=sixty pictures a second")
hangs = not Path(os.environ["HOME"], "hung").exists()
Path(os.environ["HOME"], "hung").touch()
for beat in range(3 if hangs else 1000):
    wire.send(b"WATCHDOG=1")
    time.sleep(0.2)
time.sleep(1000)
"""
SCRIPT = """
mount -t tmpfs none /run && mkdir -p /run/systemd/system /run/user/0 && chmod 700 /run/user/0
/lib/systemd/systemd --user --log-target=console > "$HOME/log" 2>&1 &
for i in $(seq 50); do systemctl --user is-system-running > /dev/null 2>&1 && break; sleep 0.1; done
systemctl --user is-system-running || exit 77
systemctl --user enable mien.service || exit 1
systemctl --user start mien.service; echo "started $?"
for i in $(seq 150); do systemctl --user show mien.service -p NRestarts | grep -q =1 && break; sleep 0.1; done
for i in $(seq 50); do [ "$(systemctl --user is-active mien.service)" = active ] && break; sleep 0.1; done
systemctl --user show mien.service -p ActiveState,NRestarts,StatusText
systemctl --user stop mien.service; echo "stopped $?"
"""


@pytest.mark.long
@pytest.mark.skipif(not SYSTEMD.exists(), reason="systemd is not installed here")
@pytest.mark.skipif(shutil.which("unshare") is None or os.geteuid() != 0, reason="needs unshare, and to be root")
def test_a_hanging_guard_is_started_again_and_every_sign_of_a_path_arrives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "WATCHDOG_S", 2)
    monkeypatch.setattr(units, "FIRST_PAUSE_S", 1)
    root = tmp_path / ODD
    root.mkdir()
    (root / "run.py").write_text(GUARD)
    folder = tmp_path / ".config/systemd/user"
    folder.mkdir(parents=True)
    piece = Piece("mien", ("/usr/bin/python3", str(root / "run.py"), "guard", *OPTIONS), root, "root", 0)
    (folder / "mien.service").write_text(units.lingering_unit(piece))
    environ = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": "/run/user/0"}
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
    done = subprocess.run(
        [*command, "sh", "-c", SCRIPT], capture_output=True, text=True, env=environ, timeout=60, check=False
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no systemd can be started here: {done.stdout}{done.stderr}")
    said = done.stdout.splitlines()
    assert {"started 0", "NRestarts=1", "ActiveState=active", "StatusText=sixty pictures a second", "stopped 0"} <= set(
        said
    )
    starts = [json.loads(line) for line in (tmp_path / "starts").read_text().splitlines()]
    assert starts == [{"argv": ["guard", *OPTIONS], "folder": str(root), "core": [1, 1]}] * 2
    assert (tmp_path / "goodbye").exists()
