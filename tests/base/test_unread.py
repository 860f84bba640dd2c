"""What is left of a face where emotions are not read."""

import numpy as np

from installation.base.unread import PLACE_POINTS, place_of_face, unread
from installation.capture.simulated.performer import PerformerScript
from installation.emotion.head import read_head
from installation.emotion.size import face_height
from installation.types import FACE_LANDMARKS, Observation


def test_faces_that_differ_in_expression_only_become_the_same() -> None:
    rng = np.random.default_rng(1)
    one = rng.random((FACE_LANDMARKS, 3)).astype(np.float32)
    other = rng.random((FACE_LANDMARKS, 3)).astype(np.float32)
    other[PLACE_POINTS] = one[PLACE_POINTS]
    assert place_of_face(one).tobytes() == place_of_face(other).tobytes()
    assert len(np.unique(place_of_face(one), axis=0)) <= len(PLACE_POINTS) + 1
    assert place_of_face(place_of_face(one)).tobytes() == place_of_face(one).tobytes()


def test_place_size_and_turn_of_the_head_stay() -> None:
    script = PerformerScript(1)
    everybody = (person for n in range(900) for person in script.observe(n / 30, n).people)
    person = next(person for person in everybody if person.face is not None)
    seen = Observation(0.0, 1, (person,), (1280, 720))
    before, after = person, unread(seen).people[0]
    assert before.face is not None
    assert after.face is not None
    assert face_height(after.face, 1.5) == face_height(before.face, 1.5)
    head, kept = read_head(before, 0.8, 1.5), read_head(after, 0.8, 1.5)
    assert head is not None
    assert kept is not None
    assert kept.tobytes() == head.tobytes()
    assert (after.expression, after.blendshapes, after.face_quality) == (None, None, 0.0)
    assert after.pose is before.pose
    assert after.face_box == before.face_box
