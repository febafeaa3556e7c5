"""Characters and their ids, both ways; id 0 is the boundary, the newline that ends a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from dino_names.arrays import Array, Int32s
from dino_names.errors import OptionError, PromptError

BOUNDARY = "\n"
BOUNDARY_ID = 0

Ids = Int32s


class Vocabulary:
    r"""The characters a model knows, in the order of their ids.

    Arguments:
        characters: every character once, the boundary (a newline) first.
        tags: ids behind those of the characters, each of which stands in front of the names of one
            list, in place of the boundary.

    Raises:
        OptionError: a character stands there twice, or the boundary is not first.

    Example:
        >>> vocabulary = Vocabulary.of(["Rex", "Ajax"])
        >>> vocabulary.characters
        '\nARaejx'
        >>> vocabulary.decode(vocabulary.encode("Rex"))
        'Rex'
    """

    def __init__(self, characters: str, tags: int = 0) -> None:
        if not characters.startswith(BOUNDARY) or len(set(characters)) != len(characters):
            raise OptionError(
                "vocabulary: expected distinct characters with the newline first, "
                f"received {characters!r}."
            )
        self.characters, self.tags = characters, tags
        self._ids = {character: index for index, character in enumerate(characters)}

    @classmethod
    def of(cls, texts: Iterable[str], *, tags: int = 0) -> Vocabulary:
        """The vocabulary of some names or texts: the boundary, then their characters sorted.

        Arguments:
            texts: the names, or one running text in a list.
            tags: of how many lists they are.
        """
        seen: set[str] = set()
        for text in texts:
            seen.update(text)
        seen.discard(BOUNDARY)
        return cls(BOUNDARY + "".join(sorted(seen)), tags)

    def __len__(self) -> int:
        """How many ids there are."""
        return len(self.characters) + self.tags

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[str, int]:
        return self.characters, self.tags

    def __contains__(self, character: str) -> bool:
        return character in self._ids

    def __repr__(self) -> str:
        return f"Vocabulary({self.characters!r})"

    def encode(self, text: str) -> Ids:
        """The ids of a text, as int32 of shape (time,).

        Raises:
            PromptError: a character is not in the vocabulary; says which are, and whether the
                other case would do.
        """
        try:
            return np.fromiter(map(self._ids.__getitem__, text), np.int32, len(text))
        except KeyError:
            raise PromptError(self._unknown(text)) from None

    def decode(self, ids: Iterable[int]) -> str:
        """The text of some ids."""
        return "".join([self.characters[index] for index in ids])

    def encode_names(self, names: Sequence[str], *, start: bool = True) -> Ids:
        """The ids of a list of names as a matrix padded with the boundary.

        Arguments:
            names: at least one name.
            start: whether a boundary stands before each name too.

        Returns:
            int32 of shape (names, start + longest + 1): each row holds a name and at least
            one boundary after it.

        Raises:
            PromptError: a character is not in the vocabulary.
        """
        lengths = np.array([len(name) for name in names])
        width = int(start) + int(lengths.max()) + 1
        return pad(self.encode("".join(names)), lengths, width=width, start=int(start))

    def _unknown(self, text: str) -> str:
        unknown = sorted({character for character in text if character not in self._ids})
        shown = ", ".join(repr(character) for character in unknown[:5])
        shown += f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        message = (
            f"expected characters that the model knows ({self.known()}), "
            f"received {shown} in {_clip(text)!r}."
        )
        for other in (text.lower(), text.upper(), text.capitalize()):
            if all(character in self._ids for character in other):
                return f"{message} Try {_clip(other)!r}."
        return message

    def known(self) -> str:
        """The characters for a message, in order, the boundary left out."""
        shown = self.characters[1:]
        return shown if len(shown) <= 80 else f"{shown[:80]}... {len(shown)} in all"


def pad(ids: Array, lengths: Array, *, width: int, start: int) -> Array:
    """The ids of some names, one name after another, as a matrix padded with the boundary.

    Arguments:
        ids: of all their characters, (characters,).
        lengths: characters of each, (names,).
        width: of the matrix: the start, the longest name and a boundary.
        start: boundaries before each name.

    Returns:
        Of shape (names, width) and the type of the ids.
    """
    matrix = np.full((len(lengths), width), BOUNDARY_ID, ids.dtype)
    columns = np.arange(width) - start
    # Row by row, the cells that hold a letter are exactly the letters of all names in order.
    matrix[(columns >= 0) & (columns < lengths[:, None])] = ids
    return matrix


def _clip(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "..."
