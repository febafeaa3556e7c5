"""The page: its size, how soon it is ready, names a second, and how many differ from Python's.

    python -m benchmarks.page [MODEL] --names 10000

In Chromium without a window, opened from disk; needs chromium and chromedriver, and Selenium.
"""

from __future__ import annotations

import base64
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

import click

import dino_names
from dino_names.generation import NameModel

OPENED = """
const done = arguments[0];
const first = () => document.querySelector("#names .name")
  ? done(performance.now()) : requestAnimationFrame(first);
first();
"""
MAKE = """
const [file, names, seed, done] = arguments;
const program = document.getElementById("program").textContent;
const worker = new Worker(URL.createObjectURL(new Blob([program], {type: "text/javascript"})));
const made = [];
let began;
const wishes = {n: names, seed, begins: "", ends: "", contains: "", without: "", shortest: 0,
                longest: null, temperature: null};
worker.onmessage = ({data}) => {
  if (data.kind === "ready") {
    began = performance.now();
    worker.postMessage({kind: "make", call: 1, wishes});
  }
  if (data.kind === "names") made.push(...data.names);
  if (data.kind === "done") done([performance.now() - began, made]);
};
worker.postMessage({kind: "model", file: Uint8Array.from(atob(file), (c) => c.charCodeAt(0))});
"""


def browser() -> Any:
    """Chromium without a window."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in ("--headless=new", "--no-sandbox"):
        options.add_argument(argument)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


@click.command()
@click.argument("path", required=False)
@click.option("--names", default=10_000, show_default=True)
@click.option("--seed", default=14, show_default=True)
def main(path: str | None, names: int, seed: int) -> None:
    """Measure the page of MODEL, or of the model that ships."""
    model = dino_names.load(path)
    assert isinstance(model, NameModel)
    driver = browser()
    driver.set_script_timeout(3_600)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "names.html"
        click.echo(f"{model.to_page(file):,} bytes")
        opened = []
        for _ in range(5):
            driver.get(file.as_uri())
            opened.append(driver.execute_async_script(OPENED))
        click.echo(f"{statistics.median(opened):.0f} ms from opening to the first name, of five")
        content = base64.b64encode(model.bundle.changed(kept_names=()).to_bytes()).decode()
        took, made = driver.execute_async_script(MAKE, content, names, seed)
        click.echo(f"{names / took * 1000:.0f} names/s")
    driver.quit()
    expected = model.generate_many(n=names, seed=seed, novel="list")
    differing = sum(one != other for one, other in zip(expected, made, strict=True))
    click.echo(f"{differing} of {names:,} names are others than Python's")


if __name__ == "__main__":
    main()
