"""A screen of the run's own: Xvfb of a fixed size, openbox on it, and a key that only this run has."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bofbot.errors import NotReady
from bofbot.words import Sentence

SIZE = (1280, 900)
"""Pixels. Always the same, so that pictures taken on one machine are found on another."""
NEEDED = ("Xvfb", "openbox", "xclip")
_DEBIAN = "apt-get install xvfb openbox xclip"
_PATIENCE = 15.0
"""Seconds for the display to come up."""


def missing(environ: Mapping[str, str]) -> list[str]:
    """The programs that desktop robots lack here; none outside Linux."""
    if not sys.platform.startswith("linux"):
        return []
    needed = ("xclip",) if environ.get("DISPLAY") else NEEDED
    return [name for name in needed if shutil.which(name) is None]


def not_there(names: list[str]) -> NotReady:
    """What to say, and how to get them."""
    return NotReady(
        Sentence(
            en=f"desktop robots need {', '.join(names)} here",
            ja=f"デスクトップのロボットには {'、'.join(names)} が必要です",
        ),
        fix=Sentence(en=f"Debian, Ubuntu: {_DEBIAN}", ja=f"Debian・Ubuntu では {_DEBIAN}"),
    )


@dataclass
class Display:
    """Where programs show their windows: `environ` is what they are started with."""

    environ: dict[str, str]
    own: bool = False
    """Made for this run alone."""
    _programs: list[Any] = field(default_factory=list)

    @classmethod
    async def open(cls, folder: Path, environ: Mapping[str, str]) -> Self:
        """The screen that is there; on Linux without one, a new one. Raises NotReady."""
        if lacking := missing(environ):
            raise not_there(lacking)
        if not sys.platform.startswith("linux") or environ.get("DISPLAY"):
            return cls(dict(environ))
        keys = folder / "Xauthority"
        key = secrets.token_bytes(16)
        keys.write_bytes(_cookies(key, "0"))
        keys.chmod(0o600)
        display = cls({**environ, "XAUTHORITY": str(keys)}, own=True)
        try:
            await display._start(keys, key)
        except BaseException:
            await display.close()
            raise
        return display

    async def _start(self, keys: Path, key: bytes) -> None:
        reading, writing = os.pipe()
        width, height = SIZE
        server = ("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24")
        quiet = ("-nolisten", "tcp", "-noreset", "-auth", str(keys))
        try:
            await self.start([*server, *quiet], pass_fds=(writing,))
        finally:
            os.close(writing)
        try:
            async with asyncio.timeout(_PATIENCE):
                number = await asyncio.to_thread(_line, reading)
        except TimeoutError:
            number = ""
        finally:
            os.close(reading)
        if not number:
            raise NotReady(
                Sentence(en="Xvfb does not start", ja="Xvfb を起動できません"),
                fix=Sentence(
                    en="start `Xvfb :99` by hand to see why",
                    ja="`Xvfb :99` を手で起動して原因を確認してください",
                ),
            )
        self.environ["DISPLAY"] = f":{number}"
        keys.write_bytes(_cookies(key, number))  # noqa: ASYNC240, a small local file
        await self.start(["openbox"])

    async def start(self, words: list[str], *, folder: Path | None = None, **how: Any) -> Any:
        """Start a program on this screen, in a process group of its own; it ends with the run."""
        silent = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *words,
            env=self.environ,
            cwd=folder,
            stdin=silent,
            stdout=silent,
            stderr=silent,
            start_new_session=True,
            preexec_fn=_die_with_bofbot if sys.platform.startswith("linux") else None,
            **how,
        )
        self._programs.append(process)
        return process

    async def close(self) -> None:
        """End what was started here, the last first. Never raises."""
        for process in reversed(self._programs):
            await end(process)


def _die_with_bofbot() -> None:
    """In a child of ours, before it becomes its program: when bofbot is killed, so is this (prctl PR_SET_PDEATHSIG)."""
    import ctypes

    ctypes.CDLL(None).prctl(1, 9)


async def end(process: Any) -> None:
    """Politely, and then for good, with all that it has started. Never raises."""
    for sign, seconds in ((15, 2.0), (9, 2.0)):
        try:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, sign)  # its group may outlive it
            else:
                process.terminate()
        except (ProcessLookupError, PermissionError):
            break
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            continue


def _line(reading: int) -> str:
    """The number Xvfb tells. It writes digits and line end apart, and dies when nobody hears the end."""
    told = b""
    while not told.endswith(b"\n") and (more := os.read(reading, 16)):
        told += more
    return told.decode().strip()


def _cookies(key: bytes, number: str) -> bytes:
    """An Xauthority file: the key for any display, and for this one by name. Layout: libXau, AuFileName(3)."""
    family_local, family_wild, kind = 256, 65535, b"MIT-MAGIC-COOKIE-1"
    here = socket.gethostname().encode()
    entries = ((family_local, here, number.encode()), (family_wild, b"", b""))
    return b"".join(
        struct.pack(">H", family)
        + b"".join(struct.pack(">H", len(part)) + part for part in (host, display, kind, key))
        for family, host, display in entries
    )
