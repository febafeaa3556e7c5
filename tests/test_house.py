"""The house: rooms use rooms below them, by their faces; modules and functions are short."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

PACKAGE = ROOT / "dino_names"
MODULES = sorted(PACKAGE.rglob("*.py"))
FACES = [path for path in MODULES if path.name == "__init__.py"]
PUBLIC = {
    "dino_names",
    "dino_names.plotting",
    "dino_names.scratch",
    "dino_names.teaching",
    "dino_names.training",
}
LONGEST_MODULE, LONGEST_FUNCTION = 250, 40


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each name that is imported from the package, with the module it comes from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dino_names"):
            yield from ((node.module or "", alias.name) for alias in node.names)


def test_rooms_use_rooms_below_them() -> None:
    # The contracts are in pyproject.toml; imports inside functions count too.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FACES, ids=name_of)
def test_a_face_says_what_its_room_is_for(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    if path.parent in (PACKAGE, PACKAGE / "scratch"):
        assert text
        return
    labels = [line.partition(":")[0] for line in text.splitlines()[2:] if line[:1].isupper()]
    assert labels == ["In", "Out", "May use"]


@pytest.mark.tensorflow
@pytest.mark.parametrize("path", FACES, ids=name_of)
def test_a_face_hands_on_what_it_tells_the_type_checker(path: Path) -> None:
    face, tree = import_module(name_of(path)), ast.parse(path.read_text(encoding="utf-8"))
    told = {
        name: module
        for node in tree.body
        if isinstance(node, ast.If)
        for module, name in imported(node)
    }
    if not told:
        return
    assert {*face.__all__} == {*told} == {*dir(face)}
    for name, module in told.items():
        assert getattr(face, name) is getattr(import_module(module), name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = face.nothing


@pytest.mark.tensorflow
def test_what_is_taken_from_another_room_is_handed_on_by_its_face() -> None:
    rooms = {name_of(path.with_name("__init__.py")) for path in FACES} - {"dino_names"}
    for path in MODULES:
        if path.name == "__init__.py":
            continue
        own = name_of(path).rpartition(".")[0]
        for module, name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            room = module if module in rooms else module.rpartition(".")[0]
            if room in rooms - {own}:
                where = f"{name_of(path)}: from {module} import {name}"
                # A module of the lab is a chapter, and commands are called by name.
                allowed = room == module or room in ("dino_names.scratch", "dino_names.commands")
                assert allowed, f"{where}; take it from {room}"
                assert hasattr(import_module(module), name), where


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            first, last = (body[0].lineno, body[-1].end_lineno or 0) if body else (0, 0)
            assert last - first < LONGEST_FUNCTION, f"{node.name} in {name_of(path)}"


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_import_from_the_public_faces_alone(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            lines = [line for line in cell["source"] if not line.startswith(("%", "!"))]
            for module, name in imported(ast.parse("".join(lines))):
                assert module in PUBLIC, f"from {module} import {name}"


def test_tests_mirror_the_package() -> None:
    rooms = {path.parent.relative_to(PACKAGE) for path in FACES}
    own = {"base", "benchmarks", "data", "helpers", "notebooks", "soak", "trust"}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        folder = path.parent.relative_to(ROOT / "tests")
        assert folder in rooms or folder.parts[0] in own, path
