from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from dino_names.constraints.constraints import Compiled, Constraints
from dino_names.constraints.words import MOST_WORDS, Words, read_words
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import CorpusError, OptionError

VOCABULARY = Vocabulary.of(["Ramosaurus", "Tyrex-rat", "Saur"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"ends": ""}, "ends: expected at least one character on one line, received ''"),
        ({"ends": "a\nb"}, "on one line"),
        ({"ends": 3}, "ends: expected at least one character on one line, received 3"),
        ({"contains": [""]}, "contains: expected at least one"),
        ({"contains": 3}, "contains: expected at least one character on one line, received 3"),
        ({"without": "-"}, "without '-': expected letters or digits in it"),
        ({"pattern": "a[b"}, r"pattern 'a\[b': expected \] after \["),
        ({"pattern": "[z-a]"}, "expected a range from a lower to a higher character"),
    ],
)
def test_what_is_no_constraint_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Constraints(**asked)


def compiled(asked: dict[str, Any], **options: Any) -> Compiled:
    values = {"prompt": "", "shortest": 1, "longest": 20, **options}
    return Compiled(Constraints(**asked).parts(), VOCABULARY, **values)


@pytest.mark.parametrize(
    ("asked", "options", "message"),
    [
        ({"ends": "iel"}, {}, r"ends 'iel': expected characters that the model knows \(.*'il'"),
        ({"pattern": "?q*"}, {}, r"pattern '\?q\*': expected characters .* received 'q'"),
        ({"ends": "saurus"}, {"longest": 5}, "ends 'saurus': expected what fits 1 to 5 char"),
        ({"pattern": "???"}, {"shortest": 4}, r"pattern '\?\?\?': expected what fits 4 to 20"),
        ({"ends": "us", "without": ["us"]}, {}, "ends 'us' and without 'us': expected what a name"),
        ({"ends": "us", "letters": "ram"}, {}, "ends 'us' and letters 'ram': expected"),
        ({"contains": "ram", "not_letters": "a"}, {}, "contains 'ram' and not_letters 'a'"),
        ({"letters": "#"}, {}, "letters '#': expected some that the model knows .* received none"),
        ({"pattern": "a*", "ends": "us"}, {"prompt": "R"}, r"pattern 'a\*': .* begin with 'R'"),
        ({"without": "am"}, {"prompt": "Ram"}, "without 'am': expected .* begin with 'Ram'"),
        (
            {"ends": "x", "contains": ["a", "m"], "pattern": "???"},
            {"longest": 3, "prompt": "T"},
            "contains 'a' and contains 'm'|ends 'x' and contains",
        ),
    ],
)
def test_what_nothing_can_be_is_refused_with_the_reason(
    asked: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError) as caught:
        compiled(asked, **options)
    assert re.search(message, str(caught.value))
    assert str(caught.value).count("\n") == 0


def test_long_lists_of_words_are_looked_for_and_not_foreseen() -> None:
    few = ("saur", "rex")
    many = ["".join(w) for w in product("ramosu", "ty", "exaour", "mous", "ae")]
    for words in (few, many):
        found = compiled({"without": words})
        assert (len(found.automaton) > 2) is (words is few)
        names = ["Ramous", "Ty-rex", "Sau-rus", "Tarexo", "Toma", "Rtyem", "Rtaro-sa"]
        matrix = VOCABULARY.encode_names([n.replace("-", "") for n in names], start=False)
        expected = [not any(w in name.lower().replace("-", "") for w in words) for name in names]
        assert found.allows(matrix, names).tolist() == expected


def test_words_are_found_in_spite_of_accents_case_and_joints() -> None:
    words = Words(["Été", "a b"], "without")
    assert not words.allows("xETEx")
    assert not words.allows("E-t e")
    assert not words.allows("oAB")
    assert words.allows("Etc")


def test_words_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# mild\n\nDarn\nheck\nDarn\n", encoding="utf-8")
    assert read_words(path) == ("Darn", "heck")
    path.write_text("# none\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=f"expected 1 to {MOST_WORDS:,} words, one a line"):
        read_words(path)
    with pytest.raises(CorpusError, match="there is none of this name"):
        read_words(tmp_path / "missing.txt")
