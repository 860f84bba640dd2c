"""The base of all sections of settings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

NOT_FROM_NETWORK: JsonDict = {"network": False}
"""json_schema_extra of a setting that OSC and OSCQuery may read but not change, as it guards people or the machine: what is
stored or shown of visitors, and who can reach the piece."""


class Section(BaseModel):
    """Unknown settings are errors, values are frozen and their types strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)


def from_network(field: FieldInfo) -> bool:
    """Whether OSC and OSCQuery may change a setting."""
    extra = field.json_schema_extra
    return not (isinstance(extra, dict) and extra.get("network") is False)
