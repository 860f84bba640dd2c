"""What comes by OSC, OSCQuery or the operator's page, of any type, at any address: taken, or refused by a CommandError."""

import contextlib
import datetime
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from installation.config.load import parse_config
from installation.config.migrate import RENAMED
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.lookup import CommandTable
from installation.live_commands.table import COMMANDS, CommandError

FUZZ = int(os.environ.get("MIEN_FUZZ", "60"))


class NothingSent:
    def get(self, _path: str) -> None:
        return None


class AnyPiece:
    """A piece that does whatever it is asked."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_args: None


SETTINGS = LiveSettings(Config())
TABLE = CommandTable(SETTINGS, NothingSent())
OLD = [rename.old.replace("*", name).replace(".", "/") for rename in RENAMED for name in ("0", "happy")]
NAMES = st.sampled_from(
    [path.lstrip("/") for path in SETTINGS.table]
    + [f"control/{old}{more}" for old in OLD for more in ("", "/x", "/")]
    + [*COMMANDS, "get", "control/save", "", "/", "control", "control/", "//", "*", "control/\0", "control/\ud83d"]
) | st.text(max_size=20).map("control/{}".format)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(
        [10**400, -(10**400), 2**63, datetime.date(2026, 2, 3), object(), 1 + 2j, b"\xff\0", (0, 0, 0, 0)]
    )
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["\0", "\ud83d", "x" * 5000, "blossom", "#ff0000", "0,5", "nan", "a\nb", "/control/scene/pace"])
    | st.lists(st.integers(), max_size=2)
)


@examples(max_examples=5 * FUZZ)
@given(st.sampled_from(("network", "operator", "visitor")), NAMES, st.lists(VALUES, max_size=2))
def test_any_value_at_any_address_is_taken_or_refused(caller: Any, name: str, args: list[object]) -> None:
    with contextlib.suppress(CommandError):
        TABLE.check(caller, name, args)
    with contextlib.suppress(CommandError):
        TABLE.perform(AnyPiece(), caller, name, args)
    assert isinstance(SETTINGS.config, Config)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("control/scene/pace", 10**400, "must be a number"),
        ("control/output/glow", -(10**400), "must be a number"),
        ("video", 10**400, "on must be a number"),
        ("control/perception/budget_ms", 10**400, "must be a number"),
        ("scene", "a\0b", "name has a sign in it that no name has"),
        ("texture_model", "\ud83d", "name has a sign in it that no name has"),
        ("control/scene/name", "blossom\0", "must be one of"),
        ("control/poses/record_label", "up\x1b", "there is a sign in it that no text has"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_the_refusal_says_why(name: str, value: object, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        TABLE.check("network", name, [value])


def test_what_was_refused_leaves_the_settings_as_they_were() -> None:
    settings = LiveSettings(parse_config("scene: {pace: 2.0}"))
    with pytest.raises(ValueError, match="must be a number"):
        settings.change("/control/scene/pace", [10**400])
    assert settings.config.scene.pace == 2.0
    settings.change("/control/scene/pace", [3])
    assert settings.config.scene.pace == 3.0
