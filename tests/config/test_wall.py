"""The section wall: what cannot be is refused in words; a part without its frame is where it should be."""

import pytest
from pydantic import ValidationError

from installation.config.wall import WHOLE, WallConfig


def test_as_shipped_there_is_no_wall() -> None:
    config = WallConfig()
    assert not config.is_used
    assert config.drawn_part == WHOLE
    assert WallConfig(part=[0.5, 0.0, 0.5, 1.0]).drawn_part == WHOLE, "a part alone makes no wall"


def test_a_part_counts_from_below_as_shaders_do() -> None:
    assert WallConfig(lead="*:5570", part=[0.5, 0.0, 0.5, 0.25]).drawn_part == (0.5, 0.75, 0.5, 0.25)


def test_what_the_frame_hides_is_cut_off_on_its_own_side() -> None:
    config = WallConfig(follow="rack:5570", part=[0.5, 0.5, 0.5, 0.5], bezel=[0.1, 0.2, 0.0, 0.05])
    assert config.drawn_part == pytest.approx((0.55, 0.025, 0.45, 0.375))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"lead": "here"}, "HOST:PORT"),
        ({"lead": "*:65535"}, "between 1 and 65534"),
        ({"follow": "*:5570"}, "name or address is meant"),
        ({"lead": "*:5570", "follow": "rack:5570"}, "leads or follows"),
        ({"bezel": [0.5, 0.0, 0.5, 0.0]}, "nine tenths"),
        ({"part": [0.6, 0.0, 0.5, 1.0]}, "must lie in 0 to 1"),
        ({"delay_s": -0.1}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_says_why(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        WallConfig.model_validate(values)
