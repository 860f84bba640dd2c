"""The dials that are factors, multiplied into the settings they name. At 1 every setting stays what it is, bit for bit.

scene.pace, scene.size and the factors of ``output`` are multiplied where they are drawn, for what they scale is no setting
alone: it is mixed of several looks first.
"""

from __future__ import annotations

from installation.config.generation import RepaintingConfig
from installation.config.look import LOOK_NAMES, LookConfig
from installation.config.picture import PictureConfig
from installation.config.settings import Config


def with_calmness(config: Config) -> Config:
    """``config`` with smoothing.calmness multiplied in: longer times, and a lower cut-off."""
    calmness, smoothing, scene = config.smoothing.calmness, config.smoothing, config.scene
    if calmness == 1:
        return config
    times = ("emotion_s", "affect_s", "label_hold_s")
    calm = {name: getattr(smoothing, name) * calmness for name in times}
    calm["min_cutoff_hz"] = smoothing.min_cutoff_hz / calmness
    return config.model_copy(
        update={
            "smoothing": smoothing.model_copy(update=calm),
            "scene": scene.model_copy(update={"response_s": scene.response_s * calmness}),
        }
    )


def strengthened_look(look: LookConfig, strength: float) -> LookConfig:
    """``look`` with generation.strength multiplied into each emotion's texture, up to 1."""
    if strength == 1:
        return look
    moods = {name: getattr(look, name) for name in LOOK_NAMES}
    return look.model_copy(
        update={
            name: mood.model_copy(update={"texture": min(1.0, mood.texture * strength)}) for name, mood in moods.items()
        }
    )


def strengthened_repainting(repainting: RepaintingConfig, strength: float) -> RepaintingConfig:
    """``repainting`` with generation.strength multiplied into over and behind, up to 1."""
    if strength == 1:
        return repainting
    return repainting.model_copy(
        update={name: min(1.0, getattr(repainting, name) * strength) for name in ("over", "behind")}
    )


def strengthened_picture(picture: PictureConfig, strength: float) -> PictureConfig:
    """``picture`` with generation.strength multiplied into its own, up to 1."""
    if strength == 1:
        return picture
    return picture.model_copy(update={"strength": min(1.0, picture.strength * strength)})
