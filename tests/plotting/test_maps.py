"""Maps of letters and of lists."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib
import numpy as np
import pytest

from dino_names.errors import OptionError
from dino_names.plotting import plot_map

matplotlib.use("agg")
# Three places on a line and one beside it, in a space of five dimensions.
VECTORS = np.array([[0.0, 0, 0], [1, 0, 0], [4, 0, 0], [1, 1, 0]]) @ np.eye(3, 5) + 7


@pytest.fixture(autouse=True)
def close() -> Iterator[None]:
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def test_places_lie_as_far_apart_as_their_vectors() -> None:
    ax = plot_map(VECTORS, ["a", "b", "c", "d"], groups=["x", "x", "y", "y"])
    places = np.concatenate([np.asarray(part.get_offsets()) for part in ax.collections])
    apart = [np.linalg.norm(each[:, None] - each, axis=2) for each in (places, VECTORS)]
    np.testing.assert_allclose(apart[0], apart[1], atol=1e-9)
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c", "d"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["x", "y"]
    shares = [int(axis.get_label_text().split()[0]) for axis in (ax.xaxis, ax.yaxis)]
    assert sum(shares) == 100 and shares[0] > shares[1]


def test_without_groups_all_are_alike_and_white_space_is_shown() -> None:
    ax = plot_map(VECTORS, ["a", "b", "\n", "d"])
    assert len(ax.collections) == 1 and ax.get_legend() is None
    assert "\n" not in [text.get_text() for text in ax.texts]


@pytest.mark.parametrize(
    ("vectors", "labels", "groups"),
    [
        (VECTORS[:2], ["a", "b"], None),
        (VECTORS, ["a"], None),
        (VECTORS, ["a", "b", "c", "d"], ["x"]),
    ],
)
def test_what_is_missing_is_said(
    vectors: np.ndarray, labels: list[str], groups: list[str] | None
) -> None:
    with pytest.raises(OptionError, match="picture: expected"):
        plot_map(vectors, labels, groups=groups)
