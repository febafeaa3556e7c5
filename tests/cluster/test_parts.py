"""Folders of names: what each task writes, whoever does it, and what comes of all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import dino_names
from dino_names.cluster import endless, parts
from dino_names.errors import NotEnoughNamesError, OptionError, PromptError, RunError
from dino_names.generation.name_model import NameModel

SIZE = 300


class Here:
    """Workers that are this process, in an order of their own."""

    def __init__(self, size: int = 2, *, backwards: bool = False) -> None:
        self.size, self.backwards, self.calls = size, backwards, 0

    def run(self, task, calls):  # type: ignore[no-untyped-def]
        for place, call in sorted(enumerate(calls), reverse=self.backwards):
            self.calls += 1
            yield place, task(*call)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    pool = Here()
    monkeypatch.setattr(endless, "at_work", lambda scheduler, workers: pool)
    monkeypatch.setattr(endless, "AT_ONCE", 100)  # several shares of the hashes
    return pool


@pytest.fixture(scope="module")
def model() -> NameModel:
    shipped = dino_names.load()
    assert isinstance(shipped, NameModel)
    return shipped


def names_in(folder: Path) -> list[str]:
    files = sorted(folder.glob("names-*.txt"))
    return [name for file in files for name in file.read_text(encoding="utf-8").splitlines()]


def test_it_holds_what_one_call_gives(here: Here, model: NameModel, tmp_path: Path) -> None:
    # At a low temperature many come twice, so that repeats are found in several shares.
    options = {"temperature": 0.4, "seed": 5}
    made = endless.write_names(model, tmp_path / "n", n=700, prompt="Ra", part=SIZE, **options)
    assert made == 700
    assert names_in(tmp_path / "n") == model.generate_many("Ra", n=700, **options)
    assert {path.name for path in (tmp_path / "n").iterdir()} >= {"names.json", "model.safetensors"}
    assert not (tmp_path / "n" / "work").exists()


def test_parts_are_the_same_whoever_makes_them_in_whatever_order(
    here: Here, model: NameModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def files(pool: Here, name: str) -> dict[str, bytes]:
        monkeypatch.setattr(endless, "at_work", lambda scheduler, workers: pool)
        endless.write_names(model, tmp_path / name, n=1_000, part=SIZE, seed=3)
        found = (tmp_path / name).iterdir()
        return {path.name: path.read_bytes() for path in found if path.suffix == ".txt"}

    one = files(Here(1), "one")
    assert len(one) > 3
    assert one == files(Here(3, backwards=True), "three") == files(Here(2), "two")


def test_stopped_anywhere_the_same_call_goes_on(
    here: Here, model: NameModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = {"n": 900, "part": SIZE, "seed": 3}
    endless.write_names(model, tmp_path / "whole", **call)
    for stopped_after in range(1, here.calls):

        def stopping(task, calls, left=stopped_after):  # type: ignore[no-untyped-def]
            for place, call in enumerate(calls):
                here.calls += 1
                if here.calls > left:
                    raise KeyboardInterrupt
                yield place, task(*call)

        folder, here.calls = tmp_path / str(stopped_after), 0
        with monkeypatch.context() as patched:
            patched.setattr(here, "run", stopping)
            with pytest.raises(KeyboardInterrupt):
                endless.write_names(model, folder, **call)
        drawn = {path: path.stat().st_mtime_ns for path in (folder / "work").glob("hashes*")}
        with monkeypatch.context() as patched:
            patched.setattr(endless, "_tidy", lambda folder: None)
            endless.write_names(model, folder, **call)
        assert names_in(folder) == names_in(tmp_path / "whole")
        assert drawn and all(path.stat().st_mtime_ns == when for path, when in drawn.items())
    again = here.calls
    assert endless.write_names(model, tmp_path / "whole", **call) == 900 and here.calls == again


def test_another_call_does_not_touch_what_is_there(
    here: Here, model: NameModel, tmp_path: Path
) -> None:
    endless.write_names(model, tmp_path / "n", n=50, part=SIZE, seed=3)
    before = names_in(tmp_path / "n")
    for change in ({"seed": 4}, {"n": 60}, {"prompt": "A"}, {"part": 100}, {"kind": "parquet"}):
        with pytest.raises(OptionError, match="same call has begun"):
            call = {"n": 50, "part": SIZE, "seed": 3, **change}
            endless.write_names(model, tmp_path / "n", **call)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(OptionError, match="new folder"):
        endless.write_names(model, tmp_path / "full", n=5)
    assert names_in(tmp_path / "n") == before
    # A seed that was chosen by chance is kept, and so goes on without one.
    endless.write_names(model, tmp_path / "chance", n=50, part=SIZE)
    assert endless.write_names(model, tmp_path / "chance", n=50, part=SIZE) == 50


@pytest.mark.parametrize("left", [[], ["model.safetensors"], ["work/hashes", ".partial-1-names"]])
def test_what_stands_there_before_the_plan_is_no_other_call(
    here: Here, model: NameModel, tmp_path: Path, left: list[str]
) -> None:
    for name in left:
        (tmp_path / "n" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "n" / name).write_bytes(b"half of it")
    assert endless.write_names(model, tmp_path / "n", n=20, part=SIZE, seed=3) == 20
    assert names_in(tmp_path / "n") == model.generate_many(n=20, seed=3)
    (tmp_path / "n" / "work").mkdir()  # stopped while it tidied
    assert endless.write_names(model, tmp_path / "n", n=20, part=SIZE, seed=3) == 20
    assert not (tmp_path / "n" / "work").exists()


def test_a_beginning_that_cannot_be_is_refused_before_there_is_a_folder(
    here: Here, model: NameModel, tmp_path: Path
) -> None:
    with pytest.raises(PromptError, match="received 'Ω'"):
        endless.write_names(model, tmp_path / "n", n=5, prompt="Ω")
    assert not (tmp_path / "n").exists()


def test_too_few_are_said_and_kept(here: Here, model: NameModel, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughNamesError, match=r"expected 5,000, received [\d,]+, all"):
        endless.write_names(
            model, tmp_path / "n", n=5_000, prompt="Rama", temperature=0.1, seed=1, part=SIZE
        )
    found = names_in(tmp_path / "n")
    assert 0 < len(found) == len({*found}) < 5_000
    with pytest.raises(NotEnoughNamesError):  # and again, without drawing
        endless.write_names(
            model, tmp_path / "n", n=5_000, prompt="Rama", temperature=0.1, seed=1, part=SIZE
        )


def test_parquet_holds_the_same(here: Here, model: NameModel, tmp_path: Path) -> None:
    from pyarrow import parquet

    endless.write_names(model, tmp_path / "p", n=500, part=SIZE, seed=3, kind="parquet")
    endless.write_names(model, tmp_path / "t", n=500, part=SIZE, seed=3)
    tables = [parquet.read_table(path) for path in sorted((tmp_path / "p").glob("*.parquet"))]
    assert [name for table in tables for name in table["name"].to_pylist()] == names_in(
        tmp_path / "t"
    )


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"n": 10**13}, {"n": 1, "workers": 0}, {"n": 1, "kind": "csv"}, {"n": 1, "part": 0}],
)
def test_a_number_out_of_its_range_is_refused(
    here: Here, model: NameModel, tmp_path: Path, wrong: dict[str, object]
) -> None:
    with pytest.raises(OptionError, match="expected"):
        endless.write_names(model, tmp_path / "n", **wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "n").exists()


@pytest.mark.parametrize("option", [{"distinct": 2}, {"key": "x"}, {"unique": False}])
def test_what_does_not_go_with_a_folder_is_refused(
    here: Here, model: NameModel, tmp_path: Path, option: dict[str, object]
) -> None:
    with pytest.raises(OptionError, match="leave them out"):
        endless.write_names(model, tmp_path / "n", n=5, **option)
    assert not (tmp_path / "n").exists()


def test_a_damaged_plan_and_another_version_are_said(
    here: Here, model: NameModel, tmp_path: Path
) -> None:
    endless.write_names(model, tmp_path / "n", n=5, part=SIZE, seed=1)
    parts._opened.cache_clear()
    with pytest.raises(OptionError, match=r"workers with dino-names 9\.9"):
        parts.draw_part(tmp_path / "n", "9.9", 77)
    (tmp_path / "n" / "names.json").write_text("{")
    with pytest.raises(RunError, match="same path"):
        parts.Plan.read(tmp_path / "n")


def test_repeats_are_those_of_a_dictionary(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    (tmp_path / "work").mkdir()
    drawn = [rng.integers(0, 2**64 - 1, 40, dtype=np.uint64) for _ in range(4)]
    drawn[2][:7], drawn[3][5:9] = drawn[0][3:10], drawn[2][2:6]
    drawn[3][-1] = 2**64 - 1  # the greatest there is
    for part, hashes in enumerate(drawn):
        order = np.argsort(hashes)
        both = np.stack([hashes[order], order.astype(np.uint64)])
        parts.save_numbers(tmp_path / "work" / f"hashes-{part:06}.npy", both)
    seen: set[int] = set()
    expected = []
    for hashes in drawn:
        expected.append(sum(int(value) in seen for value in hashes))
        seen.update(map(int, hashes))
    for shares in (1, 3):
        found = sum(parts.find_repeats(tmp_path, 4, shares, share) for share in range(shares))
        assert np.asarray(found).tolist() == expected
