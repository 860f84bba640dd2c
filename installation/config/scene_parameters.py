"""A number of a scene that an artist may change: a row under ``parameters`` in shaders/scenes/NAME.yaml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator


class SceneParameter(BaseModel):
    """A number of the scene that the artist may change: uniform ``u_NAME``, and in config.yaml scene.parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    value: float
    low: float
    high: float
    meaning: str

    @model_validator(mode="after")
    def _in_range(self) -> SceneParameter:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value:g} must lie between low {self.low:g} and high {self.high:g}")
        return self
