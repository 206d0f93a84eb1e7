"""What a command can begin before it has read its robot: the browser, for a robot that looks at pages.

A browser and its driver need a second core for as long as this process needs the first to load what plays a robot."""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.errors import BofbotError
from bofbot.scratch import RECORDS, Scratch

if TYPE_CHECKING:  # a robot without pages needs nothing of it
    from bofbot.settings import Settings

_LOOKS_AT_PAGES = re.compile(r"^[ \t]*(?:- *)?\{? *(?:open|login) *:", re.MULTILINE)
"""No page without one of them. A robot that has one and opens no page all the same gets a browser for nothing."""


@contextmanager
def browser_ahead(robot: Path, folder: Path, options: argparse.Namespace) -> Iterator[Scratch | None]:
    """A scratch folder for the next run of the project, a browser on its way in it; None where the robot's text needs none.

    At the end nothing is left of it, whether or not a run took it: a robot may be wrong, or wait for somebody's yes."""
    prepared = _prepared(folder, options) if _needs_pages(robot) else None
    if prepared is None:
        yield None
        return
    from bofbot.adapters.browser.ahead import Ahead

    scratch, settings = prepared
    ahead = Ahead.begin(scratch, settings.browser)
    try:
        yield replace(scratch, ahead=ahead)
    finally:
        if ahead is not None:
            ahead.end()
        if scratch.record.exists():  # no run took it
            scratch.remove()


def _needs_pages(robot: Path) -> bool:
    try:
        return bool(_LOOKS_AT_PAGES.search(robot.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False  # whoever reads it next will say so


def _prepared(folder: Path, options: argparse.Namespace) -> tuple[Scratch, Settings] | None:
    """None where the settings are wrong, or nothing may be written: both will be said in their turn."""
    from bofbot.cli.offices import settings_for
    from bofbot.settings import private_variables
    from bofbot.store.owner import this_process

    try:
        settings = settings_for(folder, options)
        name = f"{os.getpid():x}{time.time_ns() & 0xFFFFF:05x}"  # short: a socket's path has 107 bytes
        private = private_variables(settings, os.environ)
        return Scratch.make(folder / settings.logs / RECORDS, name, this_process(), private), settings
    except (BofbotError, OSError):
        return None
