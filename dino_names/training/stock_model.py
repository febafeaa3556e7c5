"""A run's network as a Keras model for others, of Keras's own layers: it loads without this."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from dino_names.config import Architecture
from dino_names.errors import OptionError, RunError
from dino_names.modelfile import Tensors, character_rows
from dino_names.runs import Run
from dino_names.storage import show, write_atomically
from dino_names.training.network import build_model, get_tensors, set_tensors
from dino_names.training.saving import restore
from dino_names.tuning import bundle_of, first_network

CELLS = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM, "rnn": keras.layers.SimpleRNN}
BEST, LATEST = "best", "latest"


def keras_model(
    run: Run,
    *,
    epoch: str | int = BEST,
    batch_size: int | None = None,
    stateful: bool = False,
    stock: bool = True,
    category: str | None = None,
) -> keras.Sequential:
    """The network of a run, without the n-gram beside it, as a Keras model.

    Arguments:
        run: the run.
        epoch: `best`, the weights of its model file; `latest`, the newest checkpoint; or a number.
        batch_size: None for any; a stateful model needs one.
        stateful: whether the recurrent state is kept from call to call.
        stock: of Keras's own layers alone, which load where this package is not installed;
            otherwise of the layers that were trained.
        category: which list's, or a blend's, of a run of several: its best, of stock layers.

    Returns:
        A built model from int32 ids (batch, time) to float32 logits (batch, time, vocab_size).

    Raises:
        OptionError: a stateful model without a batch size, or a small gpt of stock layers.
        RunError: there is no such checkpoint.
    """
    if stateful and batch_size is None:
        raise OptionError(
            "batch_size: expected a number with stateful, received none; a state is kept for a "
            "batch of one size."
        )
    sizes = run.config.model.architecture(len(run.vocabulary))
    if stock and sizes.cell == "gpt":
        raise OptionError(
            "stock: expected a gru, an lstm or an rnn, received a gpt, whose layers are this "
            "package's own; take stock=False."
        )
    if category is not None and (epoch != BEST or not stock):
        raise OptionError(
            "category: expected the best epoch and stock layers with it, received others; leave "
            "them out."
        )
    if stock and epoch == BEST:
        bundle = bundle_of(run, category)
        tensors = first_network(bundle)
        return _stock(bundle.architecture, tensors, batch_size=batch_size, stateful=stateful)
    if run.categories:
        bundle_of(run, None)  # refuses what has no one network
    if not stock:
        return _trained(run, sizes, epoch, batch_size=batch_size, stateful=stateful)
    tensors = get_tensors(_trained(run, sizes, epoch), sizes)
    return _stock(sizes, tensors, batch_size=batch_size, stateful=stateful)


def _trained(run: Run, sizes: Architecture, epoch: str | int, **options: Any) -> keras.Sequential:
    """The model that was trained, with the weights of an epoch."""
    model = build_model(len(run.vocabulary), config=run.config.model, **options)
    if epoch == BEST:
        set_tensors(model, sizes, first_network(run.model().bundle))
        return model
    if isinstance(epoch, str) and epoch != LATEST:
        raise OptionError(f"epoch: expected best, latest or a number, received {epoch!r}.")
    if run.config.train.tuner == "numpy":
        raise RunError(
            f"{show(run.folder)}: expected checkpoints, which a run that was tuned in NumPy has "
            "none of; take epoch='best'."
        )
    restore(model, run, None if isinstance(epoch, str) else epoch)
    return model


def _stock(
    sizes: Architecture, tensors: Tensors, *, batch_size: int | None, stateful: bool
) -> keras.Sequential:
    rows = character_rows(sizes, tensors)
    layers: list[Any] = [keras.layers.Embedding(sizes.vocab_size, rows.shape[1], name="encoder")]
    weights = [[rows]]
    for number in range(sizes.num_layers):
        layers.append(
            CELLS[sizes.cell](
                sizes.rnn_units, return_sequences=True, stateful=stateful, name=f"layer{number}"
            )
        )
        parts = ("kernel", "recurrent_kernel", "bias")
        weights.append([tensors[f"layer{number}.{part}"] for part in parts])
    layers.append(keras.layers.Dense(sizes.vocab_size, name="output"))
    weights.append([tensors["output.kernel"], tensors["output.bias"]])
    inputs = keras.Input(batch_shape=(batch_size, None), dtype="int32", name="ids")
    model = keras.Sequential([inputs, *layers], name="characters")
    for layer, values in zip(model.layers, weights, strict=True):
        layer.set_weights(values)
    return model


def save_keras(
    run: Run, path: str | Path, *, epoch: str | int = BEST, category: str | None = None
) -> None:
    """Write a run's network as a `.keras` file, whole or not at all.

    Arguments:
        run: the run.
        path: of the file.
        epoch, category: see `keras_model`.

    Raises:
        As `keras_model`; StorageError: the disk refused it.
    """
    path = Path(path)
    model = keras_model(run, epoch=epoch, category=category)
    scratch = path.with_name(f".{path.name}.tmp.keras")
    try:
        model.save(scratch)
        write_atomically(path, scratch.read_bytes())
    finally:
        scratch.unlink(missing_ok=True)
