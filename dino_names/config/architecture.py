"""What a network consists of: the name and shape of every tensor, from a few integers.

Training, the model file and the NumPy engine all take their shapes from here, so a file
whose tensors differ from its architecture cannot be read by any of them.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from dino_names.checks import check_choice, check_range
from dino_names.record import Record

Cell = Literal["gru", "lstm", "rnn", "gpt"]
Encoder = Literal["embedding", "tanh", "onehot"]
Shapes = dict[str, tuple[int, ...]]

GATES: dict[str, int] = {"gru": 3, "lstm": 4, "rnn": 1}

MAX_VOCAB_SIZE = 65_536
MAX_UNITS = 8_192
MAX_LAYERS = 16
MAX_CONTEXT = 8_192
# At 4 bytes each, what a model file of 256 MiB holds beside the rest.
MAX_PARAMETERS = 60_000_000
# What a gpt keeps of each name or text, keys and values: at 8 bytes each, 16 MiB.
MAX_KEPT = 1 << 21
HEAD_SIZE = 32
MAX_NETWORKS = 16


class Architecture(Record):
    """The sizes of a network, or of several alike whose probabilities are averaged.

    Arguments:
        vocab_size: characters, the boundary included.
        cell: the recurrent cell; or `gpt`, blocks of causal attention (Radford et al. 2018),
            as wide as `rnn_units`, in heads of 32 where that divides it.
        encoder: `embedding`, a table; `tanh`, a dense layer with tanh on the one-hot
            character, as wide as the state; `onehot`, the character straight into the
            first recurrent layer.
        embedding_dim: width of the table; unused by the other encoders.
        rnn_units: units of each recurrent layer.
        num_layers: recurrent layers, one above the other.
        networks: how many such networks there are.
        context: characters that a gpt sees at once; 0 for the others, which have no such limit.

    Raises:
        OptionError: a size out of its bounds.
    """

    vocab_size: int
    cell: Cell = "gru"
    encoder: Encoder = "embedding"
    embedding_dim: int = 64
    rnn_units: int = 256
    num_layers: int = 1
    networks: int = 1
    context: int = 0

    def check(self) -> None:
        """Refuse sizes out of their bounds."""
        check_range("vocab_size", self.vocab_size, low=1, high=MAX_VOCAB_SIZE, whole=True)
        check_range("embedding_dim", self.embedding_dim, low=1, high=MAX_UNITS, whole=True)
        check_range("rnn_units", self.rnn_units, low=1, high=MAX_UNITS, whole=True)
        check_range("num_layers", self.num_layers, low=1, high=MAX_LAYERS, whole=True)
        check_range("networks", self.networks, low=1, high=MAX_NETWORKS, whole=True)
        check_choice("cell", self.cell, get_args(Cell))
        check_choice("encoder", self.encoder, get_args(Encoder))
        lowest, highest = (1, MAX_CONTEXT) if self.cell == "gpt" else (0, 0)
        check_range("context", self.context, low=lowest, high=highest, whole=True)
        if self.cell == "gpt":
            check_choice("encoder of a gpt", self.encoder, ("embedding",))
            values = self.context * self.rnn_units * self.num_layers * self.networks
            check_range("context * rnn_units * num_layers", values, high=MAX_KEPT, whole=True)
        check_range("parameters", self.parameters(), high=MAX_PARAMETERS, whole=True)

    @property
    def input_dim(self) -> int:
        """Width of what the first recurrent layer reads."""
        widths = {
            "embedding": self.embedding_dim,
            "tanh": self.rnn_units,
            "onehot": self.vocab_size,
        }
        return widths[self.encoder]

    @property
    def heads(self) -> int:
        """How many heads the attention of a gpt has."""
        return 1 if self.rnn_units % HEAD_SIZE else self.rnn_units // HEAD_SIZE

    def _gpt_shapes(self) -> Shapes:
        width, heads = self.rnn_units, self.heads
        shapes: Shapes = {
            "encoder.embedding": (self.vocab_size, width),
            "encoder.positions": (self.context, width),
        }
        for layer in range(self.num_layers):
            block = f"layer{layer}."
            shapes |= {block + "norm0.gamma": (width,), block + "norm0.beta": (width,)}
            for part in ("query", "key", "value"):
                shapes[f"{block}{part}.kernel"] = (width, heads, width // heads)
                shapes[f"{block}{part}.bias"] = (heads, width // heads)
            shapes |= {
                block + "mix.kernel": (heads, width // heads, width),
                block + "mix.bias": (width,),
                block + "norm1.gamma": (width,),
                block + "norm1.beta": (width,),
                block + "expand.kernel": (width, 4 * width),
                block + "expand.bias": (4 * width,),
                block + "shrink.kernel": (4 * width, width),
                block + "shrink.bias": (width,),
            }
        shapes |= {"norm.gamma": (width,), "norm.beta": (width,)}
        shapes["output.kernel"] = (width, self.vocab_size)
        shapes["output.bias"] = (self.vocab_size,)
        return shapes

    def shapes(self) -> Shapes:
        """Every tensor of one network, in the order in which characters pass through it.

        Kernels are stored as Keras stores them: inputs first, gates side by side (GRU: z, r,
        h, with a bias row each for input and state, as `reset_after` has it; LSTM: i, f, c, o).
        """
        if self.cell == "gpt":
            return self._gpt_shapes()
        encoders: dict[str, Shapes] = {
            "embedding": {"encoder.embedding": (self.vocab_size, self.embedding_dim)},
            "tanh": {
                "encoder.kernel": (self.vocab_size, self.rnn_units),
                "encoder.bias": (self.rnn_units,),
            },
            "onehot": {},
        }
        shapes = dict(encoders[self.encoder])
        width = GATES[self.cell] * self.rnn_units
        for layer in range(self.num_layers):
            inputs = self.input_dim if layer == 0 else self.rnn_units
            shapes[f"layer{layer}.kernel"] = (inputs, width)
            shapes[f"layer{layer}.recurrent_kernel"] = (self.rnn_units, width)
            shapes[f"layer{layer}.bias"] = (2, width) if self.cell == "gru" else (width,)
        shapes["output.kernel"] = (self.rnn_units, self.vocab_size)
        shapes["output.bias"] = (self.vocab_size,)
        return shapes

    def to_json(self) -> dict[str, Any]:
        """Its arguments as plain values; `context` where it has one."""
        values = dict(vars(self))
        if self.cell != "gpt":
            del values["context"]
        return values

    def all_shapes(self) -> Shapes:
        """Every tensor of every network, `network0.` and so on before its name."""
        return {
            f"network{network}.{name}": shape
            for network in range(self.networks)
            for name, shape in self.shapes().items()
        }

    def parameters(self) -> int:
        """How many numbers training finds, over all networks."""
        total = 0
        for shape in self.shapes().values():
            size = 1
            for extent in shape:
                size *= extent
            total += size
        return total * self.networks
