"""The quality levels of a texture: the cheapest first, all of the size that is wanted."""

from installation.generation.texture_levels import TextureLevel, texture_levels


def test_levels_come_the_cheapest_first_and_end_at_the_wanted_size() -> None:
    for size in (64, 96, 128, 256, 512, 1024):
        for styles in (False, True):
            levels = texture_levels(size, 16, styles)
            works = [level.work for level in levels]
            assert works == sorted(works)
            assert all(level.shown_px == size and level.made_px % 16 == 0 for level in levels)
            assert all(level.made_px >= 64 for level in levels)
            assert levels[-1].styled == styles
    assert [level.name for level in texture_levels(256, 16, False)] == ["64>256 px", "128>256 px", "256 px"]
    assert texture_levels(512, 16, True)[-1] == TextureLevel(256, 512, True)
