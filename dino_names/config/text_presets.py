"""The presets for running text: the published systems of this family, and `text` for people.

What a publication leaves open is chosen here, and said.
"""

from __future__ import annotations

from dataclasses import replace

from dino_names.config.configuration import Config
from dino_names.config.sections import PLAIN, DataConfig, ModelConfig, SampleConfig, TrainConfig

# Shuffled chunks of 128, one after the other, into one GRU; a report and a sample every 100 steps.
CHAR_RNN = Config(
    preset="char-rnn",
    data=DataConfig(
        kind="text",
        layout="chunks",
        seq_length=128,
        batch_size=128,
        drop_remainder=True,
        valid_fraction=0.05,
    ),
    model=ModelConfig(embedding_dim=256, rnn_units=256, dropout=0.1, ngram_order=None),
    train=replace(
        PLAIN,
        epochs=5,
        optimizer="adam",
        learning_rate=2e-3,
        clip_norm=1.0,
        log_every=100,
        sample_every=100,
        sample_length=400,
    ),
    sample=SampleConfig(temperature=0.9, top_k=40, top_p=0.9),
)

# The same network in as many epochs of eight times the steps: chunks overlap, the rate falls. Every
# 8 characters at a constant rate the held-out loss turns after two epochs.
CHAR_RNN_TUNED = replace(
    CHAR_RNN,
    preset="char-rnn-tuned",
    data=replace(CHAR_RNN.data, step=16),
    train=replace(
        CHAR_RNN.train, schedule="cosine", log_every=None, sample_every=None, sample_length=300
    ),
)

# Streams into two GRU layers behind a tanh layer. The L2 of 0.1 is published without its scale:
# here it is divided by the characters of an epoch, as the logarithm of a Gaussian prior is.
GRU_ENCODE = Config(
    preset="gru-encode",
    data=DataConfig(
        kind="text", layout="streams", seq_length=50, batch_size=16, valid_fraction=0.1
    ),
    model=ModelConfig(encoder="tanh", rnn_units=128, num_layers=2, ngram_order=None),
    train=replace(
        PLAIN, epochs=20, optimizer="rmsprop", learning_rate=1e-3, rho=0.95, l2=0.1, clip_value=5.0
    ),
)

GRU_RESIZE = Config(
    preset="gru-resize",
    data=GRU_ENCODE.data,
    model=ModelConfig(encoder="onehot", rnn_units=128, num_layers=2, ngram_order=None),
    train=GRU_ENCODE.train,
)

# Windows of 40 characters every 3, the next character alone to be predicted. The
# learning rate is open: after two epochs of sonnets 3e-3 comes to 2.22 nats, 1e-3 to 2.71.
SONNETS = Config(
    preset="sonnets",
    data=DataConfig(
        kind="text",
        layout="windows",
        seq_length=40,
        step=3,
        batch_size=128,
        valid_fraction=0.1,
    ),
    model=ModelConfig(
        cell="lstm", encoder="onehot", rnn_units=128, num_layers=2, dropout=0.2, ngram_order=None
    ),
    train=replace(PLAIN, epochs=15, optimizer="adam", learning_rate=3e-3),
)

# One stream of 25 characters at a time into a plain RNN.
MIN_CHAR_RNN = Config(
    preset="min-char-rnn",
    data=DataConfig(kind="text", layout="streams", seq_length=25, batch_size=1, valid_fraction=0.0),
    model=ModelConfig(cell="rnn", encoder="onehot", rnn_units=128, ngram_order=None),
    train=replace(PLAIN, epochs=10, optimizer="adagrad", learning_rate=0.1, clip_value=5.0),
)

# More epochs than these only learn a million characters by heart.
TEXT = Config(
    preset="text",
    data=DataConfig(
        kind="text", layout="streams", seq_length=128, batch_size=64, valid_fraction=0.1
    ),
    model=ModelConfig(embedding_dim=64, rnn_units=512, num_layers=2, dropout=0.4, ngram_order=None),
    train=TrainConfig(
        epochs=12,
        optimizer="adamw",
        learning_rate=4e-3,
        weight_decay=0.05,
        average=0.99,
        clip_norm=1.0,
    ),
    sample=SampleConfig(temperature=0.8),
)

TEXT_PRESETS: dict[str, Config] = {
    config.preset: config
    for config in (TEXT, CHAR_RNN, CHAR_RNN_TUNED, GRU_ENCODE, GRU_RESIZE, SONNETS, MIN_CHAR_RNN)
}
