"""Below which size a face is no face to anybody: it is not read, not painted, and nothing is said about it."""

from installation.types import Box

SMALLEST_FACE_PX = 32
"""The longer side of the box round a face's landmarks, in pixels of the camera's own picture. Sides of 32 pixels change what
the expression network reads by 0.04 (total variation), of 16 by up to 0.76 (perception/face_quality.py)."""


def large_enough(face: Box, width: int, height: int) -> bool:
    """Whether ``face`` in a camera's picture of ``width`` x ``height`` pixels can be read and painted."""
    return max(face.width * width, face.height * height) >= SMALLEST_FACE_PX
