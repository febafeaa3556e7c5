from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from dino_names.config.architecture import Architecture
from dino_names.errors import InputError, ModelFileError
from dino_names.generation import NameModel
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.metadata import KEY, canonical, digest_of
from dino_names.modelfile.name_filter import NameFilter
from tests.helpers.tiny_bundle import TINY, tiny_bundle, weights

FILTER = NameFilter.of(["abba", "rex"], count=2)
LARGER = Architecture(vocab_size=5, cell="rnn", encoder="onehot", rnn_units=2)
EXTRAS: dict[str, dict[str, Any]] = {
    "float16": {"precision": "float16"},
    "int8": {"precision": "int8"},
    "origin": {"origin": {"base": "names", "steps": 12, "sha256": "0" * 64}},
    "categories": {
        "categories": (("elves", 4), ("dwarves", 9)),
        "architecture": LARGER,
        "tensors": weights(LARGER),
    },
    "left_out": {"left_out": ("arse", "ärger")},
    "kept_names": {"kept_names": ("ab", "ba")},
    "training_filter": {"training_names": FILTER},
    "corpus_filter": {"corpus_filter": FILTER},
}
EXTRAS["directions"] = {"directions": (np.ones((4, 2), np.float32), np.ones((4, 3), np.float32))}
ALL = {name: value for extra in EXTRAS.values() for name, value in extra.items()}
ALL["directions"] = (np.ones((4, 2), np.float32), np.ones((4, 5), np.float32))


@pytest.mark.parametrize("extra", [*EXTRAS.values(), ALL], ids=[*EXTRAS, "all"])
def test_what_was_written_is_read_and_written_again(extra: dict[str, Any], tmp_path: Path) -> None:
    bundle = tiny_bundle(**extra)
    bundle.write(tmp_path / "m.safetensors")
    back = Bundle.read(tmp_path / "m.safetensors")
    assert back.to_bytes() == bundle.to_bytes() == (tmp_path / "m.safetensors").read_bytes()
    for name, tensor in bundle.all_tensors().items():
        assert np.array_equal(back.all_tensors()[name], tensor)
    for name, value in extra.items():
        found = getattr(back, name)
        if isinstance(value, NameFilter):
            assert found.section() == value.section() and found.contains(["abba", "rex"]).all()
        elif name == "directions":
            assert [matrix.tolist() for matrix in found] == [matrix.tolist() for matrix in value]
        elif name != "tensors":
            assert found == value
    assert back.metadata()["format"] == 2


def test_a_file_without_extras_is_as_it_was(tmp_path: Path) -> None:
    assert tiny_bundle().metadata()["format"] == 1
    assert tiny_bundle(origin=None, categories=(), precision="float32").to_bytes() == (
        tiny_bundle().to_bytes()
    )


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_a_model_computes_as_its_file_will(precision: str, tmp_path: Path) -> None:
    sizes = Architecture(vocab_size=3, embedding_dim=8, rnn_units=16)
    bundle = tiny_bundle(architecture=sizes, tensors=weights(sizes), precision=precision)
    bundle.write(tmp_path / "m.safetensors")
    model, back = NameModel(bundle), NameModel.read(tmp_path / "m.safetensors")
    assert (
        model.score("ab")
        == back.score("ab")
        != NameModel(tiny_bundle(architecture=sizes, tensors=weights(sizes))).score("ab")
    )
    full = len(tiny_bundle(architecture=sizes, tensors=weights(sizes)).to_bytes())
    assert len(bundle.to_bytes()) < full


def forge(path: Path, sections: dict[str, Any], tensors: dict[str, Any] | None = None) -> Path:
    """A file of format 2 with any sections and tensors, and a SHA-256 that fits."""
    whole = tiny_bundle(origin={"base": "names"})
    metadata = {**whole.metadata(), **sections}
    metadata = {name: value for name, value in metadata.items() if value != "absent"}
    everything = {**load(whole.to_bytes()), **(tensors or {})}
    everything = {name: tensor for name, tensor in everything.items() if tensor is not None}
    metadata["sha256"] = digest_of(metadata, everything)
    path.write_bytes(save(everything, metadata={KEY: canonical(metadata)}))
    return path


def test_the_forger_can_make_good_files(tmp_path: Path) -> None:
    text = np.frombuffer(b"ab\nba", np.uint8)
    good = forge(tmp_path / "m.safetensors", {"kept_names": 5}, {"kept_names": text})
    assert Bundle.read(good).kept_names == ("ab", "ba")


@pytest.mark.parametrize(
    ("sections", "tensors"),
    [
        ({"origin": "absent"}, {}),  # format 2 without anything of it
        ({"format": 1}, {}),
        ({"format": 3}, {}),
        ({"more": {}}, {}),
        ({"origin": {}}, {}),
        ({"origin": []}, {}),
        ({"origin": {"a": [1]}}, {}),
        ({"origin": {"a": "\u202e"}}, {}),
        ({"origin": {f"n{i}": 1 for i in range(300)}}, {}),
        ({"precision": "float32"}, {}),
        ({"precision": "int8"}, {}),  # the tensors are not
        ({"precision": 8}, {}),
        ({"categories": []}, {}),
        ({"categories": [["elves", 3]]}, {}),  # no row of the network for it
        ({"categories": [["elves"]]}, {}),
        ({"categories": [["elves", "3"]]}, {}),
        ({"categories": [["elves", 0]]}, {}),
        ({"categories": [["el\nves", 3]]}, {}),
        ({"categories": [["elves", 3], ["elves", 4]]}, {}),
        ({"kept_names": 5}, {}),
        ({"kept_names": 4}, {"kept_names": np.frombuffer(b"ab\nba", np.uint8)}),
        ({"kept_names": 5}, {"kept_names": np.frombuffer(b"ba\nab", np.uint8)}),
        ({"kept_names": 5}, {"kept_names": np.frombuffer(b"ab\nab", np.uint8)}),
        ({"kept_names": 2}, {"kept_names": np.frombuffer(b"\xff\xfe", np.uint8)}),
        ({"kept_names": 3}, {"kept_names": np.frombuffer(b"a\n\n", np.uint8)}),
        ({"kept_names": 2}, {"kept_names": np.frombuffer(b"a\x07", np.uint8)}),
        ({"directions": 0}, {}),
        ({"directions": 2_000}, {}),
        ({"directions": 1}, {}),
        ({"directions": 1}, {"directions.input_bias": np.ones((1, 2), np.float32)}),
        ({"left_out": 0}, {}),
        ({"left_out": 2**40}, {}),
        ({"left_out": -1}, {}),
        ({"left_out": 1.0}, {}),
        ({"left_out": 1_001}, {"left_out": np.frombuffer(b"a" * 1_001, np.uint8)}),
        ({"corpus_filter": {"bits": 64, "hashes": 1, "names": 1}}, {}),
        (
            {"corpus_filter": {"bits": 128, "hashes": 1, "names": 1}},
            {"corpus_filter": np.zeros(1, np.uint64)},
        ),
        (
            {"training_filter": {"bits": 64, "hashes": 1, "names": 1}},
            {"training_filter": np.zeros(1, np.uint64)},
        ),  # beside the hashes
    ],
)
def test_a_section_that_lies_is_refused(
    sections: dict[str, Any], tensors: dict[str, Any], tmp_path: Path
) -> None:
    path = forge(tmp_path / "m.safetensors", sections, tensors)
    with pytest.raises(ModelFileError) as caught:
        Bundle.read(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "extra",
    [
        {"kept_names": ("ba", "ab")},
        {"kept_names": ("a\nb",)},
        {"left_out": ("",)},
        {"precision": "int4"},
        {"origin": {"a": {}}},
        {"categories": (("elves", 1),)},
        {"directions": (np.ones((4, 2), np.float32), np.ones((3, 3), np.float32))},
        {"directions": (np.ones((4, 2), np.float64), np.ones((4, 3), np.float64))},
        {"directions": (np.full((4, 2), np.nan, np.float32), np.ones((4, 3), np.float32))},
    ],
)
def test_what_could_not_be_read_is_not_made(extra: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        tiny_bundle(**extra)


def test_many_training_names_fit_under_the_readers_limit() -> None:
    from dino_names.modelfile.container import MAX_FILE_BYTES

    # A hundred million: what their filter takes, by the size of one for a thousandth of them.
    words = NameFilter.of([], count=100_000).words.nbytes
    assert 1_000 * words < MAX_FILE_BYTES
    assert TINY.parameters() < 100
