"""What the runner itself costs: a robot of 10,000 trivial steps, against the same in Robot Framework, in one run.

    python benchmarks/runner.py [--steps 10000] [--peer PYTHON]

PYTHON is an interpreter that has `robotframework`; without it that half is skipped aloud. Both play whole processes
with their usual records: bofbot its journal (SQLite, FULL) and report, Robot Framework its output.xml, log and report.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--steps", type=int, default=10_000)
    options.add_argument("--peer", default=shutil.which("python3") or sys.executable)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = _bofbot(folder, chosen.steps)
        peer = _robot_framework(folder, chosen.steps, chosen.peer)
    print(
        f"bofbot            {ours[0]:7.2f} s wall {ours[1]:7.2f} s CPU   {ours[1] / chosen.steps * 1e6:7.0f} µs CPU a step"
    )
    if peer is None:
        print(f"Robot Framework   skipped: {chosen.peer} has no robotframework")
        return 0
    print(
        f"Robot Framework   {peer[0]:7.2f} s wall {peer[1]:7.2f} s CPU   {peer[1] / chosen.steps * 1e6:7.0f} µs CPU a step"
    )
    print(f"ratio             {ours[0] / peer[0]:7.2f}        {ours[1] / peer[1]:7.2f}")
    return 0


def _bofbot(folder: Path, steps: int) -> tuple[float, float]:
    head = "bofbot: 1\nname: many\nowner: x\npurpose: x\nsteps:\n"
    (folder / "many.yaml").write_text(
        head + "".join(f"  - set: {{a: {n}}}\n" for n in range(steps)), encoding="utf-8"
    )
    return _timed([sys.executable, "-m", "bofbot.cli", "run", "many.yaml"], folder)


def _robot_framework(folder: Path, steps: int, python: str) -> tuple[float, float] | None:
    if subprocess.run([python, "-c", "import robot"], capture_output=True, check=False).returncode:
        return None
    lines = "".join(f"    VAR    ${{a}}    {n}\n" for n in range(steps))
    (folder / "many.robot").write_text(f"*** Test Cases ***\nMany\n{lines}", encoding="utf-8")
    return _timed([python, "-m", "robot", "many.robot"], folder)


def _timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a whole process with its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu


if __name__ == "__main__":
    sys.exit(main())
