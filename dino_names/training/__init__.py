"""Everything that makes a model with TensorFlow: the trainer, both loops, what they are made of.

In: a file of names or a text, and choices.
Out: a run; or its parts, for those who build with them.
May use: every room but the ones that show things; and it alone imports TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports
from dino_names.training.quiet_import import import_tensorflow

import_tensorflow()

if TYPE_CHECKING:
    from dino_names.runs.checkpoint_files import list_checkpoints
    from dino_names.training.batches.chunks import Chunks
    from dino_names.training.batches.datasets import names_dataset, text_dataset
    from dino_names.training.batches.name_batches import NameBatches
    from dino_names.training.batches.streams import Streams
    from dino_names.training.comparison import compare
    from dino_names.training.fit import train_fit
    from dino_names.training.keras_generation import generate_text, restore_for_generation
    from dino_names.training.loss import NatsPerCharacter, token_loss
    from dino_names.training.network.layer_states import reset_state
    from dino_names.training.network.model import build_model
    from dino_names.training.network.optimizer import build_optimizer
    from dino_names.training.rival_networks import KINDS, build_rival, train_rival
    from dino_names.training.saving.checkpoints import restore
    from dino_names.training.stock_model import keras_model, save_keras
    from dino_names.training.tape import tape_loop, train_tape
    from dino_names.training.tflite_format import to_tflite
    from dino_names.training.trainer import train

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        ".runs.checkpoint_files": ["list_checkpoints"],
        "batches.chunks": ["Chunks"],
        "batches.datasets": ["names_dataset", "text_dataset"],
        "batches.name_batches": ["NameBatches"],
        "batches.streams": ["Streams"],
        "comparison": ["compare"],
        "fit": ["train_fit"],
        "keras_generation": ["generate_text", "restore_for_generation"],
        "loss": ["NatsPerCharacter", "token_loss"],
        "network.layer_states": ["reset_state"],
        "network.model": ["build_model"],
        "network.optimizer": ["build_optimizer"],
        "rival_networks": ["KINDS", "build_rival", "train_rival"],
        "saving.checkpoints": ["restore"],
        "stock_model": ["keras_model", "save_keras"],
        "tape": ["tape_loop", "train_tape"],
        "tflite_format": ["to_tflite"],
        "trainer": ["train"],
    },
)
