"""What the system is told about a process."""

import signal
import subprocess
import sys

import pytest

CODE = """
from installation.base.processes import leave_ends_to_parent
leave_ends_to_parent()
print("ready", flush=True)
print(input(), flush=True)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_parent_alone_says_when_a_process_ends(name: str) -> None:
    with subprocess.Popen([sys.executable, "-c", CODE], stdin=-1, stdout=-1, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(getattr(signal, name))
        told, _ = child.communicate("still here\n", timeout=60)
    assert (told, child.returncode) == ("still here\n", 0)
