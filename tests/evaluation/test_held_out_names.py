from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dino_names.errors import CorpusError
from dino_names.evaluation.held_out_names import (
    HELD_OUT,
    NONE_HELD_OUT,
    NOTHING_TO_READ,
    choose_names,
)
from tests.helpers.mixed_model import mixed_model, split


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_list_alone_is_split_as_training_split_it(twenty: list[str], names_file: Path) -> None:
    learned, held_out = split(twenty)
    found = choose_names(mixed_model(twenty).bundle, train=names_file)
    assert (found.held_out, found.training, found.learned) == (held_out, learned, learned)
    assert found.split and found.notes == (HELD_OUT,)
    assert found.source == f"names held out of {names_file}"


def test_a_run_says_the_same_of_its_own_list(tiny_run, names_file: Path) -> None:
    from dino_names.corpus.splits import split_names

    config = tiny_run.config
    found = choose_names(tiny_run.model().bundle, train=names_file)
    assert (found.learned, found.held_out) == split_names(
        found.learned + found.held_out,
        fraction=config.data.valid_fraction,
        seed=config.train.seed,
    )
    assert len(found.held_out) == 4


def test_a_file_is_measured_as_it_stands(
    twenty: list[str], names_file: Path, tmp_path: Path
) -> None:
    test = write(tmp_path, "test.txt", "Rinodon\r\n Ramudon\n\nRinodon\nRamudon")
    bundle = mixed_model(twenty).bundle
    found = choose_names(bundle, names=test)
    assert found.held_out == ("Ramudon", "Ramudon", "Rinodon", "Rinodon")
    assert (found.training, found.learned, found.split, found.notes) == ((), (), False, ())
    found = choose_names(bundle, names=test, train=names_file)
    assert found.held_out == ("Ramudon", "Ramudon", "Rinodon", "Rinodon")
    assert set(found.training) == set(twenty)
    assert found.learned == split(twenty)[0]
    assert not found.split and found.source == str(test)


def test_repeats_of_the_training_list_count_once_for_learning(
    twenty: list[str], tmp_path: Path
) -> None:
    twice = write(tmp_path, "twice.txt", "\n".join(twenty + twenty))
    found = choose_names(mixed_model(twenty).bundle, train=twice)
    assert (found.learned, found.held_out) == split(twenty)


@pytest.mark.parametrize("options", [{}, {"valid_fraction": 0.0, "seed": 3}])
def test_where_nothing_was_held_out_it_says_so(
    twenty: list[str], names_file: Path, options: dict[str, float]
) -> None:
    found = choose_names(mixed_model(twenty, options=options).bundle, train=names_file)
    assert (found.held_out, found.notes) == ((), (NONE_HELD_OUT,))
    assert set(found.learned) == set(found.training) == set(twenty)


def test_without_files_there_is_nothing_to_read(twenty: list[str]) -> None:
    found = choose_names(mixed_model(twenty).bundle)
    assert (found.held_out, found.training, found.notes) == ((), (), (NOTHING_TO_READ,))


def test_another_list_than_it_was_trained_on_is_refused(
    twenty: list[str], names_file: Path
) -> None:
    bundle = mixed_model([*twenty, "Mosasaurus"]).bundle
    with pytest.raises(CorpusError) as caught:
        choose_names(bundle, train=names_file)
    message = str(caught.value)
    assert "trained on (21 names), received one of 20 names, 20 of them in it" in message
    assert message.startswith(str(names_file)) and "\n" not in message
    silent = mixed_model([*twenty, "Mosasaurus"], training_names=None).bundle
    assert choose_names(silent, train=names_file).learned


@pytest.mark.parametrize("option", ["names", "train"])
def test_characters_that_the_model_does_not_know_are_named(
    twenty: list[str], tmp_path: Path, option: str
) -> None:
    path = write(tmp_path, "odd.txt", "Rinodon\nRex7\n")
    with pytest.raises(CorpusError) as caught:
        choose_names(mixed_model(twenty).bundle, **{option: path})
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "'7'" in message and "'Rex7'" in message and "\n" not in message
    assert message.endswith("Of 2 names 1 have such characters; leave them out.")


def test_what_looks_wrong_in_a_file_is_passed_on(twenty: list[str], tmp_path: Path) -> None:
    path = write(tmp_path, "odd.txt", "RinodonRamudon\nTriceratops\n")
    (warning,) = choose_names(mixed_model(twenty).bundle, names=path).warnings
    assert "capital letter inside" in warning


def test_names_are_normalised_as_training_normalises_them(tmp_path: Path) -> None:
    model = mixed_model(["Ré", "Ra", "Ro"])
    path = write(tmp_path, "decomposed.txt", "Re\u0301\nRe\u0301\nRa\nRo\n")
    assert np.unique(choose_names(model.bundle, names=path).held_out).tolist() == [
        "Ra",
        "Ro",
        "Ré",
    ]
