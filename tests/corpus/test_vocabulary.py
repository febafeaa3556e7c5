"""Characters to ids and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.corpus.vocabulary import BOUNDARY, BOUNDARY_ID, Vocabulary
from dino_names.errors import OptionError, PromptError

NAME = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n"), min_size=1)
NAMES = st.lists(NAME, min_size=1, max_size=10)


@given(names=NAMES)
def test_a_vocabulary_is_the_boundary_and_the_sorted_characters(names: list[str]) -> None:
    vocabulary = Vocabulary.of(names)
    assert vocabulary.characters == BOUNDARY + "".join(sorted(set("".join(names))))
    assert len(vocabulary) == len(vocabulary.characters)
    assert vocabulary.characters[BOUNDARY_ID] == BOUNDARY
    assert vocabulary == Vocabulary(vocabulary.characters)
    assert hash(vocabulary) == hash(Vocabulary(vocabulary.characters))


@given(names=NAMES, data=st.data())
def test_decoding_undoes_encoding(names: list[str], data: st.DataObject) -> None:
    vocabulary = Vocabulary.of(names)
    text = data.draw(st.text(st.sampled_from(vocabulary.characters)))
    ids = vocabulary.encode(text)
    assert ids.dtype == np.int32
    assert ids.shape == (len(text),)
    assert vocabulary.decode(ids) == text
    assert [vocabulary.characters[index] for index in ids] == list(text)


@given(names=NAMES, start=st.booleans())
def test_a_matrix_of_names_equals_a_plain_loop(names: list[str], start: bool) -> None:
    vocabulary = Vocabulary.of(names)
    matrix = vocabulary.encode_names(names, start=start)
    longest = max(map(len, names))
    expected = []
    for name in names:
        row = [BOUNDARY_ID] if start else []
        row += [vocabulary.characters.index(character) for character in name]
        expected.append(row + [BOUNDARY_ID] * (int(start) + longest + 1 - len(row)))
    assert matrix.dtype == np.int32
    assert matrix.tolist() == expected


def test_a_running_text_has_the_boundary_in_its_vocabulary_once() -> None:
    assert Vocabulary.of(["ab\nba\n"]).characters == "\nab"


def test_membership_is_by_character() -> None:
    vocabulary = Vocabulary("\nab")
    assert "a" in vocabulary
    assert BOUNDARY in vocabulary
    assert "c" not in vocabulary
    assert vocabulary != Vocabulary("\nba")
    assert vocabulary != "\nab"
    assert repr(vocabulary) == r"Vocabulary('\nab')"


@pytest.mark.parametrize("characters", ["", "ab", "a\nb", "\naa", "\na\n"])
def test_a_table_without_order_is_refused(characters: str) -> None:
    with pytest.raises(OptionError, match="distinct characters with the newline first"):
        Vocabulary(characters)


@pytest.mark.parametrize(
    ("characters", "text", "suggestion"),
    [
        ("\nramR", "RAM", "Try 'ram'"),
        ("\nRAM", "ram", "Try 'RAM'"),
        ("\nRam", "rAM", "Try 'Ram'"),
    ],
)
def test_the_other_case_is_suggested_where_it_would_do(
    characters: str, text: str, suggestion: str
) -> None:
    vocabulary = Vocabulary(characters)
    with pytest.raises(PromptError) as caught:
        vocabulary.encode(text)
    assert suggestion in str(caught.value)
    assert vocabulary.known() in str(caught.value)
    assert repr(text) in str(caught.value)


def test_no_case_is_suggested_where_none_would_do() -> None:
    with pytest.raises(PromptError, match=r"received 'x' in 'ax'\.$"):
        Vocabulary("\nab").encode("ax")
    with pytest.raises(PromptError, match=r"received 'x'"):
        Vocabulary("\nab").encode_names(["ab", "x"])


def test_a_long_prompt_makes_a_short_message() -> None:
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 500)))
    with pytest.raises(PromptError) as caught:
        Vocabulary("\n" + letters).encode("abcdefgh" * 1_000)
    message = str(caught.value)
    assert "and 3 more" in message
    assert "500 in all" in message
    assert len(message) < 300
    assert "\n" not in message
