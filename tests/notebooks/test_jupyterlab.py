"""A notebook in JupyterLab, in a real browser, as a student has it: run all, move a slider."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.browser import needs_browser, open_browser
from tests.helpers.paths import ROOT

NAME = "06_many_lists"
pytestmark = [
    pytest.mark.notebook,
    pytest.mark.timeout(600),
    needs_browser,
]
SECONDS = 240
FINISHED = """
const panel = window.jupyterapp.shell.currentWidget;
const cells = panel.content.widgets.filter(w => w.model.type === 'code');
return [cells.filter(w => w.model.executionCount).length, cells.length,
        panel.sessionContext.session?.kernel?.status];
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def lab(tmp_path: Path, site: Path) -> Iterator[str]:
    """The address of a JupyterLab in an empty folder with one notebook in it."""
    shutil.copy(ROOT / "notebooks" / f"{NAME}.ipynb", tmp_path)
    settings = tmp_path / "settings" / "@jupyterlab"
    (settings / "notebook-extension").mkdir(parents=True)
    # Without it only the cells that are in sight have their outputs in the page.
    (settings / "notebook-extension" / "tracker.jupyterlab-settings").write_text(
        json.dumps({"windowingMode": "none"})
    )
    (settings / "apputils-extension").mkdir()
    (settings / "apputils-extension" / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False})
    )
    port = free_port()
    options = [
        *("--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="),
        *("--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={tmp_path}"),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "DINO_NAMES_NOTEBOOK_FAST": "1",
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
    }
    with (tmp_path / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", *options],
            env=environment,
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(lambda: answers(f"{address}/api"), "JupyterLab to answer")
            yield address
        finally:
            server.terminate()
            server.wait(20)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def wait_for(ready, what: str) -> None:
    ends = time.monotonic() + SECONDS
    while not ready():
        assert time.monotonic() < ends, f"waited {SECONDS} s for {what}"
        time.sleep(0.2)


@pytest.fixture
def browser():
    driver = open_browser()
    yield driver
    driver.quit()


def test_run_all_pictures_progress_and_a_slider(lab: str, browser) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    def found(selector: str):
        return browser.find_elements(By.CSS_SELECTOR, selector)

    browser.get(f"{lab}/lab/tree/{NAME}.ipynb")
    wait_for(lambda: found(".jp-Notebook .jp-CodeCell"), "the notebook to open")
    run = "return window.jupyterapp.commands.execute('{}')"
    browser.execute_script(run.format("notebook:clear-all-cell-outputs"))

    def finished() -> bool:
        done, cells, status = browser.execute_script(FINISHED)
        return bool(done == cells and status == "idle")

    wait_for(lambda: browser.execute_script(FINISHED)[2] == "idle", "the kernel to start")
    browser.execute_script("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait_for(finished, "all cells to run")
    assert not found("[data-mime-type='application/vnd.jupyter.error']")
    assert not found("[data-mime-type='application/vnd.jupyter.stderr']")
    pictures = found(".jp-RenderedImage img")
    assert pictures and all(int(picture.get_attribute("naturalWidth")) for picture in pictures)
    curves = found(".jp-RenderedSVG")
    assert len(curves) >= 2, "each training shows its curve"

    def invented() -> list[str]:
        return [name for box in found(".widget-html-content") for name in box.text.split("\n")]

    before = invented()
    assert len(before) > 3
    handle = found(".noUi-handle")[0]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", handle)
    handle.send_keys(Keys.ARROW_RIGHT * 3)
    button = found("button.widget-button")[0]
    browser.execute_script("arguments[0].click()", button)
    wait_for(lambda: invented() not in ([], before), "other names to appear")
