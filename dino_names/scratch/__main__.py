"""Run the lab from the command line: `python -m dino_names.scratch island|rnn|lstm|gru FILE`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dino_names.scratch import island, min_char_rnn
from dino_names.scratch.diagnostics import gradient_norms
from dino_names.scratch.errors import LabError
from dino_names.scratch.network import CELLS
from dino_names.scratch.text_model import SEED, new_model

LENGTH = 25
DISTANCES = (1, 5, 10, 20, 30, 40, 50)


def read_text(path: str) -> str:
    """The text of a file.

    Raises:
        LabError: there is no such file, it cannot be read, or it is not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or error
        raise LabError(f"expected a readable text file, received {path}: {reason}.") from None
    except ValueError:  # bytes that are not UTF-8, or a path with a null character
        raise LabError(f"expected a text file in UTF-8, received {path!r}.") from None


def count(text: str) -> int:
    """A whole number above 0.

    Raises:
        ValueError: it is none.
    """
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(
        prog="python -m dino_names.scratch", description="NumPy networks that show their work."
    )
    commands = top.add_subparsers(dest="command", required=True)
    replica = commands.add_parser("island", help="print the published dinosaur-island run")
    replica.add_argument("file", metavar="FILE", help="one name per line")
    replica.add_argument(
        "--iterations", type=count, default=22_001, help="names to learn from (default 22001)"
    )
    replica.set_defaults(lesson=repeat_island)
    for cell in CELLS:
        lesson = commands.add_parser(
            cell, help=f"train one layer or more of it on any text ({cell})"
        )
        lesson.add_argument("file", metavar="FILE", help="running text, or one name per line")
        for name, default, what in (
            ("steps", 10_000, "sequences of 25 characters to learn from"),
            ("every", 1_000, "steps from one report to the next"),
            ("sample-length", 200, "characters of a sample"),
            ("units", 128, "of each layer"),
            ("layers", 1, "one above the other"),
        ):
            lesson.add_argument(
                f"--{name}", type=count, default=default, help=f"{what} (default {default})"
            )
        lesson.add_argument(
            "--seed", type=int, default=SEED, help=f"of the weights (default {SEED})"
        )
        lesson.add_argument(
            "--learning-rate",
            type=float,
            help="of Adagrad (default 0.1 for one layer, 0.01 for more)",
        )
        lesson.set_defaults(lesson=learn)
    return top


def show(line: object) -> None:
    """Print at once."""
    print(line, flush=True)


def repeat_island(text: str, options: argparse.Namespace) -> None:
    """Print the published run."""
    for report in island.run(text, iterations=options.iterations):
        show(report)


def learn(text: str, options: argparse.Namespace) -> None:
    """Train on a text: losses and samples on the way, and how far back the gradient reaches.

    Raises:
        LabError: the text is too short, or a number cannot be used.
    """
    seed, layers = options.seed, options.layers
    if seed < 0 or (options.learning_rate is not None and not options.learning_rate > 0):
        raise LabError(
            f"expected a seed from 0 and a learning rate above 0, received {seed} and "
            f"{options.learning_rate}."
        )

    def tell(step: int, loss: float, written: str) -> None:
        nats = loss / LENGTH
        show(f"step {step}: loss {nats:.4f} nats, {nats / np.log(2):.4f} bits per character")
        show(f"{written}\n")

    model = new_model(text, cell=options.command, units=options.units, layers=layers, seed=seed)
    min_char_rnn.train(
        model,
        text,
        length=LENGTH,
        steps=options.steps,
        every=options.every,
        sample_length=options.sample_length,
        learning_rate=options.learning_rate or (0.1 if layers == 1 else 0.01),
        report=tell,
    )
    farthest = min(len(text) - 1, DISTANCES[-1])
    last, every = (
        gradient_norms(model, text, distance=farthest, every=way) for way in (False, True)
    )
    show("gradient at the state so many characters back, as a share of that 1 back:")
    show("characters back  of the last loss  of all losses")
    for back in (number for number in DISTANCES if number <= farthest):
        show(f"{back:15}  {last[back] / last[1]:16.2e}  {every[back] / every[1]:13.2e}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        Exit status: 0 done, 1 the output was closed, 2 the file was wrong, 130 interrupted.
    """
    options = parser().parse_args(arguments)
    try:
        options.lesson(read_text(options.file), options)
    except LabError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Python flushes standard output once more on its way out; give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
