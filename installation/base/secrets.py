"""Passwords of cameras and streams, kept out of all that leaves the piece: log, screen, OSC, report, recording.

``hide`` is called where text leaves: the log's formatter, ``Notices``, answers over OSC, what is printed. It knows an address
by its form, and every secret that ``learn`` was told: an error message may hold a password without its address.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus, unquote

MASK = "***"
SHORTEST = 4
"""A shorter password is masked in its address only: replaced everywhere it would take half the words with it."""
ALONE = 8
"""A password shorter than this is replaced where it stands alone, not inside other words."""
MOST = 64
"""So many secrets are remembered, the newest."""

_NAMES = (
    r"[\w.\-]*(?:pass|pwd|psw|token|secret|cred)[\w.\-]*|[\w.\-]*pas"
    r"|(?:[\w.\-]*[_.\-])?(?:api|access)?(?:key|auth|authorization|sig|signature)"
)
# A value ends at the next name=value; a part without a = still belongs to a password with & in it.
_VALUE = r"[^&;\s\"'<>]*(?:[&;](?![^&;=\s]*=)[^&;\s\"'<>]*)*"
_QUERY = re.compile(rf"(?i)(?<![a-z0-9])((?:{_NAMES})=)({_VALUE})")
_IN_TEXT = re.compile(rf"(?i)\b((?:password|passwd|pwd|token|secret|api_?key)=)({_VALUE})")
_STREAM = re.compile(r"(?i)\brtmp[a-z]*://[^\s\"'<>/]+/[^\s\"'<>/]+/(?P<key>[^\s\"'<>]+)")
"""The key of a stream is the last part of its address."""
_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.\-]*://[^\s\"'<>]+")
_SCHEME = re.compile(r"(?i)(?:[a-z][a-z0-9+.\-]*:(?=/))?/*")


class _Known:
    """The secrets of the settings that were in use, in every spelling that a message may have."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, None] = {}
        self.pattern: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        if len(secret) < SHORTEST or secret == MASK:
            return
        with self._lock:
            if secret in self._secrets:
                return
            self._secrets[secret] = None
            while len(self._secrets) > MOST:
                del self._secrets[next(iter(self._secrets))]
            words = {word for one in self._secrets for word in _spellings(one)}
            self.pattern = re.compile("|".join(map(_word, sorted(words, key=len, reverse=True))), re.IGNORECASE)


_known = _Known()


def hide(text: str) -> str:
    """``text`` with *** in place of passwords and tokens: those in addresses, and every one that was learnt."""
    if "://" in text:
        text = _ADDRESS.sub(lambda found: masked(found[0]), text)
    if "=" in text:
        text = _IN_TEXT.sub(rf"\g<1>{MASK}", text)
    pattern = _known.pattern
    return text if pattern is None else pattern.sub(MASK, text)


def masked(address: str) -> str:
    """An address, all of ``address``, with *** for its password and for what its query calls a password, key or token.

    The password may hold @, / and whatever a person typed without encoding it: it ends at the last @. In doubt more is masked.
    """
    head, password, rest = _parts(address)
    if password is not None:
        head, rest = head + MASK, "@" + rest
    plain = _QUERY.sub(rf"\g<1>{MASK}", head + rest)
    key = _STREAM.search(plain)
    return plain if key is None else plain[: key.start("key")] + MASK + plain[key.end("key") :]


def learn(settings: Any) -> None:
    """Remember the secrets of all addresses in ``settings``, and its passwords: a text, or mappings and lists of them, of any
    depth."""
    if isinstance(settings, str):
        for secret in _secrets_of(settings):
            _known.add(secret)
    elif isinstance(settings, Mapping):
        for name, value in settings.items():
            if _is_password(name, value):
                _known.add(value)
            else:
                learn(value)
    elif isinstance(settings, Sequence) and not isinstance(settings, bytes):
        for value in settings:
            learn(value)


def without_secrets(value: Any) -> Any:
    """JSON-able settings or events with every address and password in them masked; all else as it is."""
    if isinstance(value, str):
        return masked(value) if _secrets_of(value) else value
    if isinstance(value, Mapping):
        return {name: MASK if _is_password(name, one) else without_secrets(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(one) for one in value]
    return value


def _is_password(name: object, value: object) -> bool:
    return name == "password" and isinstance(value, str) and value != ""


def is_masked(address: str) -> bool:
    """Whether *** stands where a password should: the address was copied from where it had been masked."""
    return MASK in _secrets_of(address)


def _parts(address: str) -> tuple[str, str | None, str]:
    """(scheme and user with the colon, password, host and the rest); the password is None where there is none."""
    start = _SCHEME.match(address)
    begin = start.end() if start is not None else 0
    end = address.rfind("@")
    # A query may hold an @ as well, in a mail address; then the last one before it counts.
    question = address.find("?", begin)
    if 0 <= question < end and address.find("@", begin, question) >= 0 and ":" not in address[question:end]:
        end = address.rfind("@", begin, question)
    colon = address.find(":", begin, end) if end > begin else -1
    if colon < 0:
        return address, None, ""
    return address[: colon + 1], address[colon + 1 : end], address[end + 1 :]


def _secrets_of(address: str) -> list[str]:
    key = _STREAM.search(address)
    if "@" not in address and "=" not in address:
        return [] if key is None else [key["key"]]
    head, password, rest = _parts(address)
    found = [] if password is None else [password]
    found += [match[2] for match in _QUERY.finditer(rest if password is not None else head)]
    found += [] if key is None else [key["key"]]
    return [secret for secret in found if secret]


def _spellings(secret: str) -> set[str]:
    """As typed, decoded, percent-encoded in the ways programs do it, and as JSON and Python write it between quotes."""
    plain = {secret, unquote(secret)}
    coded = {way(one) for one in plain for way in (quote, quote_plus, lambda text: quote(text, safe=""))}
    quoted = {text[1:-1] for one in plain for text in (json.dumps(one), json.dumps(one, ensure_ascii=False), repr(one))}
    return {word for word in plain | coded | quoted if len(word) >= SHORTEST}


def _word(secret: str) -> str:
    pattern = re.escape(secret)
    return pattern if len(secret) >= ALONE else rf"(?<![^\W_]){pattern}(?![^\W_])"
