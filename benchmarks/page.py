"""The page: its size, how soon it is ready, names a second, and how many differ from Python's.

    python -m benchmarks.page [MODEL] --names 10000
    python -m benchmarks.page [MODEL] --begins D
    python -m benchmarks.page --lists FOLDER --sizes 30,100

Of a model of running text it is characters instead. With FOLDER of short lists,
LIST/N-SEED.train.txt and .test.txt, it is what the page learns from them: nats per character of the
test names after each stage, and of what Python makes of the list.

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
from benchmarks.quality import nats_per_char
from benchmarks.timing import table
from dino_names.generation import NameModel, TextModel
from dino_names.page import learning_base

PATIENCE = 3_600  # seconds; a network of 1,024 units makes few names a second
OPENED = """
const done = arguments[0];
const first = () => document.querySelector("#names .name")
  || document.querySelector("#text")?.textContent
  ? done(performance.now()) : requestAnimationFrame(first);
first();
"""
MAKE = """
const [names, seed, begins, done] = arguments;
const file = document.getElementById("model").textContent.trim();
const program = document.getElementById("program").textContent;
const worker = new Worker(URL.createObjectURL(new Blob([program], {type: "text/javascript"})));
const made = [];
let began;
const wishes = {n: names, length: names, seed, begins, ends: "", contains: "", without: "",
                shortest: 0, longest: null, daring: 1, category: []};
worker.onmessage = ({data}) => {
  if (data.kind === "ready") {
    began = performance.now();
    worker.postMessage({kind: data.makes === "text" ? "write" : "make", call: 1, wishes});
  }
  if (data.kind === "names") made.push(...data.names);
  if (data.kind === "written") made.push(...data.text);
  if (data.kind === "done") done([performance.now() - began, made]);
};
worker.postMessage({kind: "model", file: Uint8Array.from(atob(file), (c) => c.charCodeAt(0))});
"""
LEARN = """
const [base, text, done] = arguments;
const program = document.getElementById("program").textContent;
const worker = new Worker(URL.createObjectURL(new Blob([program], {type: "text/javascript"})));
const bytes = Uint8Array.from(atob(base), (c) => c.charCodeAt(0));
const found = [], began = performance.now();
let last;
worker.onmessage = ({data}) => {
  if (data.kind === "learned") {
    last = data;
    worker.postMessage({kind: "file"});
  } else if (data.kind === "file") {
    let text = "";
    for (const byte of data.bytes) text += String.fromCharCode(byte);
    found.push([last.stage, (performance.now() - began) / 1000, btoa(text)]);
    if (last.stage === last.stages) { worker.terminate(); done(found); }
  }
};
worker.postMessage({kind: "learn", base: bytes, text});
"""


def learn_lists(driver: Any, folder: Path, sizes: list[str]) -> str:
    """What the page learns from short lists, beside what Python does."""
    base = base64.b64encode(learning_base().to_bytes()).decode()
    rows, figures = [], []
    for train in sorted(folder.glob("*/*.train.txt")):
        if train.name.partition("-")[0] not in sizes:
            continue
        test = Path(str(train).replace(".train.", ".test.")).read_text("utf-8").split("\n")
        text = train.read_text("utf-8")
        stages = driver.execute_async_script(LEARN, base, text)
        models = [_model(content) for _, _, content in (stages[0], stages[1], stages[-1])]
        with tempfile.TemporaryDirectory() as out:
            models.append(dino_names.train(train, out=Path(out) / "run", progress=False).model())
        nats = [nats_per_char(model, [name for name in test if name]) for model in models]
        figures.append([*nats, stages[0][1], stages[1][1], stages[-1][1]])
        rows.append(
            [f"{train.parent.name} {train.name.partition('.')[0]}", *map(_shown, figures[-1])]
        )
    rows.append(
        ["mean", *(_shown(statistics.mean(column)) for column in zip(*figures, strict=True))]
    )
    stage = ["at once", "tuned", "at the end", "Python"]
    return table(["list", *stage, "s, at once", "s, tuned", "s, at the end"], rows)


def _model(content: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        path.write_bytes(base64.b64decode(content))
        return dino_names.load(path)


def _shown(value: float) -> str:
    return f"{value:.3f}"


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
@click.option("--begins", default="", help="How each begins, where a model needs it.")
@click.option("--lists", type=click.Path(exists=True, path_type=Path), help="Short lists to learn.")
@click.option("--sizes", default="30,100", show_default=True)
def main(
    path: str | None, names: int, seed: int, begins: str, lists: Path | None, sizes: str
) -> None:
    """Measure the page of MODEL, or of the model that ships."""
    model = dino_names.load(path)
    assert isinstance(model, (NameModel, TextModel))
    driver = browser()
    driver.set_script_timeout(PATIENCE)
    driver.command_executor.client_config.timeout = PATIENCE
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "names.html"
        click.echo(f"{model.to_page(file):,} bytes")
        opened = []
        for _ in range(5):
            driver.get(file.as_uri())
            opened.append(driver.execute_async_script(OPENED))
        if lists is not None:
            click.echo(learn_lists(driver, lists, sizes.split(",")))
            return
        click.echo(f"{statistics.median(opened):.0f} ms from opening to the first name, of five")
        took, made = driver.execute_async_script(MAKE, names, seed, begins)
    driver.quit()
    expected: Any
    if isinstance(model, TextModel):
        what, expected = "characters", model.stream_text(begins, length=names, seed=seed)
    else:
        what, expected = "names", model.generate_many(begins, n=names, seed=seed, novel="list")
    click.echo(f"{names / took * 1000:.0f} {what}/s")
    differing = sum(one != other for one, other in zip(expected, made, strict=True))
    click.echo(f"{differing} of {names:,} {what} are others than Python's")


if __name__ == "__main__":
    main()
