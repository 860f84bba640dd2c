"""Everything that enters the deterministic part of the piece, written to a file and read back, bit for bit.

A recording is JSON lines (gzip when its name ends in .gz): a header, then the events in the order in which the show
took them. It holds landmarks and, where emotions are read, what the expression network read; never a picture, and no
passwords: they are masked in it.
"""

from __future__ import annotations

import base64
import gzip
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from installation.base.secrets import without_secrets
from installation.base.side_files import CLOSE_S, DiskRoom, SideFile
from installation.config.migrate import migrate, retire, reword
from installation.types import WHOLE, Box, FloatArray, Observation, Person, read_only

log = logging.getLogger(__name__)

STAGE = "recording"
VERSION = 4
"""From this version on what was not seen of a person is left out; before, it stood there as null."""
OLDER = (2, 3)
_RENAMED_IN = 3
"""Recordings before this version hold settings under their old names."""
LONGEST_LINE = 16_000_000
"""Signs. The longest that the piece writes, an observation of six people, has 100,000."""
_ARRAYS = ("pose", "pose_world", "face", "blendshapes", "expression")


class RecordingError(Exception):
    """A file is no recording, of another version or damaged; the message names the line."""


@dataclass(frozen=True, slots=True)
class Event:
    """One input: ``kind`` is "observation", "frame", "health", "event", "tempo" (at_s, beat and bpm, or nothing), "sound"
    (level and onset, or nothing; never the sound itself), "config" (all settings) or "settings" (the sections that changed,
    each with all it says); ``t_s`` when the show took it."""

    kind: str
    t_s: float
    value: Any = None


def _pack(array: FloatArray) -> list[Any]:
    little = np.ascontiguousarray(array, "<f4")
    return [list(little.shape), base64.b64encode(little.tobytes()).decode("ascii")]


def _unpack(packed: list[Any] | None) -> FloatArray | None:
    if packed is None:
        return None
    shape, text = packed
    array = np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32).reshape(shape)
    return read_only(array)


def observation_to_json(observation: Observation) -> dict[str, Any]:
    """An Observation as JSON-able values; floats and float32 arrays keep every bit."""
    return {
        "t_s": observation.t_s,
        "seq": observation.seq,
        "frame_size": list(observation.frame_size),
        "compute_ms": observation.compute_ms,
        **({"depicted": _pack(observation.depicted)} if observation.depicted is not None else {}),
        "people": [
            {
                "id": person.id,
                "box": list(person.box),
                "confidence": person.confidence,
                "face_box": list(person.face_box) if person.face_box is not None else None,
                **({"face_quality": person.face_quality} if person.face_quality else {}),
                "gestures": list(person.gestures),
                "seen_s": person.seen_s,
                "extent": person.extent,
                "poses": [list(pose) for pose in person.poses],
                **{name: _pack(array) for name in _ARRAYS if (array := getattr(person, name)) is not None},
            }
            for person in observation.people
        ],
    }


def observation_from_json(data: dict[str, Any]) -> Observation:
    """The Observation that ``observation_to_json`` wrote."""
    people = tuple(
        Person(
            id=entry["id"],
            box=Box(*entry["box"]),
            confidence=entry["confidence"],
            face_box=Box(*entry["face_box"]) if entry["face_box"] is not None else None,
            face_quality=entry.get("face_quality", 0.0),
            gestures=tuple(entry["gestures"]),
            seen_s=entry["seen_s"],
            extent=entry.get("extent", WHOLE),
            poses=tuple((label, share) for label, share in entry["poses"]),
            **{name: _unpack(entry.get(name)) for name in _ARRAYS},
        )
        for entry in data["people"]
    )
    width, height = data["frame_size"]
    depicted = _unpack(data.get("depicted"))
    return Observation(data["t_s"], data["seq"], people, (width, height), data["compute_ms"], depicted)


def _open(path: Path) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def _line(file: IO[str]) -> str:
    """The next line; empty at the end. ValueError for one longer than LONGEST_LINE: a few kilobytes can unpack to gigabytes."""
    line = file.readline(LONGEST_LINE)
    if len(line) == LONGEST_LINE:
        raise ValueError(f"a line of more than {LONGEST_LINE} signs")
    return line


class Recorder:
    """Writes a recording, without waiting for the disk. ``header`` is what a replay needs besides the events (seed, settings).

    ``on_fault`` and ``room`` as for ``SideFile``: a recording that the disk ends early is replayed up to there. Raises
    OutputError.
    """

    def __init__(
        self,
        path: Path,
        header: dict[str, Any],
        on_fault: Callable[[str], None] = log.error,
        room: DiskRoom | None = None,
    ) -> None:
        self._file = SideFile(path, on_fault, room, packed=path.suffix == ".gz")
        self._line({"mien_recording": VERSION, **without_secrets(header)})

    def write(self, event: Event) -> None:
        """Append one event."""
        is_seen = event.kind == "observation"
        value = observation_to_json(event.value) if is_seen else without_secrets(event.value)
        self._line({"kind": event.kind, "t_s": event.t_s, "value": value})

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Flush and close within ``timeout_s`` seconds; calling it again does nothing."""
        self._file.close(timeout_s)

    def _line(self, data: dict[str, Any]) -> None:
        self._file.write(json.dumps(data, separators=(",", ":")) + "\n")


def read_recording(path: Path) -> tuple[dict[str, Any], Iterator[Event]]:
    """(header, events). Raises RecordingError for what is no recording; the events raise it at a damaged line.

    The settings in a recording of version 2 are given under today's names.
    """
    try:
        file = _open(path)
        header = json.loads(_line(file))
    except (OSError, ValueError, EOFError) as error:
        raise RecordingError(f"{path}: not a recording that can be read ({error})") from error
    version = header.get("mien_recording") if isinstance(header, dict) else None
    if version not in (VERSION, *OLDER):
        file.close()
        raise RecordingError(f"{path}: not a recording of version 2 to {VERSION}; record it again with this version")
    if "config" in header:
        header["config"] = _config(header["config"], version)
    return header, _events(path, file, version)


def _config(value: dict[str, Any], version: int) -> dict[str, Any]:
    """Settings of a recording of ``version`` under today's names."""
    if version < _RENAMED_IN:
        return migrate(value)
    retire(value)
    reword(value)
    # Recorded before visitors were told: nothing was held back from them then.
    value.setdefault("notice", {"enabled": False})
    return value


def _events(path: Path, file: IO[str], version: int) -> Iterator[Event]:
    with file:
        number = 2
        try:
            while line := _line(file):
                data = json.loads(line)
                value = data["value"]
                if data["kind"] == "observation":
                    value = observation_from_json(value)
                elif data["kind"] == "config":
                    value = _config(value, version)
                yield Event(data["kind"], data["t_s"], value)
                number += 1
        except (ValueError, KeyError, TypeError, EOFError, OSError) as error:
            raise RecordingError(f"{path}:{number}: damaged here ({error}); what came before was replayed") from error
