"""The systems that an evaluation compares: the model as it is used, and its parts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dino_names.corpus import Rows
from dino_names.engine import Mixture, Predictor
from dino_names.evaluation.character_nats import CharacterNats, read
from dino_names.evaluation.held_out_names import EvaluationNames
from dino_names.generation import NameModel
from dino_names.ngram import DEFAULT_ORDER, Ngram


@dataclass(frozen=True, kw_only=True)
class Systems:
    """What can read names.

    Arguments:
        model: as `generate` uses it; where its n-gram has seen the names held out, with one
            that has not.
        network: its network alone, which is the model where it has no n-gram.
        ngram: its n-gram, or one counted from the training list; None without either.
    """

    model: NameModel
    network: Predictor
    ngram: Ngram | None

    @classmethod
    def of(cls, model: NameModel, material: EvaluationNames) -> Systems:
        """The systems that a model file and perhaps its training list give.

        Arguments:
            model: the model.
            material: says what was trained on and whether the names were held out of that.
        """
        predictor = model.predictor
        mixture = predictor if isinstance(predictor, Mixture) else None
        if mixture is not None and not material.split:
            return cls(model=model, network=mixture.network, ngram=mixture.ngram)
        if not material.training:
            return cls(model=model, network=predictor, ngram=None)
        ngram = Ngram.fit(
            tuple(dict.fromkeys(material.training)),
            model.vocabulary,
            order=mixture.ngram.order if mixture else DEFAULT_ORDER,
            # In a mixture it reads what the network reads; alone it is told where a name begins.
            start_boundary=model.bundle.start_boundary if mixture else True,
        )
        if mixture is None:
            return cls(model=model, network=predictor, ngram=ngram)
        mixed = Mixture(mixture.network, ngram, mixture.weights)
        return cls(
            model=NameModel(model.bundle, predictor=mixed), network=mixture.network, ngram=ngram
        )

    def read_all(self, names: Sequence[str] | Rows) -> dict[str, CharacterNats]:
        """What each makes of names: `model`, and `network` and `ngram` where they differ."""
        systems = {"model": self.model.predictor, "network": self.network}
        if self.network is self.model.predictor:
            del systems["network"]
        if self.ngram is not None:
            systems["ngram"] = self.ngram
        told = Rows.of(names).names
        return {label: self.read(each, told, calibrate=True) for label, each in systems.items()}

    def network_nats(self, names: Sequence[str] | Rows) -> float:
        """Nats per character of the network alone."""
        return self.read(self.network, Rows.of(names).names, calibrate=False).nats_per_char

    def read(self, predictor: Predictor, names: Sequence[str], *, calibrate: bool) -> CharacterNats:
        """Let one of them read names, every one of them the same characters.

        A model without a boundary before names does not predict their first letters. Its n-gram
        reads a boundary before them all the same, to know where it is, but is not asked either.
        """
        starts = self.model.bundle.start_boundary
        alone = isinstance(predictor, Ngram)
        return read(
            predictor,
            self.model.vocabulary,
            names,
            start_boundary=starts or alone,
            skip=int(alone and not starts),
            calibrate=calibrate,
        )


def draw_names(
    model: NameModel, *, n: int, temperature: float, seed: int, real: Sequence[str]
) -> list[str]:
    """Names as they come: repeats and names of the training list too, no character left out.

    Arguments:
        model: the model.
        n: how many.
        temperature: of the draw.
        seed: of the draw.
        real: names whose first letters are drawn too, for a model that needs one; may be empty
            otherwise.

    Raises:
        NotEnoughNamesError: too few end, or are names as lists have them.
    """
    bundle = model.bundle

    def generate(prompt: str, count: int, seed: int) -> list[str]:
        return model.generate_many(
            prompt,
            n=count,
            temperature=temperature,
            # Off, whatever the model file says.
            top_k=None if bundle.top_k is None else len(bundle.vocabulary),
            top_p=None if bundle.top_p is None else 1.0,
            unique=False,
            allow_training_names=True,
            seed=seed,
        )

    if bundle.start_boundary:
        return generate("", n, seed)
    rng = np.random.default_rng(seed)
    letters, counts = np.unique([name[0] for name in real], return_counts=True)
    drawn = rng.multinomial(n, counts / counts.sum())
    seeds = rng.integers(2**63, size=len(letters)).tolist()
    found: list[str] = []
    for letter, count, own_seed in zip(letters.tolist(), drawn.tolist(), seeds, strict=True):
        if count:
            found += generate(letter, count, own_seed)
    return [found[place] for place in rng.permutation(n)]
