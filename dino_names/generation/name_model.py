"""A model that is ready to use: new names, and how likely it finds a name."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from dino_names.arrays import Int32s
from dino_names.corpus import BOUNDARY, BOUNDARY_ID
from dino_names.engine import Predictor, build
from dino_names.errors import OptionError, PromptError
from dino_names.generation.letter_case import LetterCase
from dino_names.generation.options import NameOptions, OneNameOptions, takes
from dino_names.generation.planning import Planner
from dino_names.generation.selection import Selection
from dino_names.modelfile import MAX_NAME, Bundle, contains, read_as

if TYPE_CHECKING:
    from dino_names.generation.name_scoring import Score
    from dino_names.modelfile import NameFilter


# Names in a batch: the state and its gates fit the cache, and the products are large enough.
BATCH = 512


class NameModel:
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
            raise OptionError("model: expected one without categories, received one with them.")
        self.bundle = bundle
        self.vocabulary = bundle.vocabulary
        self.predictor = predictor or build(bundle.architecture, bundle.tensors, bundle.partner)
        # Names are cut out of a matrix of characters, in which what follows their end is NUL.
        self._characters = np.array(["\0", *bundle.vocabulary.characters[1:]])

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> NameModel:
        """The model of a file.

        Raises:
            ModelFileError: the file is missing, of another kind, or not to be trusted.
        """
        return read_as(path, cls)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the model as one file, whole or not at all.

        Raises:
            StorageError: the disk refused it.
        """
        self.bundle.write(path)

    @takes(OneNameOptions)
    def generate(self, prompt: str = "", **options: Any) -> str:
        """One name; see `generate_many`."""
        OneNameOptions(**options)  # refuses what several names could have
        return self._generate(prompt, NameOptions(**options))[0]

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
        return self._generate(prompt, NameOptions(**options))

    def _generate(self, prompt: str, options: NameOptions) -> list[str]:
        prompt = self._prompt(prompt, options.longest(self.bundle))
        if not options.exact_case:
            prompt = self._case.follow(prompt)
        draws, compiled = self._planner.plan(prompt, self._encode(prompt), options)
        rules: dict[str, Any] = {
            "n": options.n,
            "prompt": prompt,
            "characters": self._characters,
            "unique": options.unique,
            "known": None if options.allow_training_names else self.bundle.training_names,
            "read": self._names_read() if options.leaves_out_read(self.bundle) else None,
            "case": None if options.exact_case else self._case,
            "compiled": compiled,
            "shortest": max(1, options.min_length),
        }
        selection = self._cast(options, rules) if options.is_cast else Selection(**rules)
        with np.errstate(over="ignore", invalid="ignore"):
            return selection.fill(draws, batch=BATCH)

    def _cast(self, options: NameOptions, rules: dict[str, Any]) -> Selection:
        from dino_names.generation.cast import Cast  # few ask for one

        if options.apart and not self.bundle.kept_names:
            raise OptionError(
                "apart: expected a model file that holds its training list, received one that does "
                "not; train it with keep_names (dino-names train --keep-names)."
            )
        return Cast(
            distinct=options.distinct or 0,
            distinct_starts=options.distinct_starts,
            apart=options.apart or 0,
            listed=self.bundle.kept_names,
            **rules,
        )

    @cached_property
    def _planner(self) -> Planner:
        return Planner(self.bundle, self.predictor)

    @cached_property
    def _case(self) -> LetterCase:
        return LetterCase(self.predictor, self._characters)

    def _names_read(self) -> NameFilter:
        """What the base has read: its own filter, or that of the base that ships."""
        own = self.bundle.corpus_filter
        if own is not None:
            return own
        from dino_names.modelfile import corpus_filter  # 3 MB that few ask for

        return corpus_filter()

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
        from dino_names.generation.name_scoring import (  # who generates does without it
            Score,
            score_ids,
        )

        names = [self._name(name) for name in names]
        nats = score_ids(self.predictor, [self._encode(name) for name in names], batch=BATCH)
        known = self.bundle.training_names
        listed = [None] * len(names) if known is None else contains(known, names).tolist()
        unscored = 0 if self.bundle.start_boundary else 1
        return [
            Score(
                name=name,
                nats=total,
                nats_per_char=total / (len(name) + 1 - unscored),
                in_training_list=is_listed,
            )
            for name, total, is_listed in zip(names, nats, listed, strict=True)
        ]

    def describe(self) -> dict[str, Any]:
        """What the model is, as plain values."""
        facts = self.bundle.metadata()
        return {**facts, "parameters": self.bundle.architecture.parameters()}

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

    def _encode(self, text: str) -> Int32s:
        """The ids to feed, the boundary before them where the model has one."""
        start = [BOUNDARY_ID] if self.bundle.start_boundary else []
        return np.concatenate([np.array(start, np.int32), self.vocabulary.encode(text)])

    def _prompt(self, text: str, max_length: int) -> str:
        text = _normal("prompt", text)
        if len(text) > max_length:
            raise PromptError(
                f"prompt: expected at most max_length, {max_length} characters, received "
                f"{len(text)}; shorten it or raise max_length."
            )
        if not text and not self.bundle.start_boundary:
            raise PromptError(
                "prompt: expected at least one character, since this model was trained without "
                "a boundary before names, received none; give a first letter."
            )
        return text

    def _name(self, text: str) -> str:
        text = _normal("name", text)
        if not 1 <= len(text) <= MAX_NAME:
            raise PromptError(f"name: expected 1 to {MAX_NAME} characters, received {len(text)}.")
        return text


def _normal(what: str, text: str) -> str:
    """A text as lists of names have it: NFC, no blanks around, on one line."""
    text = (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    if BOUNDARY in text:
        raise PromptError(
            f"{what}: expected it on one line, received {text[:40]!r}; remove the newline."
        )
    return text
