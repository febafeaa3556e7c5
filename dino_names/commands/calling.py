"""What every command does alike: help by topic, examples, and help with what was mistyped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import click

CLOSE = 0.6


class TopicOption(click.Option):
    """An option that `--help` leaves to `--help-all`.

    Arguments:
        topic: the heading under which it stands there; none for one that everybody needs.
    """

    def __init__(self, *args: Any, topic: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic


class Command(click.Command):
    """A command with examples, whose mistakes are answered with what was meant.

    Arguments:
        examples: lines that work.
    """

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        if any(getattr(param, "topic", "") for param in self.params):
            self.params.append(
                click.Option(
                    ["--help-all"],
                    is_flag=True,
                    is_eager=True,
                    expose_value=False,
                    callback=_show_all,
                    help="Show this message with every option, and leave.",
                )
            )

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Refuse an option that is given twice, and say what an unknown one may have been."""
        given = list(args)
        try:
            _, _, order = self.make_parser(context).parse_args(list(args))
            rest = super().parse_args(context, args)
        except click.NoSuchOption as error:
            raise click.UsageError(self._unknown(error.option_name), context) from None
        except click.UsageError as error:
            if error.message.startswith("Got unexpected extra argument"):
                raise click.UsageError(self._too_many(given), context) from None
            raise
        for param, times in Counter(order).items():
            once = isinstance(param, click.Option) and not (param.multiple or param.count)
            if once and times > 1:
                name = max(param.opts, key=len)
                raise click.UsageError(
                    f"{name}: expected it once, received it {times} times.", context
                )
        return rest

    def _unknown(self, name: str) -> str:
        names = [opt for param in self.params for opt in (*param.opts, *param.secondary_opts)]
        names = [opt for opt in names if opt.startswith("--")] + ["--help"]
        likely = _closest(name, names, 2)
        meant = f" Did you mean {' or '.join(likely)}?" if likely else ""
        return f"{name}: expected an option of this command, received an unknown one.{meant}"

    def _too_many(self, given: list[str]) -> str:
        plain = [arg for arg in given if not arg.startswith("-")]
        return (
            f"expected fewer arguments, received {', '.join(map(repr, plain))}; put quotes around "
            "one with blanks in it."
        )

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The options that everybody needs; those of a topic where all are asked for."""
        show_all = context.meta.get("all", False)
        topics: dict[str, list[tuple[str, str]]] = {"": []}
        for param in self.get_params(context):
            record = param.get_help_record(context)
            if record is not None and isinstance(param, click.Option):
                topics.setdefault(getattr(param, "topic", ""), []).append(record)
        for topic, records in topics.items():
            if not topic or show_all:
                with formatter.section(topic or "Options"):
                    formatter.write_dl(records)

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}$ {example}\n")


def with_examples(name: str, *examples: str) -> Callable[[Callable[..., Any]], click.Command]:
    """`click.command` with examples.

    Arguments:
        name: of the command.
        examples: without the program's name and the command's.
    """
    lines = tuple(f"dino-names {name} {example}".rstrip() for example in examples)
    return click.command(name, cls=Command, examples=lines)


def closest_command(name: str, known: list[str]) -> str:
    """What an unknown command may have been, in a sentence."""
    likely = _closest(name.lower(), known, 1)
    if likely:
        return f"Did you mean dino-names {likely[0]}?"
    return f"For names that begin so: dino-names generate {name}."


def _closest(name: str, known: list[str], most: int) -> list[str]:
    from difflib import get_close_matches  # whoever makes no mistake does without it

    return get_close_matches(name, known, n=most, cutoff=CLOSE)


def _show_all(context: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.meta["all"] = True
        click.echo(context.get_help())
        context.exit()
