"""The landmarks that stages name: of a body by MediaPipe's BlazePose numbering, of a face by its face mesh. "Left" is the
person's own left.

Modules that use many of them import this one as ``lm``.
"""

NOSE, LEFT_EAR, RIGHT_EAR, MOUTH_RIGHT = 0, 7, 8, 10
LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_ELBOW, RIGHT_ELBOW = 11, 12, 13, 14
LEFT_WRIST, RIGHT_WRIST, LEFT_HIP, RIGHT_HIP = 15, 16, 23, 24
LEFT_KNEE, RIGHT_KNEE, LEFT_ANKLE, RIGHT_ANKLE = 25, 26, 27, 28

FOREHEAD, CHIN, RIGHT_CHEEK, LEFT_CHEEK = 10, 152, 234, 454
RIGHT_EYE_CORNER, LEFT_EYE_CORNER = 33, 263
"""Of the face: the cheeks' outermost points, and the eyes' outer corners."""
