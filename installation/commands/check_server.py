"""What ``run.py check`` finds out about the server that runs the networks: whether it has them, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from installation.base.clock import RealClock
from installation.base.model_files import model_file
from installation.base.onnx_sessions import OnnxModel, UnusableModelError
from installation.config.inference_server import ServerAddress, server_address
from installation.config.settings import Config
from installation.generation.enlarge import ENLARGER, Enlarger
from installation.generation.generator import TextureGenerator
from installation.generation.picture_generator import PictureGenerator
from installation.generation.server.client import ServerError
from installation.generation.server.connecting import connect
from installation.generation.server.identity import Known, ask, check_alike, compare
from installation.generation.style_networks import Stylist
from installation.generation.style_painter import STYLIST

Row = tuple[str, str, str]
"""(good, note or bad; what; what was found)."""
PATIENCE_S = 5.0
"""A server that was just started loads its networks."""


def look_at_server(config: Config) -> Iterator[Row]:
    """Rows for the server of the settings; none where there is none."""
    generation = config.generation
    if not generation.server:
        return
    address = server_address(generation.server)
    what = f"server {address.place}"
    try:
        client = connect(address)
        client.check_ready(PATIENCE_S)
        client.close()
    except ServerError as error:
        yield "bad", what, str(error)
        return
    faces = "visitors' faces, too" if generation.server_faces else "but for visitors' faces"
    yield "good", what, f"ready; asked for what networks paint, {faces}; {'encrypted' if address.encrypted else 'open'}"
    networks: dict[str, Callable[[], OnnxModel]] = {
        generation.model: lambda: TextureGenerator(model_file(generation.model), generation.size_px, 1, "cpu"),
        config.picture.model: lambda: PictureGenerator(model_file(config.picture.model), "cpu"),
        STYLIST: lambda: Stylist(model_file(STYLIST)),
        ENLARGER: lambda: Enlarger(model_file(ENLARGER)),
    }
    if not generation.server_enlarges:
        del networks[ENLARGER]
    for name, load in networks.items():
        try:
            known = Known.of(load())
        except (UnusableModelError, MemoryError) as error:
            yield "bad", f"server {name}", str(error)
            continue
        yield _network(address, known, generation.server_deadline_s)


def _network(address: ServerAddress, known: Known, deadline_s: float) -> Row:
    what, now, trial = f"server {known.name}", RealClock().now, known.trial
    client = connect(address)
    try:
        in_front = compare(known, client.served(known.name, PATIENCE_S))
        took_s = 0.0
        for _ in range(2):
            began_s = now()
            answer = ask(client, known.name, trial.feeds, trial.expected, trial.output, in_front, PATIENCE_S)
            took_s = now() - began_s
        check_alike(known, answer)
    except ServerError as error:
        return "bad", what, str(error)
    finally:
        client.close()
    verdict = "good" if took_s <= deadline_s else "bad"
    return verdict, what, f"the same picture as here, in {1000 * took_s:.0f} ms (at most {1000 * deadline_s:.0f})"
