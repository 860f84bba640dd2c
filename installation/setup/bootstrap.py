"""From a bare machine to the running piece: .venv, pinned packages, checked models. Standard library only.

Every step that is complete leaves its stamp, so that an interrupted set-up goes on where it stopped, and a later start
only compares the stamps before it becomes the piece.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

from installation.commands import cli

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMPS = VENV / "mien-stamps.json"
LOCK = ROOT / ".venv.lock"
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
}
"""What pip cannot install: libraries of the system, by their Debian packages."""
TRAINED = ("texture", "expression", "simple", "translate", "enlarge", "styles")
"""What is trained with torch."""
PROGRAMS = {
    "oscdump": "liblo-tools",
    "pd": "puredata-core",
    "sclang": "supercollider-language",
    "scsynth": "supercollider-server",
    "qlcplus": "qlcplus",
    "tshark": "tshark",
    "jackd": "jackd2",
}
"""Programs of sound and light that tests listen with, by their Debian packages. The piece needs none of them."""
BAD_MACHINE = 2


class SetupError(Exception):
    """A step that failed; the message says what to do."""


def main(argv: list[str]) -> int:
    """Make ready what the command needs, then run it; gives the exit code."""
    command, rest = cli.split(argv)
    if command == "run" and {"-h", "--help"} & set(rest):
        cli.run_parser().print_help()
        return 0
    try:
        make_ready(extras_for(command, rest))
    except SetupError as error:
        print(f"\nSet-up stopped: {error}\nRun the same command again; what is done is kept.", file=sys.stderr)
        return BAD_MACHINE
    except KeyboardInterrupt:
        print("\nSet-up interrupted. Run the same command again; what is done is kept.", file=sys.stderr)
        return 130
    if command == "setup":
        print("Everything is ready: python3 run.py")
        return 0
    if command == "test":
        return become([str(python()), "-m", "pytest", *rest])
    if command == "lint":
        return lint()
    return become([str(python()), "-m", "installation", *argv])


def extras_for(command: str, rest: list[str]) -> tuple[str, ...]:
    """Names of pyproject's optional dependencies that a command needs, ONNX Runtime's variant first.

    The word behind ``train`` or ``evaluate`` decides: who fits poses, or asks what there is, need not wait for torch.
    """
    what = rest[0] if rest else ""
    more = {
        "test": ("compare", "poses", "test", "train"),
        "lint": ("compare", "poses", "test", "train"),
        "train": ("poses",) if what == "poses" else ("train",) if what in TRAINED else (),
        "evaluate": {"expression": ("compare", "train"), "timeline": ("poses",)}.get(what, ()),
        **dict.fromkeys(("ingest", "export", "gallery"), ("train",)),
    }.get(command, ())
    return (onnx_variant(), *more)


def onnx_variant() -> str:
    """ "gpu" where an NVIDIA driver is present, else "cpu": the two wheels exclude each other."""
    if Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi"):
        return "gpu"
    return "cpu"


def python() -> Path:
    """The environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_ready(extras: tuple[str, ...]) -> None:
    """Do every step whose stamp is not up to date. Raises SetupError."""
    if not missing_steps(extras):
        return
    with only_one():
        steps = missing_steps(extras)
        for number, step in enumerate(steps, start=1):
            print(f"[{number}/{len(steps)}] {TITLES[step]}", flush=True)
            started_s = time.monotonic()
            STEPS[step](extras)
            done = read_stamps()
            if step == "environment":
                done = {}
            if step == "packages":
                # An extra once installed stays known, so that "run" after "test" has nothing to do.
                done["extras"] = ",".join(sorted(set(extras) | known_extras(done)))
            done[step] = wanted_stamp(step)
            write_stamps(done)
            print(f"      done in {time.monotonic() - started_s:.1f} s", flush=True)


def missing_steps(extras: tuple[str, ...]) -> list[str]:
    """Names of the steps to do, in order."""
    done = read_stamps()
    steps = []
    if missing_libraries():
        steps.append("libraries")
    if done.get("environment") != wanted_stamp("environment") or not python().exists():
        programs = ["programs"] if "test" in extras and missing_programs() else []
        return [*steps, "environment", "packages", "models", *programs]
    if done.get("packages") != wanted_stamp("packages") or not set(extras) <= known_extras(done):
        steps.append("packages")
    if done.get("models") != wanted_stamp("models") or not models_there():
        steps.append("models")
    if "test" in extras and missing_programs() and done.get("programs") != wanted_stamp("programs"):
        steps.append("programs")
    return steps


def known_extras(done: dict[str, str]) -> set[str]:
    """Extras that were installed with the packages as they are pinned now."""
    if done.get("packages") != wanted_stamp("packages"):
        return set()
    return set(filter(None, done.get("extras", "").split(",")))


def wanted_stamp(step: str) -> str:
    """What a step's stamp must be: a digest of all that decides its outcome."""
    if step == "environment":
        return f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT}"
    if step == "programs":
        return " ".join(PROGRAMS.values())
    files = {"packages": ["pyproject.toml", "constraints.txt"], "models": ["models/manifest.yaml"]}[step]
    digest = hashlib.sha256()
    for name in files:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def models_there() -> bool:
    """Whether every file of the manifest lies in models/ (their bytes are checked when they are loaded)."""
    lines = (ROOT / "models" / "manifest.yaml").read_text(encoding="utf-8").splitlines()
    files = [line.split(":", 1)[1].strip() for line in lines if line.startswith("    file:")]
    return all((ROOT / "models" / name).is_file() for name in files)


def read_stamps() -> dict[str, str]:
    """Steps that are complete; none where the file is missing or damaged."""
    try:
        stamps = json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def write_stamps(stamps: dict[str, str]) -> None:
    """Store the stamps, whole or not at all."""
    draft = STAMPS.with_suffix(".part")
    draft.write_text(json.dumps(stamps), encoding="utf-8")
    draft.replace(STAMPS)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Keep a second set-up out while one runs. Raises SetupError; a lock whose process is gone is taken over."""
    try:
        handle = os.open(LOCK, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError as error:
        owner = LOCK.read_text(encoding="utf-8").strip()
        if owner.isdigit() and process_lives(int(owner)):
            raise SetupError(f"another set-up runs (process {owner}); wait for it") from error
        LOCK.unlink(missing_ok=True)
        handle = os.open(LOCK, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    try:
        os.write(handle, str(os.getpid()).encode())
        os.close(handle)
        yield
    finally:
        LOCK.unlink(missing_ok=True)


def process_lives(number: int) -> bool:
    """Whether a process of this number exists (where the system cannot say without harm: yes)."""
    if os.name == "nt":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def missing_libraries() -> list[str]:
    """Debian packages of system libraries that cannot be loaded; always none away from Linux with apt."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return []
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def install_libraries(_extras: tuple[str, ...]) -> None:
    """Install missing system libraries when root; otherwise say the command."""
    packages = missing_libraries()
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise SetupError(f"system libraries are missing. Install them with:\n  sudo {' '.join(command)}")
    run(["apt-get", "update", "-qq"], "apt-get update failed; is the network there?")
    run(command, "the system libraries could not be installed")


def missing_programs() -> list[str]:
    """Debian packages of programs that tests could listen with; always none away from Linux with apt."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return []
    return [package for program, package in PROGRAMS.items() if shutil.which(program) is None]


def install_programs(_extras: tuple[str, ...]) -> None:
    """Install them when root. Tried once: without them their tests skip, and say so."""
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing_programs(), "python3-liblo"]
    if os.geteuid() != 0:
        print(f"      tests with other programs will be skipped; they need\n  sudo {' '.join(command)}")
        return
    # tshark and jackd would ask questions.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with (ROOT / ".venv" / "programs.log").open("wb") as log:
        for step in (["apt-get", "update", "-qq"], command):
            if subprocess.run(step, env=quiet, stdout=log, stderr=log, check=False).returncode != 0:
                print(
                    f"      {' '.join(step[:2])} failed (.venv/programs.log); tests with other programs will be skipped"
                )
                return


def make_environment(_extras: tuple[str, ...]) -> None:
    """Make .venv anew; one that is half made or of another Python is removed first."""
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if os.name != "nt" and shutil.which("apt-get") and os.geteuid() == 0:
            run(["apt-get", "install", "-y", version], f"{version} could not be installed")
            venv.create(VENV, with_pip=True)
            return
        raise SetupError(
            f"no environment can be made ({error}). Install it with:\n  sudo apt-get install {version}"
        ) from error


def install_packages(extras: tuple[str, ...]) -> None:
    """Install what pyproject.toml names, everything held by constraints.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = set(extras) | (known_extras(read_stamps()) - {"cpu", "gpu"})
    names = list(project["dependencies"])
    for extra in sorted(wanted):
        names += project["optional-dependencies"][extra]
    other = "onnxruntime" if "gpu" in extras else "onnxruntime-gpu"
    pip = [str(python()), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "uninstall", "-q", "-y", other], check=False, stderr=subprocess.DEVNULL)
    command = [*pip, "install", "-c", str(ROOT / "constraints.txt"), *names]
    if not sys.stdout.isatty():
        command.insert(command.index("install") + 1, "--progress-bar=off")
    run(command, "packages could not be installed; is the network there?")


def fetch_models(_extras: tuple[str, ...]) -> None:
    """Take the models out of their pinned packages."""
    run([str(python()), "-m", "installation.setup.fetch"], "the models could not be fetched")


STEPS = {
    "libraries": install_libraries,
    "environment": make_environment,
    "packages": install_packages,
    "models": fetch_models,
    "programs": install_programs,
}
TITLES = {
    "libraries": "system libraries",
    "environment": "Python environment in .venv",
    "packages": "pinned packages (the first time this takes minutes)",
    "models": "model files, checked by sha256",
    "programs": "programs of sound and light for the tests",
}


def run(command: list[str], trouble: str) -> None:
    """Run a command and show what it says. Raises SetupError with ``trouble`` when it fails."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise SetupError(trouble)


def lint() -> int:
    """Format, lint and type checks; 1 when one of them complains."""
    checks = (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"])
    codes = [subprocess.run([str(python()), "-m", *check], cwd=ROOT, check=False).returncode for check in checks]
    return 1 if any(codes) else 0


def become(command: list[str]) -> int:
    """Run the command in the place of this process, so that signals and the exit code are its own."""
    if "pytest" in command:
        os.chdir(ROOT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    if os.name == "nt":
        return subprocess.run(command, env=environment, check=False).returncode
    sys.stdout.flush()
    os.execve(command[0], command, environment)
    raise AssertionError("execve does not return")
