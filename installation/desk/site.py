"""The web application: pages by NiceGUI, a small JSON interface for scripts, the still, health and figures."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from nicegui import core, ui

from installation.desk.desk import Desk, RefusedError
from installation.desk.figures import metrics
from installation.desk.files import add_files
from installation.desk.frame import show_page
from installation.desk.pages import PAGES
from installation.desk.sockets import guard_sockets
from installation.desk.steady_time import measure_steadily

TITLE = "Mien desk"
NOTICED_S = 10.0
"""That a connection is dead is noticed within about this time."""
AWAY_S = 60.0
"""A page whose connection comes back within this goes on as it is, with what is typed in it; later it is loaded anew."""
MOST_MISSED = 300
"""Messages, of which there are up to five a second, that are kept for such a page."""


def build(desk: Desk) -> FastAPI:
    """The application for ``desk``."""
    measure_steadily(desk.clock.now)
    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    _add_figures(app, desk)
    _add_interface(app, desk)
    add_files(app, desk)
    for page in PAGES:
        ui.page(page.path, title=f"{page.title} · {TITLE}", reconnect_timeout=AWAY_S)(show_page(desk, page))
    ui.run_with(
        app,
        title=TITLE,
        favicon="🎭",
        dark=True,
        language="en-GB",
        binding_refresh_interval=None,
        reconnect_timeout=NOTICED_S,
        message_history_length=MOST_MISSED,
        tailwind=False,
        show_welcome_message=False,
    )
    guard_sockets()
    # NiceGUI would make and keep a page for every address that is none.
    core.app.add_exception_handler(404, _no_such_page)
    return app


async def _no_such_page(_: Request, __: Exception) -> Response:
    return PlainTextResponse("there is no such page\n", 404)


def _add_figures(app: FastAPI, desk: Desk) -> None:
    @app.get("/healthz")
    async def healthz() -> Response:
        if desk.lives:
            return PlainTextResponse("ok\n")
        return PlainTextResponse(f"the piece has said nothing for {desk.silent_s:.0f} s\n", 503)

    @app.get("/readyz")
    async def readyz() -> Response:
        state = desk.part("state") or {}
        ready = desk.lives and float(state.get("fps", 0.0)) > 0
        return PlainTextResponse("ok\n" if ready else "no pictures are drawn\n", 200 if ready else 503)

    @app.get("/metrics")
    async def figures() -> Response:
        return Response(metrics(desk), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.get("/still.jpg")
    async def still() -> Response:
        found = desk.fresh_still
        if found is None:
            return PlainTextResponse("there is no still yet\n", 404)
        return Response(found, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _add_interface(app: FastAPI, desk: Desk) -> None:
    """For scripts: GET /api/state, GET /api/settings, POST /api/set, POST /api/command."""

    @app.get("/api/state")
    async def state() -> Response:
        return JSONResponse({"lives": desk.lives, "watchers": len(desk.watchers), **desk.snapshot})

    @app.get("/api/settings")
    async def settings() -> Response:
        return JSONResponse(desk.values)

    @app.post("/api/set")
    async def set_value(request: Request) -> Response:
        async def do(body: dict[str, Any]) -> Any:
            return await desk.set(str(body["path"]), body["value"])

        return await _answer(request, do)

    @app.post("/api/command")
    async def command(request: Request) -> Response:
        async def do(body: dict[str, Any]) -> Any:
            return await desk.command(str(body["name"]), *body.get("args", []))

        return await _answer(request, do)


async def _answer(request: Request, do: Any) -> Response:
    if request.state.role != "operate":
        return JSONResponse({"error": "this token may look, not operate"}, 403)
    try:
        body = await request.json()
        return JSONResponse({"value": await do(body)})
    except RefusedError as error:
        return JSONResponse({"error": str(error)}, 400)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return JSONResponse({"error": f"not understood: {type(error).__name__}: {error}"}, 400)
