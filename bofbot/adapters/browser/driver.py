"""Playwright's driver, the process that leads the browsers: starting it is the dearest part of a short run."""

from __future__ import annotations

import os
import subprocess
from typing import Any

from bofbot.adapters.browser.kept_code import code_kept
from bofbot.scratch import Scratch

Command = tuple[str, ...]


async def start_driver(scratch: Scratch) -> Any:
    """A driver whose children make their temporary files in `scratch`, and know no secrets. Ends by `stop()`."""
    from playwright.async_api import async_playwright

    with scratch.as_temporary_folder(), code_kept():
        return await async_playwright().start()


def begin_driver(scratch: Scratch) -> tuple[Command, subprocess.Popen[bytes]]:
    """The same as a bare process that nobody speaks to yet, and the command that Playwright would start it with."""
    from playwright._impl._driver import compute_driver_executable, get_driver_env

    with scratch.as_temporary_folder(), code_kept():
        command: Command = (*compute_driver_executable(), "run-driver")
        pipe, environ = subprocess.PIPE, get_driver_env()
        return command, subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, env=environ)  # noqa: S603


def can_begin() -> bool:
    """Windows has pipes of another kind for those who begin to listen later."""
    return os.name == "posix"
