"""Scenes that follow one another: in their time, at a calm moment, and at the latest when half as long again is over."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import ValidationError

from installation.config.scene import PlaylistEntry, SceneConfig
from installation.scene.playlist import LATEST, SETTLED_S, Moment, Playlist, Watch
from installation.scene.scene import Scene

CALM, WILD = Moment(99.0, 99.0), Moment(99.0, 99.0, energy=0.9)
DT_S = 0.1
ALL = ("blossom", "swarm", "aurora")


def entries(*pairs: tuple[str, float]) -> list[PlaylistEntry]:
    return [PlaylistEntry(scene=scene, seconds=seconds) for scene, seconds in pairs]


def changes(
    playlist: Playlist, seconds: float, moment: Callable[[float], Moment] = lambda _: CALM
) -> list[tuple[float, str]]:
    found = []
    for n in range(round(seconds / DT_S)):
        name = playlist.update(DT_S, moment(n * DT_S))
        if name is not None:
            playlist.went_to(name)
            found.append((round((n + 1) * DT_S, 1), name))
    return found


def test_each_stays_for_its_time_and_the_round_begins_again() -> None:
    playlist = Playlist(entries(("blossom", 10), ("swarm", 20), ("aurora", 5)), 0.0, lambda: ALL, "blossom")
    found = changes(playlist, 60)
    assert [name for _, name in found] == ["swarm", "aurora", "blossom", "swarm"]
    assert [t_s for t_s, _ in found] == pytest.approx([10, 30, 35, 45], abs=0.5)


def test_a_wild_moment_is_waited_out_but_not_for_ever() -> None:
    def until(wild_s: float) -> float:
        playlist = Playlist(entries(("blossom", 10), ("swarm", 10)), 0.0, lambda: ALL, "blossom")
        return changes(playlist, 16, lambda t_s: WILD if t_s < wild_s else CALM)[0][0]

    assert until(0.0) == pytest.approx(10.0, abs=0.2)
    assert until(12.0) == pytest.approx(12.0, abs=0.2)
    assert until(99.0) == pytest.approx(10.0 * LATEST, abs=0.2)


@pytest.mark.parametrize(
    ("moment", "calm"),
    [
        (CALM, True),
        (WILD, False),
        (replace(CALM, since_arrival_s=1.0), False),
        (replace(CALM, since_mood_s=1.0), False),
        (replace(CALM, busy=True), False),
        (Moment(1.0, 1.0, alone_s=SETTLED_S), True),
        (Moment(1.0, 1.0, alone_s=SETTLED_S, busy=True), False),
    ],
)
def test_what_is_calm(moment: Moment, calm: bool) -> None:
    assert moment.is_calm is calm


def test_a_scene_chosen_by_hand_has_its_whole_time_and_the_list_goes_on_behind_it() -> None:
    playlist = Playlist(entries(("blossom", 10), ("swarm", 10), ("aurora", 10)), 0.0, lambda: ALL, "blossom")
    assert changes(playlist, 8) == []
    playlist.went_to("swarm")
    assert changes(playlist, 9.5) == []
    assert [name for _, name in changes(playlist, 1.0)] == ["aurora"]
    playlist.went_to("portrait")  # not in the list: it goes on where it was
    assert [name for _, name in changes(playlist, 10.5)] == ["blossom"]


def test_a_scene_may_come_twice() -> None:
    playlist = Playlist(entries(("blossom", 5), ("blossom", 5), ("swarm", 5)), 0.0, lambda: ALL, "blossom")
    assert [name for _, name in changes(playlist, 21)] == ["swarm", "blossom"]


def test_without_a_list_only_an_empty_room_moves_on() -> None:
    playlist = Playlist([], 5.0, lambda: ALL, "swarm")
    assert changes(playlist, 60) == []
    empty = changes(playlist, 11, lambda t_s: replace(CALM, alone_s=t_s + DT_S))
    assert [name for _, name in empty] == ["aurora", "blossom"]


def test_another_list_goes_on_from_what_is_shown() -> None:
    playlist = Playlist([], 0.0, lambda: ALL, "swarm")
    playlist.reconfigure(entries(("aurora", 10), ("swarm", 10), ("blossom", 10)), 0.0)
    assert [name for _, name in changes(playlist, 10.5)] == ["blossom"]


def test_the_watch_sees_who_comes_and_how_the_mood_changes(state_of: Callable) -> None:
    watch, happy, sad = Watch(), state_of("happy", energy=0.6), state_of("sad", energy=0.6)
    watch.see((), None, 1.0)
    assert watch.see((), None, 1.0).alone_s == 2.0
    assert watch.see((happy,), happy, 1.0).since_arrival_s == 0.0
    later = watch.see((happy,), happy, 5.0)
    assert (later.since_arrival_s, later.since_mood_s, later.alone_s, later.energy) == (5.0, 5.0, 0.0, 0.6)
    assert watch.see((sad,), sad, 1.0).since_mood_s == 0.0
    watch.keep(2.0)
    assert [watch.see((sad,), sad, 1.0).busy for _ in range(3)] == [True, False, False]


def test_scenes_change_with_somebody_there_and_never_in_the_midst_of_a_change(state_of: Callable) -> None:
    config = SceneConfig(playlist=entries(("blossom", 6), ("swarm", 6)), scene_fade_s=4.0)
    scene, who = Scene(config, 1), (state_of("happy", energy=0.1),)
    shown = [scene.update(who, who[0], n / 20, 1 / 20) for n in range(400)]
    names = [state.scene for state in shown]
    assert names[100] == "blossom"
    assert names[130] == "swarm"
    assert names[260] == "blossom"
    starts = [n for n in range(1, 400) if names[n] != names[n - 1]]
    assert all(shown[n - 1].blend == 1.0 for n in starts)


def test_a_playlist_is_written_as_names_or_with_seconds() -> None:
    config = SceneConfig.model_validate({"playlist": ["swarm", {"scene": "aurora", "seconds": 60.0}]})
    assert [(entry.scene, entry.seconds) for entry in config.playlist] == [("swarm", 180.0), ("aurora", 60.0)]
    assert SceneConfig.model_validate(config.model_dump()) == config
    with pytest.raises(ValidationError, match="did you mean 'swarm'"):
        SceneConfig.model_validate({"playlist": ["swarn"]})
    with pytest.raises(ValidationError):
        SceneConfig.model_validate({"playlist": [{"scene": "swarm", "seconds": 1.0}]})
