"""One process of a tiny training of each network, as torchrun would start it; stores what it ends with.

RANK=0 WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=29500 python one_of_several.py PICTURES OUT
"""

import sys
from collections.abc import Callable
from pathlib import Path

import torch

from installation.training import simple_gan_data, simple_gan_fit, texture
from installation.training.interrupt import Stop
from installation.training.several import Place, joined
from installation.training.simple_gan_data import Compositions
from installation.training.simple_gan_fit import Settings, SimpleRun

STEPS = 2


def simple(pictures: Path, out: Path, place: Place, steps: int) -> dict[str, object]:
    fit = SimpleRun(Compositions(pictures), out, Settings("dcgan", 4, 4, seed=3, steps=steps), place, Stop())
    assert fit.run()
    return {"generator": fit.generator.state_dict(), "critic": fit.critic.state_dict(), "step": fit.step}


def texture_options(pictures: Path, out: Path, steps: int) -> list[str]:
    options = ["--batch", "4", "--crop", "64", "--precision", "fp32", "--scale-crops", "40", "--device", "cpu"]
    return ["train", "--data", str(pictures), "--out", str(out), "--steps", str(steps), *options]


def train_all(pictures: Path, out: Path, place: Place, steps: int) -> dict[str, dict[str, object]]:
    """What each network ends with."""
    paints = texture.parser().parse_args(texture_options(pictures, out / "texture", steps))
    return {
        "simple": simple(pictures, out / "simple", place, steps),
        "texture": texture.fit(paints, place, Stop()).state(),
    }


def fewer(change: Callable[[object, str, object], None] = setattr) -> None:
    """Measuring thousands of windows and drawing sheets is most of what such short runs would take."""
    change(simple_gan_data, "WINDOWS", 300)
    for module, sheet in ((simple_gan_fit, "write_sheet"), (texture, "write_sheet")):
        change(module, sheet, lambda *_: None)
        change(module, "plot", lambda *_: None)


if __name__ == "__main__":
    torch.set_num_threads(1)
    fewer()
    given = [Path(argument) for argument in sys.argv[1:]]
    with joined("cpu") as here:
        torch.save(train_all(given[0], given[1], here, STEPS), given[1] / f"process-{here.rank}.pt")
