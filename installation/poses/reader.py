"""The artist's own poses at run time: from a person to labels with probabilities.

``run.py train poses`` writes an ONNX file whose graph takes rows of named columns and gives probabilities. The mirror image
and the doubt about postures never recorded are part of the graph, so nothing here depends on how it was fitted.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from pathlib import Path

import numpy as np

from installation.base.backoff import Backoff
from installation.base.files import TYPED, FileStamp, file_stamp
from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError, check_file
from installation.config.poses import POSE_LABEL, PosesConfig
from installation.poses.features import COLUMNS, FACE_COLUMNS, arms_seen, person_features
from installation.poses.table import NONE
from installation.types import FloatArray, Person

log = logging.getLogger(__name__)

KIND = "mien poses 1"
"""What the model file's metadata calls its kind. Files of another number are read in another way."""
GESTURES = ("Closed_Fist", "ILoveYou", "Open_Palm", "Pointing_Up", "Thumb_Down", "Thumb_Up", "Victory")
"""The names of MediaPipe's gesture recogniser; they may stand in the settings wherever a pose may."""
_FIX = f"run: {TYPED} train poses"

_OUTPUT = "probabilities"
MAX_FILE_MB = 50
"""What is trained here has less than 1."""
WAIT_S = 0.2
"""The picture stands still for so long at most while a new model is loaded; it takes a tenth of that."""
FIRST_RETRY, LONGEST_RETRY, PROVED = 5.0, 300.0, 30.0
"""In calls of ``poll``, one a second."""


class PoseModelError(Exception):
    """A model file that cannot be used; the message names it and says how to fix it."""


class PoseModel:
    """A trained classifier. Not thread-safe. Raises PoseModelError for a file that is broken, of another kind, or not what it
    says.

    ``labels``: what it tells apart, without "none". ``columns``: what it reads. ``uses_face``: whether the expression is among
    them.
    ``notes``: the file's metadata (when and on what it was trained, its scores, the mirror setting).
    """

    def __init__(self, path: Path) -> None:
        try:
            check_file(path, MAX_FILE_MB)
            self._net = OnnxModel(path, "cpu")
        except (UnusableModelError, MemoryError) as error:
            raise PoseModelError(f"{error}; {_FIX}") from error
        self.notes = dict(self._net.metadata)
        if self.notes.get("kind") != KIND:
            raise PoseModelError(f"{path} holds no poses of this version ({self.notes.get('kind')!r}); {_FIX}")
        try:
            self._all_labels, self.columns = (_names(self.notes[key]) for key in ("labels", "columns"))
        except (KeyError, ValueError, RecursionError) as error:
            raise PoseModelError(f"{path} lacks its labels or columns; {_FIX}") from error
        if not all(re.fullmatch(POSE_LABEL, label) for label in self._all_labels):
            raise PoseModelError(f"{path} has labels that are no names of poses; {_FIX}")
        unknown = [name for name in self.columns if name not in COLUMNS]
        if unknown:
            raise PoseModelError(f"{path} reads {', '.join(unknown)}, which is not measured here; {_FIX}")
        self._pick = np.array([COLUMNS.index(name) for name in self.columns], np.intp)
        self.labels = tuple(label for label in self._all_labels if label != NONE)
        self.uses_face = any(name in FACE_COLUMNS for name in self.columns)
        try:
            self._net.try_out({"features": np.zeros((1, len(self.columns)), np.float32)}, self._expected(1), _OUTPUT)
        except UnusableModelError as error:
            raise PoseModelError(f"{error}; {_FIX}") from error

    def probabilities(self, features: FloatArray) -> FloatArray:
        """Rows (N, len(COLUMNS)) -> (N, len(labels)) in [0, 1]; what is missing to 1 is "none of these"."""
        rows = np.ascontiguousarray(features[:, self._pick], np.float32)
        found = self._net.answer({"features": rows}, self._expected(len(rows)), _OUTPUT)
        kept = [number for number, label in enumerate(self._all_labels) if label != NONE]
        return np.asarray(found[:, kept], np.float32)

    def _expected(self, rows: int) -> Expected:
        return Expected((rows, len(self._all_labels)))


def _names(text: str) -> tuple[str, ...]:
    """A list of names, from JSON. Raises ValueError, RecursionError."""
    found = json.loads(text)
    if not isinstance(found, list) or not found or not all(isinstance(name, str) and name for name in found):
        raise ValueError("not a list of names")
    return tuple(found)


class _Loading(threading.Thread):
    """Loads a model beside the picture: a strange one may take seconds to show what it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="pose model", daemon=True)
        self._path = path
        self.found: PoseModel | PoseModelError | None = None
        self.start()

    def run(self) -> None:
        try:
            self.found = PoseModel(self._path)
        except PoseModelError as error:
            self.found = error
        except Exception as error:
            log.exception("%s cannot be loaded", self._path)
            self.found = PoseModelError(f"{self._path} cannot be loaded ({type(error).__name__}: {error}); {_FIX}")


class PoseReader:
    """Labels of people, from a model file that may appear, change or go while the piece runs. Not thread-safe.

    Call ``poll`` now and then (once a second is enough), ``read`` for every person of an observation.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._model: PoseModel | None = None
        self._stamp: FileStamp | None = None
        self._pending: FileStamp | None = None
        self._problem: str | None = None
        self._loading: _Loading | None = None
        self._failed = False
        self._backoff = Backoff(FIRST_RETRY, LONGEST_RETRY, PROVED)
        self._calls = 0
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
        written in steps. A broken file leaves the old model in use; one that was deleted takes its labels with it. A new one is
        waited for WAIT_S at most; what takes longer is taken up by a later call. One that failed in use is loaded again after
        5 calls, then 10, up to five minutes of them.
        """
        self._calls += 1
        self._take(0.0)
        if self._loading is not None:
            return self._problem
        stamp = self._look()
        if self._failed and stamp == self._stamp and self._backoff.due(self._calls):
            self._failed = False
            self._load(stamp)
            return self._problem
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
        looks at, where no arm is; empty, too, once the model has failed, until it is loaded again. Raises ValueError for
        landmarks that are not finite.
        """
        model = self._model
        if model is None:
            return ()
        features = person_features(person)
        if features is None or not (model.uses_face or arms_seen(person)):
            return ()
        try:
            found = model.probabilities(features[None])[0]
        except (UnusableModelError, MemoryError) as error:
            self._model, self._failed = None, True
            pause = self._backoff.fail(self._calls)
            self._problem = f"{error}; no poses are read, next try in {pause:g} s; {_FIX}"
            return ()
        return tuple((model.labels[number], float(found[number])) for number in np.argsort(-found, kind="stable"))

    def _look(self) -> FileStamp | None:
        stamp = file_stamp(self._path)
        return stamp if any(stamp) else None

    def _load(self, stamp: FileStamp | None) -> None:
        self._stamp, self._pending, self._problem = stamp, None, None
        if stamp is None:
            self._model = None
            return
        self._loading = _Loading(self._path)
        self._take(WAIT_S)

    def _take(self, wait_s: float) -> None:
        """Take over what was loaded, if it is ready by then."""
        if self._loading is None:
            return
        self._loading.join(wait_s)
        if self._loading.is_alive():
            return
        found, self._loading = self._loading.found, None
        if isinstance(found, PoseModel):
            self._model, self._failed = found, False
            self._backoff.succeed(self._calls)
            self.loads += 1
        else:
            kept = "; the previous one stays in use" if self._model is not None else ""
            self._problem = f"{found}{kept}"


def unknown_labels(config: PosesConfig, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels that the settings give a meaning but that are neither among a model's ``labels`` nor gestures, in order."""
    known = {*labels, *GESTURES}
    return tuple(label for label in dict.fromkeys([*config.meanings, *config.commands]) if label not in known)
