"""The lab: recurrent networks in NumPy, with their own backward passes, for reading.

It needs no other part of the package. In the order of reading:

==================  =================================================================
`rnn`               the plain RNN: forward, backward through time, clip, sample, train
`island`            the published dinosaur-island run, digit for digit
`gradcheck`         is a backward pass right? compare it with the slope of the loss
`cell`              what recurrent layers have in common
`rnn_cell`          the plain RNN as a layer
`lstm`              the long short-term memory
`gru`               the gated recurrent unit
`network`           layers above one another, a readout, the loss
`text_model`        a network with its characters; sampling with a temperature
`min_char_rnn`      the training loop on running text, for any of the three cells
`diagnostics`       what units respond to, how far back a gradient reaches
`exercises`         four that check themselves, on published numbers
==================  =================================================================

`python -m dino_names.scratch island FILE` prints the published run; `rnn`, `lstm` or `gru` in place
of `island` trains such a network on any text.
"""

from dino_names.scratch import gru, island, lstm, rnn
from dino_names.scratch.diagnostics import (
    distance_to_fraction,
    gradient_norms,
    hidden_activations,
    responses,
)
from dino_names.scratch.errors import LabError
from dino_names.scratch.exercises import (
    Verdict,
    check_clip,
    check_example,
    check_model,
    check_optimize,
    check_sample,
)
from dino_names.scratch.gradcheck import GradientError, check_gradients
from dino_names.scratch.min_char_rnn import train
from dino_names.scratch.network import cross_entropy
from dino_names.scratch.text_model import TextModel, new_model

__all__ = [
    "GradientError",
    "LabError",
    "TextModel",
    "Verdict",
    "check_clip",
    "check_example",
    "check_gradients",
    "check_model",
    "check_optimize",
    "check_sample",
    "cross_entropy",
    "distance_to_fraction",
    "gradient_norms",
    "gru",
    "hidden_activations",
    "island",
    "lstm",
    "new_model",
    "responses",
    "rnn",
    "train",
]
