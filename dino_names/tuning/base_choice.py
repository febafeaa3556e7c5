"""Whether a training starts from a base, from which, and what tunes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dino_names.checks import brief
from dino_names.config import MOST_FOR_BASE, Architecture, Config, for_list
from dino_names.errors import OptionError
from dino_names.modelfile import Bundle
from dino_names.runs import RUN_FILE, Run
from dino_names.storage import is_there, show
from dino_names.tuning.base_model import is_for_numpy, read_base

NONE = "none"
# Several lists begin from a base where the smallest is short, unless they have more names in all.
MOST_FOR_LISTS = 30_000
# What the base's network decides, under the names that `Architecture` and the options share.
SHAPE = ("cell", "encoder", "embedding_dim", "rnn_units", "num_layers")
# Whoever names one of these wants a network that is made anew.
MADE_ANEW = ("embedding_stddev", "start_boundary", "mask_padding", "context")
# What only Keras's loops can do.
KERAS_ALONE = (
    *("loop", "optimizer", "rho", "l2", "clip_value", "patience", "precision"),
    *("checkpoint_every", "rounds", "log_every", "sample_every", "save_batches"),
    *("drop_remainder", "length_buckets", "stateful", "sample_length", "keep_every", "distribute"),
)


class Start(NamedTuple):
    """What a training begins with.

    Arguments:
        config: every choice, made to fit the list and the base.
        base: what to start from, or None for nothing.
    """

    config: Config
    base: Bundle | None


def choose_start(
    config: Config,
    options: Mapping[str, Any],
    *,
    names: int | None,
    smallest: int | None = None,
    keras: bool = False,
) -> Start:
    """Settle what the preset leaves open.

    A base that nobody asked for gives way: to a network of another shape, and to a list that is
    long enough to do without.

    Arguments:
        config: a preset with its user's options.
        options: those that the user named.
        names: how many there are to learn from; None for a text.
        smallest: how many the smallest of several lists has.
        keras: whether NumPy is out of the question.

    Raises:
        OptionError: the options contradict the base or each other.
        ModelFileError: the base is missing, of another kind, or not to be trusted.
    """
    few = has_few(names, smallest)
    base = _read(config, options, few)
    if base is None:
        return Start(_from_nothing(config, options, names), None)
    config = config.with_options(**_shape(base.architecture))
    few = few and names is not None
    tuner = _tuner(config, options, base, few=few, keras=keras)
    config = config.with_options(tuner=tuner)
    return Start(config if names is None else for_list(config, names, **options), base)


def is_done_in_numpy(
    config: Config,
    options: Mapping[str, Any],
    folder: Path,
    *,
    names: int,
    smallest: int | None = None,
    keras: bool = False,
    resume: bool,
) -> bool:
    """Whether NumPy does a training, or did what is to go on.

    Arguments:
        config: a preset with its user's options.
        options: those that the user named.
        folder: the run folder.
        names: how many there are to learn from.
        smallest: how many the smallest of several lists has.
        keras: whether NumPy is out of the question.
        resume: whether to go on with what the folder holds.

    Raises:
        as `choose_start`, and RunError: the folder is no run.
    """
    if resume and is_there(folder / RUN_FILE):
        in_numpy = Run.read(folder).config.train.tuner == "numpy"
        if in_numpy and keras:
            raise OptionError(
                f"callbacks and from_epoch: expected a run that Keras trains, received "
                f"{show(folder)}, which NumPy tunes; leave them out, or train into another folder."
            )
        return in_numpy
    start = choose_start(config, options, names=names, smallest=smallest, keras=keras)
    return start.config.train.tuner == "numpy"


def has_few(names: int | None, smallest: int | None) -> bool:
    """Whether a base is of use: to one of several lists, if there are not too many names in all."""
    few = names or 0
    if smallest is not None and few <= MOST_FOR_LISTS:
        few = smallest
    return few <= MOST_FOR_BASE


def _read(config: Config, options: Mapping[str, Any], few: bool) -> Bundle | None:
    base = config.train.base
    if base == NONE:
        return None
    asked = "base" in options
    anew = any(name in options for name in MADE_ANEW)
    if not asked and (anew or not few):
        return None
    bundle = read_base(base)
    shape = _shape(bundle.architecture)
    for name in SHAPE:
        if name in options and options[name] != shape[name]:
            if not asked:
                return None
            raise OptionError(
                f"{name}: expected {shape[name]} as the base has it, received "
                f"{brief(options[name])}; leave it out, or start from --base none."
            )
    return bundle


def _shape(architecture: Architecture) -> dict[str, Any]:
    shape = {name: getattr(architecture, name) for name in SHAPE}
    # A network that reads no embedding has no width of one.
    return {name: value for name, value in shape.items() if value}


def _from_nothing(config: Config, options: Mapping[str, Any], names: int | None) -> Config:
    if config.train.tuner == "numpy":
        raise OptionError(
            "tuner: expected a base for NumPy to tune, received none; leave --tuner out, or start "
            "from --base names."
        )
    config = config.with_options(base=NONE, tuner="auto")
    return config if names is None else for_list(config, names, **options)


def _tuner(
    config: Config, options: Mapping[str, Any], base: Bundle, *, few: bool, keras: bool
) -> str:
    """`numpy` where it can and no one wants otherwise, else `keras`."""
    asked = config.train.tuner
    of_names = config.data.kind == "names"
    fits = of_names and config.preset == "default" and is_for_numpy(base)
    named = [name for name in KERAS_ALONE if name in options]
    if not config.train.epochs:  # a base as it is, with a checkpoint, is Keras's to write
        named.append("epochs")
    if asked == "numpy" and (named or keras or not fits):
        received = f"{named[0]} {brief(options[named[0]])}" if named else "another"
        raise OptionError(
            f"tuner: expected the preset default, a base of names with one GRU above an embedding "
            f"and no option that only Keras knows, received {received}; add --tuner keras."
        )
    wanted = asked == "numpy" or (asked == "auto" and few)
    return "numpy" if wanted and fits and not named and not keras else "keras"
