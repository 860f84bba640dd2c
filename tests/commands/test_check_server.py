"""``run.py check`` asks the server of the settings for every network, and says what is wrong."""

from collections.abc import Iterator

import pytest

pytest.importorskip("tritonclient", reason="run.py setup --with server")
pytest.importorskip("onnx")

from installation.base.model_files import MODELS_DIR, model_path
from installation.commands import check_server
from installation.commands.check_server import look_at_server
from installation.config.settings import Config
from tests.serving.bare_server import BareServer
from tests.serving.networks import Network


@pytest.fixture
def bare() -> Iterator[BareServer]:
    paths = {"texture": model_path("texture"), "paint": MODELS_DIR / "paint.onnx", "enlarge": model_path("enlarge")}
    server = BareServer({name: Network(path) for name, path in paths.items()})
    yield server
    server.close()


def config(address: str, **more: object) -> Config:
    return Config.model_validate({"generation": {"server": address, "server_deadline_s": 0.8, **more}})


def test_without_a_server_there_is_no_row() -> None:
    assert list(look_at_server(config(""))) == []


def test_one_that_is_not_there_is_bad() -> None:
    (row,) = look_at_server(config("grpc://127.0.0.1:1"))
    assert row[:2] == ("bad", "server 127.0.0.1:1")
    assert "cannot be reached" in row[2]


@pytest.mark.parametrize("scheme", ["grpc", "http"])
def test_every_network_has_a_row(bare: BareServer, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_server, "PATIENCE_S", 60.0)
    port = bare.grpc_port if scheme == "grpc" else bare.http_port
    rows = {what: (verdict, found) for verdict, what, found in look_at_server(config(f"{scheme}://127.0.0.1:{port}"))}
    verdict, found = rows[f"server 127.0.0.1:{port}"]
    assert verdict == "good"
    assert "but for visitors' faces; open" in found
    for name in ("texture", "paint"):
        assert "the same picture as here" in rows[f"server {name}"][1]
    assert rows["server style_transform"] == ("bad", "it has no network 'style_transform' that is ready")
    assert "server enlarge" not in rows
    enlarging = config(f"{scheme}://127.0.0.1:{port}", server_enlarges=True)
    assert "server enlarge" in {what for _, what, _ in look_at_server(enlarging)}


def test_another_network_under_the_name_is_bad(bare: BareServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_server, "PATIENCE_S", 60.0)
    bare.desk.networks["texture"] = Network(model_path("texture"), {"sha256": "1" * 64})
    rows = {what: found for _, what, found in look_at_server(config(f"grpc://127.0.0.1:{bare.grpc_port}"))}
    assert "is of another file (sha256 11111111" in rows["server texture"]
