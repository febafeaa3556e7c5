"""`dino-names` and `python -m dino_names`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    arguments = sys.argv[1:]
    try:
        if not _said_plainly(arguments):
            from dino_names.commands.main import run

            sys.exit(run(arguments))
    except KeyboardInterrupt:  # while what every command needs is imported
        sys.exit(130)


def _said_plainly(arguments: list[str]) -> bool:
    """Answer `generate` and `generate PROMPT`, without a command line's library to understand them.

    That would take a third of the time. Whatever goes wrong here is left to `run` to say, which
    does the same again.

    Returns:
        Whether the name was printed.
    """
    if arguments[:1] != ["generate"] or len(arguments) > 2 or arguments[-1].startswith("-"):
        return False
    from dino_names.api import generate
    from dino_names.errors import DinoNamesError

    try:
        name = generate(*arguments[1:])
        sys.stdout.buffer.write(f"{name}\n".encode())
        sys.stdout.flush()
    except (DinoNamesError, OSError, ValueError, AttributeError, MemoryError):
        return False
    return True


if __name__ == "__main__":
    main()
