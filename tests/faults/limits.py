"""What a piece is held to, in one place. Seconds on two cores that others may use as well."""

PICTURE_S = 1.0
"""The longest time between two pictures, whatever happens, less the time for which others held the processor."""
RECOVERY_S = 10.0
"""From the end of the cause until all is well."""
SEEN_S = 10.0
"""Until a fault is told."""
END_S = 3.0
"""From SIGTERM to the end of the process. The promise is 2 (benchmarks/stop.py); this allows for a busy machine."""
START_S = 60.0
"""Until a piece runs and perceives; no promise, but a bound for the test."""
DARKEST = 1.0
"""Mean light, of 255, that the picture always has."""
MEMORY_MB = 20.0
"""What a soak may gain after its warm-up."""
