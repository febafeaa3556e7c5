"""The few functions most people need."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dino_names.errors import OptionError
from dino_names.generation import NameModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dino_names.corpus import Source
    from dino_names.evaluation import Report
    from dino_names.generation import TextModel
    from dino_names.progress import Wanted
    from dino_names.runs import Run

# By hand, since pathlib is slow to import and the shipped model needs no more of it.
SHIPPED_MODEL = __file__.removesuffix("api.py") + "models/dinosaurs.safetensors"


@lru_cache(maxsize=1)
def _shipped() -> NameModel:
    return NameModel.read(SHIPPED_MODEL)


def load(path: str | Path | Run | None = None) -> NameModel | TextModel:
    """A model that is ready to generate: names, or text where it was trained on text.

    Arguments:
        path: a model file, a run or its folder, or None for the model that ships with the package.

    Raises:
        ModelFileError: there is nothing there, or it is no model file.
        RunError: a folder that is no run, or whose first epoch has not ended.
    """
    if path is None:
        return _shipped()
    # The shipped model does without these.
    from pathlib import Path

    from dino_names.errors import ModelFileError
    from dino_names.generation import read_model
    from dino_names.runs import Run
    from dino_names.storage import is_there, show

    if isinstance(path, Run):
        return path.model()
    path = Path(path)
    folder = is_there(path) and path.is_dir()
    if folder and (path / "run.json").exists():
        return Run.read(path).model()
    if folder and not (path / "saved_model.pb").exists():
        raise ModelFileError(
            f"{show(path)}: expected a model file or a run folder, "
            "received a folder without run.json."
        )
    return read_model(path)


def generate(prompt: str = "", **options: Any) -> str:
    """One new name from the shipped model.

    Arguments:
        prompt: how it begins.
        options: those of `NameModel.generate`.

    Example:
        >>> generate("Ram", seed=1).startswith("Ram")
        True
    """
    return _shipped().generate(prompt, **options)


def generate_many(prompt: str = "", **options: Any) -> list[str]:
    """Several new names from the shipped model.

    Arguments:
        prompt: how they begin.
        options: those of `NameModel.generate_many`: `n`, `seed`, what they must be like (`ends`,
            `contains`, `without`, `pattern`, `letters`, `not_letters`, `min_length`, `max_length`,
            `distinct`, `apart`), how they are drawn (`temperature`, `top_k`, `top_p`), and more.

    Raises:
        OptionError: nothing can be as asked, or an option is out of its range.
        NotEnoughNamesError: fewer exist than were asked for.
    """
    return _shipped().generate_many(prompt, **options)


def evaluate(
    model: NameModel | Run,
    *,
    names: Source = None,
    train: Source = None,
    column: str | int | None = None,
    category_column: str | int | None = None,
    weight_column: str | int | None = None,
    by_file: bool = False,
    progress: Wanted = "auto",
    **options: Any,
) -> Report:
    """Measure a model of names: on names it has not seen, and by those that it invents.

    Arguments:
        model: of names, or a run that made one.
        names: a file of names that it has not seen; or names, or lists by their category.
        train: the file it was trained on; without `names`, what was held out of it is measured.
        column, category_column, weight_column, by_file: as for `train`; a model of several lists
            is to be told which each name is of.
        progress: as for `train`.
        options: those of `dino_names.evaluation.evaluate`: `sample`, `temperature`, `seed`,
            `history`.

    Raises:
        CorpusError: a file is no list of names, has characters that the model does not know, or
            `train` is not what the model was trained on.
        MissingExtraError: there is a training list, and rapidfuzz is not installed.
    """
    from dino_names.corpus import Reading
    from dino_names.evaluation import choose_names
    from dino_names.evaluation import evaluate as measure
    from dino_names.progress import choose_progress

    if not isinstance(model, NameModel):
        found = load(model)
        if not isinstance(found, NameModel):
            raise OptionError("model: expected one of names, received one of running text.")
        model = found
    reading = Reading(column, category_column, weight_column, by_file)
    material = choose_names(model.bundle, names=names, train=train, reading=reading)
    told = choose_progress(progress)
    told.waiting("measuring the model")
    try:
        return measure(model, material, **options)
    finally:
        told.end()


def train(
    file: Source = None,
    *,
    preset: str | None = None,
    column: str | int | None = None,
    category_column: str | int | None = None,
    weight_column: str | int | None = None,
    by_file: bool = False,
    valid_file: Source = None,
    out: str | Path | None = None,
    resume: bool = False,
    from_epoch: int | None = None,
    into: str | Path | None = None,
    overwrite: bool = False,
    progress: Wanted = "auto",
    callbacks: Sequence[Any] = (),
    **options: Any,
) -> Run:
    """Train on names or, with `kind="text"`, on a text.

    A short list of names tunes the base that ships, in NumPy; all else needs the extra `train`.

    Arguments:
        file: a file with one name a line, a table of names, or a text; names themselves, among
            which a `Path` stands for those in its file; lists by their category; a data frame; a
            folder of `prepare`; or for a text, None, which is a few built-in lines.
        column: where the names are in a table: its heading or number, counted from 1; None to find
            out, "none" to take lines as they stand.
        category_column: what says which list each name is of: one model then knows them all.
        weight_column: how much each name counts, in training and in the n-gram.
        by_file: whether each file is a category; lists by their category do the same:
            `{"elves": [...], "dwarves": Path(...)}`.
        valid_file: names or a text to measure on while training, in place of a share of FILE
            (`valid_fraction`); what both have is not learned from.
        preset: which set of choices to start from; None is `text` for `kind="text"` and
            `default` otherwise.
        out: the run folder; by default `training_checkpoints/<file>-<preset>`.
        resume: go on where the run in that folder was interrupted, or where it ended with more
            `epochs`; `learning_rate` and `batch_size` may be others from there on.
        from_epoch: with `resume`, go back to this checkpoint and on from there.
        into: go on from there in this new folder, and leave the run as it is.
        overwrite: begin anew in a folder that holds a run, which is removed.
        progress: `auto` for a bar on a terminal, a curve in a notebook and lines elsewhere; false
            for nothing; or what is told of each batch and epoch.
        callbacks: of Keras, which then trains, in either loop; see `training.train`.
        options: any field of the configuration, such as `base` and `epochs`.

    Returns:
        The run: folder, configuration, history.

    Raises:
        CorpusError, OptionError, ModelFileError, RunError: the call was wrong.
        MissingExtraError: TensorFlow is needed and not installed.
        DivergedError, StorageError, InterruptedRunError: the work failed or was stopped.
    """
    from dino_names.config import choose
    from dino_names.corpus import Names, Reading, describe_data, read_to_train, vocabulary_of
    from dino_names.generation import first_names
    from dino_names.progress import choose_progress
    from dino_names.runs import begun_data, check_place, read_resumable, run_folder
    from dino_names.tuning import is_done_in_numpy, tune

    told = choose_progress(progress)
    options = options if valid_file is None else _without_share(options)
    config = choose(preset, **options)
    folder = run_folder(file, config, out, resume=resume)
    begun = begun_data(folder, config, resume=resume)
    reading = Reading(column, category_column, weight_column, by_file, begun.keep_repeats)
    data = read_to_train(file, begun.kind, reading, held_out=valid_file)
    source, unit = describe_data(data)
    told.found(source, len(data), unit, data.warnings)
    # What needs no TensorFlow is refused before that is waited for.
    where: dict[str, Any] = {"from_epoch": from_epoch, "into": into}
    check_place(folder, resume=resume, overwrite=overwrite, **where)
    if not resume:
        told.counted(lambda: first_names(data))
    common: dict[str, Any] = {
        "preset": preset,
        "resume": resume,
        "overwrite": overwrite,
        "progress": told,
    }
    about = {"resume": resume, "keras": bool(callbacks) or from_epoch is not None}
    if isinstance(data, Names) and is_done_in_numpy(
        config, options, folder, names=len(data), smallest=data.smallest, **about
    ):
        return tune(data, config, folder, options=options, **common)
    if resume:
        facts: Any = {"fingerprint": data.fingerprint, "vocabulary": vocabulary_of(data)}
        read_resumable(folder, preset=preset, options=options, **facts)
    told.waiting("starting TensorFlow")
    from dino_names.training import train as train_in_keras

    return train_in_keras(data, out=folder, callbacks=callbacks, **where, **common, **options)


def _without_share(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a training that measures on a file, and holds no share of its own out.

    Raises:
        OptionError: a share was named too.
    """
    if options.get("valid_fraction"):
        raise OptionError(
            f"valid_file and valid_fraction: expected one of them, received a file and "
            f"{options['valid_fraction']!r}; leave one out."
        )
    return {**options, "valid_fraction": 0.0}
