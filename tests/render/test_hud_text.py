from installation.base.notices import Notice
from installation.render.hud_text import HudFigures, figure_lines, wall_notices

FAULT, FALLBACK = Notice(0.0, "fault", "osc", "nobody listens\nat all"), Notice(0.0, "fallback", "camera", "a stand-in")
NOTE = Notice(0.0, "note", "restart", "needs one")


def test_notices_alone_are_what_is_wrong_or_replaced_as_long_as_it_holds() -> None:
    assert wall_notices([NOTE, FAULT, FALLBACK]) == ("! osc: nobody listens; at all", "! camera: a stand-in")
    assert wall_notices([NOTE]) == ()


def test_figures_have_all_notices_before_the_visitors() -> None:
    figures = HudFigures(60, 30, 1, 100, "a camera", "a screen", "1", "textures")
    lines = figure_lines(figures, (), (), [NOTE, FAULT])
    assert lines[:2] == ("60 pictures/s   perception 30/s   textures 1.0/s   100 MB", "a camera")
    assert lines[4:] == ("i restart: needs one", "! osc: nobody listens; at all")
