"""`python -m base.corpus --held-out FILE`: the corpus, from nothing."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from base.corpus import environment
from base.corpus.build import build
from base.corpus.errors import CorpusError
from base.corpus.report import report
from base.corpus.sources import sources

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    """Make the corpus, or say what is in the one that was made; the exit status."""
    parser = argparse.ArgumentParser("python -m base.corpus", description=__doc__)
    parser.add_argument("--held-out", type=Path, metavar="FILE", help="hashes of held-out names")
    parser.add_argument(
        "--build", type=Path, metavar="FOLDER", default=ROOT / "base/build", help="where all is"
    )
    parser.add_argument("--report", action="store_true", help="tables of the corpus that is there")
    options = parser.parse_args(arguments)
    if not options.report and options.held_out is None:
        parser.error("expected --held-out FILE, or --report.")
    try:
        if options.report:
            print(report(options.build / "corpus", sources()))
        elif environment.is_inside(options.build):
            print(build(options.build.resolve(), options.held_out, sources()))
        else:
            return _again_inside(options.build, options.held_out)
    except CorpusError as error:
        print(f"base.corpus: {error}", file=sys.stderr)
        return 1
    return 0


def _again_inside(build_folder: Path, held_out: Path) -> int:
    """Run the same command in the program's own environment."""
    python = environment.make(build_folder)
    command = [str(python.absolute()), "-m", "base.corpus"]
    command += ["--held-out", str(held_out.absolute()), "--build", str(build_folder.absolute())]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
