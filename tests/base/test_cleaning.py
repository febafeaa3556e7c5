"""What is a name and what is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.corpus.cleaning import LONGEST, SHORTEST, clean, script_of


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Łódź", "Łódź"),
        ("  St.  Ives ", "St. Ives"),
        ("L’Île-d’Yeu", "L'Île-d'Yeu"),
        ("Foo (bar)", "Foo"),
        ("Foo (bar (baz)) Qux [1]", "Foo Qux"),
        ("Cafe\u0301", "Café"),
        ("Neĳzen", "Neijzen"),
        ("Anne\u2011Marie", "Anne-Marie"),
        ("-saurus", "saurus"),
        ("\u200eалая\u200e", "алая"),
        ("عـــمر", "عمر"),
        ("McDonald", "McDonald"),
        ("de la Cruz", "de la Cruz"),
        ("Jr.", "Jr."),
        ("स्वाति", "स्वाति"),
        ("ʻEwa", "ʻEwa"),
        ("パリー", "パリー"),
        ("צור־הדסה", "צור־הדסה"),
    ],
)
def test_a_name_keeps_its_letters_and_is_written_in_one_way(line: str, name: str) -> None:
    assert clean(line) == name


@pytest.mark.parametrize(
    "line",
    ["", "A", "a" * 41, "Route 66", "a/b", "foo_bar", "Moskva Москва", "NATO", "ÇAĞ", "東京",
     "(only this)", "Foo (bar", "@home", "Dr.!", "- '", "می\u200cروم", "½ Foo",
     "a,b", "x.", "😀😀"],
)  # fmt: skip
def test_what_is_no_name_is_none(line: str) -> None:
    assert clean(line) is None


def test_the_bounds_of_length_are_allowed_themselves() -> None:
    assert clean("Ab") == "Ab" and clean("a" * LONGEST) == "a" * LONGEST and SHORTEST == 2


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Ærø", "latin"),
        ("Щука", "cyrillic"),
        ("Άγρα", "greek"),
        ("アき", "kana"),
        ("서울", "hangul"),
        ("Xи", ""),
        ("X", ""),
        ("北京", ""),
    ],
)
def test_the_script_of_a_name_is_that_of_all_its_letters(name: str, script: str) -> None:
    assert script_of(name) == script


@given(st.text(max_size=50))
def test_what_comes_out_is_clean_and_stays_so(line: str) -> None:
    name = clean(line)
    if name is not None:
        assert clean(name) == name and unicodedata.is_normalized("NFC", name)
        assert SHORTEST <= len(name) <= LONGEST and name == name.strip()
        assert not any(char.isdigit() or unicodedata.category(char)[0] == "C" for char in name)
