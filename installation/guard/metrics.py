"""The figures as Prometheus text. Counters go on over a restart of the piece, for the guard keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from installation.guard.totals import Standing

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
MIB = 2**20


class Metrics:
    """Writes what ``standing`` gives, with a registry of its own: nothing of this process or of Python's stands beside it."""

    def __init__(self, standing: Callable[[], Standing]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Collector(standing))

    def text(self) -> bytes:
        """The page, UTF-8."""
        return bytes(generate_latest(self._registry))


class _Collector(Collector):
    def __init__(self, standing: Callable[[], Standing]) -> None:
        self._standing = standing

    def describe(self) -> list[Metric]:
        """Nothing: so the registry does not ask for values when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        now = self._standing()
        yield from _counters(now)
        yield from _gauges(now)
        ends = CounterMetricFamily("mien_ends", "How often the piece ended, by why.", labels=["why"])
        for why, count in sorted(now.counts.ends.items()):
            ends.add_metric([why], count)
        yield ends
        scene = GaugeMetricFamily("mien_scene_info", "The scene that is shown.", labels=["scene"])
        if now.figures is not None:
            scene.add_metric([now.figures.scene], 1)
        yield scene


def _counters(now: Standing) -> Iterator[Metric]:
    counts = now.counts
    for name, help_, value in (
        ("mien_frames", "Pictures drawn.", counts.frames),
        ("mien_visitors", "Visitors that came.", counts.arrivals),
        ("mien_seen_seconds", "Seconds in which somebody was seen.", counts.seen_s),
        ("mien_pictures", "Pictures generated: textures, composed pictures, paintings.", counts.pictures),
        ("mien_faults", "How often a fault appeared.", counts.faults),
        ("mien_restarts", "How often the piece was started again.", counts.restarts),
    ):
        yield CounterMetricFamily(name, help_, value)


def _gauges(now: Standing) -> Iterator[Metric]:
    yield GaugeMetricFamily("mien_up", "1 while the piece runs.", float(now.is_up))
    yield GaugeMetricFamily("mien_ready", "1 while it shows pictures and beats.", float(not now.trouble))
    yield GaugeMetricFamily("mien_guard_age_seconds", "Since the guard began.", now.guard_age_s)
    if now.beat_age_s is not None:
        yield GaugeMetricFamily("mien_beat_age_seconds", "Since the piece's last beat.", now.beat_age_s)
    figures = now.figures
    if figures is None:
        return
    for name, help_, value in (
        ("mien_frames_per_second", "Pictures drawn a second.", figures.fps),
        ("mien_perception_per_second", "Camera pictures perceived a second.", figures.perception_hz),
        ("mien_visitors_here", "Visitors seen now.", float(figures.visitors)),
        ("mien_faults_active", "Faults that hold now.", float(len(figures.faults))),
        ("mien_notices_active", "Fallbacks and notes that hold now.", float(len(figures.notices))),
        ("mien_quality_level", "Quality level.", float(figures.quality)),
        ("mien_memory_bytes", "Memory of the piece and its processes, shared pages once.", figures.pss_mb * MIB),
        ("mien_safe_settings", "1 while it runs on safe settings.", float(figures.safe or bool(now.safe))),
    ):
        yield GaugeMetricFamily(name, help_, value)
