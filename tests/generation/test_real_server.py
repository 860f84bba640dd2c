"""A real server, MLServer, in its own environment (MIEN_MLSERVER; see tests/serving/real_server.py): the same pictures, alone
and in batches; killed, stopped, started again. NVIDIA Triton itself comes in containers only and was not run here."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tritonclient", reason="run.py setup --with server")
pytest.importorskip("onnx")

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.generation.server.server import Server
from installation.training.model_repository import main as export
from tests.generation.test_generation_worker import wait_for
from tests.generation.test_server import NETWORKS, SCHEMES, is_there, pictures
from tests.serving.real_server import NoServerError, RealServer, environment, free_ports

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module", params=[0, 4], ids=["alone", "batches"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    try:
        environment()
    except NoServerError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("repository")
    assert export(["--model-repository", str(folder)]) == 0
    server = RealServer(folder, free_ports(), batch=request.param)
    yield server
    server.close()


def lending(real: RealServer, scheme: str, deadline_s: float = 20.0) -> tuple[Server, Notices]:
    port = real.grpc_port if scheme == "grpc" else real.http_port
    config = GenerationConfig(server=f"{scheme}://127.0.0.1:{port}", server_enlarges=True)
    config = config.model_copy(update={"server_deadline_s": deadline_s})
    notices = Notices(RealClock())
    return Server(config, RealClock(), notices), notices


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", NETWORKS)
def test_it_paints_what_this_machine_paints(real: RealServer, scheme: str, name: str) -> None:
    """At most one level of 255 apart: another build of ONNX Runtime may round otherwise."""
    model = NETWORKS[name]()
    server, notices = lending(real, scheme)
    try:
        here = pictures(model)
        server.lend(model)
        assert wait_for(lambda: is_there(model)), notices.active()
        there = pictures(model)
        assert is_there(model), notices.history("fallback")
        assert np.abs(there.astype(int) - here.astype(int)).max() <= 1
    finally:
        server.close()


@pytest.mark.parametrize("fault", ["killed", "stopped"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_this_machine_paints_while_it_is_away(real: RealServer, scheme: str, fault: str) -> None:
    model = NETWORKS["texture"]()
    server, notices = lending(real, scheme, deadline_s=3.0)
    try:
        here = pictures(model)
        server.lend(model)
        assert wait_for(lambda: is_there(model)), notices.active()
        real.kill() if fault == "killed" else real.stop()
        for _ in range(3):
            assert np.abs(pictures(model).astype(int) - here.astype(int)).max() <= 1
        assert not is_there(model)
        assert wait_for(lambda: any(one.stage.startswith("server") for one in notices.active("fallback")))
        real.start() if fault == "killed" else real.go()
        assert wait_for(lambda: is_there(model))
        assert wait_for(lambda: notices.active() == ())
    finally:
        server.close()


def test_a_network_that_it_does_not_have_is_named(real: RealServer, tmp_path: Path) -> None:
    model = NETWORKS["texture"]()
    model.path = tmp_path / "unknown.onnx"
    server, notices = lending(real, "grpc")
    try:
        server.lend(model)
        assert wait_for(lambda: any("unknown" in one.message for one in notices.active("fallback")))
    finally:
        server.close()
