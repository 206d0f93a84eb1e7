"""What people feel at a shell: `bofbot --help` and `--version` against a bare `python -c pass`, whole processes in turn.

    python benchmarks/startup.py [--pairs 40]

The target is a ratio of at most 2.5 (best of all pairs: the machine's noise only ever adds).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=40)
    pairs = options.parse_args().pairs
    for word in ("--help", "--version"):
        times = [(_seconds("-m", "bofbot.cli", word), _seconds("-c", "pass")) for _ in range(pairs)]
        ours, bare = min(a for a, _ in times), min(b for _, b in times)
        print(
            f"bofbot {word:10} {ours * 1000:6.1f} ms   python -c pass {bare * 1000:6.1f} ms   ratio {ours / bare:.2f}"
        )
    return 0


def _seconds(*words: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
