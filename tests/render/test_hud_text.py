from installation.base.notices import Notice
from installation.render.hud_text import NOTICE_S, fresh_notices


def test_new_notices_are_shown_for_a_while_and_other_settings_than_the_artists_as_long_as_they_run() -> None:
    safe = Notice(0.0, "fault", "settings", "safe settings")
    osc = Notice(0.0, "fault", "osc", "nobody listens")
    note = Notice(0.0, "note", "settings", "worth knowing")
    assert fresh_notices([safe, osc, note], NOTICE_S - 0.1) == (safe, osc)
    assert fresh_notices([safe, osc, note], 3600.0) == (safe,)
