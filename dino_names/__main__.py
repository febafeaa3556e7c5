"""`dino-names` and `python -m dino_names`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    try:
        from dino_names.commands.main import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # while what every command needs is imported
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
