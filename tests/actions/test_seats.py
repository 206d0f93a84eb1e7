"""Browsers of single accounts: two accounts of one site, a proxy that wants a password, a client certificate."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions.pages.login import Login
from bofbot.actions.pages.looking import Expect
from bofbot.actions.pages.moving import Open
from bofbot.adapters import machine
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, NotReady
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from bofbot.secret import Secret
from bofbot.settings import AccountSettings, Settings

from .stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio]


def _secret(user: str) -> dict[str, Secret]:
    fields = {"user": user, "password": USERS[user].password, "totp": USERS[user].totp}
    return {name: Secret(value) for name, value in fields.items() if value}


@contextlib.asynccontextmanager
async def staged(tmp_path: Path, **fields: Any) -> AsyncIterator[Stage]:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    stage = Stage(tmp_path, timeout=15.0, **fields)
    try:
        yield stage
    finally:
        await stage.close()


async def test_two_accounts_of_one_site_do_not_know_of_each_other(tmp_path: Path) -> None:
    first, second = list(USERS)[:2]
    secrets = {"一人目": _secret(first), "二人目": _secret(second)}
    with Portal() as portal:
        async with staged(tmp_path, secrets=secrets, base_url=portal.url) as stage:
            for name in ("一人目", "二人目", "一人目"):
                await Login(login=name, at=f"{portal.url}/login").run(stage)
                person = USERS[first if name == "一人目" else second].person.ja
                await Expect(expect=f"{person} さん").run(stage)
            assert len((await stage.resource(Browser)).seats.others()) == 1
            await Open(open="/home").run(stage)
            await Expect(expect=f"{USERS[first].person.ja} さん").run(stage)


@dataclass
class Proxy:
    """A forward proxy that wants a user and a password, and keeps what it was asked for."""

    asked: list[str] = field(default_factory=list)
    refused: int = 0
    wanted: str = "Basic " + base64.b64encode("社".encode() + b":p@ss/1").decode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(reader, writer)
        await _closed(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if f"proxy-authorization: {self.wanted}".lower() not in head.decode("latin-1").lower():
            self.refused += 1
            writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        method, target, _ = head.decode("latin-1").split("\r\n")[0].split(" ")
        self.asked.append(f"{method} {target}")
        place = target if method == "CONNECT" else target.split("/")[2]
        host, _, port = place.rpartition(":")
        far, far_writer = await asyncio.open_connection(host, int(port))
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            far_writer.write(head.replace(f"http://{place}".encode(), b"", 1))
        try:
            await asyncio.gather(_copy(reader, far_writer), _copy(far, writer))
        finally:
            await _closed(far_writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
        writer.write_eof()


@contextlib.asynccontextmanager
async def serving(handler: Any, **options: Any) -> AsyncIterator[int]:
    server = await asyncio.start_server(handler, "127.0.0.1", 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_an_account_behind_a_proxy_with_a_password(tmp_path: Path) -> None:
    user = next(iter(USERS))
    proxy = Proxy()
    secrets = {
        "経費": _secret(user),
        "社内": {"user": Secret("社"), "password": Secret("p@ss/1")},
        "誤": {"user": Secret("社"), "password": Secret("no")},
    }
    async with serving(proxy.serve) as port:
        account = AccountSettings(proxy=f"http://127.0.0.1:{port}", proxy_secret="社内", language="en-GB", time_zone="Europe/London", user_agent="Office/1")  # fmt: skip
        with Portal() as portal:
            settings = Settings(accounts={"経費": account})
            async with staged(tmp_path / "right", secrets=secrets, settings=settings) as stage:
                await Login(login="経費", at=f"{portal.url}/login").run(stage)
                page = (await stage.resource(Browser)).page
                told = await page.evaluate(
                    "[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.userAgent]"
                )
                assert told == ["en-GB", "Europe/London", "Office/1"]
                assert f"GET {portal.url}/login" in proxy.asked
                assert stage.redact("p@ss/1") == "●●●"
            wrong = Settings(accounts={"経費": account.model_copy(update={"proxy_secret": "誤"})})
            async with staged(tmp_path / "wrong", secrets=secrets, settings=wrong) as stage:
                with pytest.raises((ApplicationError, NotReady)):
                    await Login(login="経費", at=f"{portal.url}/login").run(stage)
                assert proxy.refused


def _certificates(folder: Path) -> dict[str, Path]:
    """An authority, a server for 127.0.0.1 and a person, all fresh."""
    from ipaddress import IPv4Address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import NameOID

    now = datetime.now(UTC)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("authority", "server", "person")}
    named = {name: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in keys}
    made: dict[str, x509.Certificate] = {}
    for name, key in keys.items():
        builder = (
            x509.CertificateBuilder()
            .subject_name(named[name])
            .issuer_name(named["authority"])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=name == "authority", path_length=None), critical=True)
        )
        if name == "server":
            place = x509.IPAddress(IPv4Address("127.0.0.1"))
            builder = builder.add_extension(x509.SubjectAlternativeName([place]), critical=False)
        made[name] = builder.sign(keys["authority"], hashes.SHA256())
        (folder / f"{name}.pem").write_bytes(
            made[name].public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    bundle = pkcs12.serialize_key_and_certificates(
        b"person", keys["person"], made["person"], None, serialization.BestAvailableEncryption(b"geheim-1")
    )
    (folder / "person.p12").write_bytes(bundle)
    return {path.name: path for path in folder.iterdir()}


class Counter:
    """A site that asks for a client certificate, and greets whoever has one by name."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                shown = writer.get_extra_info("ssl_object").getpeercert()
                who = dict(part[0] for part in shown["subject"])["commonName"] if shown else "nobody"
                body = f"<!doctype html><title>counter</title><h1>こんにちは {who} さん</h1><form><input name=user aria-label=ユーザー><input type=password></form>".encode()
                if shown:
                    body = body.split(b"<form>")[0]
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
                    % len(body)
                    + body
                )
                await writer.drain()
        writer.close()


@pytest.mark.parametrize("through", ["straight", "proxy"])
async def test_a_site_that_wants_a_client_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, through: str
) -> None:
    files = _certificates(tmp_path)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(files["authority.pem"]))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(files["server.pem"])
    tls.load_verify_locations(files["authority.pem"])
    tls.verify_mode = ssl.CERT_REQUIRED
    proxy = Proxy()
    secrets = {
        "窓口": {"user": Secret("person"), "password": Secret("unused-1")},
        "証明書": {"passphrase": Secret("geheim-1")},
        "社内": {"user": Secret("社"), "password": Secret("p@ss/1")},
    }
    async with serving(Counter().serve, ssl=tls) as port, serving(proxy.serve) as proxy_port:
        behind = (
            {"proxy": f"http://127.0.0.1:{proxy_port}", "proxy_secret": "社内"} if through == "proxy" else {}
        )
        account = AccountSettings(certificate=Path("person.p12"), certificate_secret="証明書", **behind)
        settings = Settings(accounts={"窓口": account})
        async with staged(tmp_path, secrets=secrets, settings=settings) as stage:
            site = f"https://127.0.0.1:{port}"
            await Login(login="窓口", at=site, expect="こんにちは person さん").run(stage)
            await Open(open=f"{site}/next", expect="person").run(stage)
            assert (f"CONNECT 127.0.0.1:{port}" in proxy.asked) == (through == "proxy")


async def test_a_certificate_does_not_lead_past_the_list_of_hosts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _certificates(tmp_path)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(files["authority.pem"]))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(files["server.pem"])
    reached: list[str] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append("reached")
        writer.close()

    async with serving(Counter().serve, ssl=tls) as port, serving(elsewhere) as other:
        account = AccountSettings(certificate=Path("person.pem"))
        stage_fields = {
            "secrets": {"窓口": {"user": Secret("person"), "password": Secret("unused-1")}},
            "settings": Settings(accounts={"窓口": account}),
            "hosts": (f"127.0.0.1:{port}",),
        }
        async with staged(tmp_path, **stage_fields) as stage:
            site = f"https://127.0.0.1:{port}"
            await Login(login="窓口", at=site, expect="こんにちは").run(stage)
            browser = await stage.resource(Browser)
            for way in (f"http://127.0.0.1:{other}/", f"https://127.0.0.1:{other}/"):
                await browser.page.evaluate("(url) => fetch(url, {mode: 'no-cors'}).catch(() => 0)", way)
            assert reached == []


async def test_what_an_account_needs_is_missed_by_name(tmp_path: Path) -> None:
    secrets = {"窓口": {"user": Secret("a"), "password": Secret("b-secret")}, "空": {"user": Secret("c")}}
    for account, missing in (
        (AccountSettings(certificate=Path("none.p12")), "none.p12"),
        (AccountSettings(proxy="http://127.0.0.1:1", proxy_secret="空"), "password"),
    ):
        settings = Settings(accounts={"窓口": account})
        async with staged(tmp_path, secrets=secrets, settings=settings) as stage:
            with pytest.raises(NotReady, match=missing):
                await Login(login="窓口", at="http://127.0.0.1:1/").run(stage)
