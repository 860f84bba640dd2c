"""The section eyes: landmarks leave a machine with a key or not at all; corners that cannot be are refused in words."""

import pytest
from pydantic import ValidationError

from installation.config.eyes import EyesConfig

SQUARE = [[0.2, 0.5], [0.8, 0.5], [1.0, 1.0], [0.0, 1.0]]


def camera(**more: object) -> dict[str, object]:
    return {"name": "left", "address": "127.0.0.1:5571", **more}


def test_as_shipped_nothing_is_told_and_nobody_is_heard() -> None:
    config = EyesConfig()
    assert (config.publish, config.join) == ("", [])


@pytest.mark.parametrize("publish", ["127.0.0.1:5571", "localhost:5571", "tcp://[::1]:5571"])
def test_on_one_machine_no_key_is_needed(publish: str) -> None:
    assert EyesConfig(publish=publish).publish == publish
    assert EyesConfig.model_validate({"join": [camera(place=SQUARE)]}).join[0].place == SQUARE


def test_with_a_key_it_may_be_any_network() -> None:
    config = EyesConfig.model_validate(
        {"publish": "tcp://*:5571", "key": "wall.key", "join": [camera(address="rack:5571", place=SQUARE[::-1])]}
    )
    assert config.join[0].address == "rack:5571"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"publish": "*:5571"}, "with a key file only"),
        ({"publish": "192.168.1.10:5571"}, "with a key file only"),
        ({"join": [camera(address="rack:5571")]}, "left: another machine is heard with a key"),
        ({"publish": "here"}, "HOST:PORT"),
        ({"join": [camera(address="*:5571")]}, "name or address is meant"),
        ({"join": [camera(), camera(address="127.0.0.1:5581")]}, "same name"),
        ({"join": [camera(place=SQUARE[:3])]}, "four corners"),
        ({"join": [camera(place=[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])]}, "in turn"),
        ({"picture": []}, "at least 4"),
    ],
)
def test_what_cannot_be_says_why(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        EyesConfig.model_validate(values)
