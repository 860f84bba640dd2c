"""The scene collection for OBS, opened by OBS on a screen that is none; a way out of Mien's sends it a known picture."""

import asyncio
import base64
import io
import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
import yaml
from PIL import Image

from installation.base.srt import SrtError, _library
from installation.config.output import OutputConfig
from installation.config.sends import SendConfig
from installation.sends.way import Sent, WayError, make_way
from tests.examples.stage import EXAMPLES, LOCAL, needs, running, wait_for
from tests.ports import free_port
from tests.screen import virtual_screen

COLLECTION = EXAMPLES / "obs" / "mien.json"
OBS = "obs"
"""Not among the programs that the test command installs: it is large, and only --long asks for it."""
README = (EXAMPLES / "obs" / "README.md").read_text(encoding="utf-8")
GLOBAL = """[General]
FirstRun=true
LastVersion=486539266
[Basic]
Profile=Mien
ProfileDir=Mien
[OBSWebSocket]
FirstLoad=false
ServerEnabled=true
ServerPort={port}
AlertsEnabled=false
AuthRequired=false
"""
PROFILE = "[General]\nName=Mien\n[Video]\nBaseCX=1920\nBaseCY=1080\nOutputCX=640\nOutputCY=360\nFPSCommon=20\n"
COLOURS = np.array([[[220, 40, 40], [40, 200, 60]], [[40, 60, 220], [230, 220, 60]]], np.uint8)
SCENES = {"Mien": ("Mien, SRT", "srt"), "Mien by UDP": ("Mien, UDP", "udp")}


def sends() -> list[dict[str, Any]]:
    """As the README writes them."""
    return yaml.safe_load(README.split("```yaml\n")[1].split("```")[0])["output"]["sends"]


def test_each_scene_shows_a_source_that_listens_where_the_readme_sends() -> None:
    collection = json.loads(COLLECTION.read_text(encoding="utf-8"))
    OutputConfig.model_validate({"sends": sends()})
    sources = {source["name"]: source for source in collection["sources"]}
    assert [scene["name"] for scene in collection["scene_order"]] == list(SCENES)
    ports = [send["address"].rsplit(":", 1)[1] for send in sends()]
    for (scene, (name, protocol)), port in zip(SCENES.items(), ports, strict=True):
        (item,) = sources[scene]["settings"]["items"]
        assert item["name"] == name
        settings = sources[name]["settings"]
        assert settings["input"].startswith(f"{protocol}://0.0.0.0:{port}")
        assert not settings["is_local_file"]


class Obs:
    """OBS's own web socket, protocol 5: one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, request: str, **data: Any) -> dict[str, Any]:
        """What OBS answers. Raises what keeps it from answering."""
        return asyncio.run(self._ask(request, data))

    async def _ask(self, request: str, data: dict[str, Any]) -> dict[str, Any]:
        async with aiohttp.ClientSession() as session, session.ws_connect(f"http://{LOCAL}:{self._port}") as wire:
            assert (await wire.receive_json(timeout=20))["op"] == 0
            await wire.send_json({"op": 1, "d": {"rpcVersion": 1, "eventSubscriptions": 0}})
            assert (await wire.receive_json(timeout=20))["op"] == 2
            await wire.send_json({"op": 6, "d": {"requestType": request, "requestId": "1", "requestData": data}})
            answer = (await wire.receive_json(timeout=20))["d"]
            assert answer["requestStatus"]["result"], answer
            return answer.get("responseData") or {}

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            return bool(self.ask("GetVersion"))
        except (aiohttp.ClientError, TypeError, AssertionError, OSError):
            return False

    def picture(self, scene: str) -> np.ndarray:
        """(36, 64, 3): the scene, small."""
        found = self.ask("GetSourceScreenshot", sourceName=scene, imageFormat="png", imageWidth=64, imageHeight=36)
        data = base64.b64decode(found["imageData"].split(",", 1)[1])
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@contextmanager
def obs(folder: Path, ports: dict[str, int]) -> Iterator[Obs]:
    """OBS with the collection, its sources on ports of the test's own."""
    program, port = needs(OBS, "obs-studio"), free_port()
    basic = folder / "obs-studio" / "basic"
    for part in ("profiles/Mien", "scenes"):
        (basic / part).mkdir(parents=True)
    text = COLLECTION.read_text(encoding="utf-8")
    for protocol, own in ports.items():
        shipped = next(send["address"].rsplit(":", 1)[1] for send in sends() if send["address"].startswith(protocol))
        assert f"{protocol}://0.0.0.0:{shipped}" in text
        text = text.replace(f"{protocol}://0.0.0.0:{shipped}", f"{protocol}://{LOCAL}:{own}")
    (basic / "scenes" / "Mien.json").write_text(text, encoding="utf-8")
    (basic / "profiles" / "Mien" / "basic.ini").write_text(PROFILE)
    (folder / "obs-studio" / "global.ini").write_text(GLOBAL.format(port=port))
    with virtual_screen() as (display, _):
        # OpenCV names a place of plugins of its own to all of Qt.
        around = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
        around |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        around |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1"}
        options = ["--multi", "--disable-missing-files-check", "--collection", "Mien"]
        with running([program, *options], folder / "obs.log", env=around):
            made = Obs(port)
            wait_for(made.answers, "OBS never answered", 120)
            yield made


@contextmanager
def sending(addresses: list[str]) -> Iterator[None]:
    """A picture of four colours goes to these addresses, 15 times a second."""
    rgba = np.full((360, 640, 4), 255, np.uint8)
    rgba[..., :3] = COLOURS.repeat(180, 0).repeat(320, 1)
    over = threading.Event()

    def send(address: str) -> None:
        number = 0
        while not over.wait(0.5):
            with closing(make_way(SendConfig(kind="stream", address=address, kbit_per_second=2000))) as way:
                try:
                    way.open((640, 360))
                    while not over.wait(1 / 15):
                        number += 1
                        way.send(Sent(rgba, number / 15))
                except WayError:
                    continue  # Nobody listens yet.

    threads = [threading.Thread(target=send, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def shows_the_colours(picture: np.ndarray) -> bool:
    """Whether the middle of each quarter has its colour; H.264 and OBS's own conversions keep it to about a tenth."""
    middles = picture[9::18, 16::32].astype(int)
    return bool(np.abs(middles - COLOURS.astype(int)).max() < 30)


@pytest.mark.long
def test_obs_opens_the_collection_and_shows_what_is_sent(tmp_path: Path) -> None:
    try:
        _library()
    except SrtError as error:
        pytest.skip(str(error))
    ports = {"srt": free_port(), "udp": free_port()}
    seen: dict[str, np.ndarray] = {}
    with obs(tmp_path, ports) as program, sending([f"{protocol}://{LOCAL}:{port}" for protocol, port in ports.items()]):
        assert program.ask("GetSceneCollectionList")["currentSceneCollectionName"] == "Mien"
        for scene in SCENES:
            program.ask("SetCurrentProgramScene", sceneName=scene)

            def shown(scene: str = scene) -> bool:
                seen[scene] = program.picture(scene)
                return shows_the_colours(seen[scene])

            wait_for(shown, f"{scene}: {seen.get(scene, np.zeros((36, 64, 3)))[9::18, 16::32].tolist()}", 120)


def test_other_pictures_are_told_from_the_one_that_is_sent() -> None:
    picture = COLOURS.repeat(18, 0).repeat(32, 1)
    assert shows_the_colours(picture)
    assert not shows_the_colours(picture[::-1])
    assert not shows_the_colours(np.zeros_like(picture))
