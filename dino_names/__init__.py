"""Learns a list of names, character by character, and invents new ones.

Example:
    >>> import dino_names
    >>> name = dino_names.generate("Ram", seed=1)
    >>> name.startswith("Ram")
    True

Nothing is imported before it is used: `generate` never loads TensorFlow, `train` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names import lists
    from dino_names._version import __version__
    from dino_names.api import evaluate, generate, generate_many, load, train
    from dino_names.config.configuration import Config
    from dino_names.config.presets import preset
    from dino_names.corpus.names import Names, check_names, read_names
    from dino_names.corpus.splits import split_names, split_text
    from dino_names.corpus.texts import Text, read_text
    from dino_names.corpus.vocabulary import Vocabulary
    from dino_names.engine.sampling import Sampler
    from dino_names.errors import (
        CorpusError,
        DinoNamesError,
        DivergedError,
        InputError,
        InterruptedRunError,
        MissingExtraError,
        ModelFileError,
        NotEnoughNamesError,
        OptionError,
        PromptError,
        RunError,
        StorageError,
    )
    from dino_names.generation.name_model import NameModel
    from dino_names.generation.text_model import TextModel
    from dino_names.ngram.kneser_ney import Ngram
    from dino_names.preparing.pipeline import prepare
    from dino_names.runs.run import Run

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "": ["lists"],
        "_version": ["__version__"],
        "api": ["evaluate", "generate", "generate_many", "load", "train"],
        "config.configuration": ["Config"],
        "config.presets": ["preset"],
        "corpus.names": ["Names", "check_names", "read_names"],
        "corpus.splits": ["split_names", "split_text"],
        "corpus.texts": ["Text", "read_text"],
        "corpus.vocabulary": ["Vocabulary"],
        "engine.sampling": ["Sampler"],
        "errors": [
            "CorpusError",
            "DinoNamesError",
            "DivergedError",
            "InputError",
            "InterruptedRunError",
            "MissingExtraError",
            "ModelFileError",
            "NotEnoughNamesError",
            "OptionError",
            "PromptError",
            "RunError",
            "StorageError",
        ],
        "generation.name_model": ["NameModel"],
        "generation.text_model": ["TextModel"],
        "ngram.kneser_ney": ["Ngram"],
        "preparing.pipeline": ["prepare"],
        "runs.run": ["Run"],
    },
)
