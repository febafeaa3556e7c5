"""A model of running text that is ready to use: more text, and how likely it finds a text."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import numpy as np

from dino_names.arrays import Floats, Int32s
from dino_names.checks import check_range
from dino_names.corpus import BOUNDARY
from dino_names.engine import Predictor, Sampler, Uniforms, build
from dino_names.errors import OptionError
from dino_names.generation.paging import Paged
from dino_names.generation.sampling_options import TextOptions, takes
from dino_names.generation.text_scoring import score_text
from dino_names.modelfile import Bundle, read_as

# Draws made ready at once; how many does not change them.
DRAWS = 256


class TextModel(Paged):
    """A model of running text.

    Arguments:
        bundle: what a model file holds.
        predictor: steps in place of the network of the bundle.

    Raises:
        OptionError: it is a model of names.

    Example:
        >>> model = TextModel.read("plays.safetensors")  # doctest: +SKIP
        >>> model.generate_text("To be", length=20, seed=1)  # doctest: +SKIP
        'To be a man of the world.'
    """

    def __init__(self, bundle: Bundle, *, predictor: Predictor | None = None) -> None:
        if bundle.kind != "text":
            raise OptionError(
                f"model: expected one of running text, received one of {bundle.kind}; "
                "name a model that was trained with --kind text."
            )
        self.bundle = bundle
        self.vocabulary = bundle.vocabulary
        self.predictor: Predictor = predictor or build(bundle.architecture, bundle.tensors)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> TextModel:
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

    @takes(TextOptions)
    def generate_text(self, prompt: str = "", **options: Any) -> str:
        """The prompt and `length` characters after it; see `stream_text`."""
        return _normal(prompt) + "".join(self.stream_text(prompt, **options))

    @takes(TextOptions)
    def stream_text(self, prompt: str = "", **options: Any) -> Iterator[str]:
        """Characters one by one, as they are made. The same seed gives the same text.

        Arguments:
            prompt: what they go on from; without one they begin as a line does.
            options: those of `TextOptions`: `length` (500, the prompt not counted),
                `temperature`, `top_k` and `top_p` (the model's), `window` (characters seen before
                each, 0 for all; as it was trained), `seed` (None, another text each time).

        Returns:
            An iterator over `length` characters; a greater length only adds some.

        Raises:
            PromptError: the prompt has characters that the model does not know.
            OptionError: a number out of its range.
        """
        asked = TextOptions(**options)
        sampler, uniforms = asked.sampler(self.bundle), asked.uniforms()
        ids = self.vocabulary.encode(_normal(prompt) or BOUNDARY)
        # Not a generator itself, so that what is wrong is said before the first character.
        return self._draw(ids, asked.length, sampler, uniforms, asked.seen(self.bundle))

    @takes(TextOptions)
    def generate_texts(self, prompts: Sequence[str], **options: Any) -> list[str]:
        """Each prompt and what follows it, the same draws for each; see `stream_text`."""
        if options.get("seed") is None:
            options["seed"] = int.from_bytes(os.urandom(8), "little")
        several = [prompts] if isinstance(prompts, str) else prompts
        return [self.generate_text(prompt, **options) for prompt in several]

    def _draw(
        self, ids: Int32s, length: int, sampler: Sampler, uniforms: Uniforms, window: int
    ) -> Iterator[str]:
        position = np.zeros(1, np.uint64)
        logits, state = self._read(ids[-window:])
        for step in range(length):
            if step % DRAWS == 0:
                block = uniforms.block(position, step, DRAWS)
            chosen = sampler.choose(logits, block[:, step % DRAWS])
            yield self.vocabulary.characters[chosen[0]]
            if step + 1 < length and window:
                ids = np.append(ids, chosen)[-window:].astype(np.int32)
                logits, _ = self._read(ids)
            elif step + 1 < length:
                logits = self.predictor.step(chosen, state)

    def _read(self, ids: Int32s) -> tuple[Floats, Any]:
        """What may follow some characters, read from a state of zeros, and the state then."""
        state = self.predictor.initial_state(1)
        for given in ids:
            logits = self.predictor.step(np.array([given]), state)
        return logits, state

    def nats(self, text: str) -> tuple[float, int]:
        """How likely the model finds a text, read from its start with the state carried on.

        Arguments:
            text: at least two characters; the first is given, the others are predicted.

        Returns:
            Minus the logarithm of its probability, and how many characters were predicted.

        Raises:
            PromptError: it has characters that the model does not know.
            OptionError: it is too short.
            DinoNamesError: the model gives NaN or inf.
        """
        ids = self.vocabulary.encode(_normal(text))
        check_range("characters of the text", len(ids), low=2, whole=True)
        return score_text(self.predictor, ids), len(ids) - 1

    def describe(self) -> dict[str, Any]:
        """What the model is, as plain values."""
        return {
            **self.bundle.metadata(),
            "parameters": self.bundle.architecture.parameters(),
        }

    def generate(self, prompt: str = "", **options: Any) -> NoReturn:
        """Refuse: a text has no names in it."""
        raise self._no_names()

    def generate_many(self, prompt: str = "", **options: Any) -> NoReturn:
        """Refuse: a text has no names in it."""
        raise self._no_names()

    def sample(self, prompt: str = "", **options: Any) -> NoReturn:
        """Refuse: a text has no names in it."""
        raise self._no_names()

    def score(self, name: str) -> NoReturn:
        """Refuse: a text has no names in it."""
        raise self._no_names("evaluate its text (dino-names evaluate MODEL --text FILE)")

    def score_many(self, names: Any) -> NoReturn:
        """Refuse: a text has no names in it."""
        raise self._no_names("evaluate its text (dino-names evaluate MODEL --text FILE)")

    def _no_names(
        self, instead: str = "use generate_text (dino-names generate --length N)"
    ) -> OptionError:
        return OptionError(
            f"model: expected one of names, received one of running text; {instead}, or name a "
            "model trained with --kind names."
        )


def _normal(text: str) -> str:
    """A text as files of text are read: NFC, newlines LF."""
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")
