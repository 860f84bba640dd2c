"""From a bare machine to the running piece: .venv, pinned packages, checked models. Standard library only.

Every step that is complete leaves its stamp, so an interrupted set-up resumes where it stopped, and a later start only
compares the stamps before it becomes the piece.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from installation.commands import cli
from installation.setup import belongings, environment, switch, system
from installation.setup.environment import Checkout, python_of, read_stamps, write_stamps
from installation.setup.system import PROGRAMS, SetupError

TRAINED = ("texture", "expression", "simple", "enlarge", "styles", "paint", "art")
"""What is trained with torch."""
BEFORE_SETUP = ("service", "update", "new")
"""What needs nothing installed: each a module and a function of this package."""
BAD_MACHINE = 2
Extras = tuple[str, ...]
"""Names of pyproject's optional dependencies."""


def main(argv: list[str]) -> int:
    """Make ready what the command needs, then run it; gives the exit code."""
    command, rest = cli.split(argv)
    if command == "run" and {"-h", "--help"} & set(rest):
        cli.run_parser().print_help()
        return 0
    _finish_update()
    _say_where(command, argv)
    if command in BEFORE_SETUP:
        module = importlib.import_module(f"installation.setup.{command}")
        code: int = getattr(module, command)(rest)
        return code
    checkout = Checkout()
    try:
        make_ready(extras_for(command, rest), checkout)
    except SetupError as error:
        print(f"\nSet-up stopped: {error}\nRun the same command again; finished steps are kept.", file=sys.stderr)
        return BAD_MACHINE
    except KeyboardInterrupt:
        print("\nSet-up interrupted. Run the same command again; finished steps are kept.", file=sys.stderr)
        return 130
    if command == "setup":
        print("Everything is ready: python3 run.py")
        return 0
    if command == "test":
        return become([str(checkout.python), "-m", "pytest", *rest], checkout.root)
    if command == "lint":
        return lint(checkout)
    return become([str(checkout.python), "-m", "installation", *argv], checkout.root)


def _finish_update() -> None:
    """Put in order what a power cut left of an update, before anything of it is used."""
    try:
        told = switch.finish(environment.ROOT)
    except OSError as error:
        told = f"An update that was cut off could not be put in order: {error}. What is here is whole all the same."
    if told is not None:
        print(told, file=sys.stderr)


def _say_where(command: str, argv: list[str]) -> None:
    """After an update the window it was typed in is in the old version's folder still: what it is told goes to the new one."""
    root, place = environment.ROOT, switch.current_of(environment.ROOT)
    if place == root:
        return
    print(
        f"This is the version before. The one in use is in {place}; type: cd {shlex.quote(str(place))}", file=sys.stderr
    )
    if command in BEFORE_SETUP:
        if Path.cwd() == root:
            os.chdir(place)
        raise SystemExit(become([sys.executable, str(place / "run.py"), *argv], place))


def extras_for(command: str, rest: list[str]) -> Extras:
    """The extras that a command needs, ONNX Runtime's variant first.

    The word behind ``train`` or ``evaluate`` decides: fitting poses, or asking for the usage, must not wait for torch.
    """
    what = rest[0] if rest else ""
    more = {
        "test": ("compare", "ndi", "poses", "server", "sound", "test", "train", "wall"),
        "lint": ("compare", "ndi", "poses", "server", "sound", "test", "train", "wall"),
        "train": {"poses": ("poses",), "art": ("poses", "train")}.get(what, ("train",) if what in TRAINED else ()),
        "setup": tuple(cli.setup_parser().parse_args(rest).extras) if command == "setup" else (),
        "evaluate": {"art": ("poses", "train"), "expression": ("compare", "train"), "timeline": ("poses",)}.get(
            what, ()
        ),
        "export": ("server",) if cli.for_a_server(rest) else ("train",),
        **dict.fromkeys(("ingest", "gallery"), ("train",)),
    }.get(command, ())
    return (onnx_variant(), *more)


def onnx_variant() -> str:
    """ "gpu" where an NVIDIA driver is present, else "cpu": the two wheels exclude each other."""
    if Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi"):
        return "gpu"
    return "cpu"


def make_ready(extras: Extras, checkout: Checkout) -> None:
    """Do every step whose stamp is not up to date. Raises SetupError."""
    if belongings.needs_record(checkout.root):
        belongings.record(checkout.root)
    if not missing_steps(extras, checkout):
        return
    with environment.only_one(checkout.lock):
        environment.restore(checkout)
        steps = missing_steps(extras, checkout)
        for number, step in enumerate(steps, start=1):
            print(f"[{number}/{len(steps)}] {TITLES[step]}", flush=True)
            started_s = time.monotonic()
            STEPS[step](extras, checkout)
            if step in STAMPED:
                _stamp(step, extras, checkout)
            print(f"      done in {time.monotonic() - started_s:.1f} s", flush=True)


def _stamp(step: str, extras: Extras, checkout: Checkout) -> None:
    folder = checkout.new if step == "environment" else checkout.working()
    done = {} if step == "environment" else read_stamps(folder)
    if step == "packages":
        # An extra once installed stays known, so that "run" after "test" has nothing to do.
        done["extras"] = ",".join(sorted(set(extras) | known_extras(done, checkout)))
    write_stamps(folder, {**done, step: wanted_stamp(step, checkout)})


def missing_steps(extras: Extras, checkout: Checkout) -> list[str]:
    """Names of the steps to do, in order."""
    folder = checkout.working()
    done = read_stamps(folder) if environment.fits(folder) else {}
    steps = []
    if system.missing_libraries(extras):
        steps.append("libraries")
    if not environment.fits(folder):
        steps.append("environment")
    if done.get("packages") != wanted_stamp("packages", checkout) or not set(extras) <= known_extras(done, checkout):
        steps.append("packages")
    if folder == checkout.new:
        steps.append("replace")
    if done.get("models") != wanted_stamp("models", checkout) or not models_there(checkout):
        steps.append("models")
    if "test" in extras and done.get("programs") != wanted_stamp("programs", checkout) and system.missing_programs():
        steps.append("programs")
    return steps


def known_extras(done: dict[str, str], checkout: Checkout) -> set[str]:
    """Extras that were installed with the packages as they are pinned now."""
    if done.get("packages") != wanted_stamp("packages", checkout):
        return set()
    return set(filter(None, done.get("extras", "").split(",")))


def wanted_stamp(step: str, checkout: Checkout) -> str:
    """What a step's stamp must be: a digest of all that decides its outcome."""
    if step == "environment":
        return environment.version()
    if step == "programs":
        return " ".join(dict.fromkeys(PROGRAMS.values()))
    files = {"packages": ["pyproject.toml", "constraints.txt"], "models": ["models/manifest.yaml"]}[step]
    digest = hashlib.sha256()
    for name in files:
        digest.update((checkout.root / name).read_bytes())
    return digest.hexdigest()


def models_there(checkout: Checkout) -> bool:
    """Whether every file of the manifest lies in models/ (their bytes are checked when they are loaded)."""
    models = checkout.root / "models"
    lines = (models / "manifest.yaml").read_text(encoding="utf-8").splitlines()
    files = [line.split(":", 1)[1].strip() for line in lines if line.startswith("    file:")]
    return all((models / name).is_file() for name in files)


def install_packages(extras: Extras, checkout: Checkout) -> None:
    """Install what pyproject.toml names, everything held by constraints.txt."""
    folder = checkout.working()
    project = tomllib.loads((checkout.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = set(extras) | (known_extras(read_stamps(folder), checkout) - {"cpu", "gpu"})
    names = list(project["dependencies"])
    for extra in sorted(wanted):
        names += project["optional-dependencies"][extra]
    other = "onnxruntime" if "gpu" in extras else "onnxruntime-gpu"
    pip = [str(python_of(folder)), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "uninstall", "-q", "-y", other], check=False, stderr=subprocess.DEVNULL)
    command = [*pip, "install", "-c", str(checkout.root / "constraints.txt"), *names]
    if not sys.stdout.isatty():
        command.insert(command.index("install") + 1, "--progress-bar=off")
    system.run(command, "packages could not be installed; is there a network?", checkout.root)


def replace_environment(_extras: Extras, checkout: Checkout) -> None:
    """Put the new environment in the old one's place, if it works."""
    environment.check(checkout.new)
    environment.replace(checkout)


def fetch_models(_extras: Extras, checkout: Checkout) -> None:
    """Take the models out of their pinned packages."""
    command = [str(checkout.python), "-m", "installation.setup.fetch"]
    system.run(command, "the models could not be fetched", checkout.root)


STEPS: dict[str, Callable[[Extras, Checkout], None]] = {
    "libraries": lambda extras, _checkout: system.install_libraries(extras),
    "environment": lambda _extras, checkout: environment.create(checkout),
    "packages": install_packages,
    "replace": replace_environment,
    "models": fetch_models,
    "programs": lambda _extras, checkout: system.install_programs(checkout.venv / "programs.log"),
}
STAMPED = ("environment", "packages", "models", "programs")
"""Steps that are not done again once they are complete; of the others one sees whether they are."""
TITLES = {
    "libraries": "system libraries",
    "environment": "a new Python environment, beside .venv",
    "packages": "pinned packages (the first time this takes minutes)",
    "replace": "the new environment becomes .venv",
    "models": "model files, checked by sha256",
    "programs": "programs that the tests use",
}


def lint(checkout: Checkout) -> int:
    """Format, lint and type checks; 1 when one of them complains."""
    checks = (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"])
    python = str(checkout.python)
    codes = [subprocess.run([python, "-m", *check], cwd=checkout.root, check=False).returncode for check in checks]
    return 1 if any(codes) else 0


def become(command: list[str], root: Path) -> int:
    """Run the command in the place of this process, so that signals and the exit code are its own."""
    if "pytest" in command:
        os.chdir(root)
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    settings = {**os.environ, "PYTHONPATH": path}
    if os.name == "nt":
        return subprocess.run(command, env=settings, check=False).returncode
    sys.stdout.flush()
    os.execve(command[0], command, settings)
    raise AssertionError("execve does not return")
