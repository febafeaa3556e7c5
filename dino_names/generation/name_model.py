"""A model that is ready to use: new names, and how likely it finds a name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from dino_names.engine import Predictor, build
from dino_names.errors import OptionError, PromptError
from dino_names.generation.name_maker import NameMaker, normal
from dino_names.generation.options import NameOptions, OneNameOptions
from dino_names.generation.paging import Paged
from dino_names.generation.sampling_options import takes
from dino_names.modelfile import MAX_NAME, Bundle, read_as

if TYPE_CHECKING:
    from dino_names.generation.likeliest import Likeliest
    from dino_names.generation.name_scoring import Score


class NameModel(Paged):
    """A model of names.

    Arguments:
        bundle: what a model file holds.
        predictor: steps in place of the network of the bundle.

    Raises:
        OptionError: it is a model of running text.

    Example:
        >>> model = NameModel.read("dinosaurs.safetensors")  # doctest: +SKIP
        >>> model.generate("Ram", seed=1)  # doctest: +SKIP
        'Ramosaurus'
    """

    def __init__(self, bundle: Bundle, *, predictor: Predictor | None = None) -> None:
        if bundle.kind != "names":
            raise OptionError(
                f"model: expected one of names, received one of {bundle.kind}; "
                "name a model that was trained with --kind names."
            )
        if bundle.categories:
            raise OptionError(
                "model: expected one without categories, received one with them; open it with "
                "`dino_names.load`."
            )
        self.bundle = bundle
        self.vocabulary = bundle.vocabulary
        self.predictor = predictor or build(bundle.architecture, bundle.tensors, bundle.partner)
        self._maker = NameMaker(bundle, self.predictor)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> NameModel:
        """The model of a file.

        Raises:
            ModelFileError: the file is missing, of another kind, or not to be trusted.
        """
        from dino_names.generation.loading import open_names

        return read_as(path, open_names)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the model as one file, whole or not at all.

        Raises:
            StorageError: the disk refused it.
        """
        self.bundle.write(path)

    @takes(OneNameOptions)
    def generate(self, prompt: str = "", **options: Any) -> str:
        """One name; see `generate_many`."""
        OneNameOptions(**options)  # refuses what only several names have
        asked = NameOptions(**options)
        return self._maker_for(asked).make(prompt, asked)[0]

    def category(self, asked: str) -> NameModel:
        """The model of one of its lists, or of a blend; see `CategoryModel.category`.

        Raises:
            OptionError: it knows one list only.
        """
        raise OptionError(
            f"category: expected a model of several lists, received one of a single list, and "
            f"category {asked!r}; leave it out, or train one with --by-file or --category-column."
        )

    @takes(NameOptions)
    def generate_many(self, prompt: str = "", **options: Any) -> list[str]:
        """Several names. The same seed gives the same names, and a larger `n` only adds some.

        Arguments:
            prompt: how they begin.
            options: those of `NameOptions`: `n` (1), `ends`, `contains`, `without`, `pattern`,
                `letters`, `not_letters` (nothing asked), `min_length` (0), `max_length` (twice the
                longest training name), `exact_case` (False), `temperature`, `top_k` and `top_p`
                (the model's), `unique` (True), `novel` (the model's), `allow_training_names`
                (False), `seed` (None, other names each time).

        Raises:
            OptionError: an option out of its range, or no name can be as asked.
            PromptError: the prompt has characters that the model does not know, is longer than
                max_length, or empty where the model needs a first letter.
            NotEnoughNamesError: fewer names exist, or were found in a bounded number of draws.
        """
        asked = NameOptions(**options)
        return self._maker_for(asked).make(prompt, asked)

    def numbered(
        self, first: int, count: int, prompt: str = "", **options: Any
    ) -> Iterator[tuple[int, str]]:
        """Those of some draws that will do, with their numbers; repeats are among them.

        `generate_many` takes the same draws in the order of their numbers, from 0.

        Arguments:
            first, count: which draws.
            prompt, options: as for `generate_many`, with a seed.
        """
        asked = NameOptions(**options)
        return self._maker_for(asked).numbered(prompt, asked, first, count)

    def generate_for_keys(
        self, keys: Iterable[str], prompt: str = "", **options: Any
    ) -> dict[str, str]:
        """A name for each key, no two alike: that of the key alone unless one before it has that.

        A key behind others changes none of their names.

        Arguments:
            keys: each once.
            prompt: how the names begin.
            options: those of `generate` but `key` and `seed`.

        Raises:
            OptionError: a key that stands there twice, or is no text.
            NotEnoughNamesError: there are fewer names than keys.
        """
        from dino_names.generation.keys import names_for_keys  # few have keys

        asked = OneNameOptions(**options)
        if asked.category is not None:
            self.category(asked.category)
        for name in ("key", "seed"):
            if getattr(asked, name) is not None:
                raise OptionError(f"{name}: expected none beside keys; leave it out.")
        return names_for_keys(self._keyed_maker, list(keys), prompt, asked)

    def _maker_for(self, options: NameOptions) -> NameMaker:
        if options.category is not None:
            self.category(options.category)
        return self.maker(keyed=options.key is not None)

    def maker(self, *, keyed: bool = False) -> NameMaker:
        """What makes its names.

        Arguments:
            keyed: for keys, to the same bits on every processor.
        """
        return self._keyed_maker if keyed else self._maker

    @cached_property
    def _keyed_maker(self) -> NameMaker:
        from dino_names.engine import ExactSampler, build_exact

        bundle = self.bundle
        predictor = build_exact(bundle.architecture, bundle.tensors, bundle.partner)
        return NameMaker(bundle, predictor, ExactSampler)

    def sample(self, prompt: str = "", **options: Any) -> list[Score]:
        """Names as from `generate_many`, each with its score.

        Arguments:
            prompt: how they begin.
            options: those of `NameOptions`.
        """
        return self.score_many(self.generate_many(prompt, **options))

    def score(self, name: str) -> Score:
        """How likely the model finds a name, at temperature 1 and with every character allowed.

        Raises:
            PromptError: the name is empty, too long, or has characters that the model does not
                know.
        """
        return self.score_many([name])[0]

    def score_many(self, names: Iterable[str]) -> list[Score]:
        """The scores of several names, in their order; see `score`."""
        from dino_names.generation.name_scoring import score_names  # who generates does without

        return score_names(self._maker, [self._name(name) for name in names])

    @takes(NameOptions)
    def likeliest(self, prompt: str = "", **options: Any) -> Likeliest:
        """The likeliest names, best first, by search and not by chance.

        Arguments:
            prompt: how they begin.
            options: those of `NameOptions` that chance has no part in: `n` (1), what the names must
                be, `min_length`, `max_length`, `exact_case`, `novel`, `allow_training_names`.

        Returns:
            A list of `Score`, at most `n`; its `certain` says how many of the first are the
            likeliest beyond doubt. Behind these the search was ended and others may be missing.

        Raises:
            OptionError, PromptError: as `generate_many`; an option that only chance heeds.
            NotEnoughNamesError: there is none that is likely enough to be found.
        """
        from dino_names.generation.likeliest import likeliest

        asked = NameOptions(**options)
        return likeliest(self._maker_for(asked), prompt, asked)

    def describe(self) -> dict[str, Any]:
        """What the model is, as plain values."""
        facts, bundle = self.bundle.metadata(), self.bundle
        for name in ("left_out", "kept_names"):
            if name in facts:  # the file says how many bytes they take
                facts[name] = len(getattr(bundle, name))
        return {**facts, "parameters": bundle.architecture.parameters()}

    def generate_text(self, prompt: str = "", **options: Any) -> NoReturn:
        """Refuse: names are no running text."""
        raise self._no_text()

    def stream_text(self, prompt: str = "", **options: Any) -> NoReturn:
        """Refuse: names are no running text."""
        raise self._no_text()

    def _no_text(self) -> OptionError:
        return OptionError(
            "model: expected one of running text, received one of names; use generate or "
            "generate_many, or name a model that was trained with --kind text."
        )

    def _name(self, text: str) -> str:
        text = normal("name", text)
        if not 1 <= len(text) <= MAX_NAME:
            raise PromptError(f"name: expected 1 to {MAX_NAME} characters, received {len(text)}.")
        return text
