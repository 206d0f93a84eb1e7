"""Listens on 127.0.0.1 for calls of webhooks: a small HTTP/1.1 that waits for nobody long and takes few at once."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bofbot.schedule.hooks import Answer, Call, Hooks, Refusal
from bofbot.words import Sentence

HOME = "127.0.0.1"
_AT_ONCE = 16
"""Callers that are listened to; one more is sent away at once."""
_SECONDS = 10.0
"""For a whole request, however slowly it drips."""
_LAST_SECONDS = 2.0
"""For the answer to be taken."""
_HEAD = 16_384
_BODY = 65_536
_LONGEST_WAIT = 10
"""Seconds that `Prefer: wait=` may ask for."""
_BIND_AGAIN = 5.0
_REASONS = {
    200: "OK", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 409: "Conflict", 411: "Length Required", 413: "Content Too Large", 415: "Unsupported Media Type",
    421: "Misdirected Request", 431: "Request Header Fields Too Large", 500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LOG = logging.getLogger("bofbot")


@dataclass(frozen=True, slots=True)
class Door:
    """Where callers knock: `port` (0: any free one) of this machine, under these names besides its own."""

    port: int
    hosts: tuple[str, ...] = ()


class Listener:
    """A thread of its own with a loop of its own: whatever callers do, the clock of `bofbot serve` ticks on."""

    def __init__(self, hooks: Hooks, door: Door, told: Callable[[Sentence], None]) -> None:
        self._hooks, self._door, self._told = hooks, door, told
        self._callers = 0
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self.port = 0
        """Where it listens; 0 while it does not."""
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bofbot hooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No more calls; those that were taken are rows in the store."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        busy = False
        while not self._stopping.is_set():
            try:
                server = await asyncio.start_server(
                    self._talk, HOME, self._door.port, limit=_HEAD, backlog=64
                )
            except OSError as error:
                if not busy:
                    self._told(_busy(self._door.port, error))
                busy = True
                await self._pause(_BIND_AGAIN)
                continue
            self.port = server.sockets[0].getsockname()[1]
            self.listening.set()
            self._told(_open(self.port))
            await self._stopping.wait()
            server.close()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            pass

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._callers += 1
        try:
            if self._callers > _AT_ONCE:
                await self._say(reader, writer, Answer(503, Sentence(en="too many callers at once", ja="同時の呼び出しが多すぎます")))  # fmt: skip
            else:
                await self._say(reader, writer, await self._answer(reader))
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            pass  # the caller has hung up, or does not listen
        finally:
            self._callers -= 1
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        try:
            async with asyncio.timeout(_SECONDS):
                call = await self._call(reader)
        except Refusal as refused:
            return refused.answer
        except TimeoutError:
            return Answer(408, Sentence(en=f"the request took longer than {_SECONDS:g} s", ja=f"受信に {_SECONDS:g} 秒以上かかりました"))  # fmt: skip
        try:
            answer = await asyncio.to_thread(self._hooks.answer, call)
            return await self._with_run(call, answer)
        except Exception:
            _LOG.exception("a webhook failed")
            return Answer(500, Sentence(en="a fault of bofbot; see its log", ja="bofbot の不具合です。ログを確認してください"))  # fmt: skip

    async def _with_run(self, call: Call, answer: Answer) -> Answer:
        """`Prefer: wait=5` (RFC 7240): answered when the run has begun, or after so many seconds."""
        wait = re.fullmatch(r"\s*wait=(\d{1,3})\s*", call.headers.get("prefer", ""))
        left = min(int(wait[1]), _LONGEST_WAIT) * 5 if wait and answer.status in (200, 202) else 0
        about = answer.about
        while left and not about.get("run"):
            await asyncio.sleep(0.2)
            about, left = await asyncio.to_thread(self._hooks.where, call), left - 1
        return Answer(answer.status, answer.said, about)

    async def _call(self, reader: asyncio.StreamReader) -> Call:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            raise Refusal(431, "the head of the request is too long", "ヘッダーが長すぎます") from None
        method, path, headers = read_head(head)
        self._demand_home(headers)
        name = re.fullmatch(r"/hooks/([A-Za-z0-9_-]{1,64})", path)
        if not name:
            raise Refusal(404, "webhooks are at /hooks/NAME", "Webhook のアドレスは /hooks/名前 です")
        if method != "POST":
            raise Refusal(405, "a webhook is called with POST", "Webhook は POST で呼び出してください")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refusal(
                415, "the body is sent as application/json", "本文は application/json で送ってください"
            )
        length = headers.get("content-length", "")
        if "transfer-encoding" in headers or not re.fullmatch(r"\d{1,9}", length):
            raise Refusal(411, "Content-Length is missing", "Content-Length がありません")
        if int(length) > _BODY:
            raise Refusal(
                413, f"the body is longer than {_BODY:,} bytes", f"本文が {_BODY:,} バイトを超えています"
            )
        return Call(name[1], headers, await reader.readexactly(int(length)))

    def _demand_home(self, headers: Mapping[str, str]) -> None:
        """No page of a browser may call, also not one whose name was made to mean this machine (DNS rebinding)."""
        if "origin" in headers or "sec-fetch-site" in headers:
            raise Refusal(403, "browsers may not call webhooks", "ブラウザーからは呼び出せません")
        host = headers.get("host", "").lower()
        own = {f"{name}:{self.port}" for name in (HOME, "localhost")} | {HOME, "localhost"}
        if host not in own | {one.lower() for one in self._door.hosts}:
            raise Refusal(421, f"this is not {host[:100]}; `hooks.hosts` in the settings lists other names", f"ここは {host[:100]} ではありません。別の名前は設定の `hooks.hosts` に書きます")  # fmt: skip

    async def _say(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
        told: dict[str, Any] = {"message": answer.said.en, "message_ja": answer.said.ja, **answer.about}
        body = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        allow = "Allow: POST\r\n" if answer.status == 405 else ""
        head = (
            f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}\r\nContent-Type: application/json; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n{allow}X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        async with asyncio.timeout(_LAST_SECONDS):
            await writer.drain()
            writer.write_eof()
            while await reader.read(_HEAD):  # closed with bytes unread, the answer would be lost
                pass


def read_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, path and headers of a request, as strictly as RFC 9112 allows; a header that stands twice is refused."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    request = re.fullmatch(r"([A-Z]{1,16}) (/[!-~]{0,2000}) HTTP/1\.[01]", first)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if (
            not colon
            or not _TOKEN.fullmatch(name)
            or name.lower() in headers
            or re.search(r"[\0\r\n]", value)
        ):
            raise Refusal(
                400, "the head of the request is not well formed", "リクエストの形式が正しくありません"
            )
        headers[name.lower()] = value.strip(" \t")
    if not request:
        raise Refusal(400, "the head of the request is not well formed", "リクエストの形式が正しくありません")
    return request[1], request[2], headers


def _open(port: int) -> Sentence:
    address = f"http://{HOME}:{port}/hooks/"
    return Sentence(en=f"webhooks: POST {address}…", ja=f"Webhook の受付：POST {address}…")


def _busy(port: int, error: OSError) -> Sentence:
    return Sentence(
        en=f"webhooks: port {port} cannot be used ({error.strerror}); tried again every {_BIND_AGAIN:g} s",
        ja=f"Webhook のポート {port} を使えません（{error.strerror}）。{_BIND_AGAIN:g} 秒ごとに再試行します",
    )
