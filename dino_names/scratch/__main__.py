"""Run the lab from the command line: `python -m dino_names.scratch island FILE`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dino_names.scratch import island
from dino_names.scratch.errors import LabError


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
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        Exit status: 0 done, 1 the output was closed, 2 the file was wrong, 130 interrupted.
    """
    options = parser().parse_args(arguments)
    try:
        for report in island.run(read_text(options.file), iterations=options.iterations):
            print(report, flush=True)
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
