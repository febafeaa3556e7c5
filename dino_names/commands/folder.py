"""What `dino-names generate` does with --out: a folder of names, made on a Dask cluster."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import Any

import click

from dino_names.cluster import write_names
from dino_names.errors import InterruptedRunError, OptionError
from dino_names.generation import NameModel
from dino_names.storage import show

# What a folder of names has no use for.
OTHERS = ("likeliest", "key_file", "listed")


def write_folder(
    model: NameModel, prompt: str, out: str, *, as_json: bool, as_csv: bool, **options: Any
) -> None:
    """Fill a folder with names, and say on standard error how far that is.

    Arguments:
        model: of names.
        prompt: how they begin.
        out: the folder.
        as_json, as_csv: refused.
        options: those of `write_names`.

    Raises:
        InterruptedRunError: Ctrl-C; what is done is kept.
    """
    if as_json or as_csv or any(name in options for name in OTHERS):
        raise OptionError(
            "--out: expected none of --json, --csv, --likeliest, --key-file and --list with a "
            "folder of names, received one; leave it out, or --out."
        )
    if "n" not in options:
        raise OptionError("--out: expected -n with it, received none; say how many names.")
    try:
        with contextlib.closing(Bar()) as bar:
            count = write_names(model, out, prompt=prompt, told=bar, **options)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"stopped; what is done is kept in {show(out)}: the same command goes on.",
            signal_number=signal.SIGINT,
        ) from None
    click.echo(f"{count:,} names in {show(out)}", err=True)


class Bar:
    """A bar for each kind of task on a terminal, a line for each elsewhere."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, doing: str, done: int, of: int) -> None:
        """Show that so many tasks are done."""
        if not sys.stderr.isatty():
            if done == of:
                click.echo(f"{doing}: {done} of {of} parts", err=True)
            return
        if done == 0:
            self.close()
            self._bar = click.progressbar(length=of, label=f"{doing:8}", file=sys.stderr)
            self._bar.render_progress()
        else:
            self._bar.update(1)

    def close(self) -> None:
        """End the bar's line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None
