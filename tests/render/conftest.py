"""No test may leave an OpenGL error behind."""

from collections.abc import Iterator

import pytest

from installation.render.surface import Offscreen


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
