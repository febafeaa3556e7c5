"""Files whole or not at all, and files and JSON that anybody may have made.

In: bytes and paths.
Out: files in their places; bytes and values that were checked.
May use: errors, checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.storage.atomic import (
        check_space,
        remove_leftovers,
        replace_atomically,
        write_atomically,
    )
    from dino_names.storage.paths import FilePath, is_there, reason, show
    from dino_names.storage.untrusted_files import hash_file, hash_text, open_regular, read_regular
    from dino_names.storage.untrusted_json import strict_json

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "atomic": ["check_space", "remove_leftovers", "replace_atomically", "write_atomically"],
        "paths": ["FilePath", "is_there", "reason", "show"],
        "untrusted_files": ["hash_file", "hash_text", "open_regular", "read_regular"],
        "untrusted_json": ["strict_json"],
    },
)
