import sys
from collections.abc import Iterator

import pytest

from tests.faults.stage import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    if not sys.platform.startswith("linux"):
        pytest.skip("faults are injected on Linux only")
    made = Stage(tmp_path_factory.mktemp("faults"))
    yield made
    made.close()
