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
    python: str, batches: Sequence[tuple[np.ndarray, ...]], sizes: Sequence[int]
) -> Iterator[dict[str, Turn]]:
    """A turn of PyTorch for each precision, while the block runs.

    Arguments:
        python: the interpreter that has it.
        batches: of one shape, inputs and targets first.
        sizes: of the embedding, the state and the vocabulary.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "batches.npz"
        inputs, targets = (np.stack([batch[part] for batch in batches]) for part in (0, 1))
        np.savez(path, inputs=inputs, targets=targets)
        command = [python, str(WORKER), str(path), *map(str, sizes)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            _expect(process, "ready")
            yield {half: _turn(process, half) for half in ("float32", "bfloat16")}
            if process.stdin:
                process.stdin.close()


def _turn(process: subprocess.Popen[str], precision: str) -> Turn:
    def turn() -> None:
        if process.stdin:
            process.stdin.write(f"{precision}\n")
            process.stdin.flush()
        _expect(process, "done")

    return turn


def _expect(process: subprocess.Popen[str], word: str) -> None:
    said = process.stdout.readline().strip() if process.stdout else ""
    if said != word:
        raise RuntimeError(f"PyTorch: expected {word!r}, received {said!r}; see its message.")
