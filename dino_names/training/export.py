"""A checkpoint of any epoch as a model file."""

from __future__ import annotations

from pathlib import Path

from dino_names.layout import join_networks
from dino_names.runs import Run
from dino_names.training.checkpoints import find_checkpoint, restore
from dino_names.training.model import build_model, get_tensors


def export_epoch(run: Run, epoch: int, output: str | Path) -> tuple[str, ...]:
    """Write one epoch of a run as a model file.

    Arguments:
        run: the run.
        epoch: which, counted from 1.
        output: the file.

    Returns:
        A sentence for each checkpoint that was passed over.

    Raises:
        RunError: no such checkpoint, or it does not belong to the run.
    """
    model = build_model(len(run.vocabulary), config=run.config.model)
    restore(model, run, epoch)
    architecture = run.config.model.architecture(len(run.vocabulary))
    bundle = run.model().bundle.with_tensors(join_networks([get_tensors(model, architecture)]))
    bundle.write(Path(output))
    return find_checkpoint(run.folder, epoch)[2]
