"""The verbs that move about: open, click, press, within."""

from __future__ import annotations

from typing import ClassVar

from bofbot.action import Action, Context, Result, Touch
from bofbot.actions.pages.drift import Trail
from bofbot.actions.pages.looking import seen, wait_for_words
from bofbot.actions.pages.on_page import OnPage, patience
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.login import find_boxes
from bofbot.errors import ApplicationError, Sighting
from bofbot.forms import click_button
from bofbot.forms.look import has_section
from bofbot.words import Sentence


class Open(OnPage):
    """Opens a page; logs in again first when the session has run out.
    ページを開く。セッションが切れていれば、もう一度ログインしてから開く。"""

    verb: ClassVar[str] = "open"

    open: str
    """The address; `/claims/new` hangs on `defaults: {at: …}` or on the log-in's site.
    URL。`/claims/new` のように書くと `defaults: {at: …}` またはログイン先のサイトが基準になる。"""
    expect: str = ""
    """Words that must be seen on the page.
    ページに表示されるはずの文字。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"open {self.open}", ja=f"{self.open} を開く")

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("opens", str(self.open)),)

    async def run(self, context: Context) -> Result:
        browser = await context.resource(Browser)
        status = await self._go(context, browser)
        if browser.log_in_again is not None and await _is_log_in_page(browser, self.open):
            context.note(
                Sentence(
                    en="the session had run out; logged in again",
                    ja="セッションが切れていたため、ログインし直しました",
                )
            )
            await browser.log_in_again()
            status = await self._go(context, browser)
        async with browser.step(context):
            if not (self.expect and await seen(browser, self.expect)):
                await browser.stop_for_a_person()
        if status >= 400:
            says = await browser.says()
            raise ApplicationError(
                Sentence(
                    en=f"{self.open} answers with an error ({status})" + (f": “{says[0]}”" if says else ""),
                    ja=f"{self.open} がエラー（{status}）を返しました" + (f"：「{says[0]}」" if says else ""),
                ),
                sighting=Sighting(url=browser.url, page_says=says),
            )
        if self.expect:
            async with self.on_page(context):
                await wait_for_words(context, browser, self.expect)
        return Result(summary=Sentence.same(context.redact(await browser.page.title())))

    async def _go(self, context: Context, browser: Browser) -> int:
        async with browser.step(context, "open" if self.posts else "shut"):
            return await browser.go(self.open)


class Click(OnPage):
    """Clicks a button or a link by its words. What registers something is a `submit`.
    ボタンやリンクを文字で探してクリックする。登録を伴うものは `submit` を使う。"""

    verb: ClassVar[str] = "click"

    click: str
    """The words on it; `section > words` narrows.
    表示されている文字。複数あるときは `見出し > 文字`。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"click “{self.click}”", ja=f"「{self.click}」をクリックする")

    async def run(self, context: Context) -> Result | None:
        async with self.on_page(context) as browser:
            trail = Trail(context, browser, "button", follows=not self.posts)
            await click_button(
                browser.scope, trail.words(self.click), patience=patience(context, browser), prints=trail
            )
            await browser.come_to_rest(context.timeout * 0.6)
        return None


class Press(OnPage):
    """Presses a key, e.g. `Enter`, `Tab`, `Control+A`.
    キーを押す（例 `Enter`、`Tab`、`Control+A`）。"""

    verb: ClassVar[str] = "press"

    press: str
    """The key.
    キー。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"press {self.press}", ja=f"{self.press} キーを押す")

    async def run(self, context: Context) -> Result | None:
        async with self.on_page(context) as browser:
            await browser.press(self.press)
            await browser.settle(context.timeout * 0.6)
        return None


class Within(Action):
    """Looks into a section, dialog, frame or tab from here on; `page` looks at the whole page again.
    以降の手順の対象を、見出しの部分・ダイアログ・フレーム・タブに絞る。`page` で全体に戻す。"""

    verb: ClassVar[str] = "within"
    in_browser: ClassVar[bool] = True
    side_by_side: ClassVar[bool] = True

    within: str
    """The heading, dialog's words, frame's name, or tab's title; `page` for everything.
    見出し、ダイアログの文字、フレーム名、タブのタイトル。全体に戻すときは `page`。"""

    def sentence(self) -> Sentence:
        if self.within == "page":
            return Sentence(en="look at the whole page again", ja="ページ全体を対象に戻す")
        return Sentence(en=f"look within “{self.within}”", ja=f"「{self.within}」の中を対象にする")

    async def run(self, context: Context) -> Result | None:
        browser = await context.resource(Browser)
        async with browser.step(context):
            waiting = patience(context, browser).begin()
            while not await self._found(browser):
                if not await waiting.more():
                    raise ApplicationError(
                        Sentence(
                            en=f"no section, dialog, frame or tab “{self.within}” is there",
                            ja=f"「{self.within}」という見出し・ダイアログ・フレーム・タブがありません",
                        ),
                        sighting=Sighting(looked_for=self.within, url=browser.url),
                    )
        return None

    async def _found(self, browser: Browser) -> bool:
        browser.section, browser.frame_of_interest = "", None
        if self.within == "page":
            return True
        for frame in browser.page.frames[1:]:
            title = "" if frame.is_detached() else await frame.title()
            element = await frame.frame_element()
            if self.within in (frame.name, title, await element.get_attribute("title")):
                browser.frame_of_interest = frame
                return True
        if await has_section(browser.page.main_frame, self.within):
            browser.section = self.within
            return True
        for page in reversed(browser.pages):
            if self.within == await page.title() or self.within in page.url:
                browser.look_at(page)
                return True
        for frame in browser.page.frames[1:]:
            if await has_section(frame, self.within):
                browser.frame_of_interest, browser.section = frame, self.within
                return True
        return False


async def _is_log_in_page(browser: Browser, wanted: str) -> bool:
    landed = browser.url.split("?")[0].rstrip("/")
    meant = browser.address(wanted).split("?")[0].rstrip("/")
    return landed != meant and (await find_boxes(browser.page)).password is not None
