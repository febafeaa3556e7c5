"""The command line: which commands there are, and what becomes of an error.

Each command is a module of `commands`, imported when it is called: `generate` must not wait
for what only `train` needs.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from typing import Any

import click

from dino_names.errors import DinoNamesError, NotEnoughNamesError

COMMANDS = {
    "generate": "Invent names, with a model or with the one that ships.",
    "train": "Train on a list of names or on a text.",
    "prepare": "Make a folder to train on of a list too long for memory.",
    "check": "What a training would understand of some files.",
    "evaluate": "Measure a model on names it has not seen.",
    "score": "How likely a model finds names.",
    "compare": "Train several kinds of network on a text for the same time.",
    "inspect": "What a model file or a run holds.",
    "export": "Write one epoch of a run as a model file.",
    "clean": "Remove the checkpoints of a run that nobody needs.",
    "page": "Write a page that invents names in a browser.",
    "help": "A page for each command, and for presets, files, keys, completion.",
}
PROGRAM = "dino-names"
INTERRUPTED, BROKEN_PIPE = 130, 141


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The commands in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command's module and give its `command`."""
        if name not in COMMANDS:
            return None
        from importlib import import_module

        if name == "train":
            # Before NumPy is imported: products of a few rows are no faster on several threads,
            # which only keep the processors waiting for each other.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        command: click.Command = import_module(f"dino_names.commands.{name}").command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what an unknown command may have been."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from dino_names.commands.calling import closest_command

            message = f"{args[0]}: expected a command, received an unknown one."
            raise click.UsageError(f"{message} {closest_command(args[0], list(COMMANDS))}", context)
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from dino_names._version import __version__

        click.echo(f"{PROGRAM} {__version__}")
        context.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def group() -> None:
    """Learn a list of names, character by character, and invent new ones."""


def run(arguments: list[str]) -> int:
    """Run one command.

    Arguments:
        arguments: what follows the program's name.

    Returns:
        The exit status: 0 done; 1 the work failed; 2 the call or its input was wrong; 130 and
        143 interrupted.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        status: Any = group.main(arguments, PROGRAM, standalone_mode=False)
        if sys.stdout is not None:  # closed by whoever called
            sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except DinoNamesError as error:
        if isinstance(error, NotEnoughNamesError):
            click.echo("".join(f"{name}\n" for name in error.names), nl=False)
        return _complain(str(error), error.exit_status)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else PROGRAM
        return _complain(f"{error.format_message()} Try '{path} --help'.", error.exit_code)
    except click.ClickException as error:
        return _complain(error.format_message(), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except MemoryError:
        return _complain("expected enough memory, received too little; use a smaller model.", 1)
    except BrokenPipeError:
        _forget_output()
        return BROKEN_PIPE
    except OSError as error:
        _forget_output()
        where = error.filename or "standard output"
        return _complain(f"{where}: expected to use it, received: {error.strerror}.", 1)


def _complain(message: str, status: int) -> int:
    # What a file says may stand in a message, and must not speak to the terminal.
    line = re.sub(r"[ \t\r\n]+", " ", message).strip()
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    click.echo(f"{PROGRAM}: {shown}", err=True)
    return status


def _forget_output() -> None:
    """Python would complain once more of what standard output refused when it closes it."""
    with contextlib.suppress(OSError):  # what stands in for it in tests may have no descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
