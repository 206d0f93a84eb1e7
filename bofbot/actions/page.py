"""The verbs of pages: open, click, press, expect, read, within."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, field_validator

from bofbot.action import Action, Context, Result, Touch
from bofbot.actions.seen_table import as_table, known_types, pick_table
from bofbot.actions.web import OnPage, patience
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.login import find_boxes
from bofbot.errors import ApplicationError, BusinessError, Sighting
from bofbot.forms import click_button
from bofbot.forms.look import count, has_section, read_value, same_value, seen_tables
from bofbot.values.bad_value import BadValue
from bofbot.values.types import read_value as typed
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
                await _wait_for(context, browser, self.expect)
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
            await click_button(browser.scope, browser.label(self.click), patience=patience(context, browser))
            await browser.settle(context.timeout * 0.6)
            await browser.stop_for_a_person()
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


class Expect(OnPage):
    """Waits until words are seen (or are gone), and fails when they do not come.
    文字が表示される（または消える）まで待つ。表示されなければ失敗とする。"""

    verb: ClassVar[str] = "expect"

    expect: str
    """The words, or the value when `in` names a field.
    文字。`in` に項目名を書いたときはその値。"""
    in_: str = Field("page", alias="in")
    """Where: `page`, `url`, `title`, or the label of a field or value.
    どこで確かめるか：`page`、`url`、`title`、または項目名。"""
    seen: bool = True
    """`false`: the words must be gone.
    `false` なら表示されていないことを確かめる。"""

    def sentence(self) -> Sentence:
        places = {
            "page": ("", ""),
            "url": (" in the address", "URLに"),
            "title": (" in the title", "タイトルに"),
        }
        en, ja = places.get(self.in_, (f" at {self.in_}", f"「{self.in_}」に"))
        gone = ("is gone", "がないこと") if self.seen is False else ("is seen", "があること")
        return Sentence(
            en=f"make sure that “{self.expect}”{en} {gone[0]}", ja=f"{ja}「{self.expect}」{gone[1]}を確かめる"
        )

    async def run(self, context: Context) -> Result | None:
        async with self.on_page(context) as browser:
            waiting = patience(context, browser).begin()
            while await self._holds(context, browser) != self.seen:
                if not await waiting.more():
                    raise await self._failure(browser)
        return None

    async def _holds(self, context: Context, browser: Browser) -> bool:
        if self.in_ == "page":
            return await seen(browser, self.expect)
        if self.in_ == "url":
            return self.expect in browser.url
        if self.in_ == "title":
            return self.expect in await browser.page.title()
        shown = await read_value(browser.scope, browser.label(self.in_), patience=patience(context, browser))
        return await same_value(browser.scope, self.expect, shown)

    async def _failure(self, browser: Browser) -> ApplicationError:
        says = await browser.says()
        if not self.seen:
            message = Sentence(
                en=f"“{self.expect}” is still on the page", ja=f"「{self.expect}」がまだ表示されています"
            )
        else:
            message = Sentence(
                en=f"“{self.expect}” did not appear", ja=f"「{self.expect}」が表示されませんでした"
            )
        return ApplicationError(
            message, sighting=Sighting(looked_for=self.expect, url=browser.url, page_says=says)
        )


class Read(OnPage):
    """Reads a value by its label, or a table into rows.
    項目名の横にある値、または表を読み取る。"""

    verb: ClassVar[str] = "read"
    saves: ClassVar[str] = "the value, or the rows of the table"

    read: str = ""
    """The label of a value; with `columns`, the heading or caption of a table ("" takes the one that has the columns).
    値の項目名。`columns` を書いたときは表の見出し（空なら列の合う表）。"""
    type: str = "text"
    """The type of the value: text, code, number, yen, date, …
    値の型（text、code、number、yen、date など）。"""
    columns: dict[str, str] = Field(default_factory=dict)
    """Headings and their types, e.g. `{受付番号: code, 金額: yen}`: reads a table.
    見出しと型（例 `{受付番号: code, 金額: yen}`）。書くと表を読み取る。"""

    @field_validator("columns", "type", mode="after")
    @classmethod
    def _types_exist(cls, value: Any) -> Any:
        return known_types(value)

    def columns_made(self) -> tuple[str, ...] | None:
        return tuple(self.columns) or None

    def sentence(self) -> Sentence:
        what = ("the table ", "表") if self.columns else ("", "")
        named = f"「{self.read}」" if self.read else ""
        return Sentence(en=f"read {what[0]}{self.read}", ja=f"{what[1]}{named}を読み取る")

    async def run(self, context: Context) -> Result:
        async with self.on_page(context) as browser:
            if self.columns:
                return await self._table(context, browser)
            shown = await read_value(
                browser.scope, browser.label(self.read), patience=patience(context, browser)
            )
        try:
            value = typed(self.type, shown, today=context.clock().date())
        except BadValue as error:
            raise BusinessError(
                Sentence(
                    en=f"“{self.read}” on the page: {error.reason.en}",
                    ja=f"画面の「{self.read}」：{error.reason.ja}",
                ),
                sighting=Sighting(looked_for=self.read, url=browser.url),
            ) from None
        return Result(value, summary=Sentence.same(context.redact(shown)))

    async def _table(self, context: Context, browser: Browser) -> Result:
        waiting = patience(context, browser).begin()
        while True:
            tables = await seen_tables(browser.scope)
            try:
                table = as_table(pick_table(tables, self.read, self.columns), self.columns, browser.url)
                break
            except ApplicationError:
                if not await waiting.more():
                    raise
        rows = len(table)
        return Result(table, summary=Sentence(en=f"{rows} rows", ja=f"{rows}件"), facts={"rows": rows})


class Within(Action):
    """Looks into a section, dialog, frame or tab from here on; `page` looks at the whole page again.
    以降の手順の対象を、見出しの部分・ダイアログ・フレーム・タブに絞る。`page` で全体に戻す。"""

    verb: ClassVar[str] = "within"

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


async def seen(browser: Browser, text: str) -> bool:
    """Do these words stand on the page, or did a dialog of this step say them?"""
    return any(text in said for said in browser.dialogs) or await count(browser.scope, text) > 0


async def _wait_for(context: Context, browser: Browser, text: str) -> None:
    waiting = patience(context, browser).begin()
    while not await seen(browser, text):
        if not await waiting.more():
            raise ApplicationError(
                Sentence(en=f"“{text}” did not appear", ja=f"「{text}」が表示されませんでした"),
                sighting=Sighting(looked_for=text, url=browser.url, page_says=await browser.says()),
            )


async def _is_log_in_page(browser: Browser, wanted: str) -> bool:
    landed = browser.url.split("?")[0].rstrip("/")
    meant = browser.address(wanted).split("?")[0].rstrip("/")
    return landed != meant and (await find_boxes(browser.page)).password is not None
