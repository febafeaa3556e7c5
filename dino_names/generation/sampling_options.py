"""What a call that draws characters may be asked for, and signatures made of such options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from dino_names.checks import SAMPLING_LIMITS, check_range
from dino_names.engine import Sampler, Uniforms
from dino_names.modelfile import Bundle
from dino_names.record import Record

LENGTH = 500
Function = TypeVar("Function", bound=Callable[..., Any])


class SamplingOptions(Record):
    """How characters are chosen; None is what the model file says.

    Arguments:
        temperature, top_k, top_p: see `Sampler`; the latter two are off unless the maker of the
            file chose otherwise.
        seed: 0 or above; None for something else each time.

    Raises:
        TypeError: there is no such option.
        OptionError: one is out of its range.
    """

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    seed: int | None = None

    choices: ClassVar[dict[str, tuple[str, ...]]] = {}

    # A word in brackets is what an option is where it is not given.
    help: ClassVar[dict[str, str]] = {
        "temperature": "0 is greedy, 1 as learned. [the model's]",
        "top_k": "Choose among the K likeliest characters. [off]",
        "top_p": "Choose among the likeliest that make up P. [off]",
        "seed": "The same seed gives the same names. [any]",
    }
    limits: ClassVar[dict[str, dict[str, Any]]] = {
        **SAMPLING_LIMITS,
        "seed": {"low": 0, "high": 2**64 - 1, "whole": True},
    }

    def check(self) -> None:
        """Refuse numbers out of their ranges."""
        for kind in type(self).__mro__:
            for name, limits in vars(kind).get("limits", {}).items():
                if getattr(self, name) is not None and name not in SAMPLING_LIMITS:
                    check_range(name, getattr(self, name), **limits)

    def sampler(self, bundle: Bundle, kind: type[Sampler] = Sampler) -> Sampler:
        """What chooses, where something is not asked for as the model file says."""
        return kind(
            temperature=bundle.temperature if self.temperature is None else self.temperature,
            top_k=bundle.top_k if self.top_k is None else self.top_k,
            top_p=bundle.top_p if self.top_p is None else self.top_p,
        )

    def uniforms(self) -> Uniforms:
        """The numbers that decide."""
        return Uniforms(self.seed)


class TextOptions(SamplingOptions):
    """How much text.

    Arguments:
        length: characters, the prompt not counted.
        window: characters before each one that the network reads anew, as one that has learned from
            windows did; 0 for all, whose state is carried on. None is what the model learned from.
    """

    length: int = LENGTH
    window: int | None = None

    help: ClassVar[dict[str, str]] = {
        "length": "How many characters of text. [500]",
        "window": "Characters seen before each; 0: all. [as learned]",
    }
    limits: ClassVar[dict[str, dict[str, Any]]] = {
        "length": {"low": 1, "whole": True},
        "window": {"low": 0, "high": 65_536, "whole": True},
    }

    def seen(self, bundle: Bundle) -> int:
        """The window, where nothing is asked for that of the training; 0 for none."""
        if self.window is not None:
            return self.window
        learned = bundle.options.get("seq_length")
        windows = bundle.options.get("layout") == "windows"
        return learned if windows and isinstance(learned, int) else 0


def takes(options: type[SamplingOptions]) -> Callable[[Function], Function]:
    """Give a method of `(self, prompt="", **options)` the signature that it has in truth.

    Arguments:
        options: whose options it takes by keyword.
    """

    def sign(function: Function) -> Function:
        own, keyword = inspect.signature(function), inspect.Parameter.KEYWORD_ONLY
        kept = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        keywords = [
            inspect.Parameter(name, keyword, default=getattr(options, name), annotation=hint)
            for name, hint in options.fields().items()
        ]
        function.__signature__ = own.replace(parameters=[*kept, *keywords])  # type: ignore[attr-defined]
        return function

    return sign
