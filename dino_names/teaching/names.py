"""Names of a Keras model, for the notebooks: many at once, and how many repeat the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dino_names.config import Config
    from dino_names.corpus import Vocabulary
    from dino_names.generation import NameModel


def to_name_model(
    model: Any, vocabulary: Vocabulary, names: Sequence[str], config: Config
) -> NameModel:
    """A Keras model as one that generates in NumPy, many names at once.

    Arguments:
        model: trained.
        vocabulary: its characters.
        names: what it was trained on.
        config: what it was built from.
    """
    from dino_names.generation import NameModel
    from dino_names.modelfile import Bundle, join_networks, remember_names
    from dino_names.training.network import get_tensors

    architecture = config.model.architecture(len(vocabulary))
    bundle = Bundle(
        architecture=architecture,
        vocabulary=vocabulary,
        tensors=join_networks([get_tensors(model, architecture)]),
        kind="names",
        start_boundary=config.data.start_boundary,
        longest_name=max(map(len, names)),
        training_names=remember_names(names),
    )
    return NameModel(bundle)


def share_repeated(
    model: NameModel, names: Sequence[str], *, temperature: float, seed: int = 0
) -> float:
    """How many of the names that a model invents stand in a list.

    As many names are drawn for each first letter as the list has, so that a model without a
    boundary before its names is asked the same as one with it.

    Arguments:
        model: of names.
        names: the list.
        temperature: of the draws.
        seed: of the draws.

    Returns:
        The share, between 0 and 1.
    """
    options: dict[str, Any] = {
        "temperature": temperature,
        "unique": False,
        "allow_training_names": True,
    }
    drawn: list[str] = []
    for letter, count in sorted(Counter(name[0] for name in names).items()):
        drawn += model.generate_many(letter, n=count, seed=seed, **options)
    listed = set(names)
    return sum(name in listed for name in drawn) / len(drawn)
