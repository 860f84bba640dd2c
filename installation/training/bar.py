"""A progress bar on a terminal, or none: a machine that only trains may lack tqdm."""

from __future__ import annotations

from typing import Any


class Bar:
    """Steps of ``total``, begun at ``at``; use it in a ``with``."""

    def __init__(self, name: str, total: int, at: int = 0) -> None:
        self._bar: Any = None
        try:
            from tqdm import tqdm
        except ImportError:
            return
        self._bar = tqdm(total=total, initial=at, desc=name, unit="step", leave=False, disable=None)

    def step(self) -> None:
        """One step further."""
        if self._bar is not None:
            self._bar.update()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()
