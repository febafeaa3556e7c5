from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from dino_names.config.architecture import Architecture
from dino_names.corpus.bounds import FORBIDDEN
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import InputError, ModelFileError, OptionError
from dino_names.modelfile.contents import Bundle
from dino_names.modelfile.metadata import KEY, canonical, digest_of
from dino_names.modelfile.name_hashes import hash_names
from dino_names.modelfile.tensors import join_networks
from dino_names.ngram.kneser_ney import Ngram
from tests.helpers.tiny_bundle import TINY, tiny_bundle, weights


def same(one: Bundle, two: Bundle) -> bool:
    mine, other = one.all_tensors(), two.all_tensors()
    return one.metadata() == two.metadata() and all(
        np.array_equal(mine[name], other[name]) for name in {*mine, *other}
    )


def forge(
    path: Path,
    change: dict[str, Any] | None = None,
    tensors: dict[str, Any] | None = None,
    *,
    text: str | None = None,
) -> Path:
    """A file as `tiny_bundle` writes it, but for some values, with a SHA-256 that fits."""
    whole = tiny_bundle()
    metadata = {**whole.metadata(), **(change or {})}
    everything = {**whole.all_tensors(), **(tensors or {})}
    everything = {name: tensor for name, tensor in everything.items() if tensor is not None}
    metadata["sha256"] = digest_of(metadata, everything)
    metadata = {name: value for name, value in metadata.items() if value != "absent"}
    path.write_bytes(save(everything, metadata={KEY: text or canonical(metadata)}))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        Bundle.read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert len(message) < 600
    return message


def test_what_was_written_is_read(tmp_path: Path) -> None:
    bundle = tiny_bundle(temperature=0.7, top_k=2, top_p=0.9, start_boundary=False)
    bundle.write(tmp_path / "m.safetensors")
    back = Bundle.read(tmp_path / "m.safetensors")
    assert same(back, bundle)
    assert (back.temperature, back.top_k, back.top_p) == (0.7, 2, 0.9)
    assert back.start_boundary is False
    assert back.to_bytes() == bundle.to_bytes() == (tmp_path / "m.safetensors").read_bytes()


def test_the_same_content_gives_the_same_bytes_in_any_order() -> None:
    tensors = weights(TINY)
    turned = dict(reversed(tensors.items()))
    assert tiny_bundle(tensors=turned).to_bytes() == tiny_bundle(tensors=tensors).to_bytes()
    options = {"b": 1, "a": 2}
    other = dict(sorted(options.items()))
    assert tiny_bundle(options=options).to_bytes() == tiny_bundle(options=other).to_bytes()


def test_it_is_a_safetensors_file(tmp_path: Path) -> None:
    from safetensors import safe_open

    tiny_bundle().write(tmp_path / "m.safetensors")
    with safe_open(tmp_path / "m.safetensors", "numpy") as file:
        assert set(file.metadata()) == {"dino_names"}
        assert json.loads(file.metadata()["dino_names"])["vocabulary"] == "\nab"
        np.testing.assert_array_equal(
            file.get_tensor("network0.output.bias"), weights(TINY)["network0.output.bias"]
        )


visible = st.characters(exclude_categories=[*FORBIDDEN, "Cn"])


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_bundle_comes_back(data: st.DataObject, tmp_path_factory: Any) -> None:
    draw = data.draw
    letters = "".join(draw(st.sets(visible, min_size=1, max_size=6)))
    architecture = Architecture(
        vocab_size=len(letters) + 1,
        cell=draw(st.sampled_from(["gru", "lstm", "rnn"])),
        encoder=draw(st.sampled_from(["embedding", "tanh", "onehot"])),
        embedding_dim=draw(st.integers(1, 3)),
        rnn_units=draw(st.integers(1, 3)),
        num_layers=draw(st.integers(1, 3)),
        networks=draw(st.integers(1, 2)),
    )
    scalars = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9)
    bundle = Bundle(
        architecture=architecture,
        vocabulary=Vocabulary("\n" + letters),
        tensors=weights(architecture, draw(st.integers(0, 9))),
        kind=draw(st.sampled_from(["names", "text"])),
        start_boundary=draw(st.booleans()),
        longest_name=draw(st.integers(1, 300)),
        temperature=draw(st.floats(0, 3)),
        top_k=draw(st.none() | st.integers(1, 9)),
        top_p=draw(st.none() | st.floats(0.01, 1)),
        options=draw(
            st.dictionaries(st.text(visible, max_size=5), scalars | st.text(visible), max_size=3)
        ),
        training_names=draw(st.none() | st.lists(st.text(visible)).map(hash_names)),
    )
    path = tmp_path_factory.mktemp("any") / "m.safetensors"
    bundle.write(path)
    back = Bundle.read(path)
    assert same(back, bundle)
    assert back.to_bytes() == path.read_bytes()


def test_a_partner_comes_back(tmp_path: Path) -> None:
    vocabulary = Vocabulary("\nab")
    ngram = Ngram.fit(["ab", "ba", "aab"], vocabulary, order=3)
    partner = {"ngram": ngram.section, "mixing": {"weights": [0.5, 0.25]}}
    bundle = tiny_bundle(partner=partner, tensors={**weights(TINY), **ngram.to_tensors()})
    bundle.write(tmp_path / "m.safetensors")
    back = Bundle.read(tmp_path / "m.safetensors")
    assert same(back, bundle)
    again = Ngram.from_tensors(back.partner["ngram"], back.tensors)
    assert again.section == ngram.section
    # Other weights of the network leave the partner as it is.
    other = back.with_tensors(weights(TINY, 1))
    assert not same(other, back)
    np.testing.assert_array_equal(other.tensors["ngram.chars"], back.tensors["ngram.chars"])


@pytest.mark.parametrize(
    "partner",
    [
        {"mixing": {}},
        {"mixing": {}, "ngram": {"order": 2}},
        {"mixing": [], "ngram": {}},
        {
            "mixing": {},
            "ngram": {"order": 1, "vocab_size": 9, "entries": [1], "count_type": "uint8"},
        },
        {
            "mixing": {},
            "ngram": {"order": 1, "vocab_size": 3, "entries": [2**40], "count_type": "uint8"},
        },
        {
            "mixing": {},
            "ngram": {"order": 1, "vocab_size": 3, "entries": [3], "count_type": "uint8"},
        },
    ],
)
def test_a_partner_that_is_none_is_refused(tmp_path: Path, partner: Any) -> None:
    refusal(forge(tmp_path / "m.safetensors", {"partner": partner}))


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole, path = tiny_bundle().to_bytes(), tmp_path / "m.safetensors"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelFileError):
            Bundle.read(path)
    path.write_bytes(whole + b"\0")
    assert "something was added" in refusal(path)


def test_a_file_with_any_bit_flipped_is_refused(tmp_path: Path) -> None:
    whole, path = tiny_bundle().to_bytes(), tmp_path / "m.safetensors"
    path.write_bytes(whole)
    with path.open("r+b", buffering=0) as file:
        for place, byte in enumerate(whole):
            for bit in range(8):
                file.seek(place)
                file.write(bytes([byte ^ 1 << bit]))
                with pytest.raises(ModelFileError):
                    Bundle.read(path)
            file.seek(place)
            file.write(bytes([byte]))
    assert same(Bundle.read(path), tiny_bundle())


def hashes(*values: int) -> np.ndarray:
    return np.array(values, np.uint64)


def bad_bias(*values: float) -> dict[str, np.ndarray]:
    return {"network0.output.bias": np.array(values, np.float32)}


@pytest.mark.parametrize(
    ("change", "tensors", "message"),
    [
        ({"format": 3}, {}, "expected format 1 or 2, received 3; a newer version"),
        ({"format": "\n\x1b[2J"}, {}, "received '.n.x1b.2J'"),
        ({"\n\x1b[2J": 1}, {}, "received .'.n.x1b.2J', 'architecture'"),
        ({"format": "absent"}, {}, "format version"),
        ({"kind": "absent"}, {}, "metadata: expected architecture, defaults"),
        ({"more": 1}, {}, "metadata: expected architecture, defaults"),
        ({"kind": "poems"}, {}, "kind: expected one of names, text, received 'poems'"),
        ({"kind": 1}, {}, "expected kind of another type"),
        ({"start_boundary": 1}, {}, "expected start_boundary of another type"),
        ({"longest_name": True}, {}, "expected longest_name of another type"),
        ({"longest_name": 0}, {}, "longest_name: expected .* at least 1"),
        ({"normalisation": "NFD"}, {}, "expected the normalisation NFC"),
        ({"architecture": {}}, {}, "expected architecture to hold cell, "),
        ({"defaults": {"temperature": 1}}, {}, "expected defaults to hold temperature, top_k"),
        ({"defaults": {"temperature": -1, "top_k": None, "top_p": None}}, {}, "temperature: "),
        ({"vocabulary": "\nabc"}, {}, "vocabulary: expected 3 characters .* received 4"),
        ({"vocabulary": "\naa"}, {}, "vocabulary: expected distinct"),
        ({"vocabulary": "abc"}, {}, "newline first"),
        ({"vocabulary": "\na\t"}, {}, "vocabulary: expected visible characters"),
        ({"vocabulary": "\na\x1b"}, {}, "vocabulary: expected visible characters"),
        ({"vocabulary": "\na\u202e"}, {}, "vocabulary: expected visible characters"),
        ({"vocabulary": "\na\u200f"}, {}, "vocabulary: expected visible characters"),
        ({"options": {"x": [1]}}, {}, "options: expected a plain value of 'x'"),
        ({"options": {"\x1b[2J": 1}}, {}, "options: expected visible text"),
        ({"options": {"x": "\u202e"}}, {}, "options: expected visible text"),
        ({"options": {"x": "y" * 5000}}, {}, "options: expected visible text of at most"),
        ({"options": {str(i): 1 for i in range(300)}}, {}, "options: expected at most 256"),
        ({"training_names": 3}, {}, "tensor .*training_names.*: expected uint64 of shape .3,"),
        ({"training_names": -1}, {}, "training_names: expected a whole number at least 0"),
        ({"training_names": 10**12}, {}, "training_names: expected"),
        ({"training_names": None}, {}, "training_names'?: expected no such tensor"),
        ({}, {"training_names": hashes(2, 1)}, "expected ascending hashes"),
        ({}, {"training_names": hashes(1, 1)}, "expected ascending hashes"),
        ({}, {"network0.output.bias": None}, "output.bias'?: expected float32.*received none"),
        ({}, {"network1.output.bias": np.zeros(3, np.float32)}, "expected no such tensor"),
        ({}, {"network0.output.bias": np.zeros(4, np.float32)}, "received float32 of shape .4,"),
        ({}, {"network0.output.bias": np.zeros(3, np.float64)}, "received float64"),
        ({}, {"network0.output.bias": np.zeros(3, np.float16)}, "received float16"),
        ({}, {"network0.output.bias": np.zeros(3, np.int16)}, "received other"),
        ({}, bad_bias(0, np.nan, 0), "expected finite numbers"),
        ({}, bad_bias(0, -np.inf, 0), "expected finite numbers"),
    ],
)
def test_a_forged_file_is_refused(
    tmp_path: Path, change: dict[str, Any], tensors: dict[str, Any], message: str
) -> None:
    path = forge(tmp_path / "m.safetensors", change, tensors)
    assert re.search(message, refusal(path))


def test_an_architecture_beyond_bounds_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    real = tiny_bundle().metadata()["architecture"]
    for change in (
        {"rnn_units": 10**9},
        {"rnn_units": 8_192},
        {"vocab_size": 65_537},
        {"num_layers": 0},
        {"networks": -1},
        {"embedding_dim": 1.5},
        {"cell": "gpt"},
        {"encoder": None},
        {"units": 3},
    ):
        path = forge(tmp_path / "m.safetensors", {"architecture": {**real, **change}})
        refusal(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (',"format":1', ', "format":1', "canonical"),
        ('"rate":0.5', '"rate":0.50', "canonical"),
        ('"format":1', '"format":1,"format":1', "each key once"),
        ('"rate":0.5', '"rate":NaN', "finite numbers, received NaN"),
        ('"rate":0.5', '"rate":-Infinity', "finite numbers, received -Infinity"),
        ('"rate":0.5', '"rate":1e999', "finite numbers, received 1e999"),
        ('"epochs":3', f'"epochs":{"3" * 5000}', "at most 24 digits"),
        (
            '"options":{',
            f'"options":{{"x":{"[" * 90}{"]" * 90},',
            "at most 8 levels, received more",
        ),
        ('"options":{', "", "well formed"),
    ],
)
def test_json_is_read_strictly(tmp_path: Path, old: str, new: str, message: str) -> None:
    whole = tiny_bundle()
    values = whole.metadata()
    values["sha256"] = digest_of(values, whole.all_tensors())
    text = canonical(values)
    assert text.count(old) == 1
    path = forge(tmp_path / "m.safetensors", text=text.replace(old, new))
    assert message in refusal(path)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_metadata_is_refused_or_leaves_the_weights(
    data: st.DataObject, tmp_path_factory: Any
) -> None:
    change = {}
    for name in data.draw(st.sets(st.sampled_from(sorted(tiny_bundle().metadata())), min_size=1)):
        old = tiny_bundle().metadata()[name]
        value = data.draw(values)
        if isinstance(old, dict) and old and data.draw(st.booleans()):
            value = {**old, data.draw(st.sampled_from(sorted(old))): value}
        change[name] = value
    path = forge(tmp_path_factory.getbasetemp() / "fuzzed.safetensors", change)
    try:
        back = Bundle.read(path)
    except ModelFileError as error:
        assert "\n" not in str(error)
        assert str(error).isprintable()
        return
    for name, tensor in weights(TINY).items():
        np.testing.assert_array_equal(back.tensors[name], tensor)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    whole = tiny_bundle()
    metadata = {**whole.metadata(), "vocabulary": "\na\ud800", "sha256": "0" * 64}
    (length,) = struct.unpack("<Q", whole.to_bytes()[:8])
    header = json.loads(whole.to_bytes()[8 : 8 + length])
    header["__metadata__"] = {KEY: canonical(metadata)}
    start = json.dumps(header).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(struct.pack("<Q", len(start)) + start + whole.to_bytes()[8 + length :])
    assert "half a pair of one" in refusal(path)


def test_other_content_than_its_hash_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    data = tiny_bundle(temperature=0.5).to_bytes()
    path.write_bytes(data.replace(b'temperature\\":0.5', b'temperature\\":0.6'))
    assert "expected the content that its SHA-256 names" in refusal(path)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "poems"},
        {"vocabulary": Vocabulary("\nabc")},
        {"longest_name": 0},
        {"temperature": float("nan")},
        {"top_p": 0.0},
        {"start_boundary": 1},
        {"options": {"x": {}}},
        {"options": {"x": float("inf")}},
        {"tensors": {}},
        {"tensors": {name: tensor * np.nan for name, tensor in weights(TINY).items()}},
        {"tensors": {name: tensor.astype(float) for name, tensor in weights(TINY).items()}},
        {"training_names": hashes(3, 1)},
        {"training_names": np.array([1, 3])},
    ],
)
def test_a_bundle_that_could_not_be_read_is_not_made(change: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        tiny_bundle(**change)


def test_a_vocabulary_of_the_boundary_alone_is_refused() -> None:
    architecture = Architecture(vocab_size=1, cell="rnn", encoder="onehot", rnn_units=2)
    with pytest.raises(OptionError, match="at least one character"):
        tiny_bundle(
            architecture=architecture, vocabulary=Vocabulary("\n"), tensors=weights(architecture)
        )


def test_a_text_may_have_tabs_and_names_may_not() -> None:
    assert tiny_bundle(kind="text", vocabulary=Vocabulary("\n\ta"), longest_name=0)
    with pytest.raises(OptionError, match="visible"):
        tiny_bundle(vocabulary=Vocabulary("\n\ta"))


def test_several_networks_are_told_apart(tmp_path: Path) -> None:
    architecture = Architecture(vocab_size=3, cell="rnn", encoder="onehot", rnn_units=2, networks=2)
    single = [
        {name.removeprefix("network0."): tensor for name, tensor in weights(TINY, seed).items()}
        for seed in (0, 1)
    ]
    tiny_bundle(architecture=architecture, tensors=join_networks(single)).write(tmp_path / "m")
    back = Bundle.read(tmp_path / "m")
    for number in (0, 1):
        np.testing.assert_array_equal(
            back.tensors[f"network{number}.layer0.kernel"], single[number]["layer0.kernel"]
        )
