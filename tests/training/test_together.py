"""Workers on ports of one machine, devices of one: the weights of one process, a lost worker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.workers import configurations
from dino_names.errors import OptionError
from dino_names.progress import Silent
from dino_names.runs.run import Run
from dino_names.runs.workers import is_passing, own_folder, this_worker
from dino_names.training.peers import PeerLostError
from tests.helpers.paths import NAMES
from tests.helpers.tiny_runs import facts

pytestmark = pytest.mark.tensorflow

PLAIN = ["--dropout", "0", "--embedding-dropout", "0", "--weight-dropout", "0"]
TINY = ["--base", "none", "--rnn-units", "8", "--embedding-dim", "4", "--batch-size", "4"]
TINY += ["--precision", "float32", "--valid-fraction", "0.2", "--ngram-order", "none"]
DESCENT = ["--optimizer", "sgd", "--schedule", "constant", "--average", "none"]


# What `TINY` is, by somebody who has a strategy of their own.
IN_SCOPE = """
import sys
import tensorflow as tf
strategy = tf.distribute.{strategy}
import dino_names
with strategy.scope():
    dino_names.train(
        sys.argv[1], out=sys.argv[2], distribute=True, base="none", rnn_units=8, embedding_dim=4,
        batch_size=4, precision="float32", valid_fraction=0.2, ngram_order=None, epochs=2,
    )
"""
# A processor cut into devices of TensorFlow's, which stand in for the GPUs of a machine.
DEVICES = """
import os
import runpy
import dino_names.training
import tensorflow as tf
processor, count = tf.config.list_physical_devices("CPU")[0], int(os.environ["DEVICES"])
devices = [tf.config.LogicalDeviceConfiguration()] * count
tf.config.set_logical_device_configuration(processor, devices)
from tensorflow.python.distribute.collective_all_reduce_strategy import CollectiveAllReduceExtended
from dino_names.training import peers
peers.KIND = "CPU"
CollectiveAllReduceExtended._initialize_local_devices = lambda self, resolver, worker: (
    [f"{worker}/device:CPU:{number}" for number in range(count)], "CPU"
)
"""
COMMAND = f"{DEVICES}runpy.run_module('dino_names', run_name='__main__')"


def start(count: int, file: Path, folder: Path, *options: str) -> list[subprocess.Popen[str]]:
    command = ["-m", "dino_names", "train", str(file), "--out", str(folder)]
    return begun(count, *command, "--distribute", *options)


def begun(count: int, *arguments: str) -> list[subprocess.Popen[str]]:
    started = []
    for config in configurations(count):
        started.append(
            subprocess.Popen(
                [sys.executable, *arguments],
                env={**os.environ, "TF_CONFIG": config},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    return started


def ended(workers: Sequence[subprocess.Popen[str]]) -> list[tuple[int, str]]:
    said = [worker.communicate(timeout=200)[1] for worker in workers]
    return [(worker.returncode, text) for worker, text in zip(workers, said, strict=True)]


def epochs_of(folder: Path) -> int:
    path = folder / "history.jsonl"
    return path.read_text(encoding="utf-8").count("\n") if path.exists() else 0


def names_file(folder: Path, twenty: list[str]) -> Path:
    path = folder / "names.txt"
    # 33 to learn from: the last batch has one row, which leaves one worker without any.
    more = [f"{name[:-2]}{ending}" for name in twenty for ending in ("ops", "ax")]
    path.write_text("\n".join([*twenty, *more][:41]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("options", [[*DESCENT, "--l2", "0.1"], []], ids=["descent", "default"])
def test_two_workers_come_to_the_weights_of_one_process(
    options: list[str], twenty: list[str], tmp_path: Path
) -> None:
    file, steps = names_file(tmp_path, twenty), [*TINY, *PLAIN, *options, "--epochs", "3"]
    for code, said in ended(start(2, file, tmp_path / "two", *steps)):
        assert code == 0, said
    command = [sys.executable, "-m", "dino_names", "train", str(file), *steps]
    subprocess.run([*command, "--out", str(tmp_path / "one")], check=True, capture_output=True)
    assert_the_same(tmp_path / "one", tmp_path / "two")


def assert_the_same(folder: Path, of_several: Path) -> None:
    one, two = Run.read(folder), Run.read(of_several)
    for mine, theirs in zip(one.history, two.history, strict=True):
        for figure in ("loss", "val_nats_per_char"):
            assert theirs[figure] == pytest.approx(mine[figure], abs=1e-4)
    mine, theirs = one.model().bundle.tensors, two.model().bundle.tensors
    for name, tensor in mine.items():
        assert np.abs(tensor - theirs[name]).max() < 1e-5, name


def test_a_worker_that_dies_ends_all_and_the_run_goes_on_to_the_same_bits(
    twenty: list[str], tmp_path: Path
) -> None:
    file, options = names_file(tmp_path, twenty), [*TINY, "--epochs", "12"]
    whole = start(2, file, tmp_path / "whole", *options)
    killed = start(2, file, tmp_path / "run", *options)
    while epochs_of(tmp_path / "run") < 2:
        assert killed[0].poll() is None, killed[0].communicate()[1]
        time.sleep(0.01)
    killed[1].send_signal(signal.SIGKILL)
    (code, said), _ = ended(killed)
    assert code == 1 and "received no answer from one after epoch" in said
    assert said.splitlines()[-1].startswith("dino-names: distribute:") and "Trace" not in said
    for code, said in ended(whole) + ended(start(2, file, tmp_path / "run", "--resume", *options)):
        assert code == 0, said
    assert "the first worker has the run" in said
    assert facts(tmp_path / "run") == facts(tmp_path / "whole")


def test_the_strategy_in_scope_is_taken(twenty: list[str], tmp_path: Path) -> None:
    file = names_file(tmp_path, twenty)
    script = IN_SCOPE.format(strategy="MultiWorkerMirroredStrategy()")
    own = begun(2, "-c", script, str(file), str(tmp_path / "own"))
    for code, said in ended(own) + ended(start(2, file, tmp_path / "run", *TINY, "--epochs", "2")):
        assert code == 0, said
    assert facts(tmp_path / "own") == facts(tmp_path / "run")


def on_devices(count: int, script: str, *arguments: str) -> None:
    environment = {**os.environ, "DEVICES": str(count)}
    command = [sys.executable, "-c", script, *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("options", [[*DESCENT, "--l2", "0.1"], []], ids=["descent", "default"])
def test_devices_of_one_process_come_to_the_weights_of_one(
    options: list[str], twenty: list[str], tmp_path: Path
) -> None:
    file, steps = names_file(tmp_path, twenty), [*TINY, *PLAIN, *options, "--epochs", "3"]
    common = ["train", str(file), *steps]
    on_devices(1, COMMAND, *common, "--loop", "tape", "--out", str(tmp_path / "one"))
    on_devices(3, COMMAND, *common, "--distribute", "--out", str(tmp_path / "three"))
    assert_the_same(tmp_path / "one", tmp_path / "three")


def test_devices_of_one_process_go_on_to_the_same_bits(twenty: list[str], tmp_path: Path) -> None:
    file, options = str(names_file(tmp_path, twenty)), [*TINY, "--epochs", "2", "--distribute"]
    run = ["train", file, *options, "--out", str(tmp_path / "run")]
    on_devices(2, COMMAND, "train", file, *options, "--out", str(tmp_path / "whole"))
    on_devices(2, COMMAND, *run, "--rounds", "0.3")
    assert epochs_of(tmp_path / "run") == 0
    on_devices(2, COMMAND, *run, "--rounds", "none", "--resume")
    script = IN_SCOPE.format(strategy='MirroredStrategy(["CPU:0", "CPU:1"])')
    on_devices(2, DEVICES + script, file, str(tmp_path / "own"))
    assert facts(tmp_path / "whole") == facts(tmp_path / "run") == facts(tmp_path / "own")


def test_workers_with_devices_each_come_to_the_weights_of_one_process(
    twenty: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, steps = names_file(tmp_path, twenty), [*TINY, *PLAIN, *DESCENT, "--epochs", "3"]
    common = ["train", str(file), *steps]
    on_devices(1, COMMAND, *common, "--loop", "tape", "--out", str(tmp_path / "one"))
    monkeypatch.setenv("DEVICES", "2")
    command = ["-c", COMMAND, *common, "--distribute", "--out", str(tmp_path / "four")]
    for code, said in ended(begun(2, *command)):
        assert code == 0, said
    assert_the_same(tmp_path / "one", tmp_path / "four")


def test_another_strategy_is_left_or_refused(
    twenty: list[str], tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dino_names.training import trainer

    trainer.train(twenty, out=tmp_path / "none", **tiny)
    refused = pytest.raises(OptionError, match="a MirroredStrategy or .* OneDeviceStrategy of")
    with tf.distribute.OneDeviceStrategy("CPU:0").scope(), refused:
        trainer.train(twenty, out=tmp_path / "refused", distribute=True, **tiny)
    task = {"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(task))
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        trainer.train(twenty, out=tmp_path / "left", **tiny)
        with pytest.raises(OptionError, match="expected a Multi.* names, 2, .* received Mirrored"):
            trainer.train(twenty, out=tmp_path / "refused", distribute=True, **tiny)
        assert tf.distribute.has_strategy()
    assert facts(tmp_path / "left") == facts(tmp_path / "none")
    assert not (tmp_path / "refused").exists()


def one_of(folder: Path, *workers: str) -> subprocess.Popen[str]:
    """The first of some workers, alone."""
    task = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": 0}}
    command = [sys.executable, "-m", "dino_names", "train", str(NAMES), "--out", str(folder)]
    command += ["--distribute", *TINY]
    environment = {**os.environ, "TF_CONFIG": json.dumps(task)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_an_address_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    (code, said), *_ = ended([one_of(tmp_path / "run", "nonsense")])
    assert code == 2 and "expected host:port of each worker in TF_CONFIG" in said
    assert said.splitlines()[-1].startswith("dino-names: distribute:") and "Trace" not in said


def test_who_waits_for_others_says_so_and_can_be_stopped(tmp_path: Path) -> None:
    workers = json.loads(configurations(2)[0])["cluster"]["worker"]
    alone = one_of(tmp_path / "run", *workers)
    assert alone.stderr is not None
    while "waiting for the workers that TF_CONFIG names, 2 in all" not in (
        line := alone.stderr.readline()
    ):
        assert line, alone.wait()
    time.sleep(1)  # sooner or later in the call, it must be heard
    alone.send_signal(signal.SIGINT)
    (code, said), *_ = ended([alone])
    assert code == -signal.SIGINT and "Trace" not in said
    assert not (tmp_path / "run").exists()


class FromElsewhere(tf.distribute.MultiWorkerMirroredStrategy):
    """One whose workers a cluster manager has named in another way than by `TF_CONFIG`."""

    cluster_resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"chief": ["a:1"], "worker": ["b:1"]})
    )

    def __init__(self) -> None:
        pass


def test_workers_that_do_not_know_which_they_are_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dino_names.config.presets import choose
    from dino_names.training import peers

    monkeypatch.delenv("TF_CONFIG", raising=False)
    token = peers.GIVEN.set(FromElsewhere())
    try:
        with pytest.raises(OptionError, match="names, 1, in scope, received FromElsewhere of 2;"):
            peers.find_peers(choose("default", distribute=True), Silent())
    finally:
        peers.GIVEN.reset(token)


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_to_train_with_is_refused_in_one_line(
    count: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from dino_names.training import peers, trainer

    monkeypatch.delenv("TF_CONFIG", raising=False)
    monkeypatch.setattr(peers, "KIND", "CPU" if count else "GPU")
    with pytest.raises(OptionError, match=f"received no TF_CONFIG and {count} of them; leave"):
        trainer.train(["Ada", "Bea", "Cleo"], out=tmp_path / "run", distribute=True)
    assert not (tmp_path / "run").exists()


class Alone:
    """All workers there are, until one is lost: at so many sums, or where an epoch ends."""

    workers = 2

    def __init__(self, sums: int, epochs: int) -> None:
        self.sums, self.epochs = sums, epochs

    def sum(self, tensors: Any) -> Any:
        self.sums -= 1
        if not self.sums:
            raise PeerLostError("nobody")
        return tensors

    def agree(self, values: Any) -> Any:
        self.epochs -= 1
        if not self.epochs:
            raise PeerLostError("nobody")
        return values

    def share(self, groups: Any) -> None:
        pass

    def each(self, function: Any, tensors: Any) -> Any:
        return function(*tensors)

    def own_rows(self, tensor: Any) -> Any:
        return tensor


@pytest.mark.parametrize("lost", [(1, 99), (4, 99), (99, 1), (99, 2)])
def test_lost_at_any_place_everything_is_saved(
    lost: tuple[int, int], twenty: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dino_names.training import trainer

    options: dict[str, Any] = {"epochs": 3, "rnn_units": 4, "embedding_dim": 3, "batch_size": 8}
    options |= {"base": "none", "valid_fraction": 0.2, "precision": "float32"}

    def go_on(folder: str, sums: int, epochs: int, **more: Any) -> None:
        monkeypatch.setattr(trainer, "find_peers", lambda config, progress: Alone(sums, epochs))
        trainer.train(twenty, out=tmp_path / folder, **options, **more)

    go_on("whole", 99, 99)
    with pytest.raises(PeerLostError, match="expected 2 workers.* saved in .*--resume"):
        go_on("run", *lost)
    go_on("run", 99, 99, resume=True)
    assert facts(tmp_path / "run") == facts(tmp_path / "whole")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 1}}, (1, 2)),
        (
            {
                "cluster": {"chief": ["a:1"], "worker": ["b:1", "c:1"]},
                "task": {"type": "worker", "index": 0},
            },
            (1, 3),
        ),
        (
            {
                "cluster": {"chief": ["a:1"], "worker": ["b:1"]},
                "task": {"type": "chief", "index": 0},
            },
            (0, 2),
        ),
    ],
)
def test_a_worker_knows_which_it_is(
    config: dict[str, Any], expected: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    assert this_worker() == expected


@pytest.mark.parametrize(
    "text",
    [
        *("{", "[]", "3", '{"cluster": 3, "task": {}}'),
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "ps", "index": 0}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": -1}}',
    ],
)
def test_a_configuration_that_says_nothing_is_refused_in_one_line(
    text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from dino_names import train

    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(OptionError, match="expected TF_CONFIG as cluster managers set it"):
        train(["Ada", "Bea", "Cleo"], out=tmp_path / "run", distribute=True, progress=False)
    assert not (tmp_path / "run").exists()


def test_what_goes_on_from_batch_to_batch_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from dino_names.config.presets import choose
    from dino_names.training.peers import find_peers

    config = {"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    with pytest.raises(OptionError, match="leave one of them out"):
        find_peers(choose("default", stateful=True, drop_remainder=True, distribute=True), Silent())
    assert find_peers(choose("default"), Silent()) is None


def test_only_the_first_worker_writes_where_the_run_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.json").write_text("{}")
    for index in (0, 1):
        config = {"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": index}}
        monkeypatch.setenv("TF_CONFIG", json.dumps(config))
        own = own_folder(folder, resume=True)
        assert is_passing(own) == (own != folder) == bool(index)
        assert (own / "run.json").exists() and own_folder(own, resume=True) == own
        new = own_folder(folder, resume=False)
        assert (new / "run.json").exists() == (not index)
