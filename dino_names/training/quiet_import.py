"""TensorFlow imported quietly.

Its start-up messages come from C++ and pass by Python's `sys.stderr`, so the descriptor itself is
pointed elsewhere meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from dino_names.errors import MissingExtraError


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send what C++ libraries write to standard error nowhere while the block runs."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextlib.contextmanager
def left_out(package: str) -> Iterator[None]:
    """Make a package that is not imported yet look missing while the block runs."""
    missing = package not in sys.modules
    if missing:
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if missing:
            del sys.modules[package]


def import_tensorflow() -> None:
    """Import TensorFlow and Keras on it without a word.

    Raises:
        MissingExtraError: one of them is not installed, or Keras runs on something else.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        # Keras takes Matplotlib along where there is one, for a fifth of the time it all takes,
        # and only draws galleries of pictures with it.
        with quiet_stderr(), left_out("matplotlib"):
            import keras
            import tensorflow
        # It warns of functions traced anew, which is what several trainings in a row need.
        tensorflow.get_logger().setLevel("ERROR")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"training: expected TensorFlow and Keras, but {error.name} is not installed; "
            "run: pip install 'dino-names[train]'"
        ) from error
    if keras.backend.backend() != "tensorflow":
        raise MissingExtraError(
            "training: expected Keras on TensorFlow, but it was imported before with the "
            f"backend {keras.backend.backend()!r}; set KERAS_BACKEND=tensorflow and start again."
        )
