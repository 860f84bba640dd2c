"""What the desk's process loads before it serves: on a machine with much to do each package is a second's wait."""

import subprocess
import sys

from installation.base.files import ROOT

NOT_NEEDED = ("cv2", "aiohttp", "prometheus_client", "moderngl", "onnxruntime", "mediapipe")
CODE = """
import sys
from installation.desk import process
process._keep_nothing()
import installation.desk.server, installation.desk.site
print(" ".join(name for name in sys.argv[1:] if sys.modules.get(name) is not None))
"""


def test_what_only_some_pages_need_is_not_loaded_at_the_start() -> None:
    command = [sys.executable, "-c", CODE, *NOT_NEEDED, "nicegui"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170, check=True)
    assert found.stdout.split() == ["nicegui"]
