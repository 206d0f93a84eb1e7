"""Chromium sends a POST again by itself when a kept-alive connection dies before the answer: through `submit` it never does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bofbot.actions.pages.form import Fill
from bofbot.actions.pages.submit import Submit
from bofbot.errors import Uncertain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FORM = "<!doctype html><meta charset=utf-8><form method=post action=/book><p>番号 <input name=no></p><button>登録</button></form><img src=/warm>"


class Dying:
    """Books a POST, then drops the kept-alive connection without a byte of answer."""

    def __init__(self) -> None:
        self.booked = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                if head.startswith("POST"):
                    length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
                    await reader.readexactly(length)
                    self.booked += 1
                    break
                body = FORM.encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n"
                    % len(body)
                    + body
                )
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def dying() -> AsyncIterator[tuple[Dying, str]]:
    site = Dying()
    server = await asyncio.start_server(site, "127.0.0.1", 0)
    async with server:
        yield site, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("attempt", range(5))
async def test_through_submit_it_is_booked_once(desk: Any, attempt: int) -> None:
    async with dying() as (site, url):
        async with desk.browser.step(desk.stage):
            await desk.browser.go(url)
        await desk.do(Fill(fill={"番号": str(attempt)}))
        with pytest.raises(Uncertain, match="sent once"):
            await desk.do(Submit(submit="登録", expect="登録しました", on_unknown="ask"))
        assert site.booked == 1
        assert len(desk.stage.effect.calls) == 1
