"""The page with models of several lists and of running text, and a model file opened in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dino_names.generation.category_model import CategoryModel
from dino_names.generation.name_model import NameModel
from dino_names.generation.text_model import TextModel
from tests.helpers.browser import needs_browser
from tests.helpers.category_bundle import category_bundle
from tests.page.test_categories import text_bundle
from tests.page.test_engine import make
from tests.page.test_page import User, browser, check_with_axe, wait_for

pytestmark = [needs_browser, pytest.mark.timeout(300)]
__all__ = ["browser"]  # a fixture


def choose(user: User, name: str, value: str) -> None:
    from selenium.webdriver.support.select import Select

    Select(user.find(f"#{name}")[0]).select_by_visible_text(value)


def told(user: User) -> str:
    return str(user.find("#open-status")[0].text)


def open_model(user: User, path: Path, says: str) -> None:
    user.find("#open")[0].send_keys(str(path))
    wait_for(lambda: says in told(user), says)


def test_lists_are_chosen_and_blended_and_a_link_carries_them(browser: Any, tmp_path: Path) -> None:
    model = CategoryModel(category_bundle())
    model.to_page(tmp_path / "lists.html")
    address = (tmp_path / "lists.html").as_uri()
    user = User(browser, f"{address}#number=9&seed=2&category=orcs")
    assert [option.text for option in user.find("#category option")] == [
        *("all of them", "dwarves", "elves", "orcs"),
    ]
    assert user.names() == model.generate_many(n=9, seed=2, novel="list", category="orcs")
    share = user.find("#share")[0]
    assert not share.is_displayed()
    choose(user, "blend", "elves")
    assert share.is_displayed()
    user.press("#more")
    user.done()
    assert "category=orcs&blend=elves" in browser.current_url
    browser.get("about:blank")
    user = User(browser, f"{address}#number=9&seed=2&category=orcs&blend=elves&share=30")
    blend = "orcs=0.7,elves=0.3"
    assert user.names() == model.generate_many(n=9, seed=2, novel="list", category=blend)


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_with_lists_and_with_text(
    browser: Any, tmp_path: Path, width: int
) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})  # axe is not of the page
    CategoryModel(category_bundle()).to_page(tmp_path / "lists.html", learn=True)
    TextModel(text_bundle()).to_page(tmp_path / "text.html")
    blend = "#category=orcs&blend=elves&length=60"
    for name, made in {"lists": "names", "text": "60 letters"}.items():
        User(browser, (tmp_path / f"{name}.html").as_uri() + blend, made)
        check_with_axe(browser)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_model_that_needs_a_first_letter_gets_one(browser: Any, tmp_path: Path) -> None:
    NameModel(make(start=False)).to_page(tmp_path / "first.html")
    user = User(browser, (tmp_path / "first.html").as_uri())
    letter = user.find("#begins")[0].get_property("value")
    assert letter in "ARSTUVXYZÉ" and len(user.names()) == 12
    assert all(name.startswith(letter) for name in user.names())


def test_text_appears_and_is_taken_home(browser: Any, tmp_path: Path) -> None:
    model = TextModel(text_bundle())
    model.to_page(tmp_path / "text.html", title="A text")
    address = (tmp_path / "text.html").as_uri()
    user = User(browser, f"{address}#length=120&begins=Rex&seed=6", "120 letters")
    text = user.find("#text")[0].get_property("textContent")
    assert text == model.generate_text("Rex", length=120, seed=6)
    user.press("#text-file")
    wait_for((tmp_path / "text.txt").exists, "a file")
    assert (tmp_path / "text.txt").read_text() == text + "\n"
    user.press("#more")
    user.done("120 letters")
    assert user.find("#text")[0].get_property("textContent") != text
    assert browser.get_log("browser") == []


def test_a_model_file_takes_the_place_of_the_page_s_and_a_bad_one_does_not(
    browser: Any, tmp_path: Path
) -> None:
    category_bundle().write(tmp_path / "lists.safetensors")
    text_bundle().write(tmp_path / "text.safetensors")
    whole = make().to_bytes()
    (tmp_path / "turned.safetensors").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    (tmp_path / "cut.safetensors").write_bytes(whole[:999])
    (tmp_path / "markup.safetensors").write_bytes(b"<img src=x onerror=alert(1)>" * 99)
    CategoryModel(category_bundle()).category("elves").to_page(tmp_path / "one.html")
    user = User(browser, (tmp_path / "one.html").as_uri())
    assert not user.find("#category")
    before = user.names()
    for name, says in {"turned": "digest", "cut": "header", "markup": "header"}.items():
        open_model(user, tmp_path / f"{name}.safetensors", says)
        assert user.names() == before and told(user).startswith("This is no model file")
    assert not user.find("img")
    open_model(user, tmp_path / "lists.safetensors", "lists.safetensors is used")
    user.done()
    assert user.find("#category")
    open_model(user, tmp_path / "text.safetensors", "text.safetensors is used")
    user.done("500 letters")
    assert not user.find("#names")
    assert browser.get_log("browser") == []
