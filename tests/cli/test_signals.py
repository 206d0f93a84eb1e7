"""Ctrl-C and SIGTERM reach what plays."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from bofbot.cli.signals import when_asked_to_stop


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such handlers")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_who_is_asked_to_stop_hears_it(sign: signal.Signals) -> None:
    async def played() -> bool:
        asked = asyncio.Event()
        when_asked_to_stop(asked.set)
        os.kill(os.getpid(), sign)
        async with asyncio.timeout(60):
            return await asked.wait()

    assert asyncio.run(played())
