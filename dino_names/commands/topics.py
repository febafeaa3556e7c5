"""What belongs to no command: presets, files, the exit status, completion, the lab."""

from __future__ import annotations

from collections.abc import Callable

FILES = """\
FILES

A list is a text file in UTF-8 with one name a line; blank lines and repeats do not count.

A longer one, beyond 10 million names, is made a folder to train on with dino-names prepare.

A run is a folder, training_checkpoints/<file>-<preset> by default:
  run.json              every choice, the characters, the fingerprint of the list
  history.jsonl         a line for each epoch
  ckpt_<n>.weights.h5   checkpoints, where TensorFlow trained
  model.safetensors     the best so far, ready to use
and what --resume needs. --overwrite begins anew in its place.

A model file is one .safetensors: weights, characters, options of the training, and hashes of
the names of the list; the list itself with train --keep-names only. Opening one from a stranger
is safe: nothing in it is executed, and .h5, .keras and pickles are refused. Whatever stands for
a model, a run or its folder will do as well."""

EXIT_STATUS = """\
EXIT STATUS

    0  done
    1  the work failed: too few names, a full disk, a loss that became infinite
    2  the call or its input was wrong
  130  interrupted (Ctrl-C), everything saved; --resume goes on
  141  the output was closed by who read it
  143  stopped by SIGTERM, everything saved; --resume goes on

Results go to standard output, all else to standard error, one line for what is wrong."""

COMPLETION = """\
COMPLETION

The Tab key completes commands and options once the shell has read this:

  bash   eval "$(_DINO_NAMES_COMPLETE=bash_source dino-names)"     in ~/.bashrc
  zsh    eval "$(_DINO_NAMES_COMPLETE=zsh_source dino-names)"      in ~/.zshrc
  fish   _DINO_NAMES_COMPLETE=fish_source dino-names | source     in ~/.config/fish/config.fish"""

LAB = """\
LAB

Networks written out in NumPy, with their own backward passes, are in dino_names.scratch:

  python -m dino_names.scratch island FILE    the published dinosaur-island run
  python -m dino_names.scratch island FILE --iterations 2001
  python -m dino_names.scratch gru FILE --steps 5000    or rnn, or lstm: losses, samples, gradients

FILE has one name a line. The notebooks 02 and 03 go through them."""

KEYS = """\
KEYS AND SEEDS

--seed 7 gives the same names again on this machine; a larger -n only adds names. On another
processor a last bit may differ, and once in many thousand names a letter with it.

--key user-42 gives one name in arithmetic that is the same everywhere, as long as the model
file is the same. --key-file has a name for each line, no two alike; a line added at the end
changes none of the names before it."""


def presets() -> str:
    """Every preset with what it stands for."""
    from dino_names.config import all_presets

    lines = ["PRESETS", ""]
    for name, config in all_presets().items():
        model, train = config.model, config.train
        layers = f"{model.num_layers} x {model.rnn_units}"
        lines.append(
            f"  {name:<13} {config.data.kind}, {model.cell} {layers}, batches of "
            f"{config.data.batch_size}, {train.epochs} epochs of {train.optimizer}"
        )
    return "\n".join([*lines, "", "train --preset NAME takes one, and every option changes it."])


Topic = tuple[str, Callable[[], str]]
TOPICS: dict[str, Topic] = {
    "presets": ("What --preset may be, and what each stands for.", presets),
    "files": ("Lists, runs and model files.", lambda: FILES),
    "keys": ("What --seed and --key promise.", lambda: KEYS),
    "exit-status": ("What the program says when it ends.", lambda: EXIT_STATUS),
    "completion": ("The Tab key.", lambda: COMPLETION),
    "lab": ("The networks written out in NumPy.", lambda: LAB),
}
