"""The painter of pictures: what it is asked, how it is shown, whether it learns, goes on and comes out as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor

from installation.base.files import ROOT
from installation.training import paint_correct, paint_run
from installation.training.interrupt import Stop
from installation.training.paint import settings_of, train_parser
from installation.training.paint_composition import COMPOSITION, TRUST, Composition, laid_over
from installation.training.paint_correct import TOLD, bent, correction, summary
from installation.training.paint_critic import Critic, spread
from installation.training.paint_data import load_views, squares, store_views
from installation.training.paint_export import ExportedPainter, example, parity, refuse, rounded, write
from installation.training.paint_eyes import LITE0, Lite0
from installation.training.paint_gauge import border_ratio
from installation.training.paint_layouts import SceneLayouts, load_scene_layouts, plain_layout, requests
from installation.training.paint_losses import layout_loss
from installation.training.paint_net import Painter, double, draw
from installation.training.paint_run import Run
from installation.training.paint_scenes import scenes
from installation.training.paint_settings import PaintSettings
from installation.training.paint_state import keep, load_average, read_state, restore
from installation.training.paint_steer import Steering
from installation.training.paint_watch import Heart
from installation.training.running import DataError, RefusedError
from installation.training.texture_data import AffectScale

SHIPPED = ROOT / "models" / "paint_ema.pt"


def eyes_of(path: Path) -> Path:
    """Networks of the right shapes and no sense."""
    noise = np.random.default_rng(1)
    channels = (32, 16, 24, 24, 40, 40, 80, 80, 80, 112, 112, 112, 192, 192, 192, 192, 320)
    stored = {}

    def put(name: str, out: int, inward: int, kernel: int) -> None:
        scale = (2 / (inward * kernel * kernel)) ** 0.5
        stored[name + ".w"] = noise.normal(0, scale, (out, inward, kernel, kernel)).astype(np.float16)
        stored[name + ".b"] = np.zeros(out, np.float16)

    put("eff.stem", 32, 3, 3)
    for i, (kernel, _) in enumerate(LITE0):
        wide = channels[i] * (6 if i else 1)
        if i:
            put(f"eff.{i}.expand", wide, channels[i], 1)
        put(f"eff.{i}.depth", wide, 1, kernel)
        put(f"eff.{i}.project", channels[i + 1], wide, 1)
    for k, (out, inward) in enumerate(
        zip((64, 64, 128, 128, 256, 256, 256, 512), (3, 64, 64, 128, 128, 256, 256, 256))
    ):
        put(f"vgg.{k}", out, inward, 3)
    np.savez(path, **stored)
    return path


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> PaintSettings:
    """Of a small run, with its data."""
    folder = tmp_path_factory.mktemp("paint")
    noise = np.random.default_rng(0)
    pictures = folder / "pictures"
    pictures.mkdir()
    import cv2

    for k in range(26):
        grid = noise.integers(0, 255, (4, 5, 3), np.uint8)
        cv2.imwrite(str(pictures / f"{k:02}.png"), cv2.resize(grid, (200, 140), interpolation=cv2.INTER_CUBIC))
    layouts = noise.integers(0, 255, (20, 16, 16, 4), np.uint8)
    np.savez(folder / "layouts.npz", layouts=layouts, affects=noise.uniform(-1, 1, (20, 4)).astype(np.float16))
    return PaintSettings(
        data=pictures,
        eyes=eyes_of(folder / "eyes.npz"),
        layouts=folder / "layouts.npz",
        out=folder / "run",
        size=64,
        width=0.1,
        critic_width=0.1,
        batch=4,
        steps=2,
        seconds=3600,
    )


def test_doubling_and_its_way_back_are_those_of_pytorch() -> None:
    x = torch.randn(2, 3, 6, 6, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(2, 3, 12, 12, dtype=torch.float64)
    plain = torch.nn.functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
    (want,) = torch.autograd.grad((plain * weight).sum(), x)
    (got,) = torch.autograd.grad((double(x) * weight).sum(), x)
    assert torch.allclose(got, want)


def test_depthwise_back_by_the_forward_kernel_is_the_plain_way(settings: PaintSettings) -> None:
    with np.load(settings.eyes) as stored:
        eye = Lite0(dict(stored), torch.float32)
    x = torch.rand(1, 3, 64, 64, requires_grad=True)
    found = []
    for way in ("channels_last", "channels_last, turned"):
        eye.go(way)
        found.append(torch.autograd.grad(torch.stack([maps.mean() for maps in eye(x)]).sum(), x)[0])
    assert torch.allclose(found[0], found[1], atol=1e-6)


def test_compositions_are_spread_as_the_layouts_they_come_from() -> None:
    torch.manual_seed(0)
    cells = (0.5 + 0.05 * torch.randn(60, 3, 1, 1) + 0.1 * torch.randn(60, 1, 16, 1)).expand(60, 3, 16, 16)
    composition = Composition.of(cells)
    made = (composition.drawn(4000, "cpu") + 1) / 2
    assert made.shape == (4000, 3, 16, 16)
    assert torch.allclose(made.mean((0, 3)), cells.mean((0, 3)), atol=0.02)
    assert torch.allclose(made.std(0).mean(), cells.std(0).mean(), rtol=0.1)


def test_a_layout_lies_over_the_composition_by_its_confidence() -> None:
    layout, composed = torch.ones(1, 4, 16, 16), -torch.ones(1, 3, 16, 16)
    layout[:, 3, :8], layout[:, 3, 8:] = 1.0, 0.0
    laid = laid_over(composed, layout)
    assert laid[0, :3, 0].eq(1).all()
    assert laid[0, 3, 0].eq(1).all()
    assert laid[0, :3, 15].eq(-1).all()
    assert laid[0, 3, 15].allclose(torch.tensor(TRUST))


def test_a_network_that_disobeys_by_its_layout_is_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paint_correct, "STEPS", 80)
    torch.manual_seed(6)
    seen = summary(torch.rand(200, 4, 16, 16) * torch.tensor([2.0, 2.0, 2.0, 1.0])[:, None, None] - 1)
    seen = seen + torch.randn(seen.shape)

    def painted(asked: Tensor, seen: Tensor) -> Tensor:
        return 0.7 * asked + 0.1 + 0.15 * seen[:, :4] + 0.1 * seen[:, 1:2] * asked

    asked, wanted = torch.rand(200, 4) * 2.4 - 1.2, torch.rand(150, 4) - 0.5
    bend = correction(asked, seen, painted(asked, seen), wanted)
    others = seen[:150]
    plain = (painted(wanted, others) - wanted).square().mean()
    assert float((painted(bent(wanted, others, bend), others) - wanted).square().mean()) < 0.1 * float(plain)


def test_every_request_has_a_full_layout(settings: PaintSettings) -> None:
    torch.manual_seed(1)
    own, affect = torch.rand(300, 3, 16, 16), torch.full((300, 4), 2.0)
    drawn, _ = load_scene_layouts(settings.layouts, "cpu")
    layout, asked = requests(own, affect, drawn, Composition.of(own))
    assert layout.shape == (300, 4, 16, 16)
    assert float(layout[:, 3].min()) >= 0.5
    assert float(layout.abs().max()) <= 1
    of_scenes = float((asked[:, 0] < 2).float().mean())
    assert 0.15 < of_scenes < 0.35


def test_a_file_that_holds_no_layouts_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", layouts=np.zeros((2, 8, 8, 4), np.uint8), affects=np.zeros((2, 4)))
    with pytest.raises(DataError, match=r"other\.npz holds no layouts"):
        load_scene_layouts(tmp_path / "other.npz", "cpu")


def test_pictures_of_the_layout_asked_lose_nothing_and_others_do() -> None:
    torch.manual_seed(2)
    cells = scenes(6, "cpu")
    rgb = torch.nn.functional.interpolate(cells, size=64)
    loss, same = layout_loss(rgb, plain_layout(cells))
    other, apart = layout_loss(rgb, plain_layout(cells.roll(1, 0)))
    assert float(same) > 0.95
    assert float(loss) < 0.2 < float(other)
    assert float(apart) < float(same)


def test_spread_tells_pictures_that_differ_from_those_that_do_not() -> None:
    alike = torch.randn(1, 4, 3, 3).expand(8, 4, 3, 3)
    assert float(spread(alike).max()) < 0.02 < float(spread(torch.randn(8, 4, 3, 3)).min())


def test_weights_of_the_critic_are_bounded() -> None:
    critic = Critic(64, 0.25)
    largest = [
        torch.linalg.matrix_norm(m.bound.detach().flatten(1), 2) for m in critic.modules() if hasattr(m, "stride")
    ]
    assert max(float(value) for value in largest) < 1.3


def test_views_are_the_picture_and_windows_along_it() -> None:
    wide = np.zeros((100, 140, 3), np.uint8)
    assert [view.shape[:2] for view in squares(wide)] == [(100, 140), (100, 100), (100, 100)]
    panorama = np.zeros((300, 100, 3), np.uint8)
    assert {view.shape[:2] for view in squares(panorama)} == {(100, 100)}


def test_stored_views_are_read_as_those_of_the_folder(settings: PaintSettings, tmp_path: Path) -> None:
    count = store_views(settings.data, tmp_path / "views.npz")
    views, folder = load_views(tmp_path / "views.npz", 64, "cpu"), load_views(settings.data, 64, "cpu")
    assert len(views.real) + len(views.held) == count
    assert len(views.real) == len(folder.real)
    assert float((views.rgb(views.real) - folder.rgb(folder.real)).abs().mean()) < 0.03


def test_steering_slows_a_critic_that_has_won_and_leaves_what_is_not_finite() -> None:
    steering = Steering(step=1000)
    row = {"affect_mse": 0.1, "layout_luma_8": 0.5, "hinge_lite": 0.1}
    assert not steering.heed(row)
    assert steering.critic_factor < 1
    assert (steering.affect_weight, steering.layout_weight) == pytest.approx((4.2, 2.1))
    broken = row | {"affect_mse": float("nan")}
    assert [steering.heed(broken) for _ in range(3)] == [False, False, True]
    assert steering.rate_factor == 0.5


def test_a_run_trains_writes_all_and_goes_on_where_it_was(
    settings: PaintSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paint_run, "CORRECTED", (8, 8))
    monkeypatch.setattr(paint_run, "FIGURED", (8, 8))
    monkeypatch.setattr(paint_run.losses, "plot", lambda *_: None)
    monkeypatch.setattr(paint_correct, "STEPS", 5)
    run = Run(settings, Heart(None))
    settings.out.mkdir()
    run.train(3600, Stop())
    assert run.trainer.steering.step == 2
    run.finish()
    names = {path.name for path in settings.out.iterdir()}
    wanted = {"paint.onnx", "paint_ema.pt", "state_g.pt", "state_c.pt", "sheet.jpg", "layouts.jpg", "losses.csv"}
    assert wanted <= names <= wanted | {"losses.png"}
    again = Run(PaintSettings(**(vars(settings) | {"resume": settings.out, "steps": 1})), Heart(None))
    assert again.trainer.steering.step == 2
    state = again.trainer.painter_steps.state
    assert all(float(one["exp_avg_sq"].min()) >= 0 and int(one["step"]) == 2 for one in state.values())
    for mine, theirs in zip(again.trainer.painter.parameters(), run.trainer.painter.parameters(), strict=True):
        assert torch.allclose(mine, theirs, atol=2e-3)
    again.train(3600, Stop())
    assert again.trainer.steering.step == 3


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"state_g\.pt is not there"):
        read_state(tmp_path)


def exported(tmp_path: Path, size: int = 64) -> tuple[ExportedPainter, Path]:
    torch.manual_seed(4)
    painter = Painter(size, width=0.2).eval()
    nets = rounded(painter, Composition.of(torch.rand(40, 3, 16, 16)))
    module = ExportedPainter(*nets, 0.1 * torch.randn(4, TOLD)).eval()
    write(module, tmp_path / "paint.onnx", AffectScale(torch.zeros(4), torch.ones(4)), {"step": 5})
    return module, tmp_path / "paint.onnx"


def test_the_exported_network_paints_as_torch_does(tmp_path: Path) -> None:
    module, path = exported(tmp_path)
    worst, mean = parity(module, path)
    assert worst <= 1
    assert mean < 0.1
    model = onnx.load(str(path))
    told = {entry.key: entry.value for entry in model.metadata_props}
    assert told["kind"] == "picture"
    assert len(told["affect_bend"].split()) == 4 * TOLD
    inputs = {entry.name: [d.dim_value for d in entry.type.tensor_type.shape.dim] for entry in model.graph.input}
    assert inputs == {
        "z": [1, 96],
        "noise": [1, 1, 128, 128],
        "affect": [1, 4],
        "layout": [1, 4, 16, 16],
        "composition": [1, COMPOSITION],
    }


GOOD = {
    "affect_correlation_real": [0.95] * 4,
    "affect_correlation_piece": [0.9] * 4,
    "diversity_over_real": 0.9,
    "layout_luma_8_views": 0.9,
    "layout_luma_8_scenes": 0.85,
    "border_ratio": 1.1,
}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("affect_correlation_real", [0.95, 0.95, 0.8, 0.95], "affect of real views"),
        ("affect_correlation_piece", [0.8, 0.9, 0.9, 0.9], "affect of the piece"),
        ("diversity_over_real", 0.5, "diversity"),
        ("layout_luma_8_scenes", 0.7, "scenes' layouts"),
        ("layout_luma_8_views", float("nan"), "views' layouts"),
        ("border_ratio", 1.6, "border"),
    ],
)
def test_a_gate_refuses_with_its_reason(name: str, value: object, reason: str) -> None:
    refuse(GOOD)
    with pytest.raises(RefusedError, match=reason):
        refuse(GOOD | {name: value})


def test_a_border_is_found() -> None:
    plain = torch.rand(4, 3, 64, 64)
    framed = plain.clone()
    framed[..., 2] = framed[..., 1].round()
    framed[..., :4] = (framed[..., :4] * 8).round() % 2
    assert border_ratio(plain) < 1.2 < border_ratio(framed)


@pytest.mark.skipif(not SHIPPED.is_file(), reason="no weights of the painter")
def test_the_shipped_weights_paint_the_shipped_pictures() -> None:
    from installation.training.texture_check import session_of

    session = session_of(ROOT / "models" / "paint.onnx")
    painter, composition, _, _ = load_average(SHIPPED)
    told = session.get_modelmeta().custom_metadata_map
    bend = torch.tensor([float(value) for value in told["affect_bend"].split()]).reshape(4, TOLD)
    module = ExportedPainter(*rounded(painter, composition or Composition()), bend).eval()
    inputs = example(painter.latent, 5, "full")  # sure of every cell: nothing is composed
    want = session.run(None, {name: value.numpy() for name, value in inputs.items()})[0].astype(int)
    with torch.no_grad():
        got = module(**inputs).numpy().astype(int)
    assert np.abs(got - want).max() <= 2


def test_the_training_loads_without_what_a_gpu_machine_lacks() -> None:
    from installation.training.packing import modules
    from installation.training.paint_pack import CODE

    names = {path.relative_to(ROOT).as_posix() for path in modules(CODE)}
    assert "installation/training/paint_run.py" in names
    assert not any(name.startswith("installation/config/") for name in names)


def test_the_parent_needs_no_torch() -> None:
    code = "import sys, installation.training.paint; raise SystemExit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_resume_without_a_folder_means_that_of_the_run() -> None:
    options = train_parser().parse_args(["--data", "x", "--out", "there", "--resume"])
    assert settings_of(options).resume == Path("there")
    assert settings_of(train_parser().parse_args(["--data", "x"])).resume is None


def noise_like(painter: Painter) -> tuple[Tensor, Tensor]:
    return draw(2, painter.latent, "cpu", torch.Generator().manual_seed(3))


def test_a_shaken_painter_keeps_its_strokes_and_forgets_its_places(settings: PaintSettings) -> None:
    made = Run(PaintSettings(**(vars(settings) | {"layouts": None, "most": 16})), Heart(None)).trainer
    before = {name: value.clone() for name, value in made.painter.state_dict().items()}
    made.begin_from(before, 0.5, 10)
    after = made.painter.state_dict()
    assert not torch.equal(after["lay_out.weight"], before["lay_out.weight"])
    assert torch.equal(after["to_rgb.weight"], before["to_rgb.weight"])
    assert isinstance(made.drawn, SceneLayouts)


def test_a_checkpoint_restores_what_is_steered(settings: PaintSettings, tmp_path: Path) -> None:
    first = Run(settings, Heart(None)).trainer
    first.steering.step, first.steering.strength = 70, 0.9
    keep(first, tmp_path)
    second = Run(settings, Heart(None)).trainer
    restore(second, read_state(tmp_path))
    assert (second.steering.step, second.steering.strength) == (70, 0.9)
