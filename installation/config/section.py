"""The base of all sections of settings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo


class Section(BaseModel):
    """Unknown settings are errors, values are frozen and their types strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)


def not_from_network() -> JsonDict:
    """The ``json_schema_extra`` of a setting that OSC and OSCQuery may read but not change, as it guards people or the
    machine: what is stored or shown of visitors, and who can reach the piece. It is set in config.yaml."""
    return {"network": False}


def from_network(field: FieldInfo) -> bool:
    """Whether OSC and OSCQuery may change a setting."""
    extra = field.json_schema_extra
    return not (isinstance(extra, dict) and extra.get("network") is False)
