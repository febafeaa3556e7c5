"""PyTorch among the contenders: told when its turn is, since it may live in another interpreter."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.timing import Turn

WORKER = Path(__file__).with_name("torch_worker.py")


@contextlib.contextmanager
def torch_turns(
    python: str,
    batches: Sequence[tuple[np.ndarray, ...]],
    sizes: Sequence[int],
    *,
    worker: Path = WORKER,
    ways: Sequence[str] = ("float32", "bfloat16"),
) -> Iterator[dict[str, Turn]]:
    """A turn of PyTorch for each of several ways, while the block runs.

    Arguments:
        python: the interpreter that has it.
        batches: inputs, targets and what counts.
        sizes: of the embedding, the state and the vocabulary.
        worker: what trains, told a way a line.
        ways: that it knows.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "batches.npz"
        parts = ("inputs", "targets", "weights")
        arrays = {
            f"{part}{number}": array
            for number, batch in enumerate(batches)
            for part, array in zip(parts, batch, strict=False)
        }
        np.savez(path, **arrays)
        command = [python, str(worker), str(path), *map(str, sizes)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            _expect(process, "ready")
            yield {way: _turn(process, way) for way in ways}
            if process.stdin:
                process.stdin.close()


def _turn(process: subprocess.Popen[str], way: str) -> Turn:
    def turn() -> None:
        if process.stdin:
            process.stdin.write(f"{way}\n")
            process.stdin.flush()
        _expect(process, "done")

    return turn


def _expect(process: subprocess.Popen[str], word: str) -> None:
    said = process.stdout.readline().strip() if process.stdout else ""
    if said != word:
        raise RuntimeError(f"PyTorch: expected {word!r}, received {said!r}; see its message.")
