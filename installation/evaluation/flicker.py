"""How much pictures change from one frame to the next, and what of it motion does not explain."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from installation.types import ByteArray, FloatArray

STILL = 0.02
"""Change (levels of 255) of the input below which a pair of frames says nothing about flicker."""


def flicker(inputs: Sequence[Sequence[ByteArray]], outputs: Sequence[Sequence[ByteArray]]) -> dict[str, float]:
    """How much ``outputs`` change where ``inputs`` do, over successive frames of clips; all frames (H, W, 3) uint8 sRGB.

    Change is the mean absolute difference of two successive frames, levels of 255. After the input's flow: the earlier frame
    of both was moved along the optical flow of the input (Farneback 2003) first. After its own flow: along its own, which
    leaves what flickers, whether or not the output moves as the input does. Raises ValueError for clips in which nothing moves.
    """
    rows = []
    for clip, painted in zip(inputs, outputs, strict=True):
        for k in range(1, len(clip)):
            if apart(clip[k - 1], clip[k]) <= STILL:
                continue
            of_input, of_output = flow(clip[k - 1], clip[k]), flow(painted[k - 1], painted[k])
            rows.append(
                [
                    apart(clip[k - 1], clip[k]),
                    apart(painted[k - 1], painted[k]),
                    apart(along(clip[k - 1], of_input), clip[k]),
                    apart(along(painted[k - 1], of_input), painted[k]),
                    apart(along(painted[k - 1], of_output), painted[k]),
                ]
            )
    if not rows:
        raise ValueError("nothing moves in these clips; take longer ones")
    change_in, change_out, left_in, left_out, left_own = np.mean(rows, axis=0).tolist()
    return {
        "pairs of frames": float(len(rows)),
        "change, input (levels)": change_in,
        "change, output (levels)": change_out,
        "change, output over input": change_out / change_in,
        "after the input's flow, input (levels)": left_in,
        "after the input's flow, output (levels)": left_out,
        "after the input's flow, output over input": left_out / max(left_in, 1e-3),
        "each after its own flow, output over input": left_own / max(left_in, 1e-3),
    }


def apart(one: ByteArray, other: ByteArray) -> float:
    """Mean absolute difference, levels of 255."""
    return float(np.abs(one.astype(np.float32) - other).mean())


def flow(before: ByteArray, now: ByteArray) -> FloatArray:
    """(H, W, 2): where in ``before`` each pixel of ``now`` came from, pixels to add."""
    grey = [cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) for rgb in (now, before)]
    found = cv2.calcOpticalFlowFarneback(grey[0], grey[1], None, 0.5, 4, 15, 3, 5, 1.1, 0)
    return np.asarray(found, np.float32)


def along(rgb: ByteArray, moved: FloatArray) -> ByteArray:
    """``rgb`` moved along a flow."""
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]].astype(np.float32)
    found = cv2.remap(rgb, x + moved[:, :, 0], y + moved[:, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.uint8)
