"""Files shaped as those by which programs of others have been made to run a stranger's code.

Each would touch a canary, a file that is there only once something of it was executed.
"""

from __future__ import annotations

import base64
import io
import json
import marshal
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Maker = Callable[[Path, Path], Any]


class Touch:
    """Unpickled, it touches a file."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.canary,)


def lambda_layer(canary: Path) -> dict[str, Any]:
    """A Keras layer whose function is marshalled bytecode that touches the canary."""
    source = f"lambda x: (open({str(canary)!r}, 'w').close(), x)[1]"
    code = eval(source).__code__
    packed = base64.b64encode(marshal.dumps(code)).decode()
    function = {"class_name": "__lambda__", "config": {"code": packed, "defaults": None}}
    config = {"name": "sing", "function": {**function, "config": {**function["config"]}}}
    config["function"]["config"]["closure"] = None
    return {"module": "keras.layers", "class_name": "Lambda", "config": config}


def named_function(canary: Path) -> dict[str, Any]:
    """A configuration that names a function of any module, to be imported and called."""
    return {"module": "pathlib", "class_name": "Path.touch", "config": {"self": str(canary)}}


def model_of(layer: dict[str, Any]) -> dict[str, Any]:
    first = {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"batch_shape": [None, 1], "dtype": "float32", "name": "input"},
    }
    config = {"name": "model", "layers": [first, layer], "trainable": True}
    return {"module": "keras", "class_name": "Sequential", "config": config}


def keras_archive(path: Path, config: dict[str, Any]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", hdf5())


def hdf5(**attributes: str) -> bytes:
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_group("layers")
        file.attrs.update(attributes)
    return buffer.getvalue()


def legacy_h5(path: Path, canary: Path) -> None:
    config = json.dumps(model_of(lambda_layer(canary)))
    path.write_bytes(hdf5(keras_version="2.15.0", backend="tensorflow", model_config=config))


def linking_h5(path: Path, canary: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file["layers"] = h5py.ExternalLink(str(canary), "/")


def pytorch_archive(path: Path, canary: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Touch(canary), 2))


def object_array(path: Path, canary: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.array([Touch(canary)], object), allow_pickle=True)


def saved_model(path: Path, canary: Path) -> None:
    """The protocol buffer that a SavedModel begins with, an operation that writes in its graph."""
    node = b"\x0a\x04sing\x12\x09WriteFile" + str(canary).encode()
    graph = b"\x0a" + bytes([len(node)]) + node
    path.write_bytes(b"\x08\x01\x12" + bytes([len(graph)]) + graph)


def saved_model_folder(path: Path, canary: Path) -> None:
    path.mkdir()
    saved_model(path / "saved_model.pb", canary)
    (path / "variables").mkdir()


FOREIGN: dict[str, Maker] = {
    "lambda.keras": lambda path, canary: keras_archive(path, model_of(lambda_layer(canary))),
    "module.keras": lambda path, canary: keras_archive(path, named_function(canary)),
    "lambda.h5": legacy_h5,
    "links.weights.h5": linking_h5,
    "pickle.pkl": lambda path, canary: path.write_bytes(pickle.dumps(Touch(canary))),
    "pickle0.pkl": lambda path, canary: path.write_bytes(pickle.dumps(Touch(canary), 0)),
    "pytorch.pt": pytorch_archive,
    "objects.npy": object_array,
    "saved_model.pb": saved_model,
    "saved_model": saved_model_folder,
}
# The same under a name that promises the right thing.
DISGUISED = "model.safetensors"
