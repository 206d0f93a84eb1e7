"""Who holds a lease: a process by host, boot, pid and start time, and whether it is provably dead."""

from __future__ import annotations

import functools
import getpass
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Owner:
    """One process for ever: a pid alone comes back after a reboot, and even before."""

    host: str
    boot: str
    pid: int
    born: str

    def __str__(self) -> str:
        return f"{self.host}/{self.boot}/{self.pid}/{self.born}"


def this_process() -> str:
    """The owner to give to `Ledger.lease`."""
    pid = os.getpid()
    return str(Owner(_host(), _boot(), pid, _born(pid) or "unknown"))


def this_person() -> str:
    """Who is logged in, as the system calls them; "" when it does not say. On a shared account it is everybody.

    Asked of the system's own list of users: `LOGNAME` and `USER`, which anybody can set, come second."""
    try:
        if sys.platform != "win32":
            import pwd

            return pwd.getpwuid(os.getuid()).pw_name
        return getpass.getuser()
    except (KeyError, OSError):
        return os.environ.get("LOGNAME", "")


def is_dead(owner: str) -> bool:
    """True only when the process is proven to be gone: it ran on this host, and its pid is free, or belongs to a
    younger process, or the host was started again since. Anything unknown counts as alive."""
    read = _read(owner)
    if read is None or read.host != _host() or read.born == "unknown":
        return False
    if read.boot != _boot():
        return True
    return _born(read.pid) != read.born


def kill(owner: str) -> bool:
    """End a process of this host at once; whether it is gone now. Another process that got its number is left alone."""
    read = _read(owner)
    if read is None or read.host != _host() or read.boot != _boot():
        return False
    if _born(read.pid) == read.born != "unknown":
        try:
            os.kill(read.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        except OSError:
            return False
    give_up = time.monotonic() + 5
    while not is_dead(owner) and time.monotonic() < give_up:
        time.sleep(0.02)
    return is_dead(owner)


def _read(owner: str) -> Owner | None:
    parts = owner.split("/")
    if len(parts) != 4 or not parts[2].isdigit():
        return None
    return Owner(parts[0], parts[1], int(parts[2]), parts[3])


@functools.cache
def _host() -> str:
    return socket.gethostname().replace("/", "_") or "localhost"


@functools.cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    except OSError:
        return "-"


def _born(pid: int) -> str | None:
    """When the process started, in the words of this system; None when there is no such process (a zombie is none)."""
    if sys.platform == "win32":
        return _born_on_windows(pid)
    if Path("/proc/self/stat").exists():
        return _born_on_linux(pid)
    return _born_by_ps(pid)


def _born_on_linux(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name in brackets may hold spaces and brackets itself, so count from its end: state is field 3, start 22.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _born_by_ps(pid: int) -> str | None:
    words = ["ps", "-o", "lstart=", "-p", str(pid)]
    said = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    return said.stdout.strip().replace("/", "-") or None


def _born_on_windows(pid: int) -> str | None:
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    kernel = ctypes.windll.kernel32
    process = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not process:
        return None
    try:
        born, ended, *rest = (wintypes.FILETIME() for _ in range(4))
        if not kernel.GetProcessTimes(process, *(ctypes.byref(time) for time in (born, ended, *rest))):
            return "unknown"
        gone = ended.dwHighDateTime or ended.dwLowDateTime
        return None if gone else f"{born.dwHighDateTime:x}{born.dwLowDateTime:08x}"
    finally:
        kernel.CloseHandle(process)
