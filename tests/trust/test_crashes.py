"""Killed or refused by the disk at every write of a save: nothing is lost, nothing differs."""

from __future__ import annotations

import errno

import pytest

from dino_names.runs.run import Run
from dino_names.training.network.model import build_model
from dino_names.training.saving.checkpoints import restore
from tests.helpers.save_site import (
    OPTIONS,
    Site,
    check_readable,
    finish,
    finish_each,
    kill_each,
    make_site,
)
from tests.helpers.tiny_runs import put_back, write_names
from tests.helpers.write_tracer import available

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.skipif(not available(), reason="processes cannot be traced here"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    place = tmp_path_factory.mktemp("crash")
    return make_site(place, write_names(place), **OPTIONS)


def test_what_is_moved_was_flushed_and_its_folder_is_flushed_after(site: Site) -> None:
    moved = 0
    for place, call in enumerate(site.calls):
        name = call.split()[1]
        if call.startswith("rename") and not site.calls[place - 1].startswith("rename"):
            last = max(
                n for n, c in enumerate(site.calls[:place]) if c.split()[1] == name and n < place
            )
            assert site.calls[last] == f"fsync {name}"
            assert f"fsync {site.folder.name}" in site.calls[place:]
            moved += 1
    # A checkpoint, the manifest, the model, the history and the state.
    assert moved >= 5
    assert "write ckpt_2.weights.h5" in site.calls or "pwrite64 ckpt_2.weights.h5" in site.calls


def test_killed_at_every_write_of_a_save(site: Site) -> None:
    left, places = kill_each(site, range(len(site.calls)))
    assert places == {"epoch 1", "epoch 2"}
    # What is resumed need be no more than one of each: the rest differ in leftovers alone.
    assert 6 <= len(left) <= 9
    finish_each(site, left)


@pytest.mark.parametrize(
    ("code", "once"),
    [(errno.EIO, True), (errno.ENOSPC, False)],
    ids=["broken once", "full from then on"],
)
def test_every_write_of_a_save_fails(site: Site, code: int, once: bool) -> None:
    done = 0
    for call in range(len(site.calls)):
        outcome = site.trace(fail_at=call, code=code, once=once)
        assert outcome.status in (0, 1), outcome
        if outcome.status:
            assert "expected to write it, received" in outcome.message
            assert "\n" not in outcome.message
        done += outcome.status
        check_readable(site)
    assert done >= len(site.calls) * 0.8  # the rest is tidying up, which may fail unheard
    finish(site)


def test_the_checkpoint_restores_after_any_of_it(site: Site) -> None:
    put_back(site.folder, site.before)
    run = Run.read(site.folder)
    model = build_model(len(run.vocabulary), config=run.config.model)
    assert restore(model, run) == 1
