"""A process that has imported everything and forks workers on demand: a worker that is killed costs no start of Python.

python nursery.py WORDS… — each line on stdin is one worker to start; its pid is written to stdout."""

from __future__ import annotations

import os
import sys


def main() -> None:
    import bofbot.actions
    from tests.engine.trial import VERBS

    bofbot.actions.VERBS.update(VERBS)
    import asyncio  # noqa: F401
    import concurrent.futures.thread  # noqa: F401

    import bofbot.actions.plain
    import bofbot.cli.commands.worker
    import bofbot.cli.main
    import bofbot.engine.worker
    import bofbot.sinks.report
    import bofbot.store.postgres
    import bofbot.store.sqlite

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in iter(sys.stdin.readline, ""):
        _reap()
        pid = os.fork()
        if pid == 0:
            _work()
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _work() -> None:
    from bofbot.cli.main import main as cli

    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    said = os.open(f"{os.environ['BOFBOT_TRIAL']}/worker {os.getpid()}", os.O_WRONLY | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = 1
    try:
        code = cli(sys.argv[1:])
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
