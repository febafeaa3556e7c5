"""The sections of a configuration: data, model, training, sampling, every option once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from dino_names.checks import SAMPLING_LIMITS, brief
from dino_names.config.architecture import Architecture, Cell, Encoder
from dino_names.config.options import check_options, option
from dino_names.errors import OptionError

Kind = Literal["names", "text"]
Layout = Literal["names", "chunks", "streams", "windows"]
Loop = Literal["fit", "tape"]
Optimizer = Literal["adam", "adamw", "rmsprop", "adagrad", "sgd"]
Tuner = Literal["auto", "numpy", "keras"]
Schedule = Literal["constant", "cosine"]
Precision = Literal["auto", "float32", "bfloat16"]


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """How a list or a text becomes batches."""

    kind: Kind = option("names", "one name per line, or one running text")
    layout: Layout = option(
        "names",
        "how a text becomes sequences: shuffled chunks, streams whose state is carried on, or "
        "windows with one character to predict each",
    )
    seq_length: int = option(128, "characters in a sequence of a text", low=1, high=65_536)
    step: int | None = option(
        None, "characters from one chunk or window to the next; none: seq_length", low=1
    )
    start_boundary: bool = option(True, "a boundary before each name too, for empty prompts")
    mask_padding: bool = option(True, "leave padding out of the loss")
    batch_size: int = option(64, "names or sequences in a batch", low=1, high=65_536)
    drop_remainder: bool = option(False, "leave out a last, smaller batch")
    length_buckets: bool = option(True, "put names of like length in one batch")
    valid_fraction: float = option(0.1, "share of names or text held out", low=0.0, below=1.0)
    keep_repeats: bool = option(
        False, "a name that comes again in the list comes again in training", later=True
    )
    stateful: bool = option(
        False, "begin a batch with the state that the one before it left, as streams do", later=True
    )

    def __post_init__(self) -> None:
        check_options(self)
        if (self.kind == "names") != (self.layout == "names"):
            raise OptionError(
                f"layout: expected names for a list of names and another for a text, received "
                f"{self.layout!r} for the kind {self.kind!r}; choose a preset of that kind."
            )
        if self.stateful and not self.drop_remainder:
            raise OptionError(
                "drop_remainder: expected on with stateful, received off; a state is kept for "
                "batches of one size."
            )

    @property
    def carried(self) -> bool:
        """Whether the network's state is kept from batch to batch."""
        return self.stateful or self.layout == "streams"


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The network, but for the size of the vocabulary, which the data decides."""

    cell: Cell = option("gru", "the recurrent cell")
    encoder: Encoder = option("embedding", "what a character becomes before the first cell")
    embedding_dim: int = option(64, "width of the embedding", low=1, high=8_192)
    rnn_units: int = option(256, "units of a recurrent layer", low=1, high=8_192)
    context: int | None = option(
        None, "characters that a gpt sees at once: always seq_length", low=1, high=8_192
    )
    num_layers: int = option(1, "recurrent layers", low=1, high=16)
    ngram_order: int | None = option(
        6, "order of the n-gram beside the network; none: no n-gram", low=1, high=16
    )
    embedding_stddev: float | None = option(
        1.0, "start of the embedding: normal with this deviation; none: Keras's +-0.05", above=0.0
    )
    embedding_dropout: float = option(0.0, "dropout on the embedding", low=0.0, below=1.0)
    weight_dropout: float = option(0.0, "dropout on recurrent kernels", low=0.0, below=1.0)
    dropout: float = option(0.0, "dropout above each recurrent layer", low=0.0, below=1.0)

    def __post_init__(self) -> None:
        check_options(self)

    def architecture(self, vocab_size: int) -> Architecture:
        """The shapes of the network for a vocabulary of this size."""
        return Architecture(
            vocab_size=vocab_size,
            cell=self.cell,
            encoder=self.encoder,
            embedding_dim=self.embedding_dim,
            rnn_units=self.rnn_units,
            num_layers=self.num_layers,
            context=self.context or 0,
        )


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """How the weights are found."""

    base: str = option(
        "none", "what to start from: names (the base that ships), none, or a model", later=True
    )
    tuner: Tuner = option("auto", "what tunes the base: numpy, or keras for long lists", later=True)
    loop: Loop = option("fit", "Keras's model.fit, or a GradientTape loop")
    epochs: int = option(
        40, "times through the list or the text; 0: as it begins", low=0, high=1_000_000
    )
    seed: int = option(0, "seed of weights, order, dropout and split", low=0, high=2**31 - 1)
    optimizer: Optimizer = option("adamw", "the optimizer")
    learning_rate: float = option(3e-3, "highest learning rate", above=0.0, high=100.0)
    schedule: Schedule = option("cosine", "course of the learning rate")
    warmup: float = option(0.05, "share of the steps spent rising to it", low=0.0, high=1.0)
    weight_decay: float = option(0.01, "weight decay of adamw", low=0.0, high=10.0)
    rho: float = option(0.9, "decay of rmsprop's mean square", low=0.0, below=1.0)
    l2: float = option(
        0.0, "times the squared weights over an epoch's characters, in the loss", low=0.0
    )
    clip_norm: float | None = option(1.0, "clip gradients by their global norm", above=0.0)
    clip_value: float | None = option(None, "clip each gradient to +- this", above=0.0)
    average: float | None = option(0.99, "decay of the weight average", above=0.0, below=1.0)
    patience: int | None = option(None, "epochs without progress before stopping", low=1)
    precision: Precision = option("auto", "of the matrix products in training")
    checkpoint_every: int | None = option(
        None, "epochs between checkpoints; none: 1 for fit, 5 for tape", low=1
    )
    keep_every: int | None = option(
        None,
        "keep checkpoints of every so many epochs, the best and the last two; none: all",
        low=1,
        later=True,
    )
    rounds: float | None = option(
        None, "epochs, or a part of one, to train now; --resume goes on", above=0.0
    )
    log_every: int | None = option(None, "report the loss every so many batches", low=1)
    sample_every: int | None = option(None, "show a sample every so many batches", low=1)
    sample_length: int = option(
        300, "characters of such a sample of a text", low=1, high=100_000, later=True
    )
    distribute: bool = option(
        False,
        "on all GPUs here, and with the workers that TF_CONFIG names: the same command on each",
        later=True,
    )
    save_batches: int | None = option(None, "save for resuming every so many batches", low=1)
    save_seconds: float | None = option(60.0, "save for resuming every so many seconds", above=0)

    def __post_init__(self) -> None:
        check_options(self)
        if self.clip_norm is not None and self.clip_value is not None:
            raise OptionError(
                "clip_norm and clip_value: expected one of them, received "
                f"{brief(self.clip_norm)} and {brief(self.clip_value)}; set the other to none."
            )

    def between_checkpoints(self) -> int:
        """How many epochs there are from one checkpoint to the next."""
        return self.checkpoint_every or (1 if self.loop == "fit" else 5)


@dataclass(frozen=True, kw_only=True)
class SampleConfig:
    """What the model file generates with where nothing else is asked for."""

    temperature: float = option(
        1.0, "divides the logits; 0 is greedy", **SAMPLING_LIMITS["temperature"]
    )
    top_k: int | None = option(None, "the K likeliest characters alone", **SAMPLING_LIMITS["top_k"])
    top_p: float | None = option(None, "the likeliest that make up P", **SAMPLING_LIMITS["top_p"])
    without: tuple[str, ...] = option(
        (), "words that the model is never to say, inside a word neither", later=True
    )
    keep_names: bool = option(
        False,
        "keep the list itself in the model file, for --apart; whoever has the file has the list",
        later=True,
    )

    def __post_init__(self) -> None:
        check_options(self)


SECTIONS: dict[str, type[Any]] = {
    "data": DataConfig,
    "model": ModelConfig,
    "train": TrainConfig,
    "sample": SampleConfig,
}
# An optimizer alone, as the publications have it: what our own presets add is left out.
PLAIN = TrainConfig(schedule="constant", warmup=0.0, weight_decay=0.0, clip_norm=None, average=None)
