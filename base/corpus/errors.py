"""What can go wrong, as one tree; the command line catches its root and nothing else.

::

    CorpusError          exit status 1
    ├── SourceError      an archive that cannot be had, or is not the one that was tested
    └── HeldOutError     a name that must not be there, or a file of hashes that holds none
"""

from __future__ import annotations


class CorpusError(Exception):
    """The root; every message is one line."""


class SourceError(CorpusError):
    """An archive that cannot be had, or that is not the one that was tested."""


class HeldOutError(CorpusError):
    """A held-out name in the corpus, or a file of hashes that cannot be read as one."""
