"""A running piece with its desk, and a real browser (Debian's chromium) that looks at it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.desk.piece import CHROMIUM, SOON_S, START_S, PieceWithDesk, chromium_browser, soon


@pytest.fixture(scope="package")
def desk_piece(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PieceWithDesk]:
    if CHROMIUM is None:
        pytest.skip("there is no browser (Debian: chromium)")
    piece = PieceWithDesk(tmp_path_factory.mktemp("piece"))
    try:
        soon(lambda: piece.values(), START_S)
        yield piece
    finally:
        code = piece.end()
    assert code == 0


@pytest.fixture(scope="package")
def chromium(desk_piece: PieceWithDesk) -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api")
    with chromium_browser() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Any, desk_piece: PieceWithDesk) -> Iterator[Callable[..., Any]]:
    """Opens a page of the desk; nothing that a browser complains about may happen on it."""
    pages: list[Any] = []
    complaints: list[str] = []

    def open_one(path: str = "/", width: int = 1280, height: int = 800) -> Any:
        page = chromium.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        page.set_default_timeout(1000 * SOON_S)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(desk_piece.place + path)
        page.wait_for_selector("h1")
        page.wait_for_function(
            "() => window.did_handshake !== false && document.querySelector('[role=status]').innerText.length > 0"
        )
        return page

    yield open_one
    for page in pages:
        page.close()
    assert not complaints
