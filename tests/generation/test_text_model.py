"""Models of running text: what they write, how they score, what they refuse."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dino_names.api import load
from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.engine.sampling import Sampler
from dino_names.errors import ModelFileError, OptionError, PromptError
from dino_names.generation.name_model import NameModel
from dino_names.generation.text_model import TextModel
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.tensors import join_networks

VOCABULARY = Vocabulary.of(["abcde é"])


def make(kind: str = "text", *, cell: str = "gru", seed: int = 0, scale: float = 1.0) -> Bundle:
    rng = np.random.default_rng(seed)
    architecture = Architecture(
        vocab_size=len(VOCABULARY), cell=cell, embedding_dim=3, rnn_units=5, num_layers=2
    )
    weights = {
        name: rng.normal(0, scale, shape).astype(np.float32)
        for name, shape in architecture.shapes().items()
    }
    return Bundle(
        architecture=architecture,
        vocabulary=VOCABULARY,
        tensors=join_networks([weights]),
        longest_name=0 if kind == "text" else 5,
        kind=kind,
        temperature=0.7,
        top_k=5,
        top_p=0.9,
    )


MODEL = TextModel(make())


def one_by_one(model: TextModel, text: str, *, start: str = "") -> np.ndarray:
    """Logits after each character, (characters, vocab_size), without the model's own loops."""
    state = model.predictor.initial_state(1)
    ids = VOCABULARY.encode(start + text)
    return np.concatenate([model.predictor.step(np.array([i]), state).copy() for i in ids])


@settings(max_examples=20, deadline=None)
@given(
    prompt=st.text("abcde é\n", max_size=8),
    length=st.integers(1, 40),
    seed=st.integers(0, 2**64 - 1),
)
def test_a_text_is_its_prompt_and_what_was_streamed(prompt: str, length: int, seed: int) -> None:
    text = MODEL.generate_text(prompt, length=length, seed=seed)
    assert text == prompt + "".join(MODEL.stream_text(prompt, length=length, seed=seed))
    assert len(text) == len(prompt) + length and set(text) <= set(VOCABULARY.characters)
    assert MODEL.generate_text(prompt, length=length + 300, seed=seed).startswith(text)


def test_greedy_text_is_the_likeliest_character_each_time() -> None:
    text = MODEL.generate_text("ab", length=30, temperature=0)
    likeliest = one_by_one(MODEL, text).argmax(axis=1)
    assert text[2:] == VOCABULARY.decode(likeliest[1:-1])


def test_a_window_is_all_that_the_network_sees() -> None:
    windows = make().changed(options={"layout": "windows", "seq_length": 3})
    text = TextModel(windows).generate_text("a", length=12, seed=4, temperature=0)
    for place in range(1, len(text)):
        seen = text[max(0, place - 3) : place]
        assert text[place] == VOCABULARY.characters[one_by_one(MODEL, seen)[-1].argmax()]
    whole = MODEL.generate_text("a", length=12, seed=4, temperature=0)
    assert text == MODEL.generate_text("a", length=12, seed=4, temperature=0, window=3) != whole
    assert whole == TextModel(windows).generate_text("a", length=12, temperature=0, window=0)
    with pytest.raises(OptionError, match="window"):
        MODEL.generate_text(window=-1)


def test_several_prompts_at_once() -> None:
    prompts = ["ab", "c", ""]
    texts = MODEL.generate_texts(prompts, length=9, seed=3)
    assert texts == [MODEL.generate_text(prompt, length=9, seed=3) for prompt in prompts]
    assert MODEL.generate_texts("ab", length=9, seed=3) == texts[:1]
    some = MODEL.generate_texts(["", ""], length=30)
    assert some[0] == some[1] != MODEL.generate_texts([""], length=30)[0]


def test_without_a_prompt_text_begins_as_a_line_does() -> None:
    text = MODEL.generate_text(length=20, temperature=0)
    assert text == VOCABULARY.decode(one_by_one(MODEL, text, start="\n").argmax(axis=1)[:-1])


def test_each_character_could_have_been_drawn_with_the_defaults_of_the_file() -> None:
    text = MODEL.generate_text("a", length=200, seed=1)
    chances = Sampler(temperature=0.7, top_k=5, top_p=0.9).probabilities(one_by_one(MODEL, text))
    drawn = VOCABULARY.encode(text[1:])
    assert (chances[np.arange(200), drawn] > 0).all()
    assert len(set(text)) > 3
    other = MODEL.generate_text("a", length=200, seed=1, temperature=2.0, top_k=8, top_p=1.0)
    assert other != text != MODEL.generate_text("a", length=200, seed=2)


def test_characters_come_as_they_are_made() -> None:
    steps = 0

    class Counting:
        vocab_size = len(VOCABULARY)
        initial_state = staticmethod(MODEL.predictor.initial_state)

        def step(self, ids: np.ndarray, state: object) -> np.ndarray:
            nonlocal steps
            steps += 1
            return MODEL.predictor.step(ids, state)

    characters = TextModel(make(), predictor=Counting()).stream_text("a", length=10**9, seed=0)
    assert len(list(islice(characters, 7))) == 7 and steps <= 8


@pytest.mark.parametrize("length", [2, 500, 5_000])
def test_nats_are_those_of_reading_one_character_after_another(length: int) -> None:
    model = TextModel(make(scale=0.5))
    text = "".join(np.random.default_rng(1).choice(list(VOCABULARY.characters), length))
    logits = one_by_one(model, text)[:-1].astype(np.float64)
    targets = VOCABULARY.encode(text)[1:]
    exact = (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(length - 1), targets]).sum()
    nats, predicted = model.nats(text)
    assert predicted == length - 1
    assert nats == pytest.approx(exact, rel=1e-5)


def test_accents_and_newlines_are_read_as_in_files() -> None:
    assert MODEL.generate_text("e\u0301\r\n", length=5, seed=0) == MODEL.generate_text(
        "é\n", length=5, seed=0
    )


def test_what_is_wrong_is_said_before_the_first_character() -> None:
    with pytest.raises(PromptError, match="received 'X'"):
        MODEL.stream_text("aX")
    with pytest.raises(OptionError, match="length: expected a whole number at least 1"):
        MODEL.stream_text(length=0)
    with pytest.raises(OptionError, match="temperature"):
        MODEL.stream_text(temperature=-1)
    with pytest.raises(OptionError, match="characters of the text"):
        MODEL.nats("a")


def test_models_of_names_and_of_text_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="--kind text"):
        TextModel(make("names"))
    with pytest.raises(OptionError, match="--kind names"):
        NameModel(make("text"))
    for call in (MODEL.generate, MODEL.generate_many, MODEL.sample):
        with pytest.raises(OptionError, match="generate --length N"):
            call("a")
    for call in (MODEL.score, MODEL.score_many):
        with pytest.raises(OptionError, match="evaluate MODEL --text FILE"):
            call("a")
    names = NameModel(make("names"))
    for call in (names.generate_text, names.stream_text):
        with pytest.raises(OptionError, match="use generate"):
            call("a")
    MODEL.write(tmp_path / "text.safetensors")
    loaded = load(tmp_path / "text.safetensors")
    assert isinstance(loaded, TextModel) and loaded.describe()["kind"] == "text"
    assert loaded.generate_text(length=9, seed=1) == MODEL.generate_text(length=9, seed=1)
    assert TextModel.read(tmp_path / "text.safetensors").bundle.top_k == 5
    with pytest.raises(ModelFileError, match="--kind names"):
        NameModel.read(tmp_path / "text.safetensors")
