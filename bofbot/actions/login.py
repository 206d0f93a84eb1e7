"""The verb that logs in: user, password and one-time code from a secret, the boxes and the button found by themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from bofbot.action import Action, Context, Result, Touch
from bofbot.actions.page import seen
from bofbot.actions.web import patience
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.login import Boxes, find_boxes
from bofbot.adapters.totp import code_now
from bofbot.errors import ApplicationError, NeedsPerson, NotReady, Sighting
from bofbot.forms import click_button, fill
from bofbot.words import Sentence


class Login(Action):
    """Logs in with a secret's user, password and (where asked) one-time code. A wrong password is tried once.
    シークレットのユーザー・パスワード（必要なら認証コード）でログインする。誤ったパスワードは一度しか試さない。"""

    verb: ClassVar[str] = "login"

    login: str
    """The secret's name, e.g. `経費システム`.
    シークレットの名前（例 `経費システム`）。"""
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
        browser = await context.resource(Browser)
        for part in context.secret(self.login).values():
            browser.hide(part)
        async with browser.step(context, "open"):
            await self._log_in(context, browser)
        browser.log_in_again = lambda: self.run(context)
        return Result(summary=Sentence(en="logged in", ja="ログインしました"))

    async def _log_in(self, context: Context, browser: Browser) -> None:
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
        await self._press(context, browser, boxes)
        await self._prove(context, browser, secret)

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

    async def _prove(self, context: Context, browser: Browser, secret: Any) -> None:
        """In, or why not. Waits while the page is busy."""
        waiting = patience(context, browser).begin()
        coded = False
        while True:
            await browser.stop_for_a_person()
            boxes = await find_boxes(browser.page)
            if boxes.code is not None and not coded:
                coded = True
                await self._answer_code(context, browser, boxes, secret)
                continue
            if self.expect and await seen(browser, self.expect):
                return
            if not self.expect and boxes.password is None and boxes.code is None:
                await self._no_trouble(browser)
                return
            if not await waiting.more():
                raise await self._refused(context, browser, code=boxes.code is not None)

    async def _answer_code(self, context: Context, browser: Browser, boxes: Boxes, secret: Any) -> None:
        if secret.get("totp"):
            code = code_now(secret["totp"], context.clock())
        else:
            question = Sentence(en=f"The one-time code for {self.login}", ja=f"「{self.login}」の認証コード")
            code = await context.ask(question, secret=True)
        await boxes.code.fill(code)
        await self._press(context, browser, boxes)

    async def _no_trouble(self, browser: Browser) -> None:
        """The password box may be gone because the site shows something else: an error page, a captcha."""
        status = browser.status()
        if status >= 400:
            raise ApplicationError(
                Sentence(
                    en=f"the site answered the log-in with an error ({status})",
                    ja=f"ログインの途中でサイトがエラー（{status}）を返しました",
                ),
                sighting=Sighting(page_says=await browser.says()),
            )

    async def _refused(self, context: Context, browser: Browser, *, code: bool) -> Exception:
        says = await browser.says()
        quoted = f"「{says[0]}」" if says else ""
        if browser.status() >= 500:
            return ApplicationError(
                Sentence(
                    en="the site failed while logging in", ja="ログインの途中でサイトがエラーを返しました"
                ),
                sighting=Sighting(page_says=says),
            )
        if not code and says:
            _burn(context, self.login)
        what = (
            ("the one-time code", "認証コード")
            if code
            else ("the user or the password", "ユーザーまたはパスワード")
        )
        return NeedsPerson(
            Sentence(
                en=f"{self.login} did not accept {what[0]}" + (f": “{says[0]}”" if says else ""),
                ja=f"「{self.login}」に{what[1]}が受け付けられませんでした{quoted and '：' + quoted}",
            ),
            fix=Sentence(
                en=f"check it by hand, then `bofbot secret set {self.login}`; it is not tried again, so that the account is not locked",
                ja=f"手作業で確かめてから `bofbot secret set {self.login}` で登録し直してください。アカウントのロックを防ぐため、再試行はしません",
            ),
            sighting=Sighting(page_says=says),
        )


def _part(secret: Any, name: str, of: str) -> Any:
    value = secret.get(name)
    if value is None:
        raise NotReady(
            Sentence(
                en=f"the secret {of} has no `{name}`", ja=f"シークレット「{of}」に `{name}` がありません"
            ),
            fix=Sentence(en=f"bofbot secret set {of}", ja=f"bofbot secret set {of}"),
        )
    return value


def _burn(context: Context, name: str) -> None:
    """A rejected password is not offered again by any robot, where the run keeps such a list."""
    burn = getattr(context, "reject_secret", None)
    if burn is not None:
        burn(name)
