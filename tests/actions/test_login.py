"""Log-ins against the practice portal in a real Chromium: kept between runs, one at a time, codes by mail or by key."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bofbot.actions.pages.login import Login
from bofbot.adapters import machine
from bofbot.adapters.browser import Browser
from bofbot.adapters.credentials.accounts import Accounts
from bofbot.adapters.credentials.sessions import FOLDER, Account
from bofbot.errors import ApplicationError, NeedsPerson
from bofbot.practice.company import TOTP_SECRET, totp_now
from bofbot.practice.portal import Portal
from bofbot.secret import Secret

from .counter_site import running
from .mail_server import PASSWORD, USER, mail_server
from .stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
YAMADA = {"user": "yamada", "password": "keiri-2026"}


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as portal:
        yield portal


@asynccontextmanager
async def a_run(
    folder: Path, fields: Mapping[str, str], run_id: str = "1", seconds: float = 20.0, **more: object
) -> AsyncIterator[Stage]:
    """One run of its own: a new browser, the same project folder."""
    secrets = {"経費": {name: Secret(value, f"経費.{name}") for name, value in fields.items()}}
    stage = Stage(folder, secrets=secrets, run_id=run_id, timeout=seconds, **more)  # type: ignore[arg-type]
    try:
        yield stage
    finally:
        await stage.close()


async def log_in(stage: Stage, url: str, **options: object) -> str:
    result = await Login(login="経費", at=url, **options).run(stage)  # type: ignore[arg-type]
    assert result.summary
    return result.summary.en


async def test_a_log_in_is_kept_for_the_next_run_and_only_as_long_as_it_is_good(
    portal: Portal, tmp_path: Path
) -> None:
    at, logins = f"{portal.url}/login", lambda: portal.office.logins
    async with a_run(tmp_path, YAMADA) as stage:
        assert await log_in(stage, at) == "logged in"
    [file] = (tmp_path / FOLDER).iterdir()
    sealed = file.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    assert (file.stat().st_mode & 0o777, "yamada" in file.name) == (0o600, False)
    async with a_run(tmp_path, YAMADA, "2") as stage:
        assert await log_in(stage, at) == "still logged in"
        assert (await stage.resource(Browser)).url == f"{portal.url}/home"
        assert logins() == 1
        portal.office.sessions.clear()  # the site forgets it
        browser = await stage.resource(Browser)
        assert browser.log_in_again
        await browser.log_in_again()
        assert logins() == 2
    portal.office.sessions.clear()
    async with a_run(tmp_path, YAMADA, "3") as stage:
        assert await log_in(stage, at) == "logged in", "the probe found the log-in page"
        assert logins() == 3
    async with a_run(tmp_path, {**YAMADA, "note": "changed"}, "4") as stage:
        assert await log_in(stage, at) == "logged in", "the secret is another"
    async with a_run(tmp_path, {**YAMADA, "note": "changed"}, "5") as stage:
        later = datetime.now().astimezone() + timedelta(hours=13)
        stage.clock = lambda: later  # type: ignore[method-assign]
        assert await log_in(stage, at, keep=0.0) == "logged in", "it is too old, and is not kept again"
    assert list((tmp_path / FOLDER).iterdir()) == []


class TabSite:
    """A site that knows its visitor by the tab's session storage alone."""

    def __init__(self) -> None:
        self.posts = 0
        self.app = Starlette(
            routes=[Route("/login", self.login, methods=["GET", "POST"]), Route("/home", self.home)]
        )

    async def login(self, request: Request) -> Response:
        if request.method == "POST":
            self.posts += 1
            return RedirectResponse("/home?token=t-77", 303)
        return HTMLResponse(
            "<form method=post>ID <input name=u> パスワード <input type=password name=p><button>ログイン</button></form>"
        )

    async def home(self, request: Request) -> Response:
        script = "const t = new URLSearchParams(location.search).get('token'); if (t) { sessionStorage.setItem('token', t); history.replaceState(null, '', '/home'); } if (sessionStorage.getItem('token') !== 't-77') location.href = '/login'; else document.body.append('ようこそ');"
        return HTMLResponse(f"<body><script>{script}</script></body>")


@pytest.mark.parametrize("times", [1, 2])
async def test_a_session_that_ends_right_after_the_log_in_says_nothing_about_the_password(
    portal: Portal, tmp_path: Path, times: int
) -> None:
    portal.faults.add(f"session_expiry:times={times}")
    async with a_run(tmp_path, YAMADA) as stage:
        if times == 1:
            await log_in(stage, f"{portal.url}/login", expect="ログアウト")
        else:
            with pytest.raises(ApplicationError, match="session ended"):
                await log_in(stage, f"{portal.url}/login", expect="ログアウト")
            await log_in(stage, f"{portal.url}/login", expect="ログアウト")
        assert stage.rejected == []


async def test_what_stands_in_the_tab_alone_is_kept_too(tmp_path: Path) -> None:
    site = TabSite()
    async with running(site) as url:  # type: ignore[arg-type]
        for run, said in (("1", "logged in"), ("2", "still logged in")):
            async with a_run(tmp_path, YAMADA, run) as stage:
                assert await log_in(stage, f"{url}/login", expect="ようこそ") == said
    assert site.posts == 1


async def test_an_account_is_held_by_one_run_at_a_time(portal: Portal, tmp_path: Path) -> None:
    at = f"{portal.url}/login"
    async with a_run(tmp_path, YAMADA, "0007") as first:
        await log_in(first, at)
        async with a_run(tmp_path / "..", YAMADA, "0008", seconds=1.0) as second:
            with pytest.raises(ApplicationError, match=r"in use by run 0007 \(試験, process \d+\)"):
                await Login(login="経費", at=at).run(second)
        await log_in(first, at)  # the holder itself may come again
    async with a_run(tmp_path, YAMADA, "0009", seconds=20.0) as third:
        await log_in(third, at)


async def test_a_dead_holder_holds_nothing(tmp_path: Path) -> None:
    account = Account("経費", "https://bank.example", {"user": Secret("yamada")})
    program = f"""
import asyncio, sys, time
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.actions.stage import Stage
from bofbot.adapters.credentials.accounts import Accounts
from bofbot.adapters.credentials.sessions import Account
from bofbot.secret import Secret
async def main():
    stage = Stage(Path({str(tmp_path)!r}), run_id="0001")
    await (await stage.resource(Accounts)).take(Account("経費", "https://bank.example", {{"user": Secret("yamada")}}), stage)
    print("held", flush=True)
    time.sleep(60)
asyncio.run(main())
"""
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        async with a_run(tmp_path, YAMADA, "0002", seconds=0.5) as stage:
            with pytest.raises(ApplicationError, match="run 0001"):
                await (await stage.resource(Accounts)).take(account, stage)
            holder.send_signal(signal.SIGKILL)
            holder.wait(10)
            await (await stage.resource(Accounts)).take(account, stage)
    finally:
        holder.kill()
        holder.communicate()


async def test_a_code_comes_by_key_by_mail_or_from_a_person(portal: Portal, tmp_path: Path) -> None:
    at, sato = f"{portal.url}/login", {"user": "sato", "password": "keiri-2026"}
    async with a_run(tmp_path, {**sato, "totp": TOTP_SECRET}) as stage:
        await log_in(stage, at, keep=0.0)
    with mail_server() as mail:
        yesterday = datetime.now().astimezone() - timedelta(hours=20)
        mail.deliver("認証コードは 111111 です。", at=yesterday)
        mail.deliver("認証コードは 222222 です。", sender="someone@else.example")
        mail.deliver(
            f"ご利用ありがとうございます。\n認証コード：{totp_now(TOTP_SECRET)}\n有効期限 10分",
            charset="iso-2022-jp",
        )
        box = {
            "imap_host": "127.0.0.1",
            "imap_port": str(mail.port),
            "imap_tls": "no",
            "imap_user": USER,
            "imap_from": "bank.example",
        }
        async with a_run(tmp_path, {**sato, **box, "imap_password": PASSWORD}) as stage:
            await log_in(stage, at, keep=0.0)
            assert stage.redact(totp_now(TOTP_SECRET)) == "●●●"
        assert set(mail.commands) <= {
            "CAPABILITY",
            "LOGIN",
            "EXAMINE",
            "UID SEARCH",
            "UID FETCH",
            "LOGOUT",
        }, "read only"
    async with a_run(tmp_path, sato, answers=[totp_now(TOTP_SECRET)]) as stage:
        await log_in(stage, at, keep=0.0)
    assert portal.office.logins == 3
    async with a_run(tmp_path, sato) as stage:
        with pytest.raises(NeedsPerson, match="one-time code"):
            await log_in(stage, at, keep=0.0)
    assert stage.rejected == [], "a missing code says nothing about the password"
