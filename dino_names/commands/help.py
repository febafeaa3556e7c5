"""`dino-names help`: a page for each command and for what belongs to none."""

from __future__ import annotations

import click

from dino_names.commands.calling import with_examples
from dino_names.commands.main import COMMANDS, PROGRAM
from dino_names.commands.topics import TOPICS
from dino_names.errors import OptionError


@with_examples(
    "help",
    "generate",
    "presets",
)
@click.argument("topic", required=False)
def command(topic: str | None) -> None:
    """Show the page of TOPIC: a command with all its options, or one of the topics."""
    if topic is None:
        click.echo(_contents())
    elif topic in TOPICS:
        click.echo_via_pager(f"{TOPICS[topic][1]()}\n")
    elif topic in COMMANDS:
        click.echo_via_pager(f"{page_of(topic, None)}\n")
    else:
        known = ", ".join([*COMMANDS, *TOPICS])
        raise OptionError(f"TOPIC: expected one of {known}, received {topic!r}.")


def page_of(name: str, width: int | None = 80) -> str:
    """The help of a command with every option.

    Arguments:
        name: of the command.
        width: columns of the terminal; None for that which there is.
    """
    from dino_names.commands.main import group

    parent = click.Context(group, info_name=PROGRAM, **group.context_settings)
    found = group.get_command(parent, name)
    assert found is not None
    inner = click.Context(found, info_name=name, parent=parent, terminal_width=width)
    inner.meta["all"] = True
    return found.get_help(inner)


def _contents() -> str:
    rows = {**COMMANDS, **{name: about for name, (about, _) in TOPICS.items()}}
    width = max(map(len, rows))
    lines = [f"  {name:<{width}}  {about}" for name, about in rows.items()]
    return "\n".join([f"Pages of `{PROGRAM} help TOPIC`:", "", *lines])
