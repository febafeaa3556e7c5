"""What the notebooks import."""

from __future__ import annotations

import html
import sys

import matplotlib
import numpy as np
import pytest

from dino_names import teaching
from dino_names.errors import MissingExtraError
from dino_names.generation import open_model
from dino_names.plotting.style import axes
from dino_names.scratch import island, rnn
from dino_names.scratch.min_char_rnn import new_model, train
from dino_names.teaching.notebook_output import DPI
from dino_names.teaching.sliders import NAMES, NameSliders

matplotlib.use("agg")
from tests.helpers.category_bundle import category_bundle


@pytest.mark.parametrize(("value", "expected"), [("1", 2), ("0", 20), ("", 20)])
def test_shorten_only_where_asked(value, expected, monkeypatch):
    monkeypatch.setenv("DINO_NAMES_NOTEBOOK_FAST", value)
    assert teaching.shorten(20, to=2) == expected


def test_a_picture_carries_its_description_and_closes_its_figure():
    import matplotlib.pyplot as plt

    plt.close("all")
    ax = axes(None, 4, 3)
    picture = teaching.show(ax, alt='one "line" & <nothing> else')
    data, metadata = picture._repr_mimebundle_()
    assert metadata == {"image/png": {"alt": 'one "line" & <nothing> else'}}
    assert data["text/plain"] == 'Picture: one "line" & <nothing> else'
    assert data["image/png"].startswith(b"\x89PNG")
    assert int.from_bytes(data["image/png"][16:20], "big") == 4 * DPI
    assert plt.get_fignums() == []


def test_pictures_of_one_figure_are_the_same_bytes():
    first, second = (teaching.show(axes(None, 2, 2), alt="x").png for _ in range(2))
    assert first == second


def test_a_table_escapes_what_it_shows():
    table = teaching.Table(["a", "b"], [("<b>", 1), ("\n", 2)])
    assert html.escape("<b>") in table._repr_html_()
    assert table._repr_html_().count("<tr>") == 3
    assert repr(table).splitlines() == ["a    b", "<b>  1", "\\n   2"]


def test_island_file_is_the_published_one_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("DINO_NAMES_REFERENCE", str(tmp_path))
    assert teaching.island_file() == "../data/dinosaurs.txt"
    (tmp_path / "dinos.txt").write_text("Rex\n")
    assert teaching.island_file() == str(tmp_path / "dinos.txt")
    monkeypatch.delenv("DINO_NAMES_REFERENCE")
    assert teaching.island_file() == "../data/dinosaurs.txt"


def test_island_losses_are_those_of_the_lab(twenty):
    text = "\n".join(twenty)
    losses = teaching.island_losses(text, iterations=2)
    characters, words = island.read(text)
    n = len(characters)
    parameters = rnn.initial_parameters(n, 50, n, np.random.default_rng(1))
    ids = [characters.index(letter) for letter in words[0]]
    loss, _ = rnn.forward([None, *ids], [*ids, 0], np.zeros((50, 1)), parameters)
    assert losses[0] == pytest.approx(0.999 * 7 * np.log(n) + 0.001 * loss)
    assert losses.shape == (2,)


def test_gradients_vanish_below_radius_1_and_explode_above():
    small, large = (teaching.norms_back_in_time(radius) for radius in (0.5, 2.0))
    assert small[-1] < 1e-12
    assert large[-1] > 100
    assert small.shape == large.shape == (50,)


def test_english_has_what_a_network_of_the_lab_can_learn():
    text = teaching.english()
    assert len(text) > 300_000
    assert all(character == "\n" or " " <= character <= "~" for character in text)
    paragraphs = text.split("\n\n")
    assert len(paragraphs) == len(set(paragraphs)) > 1000


def test_labels_of_characters():
    labels = teaching.label_characters('an "Iguanodon" 1')
    assert labels["vowel"] == [1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0]
    assert labels["place in the word"] == [1, 2, 0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 0, 0, 0]
    assert labels["inside quotes"] == [0] * 3 + [1] * 10 + [0] * 3


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_nats_per_char_of_an_untrained_network_are_a_guess(cell):
    text = "to be or not to be " * 20
    model = new_model(text, cell=cell, units=4)
    guess = np.log(len(set(text)))
    assert teaching.nats_per_char(model, text) == pytest.approx(guess, abs=0.01)
    train(model, text, steps=50, every=50, sample_length=0)
    assert teaching.nats_per_char(model, text) < guess - 0.3


@pytest.mark.parametrize(("cell", "expected"), [("lstm", 0.731), ("gru", 0.5)])
def test_mean_gates_start_at_their_bias(cell, expected):
    model = new_model("abc", cell=cell, units=5)
    gates = teaching.mean_gates(model, "abcabc")
    assert gates.shape == (5,)
    assert gates == pytest.approx(np.full(5, expected), abs=0.01)


def test_sliders_give_what_their_model_gives(tiny_run):
    model = tiny_run.model()
    controls = NameSliders(model)
    controls.prompt.value, controls.temperature.value = "A", 0.0
    controls.button.click()
    name = model.generate("A", temperature=0.0, allow_training_names=True)
    assert controls.names == [name] * NAMES
    assert name in controls.box.children[-1].value


def test_sliders_at_their_ends_are_off(tiny_run, monkeypatch):
    asked = {}
    model = tiny_run.model()
    monkeypatch.setattr(model, "generate_many", lambda prompt, **options: asked.update(options))
    controls = NameSliders(model)
    controls.button.click()
    assert (asked["top_k"], asked["top_p"]) == (None, None)
    assert not {"ends", "contains", "without", "pattern", "max_length"} & set(asked)
    controls.top_k.value, controls.top_p.value = 3, 0.5
    controls.button.click()
    assert (asked["top_k"], asked["top_p"]) == (3, 0.5)


def test_sliders_go_from_one_list_to_another():
    model = open_model(category_bundle())
    controls = NameSliders(model)
    assert (controls.first.value, controls.second.value) == ("dwarves", "elves")
    asked = {"temperature": 0.0, "unique": False, "allow_training_names": True}
    for far, category in ((0.0, "dwarves"), (1.0, "elves"), (0.25, "dwarves=3,elves=1")):
        controls.blend.value, controls.temperature.value = far, 0.0
        controls.button.click()
        assert controls.names == model.generate_many(n=NAMES, category=category, **asked)
    assert NameSliders(model.category("orcs")).blend is None


def test_sliders_ask_for_what_names_must_be(tiny_run):
    controls = NameSliders(tiny_run.model())
    controls.prompt.value = ""
    controls.ends.value, controls.contains.value, controls.without.value = "a", "e", "o"
    controls.pattern.value, controls.lengths.value = "*?a", (3, 8)
    controls.button.click()
    assert len(controls.names) == NAMES, controls.message
    for name in map(str.lower, controls.names):
        assert name.endswith("a") and "e" in name and "o" not in name and 3 <= len(name) <= 8


def test_sliders_show_why_there_are_no_names(tiny_run):
    controls = NameSliders(tiny_run.model())
    controls.prompt.value = "<7>"
    controls.button.click()
    assert controls.names == []
    assert "expected characters that the model knows" in controls.message
    assert "&lt;7&gt;" in controls.box.children[-1].value


def test_sliders_without_ipywidgets_say_what_to_install(tiny_run, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(MissingExtraError, match=r"dino-names\[notebooks\]"):
        NameSliders(tiny_run.model())


def test_share_repeated_is_1_for_a_model_that_only_repeats(tiny_run, twenty, monkeypatch):
    model = tiny_run.model()

    def repeat(letter, *, n, **options):
        assert options["allow_training_names"]
        assert not options["unique"]
        return [next(name for name in twenty if name.startswith(letter))] * n

    monkeypatch.setattr(model, "generate_many", repeat)
    assert teaching.share_repeated(model, twenty, temperature=1.0) == 1
    monkeypatch.setattr(model, "generate_many", lambda letter, *, n, **options: ["new"] * n)
    assert teaching.share_repeated(model, twenty, temperature=1.0) == 0


@pytest.mark.tensorflow
def test_a_keras_model_scores_as_a_name_model(twenty):
    from dino_names.config.presets import preset
    from dino_names.corpus.vocabulary import Vocabulary
    from dino_names.training.loss import token_loss
    from dino_names.training.network.model import build_model

    config = preset("tutorial", embedding_dim=4, rnn_units=8)
    vocabulary = Vocabulary.of(twenty)
    model = build_model(len(vocabulary), 4, 8)
    names = teaching.to_name_model(model, vocabulary, twenty, config)
    ids = vocabulary.encode("Maiasaura\n")[None]
    expected = float(token_loss()(ids[:, 1:], model(ids[:, :-1])))
    score = names.score("Maiasaura")
    assert score.nats_per_char == pytest.approx(expected, rel=1e-4)
    assert score.in_training_list

    table = teaching.parameter_table(model)
    assert table.rows[-1][-1] == f"{model.count_params():,}"
    assert [row[1] for row in table.rows[:-1]] == ["Embedding", "GRU", "Dense"]
