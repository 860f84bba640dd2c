"""The texture trainer: steps run, checkpoints resume where they stopped, what is exported is what was trained."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.generation import picture_features
from installation.generation.generator import TextureGenerator
from installation.training import texture, texture_data, texture_export, texture_fit
from installation.training.running import RefusedError
from installation.training.several import Place
from installation.training.texture_begin import begin_from, generator_of
from installation.training.texture_calibrate import calibrate
from installation.training.texture_check import INPUTS, own_requests
from installation.training.texture_data import AffectScale, DataError, crops, features, load_pictures, split
from installation.training.texture_eye import grain, lattice, palette, random_eye, style_distance, vgg16, views
from installation.training.texture_fit import TextureTrainer
from installation.training.texture_net import (
    AFFECT,
    CELL_PX,
    ExportedTexture,
    TextureNet,
    all_latents,
    double,
    regions,
    soften,
    wrap,
)

SCALE = AffectScale(torch.tensor([0.3, 0.1, 0.1, -2.5]), torch.tensor([0.1, 0.1, 0.1, 0.4]))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(1)
    for number in range(3):
        small = rng.integers(0, 255, (8, 10, 3), np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), cv2.resize(small, (320, 256), interpolation=cv2.INTER_CUBIC))
    return folder


@pytest.fixture(scope="module")
def generator() -> TextureNet:
    torch.manual_seed(4)
    made = TextureNet().eval()
    for name, value in made.named_parameters():
        if name.endswith("bias"):
            # As after training: no two alike, or the exporter stores them once.
            torch.nn.init.normal_(value, std=0.02)
    return made


@pytest.fixture(scope="module")
def exported(generator: TextureNet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``generator`` in a file, of step 7."""
    path = tmp_path_factory.mktemp("exported") / "theirs.onnx"
    texture_export.write(generator, path, SCALE, 7)
    return path


def options(pictures: Path, out: Path, steps: int) -> list[str]:
    command = [
        "train",
        "--data",
        str(pictures),
        "--out",
        str(out),
        "--steps",
        str(steps),
        "--batch",
        "4",
        "--crop",
        "64",
    ]
    return [*command, "--precision", "fp32", "--scale-crops", "40", "--device", "cpu"]


@pytest.mark.long
def test_training_runs_stores_and_goes_on(pictures: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        assert texture.main(options(pictures, tmp_path, 1)) == 0
        first, _, step = texture_fit.load_average(tmp_path / "state.pt")
        assert step == 1
        assert texture.main(options(pictures, tmp_path, 1)) == 0
    second, scale, step = texture_fit.load_average(tmp_path / "state.pt")
    assert step == 2
    assert "resuming at step 1" in caplog.text
    assert "min left" in caplog.text
    assert "the eye is random" in caplog.text
    assert all(torch.isfinite(p).all() for p in second.parameters())
    assert not torch.equal(first.to_rgb.weight, second.to_rgb.weight)
    assert (scale.deviation > 0).all()
    assert (tmp_path / "sheet-000002.png").is_file()
    rows = (tmp_path / "losses.csv").read_text().splitlines()
    assert rows[0].startswith("step,")
    assert [row.split(",")[0] for row in rows[1:]] == ["1", "2"]


def test_a_checkpoint_gives_back_the_very_trainer(pictures: Path, tmp_path: Path) -> None:
    """Resuming from a file and going on without one are the same step."""
    loaded, eye = load_pictures(pictures), random_eye(torch.float32)
    batch = crops(loaded, 4, np.random.default_rng(3), 64)
    trainer = TextureTrainer.begin(SCALE, eye, Place(), batch)
    trainer.train_on(batch, np.random.default_rng(4))
    texture_fit.save(trainer, tmp_path / "state.pt")
    again = texture_fit.load(tmp_path / "state.pt", eye, Place())
    losses = []
    for one in (trainer, again):
        torch.manual_seed(6)
        losses.append(one.train_on(batch, np.random.default_rng(5)))
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


@pytest.mark.long
def test_steps_lower_what_they_are_to_lower(pictures: Path) -> None:
    """A few steps on the same crops bring affect and palette nearer to what was asked for."""
    torch.manual_seed(1)
    rng = np.random.default_rng(3)
    batch = crops(load_pictures(pictures), 4, rng, 64)
    trainer = TextureTrainer.begin(SCALE, random_eye(torch.float32), Place(), batch)
    losses_of = [trainer.train_on(batch, rng) for _ in range(6)]
    assert np.mean([losses["affect"] for losses in losses_of[-2:]]) < 0.8 * losses_of[0]["affect"]


def test_the_exported_network_is_the_trained_one_at_every_size(generator: TextureNet, exported: Path) -> None:
    texture_export.check_parity(generator, exported)
    walker = TextureGenerator(exported, 80, seed=1)
    drawn = walker.generate(np.zeros(4, np.float32), 0.0)
    inputs = {name: torch.from_numpy(value) for name, value in walker.walk.at(0.0).items()}
    with torch.no_grad():
        meant = ExportedTexture(generator)(*(inputs[name] for name in INPUTS[:-1]), torch.zeros(1, 4))
    assert np.abs(drawn.astype(int) - meant.numpy().astype(int)).max() <= 1
    assert walker.cell_px == CELL_PX
    assert np.allclose(walker.scale.mean, SCALE.mean.numpy())
    assert np.allclose(walker.scale.deviation, SCALE.deviation.numpy())
    other = TextureNet().eval()
    with pytest.raises(RefusedError, match="differ by"):
        texture_export.check_parity(other, exported)


@pytest.mark.long
def test_a_training_begins_with_an_exported_generator(
    generator: TextureNet,
    exported: Path,
    pictures: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for drawing in ("write_sheet", "plot"):
        monkeypatch.setattr(texture, drawing, lambda *_: None)
    read, name = generator_of(exported)
    assert name == "theirs.onnx, step 7"
    texture_export.check_parity(read, exported)
    batch = crops(load_pictures(pictures), 4, np.random.default_rng(3), 64)
    trainer = TextureTrainer.begin(SCALE, random_eye(torch.float32), Place(), batch)
    begin_from(trainer, exported)
    for part in (trainer.generator, trainer.average):
        for key, value in generator.state_dict().items():
            assert torch.equal(part.state_dict()[key], value), key
    with caplog.at_level("INFO"):
        for _ in range(2):
            assert texture.main([*options(pictures, tmp_path / "run", 1), "--begin-from", str(exported)]) == 0
    assert "begins with the generator of theirs.onnx, step 7" in caplog.text
    assert "resuming at step 1, begun with theirs.onnx, step 7" in caplog.text
    assert "this one resumes" in caplog.text
    _, scale, _ = texture_fit.load_average(tmp_path / "run" / "state.pt")
    assert not torch.allclose(scale.mean, SCALE.mean), "the scale is that of the new pictures"


def test_other_networks_are_not_begun_with(exported: Path, tmp_path: Path) -> None:
    import onnx

    path = tmp_path / "theirs.onnx"
    with pytest.raises(DataError, match="is not there"):
        generator_of(path)
    path.write_bytes(b"no network")
    with pytest.raises(DataError, match="is no ONNX file"):
        generator_of(path)
    model = onnx.load(str(exported))
    # The same weights in a graph that does something else with them.
    sigmoid = next(node for node in model.graph.node if node.op_type == "Sigmoid")
    sigmoid.op_type = "Tanh"
    onnx.save(model, str(path))
    with pytest.raises(DataError, match="paints otherwise"):
        generator_of(path)
    del model.graph.initializer[:]
    onnx.save(model, str(path))
    with pytest.raises(DataError, match="another network"):
        generator_of(path)


@pytest.mark.long
def test_an_untrained_network_is_not_exported(generator: TextureNet, tmp_path: Path) -> None:
    """It does not do what it is asked for: the gate says on which axis, and what was there stays."""
    path = tmp_path / "texture.onnx"
    path.write_bytes(b"the one before")
    with pytest.raises(RefusedError, match="correlate at"):
        texture_export.export(generator, path, SCALE, 0, pictures=8)
    assert path.read_bytes() == b"the one before"
    assert [file.name for file in tmp_path.iterdir()] == ["texture.onnx"]


def test_the_generator_is_a_torus(generator: TextureNet) -> None:
    coarse, fine, style, second, blend = all_latents(4, torch.Generator().manual_seed(1))
    wish = torch.zeros(1, 4)
    with torch.no_grad():
        for more in ((None, None), (second, blend)):
            still = generator(coarse, fine, style, wish, *more)
            for axis in (2, 3):
                turned = more if more[1] is None else (second, blend.roll(1, axis))
                found = generator(coarse.roll(1, axis), fine.roll(4, axis), style, wish, *turned)
                assert torch.allclose(still.roll(16, axis), found, atol=1e-4)


def test_every_input_counts(generator: TextureNet) -> None:
    exported = ExportedTexture(generator)
    inputs = [*all_latents(4, torch.Generator().manual_seed(1)), torch.zeros(1, AFFECT)]
    assert len(inputs) == len(INPUTS)
    with torch.no_grad():
        before = exported(*inputs).int()
        for k, value in enumerate(inputs):
            changed = [*inputs[:k], value + torch.randn(value.shape), *inputs[k + 1 :]]
            assert (exported(*changed).int() - before).abs().max() > 1, INPUTS[k]


def test_two_styles_each_have_their_regions(generator: TextureNet) -> None:
    coarse, fine, style, second, _ = all_latents(16, torch.Generator().manual_seed(2))
    wish = torch.zeros(1, 4)
    sides = torch.full((1, 1, 16, 16), 9.0)
    sides[..., 8:] = -9.0
    share = regions(sides)
    assert share[0, 0, 8, 4] > 0.99
    assert share[0, 0, 8, 12] < 0.01
    noise = regions(torch.randn(8, 1, 64, 64, generator=torch.Generator().manual_seed(3)))
    assert 0.3 < ((noise < 0.2) | (noise > 0.8)).float().mean() < 0.8, "regions, and soft borders between them"
    with torch.no_grad():
        mixed = generator(coarse, fine, style, wish, second, sides)
        first, other = generator(coarse, fine, style, wish), generator(coarse, fine, second, wish)
    right, left = (slice(160, 224), slice(32, 96))
    assert torch.allclose(mixed[..., right], first[..., right], atol=0.02)
    assert torch.allclose(mixed[..., left], other[..., left], atol=0.02)


class Crooked(torch.nn.Module):
    """In the place of a generator: plain pictures, less bright and less warm than asked, and warmth spoils brightness."""

    def forward(
        self, coarse: torch.Tensor, _f: object, _s: object, affect: torch.Tensor, _o: object, _b: object
    ) -> torch.Tensor:
        side = 16 * coarse.shape[2]
        bright = 0.5 + 0.12 * affect[:, 0] - 0.06 * affect[:, 2]
        red, blue = bright + 0.05 * affect[:, 2], bright - 0.05 * affect[:, 2]
        rgb = torch.stack([red, bright, blue], 1)[:, :, None, None].expand(-1, -1, side, side)
        return (rgb + 0.02 * torch.randn(rgb.shape)).clamp(0, 1)


def test_a_crooked_generator_is_asked_so_that_it_paints_what_was_meant() -> None:
    scale = AffectScale(torch.tensor([0.35, -0.15, 0.0, -3.6]), torch.tensor([0.1, 0.05, 0.1, 0.4]))
    torch.manual_seed(1)
    crooked = Crooked()
    bend = calibrate(crooked, scale, 120)  # type: ignore[arg-type]
    wanted = own_requests(60, seed=99)
    errors = []
    for correction in (None, bend):
        paint = ExportedTexture(crooked, correction).eval()  # type: ignore[arg-type]
        with torch.no_grad():
            made = [paint(*all_latents(4), one[None])[:, :, :3].permute(2, 0, 1)[None].float() / 255 for one in wanted]
        # Roughness it cannot do at all.
        errors.append(float((scale(torch.cat(made)) - wanted)[:, :3].square().mean()))
    assert errors[1] < 0.85 * errors[0]


def test_wrapping_doubling_and_softening() -> None:
    x = torch.arange(9.0).reshape(1, 1, 3, 3)
    assert wrap(x)[0, 0, 0].tolist() == [8, 6, 7, 8, 6]
    assert double(x).shape == (1, 1, 6, 6)
    assert double(torch.ones(1, 2, 5, 4)).unique().tolist() == [1]
    # The margin is what lies on the other side.
    assert torch.allclose(double(x, 2)[:, :, 2:-2, 2:-2], double(x))
    assert torch.allclose(double(x, 2)[:, :, :2, 2:-2], double(x)[:, :, -2:])
    board = (torch.arange(8)[:, None] + torch.arange(8)).remainder(2).float().expand(1, 3, 8, 8)
    assert torch.allclose(soften(board), torch.full((1, 3, 8, 8), 0.5))


def test_features_point_the_right_way() -> None:
    def plain(r: float, g: float, b: float) -> torch.Tensor:
        return torch.tensor([r, g, b])[None, :, None, None].expand(1, 3, 64, 64)

    bright, dark = features(plain(0.9, 0.9, 0.9)), features(plain(0.1, 0.1, 0.1))
    red, blue = features(plain(0.8, 0.2, 0.2)), features(plain(0.2, 0.2, 0.8))
    assert bright[0, 0] > dark[0, 0], "brightness pleases"
    assert red[0, 1] > bright[0, 1], "saturation arouses"
    assert red[0, 2] > 0 > blue[0, 2]


def test_training_and_the_running_piece_measure_alike() -> None:
    drawn = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    ours = features(torch.from_numpy(drawn).permute(2, 0, 1)[None].float() / 255)[0]
    assert np.allclose(ours.numpy(), picture_features.features(drawn), atol=1e-4)


def test_a_hatch_is_less_rough_than_strokes_of_the_same_contrast() -> None:
    """Roughness asks at several scales: a pattern as fine as the pixels is no cheap way to it."""
    noise = torch.Generator().manual_seed(1)
    strokes = torch.nn.functional.interpolate(torch.rand(1, 1, 16, 16, generator=noise), scale_factor=4.0)
    hatch = torch.rand(1, 1, 1, 1) * 0 + torch.arange(64).remainder(2).float().expand(1, 1, 64, 64)
    rough = [features(one.expand(1, 3, 64, 64))[0, 3] for one in (torch.zeros(1, 1, 64, 64), hatch, strokes)]
    assert rough[0] < rough[1] < rough[2]


def test_affect_is_measured_in_the_training_pictures_own_units(pictures: Path) -> None:
    rng = np.random.default_rng(2)
    loaded = load_pictures(pictures)
    measured = AffectScale.of(loaded, rng, 300)(crops(loaded, 300, rng))
    assert measured.mean(0).abs().max() < 0.15
    assert (measured.std(0) - 0.5).abs().max() < 0.1


def test_pages_margins_are_not_trained_on() -> None:
    page = np.full((640, 1280, 3), 255, np.uint8)
    page[:, 500:] = 90
    drawn = crops([page], 40, np.random.default_rng(1))
    assert (drawn > 0.97).float().mean((1, 2, 3)).max() < 0.12


def test_held_out_pictures_are_not_trained_on() -> None:
    pictures = [np.full((2, 2, 3), k, np.uint8) for k in range(98)]
    known, held = split(pictures)
    assert len(known) + len(held) == 98
    assert len(held) == 12
    assert not {int(p[0, 0, 0]) for p in known} & {int(p[0, 0, 0]) for p in held}
    assert split(pictures[:5]) == (pictures[:5], pictures[:5])


def test_style_is_blind_to_place_and_sees_another_texture() -> None:
    noise = torch.Generator().manual_seed(1)
    small = torch.rand(1, 3, 16, 16, generator=noise)
    blobs = torch.nn.functional.interpolate(small, scale_factor=8.0, mode="bilinear")
    grain = torch.rand(1, 3, 128, 128, generator=noise)
    eye = random_eye(torch.float32)
    look = [eye(views(picture, (0, 0))) for picture in (blobs, blobs.flip(3), grain)]
    moved, other = style_distance(look[1], look[0]).mean(), style_distance(look[2], look[0]).mean()
    assert moved < 0.5 * other
    assert style_distance(look[0], look[0]).max() < 1e-4
    assert palette(blobs).shape == (1, 39)
    assert torch.allclose(palette(blobs), palette(blobs.flip(2)), atol=1e-5)


def test_what_is_locked_to_the_grid_is_distinguished_from_what_only_repeats() -> None:
    noise = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(1)).expand(1, 3, 64, 64)
    across = torch.arange(64) * 2 * np.pi
    locked, free = 0.2 * torch.cos(across / 4), 0.2 * torch.cos(across / 5.3)
    shares = [float(lattice(noise * 0.5 + extra)[0]) for extra in (torch.zeros(64), free, locked)]
    assert shares[0] < 0.02
    assert shares[1] < 0.02
    assert shares[2] > 0.1
    # Turning the torus does not hide it.
    assert float(lattice((noise * 0.5 + locked).roll(1, 3))[0]) == pytest.approx(shares[2], abs=0.01)


def test_edges_that_stand_on_the_borders_of_cells_are_reported() -> None:
    noise = torch.rand(4, 1, 64, 64, generator=torch.Generator().manual_seed(1)).expand(4, 3, 64, 64)
    blocks = torch.nn.functional.interpolate(noise[:, :, :16, :16], scale_factor=4.0)
    assert float(lattice(noise)[1]) < 0.01
    assert float(lattice(blocks)[1]) > 0.5


def test_grain_sees_a_hatch_of_any_period() -> None:
    noise = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(1)).expand(1, 3, 64, 64)
    lines = 0.3 * torch.cos(torch.arange(64) * 2 * np.pi / 5.3)
    plain, hatched = grain(noise), grain(noise + lines)
    assert plain[0, 8, 8] == pytest.approx(1, abs=0.01)
    assert plain[0, 8, 5].abs() < 0.15
    assert hatched[0, 8, 5] < plain[0, 8, 5] - 0.2


def test_bad_folders_are_reported(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no pictures"):
        load_pictures(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"a\.jpg"):
        load_pictures(tmp_path)
    with pytest.raises(DataError, match="not there"):
        vgg16(tmp_path / "vgg.onnx", torch.float32)
    torch.save({"step": 1}, tmp_path / "state.pt")
    with pytest.raises(DataError, match="another version"):
        texture_fit.load_average(tmp_path / "state.pt")
    assert texture.main(["export", "--out", str(tmp_path / "none")]) == 2
    assert texture.main(["evaluate", "--model", str(tmp_path / "missing.onnx")]) == 2
    assert texture_data.CROP_PX == 128
