"""Makes the names that a call asks for: the prompt understood, the rules gathered, names drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from dino_names.arrays import Int32s
from dino_names.corpus import BOUNDARY, BOUNDARY_ID
from dino_names.engine import Predictor, Sampler
from dino_names.errors import OptionError, PromptError
from dino_names.generation.letter_case import LetterCase
from dino_names.generation.options import NameOptions, OneNameOptions
from dino_names.generation.planning import Planner
from dino_names.generation.rules import Rules
from dino_names.generation.selection import Selection
from dino_names.modelfile import Bundle

if TYPE_CHECKING:
    from dino_names.constraints import Compiled
    from dino_names.modelfile import NameFilter

# Names in a batch: the state and its gates fit the cache, and the products are large enough.
BATCH = 512


class NameMaker:
    """Makes names with a predictor.

    Arguments:
        bundle: what the model file holds.
        predictor: steps for it.
        sampler: of which kind to choose with.
    """

    def __init__(
        self, bundle: Bundle, predictor: Predictor, sampler: type[Sampler] = Sampler
    ) -> None:
        self.bundle, self.predictor = bundle, predictor
        # Names are cut out of a matrix of characters, in which what follows their end is NUL.
        self.characters = np.array(["\0", *bundle.vocabulary.characters[1:]])
        self.planner = Planner(bundle, predictor, sampler)

    def make(self, prompt: str, options: NameOptions) -> list[str]:
        """Several names; see `NameModel.generate_many`."""
        prompt = self.understand(prompt, options)
        draws, compiled = self.planner.plan(prompt, self.encode(prompt), options)
        about: dict[str, Any] = {
            "n": options.n,
            "unique": options.unique,
            "rules": self.rules(prompt, options, compiled),
        }
        selection = self._cast(options, about) if options.is_cast else Selection(**about)
        with np.errstate(over="ignore", invalid="ignore"):
            return selection.fill(draws, batch=BATCH)

    def numbered(
        self, prompt: str, options: NameOptions, first: int, count: int
    ) -> Iterator[tuple[int, str]]:
        """Those of some draws that will do, with their numbers; see `NameModel.numbered`."""
        prompt = self.understand(prompt, options)
        draws, compiled = self.planner.plan(prompt, self.encode(prompt), options)
        rules, end = self.rules(prompt, options, compiled), first + count
        # Not around what is given to the caller, whose own settings these would be meanwhile.
        quiet = np.errstate(over="ignore", invalid="ignore")
        warm = quiet(draws.warm_up)()
        for start in range(first, end, BATCH):
            letters, _, accepted = quiet(draws.draw)(warm, start, min(BATCH, end - start))
            texts = rules.texts(letters)
            reasons = rules.judge(letters, texts, accepted)
            for number, (text, reason) in enumerate(zip(texts, reasons, strict=True), start):
                if not reason:
                    yield number, text

    def rules(self, prompt: str, options: OneNameOptions, compiled: Compiled | None) -> Rules:
        """What each name must be.

        Arguments:
            prompt: as `understand` gives it.
            options: what was asked for.
            compiled: the constraints among that.
        """
        return Rules(
            prompt=prompt,
            characters=self.characters,
            shortest=max(1, options.min_length),
            known=None if options.allow_training_names else self.bundle.training_names,
            read=self._names_read() if options.leaves_out_read(self.bundle) else None,
            case=None if options.exact_case else self.case,
            compiled=compiled,
        )

    def _cast(self, options: NameOptions, about: dict[str, Any]) -> Selection:
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
            **about,
        )

    @cached_property
    def case(self) -> LetterCase:
        """Where the list has capitals."""
        return LetterCase(self.predictor, self.characters)

    def _names_read(self) -> NameFilter:
        """What the base has read: its own filter, or that of the base that ships."""
        own = self.bundle.corpus_filter
        if own is not None:
            return own
        from dino_names.modelfile import corpus_filter  # 3 MB that few ask for

        return corpus_filter()

    def encode(self, text: str) -> Int32s:
        """The ids to feed, the boundary before them where the model has one."""
        start = [BOUNDARY_ID] if self.bundle.start_boundary else []
        return np.concatenate([np.array(start, np.int32), self.bundle.vocabulary.encode(text)])

    def understand(self, text: str, options: OneNameOptions) -> str:
        """A prompt as the list would have it.

        Raises:
            PromptError: it is too long, has a newline, or is empty where the model needs a first
                letter.
        """
        text, longest = normal("prompt", text), options.longest(self.bundle)
        if len(text) > longest:
            raise PromptError(
                f"prompt: expected at most max_length, {longest} characters, received "
                f"{len(text)}; shorten it or raise max_length."
            )
        if not text and not self.bundle.start_boundary:
            raise PromptError(
                "prompt: expected at least one character, since this model was trained without "
                "a boundary before names, received none; give a first letter."
            )
        followed = text if options.exact_case else self.case.follow(text)
        # One that cannot be written is refused as its user wrote it.
        return followed if all(c in self.bundle.vocabulary for c in followed) else text


def normal(what: str, text: str) -> str:
    """A text as lists of names have it: NFC, no blanks around, on one line.

    Raises:
        PromptError: it has a newline inside.
    """
    text = (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    if BOUNDARY in text:
        raise PromptError(
            f"{what}: expected it on one line, received {text[:40]!r}; remove the newline."
        )
    return text
