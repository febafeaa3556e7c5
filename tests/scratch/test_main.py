import ast
import subprocess
import sys
from pathlib import Path

import pytest

from dino_names import scratch
from dino_names.scratch import island
from dino_names.scratch.__main__ import main


def test_island_prints_the_reports(names_file, capsys):
    assert main(["island", str(names_file), "--iterations", "2001"]) == 0
    expected = list(island.run(names_file.read_text(), iterations=2001))
    assert capsys.readouterr().out == "".join(f"{report}\n" for report in expected)
    assert len(expected) == 2


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_network_is_trained_and_shows_losses_samples_and_gradients(names_file, capsys, cell):
    call = [cell, str(names_file), "--steps", "20", "--every", "10", "--units", "8"]
    assert main([*call, "--sample-length", "30"]) == 0
    out = capsys.readouterr().out
    losses = [float(line.split()[3]) for line in out.splitlines() if line.startswith("step ")]
    assert len(losses) == 3 and losses == sorted(losses, reverse=True)
    before, after = out.partition("step 10:")[0].partition("\n")[2], out.partition("gradient")[2]
    assert len(before) == 32  # the sample and two newlines
    rows = [line.split() for line in after.splitlines()[2:]]
    assert [int(row[0]) for row in rows] == [1, 5, 10, 20, 30, 40, 50]
    assert [float(cell) for cell in rows[0][1:]] == [1.0, 1.0]
    assert float(rows[-1][1]) < float(rows[-1][2])


def test_numbers_that_cannot_be_used_are_one_line(names_file, tmp_path, capsys):
    for option in (["--learning-rate", "-1"], ["--learning-rate", "0"], ["--seed", "-1"]):
        assert main(["rnn", str(names_file), *option]) == 2
        assert "above 0" in capsys.readouterr().err
    short = tmp_path / "short.txt"
    short.write_text("ab\n")
    assert main(["lstm", str(short)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "longer than one sequence" in err


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file"), (b"\xff\xfe\x00", "UTF-8"), (b"", "no name"), (b"\n \n", "no name")],
)
def test_a_bad_file_gives_one_line_and_status_2(tmp_path, capsys, content, reason):
    path = tmp_path / "names.txt"
    if content is not None:
        path.write_bytes(content)
    assert main(["island", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Error: expected") and reason in err
    assert err.count("\n") == 1


def test_a_folder_is_not_a_file(tmp_path, capsys):
    assert main(["island", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["peninsula"], ["island"], ["island", "x", "--it", "0"]])
def test_a_wrong_call_ends_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_the_lab_imports_numpy_and_itself_alone():
    for path in Path(scratch.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {node.module}
                assert node.level == 0, path.name
            else:
                continue
            for name in imported:
                allowed = name.split(".")[0] in {"numpy", *sys.stdlib_module_names}
                assert allowed or name.startswith("dino_names.scratch"), f"{path.name}: {name}"


def test_the_module_runs(names_file):
    call = [sys.executable, "-m", "dino_names.scratch", "island", str(names_file)]
    done = subprocess.run([*call, "--iterations", "1"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("Iteration: 0, Loss: ")
    assert done.stderr == ""


def test_a_reader_that_goes_away_gives_no_traceback(names_file):
    call = [sys.executable, "-m", "dino_names.scratch", "island", str(names_file)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1
