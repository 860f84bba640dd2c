"""No test may leave an OpenGL error behind."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from installation.render.surface import Offscreen
from installation.scene.scene import Scene


@pytest.fixture(autouse=True)
def no_opengl_errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Looks for an error when a test gives its surface back."""
    errors: list[str] = []
    close = Offscreen.close

    def checked(surface: Offscreen) -> None:
        errors.append(surface.context.error)
        close(surface)

    monkeypatch.setattr(Offscreen, "close", checked)
    yield
    assert [error for error in errors if error != "GL_NO_ERROR"] == []


@pytest.fixture
def forms_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room behind what scenes draw: what is lit in a picture is theirs."""
    update = Scene.update

    def without_room(scene: Scene, *values: Any, **named: Any) -> Any:
        state = update(scene, *values, **named)
        return replace(state, look=state.look | {"stage": 0.0})

    monkeypatch.setattr(Scene, "update", without_room)
