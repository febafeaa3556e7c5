"""The page as a person uses it, opened from disk in a browser."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import dino_names
from tests.helpers.browser import needs_browser, open_browser

pytestmark = [needs_browser, pytest.mark.timeout(300)]
SECONDS = 60


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "names.html"
    dino_names.load().to_page(path, title="Invented dinosaurs")
    return path.as_uri()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    driver = open_browser(**{"download.default_directory": str(tmp_path)})
    yield driver
    driver.quit()


def wait_for(ready: Callable[[], Any], what: str) -> Any:
    ends = time.monotonic() + SECONDS
    while not (found := ready()):
        assert time.monotonic() < ends, f"waited {SECONDS} s for {what}"
        time.sleep(0.05)
    return found


class User:
    """What a person can do."""

    def __init__(self, browser: Any, address: str, made: str = "name") -> None:
        self.browser = browser
        browser.get(address)
        self.done(made)

    def find(self, selector: str) -> list[Any]:
        return list(self.browser.find_elements("css selector", selector))

    def names(self, of: str = "names") -> list[str]:
        # Not `text`, which a name does not have while it fades in.
        return [each.get_attribute("textContent") for each in self.find(f"#{of} .name")]

    def press(self, selector: str) -> None:
        self.find(selector)[0].click()

    def status(self) -> str:
        # The form is there once the model is read.
        return "".join(each.text for each in self.find("#status"))

    def done(self, made: str = "name") -> None:
        wait_for(lambda: made in self.status(), made)

    def wish(self, **wishes: Any) -> list[str]:
        for name, value in wishes.items():
            box = self.find(f"#{name}")[0]
            box.clear()
            box.send_keys(str(value))
        self.press("#more")
        wait_for(lambda: self.status() != "inventing ...", "an end")
        return self.names()


def test_it_opens_from_disk_makes_names_and_asks_for_nothing(browser: Any, address: str) -> None:
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
    )
    user = User(browser, address)
    assert len(user.names()) == 12 == len(set(user.names()))
    before = user.names()
    user.press("#more")
    user.done()
    assert user.names() != before
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {
        event["params"]["request"]["url"].partition(":")[0]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    }
    assert urls <= {"file", "blob"}


def test_every_wish_is_followed(browser: Any, address: str) -> None:
    user = User(browser, address)
    assert len(user.wish(number=5)) == 5
    assert all(name.startswith("Ra") for name in user.wish(begins="ra"))
    some = user.wish(begins="", ends="us", contains="o", without="saur", shortest=6, longest=11)
    assert len(some) == 5
    for name in some:
        assert name.endswith("us") and "o" in name.lower() and "saur" not in name.lower()
        assert 6 <= len(name) <= 11
    user.wish(ends="", contains="", without="", shortest="", longest="", number=2)
    for _ in range(3):
        user.find("#daring")[0].send_keys("\ue012")  # arrow left
    assert user.find("output")[0].text == "very safe"
    user.wish(begins="1")
    assert "never seen" in user.status()
    assert all(name.endswith("xqzj") for name in user.wish(begins="Ram", ends="xqzj"))
    assert user.names()  # steered there, however unlikely
    assert user.wish(begins="", ends="ab", without="b") == []
    assert "No name can be so" in user.status()


def test_names_are_kept_copied_linked_and_downloaded(
    browser: Any, address: str, tmp_path: Path
) -> None:
    user = User(browser, address)
    first, second = user.names()[:2]
    user.find("#names .star")[0].click()
    user.find("#names .star")[1].click()
    assert user.names("kept") == [first, second]
    user.find("#kept .star")[1].click()
    assert user.names("kept") == [first]
    assert user.find("#names .star")[0].get_attribute("aria-pressed") == "true"
    browser.refresh()
    user.done()
    assert user.names("kept") == [first]

    user.press("#csv")
    table = tmp_path / "names.csv"
    wait_for(table.exists, "a file")
    assert table.read_text().splitlines() == ["name", first]
    user.press("#text")
    wait_for((tmp_path / "names.txt").exists, "a file")
    assert (tmp_path / "names.txt").read_text() == f"{first}\n"
    for button in ("#copy-all", "#copy-kept", "#link"):
        user.find("#number")[0].send_keys("0")
        user.press(button)
        wait_for(lambda: user.status() == "copied", "a copy")

    browser.get(f"{address}#number=3&begins=Tri&seed=7")
    browser.refresh()
    user.done()
    expected = dino_names.load().generate_many("Tri", n=3, seed=7, novel="list")
    assert user.names() == expected


def test_a_name_is_explained_letter_by_letter_and_the_keyboard_is_enough(
    browser: Any, address: str
) -> None:
    from selenium.webdriver.common.keys import Keys

    user = User(browser, address)
    name = user.names()[0]
    target = user.find("#names .name")[0]
    active = browser.switch_to.active_element
    for _ in range(40):
        active = browser.switch_to.active_element
        if active == target:
            break
        active.send_keys(Keys.TAB)
    assert active == target
    active.send_keys(Keys.ENTER)
    wait_for(lambda: user.find("dialog[open]"), "the letters")
    shown = [cell.text for cell in user.find(".letters b")]
    assert "".join(shown[:-1]) == name and shown[-1] == "end"
    shares = [cell.text for cell in user.find(".letters small")]
    assert all(share.endswith(" %") for share in shares) and len(shares) == len(name) + 1
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    wait_for(lambda: not user.find("dialog[open]"), "the letters to go")


def check_with_axe(browser: Any) -> None:
    """That axe finds nothing; the page's policy must be lifted for it."""
    import axe_core_python

    axe = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    browser.execute_script(axe)
    time.sleep(0.4)  # names fade in
    call = "const done = arguments[0]; axe.run().then((found) => done(found.violations));"
    violations = browser.execute_async_script(call)
    assert violations == [], [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in violations]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})  # axe is not of the page
    user = User(browser, address)
    user.find("#names .star")[0].click()
    check_with_axe(browser)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_names_with_markup_are_text_and_the_page_lives_without_storage(
    browser: Any, address: str
) -> None:
    user = User(browser, address)
    key = "kept names of Invented dinosaurs"
    browser.execute_script(
        "localStorage.setItem(arguments[0], JSON.stringify(['<img src=x onerror=alert(1)>', 7]))",
        key,
    )
    browser.refresh()
    user.done()
    assert user.names("kept") == ["<img src=x onerror=alert(1)>"]
    assert not user.find("img")
    browser.execute_script("localStorage.setItem(arguments[0], '{damaged')", key)
    browser.refresh()
    user.done()
    assert user.names("kept") == [] and len(user.names()) == 12
