"""Archives are what was tested, or are refused; a corpus out of them, from end to end."""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from base.corpus import archives, build, lists
from base.corpus.__main__ import main
from base.corpus.archives import sha256_of, unpacked
from base.corpus.errors import HeldOutError, SourceError
from base.corpus.lists import NameList
from base.corpus.report import report
from base.corpus.sources import Source, sources
from tests.base.conftest import fold

DICTIONARY = {
    "license": "MIT",
    "index.dic": "99\n" + "\n".join(f"na{chr(97 + i)}/X" for i in range(26)),
}
Hashes = Callable[..., Path]


def archive(folder: Path, name: str = "words-1.0.tgz", files: dict[str, str] = DICTIONARY) -> Path:
    """An archive as npm or pip would fetch it."""
    path = folder / "archives" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".whl"):
        with zipfile.ZipFile(path, "w") as wheel:
            for inner, text in files.items():
                wheel.writestr(inner, text)
        return path
    with tarfile.open(path, "w:gz") as tar:
        for inner, text in files.items():
            info = tarfile.TarInfo(f"package/{inner}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return path


def source(path: Path, **changes: str) -> Source:
    """The row of the table that an archive would have."""
    row = {"key": "words", "index": "npm", "package": "dictionary-xx", "version": "1.0"}
    row |= {"archive": path.name, "sha256": sha256_of(path), "reader": "hunspell"}
    row |= {"names": "words", "licence": "MIT", "licence_file": "license"}
    return Source(**{"attribution": "", **row, **changes})


@pytest.mark.parametrize("name", ["words-1.0.tgz", "words-1.0.whl"])
def test_an_archive_is_unpacked_once_and_anew_when_it_is_another(name: str, tmp_path: Path) -> None:
    first = source(archive(tmp_path, name))
    folder = unpacked(first, tmp_path)
    assert (folder / "license").read_text() == "MIT"
    (folder / "license").write_text("mine")
    assert (unpacked(first, tmp_path) / "license").read_text() == "mine"
    second = source(archive(tmp_path, name, {"license": "BSD", "other": "x"}))
    assert (unpacked(second, tmp_path) / "license").read_text() == "BSD"
    assert not (folder / "index.dic").exists()


def test_another_archive_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    expected = source(archive(tmp_path))
    archive(tmp_path, files={"license": "other"})
    with pytest.raises(SourceError, match=f"expected SHA-256 {expected.sha256}"):
        unpacked(expected, tmp_path)
    assert not (tmp_path / "sources").exists()


def test_an_archive_without_its_licence_is_refused_each_time(tmp_path: Path) -> None:
    row = source(archive(tmp_path), licence_file="LICENCE.txt")
    for _ in range(2):
        with pytest.raises(SourceError, match="expected LICENCE.txt in"):
            unpacked(row, tmp_path)


@pytest.mark.parametrize(
    ("command", "message"),
    [("no-such-program x", "needs the program"), ("false", "failed"), ("true", "received none")],
)
def test_what_cannot_be_fetched_is_one_line(
    command: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = source(archive(tmp_path))
    (tmp_path / "archives" / row.archive).unlink()
    monkeypatch.setitem(archives.FETCH, "npm", command)
    with pytest.raises(SourceError, match=message) as caught:
        unpacked(row, tmp_path)
    assert "\n" not in str(caught.value) and not list((tmp_path / "archives").iterdir())


def test_what_is_fetched_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path)
    row, away = source(path), path.rename(tmp_path / "away.tgz")
    monkeypatch.setitem(archives.FETCH, "npm", f"cp {away} {row.archive}")
    assert (unpacked(row, tmp_path) / "license").exists() and path.exists()


def test_a_corpus_from_end_to_end(
    hashes: Hashes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "unidecode_fold", lambda: fold)
    monkeypatch.setattr(lists, "RARE", 1)
    rows = [source(archive(tmp_path))]
    first = build.build(tmp_path, hashes("nab", "NÁD"), rows)
    listed = tmp_path / "corpus/words-words/xx.txt"
    names = listed.read_text(encoding="utf-8").split()
    assert len(names) == 24 and not {"nab", "nad"} & set(names) and names == sorted(names)
    assert build.build(tmp_path, hashes("nab", "NÁD"), rows) == first
    assert build.build(tmp_path, hashes("nab"), rows) != first
    shown = report(tmp_path / "corpus", rows)
    assert "1 lists, 25 distinct names" in shown and rows[0].sha256 in shown


def test_a_held_out_name_ends_the_work_and_leaves_the_old_corpus(
    hashes: Hashes, tmp_path: Path
) -> None:
    good = NameList("s", "kind", "xx", "latin", ("Ada", "Bea"))
    bad = NameList("s", "kind", "xx", "latin", ("Ada", "Carl Bea"))
    corpus, rows = tmp_path / "corpus", [source(archive(tmp_path))]
    build.publish([good], corpus, rows, hashes("Zoe"), fold)
    with pytest.raises(HeldOutError, match="'Bea' of 'Carl Bea'"):
        build.publish([bad], corpus, rows, hashes("bea"), fold)
    assert (corpus / "s-kind/xx.txt").read_text() == "Ada\nBea\n"


def test_the_command_says_in_one_line_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--report", "--build", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1 and "expected a corpus" in printed.err and not printed.out
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2 and "--held-out FILE" in capsys.readouterr().err


def test_every_row_of_the_table_is_whole() -> None:
    rows = sources()
    assert len({row.key for row in rows}) == len({row.archive for row in rows}) == len(rows) > 20
    for row in rows:
        assert re.fullmatch(r"[0-9a-f]{64}", row.sha256) and row.index in archives.FETCH
        assert (
            row.licence
            and row.licence_file
            and row.names
            and row.version in row.archive.replace("%3a", ":")
        )
        module, _, function = row.reader.partition(":")
        found = __import__(f"base.corpus.readers.{module}", fromlist=["read"])
        assert callable(getattr(found, function or "read"))


def test_no_licence_binds_and_attribution_is_given() -> None:
    for row in sources():
        assert not re.search(r"GPL|-SA|-NC|ODbL|MPL|EUPL", row.licence)
        asks = re.search(r"CC-BY|GODL|Etalab|attribution", row.licence)
        assert not asks or row.attribution


def test_the_index_names_the_sources(hashes: Hashes, tmp_path: Path) -> None:
    rows = [source(archive(tmp_path), attribution="Words from X.")]
    one = NameList("words", "kind", "xx", "latin", ("Ada", "Bea"))
    build.publish([one], tmp_path / "corpus", rows, hashes("Zoe"), fold)
    index = json.loads((tmp_path / "corpus/corpus.json").read_bytes())
    assert index["sources"]["words"]["attribution"] == "Words from X."
    assert "- Words from X." in report(tmp_path / "corpus", rows)
