"""A checkpoint of any epoch as a model file."""

from __future__ import annotations

from pathlib import Path

from dino_names.modelfile import join_networks
from dino_names.runs import Run, find_checkpoint
from dino_names.training.network import build_model, get_tensors
from dino_names.training.saving.checkpoints import restore


def export_epoch(run: Run, epoch: int | None, output: str | Path) -> tuple[str, ...]:
    """Write one epoch of a run as a model file.

    Arguments:
        run: the run; a folder of your own.
        epoch: which, counted from 1; None for the newest that is whole.
        output: the file.

    Returns:
        A sentence for each checkpoint that was passed over.

    Raises:
        RunError: no such checkpoint, or it does not belong to the run.
    """
    number, _, passed_over = find_checkpoint(run.folder, epoch, run=run.digest)
    model = build_model(len(run.vocabulary), config=run.config.model)
    restore(model, run, number)
    architecture = run.config.model.architecture(len(run.vocabulary))
    bundle = run.model().bundle.with_tensors(join_networks([get_tensors(model, architecture)]))
    bundle.write(Path(output))
    return passed_over
