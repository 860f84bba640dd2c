"""Hands what the networks make to the renderer, and to the networks what they work on: requests, pictures, faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from installation.base.face_size import large_enough
from installation.config.factors import strengthened_picture, strengthened_repainting
from installation.config.generation import GenerationConfig, RepaintingConfig
from installation.config.picture import PictureConfig
from installation.generation.face_painter import FaceSquare, cut_out, face_square
from installation.generation.generation_worker import GenerationWorker
from installation.generation.picture_delivery import PictureDelivery, PictureReport, PictureView, Store, newer
from installation.generation.repainting_worker import RepaintingWorker, SeenPicture
from installation.generation.sitter import Sitter
from installation.types import (
    AvatarFrame,
    Box,
    ByteArray,
    EmotionState,
    Observation,
    SceneState,
    Silhouette,
    TextureFrame,
    TextureRequest,
)

BOXES_KEPT = 8
"""Of so many pictures it is known where the face was: people are known a little before the outlines of the same picture."""


class RepaintedView(Protocol):
    """Where the renderer lays in paintings of the scene. ``on_copy`` gets copies of about ``pixels()`` pixels."""

    on_copy: Callable[[float, ByteArray], None] | None
    pixels: Callable[[], int]

    def put(self, rgba: ByteArray, model: ByteArray, t_s: float, /) -> None:
        """Fade to a painting of the picture ``model``."""

    def reconfigure(self, config: RepaintingConfig, /) -> None:
        """Go on with other settings."""


class AvatarView(Protocol):
    """Where the renderer shows a painted face."""

    @property
    def is_empty(self) -> bool:
        """Whether no face is shown, not even the last of one."""

    def put(self, frame: AvatarFrame, t_s: float, /) -> None:
        """Fade to a newly painted face, or dissolve where the frame has no person."""

    def follow(self, square: FaceSquare, /) -> None:
        """Where the face is now (``face_square``)."""

    def vanish(self) -> None:
        """Show nothing from the next picture on."""


class GenerationView(PictureView, Protocol):
    """What this module needs of the renderer."""

    @property
    def repainting(self) -> RepaintedView:
        """Shows paintings of the scene."""

    @property
    def avatar(self) -> AvatarView:
        """Shows a painted face."""

    def set_texture(self, frame: TextureFrame, t_s: float, /) -> None:
        """Fade to a new texture."""


class GenerationReport(PictureReport, Protocol):
    """What this module needs of the report."""

    def textured(self, compute_ms: float, /) -> None:
        """A texture was handed over."""

    def repainted(self, compute_ms: float, age_ms: float, /) -> None:
        """A painting was handed over, ``age_ms`` after its original was drawn."""


class Delivery:
    """Main thread only. ``event`` goes to the show, such as ("texture_done", [source, way, pixels, milliseconds]); ``store``
    is handed paintings that are to be kept."""

    def __init__(
        self,
        worker: GenerationWorker,
        repainting: RepaintingWorker,
        renderer: GenerationView,
        generation_config: GenerationConfig,
        repainting_config: RepaintingConfig,
        picture_config: PictureConfig,
        event: Callable[[str, list[object]], None],
        store: Store,
        painting_px: Callable[[], int],
    ) -> None:
        self._worker, self._repainting, self._renderer = worker, repainting, renderer
        self._event = event
        self._pictures = PictureDelivery(worker, renderer, picture_config, event, store, painting_px)
        self._texture_seq = self._painting_seq = self._avatar_seq = 0
        self._scene: SceneState | None = None
        self._sitter = Sitter()
        self._boxes: dict[int, Box] = {}
        self._shown_seq: int | None = None
        renderer.repainting.on_copy = self._repaint
        renderer.repainting.pixels = lambda: repainting.pixels
        self.reconfigure(generation_config, repainting_config, picture_config)

    def reconfigure(self, generation: GenerationConfig, repainting: RepaintingConfig, picture: PictureConfig) -> None:
        """Go on with other settings."""
        self._config = generation
        self._worker.reconfigure(generation, picture)
        self._pictures.reconfigure(strengthened_picture(picture, generation.strength))
        self._repainting.reconfigure(repainting, generation)
        self._renderer.repainting.reconfigure(strengthened_repainting(repainting, generation.strength))

    def use_model(self, name: str) -> None:
        """Go on with this generator of models/; without a name with the next one."""
        if name:
            self._worker.use_model(name)
        else:
            self._worker.next_model()

    def ask(self, scene: SceneState, now_s: float) -> None:
        """``scene`` is about to be drawn: ask for a texture and a picture that suit it."""
        self._scene = scene
        self._worker.request(_request(scene, now_s))
        self._pictures.ask(scene, now_s)

    def paint(self) -> None:
        """Have what was drawn last painted well, to be shown large for a while."""
        if self._scene is not None:
            self._pictures.paint(self._scene, self._scene.t_s)

    def take(self, now_s: float, report: GenerationReport) -> int:
        """Hand over what is ready; gives how many textures that was."""
        for done in self._worker.take_done():
            self._event("texture_done", [done.source, done.way, done.size_px, done.compute_ms])
        self._pictures.take(now_s, report)
        if (new_painting := newer(self._repainting.paintings, self._painting_seq)) is not None:
            self._painting_seq, painting = new_painting
            self._renderer.repainting.put(painting.rgba, painting.original, now_s)
            report.repainted(painting.compute_ms, (now_s - painting.of_s) * 1000)
        if (new_avatar := newer(self._worker.avatars, self._avatar_seq)) is not None:
            self._avatar_seq, avatar = new_avatar
            if avatar.person_id is None or avatar.person_id == self._sitter.id:
                self._renderer.avatar.put(avatar, now_s)
        new_texture = newer(self._worker.textures, self._texture_seq)
        if new_texture is None:
            return 0
        self._texture_seq, texture = new_texture
        self._renderer.set_texture(texture, now_s)
        report.textured(texture.compute_ms)
        return 1

    def see(
        self,
        silhouette: Silhouette | None,
        seen: Observation,
        states: tuple[EmotionState, ...],
        now_s: float,
    ) -> None:
        """Have a visitor's face painted. ``seen`` is what was observed last.

        ``silhouette``, of that picture or one shortly before, is None where no scene shows a visitor: then nobody is painted.
        """
        sitter, view, people = self._sitter, self._renderer.avatar, seen.people
        width, height = seen.frame_size
        if sitter.id is None and view.is_empty:
            sitter.end()
        outcome = sitter.watch(people, width / height, now_s)
        if outcome == "vanishes":
            view.vanish()
        if outcome == "stays" and sitter.id is not None and (silhouette is None or not self._config.avatars):
            sitter.id, outcome = None, "dissolves"
        if outcome != "stays":
            self._boxes.clear()
            self._worker.forget_face()
        if silhouette is None or not self._config.avatars:
            return
        if sitter.id is None and view.is_empty:
            sitter.choose(people, seen.frame_size, now_s)
        if sitter.id is not None and sitter.square is not None:
            view.follow(sitter.square)
            self._paint(silhouette, seen, states)

    def cut(self) -> None:
        """The source of pictures was changed: who is seen from now on is nobody who was seen before."""
        self._renderer.avatar.vanish()
        if self._sitter.id is not None:
            self._worker.forget_face()
        self._sitter.end()
        self._boxes.clear()
        self._shown_seq = None

    def _paint(self, silhouette: Silhouette, seen: Observation, states: tuple[EmotionState, ...]) -> None:
        """Have the sitter's face cut out of the silhouette's picture, where it was in that very picture, and painted."""
        number = self._sitter.id
        box = next((person.face_box for person in seen.people if person.id == number), None)
        if box is not None:
            self._boxes[seen.seq] = box
            while len(self._boxes) > BOXES_KEPT:
                del self._boxes[next(iter(self._boxes))]
        box = self._boxes.get(silhouette.seq)
        emotion = next((state.probabilities for state in states if state.person_id == number), None)
        if silhouette.seq == self._shown_seq or box is None or emotion is None or number is None:
            return
        self._shown_seq = silhouette.seq
        height, width = silhouette.rgb.shape[:2]
        if large_enough(box, width, height):
            self._worker.show_face(number, cut_out(silhouette.rgb, face_square(box, width / height)), emotion)

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now."""
        return {**self._worker.providers, **self._repainting.providers}

    @property
    def drops(self) -> dict[str, int]:
        """{mailbox: values nobody took} of what is to be shown."""
        boxes = (self._worker.textures, self._worker.pictures, self._repainting.paintings)
        return {box.name: box.drops for box in boxes}

    def describe(self) -> str:
        """For the operator: which models run, and how pictures are made."""
        way, picture = self._worker.way, self._pictures.describe()
        return f"textures {', '.join(self.providers) or 'procedural'}   {way}   {picture}"

    def _repaint(self, t_s: float, rgb: ByteArray) -> None:
        if self._scene is not None:
            self._repainting.show(SeenPicture(t_s, rgb, _request(self._scene, t_s)))


def _request(scene: SceneState, t_s: float) -> TextureRequest:
    return TextureRequest(t_s, scene.emotion, scene.valence, scene.arousal)
