"""Whether what is shown may be stored."""

from __future__ import annotations


def refusal(camera_visible: bool, record_camera: bool) -> str | None:
    """Why the picture must not be stored, or None. Faces are stored only where the artist has said that visitors agreed."""
    if camera_visible and not record_camera:
        return "the camera's picture is shown, and output.record_camera is false: nothing with faces is stored"
    return None
