"""Run the notebooks in full, in place, each from a clean kernel.

`python notebooks/run.py` runs them all, `python notebooks/run.py 02_from_scratch` one. With
DINO_NAMES_NOTEBOOK_FAST=1 training is cut short, to try a change; commit only full runs.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parent
CELL_SECONDS = 3600
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(path: Path, *, folder: Path | None = None, package: Path = PACKAGE) -> Any:
    """A notebook with the outputs of running it now.

    Arguments:
        path: the notebook; it is not written.
        folder: where its relative paths start, by default where it is.
        package: the folder that has `dino_names`.

    Returns:
        The notebook, normalised.

    Raises:
        CellExecutionError: a cell raised.
        RuntimeError: a cell wrote to standard error: a warning, or noise.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # The package of that folder, whichever is installed.
    paths = [str(package), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # it warns that it talks over TCP
        resources={"metadata": {"path": str(folder or path.parent)}},
    )
    client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))})
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise RuntimeError(f"{path.name}: a cell wrote to standard error: {output.text}")
    return normalise(notebook)


def normalise(notebook: Any) -> Any:
    """Take out what differs from run to run or from machine to machine."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number:02d}"
        cell.metadata = nbformat.from_dict({})
        for output in cell.get("outputs", ()):
            # A widget lives in its kernel; its text is what a page can show of it.
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def main() -> int:
    """Run the notebooks named, or all of them."""
    parser = argparse.ArgumentParser(description="Run the notebooks in full, in place.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as 02_from_scratch")
    names = parser.parse_args().names
    paths = [FOLDER / f"{Path(name).stem}.ipynb" for name in names]
    for path in paths or sorted(FOLDER.glob("[0-9]*.ipynb")):
        began = time.monotonic()
        nbformat.write(execute(path), path)
        print(f"{path.name}: {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
