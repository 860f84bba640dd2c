"""What a scene draws is measured without the room behind it."""

import pytest


@pytest.fixture(autouse=True)
def no_room(forms_alone: None) -> None:
    """Of all scenes' tests."""
