"""All settings, as the page shows them."""

from installation.config.settings import Config
from installation.desk.setting_tree import Entry, parts, search, title_of
from installation.live_commands.setting_table import table

TABLE = table()
PARTS = parts(TABLE)
ENTRIES = {entry.name: entry for part in PARTS for entry in part.entries}


def everything(_: Entry) -> bool:
    return True


def test_every_setting_is_there_once_in_the_order_of_the_models() -> None:
    assert [part.name for part in PARTS] == list(Config.model_fields)
    shown = [entry.setting.path for part in PARTS for entry in part.entries if entry.setting is not None]
    assert sorted(shown) == sorted(TABLE)
    assert all(entry.meaning for entry in ENTRIES.values())
    assert all(part.meaning for part in PARTS)


def test_what_the_table_has_not_is_edited_as_text() -> None:
    forms = {name: entry.form for name, entry in ENTRIES.items() if entry.setting is None}
    assert forms["osc.targets"] == forms["poses.meanings"] == forms["scene.playlist"] == "yaml"
    assert forms["capture.source"] == forms["look.name"] == forms["notice.contact"] == "line"
    assert ENTRIES["capture.source"].or_number
    assert not ENTRIES["notice.contact"].or_number


def test_levels_groups_and_titles() -> None:
    assert ENTRIES["scene.pace"].level == "artist"
    assert ENTRIES["guard.hang_s"].level == "expert"
    assert ENTRIES["output.width"].needs_restart
    look = next(part for part in PARTS if part.name == "look")
    groups = look.groups(everything)
    assert next(iter(groups)) == "", "the section's own come first"
    assert [entry.place[-1] for entry in groups["sad › palette"]] == [
        "background",
        "deep",
        "middle",
        "accent",
        "counter",
    ]
    assert ENTRIES["smoothing.fade_in_s"].full_title == "smoothing › fade in"
    assert title_of("per_second", "s") == "per second"
    assert title_of("s", "s") == "s"


def test_search_finds_names_before_descriptions_and_all_words_count() -> None:
    found = [entry.name for entry in search(PARTS, "fade in", everything)]
    assert found[0] == "smoothing.fade_in_s"
    assert [entry.name for entry in search(PARTS, "look sad MIDDLE", everything)] == ["look.sad.palette.middle"]
    assert "osc.targets" in [entry.name for entry in search(PARTS, "listens", everything)]
    assert search(PARTS, "no such thing at all", everything) == []
    assert all(entry.level == "artist" for entry in search(PARTS, "s", lambda entry: entry.level == "artist"))
