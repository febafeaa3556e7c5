"""Sliders and a button for a model, in a notebook."""

from __future__ import annotations

import html
from typing import Any

from dino_names.errors import DinoNamesError, MissingExtraError
from dino_names.generation import CategoryModel, NameModel

NAMES = 8
# Constraints that are written, and what one may look like.
EXAMPLES = {"ends": "us", "contains": "x", "without": "saur", "pattern": "[AEIOU]*a?"}


class NameSliders:
    """What names are to be like, how they are drawn, and a button that asks a model for them.

    Arguments:
        model: of names.

    Attributes:
        box: what a notebook shows.
        prompt, ends, contains, without, pattern, lengths, temperature, top_k, top_p: the controls;
            empty texts, top-k 0 and top-p 1 are off.
        first, second, blend: with a model of several lists, two of them and how much of the second,
            0 to 1; without, None.
        button: `button.click()` does what pressing it does.
        names: what it gave last; empty where the model had a reason to give none.
        message: that reason.

    Raises:
        MissingExtraError: ipywidgets is not installed.
    """

    def __init__(self, model: NameModel) -> None:
        try:
            import ipywidgets as widgets
        except ImportError:
            raise MissingExtraError(
                "sliders: expected ipywidgets, but it is not installed; "
                "run: pip install 'dino-names[notebooks]'"
            ) from None
        self.model = model
        self.names: list[str] = []
        self.message = ""
        wide = {"style": {"description_width": "7em"}, "layout": {"width": "30em"}}
        self.prompt = widgets.Text("Ram", description="prompt", **wide)
        self.ends, self.contains, self.without, self.pattern = (
            widgets.Text("", description=name, placeholder=example, **wide)
            for name, example in EXAMPLES.items()
        )
        most = 2 * model.bundle.longest_name
        self.lengths = widgets.IntRangeSlider(
            value=(1, most), min=1, max=most, description="length", **wide
        )
        self.temperature = widgets.FloatSlider(
            0.8, min=0.0, max=2.0, step=0.05, description="temperature", **wide
        )
        self.top_k = widgets.IntSlider(
            0, min=0, max=len(model.vocabulary), description="top-k (0: off)", **wide
        )
        self.top_p = widgets.FloatSlider(
            1.0, min=0.05, max=1.0, step=0.05, description="top-p (1: off)", **wide
        )
        self.button = widgets.Button(description="Invent names", button_style="primary")
        self._shown = widgets.HTML()
        self.button.on_click(self._invent)
        texts = [self.prompt, self.ends, self.contains, self.without, self.pattern]
        numbers = [self.lengths, self.temperature, self.top_k, self.top_p]
        lists = self._choose_lists(widgets, wide)
        self.box = widgets.VBox([*lists, *texts, *numbers, self.button, self._shown])

    def _choose_lists(self, widgets: Any, wide: dict[str, Any]) -> list[Any]:
        """The controls of a model of several lists."""
        self.first: Any = None
        self.second: Any = None
        self.blend: Any = None
        if not isinstance(self.model, CategoryModel) or len(self.model.labels) < 2:
            return []
        self.prompt.value = ""
        self.first, self.second = (
            widgets.Dropdown(options=self.model.labels, value=label, description=text, **wide)
            for label, text in zip(self.model.labels, ("from", "to"), strict=False)
        )
        self.blend = widgets.FloatSlider(
            0.0, min=0.0, max=1.0, step=0.05, description="how far", **wide
        )
        return [self.first, self.second, self.blend]

    def _asked(self) -> dict[str, Any]:
        """What the controls ask of the names; those that are off are left out."""
        shortest, longest = self.lengths.value
        asked: dict[str, Any] = {name: getattr(self, name).value for name in EXAMPLES}
        if self.blend is not None:
            far, ends = self.blend.value, (self.first.value, self.second.value)
            asked["category"] = f"{ends[0]}={1 - far},{ends[1]}={far}"
        if longest < self.lengths.max:
            asked["max_length"] = longest
        return {**{name: value for name, value in asked.items() if value}, "min_length": shortest}

    def _invent(self, _button: Any = None) -> None:
        try:
            self.names = self.model.generate_many(
                self.prompt.value,
                n=NAMES,
                **self._asked(),
                temperature=self.temperature.value,
                top_k=self.top_k.value or None,
                top_p=self.top_p.value if self.top_p.value < 1 else None,
                unique=False,
                allow_training_names=True,
            )
            self.message = ""
        except DinoNamesError as error:
            self.names, self.message = [], str(error)
        lines = self.names or [self.message]
        self._shown.value = "<br>".join(html.escape(line) for line in lines)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        # What a page shows that has no kernel behind it.
        return {**self.box._repr_mimebundle_(**options), "text/plain": "(sliders: run this cell)"}
