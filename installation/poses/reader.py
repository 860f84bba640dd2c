"""The artist's own poses at run time: from a person to labels with probabilities.

``run.py train poses`` writes an ONNX file whose graph takes rows of named columns and gives probabilities. The mirror image
and the doubt about postures never recorded are part of the graph, so nothing here depends on how it was fitted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np

from installation.base.onnx_sessions import cpu_session
from installation.base.text_files import printable
from installation.config.poses import POSE_LABEL, PosesConfig
from installation.poses.features import COLUMNS, FACE_COLUMNS, arms_seen, person_features
from installation.poses.table import NONE
from installation.types import FloatArray, Person

KIND = "mien poses 1"
"""What the model file's metadata calls its kind. Files of another number are read in another way."""
GESTURES = ("Closed_Fist", "ILoveYou", "Open_Palm", "Pointing_Up", "Thumb_Down", "Thumb_Up", "Victory")
"""The names of MediaPipe's gesture recogniser; they may stand in the settings wherever a pose may."""
_FIX = "run: python3 run.py train poses"

Stamp = tuple[int, int, int]


class PoseModelError(Exception):
    """A model file that cannot be used; the message names it and says how to fix it."""


class PoseModel:
    """A trained classifier. Not thread-safe. Raises PoseModelError for a file that is broken or of another kind.

    ``labels``: what it tells apart, without "none". ``columns``: what it reads. ``uses_face``: whether the expression is among
    them.
    ``notes``: the file's metadata (when and on what it was trained, its scores, the mirror setting).
    """

    def __init__(self, path: Path) -> None:
        try:
            self._session = cpu_session(path.read_bytes())
        except Exception as error:  # onnxruntime's errors have no base class of their own
            raise PoseModelError(f"{path} cannot be loaded ({_why(error)}); {_FIX}") from error
        self.notes: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        if self.notes.get("kind") != KIND:
            raise PoseModelError(f"{path} holds no poses of this version ({self.notes.get('kind')!r}); {_FIX}")
        try:
            self._all_labels = tuple(str(label) for label in json.loads(self.notes["labels"]))
            self.columns = tuple(str(name) for name in json.loads(self.notes["columns"]))
        except (KeyError, ValueError, TypeError, RecursionError) as error:
            raise PoseModelError(f"{path} lacks its labels or columns; {_FIX}") from error
        if not all(re.fullmatch(POSE_LABEL, label) for label in self._all_labels):
            raise PoseModelError(f"{path} has labels that are no names of poses; {_FIX}")
        unknown = [name for name in self.columns if name not in COLUMNS]
        if unknown:
            raise PoseModelError(f"{path} reads {', '.join(unknown)}, which is not measured here; {_FIX}")
        self._pick = np.array([COLUMNS.index(name) for name in self.columns], np.intp)
        self.labels = tuple(label for label in self._all_labels if label != NONE)
        self.uses_face = any(name in FACE_COLUMNS for name in self.columns)
        self._try_out(path)

    def probabilities(self, features: FloatArray) -> FloatArray:
        """Rows (N, len(COLUMNS)) -> (N, len(labels)) in [0, 1]; what is missing to 1 is "none of these"."""
        rows = np.ascontiguousarray(features[:, self._pick], np.float32)
        found = self._session.run(["probabilities"], {"features": rows})[0]
        kept = [number for number, label in enumerate(self._all_labels) if label != NONE]
        return np.asarray(found[:, kept], np.float32)

    def _try_out(self, path: Path) -> None:
        """A file that loads may still fail, or answer in another shape: find out now, not in the show."""
        try:
            given = np.zeros((1, len(self.columns)), np.float32)
            found = np.asarray(self._session.run(["probabilities"], {"features": given})[0], np.float32)
        except Exception as error:  # as above
            raise PoseModelError(f"{path} does not run ({_why(error)}); {_FIX}") from error
        if found.shape != (1, len(self._all_labels)) or not np.isfinite(found).all():
            raise PoseModelError(f"{path} answers {found.shape} for {len(self._all_labels)} labels; {_FIX}")


class PoseReader:
    """Labels of people, from a model file that may appear, change or go while the piece runs. Not thread-safe.

    Call ``poll`` now and then (once a second is enough), ``read`` for every person of an observation.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._model: PoseModel | None = None
        self._stamp: Stamp | None = None
        self._pending: Stamp | None = None
        self._problem: str | None = None
        self.loads = 0
        """How many models were loaded; it rises when there may be new labels."""
        self._load(self._look())

    @property
    def labels(self) -> tuple[str, ...]:
        """What can be told apart now; empty without a model."""
        return self._model.labels if self._model is not None else ()

    @property
    def model(self) -> PoseModel | None:
        """The model in use."""
        return self._model

    def poll(self) -> str | None:
        """Load a file that is new or changed. Gives what is wrong with the newest file, for as long as it is wrong; else None.

        Costs one look at the file's time stamp. A change counts once the file looks the same twice in a row, for a copy is
        written in steps. A broken file leaves the old model in use; one that was deleted takes its labels with it.
        """
        stamp = self._look()
        if stamp == self._stamp:
            self._pending = None
        elif stamp is not None and stamp != self._pending:
            self._pending = stamp
        else:
            self._load(stamp)
        return self._problem

    def read(self, person: Person) -> tuple[tuple[str, float], ...]:
        """(label, probability) of each label, the likeliest first; what is missing to 1 is "none of these".

        Empty without a model, for a person whose shoulders are not seen, and, unless expressions are among what the model
        looks at, where no arm is. Raises ValueError for landmarks that are not finite.
        """
        model = self._model
        if model is None:
            return ()
        features = person_features(person)
        if features is None or not (model.uses_face or arms_seen(person)):
            return ()
        try:
            found = model.probabilities(features[None])[0]
            if not np.isfinite(found).all():
                raise ValueError("it answers no numbers")
        except Exception as error:  # noqa: BLE001 - the border to a file that anybody may have made
            self._model = None
            self._problem = f"{self._path} failed in use ({_why(error)}) and is left out; {_FIX}"
            return ()
        return tuple((model.labels[number], float(found[number])) for number in np.argsort(-found, kind="stable"))

    def _look(self) -> Stamp | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _load(self, stamp: Stamp | None) -> None:
        self._stamp, self._pending, self._problem = stamp, None, None
        if stamp is None:
            self._model = None
            return
        try:
            self._model = PoseModel(self._path)
        except PoseModelError as error:
            kept = "; the previous one stays in use" if self._model is not None else ""
            self._problem = f"{error}{kept}"
            return
        self.loads += 1


def _why(error: Exception) -> str:
    """The first line of an error, or its kind where it says nothing."""
    return printable(next(iter(str(error).splitlines()), type(error).__name__))


def unknown_labels(config: PosesConfig, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels that the settings give a meaning but that are neither among a model's ``labels`` nor gestures, in order."""
    known = {*labels, *GESTURES}
    return tuple(label for label in dict.fromkeys([*config.meanings, *config.commands]) if label not in known)
