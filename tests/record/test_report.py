"""The report has the promised keys and its percentiles are right."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.record.report import Histogram, RunReport
from installation.types import EMOTIONS, EmotionState, neutral_probabilities

KEYS = {
    "frames_drawn", "seconds", "frame_interval_ms", "perception", "emotion_age_at_draw_ms", "capture_to_osc_ms",
    "textures", "mailbox_drops", "osc_bundles_sent", "timeline", "faults", "fallbacks", "renderer", "providers",
    "peak_memory_mb", "peak_pss_mb",
}  # fmt: skip


@given(st.lists(st.floats(0, 1900), min_size=1, max_size=300), st.sampled_from([50, 95, 99]))
def test_percentile_is_the_nearest_rank_within_one_bin(values: list[float], percent: int) -> None:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    exact = float(np.percentile(values, percent, method="inverted_cdf"))
    got = histogram.percentile(percent)
    assert got is not None
    assert exact - 1e-3 <= got <= exact + Histogram.BIN_MS + 1e-3


def test_longer_than_the_last_bin_gives_the_maximum() -> None:
    histogram = Histogram()
    histogram.add(60_000.0)
    assert histogram.percentile(50) == 60_000.0


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_impossible_durations_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        Histogram().add(value)


def test_report_of_a_run_that_drew_nothing_still_has_every_key(tmp_path: Path) -> None:
    report = RunReport(10.0)
    report.write(tmp_path / "deep" / "r.json", 10.0, {})
    data = json.loads((tmp_path / "deep" / "r.json").read_text())
    assert set(data) >= KEYS
    assert data["frames_drawn"] == 0
    assert data["frame_interval_ms"] == {"p50": None, "p95": None, "p99": None, "max": None}
    assert data["perception"] == {"per_second": 0.0, "ms": {"p50": None, "p95": None}}
    assert data["peak_pss_mb"] is None


def test_report_counts_what_happened() -> None:
    clock = ManualClock(100.0)
    notices = Notices(clock)
    notices.fault("camera", "unplugged")
    report = RunReport(100.0)
    for number in range(5):
        report.drawn(100.0 + number * 0.04, 20.0)
    report.observed(15.0, 30.0)
    report.textured(8.0)
    sad = np.zeros(7, np.float32)
    sad[EMOTIONS.index("sad")] = 1
    states = [
        EmotionState(101.0, 1, neutral_probabilities(), 0, 0, 1, 0, 0, (0.5, 0.5, 0.5), 0.4, "neutral"),
        EmotionState(101.0, 2, sad, -0.6, -0.3, 1, 0, 0, (0.5, 0.5, 0.5), 0.9, "sad"),
        EmotionState(101.0, 3, sad, -0.6, -0.3, 1, 0, 0, (0.5, 0.5, 0.5), 0.0, "sad"),
    ]
    report.second(101.0, states, 250.0, gl_objects=12)
    report.peak_pss_mb = 201.26
    data = report.as_dict(102.0, {"faults": notices.history("fault"), "fallbacks": ()})
    assert data["frames_drawn"] == 5
    assert data["seconds"] == 2.0
    assert data["frame_interval_ms"]["p50"] == pytest.approx(40.0, abs=0.06)
    assert data["textures"]["per_second"] == 0.5
    assert data["faults"] == [{"t_s": 0.0, "stage": "camera", "message": "unplugged"}]
    (entry,) = data["timeline"]
    assert entry["people"] == 2
    assert entry["label"] == "sad"
    assert entry["probabilities"]["sad"] == 1.0
    assert entry["gl_objects"] == 12
    assert data["peak_memory_mb"] == 250.0
    assert data["peak_pss_mb"] == 201.3
