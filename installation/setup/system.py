"""What pip cannot install: libraries and programs of the system, as Debian packages. Standard library only."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
}
"""Libraries that the piece needs, by their Debian packages."""
OPTIONAL_LIBRARIES = {"sound": {"libportaudio.so.2": "libportaudio2"}}
"""What an extra (pyproject's optional dependencies) needs besides."""
PROGRAMS = {
    "oscdump": "liblo-tools",
    "oscsend": "liblo-tools",
    "pd": "puredata-core",
    "sclang": "supercollider-language",
    "scsynth": "supercollider-server",
    "qlcplus": "qlcplus",
    "tshark": "tshark",
    "jackd": "jackd2",
    "pulseaudio": "pulseaudio",
    "glslangValidator": "glslang-tools",
    "cc": "gcc",
    "ffmpeg": "ffmpeg",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "unshare": "util-linux",
    "systemd-analyze": "systemd",
    "git": "git",
    "strace": "strace",
    "chromium": "chromium",
    "srt-live-transmit": "srt-tools",
}
"""Programs that tests use, by their Debian packages. The piece needs none of them."""
MODULES = {
    "liblo": ("python3-liblo",),
    "gi": (
        *("python3-gi", "gir1.2-gst-rtsp-server-1.0"),
        *(f"gstreamer1.0-plugins-{name}" for name in ("base", "good", "bad", "ugly")),
    ),
}
"""Modules of Debian's own Python that tests listen with, or serve pictures; and what comes with them."""
DEBIAN_PYTHON = "/usr/bin/python3"


class SetupError(Exception):
    """A step that failed; the message says what to do."""


def run(command: Sequence[str], trouble: str, folder: Path | None = None) -> None:
    """Run a command in ``folder`` and show its output. Raises SetupError with ``trouble`` when it fails."""
    if subprocess.run(command, cwd=folder, check=False).returncode != 0:
        raise SetupError(trouble)


def has_apt() -> bool:
    """Whether this is a Linux whose packages apt installs."""
    return sys.platform.startswith("linux") and shutil.which("apt-get") is not None


def missing_libraries(extras: Sequence[str] = ()) -> list[str]:
    """Debian packages of system libraries that cannot be loaded, of those that these extras need, too; always none away from
    Linux with apt."""
    if not has_apt():
        return []
    missing = []
    wanted = [LIBRARIES, *(OPTIONAL_LIBRARIES[extra] for extra in extras if extra in OPTIONAL_LIBRARIES)]
    for library, package in (item for one in wanted for item in one.items()):
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def install_libraries(extras: Sequence[str] = ()) -> None:
    """Install missing system libraries when root. Raises SetupError with the command where that is not possible."""
    packages = missing_libraries(extras)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise SetupError(f"system libraries are missing. Install them with:\n  sudo {' '.join(command)}")
    run(["apt-get", "update", "-qq"], "apt-get update failed; is there a network?")
    run(command, "the system libraries could not be installed")


def missing_programs() -> list[str]:
    """Debian packages of programs that tests use and that are not here; always none away from Linux with apt."""
    if not has_apt():
        return []
    missing = {package: None for program, package in PROGRAMS.items() if shutil.which(program) is None}
    for module, packages in MODULES.items():
        command = [DEBIAN_PYTHON, "-c", f"import {module}"]
        if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode != 0:
            missing |= dict.fromkeys(packages)
    return list(missing)


def install_programs(log_file: Path) -> None:
    """Install them when root. Tried once: without them their tests are skipped, and say so."""
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing_programs()]
    if os.geteuid() != 0:
        print(f"      tests with other programs will be skipped; they need\n  sudo {' '.join(command)}")
        return
    # tshark and jackd would ask questions.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log_file.open("wb") as log:
        for step in (["apt-get", "update", "-qq"], command):
            if subprocess.run(step, env=quiet, stdout=log, stderr=log, check=False).returncode != 0:
                print(f"      {' '.join(step[:2])} failed ({log_file}); tests with other programs will be skipped")
                return
