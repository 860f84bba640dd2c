"""A model is loaded when it is wanted, given up when it fails, and tried again with growing pauses."""

from types import SimpleNamespace

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.generation import model_loader
from installation.generation.model_loader import FIRST_RETRY_S, PROVED_S, RetriedModel, check_provider


class Shelf:
    """Models that load or do not, and when it was tried."""

    def __init__(self) -> None:
        self.notices = Notices(ManualClock())
        self.model: RetriedModel[str] = RetriedModel("model", "the stand-in is shown", self.notices)
        self.works = True
        self.tries: list[float] = []

    def get(self, now_s: float, key: str = "a") -> str | None:
        def load() -> str:
            self.tries.append(now_s)
            if not self.works:
                raise UnusableModelError(f"{key} is broken")
            return key

        return self.model.get(f"{key}.onnx", key, now_s, load)

    def messages(self) -> list[str]:
        return [notice.message for notice in self.notices.active("fallback")]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_it_is_loaded_once_for_each_key(shelf: Shelf) -> None:
    assert [shelf.get(t_s) for t_s in (0, 1, 2)] == ["a"] * 3
    assert shelf.get(3, "b") == "b"
    assert shelf.tries == [0, 3]
    assert shelf.model.name == "b.onnx"


def test_one_that_cannot_be_loaded_is_tried_again_with_growing_pauses(shelf: Shelf) -> None:
    shelf.works = False
    for t_s in range(100):
        assert shelf.get(t_s) is None
    assert shelf.tries == [0, 5, *range(13, 100, 8)]
    assert shelf.messages() == ["a is broken; the stand-in is shown, next try in 8 s"]
    shelf.model.hurry()
    shelf.works = True
    assert shelf.get(100) == "a"
    assert shelf.messages() == []


def test_while_another_cannot_be_loaded_the_old_one_goes_on(shelf: Shelf) -> None:
    assert shelf.get(0) == "a"
    shelf.works = False
    assert shelf.get(1, "b") == "a"
    assert shelf.messages() == ["b is broken; a.onnx goes on, next try in 5 s"]


def test_one_that_soon_fails_again_waits_longer_and_one_that_ran_long_does_not(shelf: Shelf) -> None:
    now_s = 0.0
    for pause_s in (5, 8, 8):
        assert shelf.get(now_s) == "a"
        shelf.model.give_up("it failed", now_s + 1)
        assert shelf.messages() == [f"it failed; the stand-in is shown, next try in {pause_s} s"]
        assert shelf.get(now_s + 1 + pause_s - 0.1) is None
        now_s += 1 + pause_s
    assert shelf.get(now_s) == "a"
    shelf.model.give_up("it failed", now_s + PROVED_S)
    assert f"next try in {FIRST_RETRY_S:g} s" in shelf.messages()[0]


def test_one_that_is_not_wanted_is_dropped_without_a_notice(shelf: Shelf) -> None:
    shelf.works = False
    shelf.get(0)
    shelf.model.drop()
    shelf.notices.note("model", "it is switched off")
    shelf.model.drop()
    assert [notice.message for notice in shelf.notices.active()] == ["it is switched off"]


@pytest.mark.parametrize(
    ("asked", "gpu", "kind"), [("auto", False, "note"), ("auto", True, "fallback"), ("cuda", False, "fallback")]
)
def test_a_processor_is_worth_a_note_where_there_is_no_gpu_and_a_fallback_where_one_was_to_run(
    monkeypatch: pytest.MonkeyPatch, asked: str, gpu: bool, kind: str
) -> None:
    monkeypatch.setattr(model_loader, "has_nvidia_gpu", lambda: gpu)
    notices = Notices(ManualClock())
    model = SimpleNamespace(wanted="cuda", as_wanted=False, providers=["CPUExecutionProvider"])
    check_provider(model, asked, "provider", notices)
    assert [(notice.kind, notice.stage) for notice in notices.active()] == [(kind, "provider")]
    model.as_wanted = True
    check_provider(model, asked, "provider", notices)
    assert notices.active() == ()


def test_one_that_failed_in_use_is_well_again_only_once_it_was_used(shelf: Shelf) -> None:
    shelf.get(0)
    shelf.model.give_up("it failed", 1)
    assert shelf.get(7) == "a"
    assert shelf.messages() == ["it failed; the stand-in is shown, next try in 5 s"]
    shelf.get(8)
    assert shelf.messages() != [], "that it is there says nothing"
    shelf.model.worked()
    assert shelf.messages() == []


def test_a_trouble_that_nobody_asks_about_is_dropped_and_what_works_stays(shelf: Shelf) -> None:
    shelf.works = False
    shelf.get(0)
    shelf.model.forget_trouble()
    assert shelf.messages() == []
    shelf.works = True
    assert shelf.get(1) == "a"
    shelf.model.forget_trouble()
    assert shelf.get(2) == "a"
    assert shelf.tries == [0, 1]
