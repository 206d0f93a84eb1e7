"""Lines typed at a real terminal: shown or hidden, ended by Ctrl-D, and by a cancellation at once."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are not on Windows", allow_module_level=True)

import pty

CHILD = """
import asyncio
from bofbot.terminal import typed_line

async def main():
    print("GOT", repr(await typed_line("shown? ")), flush=True)
    print("GOT", repr(await typed_line("hidden? ", hidden=True)), flush=True)
    print("GOT", repr(await typed_line("end? ")), flush=True)
    waiting = asyncio.ensure_future(typed_line("never? "))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.wait([waiting])
    print("GOT", waiting.cancelled(), flush=True)

asyncio.run(main())
print("OVER", flush=True)
"""


def test_lines_are_read_and_nothing_holds_up_the_end() -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=Path(__file__).parents[1],
    )
    os.close(theirs)
    said = b""

    def until(words: str) -> None:
        nonlocal said
        while words.encode() not in said:
            assert select.select([ours], [], [], 120)[0], said.decode()
            said += os.read(ours, 4096)

    try:
        until("shown? ")
        os.write(ours, "月末\n".encode())
        until("GOT '月末'")
        until("hidden? ")
        os.write(ours, b"pass phrase\n")
        until("GOT 'pass phrase'")
        assert said.count(b"pass phrase") == 1  # what it printed itself: the terminal showed nothing
        until("end? ")
        os.write(ours, b"\x04")
        until("GOT None")
        until("GOT True")
        until("OVER")  # nobody ever typed an answer to the last one
        assert child.wait() == 0
    finally:
        child.kill()
        child.wait()
        os.close(ours)
