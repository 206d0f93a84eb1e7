"""The way out of the browser: what is listed is reached, what is not never hears from us."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bofbot.adapters.network.allowed import Allowed
from bofbot.adapters.network.egress import Egress
from bofbot.errors import UsageError


@dataclass
class Site:
    """A tiny HTTP site that counts who comes."""

    pages: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """path → (status, further headers, body)"""
    visits: list[str] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits.append("connection")
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            self.visits.append(path)
            status, headers, body = self.pages.get(path, (404, "", ""))
            data = body.encode()
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n{headers}Content-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode()
                + data
            )
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def sites() -> AsyncIterator[tuple[Site, Site]]:
    good, bad = Site(), Site()
    servers = []
    for site in (good, bad):
        server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
        site.port = server.sockets[0].getsockname()[1]
        servers.append(server)
    yield good, bad
    for server in servers:
        server.close()


VECTORS = {
    "redirect": lambda url: (302, f"Location: {url}\r\n", ""),
    "iframe": lambda url: (200, "", f"<iframe src='{url}'></iframe>"),
    "image": lambda url: (200, "", f"<img src='{url}'>"),
    "fetch": lambda url: (200, "", f"<script>fetch('{url}').catch(()=>0)</script>"),
    "beacon": lambda url: (200, "", f"<script>navigator.sendBeacon('{url}', 'x')</script>"),
    "websocket": lambda url: (200, "", f"<script>new WebSocket('{url.replace('http', 'ws')}')</script>"),
    "worker": lambda url: (
        200,
        "",
        f"<script>new Worker(URL.createObjectURL(new Blob([\"fetch('{url}').catch(()=>0)\"])))</script>",
    ),
    "meta refresh": lambda url: (200, "", f"<meta http-equiv=refresh content='0;url={url}'>"),
    "form post": lambda url: (
        200,
        "",
        f"<form method=post action='{url}'></form><script>document.forms[0].submit()</script>",
    ),
    "popup": lambda url: (200, "", f"<script>window.open('{url}')</script>"),
    "prefetch": lambda url: (200, "", f"<link rel=prefetch href='{url}'><link rel=preconnect href='{url}'>"),
    "style": lambda url: (200, "", f"<style>@import '{url}'; body{{background:url('{url}')}}</style>"),
    "event source": lambda url: (200, "", f"<script>new EventSource('{url}')</script>"),
}


@pytest.mark.browser
@pytest.mark.timeout(120)
async def test_no_vector_leaves_the_list(sites: tuple[Site, Site]) -> None:
    from playwright.async_api import Error, async_playwright

    browser_path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not browser_path:
        pytest.skip("no Chromium on this machine")
    good, bad = sites
    for name, page in VECTORS.items():
        good.pages["/" + name.replace(" ", "-")] = page(
            f"http://127.0.0.1:{bad.port}/{name.replace(' ', '-')}"
        )
    egress = await Egress.open(Allowed.of([f"http://127.0.0.1:{good.port}/"]))
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
            proxy={"server": egress.url},
        )
        for name in VECTORS:
            context = await browser.new_context()
            page = await context.new_page()
            with contextlib.suppress(Error):  # a refused redirect or navigation shows as an error of the page
                await page.goto(f"http://127.0.0.1:{good.port}/{name.replace(' ', '-')}")
            await page.wait_for_timeout(250)
            await context.close()
        await browser.close()
    await egress.close()
    assert bad.visits == []
    assert len([path for path in good.visits if path != "connection"]) >= len(VECTORS)
    assert len(egress.refused) >= len(VECTORS) - 1, [refusal.target for refusal in egress.refused]


async def ask(egress: Egress, text: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(egress.url.rpartition(":")[2]))
    writer.write(text.encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer.decode()


async def test_listed_hosts_are_reached_and_each_request_takes_a_fresh_connection(
    sites: tuple[Site, Site],
) -> None:
    good, _ = sites
    good.pages["/a?b=1"] = (200, "", "こんにちは")
    egress = await Egress.open(Allowed.of([f"127.0.0.1:{good.port}"]))
    for _ in range(2):
        answer = await ask(
            egress,
            f"GET http://127.0.0.1:{good.port}/a?b=1 HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n\r\n",
        )
        assert "こんにちは" in answer
    assert good.visits == ["connection", "/a?b=1"] * 2
    await egress.close()


async def test_a_site_that_keeps_its_connection_open_gets_no_second_request_on_it() -> None:
    heads: list[bytes] = []
    gone = asyncio.Event()

    async def keep_open(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
                writer.write(
                    b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=9\r\nContent-Length: 2\r\n\r\nok"
                )
        writer.close()
        gone.set()

    server = await asyncio.start_server(keep_open, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    egress = await Egress.open(Allowed.of([f"127.0.0.1:{port}"]))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(egress.url.rpartition(":")[2]))
    writer.write(f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.readuntil(b"ok"), 5)
    assert answer.startswith(b"HTTP/1.1 103")
    assert b"\r\nConnection: close\r\n\r\nok" in answer
    assert b"eep-alive" not in answer.replace(b"Keep", b"keep")
    assert len(heads) == 1
    writer.close()
    await egress.close()
    await asyncio.wait_for(gone.wait(), 5)
    server.close()


async def test_a_tunnel_can_be_dropped(sites: tuple[Site, Site]) -> None:
    good, _ = sites
    egress = await Egress.open(Allowed.of([f"127.0.0.1:{good.port}"]))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(egress.url.rpartition(":")[2]))
    writer.write(f"CONNECT 127.0.0.1:{good.port} HTTP/1.1\r\n\r\n".encode())
    assert b"200" in await reader.readuntil(b"\r\n\r\n")
    egress.drop_tunnels()
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    await egress.close()


async def test_a_private_address_behind_a_pattern_is_refused() -> None:
    egress = await Egress.open(Allowed.of(["*.localhost", "localhost.example"]))
    answer = await ask(egress, "GET http://app.localhost/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert "403" in answer.split("\r\n")[0] or "502" in answer.split("\r\n")[0]
    answer = await ask(egress, "GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n")
    assert "403" in answer
    assert any("file:" in refusal.target for refusal in egress.refused)
    await egress.close()


async def test_requests_go_through_the_offices_own_proxy(sites: tuple[Site, Site]) -> None:
    good, _ = sites
    good.pages["/x"] = (200, "", "through two")
    outer = await Egress.open(Allowed.of([f"127.0.0.1:{good.port}"]))
    inner = await Egress.open(Allowed.of([f"127.0.0.1:{good.port}"]), upstream=outer.url)
    assert "through two" in await ask(
        inner, f"GET http://127.0.0.1:{good.port}/x HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    await inner.close()
    await outer.close()


def test_patterns() -> None:
    allowed = Allowed.of(
        ["https://Keihi.Example.co.jp/login", "*.bank.example", "経費.example", "http://127.0.0.1:81/"]
    )
    assert allowed.reaches("keihi.example.co.jp", 443)
    assert allowed.reaches("a.b.bank.example", 443)
    assert allowed.reaches("経費.example", 443)
    assert allowed.reaches("127.0.0.1", 81)
    assert not allowed.reaches("127.0.0.1", 82)
    assert not allowed.reaches("bank.example.evil", 443)
    assert not allowed.reaches("xbank.example", 443)
    assert not allowed.names("a.bank.example", 443)
    with pytest.raises(UsageError):
        Allowed.of(["https:///nothing"])
