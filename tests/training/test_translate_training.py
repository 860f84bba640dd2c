"""The repainting network's trainer: pairs are alike, losses mean what they say, steps resume, exports are what was trained."""

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.base.supervisor import StopSignal
from installation.commands import dispatch
from installation.generation.translator import Translator
from installation.training import (
    exports,
    translate,
    translate_check,
    translate_data,
    translate_export,
    translate_fit,
    translate_losses,
)
from installation.training.losses import read
from installation.training.several import Place
from installation.training.texture_data import DataError, load_pictures
from installation.training.translate_data import AFFECTS, CaptureSet, Pairs, load_captures, statistics
from installation.training.translate_net import GROUND, Heads, RepaintCritic, RepaintNet
from installation.types import EMOTIONS

COLUMNS = ("file", "kind", "sitting", "t_s", "scene", "people", *EMOTIONS, "valence", "arousal", "presence")


def blob(x: int, colour: tuple[int, int, int]) -> np.ndarray:
    picture = np.full((128, 128, 3), 6, np.uint8)
    cv2.circle(picture, (x, 64), 30, colour, -1, cv2.LINE_AA)
    return picture


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translate_data, "WINDOWS", 400)
        patch.setattr(translate_data, "SAMPLES", 40)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders of paintings, most of them dark with a light middle and the others bright, and of captures."""
    paintings, captures = tmp_path_factory.mktemp("paintings"), tmp_path_factory.mktemp("captures")
    rng = np.random.default_rng(1)
    for n in range(42):
        canvas = np.full((400, 420, 3), 14 if n < 30 else 190, np.uint8)
        cv2.circle(canvas, (210, 200), 120, tuple(int(v) for v in rng.integers(90, 220, 3)), -1)
        noise = rng.normal(0, 6, canvas.shape)
        cv2.imwrite(str(paintings / f"{n:02d}.png"), np.clip(canvas + noise, 0, 255).astype(np.uint8))
    rows = ["\t".join(COLUMNS)]
    for n in range(14):
        emotion = np.full(7, 0.02)
        emotion[n % 7] = 0.88
        kind = "clip" if n >= 10 else "picture"
        cv2.imwrite(str(captures / f"{n}.png"), blob(50 + 2 * n, (120 + 9 * n, 40 + 10 * n, 30)))
        numbers = [*(f"{p:.4f}" for p in emotion), "0.1", "0.2", "1.0"]
        rows.append("\t".join([f"{n}.png", kind, str(n // 10), "0.0", "blossom", "1", *numbers]))
    rows.append("\t".join(["", "end", *rows[-1].split("\t")[2:]]))
    (captures / "index.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return paintings, captures


@pytest.fixture(scope="module")
def pairs(data: tuple[Path, Path]) -> Pairs:
    return Pairs(load_pictures(data[0]), load_captures(data[1]), np.random.default_rng(1))


def test_captures_come_with_the_affect_they_ask_for_and_clips_apart(data: tuple[Path, Path]) -> None:
    found = load_captures(data[1])
    assert len(found.pictures) == 10
    assert [len(clip) for clip in found.clips] == [4]
    assert found.affects.shape == (10, AFFECTS)
    happy, sad = found.affects[EMOTIONS.index("happy")], found.affects[EMOTIONS.index("sad")]
    assert happy[0] > 0.4 > -0.2 > sad[0]


def test_a_dark_capture_is_shown_beside_dark_paintings(data: tuple[Path, Path], pairs: Pairs) -> None:
    shares = pairs.sources(300, np.random.default_rng(2))
    dark = sum(share for number, share in shares.items() if number < 30)
    assert dark > 0.85, "but for those taken from anywhere"
    assert max(shares.values()) < 0.15, "no painting gives all"


def test_what_a_capture_should_look_like_follows_what_it_asks_for(pairs: Pairs) -> None:
    rgb, affect, painting = pairs.batch(6, np.random.default_rng(3))
    assert rgb.shape == painting.shape == (6, 3, 128, 128)
    asked = pairs.target(rgb, affect, affect)
    assert asked.abs().max() <= 1.3
    brighter = pairs.target((1.3 * rgb).clamp(0, 1), affect, affect)
    assert (brighter[:, 0] >= asked[:, 0]).all(), "a brighter crop stays brighter"
    assert brighter[:, 0].mean() > asked[:, 0].mean()
    assert statistics(blob(64, (250, 250, 250)))[4] > 0.3, "the middle is lit"


def test_the_contrast_is_small_where_places_are_their_own_and_large_where_they_are_not() -> None:
    noise = torch.Generator().manual_seed(1)
    one = torch.nn.functional.normalize(torch.randn(2, 40, 16, generator=noise), dim=2)
    assert translate_losses.patch_contrast([one], [one]) < 0.1
    assert translate_losses.patch_contrast([one], [one.roll(1, 1)]) > 3


def test_what_moves_along_is_steady_and_what_stays_is_not() -> None:
    rng = np.random.default_rng(4)
    picture = torch.nn.functional.interpolate(
        torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(1)), size=96
    )
    motions = translate_losses.small_motions(2, rng)
    later, inside = translate_losses.moved(picture, motions)
    assert inside.mean() > 0.5
    form, room = torch.ones(2, 1, 96, 96), torch.zeros(2, 1, 96, 96)
    assert translate_losses.unsteadiness(picture, later, motions, form) < 1e-6
    assert translate_losses.unsteadiness(picture, picture, motions, form) > 0.02
    assert translate_losses.unsteadiness(picture, picture, motions, room) == 0, "the room behind stays"
    assert translate_losses.unsteadiness(picture, later, motions, room) > 0.02


def test_a_form_is_lit_and_a_room_is_not() -> None:
    seen = torch.from_numpy(blob(64, (200, 90, 30))).permute(2, 0, 1)[None].float() / 255
    assert translate_losses.lit(seen)[0, 0, 64, 64] == 1
    assert translate_losses.lit(seen)[0, 0, 5, 5] == 0


def test_the_critics_view_keeps_colours() -> None:
    rgb = torch.full((8, 3, 64, 64), 0.25)
    seen = translate_losses.augment(rgb, np.random.default_rng(5))
    assert seen.unique().tolist() in ([0.0, 0.25], [0.25])


def test_networks_fit_each_other_and_the_affect_counts() -> None:
    torch.manual_seed(1)
    network, heads, critic = RepaintNet(), Heads(), RepaintCritic()
    rgb = torch.rand(2, 3, 64, 96)
    features = network.encode(rgb)
    places = translate_losses.places(features, np.random.default_rng(1))
    assert [len(x) for x in heads(features, places)] == [2] * 4
    ground = torch.randn(2, GROUND, 16, 24)
    one, other = network(rgb, torch.zeros(2, 4), ground), network(rgb, torch.ones(2, 4), ground)
    assert one.shape == rgb.shape
    assert (one - other).abs().max() > 1e-4
    assert critic(rgb, torch.zeros(2, 4)).shape == (2, 8 * 12 + 4 * 6)


def options(data: tuple[Path, Path], out: Path, steps: int) -> list[str]:
    folders = ["--data", str(data[0]), "--captures", str(data[1]), "--out", str(out)]
    return ["train", *folders, "--steps", str(steps), "--batch", "2", "--seed", "3"]


@pytest.fixture(scope="module")
def run(data: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training of three steps, stopped after two."""
    folder = tmp_path_factory.mktemp("runs") / "mine"
    assert translate.main(options(data, folder, 2)) == 0
    assert translate.main(options(data, folder, 1)) == 0
    return folder


def test_training_goes_on_where_it_stopped(run: Path) -> None:
    trainer = translate_fit.load(run / "state.pt", Place())
    assert trainer.step == 3
    assert all(torch.isfinite(p).all() for p in trainer.generator.parameters())
    assert (run / "sheet-000003.jpg").is_file()
    steps, columns = read(run / "losses.csv")
    assert steps == [2, 3]
    assert set(columns) == set(translate_fit.LOSSES)
    assert cv2.imread(str(run / "losses.png")) is not None


# The exporter itself uses what its libraries have deprecated.
deprecated = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


@deprecated
def test_what_is_exported_was_trained_and_is_shown(
    run: Path, data: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(translate_check, "obedience", partial(translate_check.obedience, count=10))
    path = tmp_path / "mine.onnx"
    command = ["export", "mine", "--run", str(run), "--file", str(path)]
    assert dispatch.main([*command, "--captures", str(data[1])], StopSignal()) == 0
    printed = capsys.readouterr().out
    assert "repainting, step 3" in printed
    assert "asked and seen warmth, correlation: " in printed
    assert "left after the flow, painting over input: " in printed
    rgb = cv2.resize(blob(60, (200, 90, 30)), (100, 92))
    meant = translate_fit.in_training(translate_fit.load(run / "state.pt", Place()))(rgb, np.full(4, 0.3, np.float32))
    shown = Translator(path, "cpu").translate(rgb, np.full(4, 0.3, np.float32))
    assert np.abs(shown[:, :, :3].astype(int) - meant).max() <= 1
    assert (shown[:, :, 3] == 255).all()
    sheet = tmp_path / "sheet.png"
    show = ["gallery", str(path), "--columns", "2", "--size", "128", "--file", str(sheet)]
    assert dispatch.main(show, StopSignal()) == 2
    assert "run.py capture FOLDER" in capsys.readouterr().err
    assert dispatch.main([*show, "--captures", str(data[1])], StopSignal()) == 0
    drawn = cv2.imread(str(sheet))
    assert drawn.shape == (8 * 132 + 4, 84 + 2 * 132, 3)
    assert drawn[4 + 64, 84 + 64].max() > 100, "a capture with its form on top"


@deprecated
@pytest.mark.parametrize(
    ("gate", "value", "said"),
    [
        ("PARITY", 0.0, "ONNX and torch differ"),
        ("max_megabytes", 0.1, "the file has 1 MB"),
        ("max_ms", 0.0, "ms on one"),
    ],
)
def test_every_gate_can_refuse_and_what_was_there_stays(
    gate: str, value: float, said: str, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "mine.onnx"
    file.write_bytes(b"the one before")
    if gate == "PARITY":
        monkeypatch.setattr(translate_export, gate, value)
    else:
        changed = dataclasses.replace(exports.EXPORTERS["translate"], **{gate: value})
        monkeypatch.setitem(exports.EXPORTERS, "translate", changed)
    assert exports.main(["mine", "--run", str(run), "--file", str(file)]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("refused: ")
    assert said in printed
    assert file.read_bytes() == b"the one before"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.onnx"]


@deprecated
def test_what_was_not_measured_is_reported(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert translate.main(["export", "--out", str(run), "--file", str(tmp_path / "mine.onnx")]) == 0
    assert "not measured, for that needs captures" in capsys.readouterr().out
    no_clips = CaptureSet([blob(60, (200, 90, 30))] * 2, np.zeros((2, AFFECTS), np.float32), [], np.zeros((0, AFFECTS)))
    assert "flicker: not measured" in translate_check.figures(lambda rgb, _: rgb, no_clips)[-1]


def test_runs_that_cannot_be_exported_are_reported(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exports.kind_of(run) == "translate"
    assert exports.main(["mine", "--run", str(tmp_path / "none"), "--captures", str(tmp_path)]) == 2
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "state.pt").write_bytes(b"no checkpoint")
    assert exports.main(["mine", "--run", str(tmp_path / "broken")]) == 2
    assert "is broken" in capsys.readouterr().err
    with pytest.raises(ValueError, match="another kind: texture"):
        exports.export_as("texture", run, tmp_path / "mine.onnx", tmp_path)


def clips(shifts: tuple[int, ...]) -> CaptureSet:
    rng = np.random.default_rng(6)
    wide = cv2.resize(rng.integers(0, 200, (20, 20, 3), np.uint8), (200, 128), interpolation=cv2.INTER_CUBIC)
    moving = [np.ascontiguousarray(wide[:, 10 + shift : 138 + shift]) for shift in shifts]
    return CaptureSet([], np.zeros((0, AFFECTS), np.float32), [moving], np.zeros((1, AFFECTS), np.float32))


def test_flicker_is_one_for_a_copy_and_more_for_noise() -> None:
    moving = clips((0, 2, 4, 6))
    copy = translate_check.flicker(lambda rgb, affect: rgb, moving)
    assert copy["painting over input"] == pytest.approx(1)
    assert copy["left after the flow, painting over input"] == pytest.approx(1)
    rng = np.random.default_rng(1)

    def noisy(rgb: np.ndarray, _affect: np.ndarray) -> np.ndarray:
        return np.clip(rgb + rng.normal(20, 10, rgb.shape), 0, 255).astype(np.uint8)

    shaken = translate_check.flicker(noisy, moving)
    assert shaken["painting over input"] > 1.2
    assert shaken["left after the flow, painting over input"] > 2
    with pytest.raises(ValueError, match="clips"):
        translate_check.flicker(noisy, clips((0, 0)))


def test_obedience_is_seen_where_there_is_any() -> None:
    rough = np.random.default_rng(1).integers(100, 140, (64, 64, 1)).repeat(3, 2).astype(np.uint8)
    shown = CaptureSet([rough], np.zeros((1, AFFECTS), np.float32), [], np.zeros((0, AFFECTS), np.float32))

    def obeys(rgb: np.ndarray, affect: np.ndarray) -> np.ndarray:
        return (
            120 + (rgb - 120.0) * (1 + 0.5 * affect[3]) + 60 * affect[0] + 20 * affect[2] * np.array([1, 0, -1])
        ).astype(np.uint8)

    found = translate_check.obedience(obeys, shown, count=30)
    assert found["asked and seen warmth, correlation"] > 0.8
    assert found["asked and seen valence, correlation"] > 0.6
    assert found["asked and seen roughness, correlation"] > 0.8
    assert abs(found["asked and seen arousal, correlation"]) < 0.9


def test_bad_folders_are_reported(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"run\.py capture"):
        load_captures(tmp_path)
    assert translate.main(["export", "--out", str(tmp_path)]) == 2
    assert translate.main(["sheet", "--model", str(tmp_path / "none.onnx"), "--captures", str(tmp_path)]) == 2
