"""What steps for a model file: its network, or several, or those and an n-gram."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dino_names.config import Architecture
from dino_names.engine.network import Network, Tensors
from dino_names.engine.predictor import Predictor


def build(
    architecture: Architecture, tensors: Tensors, partner: Mapping[str, Any] | None = None
) -> Predictor:
    """What steps for a model file: its network, or several, or those and an n-gram.

    Arguments:
        architecture: the sizes.
        tensors: under the names of `Architecture.all_shapes`, and those of the partner.
        partner: the section of the n-gram beside the networks, if there is one.

    Raises:
        OptionError: the tensors are not those of the architecture.
        ModelFileError: the partner is not one.
    """
    networks: list[Predictor] = []
    make: Callable[[Architecture, Tensors], Predictor] = Network
    if architecture.cell == "gpt":
        from dino_names.engine.gpt import Gpt  # the others do without it

        make = Gpt
    for number in range(architecture.networks):
        prefix = f"network{number}."
        names = [name for name in tensors if name.startswith(prefix)]
        own = {name.removeprefix(prefix): tensors[name] for name in names}
        networks.append(make(architecture, own))
    predictor = networks[0]
    if len(networks) > 1:
        from dino_names.engine.ensemble import Ensemble

        predictor = Ensemble(networks)
    if partner is None:
        return predictor
    from dino_names.engine.mixture import Mixture  # only a model that has a partner pays for it

    return Mixture.from_bundle(predictor, partner, tensors)
