"""From the setting ``source`` to something that can be opened: the grammar, the cameras of this machine, a look at one.

``auto``, ``simulated``, a camera's number or (on Linux) name, a video or picture file, a folder of pictures, an address that
begins with http, https, rtsp, rtsps or srt, and ndi:NAME.
"""

from __future__ import annotations

import queue
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from installation.base.notices import Notices
from installation.base.picture_file import PICTURE_SUFFIXES
from installation.base.secrets import is_masked, masked
from installation.capture.devices.camera import CameraInfo, CameraSource, camera_named, list_cameras
from installation.capture.devices.ndi import SCHEME, NdiSource
from installation.capture.devices.pictures import Broken, PictureSource
from installation.capture.devices.source import MAX_BAD, BadPictureError, CaptureError, Source, SourceInfo
from installation.capture.devices.srt import SCHEME as SRT
from installation.capture.devices.srt import SrtSource
from installation.capture.devices.stream import SCHEMES, StreamSource
from installation.capture.devices.video_file import VideoFileSource
from installation.config.capture import CaptureConfig
from installation.types import ByteArray

__all__ = [
    "CameraInfo",
    "CaptureError",
    "Source",
    "SourceInfo",
    "choose",
    "first_camera",
    "list_cameras",
    "look_at",
    "probe",
    "source_for",
]

PROBE_S = 8.0
"""Opening a source and getting its first picture may take this long (cameras negotiate, streams wait for a key picture)."""


def source_for(spec: str | int, config: CaptureConfig, broken: Broken | None = None) -> Source:
    """The source, not opened yet, that a setting names; not for "auto" and "simulated".

    Raises CaptureError when it names nothing. A camera's name is looked up at each call, for a camera that is plugged in
    again may get another number. ``broken``: see ``PictureSource``.
    """
    text = str(spec).strip()
    if is_masked(text):
        raise CaptureError(f"the source {text!r} has *** for its password", "write the password itself there")
    if re.fullmatch(r"\d+", text):
        return CameraSource(int(text), config)
    if text.lower().startswith(SCHEME) and not _is_file(text):
        return NdiSource(text[len(SCHEME) :].strip(), config)
    if text.lower().startswith(SRT):
        return SrtSource(text, config)
    if text.lower().startswith(SCHEMES):
        return StreamSource(text, config)
    try:
        path = Path(text).expanduser()
        is_folder, is_file = path.is_dir(), path.is_file()
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # no right to look there, a name too long, nobody's home folder
        raise CaptureError(
            f"source {text!r} cannot be looked at ({error})", "check the path and who may read it"
        ) from error
    if is_folder or (is_file and path.suffix.lower() in PICTURE_SUFFIXES):
        return PictureSource(path, config.per_second, broken)
    if is_file:
        return VideoFileSource(path, config)
    camera = camera_named(text)
    if camera is not None:
        return CameraSource(camera.number, config)
    raise _not_found(text, path)


def first_camera(config: CaptureConfig, probe_s: float = PROBE_S) -> CameraInfo | None:
    """The first camera that delivers a picture, let go again; None where there is none. Takes ``probe_s`` at most for
    each camera, and no time where the system lists none."""
    for camera in list_cameras():
        try:
            look_at(CameraSource(camera.number, config), probe_s)
        except CaptureError:
            continue
        return camera
    return None


def choose(config: CaptureConfig, notices: Notices) -> Callable[[], Source] | None:
    """What ``Capture`` needs to open the configured source again and again; None stands for the simulated performer.

    "auto" takes the first camera that delivers a picture; without one it raises a fallback notice and gives None. Files and
    folders are looked into here and now: CaptureError. A camera's number or an address is taken as it is, for the device
    may be switched on later.
    """
    spec = str(config.target).strip()
    if spec == "simulated":
        return None
    if spec == "auto":
        camera = first_camera(config)
        if camera is None:
            notices.fallback("source", "no camera delivers a picture: the simulated performer plays instead")
            return None
        target = camera.target
        return lambda: source_for(target, config)
    broken: Broken = {}
    source = source_for(spec, config, broken)
    if not source.live:
        look_at(source)
    return lambda: source_for(spec, config, broken)


def probe(spec: str | int, config: CaptureConfig | None = None) -> SourceInfo:
    """Open what a setting names, get one picture, let go again. Raises CaptureError; takes PROBE_S at most.

    For "auto" it gives what would be used now.
    """
    config = CaptureConfig() if config is None else config
    simulated = SourceInfo("simulated", "simulated performer", 0, 0, 30.0)
    text = str(spec).strip()
    if text == "simulated":
        return simulated
    if text == "auto":
        camera = first_camera(config)
        return simulated if camera is None else look_at(CameraSource(camera.number, config))
    return look_at(source_for(spec, config))


def look_at(source: Source, limit_s: float = PROBE_S) -> SourceInfo:
    """Open ``source``, get one picture, close; the info has the size of that picture. Raises CaptureError, also when that
    takes longer than ``limit_s`` (the thread that hangs in the driver is left behind)."""
    answers: queue.SimpleQueue[SourceInfo | CaptureError] = queue.SimpleQueue()

    def look() -> None:
        try:
            info = source.open()
            height, width, _ = _first_picture(source).shape
            answers.put(replace(info, width=width, height=height))
        except CaptureError as error:
            answers.put(error)
        except Exception as error:  # noqa: BLE001 - the border to drivers and decoders
            answers.put(CaptureError(f"the source failed ({error})", "try another source"))
        finally:
            source.close()

    thread = threading.Thread(target=look, name="look-at-source", daemon=True)
    thread.start()
    try:
        answer = answers.get(timeout=limit_s)
    except queue.Empty:
        raise CaptureError(f"the source gave no picture within {limit_s:g} s", "is it switched on?") from None
    thread.join(0.5)
    if isinstance(answer, CaptureError):
        raise answer
    return answer


def _first_picture(source: Source) -> ByteArray:
    """The first picture that can be had: many cameras' very first one is broken."""
    bad = 0
    while True:
        try:
            source.grab()
            return source.retrieve()
        except BadPictureError:
            bad += 1
            if bad == MAX_BAD:
                raise


def _not_found(text: str, path: Path) -> CaptureError:
    near: list[str] = []
    try:
        near = get_close_matches(path.name, [entry.name for entry in path.parent.iterdir()], 3)
    except (OSError, ValueError):
        near = []  # the folder is missing too
    if sys.platform.startswith("linux"):
        cameras = ", ".join(repr(camera.name) for camera in list_cameras()) or "none"
        names = f"cameras attached: {cameras}"
    else:
        names = "cameras have numbers here (0, 1, ...): names are supported on Linux only"
    fix = f"did you mean {' or '.join(str(path.parent / name) for name in near)}?" if near else "check the spelling"
    return CaptureError(f"source {masked(text)!r} is no file, folder, address or camera", f"{fix} ({names})")


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False
