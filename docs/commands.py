"""The reference page of the command line, made from its own help."""

from __future__ import annotations

from pathlib import Path

from dino_names.commands.help import page_of
from dino_names.commands.main import COMMANDS, PROGRAM
from dino_names.commands.topics import TOPICS

PAGE = Path(__file__).with_name("commands.md")


def page() -> str:
    """The whole page, in Markdown."""
    lines = ["# Commands", "", f"Made by `python -m docs` from `{PROGRAM} help TOPIC`.", ""]
    for name, about in COMMANDS.items():
        lines += [f"## {PROGRAM} {name}", "", about, "", "```text", page_of(name), "```", ""]
    for name, (about, text) in TOPICS.items():
        lines += [f"## {PROGRAM} help {name}", "", about, "", "```text", text(), "```", ""]
    return "\n".join(lines)
