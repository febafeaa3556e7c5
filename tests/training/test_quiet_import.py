"""What importing TensorFlow through the package leaves behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dino_names.training.quiet_import import left_out

pytestmark = pytest.mark.tensorflow


def test_matplotlib_waits_until_it_is_asked_for_and_works_then() -> None:
    code = """
import sys
import dino_names.training
assert "matplotlib" not in sys.modules
import matplotlib.pyplot, keras
keras.layers.Dense(1).build((1, 1))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_was_imported_before_stays() -> None:
    with left_out("sys"):
        assert sys.modules["sys"] is sys
    with left_out("no_such_package"), pytest.raises(ImportError):
        import no_such_package  # noqa: F401
    assert "no_such_package" not in sys.modules
