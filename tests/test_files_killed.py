"""atomic_write under SIGKILL, a full disk and a failing disk at every one of its system calls: old or new, never half."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

OLD, NEW = b"old" * 50_000, b"new!" * 50_000

PROGRAM = """
import sys
from pathlib import Path
from bofbot.errors import ApplicationError
from bofbot.files import atomic_write
path = Path(sys.argv[1])
try:
    atomic_write(path, b"new!" * 50_000, check=lambda written: written.read_bytes())
except ApplicationError as error:
    print("refused:", error.message.en)
"""

CALLS = ("openat", "write", "fsync", "rename", "fchmod", "close")


@pytest.fixture(scope="module")
def strace() -> str:
    found = shutil.which("strace")
    if not found:
        pytest.skip("strace is not installed: atomic_write was not killed at its system calls")
    try:
        tried = subprocess.run(
            [found, "-f", "-e", "trace=none", sys.executable, "-c", ""], capture_output=True, timeout=60
        )
    except OSError as error:
        pytest.skip(f"strace does not run here ({error}): atomic_write was not killed at its system calls")
    if tried.returncode:
        pytest.skip("strace may not trace here: atomic_write was not killed at its system calls")
    return found


def run(strace: str, path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        strace,
        "-f",
        "-o",
        str(path.parent.parent / "trace"),
        *options,
        sys.executable,
        "-c",
        PROGRAM,
        str(path),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def prepared(tmp_path: Path) -> Path:
    shutil.rmtree(tmp_path / "work", ignore_errors=True)
    path = tmp_path / "work" / "帳票.xlsx"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def points(strace: str, tmp_path: Path) -> list[tuple[str, int]]:
    """Every system call of the write itself: its name, and how many of its kind came before it in the process."""
    path = prepared(tmp_path)
    run(strace, path, "-e", f"trace={','.join(CALLS)}")
    counted: dict[str, int] = {}
    found, inside = [], False
    for line in (tmp_path / "trace").read_text(encoding="utf-8", errors="replace").splitlines():
        call = re.search(r"^\d+\s+(\w+)\(", line)
        if not call or call[1] not in CALLS:
            continue
        counted[call[1]] = counted.get(call[1], 0) + 1
        inside = inside or (".bofbot-" in line and "O_CREAT" in line)
        if inside:
            found.append((call[1], counted[call[1]]))
    return found[:40]


@pytest.mark.slow
def test_a_kill_at_any_system_call_leaves_the_old_file_or_the_new_one(strace: str, tmp_path: Path) -> None:
    tried = points(strace, tmp_path)
    assert len(tried) >= 8
    kept = {OLD: 0, NEW: 0}
    for call, number in tried:
        path = prepared(tmp_path)
        run(strace, path, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}")
        kept[path.read_bytes()] += 1
    assert kept[OLD] > 0
    assert kept[NEW] > 0


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["ENOSPC", "EIO"])
def test_a_disk_that_fails_at_any_write_leaves_the_old_file_alone(
    strace: str, tmp_path: Path, fault: str
) -> None:
    tried = [
        (call, number)
        for call, number in points(strace, tmp_path)
        if call in ("write", "fsync", "rename", "fchmod")
    ]
    refused = 0
    for call, number in tried:
        path = prepared(tmp_path)
        done = run(strace, path, "-e", f"trace={call}", "-e", f"inject={call}:error={fault}:when={number}")
        content = path.read_bytes()
        assert content in (OLD, NEW), (call, number)
        if "refused:" in done.stdout:
            refused += 1
            said = "the disk is full" if fault == "ENOSPC" else "the disk reported a fault"
            assert said in done.stdout
            assert [entry.name for entry in path.parent.iterdir()] == [path.name], "nothing is left behind"
        else:
            assert content == NEW or done.returncode, (call, number, done.stderr)
    assert refused >= 3
