"""What a call that generates may be asked for: each option once, for names and for texts.

The command line makes its flags of these, and the signatures that `help` shows are theirs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from dino_names.checks import brief, check_choice, check_range
from dino_names.engine import Sampler, Uniforms
from dino_names.errors import OptionError
from dino_names.modelfile import MAX_NAME, Bundle
from dino_names.record import Record

if TYPE_CHECKING:
    from dino_names.constraints import Constraints

MAX_NAMES = 10_000_000
MAX_CAST = 10_000
LENGTH = 500
NOVEL = ("list", "strict")
CONSTRAINTS = (
    *("ends", "contains", "without", "pattern", "letters", "not_letters"),
    "max_length",
)
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

    help: ClassVar[dict[str, str]] = {
        "temperature": "0 is greedy, 1 as learned. [the model's]",
        "top_k": "Choose among the K likeliest characters.",
        "top_p": "Choose among the likeliest that make up P.",
        "seed": "The same seed gives the same names.",
    }

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


class OneNameOptions(SamplingOptions):
    """Which name.

    Arguments:
        ends, contains, without, pattern, letters, not_letters: what it must be like, see
            `constraints.Constraints`; no name is cut, or has anything put on, to be so.
        min_length, max_length: characters, the prompt counted. By default up to twice the longest
            training name.
        exact_case: take the prompt and the constraints as they are written, and names with
            capitals wherever the network puts them; otherwise all follow the list.
        novel: `list` leaves out names of the training list; `strict` those that the base has read
            too, of which some are found by chance, 1 in 100. By default strict where training
            started from the base: what that knows by heart is no invention either.
        allow_training_names: whether to keep names of the training list.
        key: gives the same name wherever the model file is the same, on every processor; in place
            of a seed, and slower.
    """

    ends: str | None = None
    contains: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    pattern: str | None = None
    letters: str | None = None
    not_letters: str | None = None
    min_length: int = 0
    max_length: int | None = None
    exact_case: bool = False
    novel: str | None = None
    allow_training_names: bool = False
    key: str | None = None

    help: ClassVar[dict[str, str]] = {
        "ends": "How it ends.",
        "contains": "What is in it; may be given again.",
        "without": "A word that is nowhere in it; may be given again.",
        "pattern": "? is any letter, * any number, [aeiou] one of these.",
        "letters": "The only letters that it may have.",
        "not_letters": "Letters that it may not have.",
        "exact_case": "Prompt and all of these as they are written.",
        "min_length": "No shorter name. [0]",
        "max_length": "No longer name. [twice the longest learned]",
        "novel": "No name of the list; strict: none that the base has read. [strict after a base]",
        "allow_training_names": "Names of the list too.",
        "key": "The same key gives the same name on every machine.",
    }
    choices: ClassVar[dict[str, tuple[str, ...]]] = {"novel": NOVEL}

    def check(self) -> None:
        """Refuse lengths out of their range, and what contradicts itself."""
        if self.novel is not None:
            check_choice("novel", self.novel, NOVEL)
        if self.allow_training_names and self.novel == "strict":
            raise OptionError(
                "novel and allow_training_names: expected one of them, received strict and true; "
                "leave one out."
            )
        check_range("min_length", self.min_length, low=0, high=MAX_NAME, whole=True)
        if self.max_length is not None:
            low = max(1, self.min_length)
            check_range("max_length", self.max_length, low=low, high=MAX_NAME, whole=True)
        if self.constrains:
            self.constraints()
        if self.key is not None and self.seed is not None:
            raise OptionError(
                f"key and seed: expected one of them, received {brief(self.key)} and "
                f"{self.seed}; leave one out."
            )

    def uniforms(self) -> Uniforms:
        """The numbers that decide, those of the key if there is one."""
        if self.key is None:
            return super().uniforms()
        from dino_names.generation.keys import seed_of

        return Uniforms(seed_of(self.key))

    @property
    def constrains(self) -> bool:
        """Whether anything is asked of the names but how they begin."""
        unasked = (None, (), False)
        return self.min_length > 1 or any(getattr(self, n) not in unasked for n in CONSTRAINTS)

    def constraints(self) -> Constraints:
        """What is asked of the names, but for their lengths."""
        from dino_names.constraints import Constraints  # plain names do without

        return Constraints(**{name: getattr(self, name) for name in Constraints.fields()})

    def leaves_out_read(self, bundle: Bundle) -> bool:
        """Whether names that the base has read are left out."""
        started = bundle.origin is not None and bundle.origin.get("base") == "names"
        asked = self.novel or ("strict" if started else "list")
        return asked == "strict" and not self.allow_training_names

    def longest(self, bundle: Bundle) -> int:
        """How long a name may be."""
        if self.max_length is not None:
            return self.max_length
        return min(MAX_NAME, max(2 * bundle.longest_name, self.min_length))


class NameOptions(OneNameOptions):
    """Which names, and how many.

    Arguments:
        n: how many.
        unique: whether to leave out repeats.
        distinct: edits between any two of them at least; they then depend on `n`.
        distinct_starts: whether no two begin with the same letter.
        apart: edits from each name of the training list at least, which the model file must hold.
    """

    n: int = 1
    unique: bool = True
    distinct: int | None = None
    distinct_starts: bool = False
    apart: int | None = None

    help: ClassVar[dict[str, str]] = {
        "n": "How many names. [1]",
        "distinct": "Edits between any two at least.",
        "distinct_starts": "No two with the same first letter.",
        "apart": "Edits from each name of the list at least.",
    }

    def check(self) -> None:
        """Refuse a number of names out of its range too."""
        check_range("n", self.n, low=1, high=MAX_NAMES, whole=True)
        for name in ("distinct", "apart"):
            if getattr(self, name) is not None:
                check_range(name, getattr(self, name), low=1, high=MAX_NAME, whole=True)
        if self.is_cast:
            check_range("n with distinct", self.n, low=1, high=MAX_CAST, whole=True)
            if not self.unique:
                raise OptionError(
                    "unique: expected true with distinct, received false; leave one of them out."
                )
        super().check()

    @property
    def is_cast(self) -> bool:
        """Whether the names must be apart from each other or from the list."""
        return bool(self.distinct or self.distinct_starts or self.apart)


class TextOptions(SamplingOptions):
    """How much text.

    Arguments:
        length: characters, the prompt not counted.
    """

    length: int = LENGTH

    help: ClassVar[dict[str, str]] = {"length": "How many characters of text. [500]"}

    def check(self) -> None:
        """Refuse a length out of its range."""
        check_range("length", self.length, low=1, whole=True)


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
