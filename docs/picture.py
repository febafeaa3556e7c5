"""The README's picture: ten new names, each letter shaded by how sure the model was of it."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

import dino_names

PICTURE = Path(__file__).with_name("names.png")
SEED, NAMES, INK, PALE = 14, 10, "#20303c", "#8a99a3"


def letter_chances(model: dino_names.NameModel, name: str) -> list[float]:
    """The probability of each letter after those before it."""
    ids = [0, *model.vocabulary.encode(name)]
    state, chances = model.predictor.initial_state(1), []
    for given, following in zip(ids, ids[1:], strict=False):
        logits = model.predictor.step(np.array([given]), state)[0].astype(float)
        weights = np.exp(logits - logits.max())
        chances.append(float(weights[following] / weights.sum()))
    return chances


def draw() -> Figure:
    """The picture: a name a row, a letter a cell."""
    model = dino_names.load()
    names = model.generate_many(n=NAMES, seed=SEED, max_length=16)
    widest = max(map(len, names))
    figure = Figure(figsize=(0.36 * widest + 0.3, 0.42 * NAMES + 0.75), dpi=150)
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    axes.axis("off")
    axes.set(xlim=(-0.2, widest + 0.1), ylim=(NAMES + 1.05, -0.15))
    colours = matplotlib.colormaps["YlGnBu"]
    for row, name in enumerate(names):
        for place, (letter, chance) in enumerate(
            zip(name, letter_chances(model, name), strict=True)
        ):
            shade = 0.05 + 0.75 * chance
            box = matplotlib.patches.FancyBboxPatch(
                (place + 0.06, row + 0.08),
                0.88,
                0.84,
                boxstyle="round,pad=0,rounding_size=0.15",
                facecolor=colours(shade),
                edgecolor="none",
            )
            axes.add_patch(box)
            axes.text(
                place + 0.5,
                row + 0.52,
                letter,
                ha="center",
                va="center",
                fontsize=14,
                family="DejaVu Sans Mono",
                color="white" if shade > 0.5 else INK,
            )
    said = "darker: the model was surer of the letter"
    axes.text(0.06, NAMES + 0.6, said, fontsize=9, color=PALE, va="center")
    return figure
