"""Ctrl-C and SIGTERM, heard by what plays in the event loop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable


def when_asked_to_stop(do: Callable[[], object]) -> None:
    """From now on Ctrl-C and SIGTERM call `do` in the running loop. Windows has no such handlers: there asyncio.run itself
    cancels its task on Ctrl-C."""
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(sign, do)
        except NotImplementedError:
            return
