"""The base of all sections of settings, and who a setting is for."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from installation.base.text_files import odd_sign

Level = Literal["artist", "expert"]
ARTIST: dict[str, Any] = {"level": "artist"}
"""json_schema_extra of a setting that an artist turns; every other one is for experts, but where its section says artist."""
NOT_FROM_NETWORK: dict[str, Any] = {"network": False}
"""json_schema_extra of a setting that OSC and OSCQuery may read but not change, as it guards people or the machine: what is
stored or shown of visitors, and who can reach the piece."""


class PlainTexts(BaseModel):
    """Texts have no control signs: no path, address or name takes them, and what is made of one would raise in a show.

    Bytes that are no text, as Python keeps them, may stand in a file's name.
    """

    @field_validator("*", mode="before")
    @classmethod
    def _is_plain(cls, value: Any) -> Any:
        odd = odd_sign(value, halves=False) if isinstance(value, str) else None
        if odd is not None:
            text = "there is a sign in it that no text has ({sign}); take it out{hint}"
            hint = ", or put a path in single quotes" if odd != "\\x00" else ""
            raise PydanticCustomError("odd_sign", text, {"sign": odd, "hint": hint})
        return value


class Section(PlainTexts):
    """Unknown settings are errors, values are frozen and their types strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)
    default_level: ClassVar[Level] = "expert"
    """Of the settings that do not say it themselves."""


def plain(value: Any) -> Any:
    """A value as plain data: of sections what is not as by default, in lists and mappings of any depth."""
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_defaults=True)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return {key: plain(one) for key, one in value.items()} if isinstance(value, dict) else value


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
