"""Names of hosts, and texts whose length is counted in bytes where they go."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

MAX_LABEL_BYTES = 63
"""Of each part of a name in DNS (RFC 1035, 2.3.4)."""


def _host(value: str) -> str:
    wrong = _wrong_host(value)
    if wrong:
        raise PydanticCustomError("host", "{why}", {"why": wrong})
    return value


def host_of(value: str) -> str:
    """``value`` where it can be a host's name or address. Raises ValueError, which says why not."""
    wrong = _wrong_host(value)
    if wrong:
        raise ValueError(wrong)
    return value


def _wrong_host(value: str) -> str:
    """What no system could look up, and how it is written; empty: nothing. Whether there is such a host is not asked."""
    try:
        ipaddress.ip_address(value)
        return ""
    except ValueError:
        pass
    if value.startswith("["):
        return "an IPv6 address is written without brackets here, such as ::1"
    if ":" in value:
        return "a name, or an address such as 192.168.1.20 or ::1, is meant; the port is a setting of its own"
    labels = value.removesuffix(".").split(".")
    if "" in labels:
        return "two dots in a row, or one at the beginning; a name or an address such as 192.168.1.20 is meant"
    if all(re.fullmatch(r"[0-9]+", label) for label in labels):
        return "an IPv4 address has four numbers from 0 to 255, such as 192.168.1.20"
    for label in labels:
        # ASCII travels as it is, all else as IDNA writes it.
        if label.isascii():
            encoded = label.encode()
        else:
            try:
                encoded = label.encode("idna")
            except UnicodeError:
                return f"{label[:40]!r} cannot be part of a host's name"
        if len(encoded) > MAX_LABEL_BYTES:
            return f"the part {label[:20]!r}... of the name is longer than {MAX_LABEL_BYTES} bytes"
    return ""


HostName = Annotated[
    # No control characters, spaces or slashes.
    str,
    StringConstraints(min_length=1, max_length=253, pattern=r"^[^\s/\x00-\x1f\x7f]+$"),
    AfterValidator(_host),
]
"""A host's name or its address in figures."""


def max_bytes(limit: int) -> Callable[[str], str]:
    """A check that a text has at most ``limit`` bytes where it goes, in UTF-8: a letter such as ä has two."""

    def check(value: str) -> str:
        count = len(value.encode("utf-8", "surrogatepass"))
        if count > limit:
            text = "has {count} bytes and can have {limit}; letters beyond a to z count twice or more"
            raise PydanticCustomError("bytes", text, {"count": count, "limit": limit})
        return value

    return check
