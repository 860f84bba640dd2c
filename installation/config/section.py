"""The base of all sections of settings, and who a setting is for."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

Level = Literal["artist", "expert"]
ARTIST: dict[str, Any] = {"level": "artist"}
"""json_schema_extra of a setting that an artist turns; every other one is for experts, but where its section says artist."""
NOT_FROM_NETWORK: dict[str, Any] = {"network": False}
"""json_schema_extra of a setting that OSC and OSCQuery may read but not change, as it guards people or the machine: what is
stored or shown of visitors, and who can reach the piece."""


class Section(BaseModel):
    """Unknown settings are errors, values are frozen and their types strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)
    default_level: ClassVar[Level] = "expert"
    """Of the settings that do not say it themselves."""


def level_of(model: type[BaseModel], field: FieldInfo) -> Level:
    """Who a setting is for."""
    extra = field.json_schema_extra
    own = extra.get("level") if isinstance(extra, dict) else None
    found = own or getattr(model, "default_level", "expert")
    return "artist" if found == "artist" else "expert"


def from_network(field: FieldInfo) -> bool:
    """Whether OSC and OSCQuery may change a setting."""
    extra = field.json_schema_extra
    return not (isinstance(extra, dict) and extra.get("network") is False)
