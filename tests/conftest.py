"""Options and things that many tests share."""

import gc
import os
import sys

# Before numpy, torch or Mesa are loaded: the machine has few cores, and software drawing must not take them all.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
# Whole pieces are started by the dozen: compiling our modules anew takes each of their processes most of a second.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from installation.types import EMOTIONS, EmotionState, FloatArray
from tests.side_by_side import (  # noqa: F401 - they are hooks
    again,
    in_order,
    pytest_report_to_serializable,
    pytest_runtest_protocol,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)

ROOT = Path(__file__).resolve().parent.parent

for _profile, _examples in (("mien", 30), ("long", 60)):
    settings.register_profile(
        _profile,
        deadline=None,
        max_examples=_examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
settings.load_profile("mien")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    again(config)
    if config.getoption("--long"):
        settings.load_profile("long")
    if config.getoption("dist", "no") == "no" or hasattr(config, "workerinput"):  # else others collect
        gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests marked long, too")
    parser.addoption("--faults", action="store_true", help="run all faults of tests/faults, too: up to an hour")
    parser.addoption("--update-golden", action="store_true", help="store what is drawn now as the golden images")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for marker in ("long", "faults"):
        if config.getoption(f"--{marker}"):
            continue
        for item in items:
            if item.get_closest_marker(marker) is not None:
                item.add_marker(pytest.mark.skip(reason=f"takes long; run with --{marker}"))
    if hasattr(config, "workerinput"):
        items[:] = in_order(items)


@pytest.fixture(autouse=True)
def pose_models_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A show goes on and takes a model that loads slowly later; a test on a busy machine has asked for it once."""
    reader = sys.modules.get("installation.poses.reader")
    if reader is not None:
        monkeypatch.setattr(reader, "WAIT_S", 60.0)


@pytest.fixture(scope="session")
def footage() -> Path:
    """The folder of test footage: MIEN_FOOTAGE, or ../shared/footage beside the checkout."""
    folder = Path(os.environ.get("MIEN_FOOTAGE", ROOT.parent / "shared" / "footage"))
    if not folder.is_dir():
        pytest.skip("no footage here; set MIEN_FOOTAGE to its folder")
    return folder


def probabilities(emotion: str, share: float = 0.82) -> FloatArray:
    """(7,): ``share`` on one emotion, the rest spread evenly."""
    out = np.full(len(EMOTIONS), (1 - share) / (len(EMOTIONS) - 1), np.float32)
    out[EMOTIONS.index(emotion)] = share
    return out


@pytest.fixture
def state_of():
    """Makes an EmotionState: state_of("happy", x=0.3, energy=0.5)."""

    def make(emotion: str, person_id: int = 1, x: float = 0.5, **more: float) -> EmotionState:
        values = {"valence": 0.0, "arousal": 0.0, "confidence": 0.9, "energy": 0.3, "openness": 0.45, "presence": 1.0}
        values |= more
        return EmotionState(
            t_s=0.0,
            person_id=person_id,
            probabilities=probabilities(emotion),
            position=(x, 0.5, 0.8),
            label=emotion,
            **values,
        )

    return make
