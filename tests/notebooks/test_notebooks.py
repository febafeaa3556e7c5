"""Every notebook, run from a clean kernel with training cut short, and its committed outputs."""

from __future__ import annotations

import importlib.util
import re
import shutil

import nbformat
import numpy as np
import pytest

from dino_names.scratch import Verdict
from tests.helpers.paths import ROOT

FOLDER = ROOT / "notebooks"
PATHS = sorted(FOLDER.glob("[0-9]*.ipynb"))
NAMES = [path.stem for path in PATHS]
LONGEST_CELL = 12
LARGEST_FILE = 1_000_000

# What says where, by whom or when something was run; or that it was not to be shown.
PRIVATE = re.compile(
    r"/home/|/root|/w\w+/|/tmp|/Users/|[A-Z]:\\\\|site-packages|\b20\d\d-\d\d-\d\d\b|\b\d\d:\d\d:\d\d\b"
)
NOISE = re.compile(r"Warning|Traceback|ms/step|it/s\]|0x[0-9a-f]{6}")


def load_runner():
    spec = importlib.util.spec_from_file_location("run_notebooks", FOLDER / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def committed(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(notebook):
    """What each output shows, pictures left out."""
    found = []
    for cell in code_cells(notebook):
        before = None
        for output in cell.outputs:
            stream = output.get("name")
            if stream and stream == before:  # one that was cut on its way
                found[-1] += output.text
            elif stream:
                found.append(output.text)
            else:
                found.append(output.data.get("text/plain", ""))
                html = output.data.get("text/html", "")
                found.append(re.sub(r'src="data:image/png;base64,[^"]*"', "", html))
            before = stream
    return found


def headline(notebook, pattern):
    """The groups of the first match of a pattern in the outputs."""
    for text in texts(notebook):
        match = re.search(pattern, text)
        if match:
            return match.groups()
    raise AssertionError(f"no output has {pattern}")


def check_clean(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type != "error", output.get("evalue")
            assert output.get("name") != "stderr", output.get("text")
            data, described = output.get("data", {}), output.get("metadata", {})
            assert "<img" not in data.get("text/html", ""), "pictures are image/png"
            for kind in set(data) & {"image/png", "image/svg+xml"}:
                assert described.get(kind, {}).get("alt"), "show pictures with teaching.show"
                assert data["text/plain"]
    for text in texts(notebook):
        assert not PRIVATE.search(text), text[:500]
        assert not NOISE.search(text), text[:500]


def check_01(notebook, *, full):
    assert headline(notebook, r"(4,006,197)")
    loss, guess = headline(notebook, r"loss ([\d.]+), ln 53 = ([\d.]+)")
    assert abs(float(loss) - float(guess)) < 0.05
    padded, letters = headline(notebook, r"epochs: ([\d.]+) \(padding counted\), ([\d.]+)")
    assert float(padded) < (0.8 if full else 3.97)
    # Letters cost more at first: what ten steps teach is that padding follows padding.
    assert float(padded) < float(letters) < (1.6 if full else 5)
    fit_and_tape = re.compile(
        r"<td[^>]*>[12]</td><td[^>]*>([\d.]+)</td><td[^>]*>([\d.]+)</td></tr>"
    )
    (shown,) = [text for text in texts(notebook) if "GradientTape</th>" in text]
    pairs = fit_and_tape.findall(shown)
    assert len(pairs) == 2
    assert all(float(fit) == pytest.approx(float(tape), abs=2e-3) for fit, tape in pairs)
    (name,) = headline(notebook, r"^'(Ram\w*)'$")
    assert len(name) > 5 or not full
    assert headline(notebook, r"logits at most (0\.0\d)")
    (cells,) = re.findall(r"T = 0.2.*", "\n".join(texts(notebook)), re.S)[:1]
    assert cells.count("Ram") >= 30  # five names at six temperatures
    if full:
        row = r"<td[^>]*>{}</td><td[^>]*>[\d,]+</td><td[^>]*>([\d.]+)"
        tutorial, default = (
            float(headline(notebook, row.format(label))[0]) for label in ("tutorial", "default")
        )
        assert default < tutorial


def check_02(notebook, *, full):
    loss, guess = headline(notebook, r"loss per character ([\d.]+), ln 27 = ([\d.]+)")
    assert abs(float(loss) - float(guess)) < 0.005
    (error,) = headline(notebook, r"Waa.*relative error ([\d.e+-]+)")
    assert float(error) < 1e-6
    (error,) = headline(notebook, r"received\n.*Waa.*relative error ([\d.e+-]+)")
    assert float(error) == pytest.approx(1e-3, rel=0.01)
    assert headline(notebook, r"by hand the same: (True)")
    nudged, backward = headline(notebook, r"nudged ([-\d.]+), backward pass ([-\d.]+)")
    assert float(nudged) == pytest.approx(float(backward), abs=1e-6)
    assert headline(notebook, r"<td[^>]*>4000</td><td[^>]*>([\d.]+)")
    if full:  # made with the published list
        published = {4000: ("25.901815", "Mivrosaurus, Inee"), 12000: ("23.291971", "Onyxosaurus")}
        for iteration, (loss, names) in published.items():
            row = rf"<td[^>]*>{iteration}</td><td[^>]*>({loss})</td><td[^>]*>({names})"
            assert headline(notebook, row) == (loss, names)


def check_03(notebook, *, full):
    cell = r"<td[^>]*>{}</td>"
    weights = [
        headline(notebook, cell.format(kind) + r"<td[^>]*>\d+</td><td[^>]*>([\d,]+)")[0]
        for kind in ("rnn", "gru", "lstm")
    ]
    counts = [int(text.replace(",", "")) for text in weights]
    assert max(counts) < 1.01 * min(counts)
    nats = {
        kind: float(headline(notebook, cell.format(kind) + r"<td[^>]*>(\d\.\d+)</td>")[0])
        for kind in ("rnn", "gru", "lstm")
    }
    assert max(nats.values()) < 4.54  # a guess
    if full:
        assert max(nats["gru"], nats["lstm"]) < nats["rnn"] - 0.2
        row = r"<td[^>]*>{}</td><td[^>]*>\d+</td><td[^>]*>([\d.]+)</td><td[^>]*>([\d.]+)</td>"
        for label in ("place in the word", "inside quotes"):
            trained, untrained = headline(notebook, row.format(label))
            assert float(trained) > float(untrained)


def check_04(notebook, *, full):
    assert headline(notebook, r"(messy.txt:8): 'RicottaMozzarellaTaleggio'")
    cell = r"<td[^>]*>{}</td><td[^>]*>([\d.]+)"
    model, network, ngram = (
        float(headline(notebook, cell.format(label))[0])
        for label in ("model", "network alone", "n-gram alone")
    )
    assert model <= min(network, ngram)
    (names,) = headline(notebook, r"(\['Tri[^\]]*\])")
    assert all(8 <= len(name.strip("'\n ")) <= 11 for name in names.strip("[]").split(","))
    (names,) = headline(notebook, r"(Mega\w*(?:, \w+){7})")
    assert all(name.startswith("Mega") for name in names.split(", "))
    assert headline(notebook, r"(expected 50 names, found \d+)")
    assert headline(notebook, r"TensorFlow loaded: (False)")
    likely, unlikely = (
        float(headline(notebook, cell.format(name))[0]) for name in ("Ramosaurus", "Qqqqq")
    )
    assert likely < unlikely - 1
    if full:
        assert network < 1.7


def check_05(notebook, *, full):
    cell = r"<td[^>]*>{}</td><td[^>]*>([\d.]+)"
    guess, zlib, xz, network = (
        float(headline(notebook, cell.format(label))[0])
        for label in ("a guess, all characters alike", "zlib", "xz", "this network")
    )
    assert network < guess
    assert headline(notebook, r"(after epoch 1, batch 3, everything saved in FOLDER/parts)")
    assert headline(notebook, r"the same bits: (True)")
    kept = [
        float(headline(notebook, cell.format(label))[0])
        for label in ("8 characters", "32 characters", "128 characters", "never")
    ]
    assert kept == sorted(kept, reverse=True)
    if full:
        assert network < zlib - 0.2
        assert network < xz + 0.1
        assert kept[-1] < kept[0] - 0.5


def check_06(notebook, *, full):
    line = r"{'dwarves': ([\d.]+), 'elves': ([\d.]+)}\n"
    by_hand_and_said = [float(part) for part in headline(notebook, line + line)]
    # Each is rounded for itself.
    assert by_hand_and_said[:2] == pytest.approx(by_hand_and_said[2:], abs=0.0011)
    assert sum(by_hand_and_said) == pytest.approx(2, abs=0.004)
    dwarves, elves = headline(notebook, r"K: {'dwarves': (\d+), 'elves': (\d+)}")
    assert int(dwarves) > int(elves)
    for kind in ("elves", "dwarves"):
        (found,) = headline(notebook, rf"<td[^>]*>{kind}</td><td[^>]*>(\d+) of 10")
        assert int(found) >= 8
    (same,) = headline(notebook, r"halves of one list: ([\d.]+)")
    (apart,) = headline(notebook, r"of different lists: ([\d.]+)")
    assert float(same) < float(apart)


def check_00(notebook, *, full):
    shown = [text for text in texts(notebook) if "perplexity</th>" in text][-1]
    found = re.findall(r"<td[^>]*>([^<]+)</td><td[^>]*>(\d\.\d+)</td><td[^>]*>([\d.]+)", shown)
    nats = {system: float(cost) for system, cost, _ in found}
    assert len(nats) == 10 and nats["a guess"] == pytest.approx(np.log(53), abs=1e-3)
    for _, cost, perplexity in found:
        assert float(perplexity) == pytest.approx(np.exp(float(cost)), abs=0.06)
    assert nats["bigram, counted"] < 2.3
    if full:
        assert nats["bigram, by gradient descent"] < nats["bigram, counted"] + 0.1
        assert nats["GRU"] < nats["RNN"] < nats["three letters, MLP"] < nats["bigram, counted"]
        assert nats["tuned base"] < nats["GRU and 6-gram"] < nats["6-gram, Kneser-Ney"]


def check_07(notebook, *, full):
    row = r"<td[^>]*>{}</td><td[^>]*>([\d.]+)"
    nothing, base = (float(headline(notebook, row.format(name))[0]) for name in ("none", "names"))
    assert base < nothing - (0.2 if full else 0)


def check_08(notebook, *, full):
    rows = "\n".join(texts(notebook))
    (names,) = re.findall(r"ends&#x27;: &#x27;odon&#x27;}</td><td[^>]*>([^<]*)", rows)
    assert all(name.endswith("odon") for name in names.split(", "))
    assert headline(notebook, r"(ends 'odon': expected what a name can have)")
    assert headline(notebook, r"(\d+)% of the free names")


def check_09(notebook, *, full):
    assert headline(notebook, r"MB\n(True)")
    assert headline(notebook, r"True .*\n(\['names.keras', 'names.safetensors', 'names.tflite'\])")


CHECKS = {
    "00_from_counting_to_attention": check_00,
    "01_walkthrough": check_01,
    "02_from_scratch": check_02,
    "03_inside_the_network": check_03,
    "04_your_own_names": check_04,
    "05_any_text": check_05,
    "06_many_lists": check_06,
    "07_from_forty_names": check_07,
    "08_names_that_obey": check_08,
    "09_out_of_the_notebook": check_09,
}


@pytest.mark.notebook
@pytest.mark.timeout(900)  # they train; a busy machine is slow
@pytest.mark.parametrize("name", NAMES)
def test_runs_from_a_wheel_in_an_empty_folder_and_gives_what_it_says(
    name, tmp_path, site, monkeypatch
):
    monkeypatch.setenv("DINO_NAMES_NOTEBOOK_FAST", "1")
    shutil.copy(FOLDER / f"{name}.ipynb", tmp_path)
    notebook = load_runner().execute(tmp_path / f"{name}.ipynb", package=site)
    assert {path.name for path in tmp_path.iterdir()} <= {f"{name}.ipynb", "made"}
    check_clean(notebook)
    assert all(cell.execution_count for cell in code_cells(notebook))
    CHECKS[name](notebook, full=False)


@pytest.mark.parametrize("name", NAMES)
def test_committed_outputs_are_those_of_a_full_run(name):
    notebook = committed(name)
    check_clean(notebook)
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    CHECKS[name](notebook, full=True)


@pytest.mark.parametrize("name", NAMES)
def test_is_small_and_normalised(name):
    path = FOLDER / f"{name}.ipynb"
    assert path.stat().st_size < LARGEST_FILE
    notebook = committed(name)
    assert notebook == load_runner().normalise(committed(name))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_short_and_prose_stands_before_each(name):
    cells = committed(name).cells
    for before, cell in zip(cells, cells[1:], strict=False):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", cell.source
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= LONGEST_CELL, cell.source
    assert cells[0].cell_type == "markdown"


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_says_what_it_shows(name):
    cells = committed(name).cells
    pictures = 0
    for cell, after in zip(cells, cells[1:], strict=False):
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                pictures += 1
                alt = output.metadata["image/png"]["alt"]
                assert len(alt) > 30, alt
                assert "**What to see.**" in after.source, after.source
    assert pictures


@pytest.mark.parametrize("name", NAMES)
def test_exercises_have_their_answers_folded_away(name):
    source = "\n".join(cell.source for cell in committed(name).cells)
    exercises = source.split("## Exercises")[1]
    asked = re.findall(r"^\*\*\d\.\*\*", exercises, re.M)
    assert len(asked) >= 3
    assert exercises.count("<details><summary>Answer</summary>") == len(asked)
    assert exercises.count("</details>") == len(asked)


def tries(name):
    """The cells for the student, each with the folded solution after it."""
    cells = committed(name).cells
    for cell, after in zip(cells, cells[1:], strict=False):
        call = re.search(r"^check\w*\(.*\)$", cell.source, re.M)
        if cell.cell_type == "code" and call and "..." in cell.source:
            (solution,) = re.findall(
                r"<summary>Solution</summary>\n\n```python\n(.*?)```", after.source, re.S
            )
            yield cell, call[0], solution


@pytest.mark.parametrize("name", NAMES)
def test_each_has_three_to_five_tries_whose_solutions_are_right(name):
    import dino_names.scratch as lab
    from dino_names.teaching import check

    given = list(tries(name))
    assert 3 <= len(given) <= 5
    for cell, call, solution in given:
        assert "not yet: there is no result yet" in cell.outputs[0].data["text/plain"]
        space = {**vars(lab), "check": check, "np": np, "math": __import__("math")}
        exec(solution, space)  # our own
        verdict = eval(call, space)
        assert isinstance(verdict, Verdict) and verdict.right, verdict
    source = "\n".join(cell.source for cell in committed(name).cells)
    explore = source.split("**Two to explore**")[1].split("## Exercises")[0]
    assert explore.count("\n- ") == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_first_cell_says_what_is_missing_and_where_it_comes_from(name, monkeypatch):
    cells = code_cells(committed(name))
    exec(cells[0].source, {})  # all is there: nothing happens
    assert not cells[0].outputs
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="Missing: dino_names") as stop:
        exec(cells[0].source, {})
    said = str(stop.value)
    assert "pip install '.[notebooks]'" in said and "not on the package index" in said


@pytest.mark.notebook
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["02_from_scratch", "06_many_lists", "08_names_that_obey"])
def test_runs_twice_in_one_kernel(name, tmp_path, monkeypatch):
    monkeypatch.setenv("DINO_NAMES_NOTEBOOK_FAST", "1")
    notebook = committed(name)
    again = nbformat.from_dict([{**cell, "id": f"again-{cell.id}"} for cell in notebook.cells])
    notebook.cells.extend(again)
    nbformat.write(notebook, tmp_path / "twice.ipynb")
    check_clean(load_runner().execute(tmp_path / "twice.ipynb"))


def test_a_cell_that_warns_is_an_error(tmp_path):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("import warnings; warnings.warn('beware')")]
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    with pytest.raises(RuntimeError, match="standard error.*beware"):
        load_runner().execute(tmp_path / "bad.ipynb")


def test_the_page_lists_every_notebook():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(name in page for name in NAMES)
    assert "DINO_NAMES_NOTEBOOK_FAST" in page
