"""How names with some constraints are drawn: plainly where many will do, with a guide otherwise."""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dino_names.arrays import Int32s
from dino_names.engine import Predictor, Sampler, Uniforms
from dino_names.generation.draws import Draws
from dino_names.generation.letter_case import ngram_of
from dino_names.generation.options import OneNameOptions
from dino_names.modelfile import Bundle

if TYPE_CHECKING:
    from dino_names.constraints import Compiled, Guide
    from dino_names.ngram import Ngram

# So many plain draws tell whether that will do: when one in four is as it must be.
TRIED, FIT = 64, 16
TRYING_SEED = 1
# An n-gram is learned from so many names of the network's own where the file holds none.
INVENTED, INVENTED_ORDER = 2_000, 5
MOST_PLANS = 8
# An n-gram is surer of its list than the network is: made more even, it misleads less, by a
# quarter more proposals that are accepted.
EVENNESS = 1.15
# Fewer proposals tell how good a guide is where each takes longer.
SLOW_PILOT = 512


class Plan(NamedTuple):
    """How to draw.

    Arguments:
        draws: gives names, not all of which will do.
        compiled: says which will; None where there are no constraints.
    """

    draws: Draws
    compiled: Compiled | None


class Planner:
    """Plans for the calls of a model, the last of which are kept.

    Arguments:
        bundle: what the model file holds.
        predictor: what steps for it.
        sampler: of which kind to choose with.
    """

    def __init__(
        self, bundle: Bundle, predictor: Predictor, sampler: type[Sampler] = Sampler
    ) -> None:
        self._bundle, self._predictor, self._kind = bundle, predictor, sampler
        self._plans: dict[Hashable, Plan] = {}

    def plan(self, prompt: str, fed: Int32s, options: OneNameOptions) -> Plan:
        """The plan for some names, with the call's own numbers.

        Arguments:
            prompt: how they begin.
            fed: its ids, the boundary before it included where there is one.
            options: what the names must be.

        Raises:
            OptionError: no name can be so.
        """
        sampler = options.sampler(self._bundle, self._kind)
        if not options.constrains and not self._bundle.left_out:
            return Plan(self._plain(prompt, fed, sampler, options, options.uniforms()), None)
        longest = options.longest(self._bundle)
        key = prompt, sampler, options.constraints(), options.min_length, longest
        if key not in self._plans:
            if len(self._plans) == MOST_PLANS:
                del self._plans[next(iter(self._plans))]
            self._plans[key] = self._make(prompt, fed, sampler, options)
        plan = self._plans[key]
        draws = copy(plan.draws)
        draws.uniforms = options.uniforms()
        return plan._replace(draws=draws)

    def _plain(
        self, prompt: str, fed: Int32s, sampler: Sampler, options: OneNameOptions, numbers: Uniforms
    ) -> Draws:
        return Draws(
            predictor=self._predictor,
            prompt=fed,
            sampler=sampler,
            uniforms=numbers,
            shortest=1 - len(prompt),
            longest=options.longest(self._bundle) - len(prompt),
        )

    def _make(self, prompt: str, fed: Int32s, sampler: Sampler, options: OneNameOptions) -> Plan:
        compiled = self.compile(prompt, options)
        plain = self._plain(prompt, fed, sampler, options, Uniforms(TRYING_SEED))
        if self._mostly_fit(plain, prompt, compiled, options.min_length):
            return Plan(plain, compiled)
        from dino_names.generation.guided_draws import GuidedDraws

        guide = self.guide(compiled, prompt, fed, options, sampler.temperature or 1.0)
        about: dict[str, Any] = {
            "guide": guide,
            "compiled": compiled,
            "begun": len(prompt),
            **vars(plain),
        }
        if self._kind is not Sampler:
            about["pilot"] = SLOW_PILOT
        return Plan(GuidedDraws(**about), compiled)

    def compile(self, prompt: str, options: OneNameOptions) -> Compiled:
        """The constraints of a call, made ready.

        Raises:
            OptionError: no name can be so.
        """
        from dino_names.constraints import Compiled, Words  # plain names do without

        parts: list[Any] = options.constraints().parts()
        if self._bundle.left_out:
            parts.append(Words(self._bundle.left_out, "the words that the model leaves out"))
        return Compiled(
            parts,
            self._bundle.vocabulary,
            prompt=prompt,
            shortest=max(1, options.min_length),
            longest=options.longest(self._bundle),
        )

    def guide(
        self,
        compiled: Compiled,
        prompt: str,
        fed: Int32s,
        options: OneNameOptions,
        temperature: float = 1.0,
    ) -> Guide:
        """What foresees which beginnings lead to names as they are asked for.

        Arguments:
            compiled: the constraints.
            prompt, fed: see `plan`.
            options: how long names may be.
            temperature: at which they are drawn.
        """
        from dino_names import exact_math
        from dino_names.constraints import Guide

        ngram = ngram_of(self._predictor)
        if ngram is None:
            plain = self._plain(prompt, fed, self._kind(), options, Uniforms(TRYING_SEED))
            ngram = self._invent(plain, prompt)
        return Guide(
            ngram,
            compiled.automaton,
            shortest=max(1, options.min_length),
            longest=options.longest(self._bundle),
            temperature=temperature * EVENNESS,
            power=np.power if self._kind is Sampler else exact_math.power,
        )

    def _mostly_fit(self, plain: Draws, prompt: str, compiled: Compiled, shortest: int) -> bool:
        """Whether enough of the first plain draws are as they must be."""
        tried, enough = (1, 1) if plain.sampler.temperature == 0 else (TRIED, FIT)
        letters, texts = self._draw(plain, prompt, tried)
        long_enough = np.array([len(text) >= shortest for text in texts])
        fit = (letters[:, -1] == 0) & long_enough & compiled.allows(letters, texts)
        return bool(np.count_nonzero(fit) >= enough)

    def _draw(self, plain: Draws, prompt: str, count: int) -> tuple[Int32s, list[str]]:
        letters = plain.draw(plain.warm_up(), 0, count).letters
        decode = self._bundle.vocabulary.decode
        return letters, [prompt + decode(row[row > 0]) for row in letters]

    def _invent(self, plain: Draws, prompt: str) -> Ngram:
        """The n-gram of names that the network makes."""
        from dino_names.ngram import Ngram

        return Ngram.fit(
            self._draw(plain, prompt, INVENTED)[1],
            self._bundle.vocabulary,
            order=INVENTED_ORDER,
            start_boundary=self._bundle.start_boundary,
        )
