"""What a server that runs the networks costs and gives, and what the picture notices when it fails.

    .venv/bin/python benchmarks/server.py [latency] [pace] [walls] [--wire] [--seconds 10] [--rounds 2] [--walls 1 10 100]

latency  milliseconds a picture, here and by a server on this machine, in turn: a bare one of the tests, and MLServer where
         MIEN_MLSERVER names its environment; what the wire and the server's own work add
pace     the frame interval and the longest time without a new texture: painted here, by a server, and by one that is killed,
         stopped, slow, trickling, answers garbage or half, in turn
walls    so many simulated pieces ask MLServer for five textures and five pictures a second each: what it gives, how late, how
         many it puts together, and how many pieces have to paint by themselves
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import numpy as np
from tritonclient.utils import InferenceServerException

from installation.base.backoff import Backoff
from installation.base.clock import RealClock
from installation.base.files import PROJECT
from installation.base.governor import Governor
from installation.base.model_files import MODELS_DIR
from installation.base.notices import Notices
from installation.base.onnx_sessions import OnnxModel
from installation.config.inference_server import server_address
from installation.config.load import load_config, with_overrides
from installation.generation.enlarge import Enlarger
from installation.generation.generation_worker import GenerationWorker
from installation.generation.generator import TextureGenerator
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.generation.server.connecting import connect
from installation.generation.server.identity import Known, compare
from installation.generation.server.lent import FIRST_RETRY_S, LONGEST_RETRY_S, PROVED_S, Lent, Link
from installation.generation.server.server import Server
from installation.generation.style_networks import Stylist
from installation.record.report import Histogram
from installation.training.model_repository import main as export
from tests.robustness.foreign_models import generator
from tests.serving.proxy import Proxy
from tests.serving.real_server import NoServerError, RealServer, free_ports

REPEATS = 30
ADDED_MS = 3.0
FAULTS = ("killed", "stopped", "slow", "trickle", "garbage", "half")
PER_SECOND = 5.0


def main() -> int:
    """Print what was asked for; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["latency", "pace", "walls"], help="latency, pace, walls")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--walls", type=int, nargs="+", default=[1, 3, 10, 30, 100])
    parser.add_argument("--deadline", type=float, default=0.4, help="seconds a wall waits")
    parser.add_argument(
        "--px", type=int, default=256, help="of the walls' textures; below 256 they ask for no pictures"
    )
    parser.add_argument("--wire", action="store_true", help="latency of a network that does nothing, and of no other")
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "models"
        export(["--model-repository", str(repository)])
        if "latency" in options.what:
            missed |= not latency(repository, options.wire)
        if "pace" in options.what:
            missed |= not pace(repository, options)
        if "walls" in options.what:
            walls(repository, options)
    return int(missed)


class Bare:
    """The tests' bare server as a process."""

    def __init__(self, repository: Path, ports: tuple[int, int] = (0, 0)) -> None:
        self._command = [sys.executable, "-m", "tests.serving.bare_server", "--models", str(repository)]
        self.grpc_port, self.http_port = ports
        self.start()

    def start(self) -> None:
        """Begin, on the same ports as before."""
        ports = ["--grpc", str(self.grpc_port), "--http", str(self.http_port)]
        self._process = subprocess.Popen([*self._command, *ports], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        found = json.loads(self._process.stdout.readline())
        self.grpc_port, self.http_port = found["grpc"], found["http"]

    def took(self) -> list[float]:
        """Milliseconds that networks took there since this was last asked."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/took", timeout=20) as told:
            return [one for found in json.load(told).values() for one in found]

    def send(self, number: int) -> None:
        """A signal."""
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """As a power cut does."""
        self._process.kill()
        self._process.wait(10)

    close = kill


def networks() -> dict[str, tuple[OnnxModel, object]]:
    """Each network with a call that paints one picture."""
    rng, affect = np.random.default_rng(1), np.float32([0.3, -0.2, 0.1, 0.4])
    texture = TextureGenerator(MODELS_DIR / "texture.onnx", 256, 1, "cpu")
    paint = PictureGenerator(MODELS_DIR / "paint.onnx", "cpu")
    enlarger, stylist = Enlarger(MODELS_DIR / "enlarge.onnx"), Stylist(PROJECT / "models/fetched/style_transform.onnx")
    latents, small = PictureWalk(paint.shapes, 1, 0, 0).at(0.3), rng.integers(0, 255, (256, 256, 4)).astype(np.uint8)
    face = rng.integers(0, 255, (200, 200, 3)).astype(np.uint8)
    return {
        "texture 64 px": (texture, lambda: texture.paint(affect, texture.walk.at(0.4), 64)),
        "texture 256 px": (texture, lambda: texture.paint(affect, texture.walk.at(0.4), 256)),
        "picture 256 px": (paint, lambda: paint.paint(affect, latents)),
        "face 384 px": (stylist, lambda: stylist.picture(face, np.zeros(100, np.float32))),
        "enlarged 256 to 1024 px": (enlarger, lambda: enlarger.enlarge(small)),
    }


def nothing(repository: Path) -> dict[str, tuple[OnnxModel, object]]:
    """A network that does next to nothing gives a picture of 256 px: what is left is the wire."""
    path = generator(repository.parent / "nothing.onnx")
    (repository / "nothing/1").mkdir(parents=True, exist_ok=True)
    (repository / "nothing/1/model.onnx").write_bytes(path.read_bytes())
    model = TextureGenerator(path, 256, 1, "cpu")
    latents = model.walk.at(0.4)
    return {"nothing, 256 px": (model, lambda: model.paint(np.zeros(4, np.float32), latents))}


def linked(model: OnnxModel, address: str) -> Lent:
    """The network on a server, waited for as long as it takes."""
    known, place = Known.of(model), server_address(address)
    client = connect(place)
    in_front = compare(known, client.served(known.name, 20.0))
    client.close()

    def failed(_lent: Lent, error: Exception) -> None:
        raise SystemExit(f"{address}: {error}")

    lent = Lent(known, model.on_this_machine().session, failed)
    lent.link = Link(place, connect, in_front, 10.0)
    return lent


def latency(repository: Path, wire_only: bool) -> bool:
    """Here and there in turn; gives whether what is added keeps below the bar."""
    asked = nothing(repository) | ({} if wire_only else networks())
    servers: dict[str, str] = {}
    bare = Bare(repository)
    servers |= {"bare, gRPC": f"grpc://127.0.0.1:{bare.grpc_port}", "bare, HTTP": f"http://127.0.0.1:{bare.http_port}"}
    real: RealServer | None = None
    try:
        real = RealServer(repository, free_ports())
        servers |= {"MLServer, gRPC": f"grpc://127.0.0.1:{real.grpc_port}"}
        servers |= {"MLServer, HTTP": f"http://127.0.0.1:{real.http_port}"}
    except NoServerError as error:
        print(error)
    try:
        kept = [_latency_of(name, model, call, servers, bare) for name, (model, call) in asked.items()]
    finally:
        bare.close()
        if real is not None:
            real.close()
    print(f"over gRPC the bare server's picture comes at most {ADDED_MS:g} ms after it is painted: {all(kept)}")
    return all(kept)


def _latency_of(name: str, model: OnnxModel, call, servers: dict[str, str], bare: Bare) -> bool:
    """One network here and by every server, in turn; what the bare server's wire adds to its own work, request by request."""
    if "384" in name or "1024" in name:
        # As JSON such pictures take longer than anybody waits.
        servers = {who: at for who, at in servers.items() if who != "MLServer, HTTP"}
    sessions = {"here": model.session} | {who: linked(model, at) for who, at in servers.items()}
    times: dict[str, list[float]] = {who: [] for who in sessions}
    own: dict[str, list[float]] = {who: [] for who in sessions}
    spent_ms = dict.fromkeys(sessions, 0.0)
    for turn in range(REPEATS + 3):
        for who, session in sessions.items():
            model.session = session
            bare.took()
            began_s, processor_s = time.perf_counter(), time.process_time()
            call()
            took_ms = 1000 * (time.perf_counter() - began_s)
            if turn >= 3:
                spent_ms[who] += 1000 * (time.process_time() - processor_s) / REPEATS
                times[who].append(took_ms)
                own[who] += [took_ms - one for one in bare.took()]
    model.session = sessions["here"]
    here, held = float(np.median(times["here"])), True
    print(
        f"{name}: here p10 {np.percentile(times['here'], 10):.1f}, p50 {here:.1f} ms; processor {spent_ms['here']:.1f} ms"
    )
    for who in servers:
        p10, p50 = (float(np.percentile(times[who], at)) for at in (10, 50))
        line = f"  {who:15} p10 {p10:.1f}, p50 {p50:.1f} ({p50 - here:+.1f}) ms; processor {spent_ms[who]:.1f} ms"
        if own[who]:
            line += (
                f"; over the server's own work p10 {np.percentile(own[who], 10):.1f}, p50 {np.median(own[who]):.1f} ms"
            )
        print(line, flush=True)
        held &= who != "bare, gRPC" or float(np.median(own[who])) <= ADDED_MS
    return held


def pace(repository: Path, options: argparse.Namespace) -> bool:
    """Frame intervals and textures while the server is well, away, and in all kinds of trouble."""
    from isolation import Stage

    from installation.render.renderer import Renderer
    from installation.render.surface import Offscreen

    sys.setswitchinterval(0.001)
    config = with_overrides(load_config(ROOT / "config.yaml"), {"capture.source": "simulated"})
    clock = RealClock()
    notices = Notices(clock)
    surface = Offscreen((320, 180))
    stage = Stage(config, surface, Renderer(surface, config.output, config.scene.parameters, notices), clock)
    stage.play(3.0, None, None, Histogram())
    ways = ("here", "server", *FAULTS)
    intervals, gaps = {way: Histogram() for way in ways}, dict.fromkeys(ways, 0.0)
    remote = dict.fromkeys(ways, 0)
    for _ in range(options.rounds):
        for way in ways:
            gap, by_server = _one_way(way, repository, stage, config, intervals[way], options)
            gaps[way], remote[way] = max(gaps[way], gap), remote[way] + by_server
    held = True
    base = intervals["here"].percentile(99) or np.nan
    print(f"\n{surface.renderer}, {surface.size[0]}x{surface.size[1]}, aim {1000 * stage.interval_s:.1f} ms")
    for way in ways:
        shown = "  ".join(f"p{percent} {intervals[way].percentile(percent):6.2f}" for percent in (50, 95, 99))
        ratio = (intervals[way].percentile(99) or np.nan) / base
        held &= ratio <= 1.1 and gaps[way] <= 1.0
        print(
            f"{way:10} {shown} ms  p99 / here {ratio:.3f}  longest without a texture {gaps[way]:.2f} s  by server {remote[way]}"
        )
    print("bars: p99 within 1.1 of here, a new texture at least every second")
    surface.close()
    return held


def _one_way(way: str, repository: Path, stage, config, histogram: Histogram, options) -> tuple[float, int]:
    """(longest seconds between two textures, how often a look found the server painting)."""
    clock, notices = stage.clock, Notices(stage.clock)
    bare = Bare(repository)
    proxy = Proxy(bare.grpc_port)
    address = "" if way == "here" else f"grpc://127.0.0.1:{proxy.port}"
    generation = config.generation.model_copy(update={"server": address})
    server = Server(generation, clock, notices)
    worker = GenerationWorker(generation, config.picture, MODELS_DIR, 1, clock, notices, Governor(notices), server)
    worker.start()
    try:
        stage.texture, until_s = 0, clock.now() + 20
        stage.play(1.0, None, worker, Histogram())
        while address and "://" not in worker.providers.get("texture.onnx", "") and clock.now() < until_s:
            stage.play(0.2, None, worker, Histogram())
        stage.play(1.0, None, worker, Histogram())
        longest, by_server, seen, seen_s = 0.0, 0, stage.texture, clock.now()
        for part in range(round(4 * options.seconds)):
            _spoil(way, part, options, bare, proxy)
            stage.play(0.25, None, worker, histogram)
            newest = worker.textures.peek()[1]
            if newest is not None and stage.texture != seen:
                longest, seen, seen_s = max(longest, newest.t_s - seen_s), stage.texture, newest.t_s
            by_server += "://" in worker.providers.get("texture.onnx", "")
        return max(longest, clock.now() - seen_s), by_server
    finally:
        worker.close()
        server.close()
        proxy.close()
        bare.send(signal.SIGCONT)
        bare.close()


def _spoil(way: str, part: int, options, bare: Bare, proxy: Proxy) -> None:
    """The fault comes after a quarter of the time and goes after three."""
    quarter = round(options.seconds)
    if way in ("here", "server") or part not in (quarter, 3 * quarter):
        return
    begins = part == quarter
    if way == "killed":
        # The picture goes on while a server starts.
        bare.kill() if begins else threading.Thread(target=bare.start).start()
    elif way == "stopped":
        bare.send(signal.SIGSTOP if begins else signal.SIGCONT)
    else:
        proxy.mode = way if begins else "pass"
        proxy.half_bytes = 20_000


class Walls:
    """``count`` pieces: each asks for textures of ``size_px``, and at 256 also for pictures, one of a kind at a time, five a
    second, the newest only; who got none in time paints by itself and asks again after a growing pause, as the piece does."""

    def __init__(self, port: int, count: int, deadline_s: float, size_px: int) -> None:
        self.port, self.count, self.deadline_s = port, count, deadline_s
        self.late_ms: dict[str, list[float]] = {"texture": [], "paint": []}
        rng = np.random.default_rng(1)
        models = networks()
        texture, paint = models["texture 256 px"][0], models["picture 256 px"][0]
        self._feeds = {
            "texture": {
                name: rng.standard_normal(shape, np.float32) for name, shape in texture.shapes(size_px).items()
            },
            "paint": {name: rng.standard_normal(shape, np.float32) for name, shape in paint.shapes.items()},
        }
        self._feeds["texture"]["affect"] = self._feeds["paint"]["affect"] = np.float32([[0.2, 0.1, 0, 0]])
        self._feeds["paint"]["layout"] = np.zeros((1, 4, 16, 16), np.float32)
        if size_px < 256:
            del self._feeds["paint"]
        self.wanted = len(self._feeds) * PER_SECOND * count

    async def ask(self, seconds: float) -> None:
        """For so long."""
        import tritonclient.grpc.aio as triton

        clients = [triton.InferenceServerClient(f"127.0.0.1:{self.port}") for _ in range(min(self.count, 8))]
        until_s = time.monotonic() + seconds
        every = [(wall, kind) for wall in range(self.count) for kind in self._feeds]
        asks = [
            self._wall(triton, clients[wall % len(clients)], kind, wall / self.count, until_s) for wall, kind in every
        ]
        await asyncio.gather(*asks)
        for client in clients:
            await client.close()

    async def _wall(self, triton, client, kind: str, phase: float, until_s: float) -> None:
        inputs = []
        for name, values in self._feeds[kind].items():
            one = triton.InferInput(name, list(values.shape), "FP32")
            one.set_data_from_numpy(values)
            inputs.append(one)
        due_s, pauses = time.monotonic() + phase / PER_SECOND, Backoff(FIRST_RETRY_S, LONGEST_RETRY_S, PROVED_S)
        while time.monotonic() < until_s:
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            began_s = time.monotonic()
            try:
                await client.infer(kind, inputs, client_timeout=self.deadline_s)
                self.late_ms[kind].append(1000 * (time.monotonic() - began_s))
                due_s = max(due_s + 1 / PER_SECOND, time.monotonic())
            except InferenceServerException:
                due_s = time.monotonic() + pauses.fail(time.monotonic())


def walls(repository: Path, options: argparse.Namespace) -> None:
    """Throughput, lateness and batches by number of walls, with batches and without."""
    heads = {"walls": 6, "batches": 9, "wanted/s": 9, "given/s": 9, "by server": 10, "p50 ms": 8, "p99 ms": 8}
    print("\n" + "".join(f"{name:>{width}}" for name, width in heads.items()) + "  pictures at once")
    for count in options.walls:
        for batch in (0, 8):
            told = repository.parent / f"batches-{batch}-{count}"
            os.environ["MIEN_BATCHES"] = str(told)
            try:
                real = RealServer(repository, free_ports(), batch)
            except NoServerError as error:
                print(error)
                return
            found = Walls(real.grpc_port, count, options.deadline, options.px)
            try:
                asyncio.run(found.ask(options.seconds))
            finally:
                real.close()
            late = np.array([*found.late_ms["texture"], *found.late_ms["paint"]] or [np.nan])
            given, wanted = np.isfinite(late).sum() / options.seconds, found.wanted
            sizes = Counter(line.split()[1] for line in told.read_text(encoding="utf-8").splitlines())
            shown = ", ".join(
                f"{size}: {number}" for size, number in sorted(sizes.items(), key=lambda one: int(one[0]))
            )
            print(
                f"{count:6}{batch or 'none':>9}{wanted:9.0f}{given:9.1f}{given / wanted:10.0%}"
                f"{np.percentile(late, 50):8.0f}{np.percentile(late, 99):8.0f}  {shown}",
                flush=True,
            )


if __name__ == "__main__":
    raise SystemExit(main())
