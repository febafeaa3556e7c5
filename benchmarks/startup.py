"""One name from a cold start, in time and memory, against importing NumPy alone."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

CONTENDERS = {
    "import numpy": [sys.executable, "-c", "import numpy"],
    "dino-names generate Ram": [sys.executable, "-m", "dino_names", "generate", "Ram"],
}


def run(*, quick: bool) -> str:
    """Start each in turn; the first start of each, which compiles, does not count."""
    # Byte code is kept, as where a package is installed.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in CONTENDERS}
    for turn in range(2 if quick else 21):
        for name, command in CONTENDERS.items():
            started = time.perf_counter()
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
            processor = used.ru_utime + used.ru_stime
            if turn:
                wall = time.perf_counter() - started
                found[name].append((wall, processor, used.ru_maxrss / 1024))
    rows = ["| cold start | s | processor s | MB | times the first |", "|---|---|---|---|---|"]
    medians = {
        name: [statistics.median(part) for part in zip(*times, strict=True)]
        for name, times in found.items()
    }
    first = next(iter(medians.values()))[0]
    for name, (wall, processor, memory) in medians.items():
        rows.append(
            f"| {name} | {wall:.3f} | {processor:.3f} | {memory:.0f} | {wall / first:.2f} |"
        )
    return "\n".join(rows) + "\n"
