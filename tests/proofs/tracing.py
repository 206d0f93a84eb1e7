"""Runs that strace watches and stops: the player's children, traced from their first step, without their imports."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

WRITES = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "link", "unlink")
"""The system calls by which a run changes what a disk holds."""
PLAYER = Path(__file__).with_name("player.py")


def strace() -> str:
    """Its path; skips the test aloud where it is missing or may not trace."""
    found = shutil.which("strace")
    if not found:
        pytest.skip(
            "strace is not installed: nothing was stopped at its system calls (apt-get install strace)"
        )
    words = [found, "-f", "-e", "trace=none", sys.executable, "-c", ""]
    if subprocess.run(words, capture_output=True, timeout=60).returncode:
        pytest.skip("strace may not trace here: nothing was stopped at its system calls")
    return found


@dataclass
class Theatre:
    """Holds the player ready; each `play` is a process of its own, under strace."""

    strace: str
    process: subprocess.Popen[str]

    @classmethod
    def open(cls) -> Self:
        found = strace()
        process = subprocess.Popen(
            [sys.executable, str(PLAYER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return cls(found, process)

    def play(self, folder: Path, host: str, trace: Path, *options: str) -> int:
        """The exit code of one run (a signal is negative). `trace` is what strace has written."""
        told, heard = self.process.stdin, self.process.stdout
        assert told
        assert heard
        told.write(f"{folder} {host} {trace.with_suffix('.acks')}\n")
        told.flush()
        pid = int(heard.readline())
        _until(lambda: _field(pid, "State").startswith("T"))
        watching = subprocess.Popen([self.strace, "-f", "-q", "-o", str(trace), *options, "-p", str(pid)])
        _until(lambda: _field(pid, "TracerPid") != "0")
        os.kill(pid, signal.SIGCONT)
        status = int(heard.readline())
        watching.wait(30)
        return status

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def points(trace: Path) -> list[tuple[str, int]]:
    """Every write of a traced run: its call, and which of its kind it is in its thread, from 1, as strace counts."""
    counted: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, int], None] = {}
    for line in trace.read_text(errors="replace").splitlines():
        call = re.match(r"(\d+)\s+(\w+)\(", line)
        if call and call[2] in WRITES:
            counted[call[1], call[2]] += 1
            found[call[2], counted[call[1], call[2]]] = None
    return list(found)


def _field(pid: int, name: str) -> str:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(line.split(":", 1)[1].strip() for line in status.splitlines() if line.startswith(f"{name}:"))


def _until(true: object, seconds: float = 20.0) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "the process under test did not come as far as it should"
        time.sleep(0.002)
