"""What the networks make, handed to the renderer as it comes: textures, paintings of the scene, a visitor's painted face."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from installation.config.factors import strengthened_repainting
from installation.config.settings import Config
from installation.generation.repainting_worker import RepaintingWorker, SeenPicture
from installation.generation.worker import TextureWorker
from installation.record.report import RunReport
from installation.render.avatar_layer import face_square
from installation.types import ByteArray, EmotionState, Person, SceneState, Silhouette, TextureRequest

FACE_GONE_S = 1.5
"""A visitor who shows no face for so long is not painted any more: what is shown of them dissolves."""


class Generating:
    """Main thread only. ``event`` tells the show, such as ("texture_done", [source, way, pixels, milliseconds])."""

    def __init__(
        self,
        textures: TextureWorker,
        translation: RepaintingWorker,
        renderer: Any,
        config: Config,
        event: Callable[[str, list[Any]], None],
    ) -> None:
        self._textures, self._translation, self._renderer = textures, translation, renderer
        self._event = event
        self._texture_seq = self._painting_seq = self._avatar_seq = 0
        self._scene: SceneState | None = None
        self._face_id: int | None = None
        self._face_seen_s = 0.0
        self._shown_seq: int | None = None
        repainting = renderer.repainting
        repainting.on_copy = self._repaint
        repainting.pixels = lambda: translation.pixels
        self.reconfigure(config)

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings."""
        self._config = config
        self._textures.reconfigure(config.generation)
        self._translation.reconfigure(config.repainting, config.generation)
        repainting = strengthened_repainting(config.repainting, config.generation.strength)
        self._renderer.repainting.reconfigure(repainting)

    def use_model(self, name: str) -> None:
        """Go on with this generator of models/; without a name with the next one."""
        if name:
            self._textures.use_model(name)
        else:
            self._textures.next_model()

    def ask(self, scene: SceneState, now_s: float) -> None:
        """``scene`` is about to be drawn: ask for a texture that suits it."""
        self._scene = scene
        self._textures.request(_request(scene, now_s))

    def take(self, now_s: float, report: RunReport) -> int:
        """Hand over what is ready; gives how many textures that was."""
        for done in self._textures.take_done():
            self._event("texture_done", [done.source, done.way, done.size_px, done.compute_ms])
        number, painting = self._translation.paintings.peek()
        if painting is not None and number > self._painting_seq:
            self._translation.paintings.wait_newer(self._painting_seq, 0.0)
            self._painting_seq = number
            self._renderer.repainting.put(painting.rgba, painting.model, now_s)
            report.repainted(painting.compute_ms, (now_s - painting.of_s) * 1000)
        number, avatar = self._textures.avatars.peek()
        if avatar is not None and number > self._avatar_seq:
            self._textures.avatars.wait_newer(self._avatar_seq, 0.0)
            self._avatar_seq = number
            self._renderer.avatar.put(avatar, now_s)
        number, frame = self._textures.textures.peek()
        if frame is None or number <= self._texture_seq:
            return 0
        self._textures.textures.wait_newer(self._texture_seq, 0.0)
        self._texture_seq = number
        self._renderer.set_texture(frame, now_s)
        report.textured(frame.compute_ms)
        return 1

    def see(
        self, silhouette: Silhouette | None, people: tuple[Person, ...], states: tuple[EmotionState, ...], now_s: float
    ) -> None:
        """Have a visitor's face painted. ``silhouette`` is None where no scene shows a visitor: then nobody's is."""
        face = None if silhouette is None or not self._config.generation.avatars else self._choose(people)
        if face is None or face.face_box is None or silhouette is None:
            if self._face_id is not None and (silhouette is None or now_s - self._face_seen_s > FACE_GONE_S):
                self._face_id = None
                self._textures.forget_face()
            return
        height, width = silhouette.rgb.shape[:2]
        square = face_square(face.face_box, width / height)
        self._renderer.avatar.follow(square)
        self._face_id, self._face_seen_s = face.id, now_s
        emotion = next((state.probabilities for state in states if state.person_id == face.id), None)
        if silhouette.seq == self._shown_seq or emotion is None:
            return
        self._shown_seq = silhouette.seq
        self._textures.show_face(face.id, _cut(silhouette.rgb, square), emotion)

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now."""
        return {**self._textures.providers, **self._translation.providers}

    @property
    def drops(self) -> dict[str, int]:
        """{mailbox: values nobody took} of what is to be shown."""
        boxes = (self._textures.textures, self._translation.paintings)
        return {box.name: box.drops for box in boxes}

    def describe(self) -> str:
        """For the operator: which models run, and how pictures are made."""
        return f"textures {', '.join(self.providers) or 'procedural'}   {self._textures.way}"

    def _choose(self, people: tuple[Person, ...]) -> Person | None:
        """Whose face is painted: who it was before, else who shows the largest one."""
        faces = [person for person in people if person.face_box is not None]
        kept = [person for person in faces if person.id == self._face_id]
        return max(kept or faces, key=_face_size, default=None)

    def _repaint(self, t_s: float, rgb: ByteArray) -> None:
        if self._scene is not None:
            self._translation.show(SeenPicture(t_s, rgb, _request(self._scene, t_s)))


def _request(scene: SceneState, t_s: float) -> TextureRequest:
    return TextureRequest(t_s, scene.emotion, scene.valence, scene.arousal)


def _face_size(person: Person) -> float:
    return person.face_box.height if person.face_box is not None else 0.0


def _cut(rgb: ByteArray, square: tuple[float, float, float]) -> ByteArray:
    """The ``square`` (face_square) of a picture; beyond its border the border goes on."""
    height, width = rgb.shape[:2]
    half = max(1, round(square[2] * height))
    left, top = round(square[0] * width) - half, round(square[1] * height) - half
    rows = np.clip(np.arange(top, top + 2 * half), 0, height - 1)
    columns = np.clip(np.arange(left, left + 2 * half), 0, width - 1)
    return np.ascontiguousarray(rgb[rows[:, None], columns[None]])
