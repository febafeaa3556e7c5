"""A real browser for tests, and the reason where there is none."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    not (BROWSER and DRIVER),
    reason="chromium and chromedriver are not installed (apt-get install chromium-driver)",
)


def open_browser(**preferences: Any) -> Any:
    """Chromium without a window, driven by Selenium; whoever opens it quits it.

    Arguments:
        preferences: of the browser, such as where downloads go.
    """
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in ("--headless=new", "--no-sandbox", "--window-size=1200,1000", "--disable-gpu"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(str(DRIVER)))
