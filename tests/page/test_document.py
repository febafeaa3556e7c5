"""The page around a model: what it allows, what it holds, what it refuses."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

import dino_names
from dino_names.config.architecture import Architecture
from dino_names.corpus.vocabulary import Vocabulary
from dino_names.errors import OptionError
from dino_names.generation.name_model import NameModel
from dino_names.generation.text_model import TextModel
from dino_names.modelfile import Bundle
from dino_names.page import Page
from tests.helpers.command_line import call, refused
from tests.helpers.tiny_bundle import tiny_bundle, weights


def parts(page: str) -> dict[str, str]:
    found = re.search(
        r'content="(default-src.*?)">.*<title>(.*?)</title>\n<style>(.*?)</style>.*'
        r'<script id="model"[^>]*>(.*?)</script>\n<script id="program">(.*?)</script>',
        page,
        re.S,
    )
    assert found
    names = ("policy", "title", "style", "model", "program")
    return dict(zip(names, found.groups(), strict=True))


def sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_but_its_own_program_and_style_may_run_and_nothing_be_loaded() -> None:
    page = parts(Page(tiny_bundle()).html)
    policy = dict(rule.split(" ", 1) for rule in page["policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'{sha256(page['program'])}'",
        "style-src": f"'{sha256(page['style'])}'",
        "worker-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "http" not in page["style"] and "//" not in page["style"]
    assert not re.search(r"\bfetch\b|XMLHttpRequest|WebSocket|sendBeacon|\beval\b", page["program"])
    assert not re.search(r"innerHTML|outerHTML|document\.write|insertAdjacent", page["program"])


def test_the_model_is_whole_but_for_the_list_and_the_title_is_text(tmp_path: Path) -> None:
    kept = tiny_bundle(kept_names=("ab", "ba"))
    html = Page(kept, title="<img src=x onerror=alert(1)> & co").html
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; co</title>" in html and "<img" not in html
    path = tmp_path / "model.safetensors"
    path.write_bytes(base64.b64decode(parts(html)["model"]))
    inside = Bundle.read(path)
    assert inside.to_bytes() == kept.changed(kept_names=()).to_bytes() and not inside.kept_names


def test_the_shipped_model_makes_a_page_of_at_most_two_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "names.html"
    assert dino_names.load().to_page(path) == path.stat().st_size < 2_000_000
    assert parts(path.read_text(encoding="utf-8"))["title"] == "Invented names"


def test_in_a_notebook_it_is_a_page_within_the_page() -> None:
    model = NameModel(tiny_bundle())
    shown = model.show(title="Ab")
    html = shown._repr_html_()
    assert html.startswith("<iframe") and "allow-same-origin" not in html
    assert "<script" not in html and "&lt;script" in html
    assert repr(shown).startswith("A page of 0.")


def test_what_the_page_does_not_know_is_refused() -> None:
    vocabulary = Vocabulary("\nab")
    gpt = Architecture(vocab_size=3, cell="gpt", rnn_units=4, context=8)
    several = Architecture(vocab_size=3, rnn_units=2, embedding_dim=2, networks=2)
    others = [tiny_bundle(architecture=several, tensors=weights(several))]
    assert len(vocabulary) == gpt.vocab_size
    for bundle in others:
        with pytest.raises(OptionError, match="expected one with one recurrent network"):
            Page(bundle)


def test_a_text_has_a_page_of_its_own_name() -> None:
    text = tiny_bundle(kind="text", longest_name=0, training_names=None)
    assert "<title>Invented text</title>" in TextModel(text).show().html


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tiny_bundle().write(tmp_path / "tiny.safetensors")
    output = tmp_path / "tiny.html"
    call_ = ["page", tmp_path / "tiny.safetensors", "-o", output, "--title", "Ab & Ba"]
    status, out, err = call(capsys, *call_)
    assert (status, out) == (0, f"{output}\n") and "open it in a browser" in err
    assert "<title>Ab &amp; Ba</title>" in output.read_text(encoding="utf-8")
    assert "ends in .html" in refused(capsys, "page", "-o", "names.txt")
    assert "single list" in refused(
        capsys, "page", tmp_path / "tiny.safetensors", "-o", output, "--category", "x"
    )
