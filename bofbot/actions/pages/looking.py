"""The verbs that only look: expect, read."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from bofbot.action import Context, Result
from bofbot.actions.pages.on_page import OnPage, patience
from bofbot.actions.pages.seen_table import TableWanted, as_table, known_types
from bofbot.actions.pages.table_walk import Walk
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, BusinessError, Sighting
from bofbot.forms.look import count, read_value, same_value
from bofbot.values.bad_value import BadValue
from bofbot.values.misfits import misfit
from bofbot.values.types import read_value as typed
from bofbot.words import Sentence


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
    pages: Literal["all"] | Annotated[int, Field(ge=1, le=10_000)] | None = None
    """How many pages of the table: `all`, or a number; left out, the page shown must be all there is.
    読み取るページ数。`all` ですべて。省略すると、表示中のページがすべてであることを確かめる。"""
    sort: dict[str, Literal["up", "down"]] = Field(default_factory=dict, max_length=1)
    """Press this heading until the rows stand so, e.g. `{金額: down}`.
    この見出しを押して並べ替えてから読む（例 `{金額: down}` は大きい順、`up` は小さい順）。"""
    key: str = ""
    """The column that tells rows apart, where pages may repeat rows, e.g. `受付番号`.
    ページ間で同じ行が重なるとき、行を区別する列（例 `受付番号`）。"""
    until: str = ""
    """Stop before the row in which a cell reads so, e.g. `合計`.
    この文字のセルがある行の手前で終わる（例 `合計`）。"""
    required: tuple[str, ...] = ()
    """Columns in which no cell may be empty.
    空のセルを許さない列。"""
    at_most: int = Field(10_000, ge=1, le=1_000_000)
    """More rows than these are an error.
    これを超える件数はエラーとする。"""

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

    @model_validator(mode="after")
    def _columns_are_named(self) -> Self:
        for option, names in (("sort", tuple(self.sort)), ("key", (self.key,)), ("required", self.required)):
            for name in names if isinstance(names, tuple) else ():
                if name and isinstance(name, str) and name not in self.columns:
                    said = Sentence(
                        en=f"`{option}`: {name} is not among `columns`",
                        ja=f"`{option}`：「{name}」が `columns` にありません",
                    )
                    raise misfit(said)
        return self

    async def _table(self, context: Context, browser: Browser) -> Result:
        wanted = TableWanted(
            self.read,
            self.columns,
            pages=0 if self.pages == "all" else self.pages,
            sort=self.sort,
            key=self.key,
            until=self.until,
            required=self.required,
            at_most=self.at_most,
        )
        walk = Walk(context, browser, wanted)
        table = as_table(await walk.whole(), wanted, browser.url)
        rows, pages = len(table), walk.pages
        over = Sentence(en=f" on {pages} pages", ja=f"（{pages}ページ）") if pages > 1 else Sentence.same("")
        facts = {"rows": rows, **({"pages": pages, "doubles": walk.doubles} if pages else {})}
        return Result(table, summary=Sentence(en=f"{rows} rows", ja=f"{rows}件") + over, facts=facts)


async def seen(browser: Browser, text: str) -> bool:
    """Do these words stand on the page, or did a dialog of this step say them?"""
    return any(text in said for said in browser.dialogs) or await count(browser.scope, text) > 0


async def wait_for_words(context: Context, browser: Browser, text: str) -> None:
    """Wait until words are seen; ApplicationError when they do not come."""
    waiting = patience(context, browser).begin()
    while not await seen(browser, text):
        if not await waiting.more():
            raise ApplicationError(
                Sentence(en=f"“{text}” did not appear", ja=f"「{text}」が表示されませんでした"),
                sighting=Sighting(looked_for=text, url=browser.url, page_says=await browser.says()),
            )
