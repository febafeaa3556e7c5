"""Runs on a prepared list: as good as on the list, stopped anywhere, refused in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dino_names
from dino_names.corpus import PreparedNames
from dino_names.errors import CorpusError, InterruptedRunError, OptionError, RunError
from dino_names.generation import NameModel
from dino_names.modelfile import NameFilter, contains, name_hashes
from dino_names.preparing import prepare
from dino_names.runs import Run
from dino_names.teaching import Interrupt
from dino_names.training import data as training_data
from tests.helpers.command_line import call, refused
from tests.helpers.paths import NAMES as DINOSAURS
from tests.helpers.tiny_runs import TINY

pytestmark = pytest.mark.tensorflow
OPTIONS: dict[str, Any] = {**TINY, "base": "none", "batch_size": 16, "ngram_order": 3}


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PreparedNames:
    """Two hundred names in seven blocks."""
    monkeypatch.setattr(PreparedNames, "BLOCK", 32)
    return prepare(DINOSAURS.read_text(encoding="utf-8").split()[:200], tmp_path / "dinos.names")


def bits(run: Run) -> bytes:
    return (run.folder / "model.safetensors").read_bytes()


def figures(run: Run) -> list[dict[str, Any]]:
    timed = ("seconds", "names_per_second")
    return [{k: v for k, v in row.items() if k not in timed} for row in run.history]


@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_a_run_that_is_stopped_anywhere_comes_to_the_same_bits(
    loop: str, names: PreparedNames, tmp_path: Path
) -> None:
    options = {**OPTIONS, "loop": loop, "save_batches": 1}
    whole = dino_names.train(names.path, out=tmp_path / "whole", **options)
    for batch in (1, 6, 15):
        folder = tmp_path / f"stopped {batch}"
        with pytest.raises(InterruptedRunError):
            dino_names.train(names.path, out=folder, progress=Interrupt(after=batch), **options)
        resumed = dino_names.train(names.path, out=folder, resume=True)
        assert figures(resumed) == figures(whole)
        assert bits(resumed) == bits(whole)
    rounds = dino_names.train(names, out=tmp_path / "rounds", rounds=0.3, **options)
    while rounds.history[-1:] == () or rounds.history[-1]["epoch"] < 2:
        rounds = dino_names.train(names, out=tmp_path / "rounds", rounds=0.3, resume=True)
    assert bits(rounds) == bits(whole)
    assert figures(whole)[-1]["val_nats_with_ngram"] < figures(whole)[-1]["val_nats_per_char"]


def test_the_model_knows_the_list(
    names: PreparedNames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = dino_names.train(names.path, out=tmp_path / "run", **OPTIONS)
    model = run.model()
    assert isinstance(model, NameModel)
    assert model.vocabulary.characters == names.characters
    assert model.bundle.longest_name == names.longest
    known = model.bundle.training_names
    assert known is not None and contains(known, list(names)).all()
    invented = model.generate_many(n=20, seed=1)
    assert not set(invented) & set(names)
    # More names than hashes are kept of make a filter, and of too many nothing is kept.
    monkeypatch.setattr(name_hashes, "MOST_HASHES", 100)
    filtered = dino_names.train(names.path, out=tmp_path / "filtered", **OPTIONS).model()
    assert isinstance(filtered.bundle.training_names, NameFilter)
    monkeypatch.setattr(training_data, "MAX_NAMES", 100)
    unknown = dino_names.train(names.path, out=tmp_path / "unknown", **OPTIONS).model()
    assert unknown.bundle.training_names is None
    assert len(unknown.generate_many(n=5, seed=1)) == 5


def test_held_out_names_are_not_counted_in_what_judges(
    names: PreparedNames, tmp_path: Path
) -> None:
    config = dino_names.preset("default").with_options(**OPTIONS)
    data = training_data.PreparedData(names)
    parts = data.parts(config, data.vocabulary())
    assert parts.partner is not None
    rows = names.held_out(fraction=0.2, seed=0)
    held_out = set(names.at(rows))
    learned = [name for name in names if name not in held_out]
    for found, counted in ((parts.partner.judged, learned), (parts.partner.kept, list(names))):
        expected = dino_names.Ngram.fit(counted, names.vocabulary, order=3)
        tensors = expected.to_tensors()
        assert all(np.array_equal(tensors[n], t) for n, t in found.to_tensors().items())


def test_without_held_out_names_and_without_a_boundary(
    names: PreparedNames, tmp_path: Path
) -> None:
    options = {**OPTIONS, "valid_fraction": 0.0, "ngram_order": None, "start_boundary": False}
    run = dino_names.train(names.path, out=tmp_path / "run", **options)
    assert "val_nats_per_char" not in run.history[-1]
    started = {**OPTIONS, "start_boundary": False, "stateful": True, "drop_remainder": True}
    assert dino_names.train(names.path, out=tmp_path / "stateful", **started).history


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keep_names": True}, "keep_names: expected off"),
        ({"ngram_order": 7}, "ngram_order: expected at most 6, .* --ngram-order 7"),
    ],
)
def test_what_a_prepared_list_has_not_is_refused(
    names: PreparedNames, tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        dino_names.train(names.path, out=tmp_path / "run", **{**OPTIONS, **options})
    with pytest.raises(CorpusError, match="expected no columns, by_file, keep_repeats"):
        dino_names.train(names.path, keep_repeats=True)
    with pytest.raises(CorpusError, match="expected no columns, by_file, keep_repeats"):
        dino_names.train(names.path, valid_file=DINOSAURS)


@pytest.mark.parametrize("how", ["a text", "beside a file", "its own object", "evaluated"])
def test_where_files_alone_are_read_a_prepared_list_is_named(
    how: str, names: PreparedNames, tmp_path: Path
) -> None:
    file = tmp_path / "more.txt"
    file.write_text("Ada\nBea\n")
    given = {"beside a file": [names.path, file], "its own object": names}
    source: Any = given.get(how, names.path)
    kind = "names" if how == "beside a file" else "text"
    with pytest.raises(CorpusError, match=f"^{names.path}: expected a file, .* was prepared"):
        if how == "evaluated":
            dino_names.evaluate(dino_names.load(), train=source)
        else:
            dino_names.train(source, out=tmp_path / "run", kind=kind)
    assert not (tmp_path / "run").exists()


def test_a_damaged_list_and_another_one_are_refused(names: PreparedNames, tmp_path: Path) -> None:
    path = names.path / "marks.bin"
    content = path.read_bytes()
    path.write_bytes(content[::-1])
    with pytest.raises(CorpusError, match="prepare the list again"):
        dino_names.train(names.path, out=tmp_path / "run", **OPTIONS)
    path.write_bytes(content)
    dino_names.train(names.path, out=tmp_path / "run", **OPTIONS)
    other = prepare(["Rex", "Ajax", *names], tmp_path / "other.names")
    with pytest.raises(RunError, match="expected the data it began with"):
        dino_names.train(other.path, out=tmp_path / "run", resume=True)


def test_on_the_command_line(
    names: PreparedNames, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "again.names"
    status, said, told = call(capsys, "prepare", DINOSAURS, "--out", out)
    assert (status, said) == (0, f"{out}\n")
    assert "1,545 names" in told and f"next: dino-names train {out}" in told
    assert "--overwrite" in refused(capsys, "prepare", DINOSAURS, "--out", out)
    status, said, _ = call(capsys, "check", out)
    assert status == 0 and "1,545 names, prepared" in said and "up to 23 characters" in said
    other = tmp_path / "other"
    assert "no.txt: expected a file" in refused(capsys, "prepare", "no.txt", "--out", other)
