"""Every preset by its name, and a configuration made from one."""

from __future__ import annotations

from typing import Any

from dino_names.checks import check_choice
from dino_names.config.configuration import Config
from dino_names.config.name_presets import NAME_PRESETS
from dino_names.config.text_presets import TEXT_PRESETS


def all_presets() -> dict[str, Config]:
    """Every preset by its name."""
    return {**NAME_PRESETS, **TEXT_PRESETS}


def preset(name: str, **options: Any) -> Config:
    """A named set of choices, with some of them changed.

    Arguments:
        name: `default`, what most people should use; `tutorial`, the published
            dinosaur-name tutorial; `text` and others for running text, see `text_presets`.
        options: any field of the sections.

    Raises:
        OptionError: no such preset or field, or a value out of range.
    """
    presets = all_presets()
    check_choice("preset", name, tuple(presets))
    return presets[name].with_options(**options)


def choose(name: str | None = None, **options: Any) -> Config:
    """A preset, or without its name the one for the kind of data; see `preset`."""
    if name is None:
        kind = options.get("kind")
        name = "text" if isinstance(kind, str) and kind == "text" else "default"
    return preset(name, **options)
