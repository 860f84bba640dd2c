"""What the piece tells, as figures in Prometheus text."""

from __future__ import annotations

from installation.desk.desk import Desk

_FIGURES = {
    "fps": "pictures drawn a second",
    "perception_hz": "pictures perceived a second",
    "textures_hz": "generated pictures a second",
    "memory_mb": "memory of the piece and its processes in MiB",
    "uptime_s": "seconds since the start",
    "visitors": "visitors who are there",
    "faults": "faults that hold now",
}


def metrics(desk: Desk) -> bytes:
    """All figures, and whether the piece lives."""
    # Here and not above: who asks for no figures does without a tenth of a second of loading.
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    state = desk.part("state") or {}
    Gauge("mien_up", "1 while the piece says something", registry=registry).set(float(desk.lives))
    Gauge("mien_desk_watchers", "browsers at the desk", registry=registry).set(len(desk.watchers))
    for name, meaning in _FIGURES.items():
        if isinstance(state.get(name), int | float):
            Gauge(f"mien_{name}", meaning, registry=registry).set(float(state[name]))
    return generate_latest(registry)
