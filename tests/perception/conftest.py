"""For tests with the real networks."""

import pytest

from installation.base.model_files import ModelError, model_path


@pytest.fixture(scope="session")
def models() -> None:
    """Skips where MediaPipe's models were not fetched."""
    try:
        model_path("pose_landmarker")
    except ModelError as error:
        pytest.skip(str(error))
