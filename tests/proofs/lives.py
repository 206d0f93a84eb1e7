"""Plays command lines of bofbot, each in a process of its own that is born warm: everything is imported once, here.

python lives.py — reads lines of JSON, the words of a command line each; prints the pid of the child at its birth, then
its exit code (a signal is negative) at its end."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

from bofbot.actions import VerbTable
from bofbot.cli.main import main as bofbot
from bofbot.store import open_store

PLAYED = ("bofbot.cli.commands.run", "bofbot.sinks.console", "bofbot.sinks.log", "http.client")
"""What a run imports as it goes."""


def say(number: int) -> None:
    os.write(1, f"{number}\n".encode())


def live(words: list[str]) -> int:
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    return bofbot(words)


def main() -> None:
    for module in PLAYED:
        import_module(module)
    VerbTable().get("claim")
    with open_store(":memory:"):
        pass
    for line in sys.stdin:
        if pid := os.fork():
            say(pid)
            say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        else:
            os._exit(live(json.loads(line)))


if __name__ == "__main__":
    main()
