"""The page around program and model: works from disk, asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
import html
from pathlib import Path

from dino_names.errors import OptionError
from dino_names.modelfile import SHIPPED_BASE, Bundle
from dino_names.storage import FilePath, write_atomically

FOLDER = Path(__file__).parent
PROGRAM, STYLE = "program.js", "style.css"
TITLES = {"names": "Invented names", "text": "Invented text"}
CELLS = ("gru", "lstm", "rnn")
# Nothing may be loaded or sent; of scripts and styles, those alone whose hashes are named.
POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; worker-src blob:; "
    "base-uri 'none'; form-action 'none'"
)
DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main><h1>{title}</h1><p>This page needs JavaScript.</p></main>
<script id="model" type="application/octet-stream">{model}</script>
{base}<script id="program">{program}</script>
</body>
</html>
"""
BASE = '<script id="base" type="application/octet-stream">{base}</script>\n'


class Page:
    """A page that makes names, or text, with a model, in any browser.

    Without the training list, where the file keeps it: names of it are left out by their hashes.

    Arguments:
        bundle: of names, of one list or several, or of running text.
        title: of the page; `Invented names` by default, or `Invented text`.
        learn: whether the page can learn a list of its reader's: it then holds the base, too.

    Raises:
        OptionError: a model that the page does not know.
    """

    def __init__(self, bundle: Bundle, *, title: str | None = None, learn: bool = False) -> None:
        sizes = bundle.architecture
        if sizes.cell not in CELLS or sizes.networks != 1:
            raise OptionError(
                "model: expected one with one recurrent network, received one with "
                f"{sizes.networks} of cell {sizes.cell!r}; a page has no other."
            )
        style, program = _read(STYLE), _read(PROGRAM)
        self.html = DOCUMENT.format(
            policy=POLICY.format(script=_hash(program), style=_hash(style)),
            title=html.escape(title or TITLES[bundle.kind]),
            style=style,
            model=_encode(bundle.changed(kept_names=())),
            base=BASE.format(base=_encode(learning_base())) if learn else "",
            program=program,
        )

    def write(self, path: FilePath) -> int:
        """Write it, whole or not at all, and give its bytes.

        Raises:
            StorageError: the disk refused it.
        """
        content = self.html.encode()
        write_atomically(path, content)
        return len(content)

    def _repr_html_(self) -> str:
        """As a notebook shows it: a page within the page, which can do nothing to that."""
        inside = html.escape(self.html, quote=True)
        return (
            f'<iframe srcdoc="{inside}" sandbox="allow-scripts allow-downloads allow-modals" '
            'title="Invented names" width="100%" height="760" style="border: 0"></iframe>'
        )

    def __repr__(self) -> str:
        return f"A page of {len(self.html) / 1e6:.1f} MB; show it in a notebook, or write(path) it."


def learning_base() -> Bundle:
    """The base that ships, in eight bits and without what tells which names it has read."""
    return Bundle.read(SHIPPED_BASE).changed(precision="int8", corpus_filter=None)


def _encode(bundle: Bundle) -> str:
    return base64.b64encode(bundle.to_bytes()).decode()


def _read(name: str) -> str:
    # As it stands: a hash is of every byte.
    return (FOLDER / name).read_bytes().decode("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
