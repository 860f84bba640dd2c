# %% [markdown]
# What emotion does a painting evoke? An afternoon's experiment on a processor.
#
#     .venv/bin/python examples/art/afternoon.py --data FOLDER          # or open it as a notebook: each # %% is a cell
#
# FOLDER holds WikiArt Emotions (docs/art.md says how it is had, and the two packages whose networks look). What the networks
# see is kept under --out, so only the first time takes long. `--works 200` takes a part, to see that all runs.

# %% Settings
from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2] if "__file__" in globals() else Path.cwd()
sys.path.insert(0, str(ROOT))

from installation.evaluation.art_report import accuracies, accuracy_table, ceiling, emotion_table, emotions
from installation.training.art.mistake import MISTAKE, one_unit
from installation.training.art.models import models
from installation.training.art.readings import Looking, Readings, read_all
from installation.training.art.tasks import NAMED_BY, TASKS
from installation.training.art.works import FOLDER, load_works, part_of

made = argparse.ArgumentParser(description="An afternoon's experiment: what emotion a painting evokes.")
made.add_argument("--data", type=Path, default=FOLDER, help="folder of the works")
made.add_argument("--wheels", type=Path, default=ROOT / "data" / "wheels", help="folder of the networks' packages")
made.add_argument("--out", type=Path, default=ROOT / "runs" / "afternoon")
made.add_argument("--works", type=int, default=0, help="take so many works only, by as many artists as can be; 0: all")
made.add_argument("--models", nargs="+", default=["majority", "colour", "shallow", "global", "vgg v1", "ours"])
asked = made.parse_args() if "__file__" in globals() else made.parse_args([])
began_s = time.monotonic()


def heading(text: str) -> None:
    print(f"\n## {text}  ({time.monotonic() - began_s:.0f} s)\n")


# %% 1. Know your data before you learn from it
works = load_works(asked.data)
if asked.works:
    works = part_of(works, asked.works)
tasks = {name: make(works) for name, make in TASKS.items()}
heading(f"1. {len(works)} works by {len(set(works.artists))} artists")
twenty = tasks["twenty"]
for k in np.argsort(-(twenty.target >= NAMED_BY).sum(0)):
    print(f"{twenty.classes[k]:18} {int((twenty.target[:, k] >= NAMED_BY).sum()):5} works evoke it")
# Try: count them by the shares with the title (works.with_title). Which emotions does a title add?

# %% 2. A figure that is too good
heading("2. The mistake: accuracy without looking")
print(MISTAKE + "\n")
print("\n".join(one_unit(works)))
# Try: why does a softmax over one unit always say 1? What should have been there?

# %% 3. Keep artists apart
# Works of one hand look alike. Who learns from some and is asked about the others tells the artist, not the emotion.
heading("3. The same baseline, artists mixed and artists apart")
looking = Looking(works, asked.wheels, asked.out / "seen")
colours = models(asked.wheels)["colour"]
apart = read_all(works, {"twenty": twenty}, {"colour, artists apart": colours}, looking, asked.out / "readings")
# As if each work had an artist of its own: then works of one hand stand on both sides.
alone = replace(works, artists=tuple(str(n) for n in range(len(works))))
mixed = read_all(alone, {"twenty": twenty}, {"colour, artists mixed": colours}, looking, asked.out / "readings")
print("\n".join(emotion_table(emotions([*apart, *mixed], works.artists))))
# Try: the same with `ours` in place of `colour`. Which of the two learns artists?

# %% 4. Models of every kind, one interface
heading("4. Every model on artists it did not learn from")
kinds = {name: model for name, model in models(asked.wheels).items() if name in asked.models}
readings = read_all(works, tasks, kinds, looking, asked.out / "readings")
readings.append(Readings("other people", twenty, ceiling(twenty, np.random.default_rng(0)), 0.0))
print(
    "\n".join(accuracy_table(accuracies(readings, works.artists), {name: model.about for name, model in kinds.items()}))
)
print()
print("\n".join(emotion_table(emotions(readings, works.artists))))
# Try: a model of your own. Write a way to look (a picture (224, 224, 3) uint8 -> numbers), add it to eyes.eyes() and a Model
# that learns from it. Then: does it beat `colour`? By more than the intervals are wide?

# %% 5. Where it looks
heading("5. Where the shipped model looks")
print("run.py evaluate art PICTURE [PICTURE ...] draws maps of your own pictures (docs/art_maps.jpg shows twelve)")
heading("done")
