"""Every choice that training takes, as frozen dataclasses, and the presets that name a set.

A field's metadata says what it means and what it may be; the command line makes one flag of
each field, and `__post_init__` checks each against it, so a choice is described once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from dino_names.config.sections import SECTIONS, DataConfig, ModelConfig, SampleConfig, TrainConfig
from dino_names.errors import OptionError


@dataclass(frozen=True, kw_only=True)
class Config:
    """All of it: what `run.json` keeps and what two runs must share to be one."""

    preset: str = "default"
    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    sample: SampleConfig = field(default_factory=SampleConfig)

    def __post_init__(self) -> None:
        expected = self.data.seq_length if self.model.cell == "gpt" else None
        if self.model.context != expected:
            raise OptionError(
                f"context: expected {expected} for the cell {self.model.cell} and seq_length "
                f"{self.data.seq_length}, received {self.model.context}; leave it out."
            )
        if self.model.cell == "gpt" and self.data.kind == "names":
            raise OptionError("cell: expected gru, lstm or rnn for names, received 'gpt'.")
        if self.model.cell == "gpt" and self.data.stateful:
            raise OptionError("stateful: expected off for a gpt, which has no state, received on.")
        if self.model.cell == "gpt" and self.model.weight_dropout:
            raise OptionError(
                "weight_dropout: expected 0 for a gpt, which has no recurrent kernel, received "
                f"{self.model.weight_dropout:g}; leave it out."
            )

    def with_options(self, **options: Any) -> Config:
        """A copy with some fields changed, each named without its section.

        Raises:
            OptionError: no section has such a field, or its value is out of range.
        """
        sections: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
        for name, value in options.items():
            for section, kind in SECTIONS.items():
                if name in {item.name for item in fields(kind)}:
                    sections[section][name] = value
                    break
            else:
                known = sorted(item.name for kind in SECTIONS.values() for item in fields(kind))
                raise OptionError(
                    f"options: expected some of {', '.join(known)}, received {name!r}."
                )
        changed = {name: replace(getattr(self, name), **sections[name]) for name in SECTIONS}
        if "context" not in options:
            is_gpt = changed["model"].cell == "gpt"
            context = changed["data"].seq_length if is_gpt else None
            changed["model"] = replace(changed["model"], context=context)
        return replace(self, **changed)

    def flat(self) -> dict[str, Any]:
        """Every field of every section, by its name alone."""
        return {
            name: value
            for section in SECTIONS
            for name, value in asdict(getattr(self, section)).items()
        }

    def to_json(self) -> dict[str, Any]:
        """Nested plain values, for `run.json`, see `option` for what may be left out."""
        sections = {name: getattr(self, name) for name in SECTIONS}
        return {"preset": self.preset, **{name: _plain(part) for name, part in sections.items()}}

    @classmethod
    def from_json(cls, values: Any) -> Config:
        """Back from `to_json`, every value checked again.

        Raises:
            OptionError: something is missing, unknown or out of range.
        """
        if not isinstance(values, dict) or set(values) != {"preset", *SECTIONS}:
            raise OptionError(f"configuration: expected preset, {', '.join(SECTIONS)}.")
        parts = {name: _section(kind, values[name]) for name, kind in SECTIONS.items()}
        return cls(preset=str(values["preset"]), **parts)


def _plain(section: Any) -> dict[str, Any]:
    return {
        item.name: getattr(section, item.name)
        for item in fields(section)
        if not item.metadata["later"] or getattr(section, item.name) != item.default
    }


def _section(kind: type[Any], values: Any) -> Any:
    known = {item.name for item in fields(kind)}
    needed = {item.name for item in fields(kind) if not item.metadata["later"]}
    if not isinstance(values, dict) or not needed <= set(values) <= known:
        received = sorted(values) if isinstance(values, dict) else values
        raise OptionError(
            f"configuration: expected {', '.join(sorted(known))}, received {received!r}."
        )
    return kind(**values)
