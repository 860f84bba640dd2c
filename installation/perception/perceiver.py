"""One camera picture in, one Observation out: who is there, their bodies, heads, faces, expressions and hands.

The person detector says where people may be; each is then followed by a pose network of its own, and their faces are read
one after the other. With several people they take turns within ``budget_s`` a picture, so that more visitors are each
looked at less often while pictures go on at their pace.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import cv2
import numpy as np

from installation.base.sizes import fit_within
from installation.config.perception import PerceptionConfig
from installation.perception.bodies import BodyFollower
from installation.perception.cuts import Cuts
from installation.perception.drawings import Drawings, ReadDrawing
from installation.perception.faces import FaceReader, ReadExpression
from installation.perception.hands import HandReader
from installation.perception.landmarkers import PoseFinder, check_picture
from installation.perception.person_search import PersonSearch
from installation.perception.silhouettes import Silhouettes
from installation.perception.track import Track
from installation.perception.tracker import Tracker
from installation.perception.turns import Budget, Pace, PosePool
from installation.perception.zones import Zones
from installation.types import ByteArray, FloatArray, Frame, Observation, Person, read_only

ALONE_SHARE = 0.4
"""Of the time between two pictures that the networks may take for a visitor who is alone."""
SMALLEST_PX = 16
"""In a picture that is lower or narrower than this (a line, a dot) nobody can be seen, and no network is shown it."""
SILENT_S = 5.0
"""A source is silent when it brings no picture for so long, at least: slow ones take seconds for each."""
NEW_S = 1.0
"""For so long whoever is new is looked at with all networks in every picture."""


class Perceiver:
    """Holds the networks. Not thread-safe; ``close`` frees them. Raises ModelError when a model file is wrong.

    ``expression`` reads faces; ``providers`` says what its network runs on. Without ``emotions`` a face is only a place.
    ``drawn`` reads drawings that are held up; without it nobody looks for any.
    """

    def __init__(
        self,
        config: PerceptionConfig,
        expression: ReadExpression | None = None,
        providers: Mapping[str, str] | None = None,
        emotions: bool = True,
        drawn: ReadDrawing | None = None,
    ) -> None:
        cv2.setNumThreads(1)
        self._width = config.width
        self.forget_after_s = max(config.forget_s + config.remember_s, SILENT_S)
        self.providers = dict(providers or {})
        self._tracks = Tracker(config.max_people, config.confirm_s, config.forget_s, config.remember_s)
        self._budget_s, self._pace, self._alone = config.budget_s, Pace(), False
        self._budget = Budget(config.budget_s * 1000, time.process_time)
        self._cuts = Cuts()
        self._silhouettes = Silhouettes()
        self._poses = PosePool(lambda masks: PoseFinder(config.pose_confidence, masks), config.max_people)
        self._drawings = Drawings(drawn, self._budget) if drawn is not None else None
        zones = Zones(config.ignore, self._drawings)
        self._bodies = BodyFollower(self._poses, self._silhouettes, self._tracks, self._budget, zones)
        self._faces = FaceReader(config, self._tracks, self._budget, expression, emotions, zones)
        self._people = PersonSearch(config, self._tracks, self._budget, zones)
        self._hands = HandReader(config, self._tracks, self._budget) if config.gestures else None
        self._last: tuple[float, tuple[int, int]] | None = None

    def perceive(self, frame: Frame, masks: bool = False) -> Observation:
        """See who is there. Frames must come in the order of their time. With ``masks``, ``silhouette`` may be asked for.

        Raises ValueError for a frame that is no picture and RuntimeError when a network failed (it is made again, the
        next frame may succeed).
        """
        started_s = time.perf_counter()
        t_s, rgb = frame.t_s, frame.rgb
        check_picture(rgb)
        height, width = rgb.shape[:2]
        small = self._scaled(rgb)
        self._prepare_masks(masks, t_s, (width, height))
        if min(small.shape[:2]) < SMALLEST_PX:
            self._tracks.cut(t_s)
            return Observation(t_s, frame.seq, (), (width, height), 0.0)
        if self._cuts.happened(small):
            self._tracks.cut(t_s)
        self._pace.picture(t_s, frame.seq)
        self._tracks.paced(self._pace.seen_s)
        turns = self._turns(t_s)
        if self._drawings is not None:
            # Before anybody is looked for: who is drawn must not become a visitor.
            self._drawings.look(t_s, rgb, small)
        if "detect" in turns:
            self._people.search(t_s, rgb, small)
        # Before bodies are followed: nobody's clothes may be learned from a person who stands in front.
        self._tracks.touching(t_s)
        if "pose" in turns:
            self._bodies.follow(t_s, rgb, small, lambda: "face" in turns and self._faces.any_due(t_s))
        self._people.compare(t_s)
        if self._tracks.touching(t_s):
            self._tracks.untangle(t_s)
        if "face" in turns:
            self._faces.read(t_s, rgb)
        if "faces" in turns and self._fits("faces"):
            self._faces.look_round(t_s, rgb, small)
        if self._hands is not None and "hand" in turns and self._fits("hand"):
            self._hands.read(t_s, rgb)
        self._tracks.settle(t_s)
        self._poses.keep({track.number for track in self._tracks.all}, t_s)
        people = [_person_of(track, t_s) for track in self._tracks.all if track.id is not None]
        people.sort(key=lambda person: person.id)
        compute_ms = (time.perf_counter() - started_s) * 1000
        depicted = self._drawings.depicted() if self._drawings is not None else None
        return Observation(t_s, frame.seq, tuple(people), (width, height), compute_ms, depicted)

    def _turns(self, t_s: float) -> set[str]:
        """Which networks this picture gets. For a visitor alone they take turns, so that each picture is answered at once;
        whoever is new is looked at with all of them, and several people share the whole budget."""
        tracks = self._tracks.all
        waited = {
            "detect": self._people.waited(t_s),
            "pose": self._bodies.waited(t_s),
            "face": self._faces.waited(t_s),
            "faces": self._faces.waited_to_look_round(t_s),
            "hand": self._hands.waited(t_s) if self._hands is not None else 0.0,
        }
        # What has been a candidate for longer is a coat on a hook; it waits its turn, too.
        new = any(track.id is None and 0 <= t_s - track.begun_s < NEW_S for track in tracks)
        self._alone = len(tracks) == 1 and not new
        if not self._alone:
            self._budget.start(self._budget_s * 1000)
            return {kind for kind in waited if waited[kind] >= 1.0} | {"pose", "face"}
        self._budget.start(min(self._budget_s, ALONE_SHARE * self._pace.source_s) * 1000)
        return self._budget.choose(waited) or {"pose"}

    def _fits(self, kind: str) -> bool:
        """Whether there is time for more: what has its turn is done in any case."""
        return self._alone or self._budget.allows(kind)

    def silhouette(self) -> ByteArray | None:
        """(H, W) uint8, 255 where a visitor is, of the picture last perceived; None when that was without masks.

        Apart from ``perceive``, so that the observation can be sent first.
        """
        if self._last is None:
            return None
        with self._budget.spend("mask"):
            return self._silhouettes.draw(self._last[0], self._tracks.all, self._last[1])

    def forget_everybody(self) -> None:
        """Forget who is there and who was: clothes, places, outlines. Whoever comes now is somebody new."""
        self._tracks.forget()
        self._silhouettes.clear()
        if self._drawings is not None:
            self._drawings.forget()

    @property
    def spent_ms(self) -> dict[str, float]:
        """Processor time of all pictures so far by kind of work: detect, pose, face, faces, hand, mask; milliseconds."""
        return dict(self._budget.total_ms)

    def close(self) -> None:
        """Free the networks."""
        self._poses.close()
        self._faces.close()
        self._people.close()
        if self._hands is not None:
            self._hands.close()

    def _prepare_masks(self, masks: bool, t_s: float, size: tuple[int, int]) -> None:
        self._last = (t_s, size) if masks else None
        if masks != self._bodies.masks:
            self._bodies.masks = masks
            self._poses.want(masks)
            self._silhouettes.clear()

    def _scaled(self, rgb: ByteArray) -> ByteArray:
        height, width = rgb.shape[:2]
        size = fit_within(width, height, self._width)
        if size == (width, height):
            return rgb
        return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _person_of(track: Track, t_s: float) -> Person:
    assert track.id is not None
    face = track.face
    arrays: tuple[FloatArray | None, ...] = (track.pose, track.world)
    if face is not None:
        arrays += (face.landmarks, face.blendshapes, face.expression)
    for array in arrays:
        if array is not None:
            read_only(array)
    seen_s = max(track.posed_s, track.face_tried_s)
    return Person(
        id=track.id,
        box=track.box,
        confidence=1.0 if face is not None else track.agreed,
        pose=track.pose,
        pose_world=track.world,
        face=face.landmarks if face is not None else None,
        face_box=face.box if face is not None else None,
        blendshapes=face.blendshapes if face is not None else None,
        expression=face.expression if face is not None else None,
        face_quality=face.quality if face is not None else 0.0,
        gestures=tuple(sorted(set(track.gestures.values()))),
        seen_s=None if seen_s >= t_s else max(seen_s, 0.0),
        extent=track.extent.read(t_s, track.pose, face.box if face is not None else None),
    )
