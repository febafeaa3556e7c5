"""Real workers of Dask: killed ones, absent ones, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dino_names
from dino_names.cluster import workers
from dino_names.cluster.endless import write_names
from dino_names.errors import DinoNamesError, MissingExtraError, OptionError
from dino_names.generation.name_model import NameModel

# Tornado and Dask leave sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestWarning")


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    model, killed = dino_names.load(), []
    assert isinstance(model, NameModel)
    local = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with LocalCluster(n_workers=2, **local) as cluster:
        with Client(cluster) as client:
            processes = client.run(os.getpid)

        def told(doing: str, done: int, of: int) -> None:
            if doing == "drawing" and done == 3:
                killed.append(processes.popitem()[1])
                os.kill(killed[0], signal.SIGKILL)

        address = cluster.scheduler_address
        call = {"n": 2_000, "seed": 3, "part": 256}
        write_names(model, tmp_path / "n", scheduler=address, told=told, **call)
    assert killed
    files = sorted((tmp_path / "n").glob("*.txt"))
    found = [name for path in files for name in path.read_text(encoding="utf-8").splitlines()]
    assert found == model.generate_many(n=2_000, seed=3)


def test_a_task_that_kills_its_workers_ends_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "DEATHS", 1)
    with (
        pytest.raises(DinoNamesError, match="the same command goes on"),
        workers.at_work(None, 1) as pool,
    ):
        list(pool.run(os._exit, [(1,)]))


@pytest.mark.parametrize(
    ("module", "kind"),
    [("distributed", "text"), ("distributed", "parquet"), ("pyarrow", "parquet")],
)
def test_what_is_not_installed_is_said_before_there_is_a_folder(
    module: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    model = dino_names.load()
    assert isinstance(model, NameModel)
    with pytest.raises(MissingExtraError, match=rf"expected {module}.*dino-names\[cluster\]"):
        write_names(model, tmp_path / "n", n=5, kind=kind)
    assert not (tmp_path / "n").exists()


def test_nobody_is_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://"):
        with pytest.raises(OptionError, match="dask scheduler"), workers.at_work(address, None):
            pass


def test_ctrl_c_is_one_line_and_the_same_command_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "n"
    command = [sys.executable, "-m", "dino_names", "generate", "-n", "40000", "--seed", "3"]
    command += ["--out", str(folder), "--workers", "1"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while process.poll() is None and not list(folder.glob("work/hashes*")):
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate()[1]
    assert process.returncode == 130
    assert "Traceback" not in said and said.count("dino-names: stopped; what is done is kept") == 1
    left = {path.name for path in folder.glob("work/hashes*")}
    assert left
    smaller = [*command[:5], "30000", *command[6:]]
    refused = subprocess.run(smaller, capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "name another folder" in refused.stderr
    assert {path.name for path in folder.glob("work/hashes*")} >= left
