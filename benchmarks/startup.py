"""One name from a cold start, in time and memory, against importing NumPy and against Keras."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import Cost, measure
from benchmarks.settings import Settings
from benchmarks.timing import ratio, table

# What a program must do that keeps its model as Keras does: load it, and call it in a loop.
RESTORE = """
import sys, numpy, keras
model = keras.models.load_model(sys.argv[1])
ids = numpy.zeros((1, 1), "int32")
for _ in range(12):
    logits = model(ids)[0, -1].numpy().astype(float)
    odds = numpy.exp(logits - logits.max())
    ids[0, 0] = numpy.random.default_rng().choice(len(odds), p=odds / odds.sum())
"""
SAVE = """
import sys, keras
keras.Sequential([
    keras.Input(batch_shape=(1, None), dtype="int32"),
    keras.layers.Embedding(53, 64),
    keras.layers.GRU(int(sys.argv[2]), return_sequences=True, stateful=True),
    keras.layers.Dense(53),
]).save(sys.argv[1])
"""
NUMPY, OURS = "import numpy", "python -m dino_names generate Ram"
KERAS = "restoring a model of that size in Keras, one name"
HEADINGS = ("cold start", "s", "processor s", "MB", "s, times NumPy's", "MB, times NumPy's")


def run(settings: Settings) -> str:
    """Start each in turn; the first start of each, which compiles, does not count."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.keras")
        measure([python, "-c", SAVE, path, "8" if settings.quick else "256"])
        commands = {
            NUMPY: [python, "-c", "import numpy"],
            OURS: [python, "-m", "dino_names", "generate", "Ram"],
            KERAS: [python, "-c", RESTORE, path],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for turn in range(1 if settings.quick else 2 * settings.rounds + 1):
            for name, command in commands.items():
                cost = measure(command)
                if turn or settings.quick:
                    costs[name].append(cost)
    medians = {name: _medians(found) for name, found in costs.items()}
    least = medians[NUMPY]
    rows = [
        [
            name,
            f"{found[0]:.3f}",
            f"{found[1]:.3f}",
            f"{found[2]:.0f}",
            ratio(found[0], least[0]),
            ratio(found[2], least[2]),
        ]
        for name, found in medians.items()
    ]
    return table(HEADINGS, rows)


def _medians(costs: list[Cost]) -> tuple[float, float, float]:
    return (
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.processor for cost in costs),
        statistics.median(cost.megabytes for cost in costs),
    )
