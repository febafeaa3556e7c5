"""A model of several lists: names of one of them, of a blend, or as often as in the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Float64s, Floats
from dino_names.errors import OptionError
from dino_names.generation.category_bundle import ENCODERS, blended, parse, shares_of
from dino_names.generation.category_draws import CategoryPlanner
from dino_names.generation.name_maker import NameMaker
from dino_names.generation.name_model import NameModel
from dino_names.generation.options import NameOptions, OneNameOptions
from dino_names.generation.sampling_options import takes
from dino_names.modelfile import Bundle

if TYPE_CHECKING:
    from dino_names.generation.likeliest import Likeliest
    from dino_names.generation.name_scoring import Score

# Blends whose models are kept; categories' are, as many as there are.
MOST_KEPT = 64


class CategoryModel(NameModel):
    """A model of names from several lists.

    Arguments:
        bundle: what a model file with categories holds.

    Attributes:
        labels: the categories, in the order of their ids.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.labels = tuple(label for label, _ in bundle.categories)
        self.shares = shares_of(bundle)
        self._made: dict[tuple[float, ...], NameModel] = {}
        # What stands for all of them: where the lists have capitals, say.
        super().__init__(blended(bundle, self.shares.tolist(), name="all"))
        self._whole = self.bundle
        self.bundle = bundle
        self._maker.planner = CategoryPlanner(self, self._whole)

    def category(self, asked: str) -> NameModel:
        """The model of one category or of a blend.

        Arguments:
            asked: a category, or several with weights: `elves=0.5,dwarves=0.5`.

        Raises:
            OptionError: there is no such category; names those that there are.
        """
        return self._blend(parse(asked, self.labels), asked)

    def vectors(self) -> Floats:
        """What the first network knows of each list, for a map of them: (categories, width).

        The numbers that it reads in place of the boundary, or what the list adds to the biases.
        """
        if self.bundle.directions is not None:
            return self.bundle.directions[0]
        reads = next(f"network0.{n}" for n in ENCODERS if f"network0.{n}" in self.bundle.tensors)
        return np.asarray(self.bundle.tensors[reads][len(self.vocabulary) :])

    def of_tag(self, tag: int) -> NameModel:
        """The model of a category by its number."""
        weights = np.zeros(len(self.labels))
        weights[tag] = 1.0
        return self._blend(weights, self.labels[tag])

    def _blend(self, weights: Float64s, name: str) -> NameModel:
        key = tuple(weights.tolist())
        if key not in self._made:
            if len(self._made) >= MOST_KEPT + len(self.labels):
                del self._made[next(iter(self._made))]
            self._made[key] = NameModel(blended(self.bundle, key, name=name))
        return self._made[key]

    @takes(OneNameOptions)
    def generate(self, prompt: str = "", **options: Any) -> str:
        """One name; see `generate_many`."""
        model, others = self._chosen(options)
        return (
            super().generate(prompt, **options)
            if model is self
            else model.generate(prompt, **others)
        )

    @takes(NameOptions)
    def generate_many(self, prompt: str = "", **options: Any) -> list[str]:
        """Several names; see `NameModel.generate_many`.

        Without `category` each comes from one drawn by chance, as often as in the data, given how
        the names must begin and what else is asked of them.
        """
        model, others = self._chosen(options)
        if model is self:
            return super().generate_many(prompt, **options)
        return model.generate_many(prompt, **others)

    def numbered(
        self, first: int, count: int, prompt: str = "", **options: Any
    ) -> Iterator[tuple[int, str]]:
        """Those of some draws that will do; see `NameModel.numbered`."""
        model, others = self._chosen(options)
        if model is self:
            return super().numbered(first, count, prompt, **options)
        return model.numbered(first, count, prompt, **others)

    def generate_for_keys(
        self, keys: Iterable[str], prompt: str = "", **options: Any
    ) -> dict[str, str]:
        """A name for each key; see `NameModel.generate_for_keys`."""
        model, others = self._chosen(options)
        if model is self:
            return super().generate_for_keys(keys, prompt, **options)
        return model.generate_for_keys(keys, prompt, **others)

    @takes(NameOptions)
    def likeliest(self, prompt: str = "", **options: Any) -> Likeliest:
        """The likeliest names of a category or a blend; see `NameModel.likeliest`.

        Raises:
            OptionError: none was named: the search follows one network.
        """
        model, others = self._chosen(options)
        if model is self:
            raise OptionError(
                f"category: expected one for the likeliest names, received none; name one of "
                f"{', '.join(self.labels[:20])}."
            )
        return model.likeliest(prompt, **others)

    def sample(self, prompt: str = "", **options: Any) -> list[Score]:
        """Names as from `generate_many`, each with its score in what they were drawn from."""
        model, others = self._chosen(options)
        names = self.generate_many(prompt, **options)
        return self.score_many(names) if model is self else model.score_many(names)

    def score_many(self, names: Iterable[str]) -> list[Score]:
        """The scores of several names, and how likely each category is to have made them.

        A name's probability is the sum over the categories of how often one comes and how likely
        it makes the name, and by Bayes' rule a category's is its part of that.
        """
        from dino_names.generation.name_scoring import of_categories

        told = list(names)
        each = [self.of_tag(tag).score_many(told) for tag in range(len(self.labels))]
        return of_categories(each, self.labels, self.shares)

    def _chosen(self, options: dict[str, Any]) -> tuple[NameModel, dict[str, Any]]:
        """The model that was asked for, and the other options."""
        asked = options.get("category")
        if asked is None:
            return self, options
        others = {name: value for name, value in options.items() if name != "category"}
        return self.category(asked), others

    @cached_property
    def _keyed_maker(self) -> NameMaker:
        from dino_names.engine import ExactSampler, build_exact

        whole = self._whole
        maker = NameMaker(
            whole, build_exact(whole.architecture, whole.tensors, whole.partner), ExactSampler
        )
        maker.planner = CategoryPlanner(self, whole, keyed=True)
        return maker
