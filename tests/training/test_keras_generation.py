"""The tutorial's way to generate: batch size 1, the state kept between characters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dino_names.errors import OptionError, PromptError
from dino_names.runs.run import Run
from dino_names.training.keras_generation import generate_text, restore_for_generation
from dino_names.training.network.layer_states import reset_state
from dino_names.training.network.model import build_model
from dino_names.training.trainer import train

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def plain_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("plain")
    (folder / "names.txt").write_text("Abba\nAbab\nBaab\nRamo\nRamba\n")
    options: dict[str, Any] = {"epochs": 3, "rnn_units": 8, "embedding_dim": 4, "batch_size": 2}
    return train(folder / "names.txt", preset="tutorial", out=folder / "run", **options)


def test_greedy_names_are_the_engines(plain_run: Run) -> None:
    model = restore_for_generation(plain_run)
    assert model.input_shape == (1, None)
    for prompt in ("R", "Ra", "A", "b"):
        text = generate_text(model, plain_run.vocabulary, prompt, temperature=0, max_length=12)
        engine = plain_run.model()
        state = engine.predictor.initial_state(1)
        for index in plain_run.vocabulary.encode(prompt):
            logits = engine.predictor.step(np.array([index]), state)
        expected = prompt
        while len(expected) < 12 and (best := int(logits.argmax())):
            expected += plain_run.vocabulary.decode([best])
            logits = engine.predictor.step(np.array([best]), state)
        assert text == expected


def test_the_state_is_reset_before_each_name(plain_run: Run) -> None:
    model = restore_for_generation(plain_run)
    names = [
        generate_text(model, plain_run.vocabulary, "Ram", temperature=1.0, seed=4) for _ in "ab"
    ]
    assert names[0] == names[1]


def test_run_reset_run_is_identical_and_without_reset_it_is_not(plain_run: Run) -> None:
    model = restore_for_generation(plain_run)
    ids = plain_run.vocabulary.encode("Ram")[None]
    first = model(ids).numpy()
    carried = model(ids).numpy()
    reset_state(model)
    assert np.abs(carried - first).max() > 1e-6
    np.testing.assert_array_equal(model(ids).numpy(), first)


def test_an_earlier_epoch_can_be_chosen(plain_run: Run) -> None:
    newest, first = (
        restore_for_generation(plain_run, epoch).get_weights()[0] for epoch in (None, 1)
    )
    third = restore_for_generation(plain_run, 3).get_weights()[0]
    np.testing.assert_array_equal(newest, third)
    assert np.abs(newest - first).max() > 0


def test_what_cannot_be_generated_is_refused(plain_run: Run) -> None:
    model = build_model(
        len(plain_run.vocabulary), batch_size=1, stateful=True, config=plain_run.config.model
    )
    with pytest.raises(PromptError, match="at least one character"):
        generate_text(model, plain_run.vocabulary, "")
    with pytest.raises(PromptError, match="characters that the model knows"):
        generate_text(model, plain_run.vocabulary, "Z")
    with pytest.raises(OptionError, match="temperature"):
        generate_text(model, plain_run.vocabulary, "R", temperature=-1)


def test_published_loss_of_the_untrained_model(reference: Path) -> None:
    from dino_names.config.presets import preset
    from dino_names.corpus.names import read_names
    from dino_names.corpus.vocabulary import Vocabulary
    from dino_names.training.batches.name_batches import NameBatches
    from dino_names.training.loss import token_loss

    names = read_names(reference / "dinos.txt").names
    vocabulary = Vocabulary.of(names)
    config = preset("tutorial")
    model = build_model(len(vocabulary), config=config.model)
    pipeline = NameBatches.of(names, vocabulary, config.data)
    inputs, targets, weights = next(iter(pipeline.dataset(0, 1)))
    loss = float(token_loss()(targets, model(inputs), sample_weight=weights))
    assert len(vocabulary) == 53 and inputs.shape == (64, 26)
    assert loss == pytest.approx(3.95, abs=0.05)
