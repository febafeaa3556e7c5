"""Run folders as anybody may read and resume them, without TensorFlow.

In: a folder that anybody may have made.
Out: its configuration, history, checkpoints by epoch, exact state, lock.
May use: generation and all below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dino_names.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from dino_names.runs.bookmark import Bookmark
    from dino_names.runs.checkpoint_files import (
        find_checkpoint,
        list_checkpoints,
        read_manifest,
        remove_checkpoints,
        thin_checkpoints,
        write_manifest,
    )
    from dino_names.runs.disk_space import check_room
    from dino_names.runs.exact_state import Groups, check_finite, has_state, load_state, save_state
    from dino_names.runs.history import best_epoch, write_history
    from dino_names.runs.lock import check_place, copy_run, locked
    from dino_names.runs.model_file import describe_names, make_bundle, mixing_section
    from dino_names.runs.resuming import CHANGEABLE, check_unfinished, read_resumable
    from dino_names.runs.run import (
        MODEL_FILE,
        RUN_FILE,
        Run,
        begun_data,
        run_folder,
        write_run_file,
    )
    from dino_names.runs.workers import is_passing, this_worker

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "bookmark": ["Bookmark"],
        "checkpoint_files": [
            "find_checkpoint",
            "list_checkpoints",
            "read_manifest",
            "remove_checkpoints",
            "thin_checkpoints",
            "write_manifest",
        ],
        "disk_space": ["check_room"],
        "exact_state": ["Groups", "check_finite", "has_state", "load_state", "save_state"],
        "history": ["best_epoch", "write_history"],
        "lock": ["check_place", "copy_run", "locked"],
        "model_file": ["describe_names", "make_bundle", "mixing_section"],
        "resuming": ["CHANGEABLE", "check_unfinished", "read_resumable"],
        "run": ["MODEL_FILE", "RUN_FILE", "Run", "begun_data", "run_folder", "write_run_file"],
        "workers": ["is_passing", "this_worker"],
    },
)
