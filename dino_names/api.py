"""The few functions most people need."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dino_names.generation import NameModel

if TYPE_CHECKING:
    from pathlib import Path

    from dino_names.evaluation import Report
    from dino_names.generation import TextModel
    from dino_names.runs import Run
    from dino_names.storage import FilePath

# By hand, since pathlib is slow to import and the shipped model needs no more of it.
SHIPPED_MODEL = __file__.removesuffix("api.py") + "models/dinosaurs.safetensors"


@lru_cache(maxsize=1)
def _shipped() -> NameModel:
    return NameModel.read(SHIPPED_MODEL)


def load(path: str | Path | None = None) -> NameModel | TextModel:
    """A model that is ready to generate: names, or text where it was trained on text.

    Arguments:
        path: a model file, a run folder, or None for the model that ships with the package.

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
    from dino_names.storage import is_there, show

    path = Path(path)
    folder = is_there(path) and path.is_dir()
    if folder and (path / "run.json").exists():
        from dino_names.runs import Run

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
        options: those of `NameModel.generate_many`: `n`, `temperature`, `top_k`, `top_p`,
            `min_length`, `max_length`, `unique`, `allow_training_names`, `seed`.

    Raises:
        NotEnoughNamesError: fewer exist than were asked for.
    """
    return _shipped().generate_many(prompt, **options)


def evaluate(
    model: NameModel,
    *,
    names: FilePath | None = None,
    train: FilePath | None = None,
    **options: Any,
) -> Report:
    """Measure a model of names: on names it has not seen, and by those that it invents.

    Arguments:
        model: of names.
        names: a file of names that it has not seen.
        train: the file it was trained on; without `names`, what was held out of it is measured.
        options: those of `dino_names.evaluation.evaluate`: `sample`, `temperature`, `seed`,
            `history`.

    Raises:
        CorpusError: a file is no list of names, has characters that the model does not know, or
            `train` is not what the model was trained on.
        MissingExtraError: there is a training list, and rapidfuzz is not installed.
    """
    from dino_names.evaluation import choose_names
    from dino_names.evaluation import evaluate as measure

    return measure(model, choose_names(model.bundle, names=names, train=train), **options)


def train(file: str | Path | None = None, **options: Any) -> Run:
    """Train on a file of names or, with `kind="text"`, on a text; needs the extra `train`.

    Arguments:
        file: one name a line, or a text; without one, a few built-in lines of text.
        options: those of `dino_names.training.trainer.train`: `preset`, `out`, `resume`,
            `progress`, and any field of the configuration, such as `loop` and `epochs`.

    Raises:
        MissingExtraError: TensorFlow is not installed.
    """
    from dino_names.training import train as train_file

    return train_file(file, **options)
