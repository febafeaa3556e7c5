"""Automata held against what Python's own string functions say."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dino_names.constraints.automaton import DEAD, Automaton
from dino_names.constraints.constraints import Constraints
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import OptionError

LETTERS = "abAB-é "
VOCABULARY = Vocabulary.of([LETTERS])
NAMES = st.text(LETTERS, min_size=0, max_size=8)
BITS = st.text(LETTERS, min_size=1, max_size=3)
WORDS = st.text("abABé", min_size=1, max_size=3)
PATTERNS = st.lists(
    st.sampled_from(["*", "?", "a", "B", "-", "é", "[ab]", "[!a]", "[a-b-]"]),
    min_size=1,
    max_size=6,
).map("".join)


def bare(text: str) -> str:
    kept = [c for c in unicodedata.normalize("NFD", text.lower()) if c.isalpha()]
    return "".join(kept)


def says(constraints: Constraints, names: list[str]) -> list[bool]:
    automaton = Automaton(constraints.parts(), VOCABULARY.characters)
    matrix = VOCABULARY.encode_names([*names, "a"], start=False)[:-1]
    return automaton.allows(matrix, automaton.start).tolist()


@pytest.mark.parametrize("exact", [False, True])
@given(names=st.lists(NAMES, min_size=1), bit=BITS, word=WORDS, pattern=PATTERNS)
def test_each_part_is_what_string_functions_say(
    exact: bool, names: list[str], bit: str, word: str, pattern: str
) -> None:
    case: Callable[[str], str] = str if exact else str.lower
    fold: Callable[[str], str] = str if exact else bare
    expected: dict[str, Callable[[str], bool]] = {
        "ends": lambda name: case(name).endswith(case(bit)),
        "contains": lambda name: case(bit) in case(name),
        "letters": lambda name: set(case(name)) <= set(case(bit)),
        "not_letters": lambda name: not set(case(name)) & set(case(bit)),
        "pattern": lambda name: fnmatchcase(case(name), case(pattern)),
        "without": lambda name: fold(word) not in fold(name),
    }
    for what, oracle in expected.items():
        value = {"pattern": pattern, "without": word}.get(what, bit)
        asked: dict[str, Any] = {what: value, "exact_case": exact}
        assert says(Constraints(**asked), names) == [oracle(name) for name in names], what


@given(
    names=st.lists(NAMES, min_size=1),
    end=BITS,
    inside=st.lists(BITS, max_size=2),
    word=WORDS,
    pattern=PATTERNS,
)
def test_together_they_are_all_of_them(
    names: list[str], end: str, inside: list[str], word: str, pattern: str
) -> None:
    each: list[dict[str, Any]] = [
        {"ends": end},
        {"contains": inside},
        {"without": word},
        {"pattern": pattern},
    ]
    together = Constraints(**{k: v for one in each for k, v in one.items()})
    alone = [says(Constraints(**one), names) for one in each]
    assert says(together, names) == [all(column) for column in zip(*alone, strict=True)]


@given(end=BITS, word=WORDS, pattern=PATTERNS)
def test_lengths_and_counts_are_those_of_all_names(end: str, word: str, pattern: str) -> None:
    alphabet = "abA"
    vocabulary = Vocabulary.of([alphabet])
    parts = Constraints(ends=end, without=word, pattern=pattern).parts()
    automaton = Automaton(parts, vocabulary.characters)
    longest = 4
    ways = []
    for length in range(longest + 1):
        every = [vocabulary.encode("".join(name)) for name in product(alphabet, repeat=length)]
        ways.append(sum(bool(automaton.accepts[automaton.read(name)]) for name in every))
    possible = automaton.lengths(automaton.start, longest).tolist()
    assert possible == [number > 0 for number in ways]
    assert automaton.count(automaton.start, 2, longest) == sum(ways[2:])


def test_nothing_leads_out_of_the_dead_state() -> None:
    automaton = Automaton(Constraints(letters="a", ends="a").parts(), VOCABULARY.characters)
    assert not automaton.moves[DEAD].any()
    assert not automaton.accepts[DEAD]
    assert not automaton.moves[:, 0].any()
    assert automaton.read(VOCABULARY.encode("ab")) == DEAD


def test_letters_that_nothing_tells_apart_need_no_states() -> None:
    automaton = Automaton(Constraints(ends="saurus").parts(), Vocabulary.of(["Saurus"]).characters)
    assert len(automaton) == len("saurus") + 2


def test_too_much_at_once_is_refused() -> None:
    # Each ? behind a star doubles what must be remembered.
    parts = Constraints(pattern="*a" + "?" * 14).parts()
    with pytest.raises(OptionError, match="ask for less at once"):
        Automaton(parts, VOCABULARY.characters)


def test_one_character_may_be_several_letters_of_a_word() -> None:
    vocabulary = Vocabulary.of(["Straße"])
    automaton = Automaton(Constraints(without="ass").parts(), vocabulary.characters)
    names = np.array([vocabulary.encode("aß")[:2], vocabulary.encode("eß")[:2]])
    assert automaton.allows(names, automaton.start).tolist() == [False, True]
