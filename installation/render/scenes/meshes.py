"""Meshes that instances are made of, as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vertices = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int32]


def grid(across: int, along: int) -> tuple[Vertices, Indices]:
    """Vertices (M, 2), x in [-1, 1] and y in [0, 1], and triangle indices (K,) of a flat grid."""
    x, y = np.meshgrid(np.linspace(-1, 1, across + 1), np.linspace(0, 1, along + 1))
    vertices = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    corner = (np.arange(along)[:, None] * (across + 1) + np.arange(across)[None, :]).ravel()
    quads = [corner, corner + 1, corner + across + 1, corner + 1, corner + across + 2, corner + across + 1]
    return vertices, np.stack(quads, axis=1).astype(np.int32).ravel()


def sphere(across: int, along: int) -> tuple[Vertices, Indices]:
    """Unit vectors (M, 3) round the axis y, ``across`` by longitude, ``along`` by latitude; triangle indices (K,)."""
    flat, indices = grid(across, along)
    longitude, latitude = np.pi * flat[:, 0], np.pi * (flat[:, 1] - 0.5)
    vertices = np.stack(
        [np.cos(latitude) * np.cos(longitude), np.sin(latitude), np.cos(latitude) * np.sin(longitude)], axis=1
    )
    return vertices.astype(np.float32), indices


def octahedron() -> tuple[Vertices, Indices]:
    """Corners (24, 3) of the eight faces, each face with its own three so that it can be flat; indices (24,)."""
    corners = np.array(
        [
            [sign * x for sign, x in zip(signs, axis, strict=True)]
            for signs in np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).T.reshape(-1, 3)
            for axis in np.eye(3)
        ],
        np.float32,
    )
    faces = np.arange(24, dtype=np.int32).reshape(8, 3)
    for face in faces:
        a, b, c = corners[face]
        if np.dot(np.cross(b - a, c - a), a + b + c) < 0:
            face[1], face[2] = face[2], face[1]
    return corners, faces.ravel()


def crystals(sides: int, shards: int) -> tuple[Vertices, Indices]:
    """``shards`` crystals, all in one place for a shader to set up: prisms of ``sides`` faces, pointed at both ends.

    Vertices (shards * (2 * sides + 2), 3): radius 1 round the axis y at heights of -0.6 and 0.6, tips at -1 and 1; of each
    crystal the lower ring, the upper one, the lower tip, the upper one. Triangle indices (K,), outside counter-clockwise.
    """
    angle = 2 * np.pi * np.arange(sides) / sides
    ring = np.stack([np.cos(angle), np.zeros(sides), np.sin(angle)], axis=1)
    low, high = ring + [0.0, -0.6, 0.0], ring + [0.0, 0.6, 0.0]
    one = np.concatenate([low, high, [[0.0, -1.0, 0.0], [0.0, 1.0, 0.0]]])
    here = np.arange(sides)
    there, bottom, top = (here + 1) % sides, np.full(sides, 2 * sides), np.full(sides, 2 * sides + 1)
    up, over = here + sides, there + sides
    faces = np.concatenate(
        [
            np.stack(corners, axis=1)
            for corners in ((here, up, there), (there, up, over), (up, top, over), (here, there, bottom))
        ]
    )
    starts = np.arange(shards) * len(one)
    vertices = np.tile(one, (shards, 1)).astype(np.float32)
    return vertices, (starts[:, None, None] + faces).astype(np.int32).ravel()
