"""Run a command and say, on the last line, what it took: seconds, processor time, memory.

It runs as a small process of its own that imports next to nothing: the memory of a process
counts from before its program is loaded, and so takes in that of whoever started it.
"""

import json
import os
import sys
import time


def main(command: list[str]) -> int:
    """Run it with this process's output, and print its cost as one line of JSON."""
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    cost = {
        "seconds": time.perf_counter() - started,
        "processor": used.ru_utime + used.ru_stime,
        # In bytes there, in kilobytes elsewhere.
        "megabytes": used.ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10)),
    }
    print("\n" + json.dumps(cost))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
