"""The window, the picture, projectors and videos."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section
from installation.config.sends import SendConfig, differently_named

Number = Annotated[float, Field(allow_inf_nan=False)]


def _rectangle(edges: list[float]) -> list[float]:
    """Left, top, width and height inside [0, 1]; a hundred-thousandth over the border is rounding."""
    left, top, width, height = edges
    if min(left, top) < 0 or min(width, height) < 0.01 or max(left + width, top + height) > 1.00001:
        raise PydanticCustomError(
            "rectangle", "left, top, width, height must lie in 0 to 1 and be at least 0.01 wide and high"
        )
    return edges


def _convex(corners: list[list[float]]) -> list[list[float]]:
    """Four corners, clockwise from the top left, that bend one way: only such a quadrangle is a square seen aslant."""
    for index in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(index + step) % 4] for step in range(3))
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) < 1e-4:
            text = "the corners are written top left, top right, bottom right, bottom left, and none may point inwards"
            raise PydanticCustomError("corners", text)
    return corners


def _rectangular(grid: list[list[list[float]]]) -> list[list[list[float]]]:
    """No rows at all, or 2 to 17 rows of 2 to 17 points."""
    if grid and not (2 <= len(grid) <= 17 and 2 <= len(grid[0]) <= 17 and len({len(row) for row in grid}) == 1):
        raise PydanticCustomError("grid", "a grid has 2 to 17 rows, each with the same 2 to 17 points [x, y]")
    return grid


Rectangle = Annotated[list[Number], Field(min_length=4, max_length=4), AfterValidator(_rectangle)]

_Corner = Annotated[list[Annotated[float, Field(ge=-1, le=2)]], Field(min_length=2, max_length=2)]

Corners = Annotated[list[_Corner], Field(min_length=4, max_length=4), AfterValidator(_convex)]

_Offset = Annotated[list[Annotated[float, Field(ge=-1, le=1)]], Field(min_length=2, max_length=2)]

Grid = Annotated[list[list[_Offset]], AfterValidator(_rectangular)]

EdgeWidth = Annotated[float, Field(ge=0, le=1)]

TestPattern = Literal["none", "grid", "ramp", "colour"]

Hud = Literal["off", "notices", "figures"]


class EdgesConfig(Section):
    """How wide a screen's soft edges are, as shares of the whole picture's width or height."""

    left: EdgeWidth = 0.0
    top: EdgeWidth = 0.0
    right: EdgeWidth = 0.0
    bottom: EdgeWidth = 0.0


class ScreenConfig(Section):
    """One projector or display: which part of the picture it shows, where, and how it is bent and coloured.

    docs/output.md is its guide; a test keeps it complete.
    """

    name: str = Field("", pattern=r"^[\w \-]{0,16}$", description="stands in the test pattern")
    picture: Rectangle = Field(
        default_factory=lambda: [0.0, 0.0, 1.0, 1.0],
        description="part of the picture: left, top, width, height; 1 is the whole",
    )
    place: Rectangle = Field(
        default_factory=lambda: [0.0, 0.0, 1.0, 1.0],
        description="place in the window: left, top, width, height; 1 is the whole",
    )
    rotation: Literal[0, 90, 180, 270] = Field(0, description="turns the picture clockwise, degrees")
    mirror: Literal["none", "horizontal", "vertical"] = Field(
        "none", description="horizontal for projection from behind, vertical for a mirror under the lens"
    )
    corners: Corners = Field(
        default_factory=lambda: [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]],
        description="corners in the place (0 to 1 each way): top left, top right, bottom right, bottom left",
    )
    grid: Grid = Field(
        default_factory=list,
        description="rows of points [x, y]: how far each is moved, in shares of the place; evenly spread over it",
    )
    bend: Literal["smooth", "straight"] = Field("smooth", description="how the grid goes on between its points")
    edges: EdgesConfig = Field(
        default_factory=EdgesConfig,
        description="soft edges left, top, right, bottom: width of the overlap as share of the whole picture",
    )
    edge_curve: float = Field(
        2.0, ge=1, le=6, description="1 fades light evenly through a soft edge, more is steeper in its middle"
    )
    gamma: float = Field(
        1.0, ge=0.3, le=3, description="the display's exponent against sRGB's; above 1 brightens the middle tones"
    )
    brightness: float = Field(1.0, ge=0, le=2, description="light against full, multiplies gains; above 1 clips")
    gains: Annotated[list[Annotated[float, Field(ge=0, le=2)]], Field(min_length=3, max_length=3)] = Field(
        default_factory=lambda: [1.0, 1.0, 1.0], description="light of red, green and blue"
    )
    black: float = Field(
        0.0, ge=0, le=0.2, description="light added outside soft edges, where two projectors' blacks do not add up"
    )


def _which_display(display: int | str) -> int | str:
    if display != "all" and (isinstance(display, str) or not 0 <= display <= 15):
        raise PydanticCustomError("display", "a display is a number from 0 to 15, or all")
    return display


class OutputConfig(Section):
    """The window and the picture."""

    mode: Literal["auto", "fullscreen", "window", "offscreen"] = Field(
        "auto",
        description="auto (fullscreen where there is a display), fullscreen, window or offscreen",
        json_schema_extra=ARTIST,
    )
    width: int = Field(1280, ge=64, le=7680, description="window or offscreen width, pixels", json_schema_extra=ARTIST)
    height: int = Field(720, ge=64, le=4320, description="window or offscreen height, pixels", json_schema_extra=ARTIST)
    display: Annotated[int | str, AfterValidator(_which_display)] = Field(
        0,
        description="which screen, counted from 0; all spans one window over all of them",
        json_schema_extra=ARTIST,
    )
    per_second: float = Field(60.0, ge=1, le=240, description="pictures a second aimed at")
    software_per_second: float = Field(25.0, ge=1, le=240, description="the same where the processor draws (no GPU)")
    vsync: bool = Field(True, description="wait for the screen, against tearing")
    render_scale: float = Field(
        0.0, ge=0, le=2, description="size of the inner picture against the window; 0 chooses for the machine"
    )
    quality: Literal["auto", "low", "medium", "high", "ultra"] = Field(
        "auto", description="auto moves resolution and detail with what pictures cost; low, medium, high, ultra stay"
    )
    background: Literal["black", "camera"] = Field(
        "black", description="black or camera", json_schema_extra=ARTIST | NOT_FROM_NETWORK
    )
    glow: float = Field(
        1.0,
        ge=0,
        le=4,
        description="factor: multiplies look.*.lighting.bloom, the glow around bright parts",
        json_schema_extra=ARTIST,
    )
    brightness: float = Field(
        1.0,
        gt=0,
        le=8,
        description="factor: multiplies the light of the whole picture, before it is fitted to the screen",
        json_schema_extra=ARTIST,
    )
    saturation: float = Field(
        1.0,
        ge=0,
        le=2,
        description="factor: multiplies the strength of colour of the finished picture; 0 is grey",
        json_schema_extra=ARTIST,
    )
    flash_limit: bool = Field(
        True,
        description="holds down what flashes more than three times a second, or saturated red; off, pictures may set off "
        "seizures in visitors with photosensitive epilepsy, and HUD, log and OSC say so all the time",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    hud: Hud = Field(
        "off",
        description="operator's text on the wall from the start: off, notices (faults and fallbacks while they hold), figures "
        "(with all notices; key H goes through them); films, screenshots and stills never hold it",
        json_schema_extra=ARTIST,
    )
    screenshot_width: int = Field(
        0, ge=0, le=30720, description="width of key S's pictures, drawn in parts where larger; 0: as shown, pixels"
    )
    record_camera: bool = Field(
        False,
        description="videos and screenshots may show the camera's picture, so faces: only where visitors agreed",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    test_pattern: TestPattern = Field(
        "none", description="none, grid (geometry), ramp (greys and gamma) or colour (key T)"
    )
    screens: list[ScreenConfig] = Field(
        default_factory=list,
        max_length=16,
        description="projectors with warp, soft edges and colour (key W, docs/output.md); empty: the plain picture",
        json_schema_extra=ARTIST,
    )
    sends: Annotated[list[SendConfig], AfterValidator(differently_named)] = Field(
        default_factory=list,
        max_length=8,
        description="ways that the picture takes to other programs: NDI, Spout, Syphon, a virtual camera, streams "
        "(docs/output.md)",
    )


class VideoConfig(Section):
    """Videos of the picture: key V, /video over OSC, a pose, or --video FILE. See docs/recording.md."""

    per_second: float = Field(30.0, ge=1, le=120, description="pictures a second, at most as many as are drawn")
    width: int = Field(0, ge=0, le=7680, description="width of the video; 0: as shown, pixels")
    quality: int = Field(20, ge=0, le=51, description="x264's constant rate factor: lower is better and larger")
    threads: int = Field(1, ge=1, le=64, description="processor threads for encoding")
    file_s: float = Field(600.0, ge=3, le=86400, description="after this long a new file begins, seconds")
    file_mb: float = Field(2000.0, ge=1, le=100000, description="from this size on a new file begins, megabytes")
    keep_free_mb: float = Field(
        1000.0,
        ge=0,
        le=1e7,
        description="videos, screenshots, recordings, logs end where less of the disk (or a tenth) is free, megabytes",
        json_schema_extra=NOT_FROM_NETWORK,
    )
