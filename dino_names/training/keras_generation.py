"""Generation with the Keras model itself: rebuilt at batch size 1, one character at a time.

The package's own `generate` runs in NumPy; this is the tutorial's way, for those who learn.
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from dino_names.checks import check_range
from dino_names.corpus import BOUNDARY, BOUNDARY_ID, Vocabulary
from dino_names.engine import Sampler
from dino_names.errors import PromptError, RunError
from dino_names.runs import Run
from dino_names.training.network import reset_state
from dino_names.training.stock_model import BEST, LATEST, keras_model


def restore_for_generation(run: Run, epoch: int | None = None) -> keras.Sequential:
    """A run's model rebuilt at batch size 1, stateful, with a checkpoint's weights.

    A stateful layer allocates its state for one batch size, so a model trained on 64 names at
    once cannot go on with one; the weights do not depend on the batch size and fit both.

    Arguments:
        run: the run.
        epoch: which checkpoint, or None for the newest good one; a run that NumPy tuned has none,
            and its model file's weights are taken.

    Raises:
        RunError: no checkpoint, or vocabulary and weights do not match.
    """
    if run.config.model.cell == "gpt":
        raise RunError(
            f"{run.folder}: expected a recurrent cell, which keeps a state, received 'gpt'; "
            "generate with the run's own model instead."
        )
    newest = BEST if run.config.train.tuner == "numpy" else LATEST
    wanted = newest if epoch is None else epoch
    model = keras_model(run, epoch=wanted, batch_size=1, stateful=True, stock=False)
    reset_state(model)
    return model


def generate_text(
    model: keras.Sequential,
    vocabulary: Vocabulary,
    prompt: str,
    *,
    temperature: float = 0.2,
    seed: int | None = None,
    max_length: int = 100,
    start_boundary: bool = False,
) -> str:
    """One name, character by character, until the boundary or `max_length` characters.

    Arguments:
        model: built with `batch_size=1, stateful=True`.
        vocabulary: its characters.
        prompt: how the name begins.
        temperature: divides the logits; 0 takes the likeliest character.
        seed: of the draws; None for another name each time.
        max_length: characters after which it stops, the prompt counted.
        start_boundary: whether the model was trained with a boundary before each name.

    Raises:
        PromptError: an unknown character, or no character to begin with.
        OptionError: a number out of its range.
    """
    check_range("max_length", max_length, low=1, whole=True)
    sampler = Sampler(temperature=temperature)
    start = (BOUNDARY if start_boundary else "") + prompt
    if not start:
        raise PromptError("prompt: expected at least one character for this model, received none.")
    rng = np.random.default_rng(seed)
    reset_state(model)
    ids = vocabulary.encode(start)
    name = list(prompt)
    while len(name) < max_length:
        # The state stays in the layer, so only what is new is fed.
        logits = model(tf.constant(ids[None, :]), training=False)[:, -1].numpy()
        ids = sampler.choose(logits, rng.random(1)).astype(np.int32)
        if ids[0] == BOUNDARY_ID:
            break
        name.append(vocabulary.decode(ids))
    return "".join(name)
