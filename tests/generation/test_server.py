"""A server that runs the networks: the same pictures, whatever is wrong with it; this machine takes over and gives back."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tritonclient", reason="run.py setup --with server")
pytest.importorskip("onnx")

import grpc
from pydantic import ValidationError

from installation.base.clock import RealClock
from installation.base.governor import Governor
from installation.base.model_files import MODELS_DIR, model_path
from installation.base.notices import Notices
from installation.base.onnx_sessions import OnnxModel
from installation.config.generation import GenerationConfig
from installation.config.picture import PictureConfig
from installation.generation.enlarge import Enlarger
from installation.generation.generation_worker import GenerationWorker
from installation.generation.generator import TextureGenerator
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.generation.server import client, lent
from installation.generation.server.client import ServerError
from installation.generation.server.lent import Lent
from installation.generation.server.server import Server
from installation.generation.style_networks import Stylist
from installation.generation.style_painter import StylePainter
from installation.types import ByteArray
from tests.generation.test_generation_worker import request, wait_for
from tests.robustness import foreign_models as models
from tests.serving.bare_server import BareServer, RefusedError
from tests.serving.networks import Network
from tests.serving.proxy import Proxy

AFFECT = np.float32([0.3, -0.2, 0.1, 0.4])
SMALL = 64
SCHEMES = ("grpc", "http")


@dataclass
class Rack:
    """A server with one small texture generator, behind a proxy; and a generator here to which it is lent."""

    folder: Path
    scheme: str
    deadline_s: float = 2.0
    """Longer than settings allow: a busy machine must not be taken for a slow server."""
    servers: list[Server] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.path = models.generator(self.folder / "texture.onnx")
        self.bare = BareServer({"texture": Network(self.path)})
        self.proxy = Proxy(self.bare.grpc_port if self.scheme == "grpc" else self.bare.http_port)
        self.notices = Notices(RealClock())

    @property
    def config(self) -> GenerationConfig:
        address = f"{self.scheme}://127.0.0.1:{self.proxy.port}"
        return GenerationConfig(size_px=SMALL, server=address).model_copy(update={"server_deadline_s": self.deadline_s})

    @property
    def desk(self):
        return self.bare.desk

    def lent(self) -> TextureGenerator:
        server = Server(self.config, RealClock(), self.notices)
        self.servers.append(server)
        generator = TextureGenerator(self.path, SMALL, 1, "cpu")
        server.lend(generator)
        return generator

    def close(self) -> None:
        for server in self.servers:
            server.close()
        self.proxy.close()
        self.bare.close()


@pytest.fixture(params=SCHEMES)
def rack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rack]:
    found = Rack(tmp_path, request.param)
    yield found
    found.close()


def is_there(model: OnnxModel) -> bool:
    return "://" in model.session.where


def paint(generator: TextureGenerator) -> ByteArray:
    return generator.paint(AFFECT, generator.walk.at(0.4))


def told(rack: Rack) -> dict[str, str]:
    return {f"{one.kind} {one.stage}": one.message for one in rack.notices.active()}


def test_a_network_runs_there_and_paints_the_same(rack: Rack) -> None:
    generator = rack.lent()
    here = paint(generator.on_this_machine())
    assert wait_for(lambda: is_there(generator))
    before = rack.desk.asked["texture"]
    assert np.array_equal(paint(generator), here)
    assert rack.desk.asked["texture"] == before + 1
    assert rack.notices.active() == ()
    assert generator.on_this_machine().session.where == "CPUExecutionProvider"


def test_a_server_that_takes_no_bytes_over_http_gets_lists(tmp_path: Path) -> None:
    rack = Rack(tmp_path, "http")
    try:
        rack.desk.binary = False
        generator = rack.lent()
        assert wait_for(lambda: is_there(generator))
        assert np.array_equal(paint(generator), paint(generator.on_this_machine()))
        assert is_there(generator)
    finally:
        rack.close()


SPOILT: dict[str, tuple[Callable[[Rack], None], str]] = {
    "gone": (lambda rack: rack.proxy.refuse(), "cannot be reached|did not answer"),
    "slow": (lambda rack: _mode(rack, "slow"), "did not answer in time"),
    "held": (lambda rack: _mode(rack, "hold"), "did not answer in time"),
    "a trickle": (lambda rack: _mode(rack, "trickle"), "did not answer in time"),
    "garbage": (lambda rack: _mode(rack, "garbage"), "cannot be read|cannot be reached|did not answer"),
    "half an answer": (lambda rack: _mode(rack, "half"), "cannot be read|cannot be reached|did not answer"),
    "full": (
        lambda rack: _refuse(rack, RefusedError(grpc.StatusCode.RESOURCE_EXHAUSTED, 503, "the queue is full")),
        "too much to do .*queue is full",
    ),
    "fails": (lambda rack: _refuse(rack, RefusedError(grpc.StatusCode.INTERNAL, 500, "no card")), "no card"),
    "another shape": (lambda rack: _bend(rack, lambda rgba: rgba[:32]), r"gives uint8 \(32, 64, 4\)"),
    "other numbers": (lambda rack: _bend(rack, lambda rgba: rgba.astype(np.float32)), "cannot be read|gives"),
}


def _mode(rack: Rack, mode: str) -> None:
    rack.proxy.mode, rack.proxy.half_bytes, rack.proxy.delay_s = mode, 3000, 6.0


def _refuse(rack: Rack, error: RefusedError) -> None:
    rack.desk.refusal = error


def _bend(rack: Rack, how: Callable[[ByteArray], np.ndarray]) -> None:
    rack.desk.bend = lambda found: {name: how(values) for name, values in found.items()}


def _mend(rack: Rack) -> None:
    rack.proxy.mode, rack.desk.refusal, rack.desk.bend = "pass", None, None
    if rack.proxy._ear is None:
        rack.proxy.listen()


@pytest.mark.parametrize("trouble", SPOILT)
def test_this_machine_paints_while_the_server_cannot(rack: Rack, trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lent, "FIRST_RETRY_S", 0.1)
    generator = rack.lent()
    here = paint(generator.on_this_machine())
    assert wait_for(lambda: is_there(generator))
    spoil, words = SPOILT[trouble]
    spoil(rack)
    for _ in range(3):
        assert np.array_equal(paint(generator), here)
    assert not is_there(generator)
    assert wait_for(lambda: bool(told(rack)))
    for stage, message in told(rack).items():
        assert stage in ("fallback server", "fallback server texture")
        assert "on this machine" in message
    history = " ".join(one.message for one in rack.notices.history("fallback"))
    assert re.search(words, history), history
    _mend(rack)
    assert wait_for(lambda: is_there(generator))
    assert np.array_equal(paint(generator), here)
    assert wait_for(lambda: rack.notices.active() == ())
    assert rack.notices.history("fault") == ()


def test_a_server_that_comes_later_is_found(rack: Rack) -> None:
    rack.proxy.refuse()
    generator = rack.lent()
    assert wait_for(lambda: "fallback server" in told(rack))
    assert f"{rack.scheme}://127.0.0.1" in told(rack)["fallback server"]
    assert paint(generator).shape == (SMALL, SMALL, 4)
    rack.proxy.listen()
    assert wait_for(lambda: is_there(generator))
    assert wait_for(lambda: rack.notices.active() == ())


def test_one_that_is_always_too_slow_never_costs_a_painter_anything(rack: Rack) -> None:
    rack.deadline_s, rack.desk.delay_s = 0.3, 0.6
    generator = rack.lent()
    assert wait_for(lambda: "for a small picture" in told(rack).get("fallback server texture", "") or _late(rack))
    assert not is_there(generator)


def _late(rack: Rack) -> bool:
    return "did not answer in time" in told(rack).get("fallback server texture", "")


WRONG: dict[str, tuple[Callable[[Path], Network | None], str]] = {
    "none of this name": (lambda path: None, "no network 'texture'"),
    "another of the same shape": (
        lambda path: Network(models.generator(path / "other.onnx", level=60.0)),
        "paints another picture",
    ),
    "other inputs": (
        lambda path: Network(models.generator(path / "other.onnx", inputs={"more": [1, 8]})),
        "has the inputs .*'more'",
    ),
    "another size": (
        lambda path: Network(models.generator(path / "other.onnx", inputs={"coarse": [1, 1, 8, 8]})),
        "coarse of its texture is FP32",
    ),
    "a painter": (lambda path: Network(models.painter(path / "other.onnx")), "has the inputs"),
    "another file": (lambda path: Network(path / "texture.onnx", {"sha256": "0" * 64}), "is of another file"),
}


@pytest.mark.parametrize("what", WRONG)
def test_another_network_is_not_asked(rack: Rack, what: str) -> None:
    make, words = WRONG[what]
    network = make(rack.folder)
    rack.desk.networks = {} if network is None else {"texture": network}
    generator = rack.lent()
    assert wait_for(lambda: "fallback server texture" in told(rack))
    message = told(rack)["fallback server texture"]
    assert re.search(words, message), message
    assert what == "none of this name" or "export --model-repository" in message
    assert not is_there(generator)
    rack.desk.networks = {"texture": Network(rack.path)}
    assert wait_for(lambda: is_there(generator))


def test_a_file_that_the_server_names_rightly_is_taken(rack: Rack) -> None:
    sha256 = client_sha(rack.path)
    rack.desk.networks = {"texture": Network(rack.path, {"sha256": sha256})}
    generator = rack.lent()
    assert wait_for(lambda: is_there(generator))


def client_sha(path: Path) -> str:
    from installation.base.model_files import sha256_of

    return sha256_of(path)


def test_one_request_of_a_kind_is_under_way(rack: Rack) -> None:
    """Also where the one before was given up: its answer is waited for by nobody, and none is sent until the server is well."""
    rack.deadline_s = 0.5
    generator = rack.lent()
    assert wait_for(lambda: is_there(generator))
    rack.desk.delay_s = 1.0
    for _ in range(5):
        paint(generator)
    assert rack.desk.at_once["texture"] <= 2, "one that was given up, and one look at whether it is well"


def test_the_server_is_changed_live(rack: Rack) -> None:
    generator = rack.lent()
    (server,) = rack.servers
    assert wait_for(lambda: is_there(generator))
    server.reconfigure(rack.config.model_copy(update={"server": ""}))
    before = rack.desk.asked["texture"]
    paint(generator)
    assert not is_there(generator)
    assert rack.desk.asked["texture"] == before
    server.reconfigure(rack.config)
    assert wait_for(lambda: is_there(generator))


def test_a_client_that_is_not_installed_is_a_fault(rack: Rack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, f"installation.generation.server.{rack.scheme}_client", None)
    generator = rack.lent()
    assert wait_for(lambda: "setup --with server" in told(rack).get("fault server", ""))
    assert paint(generator).shape == (SMALL, SMALL, 4)


NETWORKS: dict[str, Callable[[], OnnxModel]] = {
    "texture": lambda: TextureGenerator(model_path("texture"), 128, 1, "cpu"),
    "paint": lambda: PictureGenerator(MODELS_DIR / "paint.onnx", "cpu"),
    "enlarge": lambda: Enlarger(model_path("enlarge")),
    "style_transform": lambda: Stylist(model_path("style_transform")),
}


def pictures(model: OnnxModel) -> ByteArray:
    rng = np.random.default_rng(3)
    if isinstance(model, TextureGenerator):
        return paint(model)
    if isinstance(model, PictureGenerator):
        return model.paint(AFFECT, PictureWalk(model.shapes, 1, 2, 0).at(0.3))
    if isinstance(model, Enlarger):
        return model.enlarge(rng.integers(0, 255, (40, 48, 4)).astype(np.uint8))
    assert isinstance(model, Stylist)
    return model.picture(rng.integers(0, 255, (90, 120, 3)).astype(np.uint8), np.full(100, 0.1, np.float32))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_paints_there_what_it_paints_here(scheme: str, name: str) -> None:
    """At most one level of 255 apart anywhere, on the same ONNX Runtime."""
    model = NETWORKS[name]()
    bare = BareServer({name: Network(model.path)})
    notices = Notices(RealClock())
    port = bare.grpc_port if scheme == "grpc" else bare.http_port
    config = GenerationConfig(server=f"{scheme}://localhost:{port}", server_enlarges=True)
    config = config.model_copy(update={"server_deadline_s": 30.0})
    server = Server(config, RealClock(), notices)
    try:
        here = pictures(model)
        server.lend(model)
        assert wait_for(lambda: is_there(model))
        before = bare.desk.asked[name]
        there = pictures(model)
        assert bare.desk.asked[name] == before + 1
        assert notices.active() == ()
        assert np.abs(there.astype(int) - here.astype(int)).max() <= 1
    finally:
        server.close()
        bare.close()


def test_enlarging_stays_here_unless_it_is_asked_for() -> None:
    model, texture = Enlarger(model_path("enlarge")), TextureGenerator(model_path("texture"), 64, 1, "cpu")
    bare = BareServer({"enlarge": Network(model.path), "texture": Network(texture.path)})
    config = GenerationConfig(server=f"grpc://127.0.0.1:{bare.grpc_port}").model_copy(
        update={"server_deadline_s": 30.0}
    )
    server = Server(config, RealClock(), Notices(RealClock()))
    try:
        for one in (model, texture):
            server.lend(one)
        assert wait_for(lambda: is_there(texture))
        assert not is_there(model)
        server.reconfigure(config.model_copy(update={"server_enlarges": True}))
        assert wait_for(lambda: is_there(texture) and is_there(model))
        server.reconfigure(config)
        assert not is_there(model)
        assert wait_for(lambda: is_there(texture))
    finally:
        server.close()
        bare.close()


@pytest.mark.parametrize("opened", [False, True])
def test_faces_are_sent_only_where_that_is_opened(opened: bool) -> None:
    network = Network(model_path("style_transform"))
    bare, notices = BareServer({"style_transform": network}), Notices(RealClock())
    address = f"grpc://127.0.0.1:{bare.grpc_port}"
    config = GenerationConfig(server=address, server_faces=opened).model_copy(update={"server_deadline_s": 30.0})
    server = Server(config, RealClock(), notices)
    try:
        styles = StylePainter(config, MODELS_DIR, notices, lend=server.lend)
        face, emotion = np.full((100, 100, 3), 255, np.uint8), np.eye(7, dtype=np.float32)[3]
        assert styles.ready(0.0)
        assert wait_for(lambda: "://" in styles.providers["style_transform.onnx"])
        assert styles.face(face, emotion, 0.0, 0.0) is not None
        white = any(
            values.shape[-1] == 3 and values.min() >= 1.0 for values in bare.desk.seen["style_transform"].values()
        )
        assert white is opened
        scene = np.full((90, 160, 3), 255, np.uint8)
        before = bare.desk.asked["style_transform"]
        assert styles.scene(scene, emotion, 0.0, 0.0) is not None
        assert bare.desk.asked["style_transform"] == before + 1
    finally:
        server.close()
        bare.close()


def test_a_whole_worker_paints_by_the_server_and_goes_on_without(tmp_path: Path) -> None:
    shutil.copy(models.generator(tmp_path / "texture.onnx"), tmp_path / "copy.onnx")
    models.painter(tmp_path / "paint.onnx")
    bare = BareServer({"texture": Network(tmp_path / "copy.onnx"), "paint": Network(tmp_path / "paint.onnx")})
    notices = Notices(RealClock())
    config = GenerationConfig(size_px=SMALL, per_second=60.0, server=f"grpc://127.0.0.1:{bare.grpc_port}", candidates=1)
    config = config.model_copy(update={"server_deadline_s": 2.0})
    server = Server(config, RealClock(), notices)
    worker = GenerationWorker(config, PictureConfig(), tmp_path, 1, RealClock(), notices, Governor(notices), server)
    worker.start()
    try:

        def paints(where: str) -> bool:
            worker.request(request())
            return where in worker.providers.get("texture.onnx", "")

        assert wait_for(lambda: paints("grpc://"))
        before = bare.desk.asked["texture"]

        def asked() -> bool:
            worker.request(request())
            return bare.desk.asked["texture"] >= before + 3

        assert wait_for(asked)
        bare.close()
        assert wait_for(lambda: paints("CPUExecutionProvider"))
        seq = worker.textures.peek()[0]

        def goes_on() -> bool:
            worker.request(request())
            return worker.textures.peek()[0] >= seq + 3

        assert wait_for(goes_on)
        assert wait_for(lambda: any(one.stage == "server" for one in notices.active("fallback")))
    finally:
        worker.close()
        server.close()
    assert wait_for(lambda: not any(thread.name == "server" for thread in threading.enumerate()))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rack:8001", "scheme is missing"),
        ("ftp://rack:8001", "scheme is missing"),
        ("grpc://rack", "a host and a port"),
        ("grpc://:8001", "a host and a port"),
        ("grpc://rack:99999", "8001"),
        ("http://rack:8000/v2", "only scheme, host and port"),
        ("http://me:secret@rack:8000", "only scheme, host and port"),
        ("grpc://1.2.3:8001", "four numbers"),
    ],
)
def test_an_address_that_is_none_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        GenerationConfig(server=text)


@pytest.mark.parametrize("text", ["", "grpc://rack:8001", "https://rack.local:8000/", "grpcs://[::1]:8001"])
def test_an_address_is_taken(text: str) -> None:
    assert GenerationConfig(server=text).server == text


def test_what_a_server_says_of_a_network_may_be_anything() -> None:
    for told_of in ({"inputs": [{}]}, {"inputs": 3}, {"inputs": [{"name": "a", "datatype": "FP32", "shape": ["x"]}]}):
        with pytest.raises(ServerError, match="cannot be read"):
            client.served_of(told_of, None)
    assert client.served_of({}, None).inputs == {}


def test_a_network_that_was_dropped_is_asked_for_no_more(rack: Rack) -> None:
    models_here = [rack.lent()]
    assert wait_for(lambda: is_there(models_here[0]))
    (server,) = rack.servers
    assert isinstance(models_here[0].session, Lent)
    models_here.clear()
    assert wait_for(lambda: not list(server._lent))
