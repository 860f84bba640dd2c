"""The art laboratory: works read from a table, questions, folds that keep artists apart, and readings of made pictures."""

import csv
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.files import ROOT
from installation.evaluation import art
from installation.generation.evoked import EVOKED
from installation.training.art.fit import Around, Lesson, Pace, class_weights, fit_network, kept_aside
from installation.training.art.global_features import NAMES, TEXTURES, global_features, perlin
from installation.training.art.mistake import one_unit
from installation.training.art.models import models
from installation.training.art.networks import Global, ShallNet
from installation.training.art.readings import Readings, joined, keep
from installation.training.art.scores import accuracy, auc, correlation, figure, folds
from installation.training.art.stack import stacked
from installation.training.art.tasks import GROUP4, NAMED_BY, TASKS, THESIS, group4, thesis, twenty
from installation.training.art.works import Works, load_works, part_of, read_picture
from installation.training.running import DataError

WARM, COLD = (40, 120, 230), (120, 60, 20)
"""BGR."""


def row(file: str, artist: str, warm: bool) -> dict[str, str]:
    """A work that warm colours make happy and cold ones sad."""
    shares = {f"{kind}_{name}": "0" for kind in ("img", "art") for name in EVOKED}
    for kind in ("img", "art"):
        shares |= {f"{kind}_happiness": "0.8" if warm else "0.1", f"{kind}_sadness": "0.1" if warm else "0.7"}
    return {"file": file, "artist": artist, "group4": "happiness" if warm else "sadness", **shares}


def write_works(folder: Path, rows: list[dict[str, str]]) -> None:
    (folder / "img").mkdir(parents=True, exist_ok=True)
    with (folder / "index.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), delimiter="\t")
        table.writeheader()
        table.writerows(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty works of twenty artists; each artist paints warm and cold."""
    found = tmp_path_factory.mktemp("works")
    rng = np.random.default_rng(1)
    rows = [row(f"{n}.png", f"artist {n % 20}", n % 3 != 0) for n in range(80)]
    write_works(found, rows)
    for one in rows:
        colour = WARM if one["group4"] == "happiness" else COLD
        noise = rng.normal(0, 18, (224, 224, 3)) + rng.normal(0, 12, 3)
        cv2.imwrite(str(found / "img" / one["file"]), np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8))
    return found


@pytest.fixture(scope="module")
def works(folder: Path) -> Works:
    return load_works(folder)


def test_works_are_read(works: Works) -> None:
    assert len(works) == 80
    assert works.evoked.shape == works.with_title.shape == (80, 20)
    assert works.evoked[1, EVOKED.index("happiness")] == np.float32(0.8)
    assert read_picture(works.files[0]).shape == (224, 224, 3)


def test_a_part_of_the_works_has_as_many_artists_as_can_be(works: Works) -> None:
    part = part_of(works, 25)
    assert len(part) == len(part.evoked) == len(part.group4) == 25
    assert len(set(part.artists)) == 20
    assert [works.artists[works.files.index(file)] for file in part.files] == list(part.artists)
    assert part_of(works, 500).files == works.files


@pytest.mark.long
def test_the_afternoon_s_experiment_runs_as_a_student_runs_it(folder: Path, tmp_path: Path) -> None:
    script = [sys.executable, str(ROOT / "examples" / "art" / "afternoon.py"), "--data", str(folder)]
    said = subprocess.run(
        [*script, "--out", str(tmp_path), "--works", "60", "--models", "majority", "colour"],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    ).stdout
    assert "60 works by 20 artists" in said
    assert "| colour, artists mixed | " in said
    colour = next(line for line in said.splitlines() if line.startswith("| colour: "))
    assert "group4: balanced accuracy" in said
    assert float(colour.split("|")[2].split()[0]) > 0.9
    assert "## done" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"img_fear": "much"}, r"index.tsv:2: img_fear is no number: 'much'"),
        ({"art_fear": "1.5"}, "index.tsv:2: a share is not between 0 and 1"),
        ({"img_fear": "nan"}, "index.tsv:2: a share is not between 0 and 1"),
        ({"file": "gone.png"}, "gone.png is not there"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, change: dict[str, str], said: str) -> None:
    write_works(tmp_path, [row("0.png", "somebody", True) | change])
    cv2.imwrite(str(tmp_path / "img" / "0.png"), np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(DataError, match=said):
        load_works(tmp_path)


def test_a_folder_without_works_and_a_table_without_a_column_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--data FOLDER"):
        load_works(tmp_path)
    short = row("0.png", "somebody", True)
    del short["img_trust"]
    write_works(tmp_path, [short])
    with pytest.raises(DataError, match="no column img_trust"):
        load_works(tmp_path)


def test_a_picture_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"none")
    with pytest.raises(DataError, match="no picture that can be read"):
        read_picture(tmp_path / "x.png")


def test_questions(works: Works) -> None:
    assert group4(works).classes == GROUP4
    assert group4(works).counted.all()
    assert (group4(works).target.sum(1) == 1).all()
    assert twenty(works).target is works.evoked
    found = thesis(works)
    assert found.classes == tuple(THESIS)
    assert {found.classes[k] for k in found.labels} == {"positive", "negative"}


def test_a_tie_and_a_work_without_a_group_do_not_count(works: Works) -> None:
    tied = works.evoked.copy()
    tied[0] = 0
    tied[0, [EVOKED.index("happiness"), EVOKED.index("fear")]] = 0.5
    other = Works(works.files, works.artists, tied, works.with_title, ("", *works.group4[1:]))
    assert not thesis(other).counted[0]
    assert not group4(other).counted[0]


@pytest.mark.parametrize("name", TASKS)
def test_no_artist_is_learnt_from_and_read(works: Works, name: str) -> None:
    task = TASKS[name](works)
    read_rows = []
    for learn, read in folds(task, works.artists):
        assert not {works.artists[k] for k in learn} & {works.artists[k] for k in read}
        read_rows += list(read)
    assert sorted(read_rows) == list(np.flatnonzero(task.counted))


def test_figures_know_right_from_wrong() -> None:
    rng = np.random.default_rng(2)
    artists = [f"a{k % 30}" for k in range(300)]
    named = rng.uniform(0, 1, 300).astype(np.float32)
    right, wrong = auc(named, named, artists, 50), auc(named, rng.uniform(0, 1, 300).astype(np.float32), artists, 50)
    assert right is not None
    assert (right.value, right.low, right.high) == pytest.approx((1, 1, 1))
    assert wrong is not None
    assert wrong.low < 0.5 < wrong.high
    assert correlation(named, -named, artists, 20).value == pytest.approx(-1)
    assert correlation(named, np.ones(300, np.float32), artists, 20).value == 0
    labels = rng.integers(0, 3, 300)
    balanced, macro = accuracy(labels, np.eye(3, dtype=np.float32)[labels], artists)
    assert balanced.value == macro.value == 1
    assert accuracy(labels, np.eye(3, dtype=np.float32)[np.zeros(300, int)], artists)[0].value == pytest.approx(1 / 3)


def test_too_few_works_have_no_auc() -> None:
    named = np.full(100, NAMED_BY - 0.1, np.float32)
    named[:5] = 0.9
    assert auc(named, named, ["a"] * 100, 5) is None


def test_an_interval_is_wider_where_one_hand_made_many() -> None:
    values = np.repeat(np.random.default_rng(3).normal(0, 1, 10), 30)

    def width(artists: list[str]) -> float:
        found = figure(lambda rows: float(values[rows].mean()), artists, 300)
        return found.high - found.low

    assert width([str(k // 30) for k in range(300)]) > 2 * width([str(k) for k in range(300)])


def test_thirteen_numbers_of_a_picture() -> None:
    white, red = np.full((60, 80, 3), 255, np.uint8), np.zeros((60, 80, 3), np.uint8)
    red[..., 0] = 200
    found = global_features(white)
    assert found.shape == (13,) == (len(NAMES),)
    assert found[0] == pytest.approx(1, abs=1e-3)
    assert np.isfinite(found).all()
    assert (global_features(white) == found).all(), "the same each time"
    palettes = dict(zip(NAMES, global_features(red), strict=True))
    assert palettes["palette of anger"] > palettes["palette of happiness"] > palettes["palette of fear"] - 60
    assert palettes["palette of anger"] == max(v for k, v in palettes.items() if k.startswith("palette"))


def test_which_way_round_a_picture_hangs_says_nothing_about_its_palette() -> None:
    rgb = np.random.default_rng(4).integers(0, 255, (64, 64, 3), np.uint8)
    assert global_features(rgb[::-1])[7:] == pytest.approx(global_features(rgb)[7:], abs=1.5)


def test_noise_is_smooth_and_repeats() -> None:
    coarse, fine = perlin(224, 100, 1, 0.5, 2), perlin(224, 8, 1, 0.5, 2)
    assert (perlin(224, 100, 1, 0.5, 2) == coarse).all()
    steps = [np.abs(np.diff(one.astype(float), axis=0)).mean() for one in (coarse, fine)]
    assert steps[0] < steps[1] / 4
    assert all(perlin(224, *texture).std() > 0.5 for texture in TEXTURES[:5])


def test_a_network_learns_and_gives_shares() -> None:
    rng = np.random.default_rng(5)
    seen = rng.uniform(0, 1, (200, 13)).astype(np.float32)
    target = np.eye(2, dtype=np.float32)[(seen[:, 0] > 0.5).astype(int)]
    lesson = Lesson(seen, target, np.arange(200) % 40, True, 0)
    read = fit_network(lambda: Global(2), lesson, Pace(150, 1e-2, patience=40))
    shares = read(seen)
    assert shares.sum(1) == pytest.approx(np.ones(200), abs=1e-5)
    assert (shares.argmax(1) == target.argmax(1)).mean() > 0.85
    again = fit_network(lambda: Global(2), lesson, Pace(150, 1e-2, patience=40))
    assert (again(seen) == shares).all()


def test_who_is_kept_aside_is_whole_artists() -> None:
    artist = np.arange(100) % 20
    aside = kept_aside(artist, 1)
    assert 0 < aside.sum() < 30
    assert not set(artist[aside]) & set(artist[~aside])


def test_rare_classes_weigh_more() -> None:
    weights = class_weights(np.eye(2, dtype=np.float32)[[0, 0, 0, 1]])
    assert weights == pytest.approx([4 / 6, 2])


def test_shallnet_has_the_thesis_shape() -> None:
    import torch

    assert ShallNet(7)(torch.zeros(2, 3, 128, 128)).shape == (2, 7)


def test_the_mistake_scores_what_noise_scores(works: Works) -> None:
    lines = one_unit(works)
    cells = [line.strip("| ").split(" | ") for line in lines[2:]]
    assert [cell[0] for cell in cells] == list(THESIS)
    assert all(cell[1] == cell[2] for cell in cells), "its accuracy is how many there are"


def test_every_model_says_what_it_is() -> None:
    for name, model in models(Path()).items():
        assert model.about, name
        assert model.looks, name


def test_the_command_measures_and_leaves_tables(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [
        "--data",
        str(folder),
        "--out",
        str(tmp_path),
        "--models",
        "majority",
        "colour",
        "--tasks",
        "group4",
        "twenty",
    ]
    assert art.main(options) == 0
    said = capsys.readouterr().out
    assert "80 works by 20 artists" in said
    assert "| colour: 38 numbers of colour alone | 1.00 (1.00 to 1.00)" in said, "warm and cold are told apart"
    assert "| majority: what most pictures are | 0.50" in said
    assert (tmp_path / "table.md").read_text(encoding="utf-8").startswith("80 works")
    assert np.load(tmp_path / "readings" / "majority, group4.npz")["shares"].shape == (80, 4)
    assert list((tmp_path / "seen").glob("colours-*.npy"))


def test_what_earlier_runs_read_is_joined(works: Works, tmp_path: Path) -> None:
    task = twenty(works)
    old, other = (
        Readings(name, task, np.full((80, 20), value, np.float32), 3.0) for name, value in (("a", 0), ("b", 1))
    )
    keep(old, tmp_path)
    keep(Readings("of other works", task, old.shares[:7], 1.0), tmp_path)
    found = joined([other], {"twenty": task}, ["of other works", "a", "b", "c"], tmp_path)
    assert [one.model for one in found] == ["a", "b"]
    assert (found[0].shares == old.shares).all()
    assert found[0].seconds == 3
    again = Readings("a", task, old.shares + 1, 1.0)
    assert joined([again], {"twenty": task}, ["a"], tmp_path) == [again], "what is read now is not looked up"


def test_answers_follow_from_shares() -> None:
    """Nothing tells the classes apart but the shares that works by other artists teach."""
    rng = np.random.default_rng(6)
    happy = (np.arange(120) // 20) % 2
    seen = (rng.normal(0, 1, (120, 12)) + 1.5 * happy[:, None] * (np.arange(12) < 3)).astype(np.float32)
    shares = np.full((120, 20), 0.1, np.float32)
    shares[:, EVOKED.index("happiness")] += 0.6 * happy
    artist, rows = np.arange(120) % 15, np.arange(0, 120, 2)
    target = np.eye(2, dtype=np.float32)[happy]
    lesson = Lesson(seen[rows], target[rows], artist[rows], True, 0, Around(seen, shares, artist, rows))
    said = stacked(lesson)(seen[1::2])
    assert said.sum(1) == pytest.approx(np.ones(60), abs=1e-5)
    assert (said.argmax(1) == happy[1::2]).mean() > 0.85


def test_works_that_are_not_there_end_it_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert art.main(["--data", str(tmp_path)]) == 2
    assert "--data FOLDER" in capsys.readouterr().err
