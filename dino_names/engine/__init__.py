"""What steps in NumPy: networks, several as one, a network with its n-gram; and the draw.

In: tensors and their architecture.
Out: a `Predictor`, which gives logits for the next character, and ids drawn from them.
May use: modelfile and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.engine.assembly import build
    from dino_names.engine.exact import ExactSampler, build_exact
    from dino_names.engine.mixing import Prior, fit_each, fit_weights
    from dino_names.engine.mixture import Mixture, Weights
    from dino_names.engine.predictor import Predictor, log_softmax
    from dino_names.engine.sampling import KeyedUniforms, Sampler, Uniforms

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "assembly": ["build"],
        "exact": ["ExactSampler", "build_exact"],
        "mixing": ["Prior", "fit_each", "fit_weights"],
        "mixture": ["Mixture", "Weights"],
        "predictor": ["Predictor", "log_softmax"],
        "sampling": ["KeyedUniforms", "Sampler", "Uniforms"],
    },
)
