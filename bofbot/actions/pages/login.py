"""The verb that logs in: user, password and one-time code from a secret, the boxes and the button found by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from bofbot.action import Action, Context, Result, Touch
from bofbot.actions.pages.looking import seen
from bofbot.actions.pages.on_page import patience
from bofbot.actions.pages.one_time_code import one_time_code
from bofbot.actions.pages.refused_login import refusal, refuse_error_page, session_ended
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.keeping import State
from bofbot.adapters.browser.login import Boxes, find_boxes
from bofbot.adapters.credentials.accounts import Accounts
from bofbot.adapters.credentials.sessions import Account, Kept, Sessions
from bofbot.errors import ApplicationError, BusinessError, NotReady
from bofbot.forms import click_button, fill
from bofbot.values.units import Duration
from bofbot.words import Sentence


class Login(Action):
    """Logs in with a secret's user, password and (where asked) one-time code. A wrong password is tried once.
    秘密情報のユーザー・パスワード（必要なら認証コード）でログインする。誤ったパスワードは一度しか試さない。"""

    verb: ClassVar[str] = "login"
    in_browser: ClassVar[bool] = True

    login: str
    """The secret's name, e.g. `経費システム`.
    秘密情報の名前（例 `経費システム`）。"""
    at: str = ""
    """The address of the log-in page; empty: the page that is open now.
    ログイン画面の URL。省略すると今開いているページ。"""
    user: str = ""
    """The label of the box for the user; empty: found by itself.
    ユーザー欄の項目名。省略すると自動で探す。"""
    password: str = ""
    """The label of the box for the password; empty: found by itself.
    パスワード欄の項目名。省略すると自動で探す。"""
    code: str = ""
    """The label of the box for the one-time code; empty: found by itself.
    認証コード欄の項目名。省略すると自動で探す。"""
    button: str = ""
    """The words on the button; empty: found by itself.
    ボタンの文字。省略すると自動で探す。"""
    expect: str = ""
    """Words that prove it; empty: the password box is gone.
    ログインできたことを示す文字。省略するとパスワード欄がなくなったことで確かめる。"""

    keep: Duration = Field("12h", validate_default=True)
    """How long the log-in is kept for later runs, encrypted; `0s`: log in afresh each time.
    ログイン状態を暗号化して次回以降に使う期間。`0s` なら毎回ログインする。"""

    def secrets_needed(self) -> tuple[str, ...]:
        return (self.login,) if isinstance(self.login, str) else ()

    def sentence(self) -> Sentence:
        where = f"（{self.at}）" if self.at else ""
        return Sentence(
            en=f"log in to {self.login}" + (f" at {self.at}" if self.at else ""),
            ja=f"「{self.login}」{where}にログインする",
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("opens", str(self.at)),) if self.at else ()

    async def run(self, context: Context) -> Result:
        return await self._enter(context, afresh=False)

    async def _enter(self, context: Context, *, afresh: bool) -> Result:
        secret = context.secret(self.login)
        accounts = await context.resource(Accounts)
        browser = await context.resource(Browser)
        account = Account(self.login, _site(browser, self.at), secret)
        await accounts.take(account, context)
        been_here = await browser.seats.take(account, context)
        browser = await context.resource(Browser)
        for part in secret.values():
            browser.hide(part)
        async with browser.step(context, "open"):
            sessions = Sessions.at(context.work_folder)
            kept = None if afresh else sessions.find(account, context.clock(), self.keep)
            before = await browser.state()
            still_in = kept is not None and await self._still_in(
                context, browser, kept, before, been_here=been_here
            )
            if not still_in:
                sessions.forget(account)
                await self._log_in(context, browser)
                if self.keep:
                    others = before if accounts.holds_others(account) else None
                    _keep(context, sessions, account, await browser.logged_in(others))
        browser.log_in_again = lambda: self._enter(context, afresh=True)
        if still_in:
            return Result(summary=Sentence(en="still logged in", ja="ログイン状態を引き継ぎました"))
        return Result(summary=Sentence(en="logged in", ja="ログインしました"))

    async def _still_in(
        self, context: Context, browser: Browser, kept: Kept, before: State, *, been_here: bool
    ) -> bool:
        """Put the kept log-in back (unless this run has been logged in with it all the time) and look whether the site
        still knows it; if not, the browser is as before."""
        try:
            if not been_here:
                await browser.put_back(kept)
            status = await browser.go(kept.landed)
            await browser.stop_for_a_person()
            if status < 400 and await self._is_in(context, browser, kept):
                browser.base_url = browser.address(self.at) if self.at else browser.base_url
                return True
        except (ApplicationError, BusinessError):
            pass  # whatever is wrong, logging in will say it better
        await browser.reset(before)
        return False

    async def _is_in(self, context: Context, browser: Browser, kept: Kept) -> bool:
        waiting = patience(context, browser).begin()
        while True:
            boxes = await find_boxes(browser.page)
            if boxes.password is not None or boxes.code is not None:
                return False
            if not self.expect:
                return urlsplit(browser.url).path == urlsplit(kept.landed).path
            if await seen(browser, self.expect):
                return True
            if not await waiting.more():
                return False

    async def _log_in(self, context: Context, browser: Browser, *, again: bool = False) -> None:
        if self.at:
            await browser.go(self.at)
            browser.base_url = browser.page.url
        elif not browser.pages or browser.page.url == "about:blank":
            await browser.go(browser.address("/"))
        secret = context.secret(self.login)
        if self.expect and await seen(browser, self.expect):
            return  # the session of an earlier log-in still holds
        boxes = await self._boxes(context, browser)
        await self._type(browser, boxes.user, self.user, _part(secret, "user", self.login))
        if boxes.password is None and not self.password:
            await self._press(
                context, browser, boxes
            )  # first the user, then the password on a page of its own
            boxes = await self._boxes(context, browser)
        await self._type(browser, boxes.password, self.password, _part(secret, "password", self.login))
        sent = context.clock()
        await self._press(context, browser, boxes)
        await self._prove(context, browser, secret, sent, again=again)

    async def _boxes(self, context: Context, browser: Browser) -> Boxes:
        waiting = patience(context, browser).begin()
        while True:
            await browser.stop_for_a_person()
            boxes = await find_boxes(browser.page)
            if boxes.user is not None or boxes.password is not None or self.user or self.password:
                return boxes
            if not await waiting.more():
                raise ApplicationError(
                    Sentence(
                        en="no box for a password is on this page",
                        ja="このページにパスワードの欄がありません",
                    ),
                    fix=Sentence(en="check `at`", ja="`at` の URL を確認してください"),
                )

    async def _type(self, browser: Browser, box: Any, label: str, value: Any) -> None:
        if label:
            await fill(browser.page, {label: value})
        elif box is not None:
            await box.fill(value.reveal())

    async def _press(self, context: Context, browser: Browser, boxes: Boxes) -> None:
        if self.button:
            await click_button(browser.page, self.button, patience=patience(context, browser))
        elif boxes.button is not None:
            await boxes.button.click()
        else:
            await browser.page.keyboard.press("Enter")
        await browser.settle(context.timeout * 0.5)

    async def _prove(
        self, context: Context, browser: Browser, secret: Any, sent: datetime, *, again: bool
    ) -> None:
        """In, or why not. Waits while the page is busy."""
        waiting = patience(context, browser).begin()
        coded = False
        while True:
            await browser.stop_for_a_person()
            boxes = await find_boxes(browser.page)
            if boxes.code is not None and not coded:
                coded = True
                code = await one_time_code(context, self.login, secret, sent)
                browser.hide(code)
                await boxes.code.fill(code.reveal())
                await self._press(context, browser, boxes)
                continue
            if self.expect and await seen(browser, self.expect):
                return None
            if not self.expect and boxes.password is None and boxes.code is None:
                await refuse_error_page(browser)
                return None
            if not await waiting.more():
                if not again and self.at and session_ended(await browser.says()):
                    return await self._log_in(context, browser, again=True)
                raise await refusal(context, browser, self.login, code=boxes.code is not None)


def _part(secret: Any, name: str, of: str) -> Any:
    value = secret.get(name)
    if value is None:
        raise NotReady(
            Sentence(en=f"the secret {of} has no `{name}`", ja=f"秘密情報「{of}」に `{name}` がありません"),
            fix=Sentence(en=f"bofbot secret set {of}", ja=f"bofbot secret set {of}"),
        )
    return value


def _site(browser: Browser, at: str) -> str:
    """The origin of the log-in page."""
    here = browser.url if browser.url.startswith("http") else ""
    parts = urlsplit(browser.address(at) if at or not here else here)
    return f"{parts.scheme}://{parts.netloc}"


def _keep(context: Context, sessions: Sessions, account: Account, kept: Kept) -> None:
    """A log-in that cannot be kept is good all the same."""
    try:
        sessions.keep(account, kept, context.clock())
    except (NotReady, ApplicationError) as error:
        not_kept = Sentence(en="the log-in is not kept: ", ja="ログイン状態を保存できません：")
        context.note(not_kept + error.message, "warning")
