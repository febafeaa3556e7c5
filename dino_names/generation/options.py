"""What a call that generates may be asked for: each option once, for names and for texts.

The command line makes its flags of these fields, and the signatures that `help` shows are theirs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from dino_names.checks import check_range
from dino_names.config import option
from dino_names.engine import Sampler, Uniforms
from dino_names.modelfile import MAX_NAME, Bundle

MAX_NAMES = 10_000_000
LENGTH = 500
Options = TypeVar("Options", bound="SamplingOptions")
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class SamplingOptions:
    """How characters are chosen; None is what the model file says.

    Arguments:
        temperature, top_k, top_p: see `Sampler`; the latter two are off unless the maker of the
            file chose otherwise.
        seed: 0 or above; None for something else each time.
    """

    temperature: float | None = option(None, "0 is greedy, 1 as learned. [the model's]")
    top_k: int | None = option(None, "Choose among the K likeliest characters.")
    top_p: float | None = option(None, "Choose among the likeliest that make up P.")
    seed: int | None = option(None, "The same seed gives the same names.")

    @classmethod
    def of(
        cls: type[Options], given: Mapping[str, Any], *, without: tuple[str, ...] = ()
    ) -> Options:
        """The options of a call.

        Arguments:
            given: by name.
            without: those that this call does not have.

        Raises:
            TypeError: there is no such option.
            OptionError: one is out of its range.
        """
        known = [item.name for item in fields(cls) if item.name not in without]
        for name in given:
            if name not in known:
                raise TypeError(f"expected options among {', '.join(known)}, received {name!r}.")
        return cls(**given)

    def sampler(self, bundle: Bundle) -> Sampler:
        """What chooses, where something is not asked for as the model file says."""
        return Sampler(
            temperature=bundle.temperature if self.temperature is None else self.temperature,
            top_k=bundle.top_k if self.top_k is None else self.top_k,
            top_p=bundle.top_p if self.top_p is None else self.top_p,
        )

    def uniforms(self) -> Uniforms:
        """The numbers that decide."""
        return Uniforms(self.seed)


@dataclass(frozen=True, kw_only=True)
class NameOptions(SamplingOptions):
    """Which names.

    Arguments:
        n: how many.
        min_length, max_length: characters, the prompt counted; no name is cut or padded to
            them. By default up to twice the longest training name.
        unique: whether to leave out repeats.
        allow_training_names: whether to keep names of the training list.
    """

    n: int = option(1, "How many names. [1]")
    min_length: int = option(0, "No shorter name. [0]")
    max_length: int | None = option(None, "No longer name. [twice the longest learned]")
    unique: bool = option(True, "Leave out repeats.")
    allow_training_names: bool = option(False, "Names of the list too.")

    def __post_init__(self) -> None:
        check_range("n", self.n, low=1, high=MAX_NAMES, whole=True)
        check_range("min_length", self.min_length, low=0, high=MAX_NAME, whole=True)
        if self.max_length is not None:
            low = max(1, self.min_length)
            check_range("max_length", self.max_length, low=low, high=MAX_NAME, whole=True)

    def longest(self, bundle: Bundle) -> int:
        """How long a name may be."""
        if self.max_length is not None:
            return self.max_length
        return min(MAX_NAME, max(2 * bundle.longest_name, self.min_length))


@dataclass(frozen=True, kw_only=True)
class TextOptions(SamplingOptions):
    """How much text.

    Arguments:
        length: characters, the prompt not counted.
    """

    length: int = option(LENGTH, "How many characters of text. [500]")

    def __post_init__(self) -> None:
        check_range("length", self.length, low=1, whole=True)


def takes(
    options: type[SamplingOptions], *, without: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Give a function of `(..., **options)` the signature that it has in truth.

    Arguments:
        options: whose fields it takes by keyword.
        without: fields that it does not take.
    """

    def sign(function: Function) -> Function:
        own = inspect.signature(function)
        keywords = [
            inspect.Parameter(
                item.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=item.default,
                annotation=item.type,
            )
            for item in fields(options)
            if item.name not in without
        ]
        kept = [p for p in own.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
        function.__signature__ = own.replace(parameters=[*kept, *keywords])  # type: ignore[attr-defined]
        return function

    return sign
