"""What a call that makes names may be asked for: each option once.

The command line makes its flags of these, and the signatures that `help` shows are theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from dino_names.checks import brief, check_choice, check_range
from dino_names.engine import Uniforms
from dino_names.errors import OptionError
from dino_names.generation.sampling_options import SamplingOptions
from dino_names.modelfile import MAX_NAME, Bundle

if TYPE_CHECKING:
    from dino_names.constraints import Constraints

MAX_NAMES = 10_000_000
MAX_CAST = 10_000
NOVEL = ("list", "strict")
CONSTRAINTS = (
    *("ends", "contains", "without", "pattern", "letters", "not_letters"),
    "max_length",
)


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
        category: which list they are of, or a blend: `elves=0.5,dwarves=0.5`; by default each comes
            as often as in the data.
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
    category: str | None = None
    key: str | None = None

    help: ClassVar[dict[str, str]] = {
        "ends": "How it ends.",
        "contains": "What is in it; may be given again.",
        "without": "A word that is nowhere in it; may be given again.",
        "pattern": "? is any letter, * any number, [aeiou] one of these.",
        "letters": "The only letters that it may have.",
        "not_letters": "Letters that it may not have.",
        "category": "Names of one list; or a blend: elves=0.5,dwarves=0.5. [all]",
        "exact_case": "Prompt and all of these as they are written.",
        "min_length": "No shorter name. [0]",
        "max_length": "No longer name. [twice the longest learned]",
        "novel": "No name of the list; strict: none that the base has read. [strict after a base]",
        "allow_training_names": "Names of the list too.",
        "key": "The same key gives the same name on every machine.",
    }
    choices: ClassVar[dict[str, tuple[str, ...]]] = {"novel": NOVEL}
    limits: ClassVar[dict[str, dict[str, Any]]] = {
        "min_length": {"low": 0, "high": MAX_NAME, "whole": True},
        "max_length": {"low": 1, "high": MAX_NAME, "whole": True},
    }

    def check(self) -> None:
        """Refuse lengths out of their range, and what contradicts itself."""
        if self.novel is not None:
            check_choice("novel", self.novel, NOVEL)
        if self.allow_training_names and self.novel == "strict":
            raise OptionError(
                "novel and allow_training_names: expected one of them, received strict and true; "
                "leave one out."
            )
        super().check()
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
        "n": "How many names, more with --out. [1]",
        "distinct": "Edits between any two at least.",
        "distinct_starts": "No two with the same first letter.",
        "apart": "Edits from each name of the list at least.",
    }
    limits: ClassVar[dict[str, dict[str, Any]]] = {
        "n": {"low": 1, "high": MAX_NAMES, "whole": True},
        "distinct": {"low": 1, "high": MAX_NAME, "whole": True},
        "apart": {"low": 1, "high": MAX_NAME, "whole": True},
    }

    def check(self) -> None:
        """Refuse a cast that is too large or has repeats too."""
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
