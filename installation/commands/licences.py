"""``run.py licences``: whose work is in here and under which licence, as docs/reference/licences.md.

Made of what installed packages say about themselves, of models/manifest.yaml, and of a few lines by hand where a package says
nothing that can be read by a program. A pinned package or a weight that is not in the document fails a test.

python -m installation.commands.licences --write
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from installation.base.documents import write_or_print
from installation.base.files import PROJECT, SHIPPED
from installation.base.model_files import ModelEntry, load_manifest
from installation.base.supervisor import StopSignal

UNKNOWN = "unknown"
_HEAD = """<!-- Generated from constraints.txt, pyproject.toml and models/manifest.yaml: python3 run.py licences --write -->
# Licences of what is inside

Mien itself is Apache-2.0 ([LICENSE](../../LICENSE)). Packages are installed at set-up and are no part of this repository. Who
hands on a machine with everything on it hands them on, too: keep this page and the packages' own licence texts (in
`.venv/lib/python3.*/site-packages/*.dist-info`) with it. [NOTICE.md](../../NOTICE.md) says more on the weights. No legal
advice.
"""
BY_HAND: Mapping[str, str] = {
    "axe-playwright-python": "MIT",
    "backports-strenum": "MIT",
    "cloudpickle": "BSD-3-Clause",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "docutils": "public domain, BSD-2-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "matplotlib": "PSF-2.0 (matplotlib's own version of it)",
    "mpmath": "BSD-3-Clause",
    "onnxruntime-gpu": "MIT",
    "pathspec": "MPL-2.0",
    "platformdirs": "MIT",
    "protobuf": "BSD-3-Clause",
    "pygame-ce": "LGPL-2.1-or-later",
    "pyobjc-core": "MIT",
    "pyobjc-framework-cocoa": "MIT",
    "pyobjc-framework-metal": "MIT",
    "python-osc": "Unlicense",
    "python-rtmidi": "MIT",
    "pyvirtualcam": "GPL-2.0-only",
    "scipy": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "spoutgl": "BSD-3-Clause",
    "sympy": "BSD-3-Clause",
    "syphon-python": "MIT",
    "tinycss2": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
}
"""Licences read in the packages' own texts, where their metadata names no licence, or only a family of them."""
INSIDE: Mapping[str, str] = {
    "axe-playwright-python": "brings axe-core (MPL-2.0); for tests alone",
    "av": "brings FFmpeg with x264 and x265 (GPL-2.0-or-later); H.264 is patented in some countries",
    "cyndilib": "brings the NDI library, which is Vizrt NDI AB's and under its own terms (ndi.link/ndisdk_license)",
    "dukpy": "brings Duktape (MIT); for tests alone",
    "nicegui": "brings Vue, Quasar, ECharts and more for the browser, each under its own licence (MIT, Apache-2.0)",
    "matplotlib": "brings fonts (Bitstream Vera, STIX)",
    "mediapipe": "brings TensorFlow Lite, OpenCV and more, each under its own licence",
    "onnxruntime-gpu": "needs CUDA and cuDNN, which are NVIDIA's and under its terms",
    "opencv-contrib-python": "brings FFmpeg (LGPL-2.1) and Qt 5 (LGPL-3.0)",
    "py2max": "brings what Cycling '74's reference pages say of Max's objects; for tests alone",
    "pygame-ce": "brings SDL (zlib)",
    "pyvirtualcam": "not compatible with Apache-2.0 where both are handed on as one work; install it where it is used",
    "pyzmq": "brings ZeroMQ (libzmq, MPL-2.0) and libsodium (ISC)",
    "spoutgl": "brings Spout (BSD-2-Clause)",
    "syphon-python": "brings Syphon (BSD-2-Clause)",
    "numpy": "brings OpenBLAS (BSD-3-Clause) and GCC's runtime (GPL-3.0 with its exception, LGPL-2.1)",
    "scipy": "brings OpenBLAS (BSD-3-Clause) and GCC's runtime (GPL-3.0 with its exception, LGPL-2.1)",
}
"""What packages carry in them under other terms."""
MORE_WEIGHTS: Mapping[str, tuple[str, str]] = {
    "paint_ema.pt": ("Apache-2.0", "trained here, as paint.onnx; what a further training begins from, see paint.md"),
}
"""Weights in models/ that the piece does not load, so that the manifest has none of them: licence and source."""
_PLAIN = {
    "apache 2.0": "Apache-2.0",
    "apache license v2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "gnu general public license v3 or later (gplv3+)": "GPL-3.0-or-later",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
"""Ways to write a licence, and its name among those of SPDX."""
_SPDX = re.compile(r"[A-Z0-9][\w.+-]*( (AND|OR|WITH) [A-Z0-9][\w.+-]*)*")
_PIN = re.compile(r"^\s*([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;#]+)")


@dataclass(frozen=True, slots=True)
class Pin:
    """A package that set-up may install: its name, version, and for what ("" where another package brings it)."""

    name: str
    version: str
    wanted_for: str

    @property
    def key(self) -> str:
        """The name as package indexes compare it."""
        return key_of(self.name)


def key_of(name: str) -> str:
    """A package's name in the one spelling that all its spellings have in common."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(root: Path = SHIPPED) -> list[Pin]:
    """All pinned packages, by name."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"the piece": project["dependencies"], **project["optional-dependencies"]}
    wanted: dict[str, list[str]] = {}
    lines = []
    for group, packages in groups.items():
        for line in packages:
            lines.append(line)
            wanted.setdefault(key_of(re.split(r"==|\[", line)[0]), []).append(group)
    lines += (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = {key_of(pin[1]): (pin[1], pin[2]) for line in lines if (pin := _PIN.match(line))}
    return [Pin(name, version, ", ".join(wanted.get(key, ()))) for key, (name, version) in sorted(found.items())]


def licence_of(pin: Pin) -> str:
    """The licence of a package; ``unknown`` where neither it nor this module says."""
    try:
        about = metadata.metadata(pin.name)
    except metadata.PackageNotFoundError:
        return BY_HAND.get(pin.key, UNKNOWN)
    expression = str((about.get_all("License-Expression") or [""])[0])
    if expression:
        return expression
    if pin.key in BY_HAND:
        return BY_HAND[pin.key]
    told = [str(line) for line in about.get_all("License") or ()]
    told += [str(line).split(" :: ")[-1] for line in about.get_all("Classifier") or () if line.startswith("License")]
    for text in told:
        plain = _PLAIN.get(text.strip().lower(), text.strip())
        if _SPDX.fullmatch(plain) and plain != "BSD":
            return plain
    return UNKNOWN


def package_row(pin: Pin) -> str:
    """A package's line in the document."""
    wanted = pin.wanted_for or "comes with another"
    return f"| {pin.name} | {pin.version} | {licence_of(pin)} | {wanted} | {INSIDE.get(pin.key, '')} |"


def weight_row(entry: ModelEntry) -> str:
    """A weight's line in the document."""
    origin = f"`{entry.package}`, fetched at set-up" if entry.package else "this repository"
    return f"| `models/{entry.file}` | {entry.licence} | {origin} | {entry.source} |"


def document(root: Path = SHIPPED) -> str:
    """The text of docs/reference/licences.md."""
    lines = [_HEAD, "## Weights", "", "| file | licence | from | what it is |", "|---|---|---|---|"]
    lines += [weight_row(entry) for entry in load_manifest(root / "models" / "manifest.yaml").values()]
    lines += [
        f"| `models/{name}` | {licence} | this repository | {told} |" for name, (licence, told) in MORE_WEIGHTS.items()
    ]
    lines += ["", "## Packages", "", "| package | version | licence | for | mind |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *map(package_row, pins(root))]) + "\n"


def gaps(text: str, pinned: Sequence[Pin], weights: Sequence[str]) -> list[str]:
    """What is missing in a document: pinned packages, and weights by their names in models/; and what has no licence in it."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    has = {(key_of(row[0]), row[1]): row[2] for row in rows if len(row) == 5}
    has_weights = {row[0].strip("`").removeprefix("models/"): row[1] for row in rows if len(row) == 4}
    packages = [pin for pin in pinned if has.get((pin.key, pin.version), UNKNOWN) in (UNKNOWN, "")]
    return [f"{pin.name}=={pin.version}" for pin in packages] + [
        name for name in weights if has_weights.get(name, UNKNOWN) in (UNKNOWN, "")
    ]


def licences(argv: list[str], _stop: StopSignal) -> int:
    """``run.py licences``: print the document, or write it with --write."""
    return write_or_print(document(), PROJECT / "docs" / "reference" / "licences.md", argv)


if __name__ == "__main__":
    raise SystemExit(write_or_print(document(), PROJECT / "docs" / "reference" / "licences.md"))
