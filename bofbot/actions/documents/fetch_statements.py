"""The verb that fetches every account's statements: what is missing since the last proved day, proved, joined and filed."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field

from bofbot.action import Context, Later, Result, Scalar, Touch
from bofbot.actions.documents.account_list import accounts_offered
from bofbot.actions.documents.archive import FOLDER
from bofbot.actions.documents.download import Download
from bofbot.actions.documents.fetched_statements import Fetched, result_of, unknown
from bofbot.actions.documents.profiles import reading_options
from bofbot.actions.documents.statement import not_proved
from bofbot.actions.pages.form import fill_in
from bofbot.actions.pages.moving import Click, Open
from bofbot.actions.pages.on_page import OnPage
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.downloads import Document
from bofbot.errors import ApplicationError, BusinessError, Place
from bofbot.files import atomic_write, safe_name
from bofbot.statements.archive import Archive
from bofbot.statements.archive_record import Record
from bofbot.statements.checks import prove
from bofbot.statements.model import Proof, Statement
from bofbot.statements.options import Options
from bofbot.statements.ranges import Days, to_ask
from bofbot.statements.received import Received, joined, keep, of_account, origin_of, received, statements_in
from bofbot.words import Sentence


class FetchStatements(OnPage):
    """Fetches the statements of all accounts: the days nothing has proved yet, with an overlap. Each file is proved,
    filed away as received, and joined with what came before: nothing lost, nothing doubled.
    すべての口座の明細を取得する。まだ確かめていない期間を重なりを持たせてダウンロードし、計算を確かめ、原本を保管し、
    以前の明細と重複・欠落なくつなぐ。"""

    verb: ClassVar[str] = "statements"
    saves: ClassVar[str] = "entries of all accounts, the new ones, and a row for each account"
    bounded: ClassVar[bool] = False

    statements: str
    """The words on the button or link that downloads.
    ダウンロードのボタンやリンクの文字。"""
    page: str
    """The address of the page with the form, opened anew for every account and range.
    照会画面の URL（口座・期間ごとに開き直す）。"""
    first: str
    """The label of the field for the first day.
    開始日の項目名。"""
    last: str
    """The label of the field for the last day.
    終了日の項目名。"""
    since: date
    """The first day that is wanted at all.
    取得を始める日。"""
    until: date | None = None
    """The last day; usually yesterday, never a day to come.
    最後の日。省略すると昨日まで。将来の日は照会しない。"""
    account: str = ""
    """The label of the list of accounts; leave it out where the site has one account.
    口座を選ぶ欄の項目名。口座が一つのサイトでは省略する。"""
    accounts: list[Later[Any]] | None = None
    """These accounts only, as the list shows them; usually all it offers.
    取得する口座（選択欄の表示どおり）。省略すると選択欄のすべて。"""
    fill: dict[str, Scalar] = Field(default_factory=dict)
    """Other fields of the form, e.g. `{形式: CSV}`.
    照会画面のその他の項目と値（例 `{形式: CSV}`）。"""
    show: str = ""
    """The button that shows the days before they can be downloaded.
    ダウンロードの前に押す照会ボタンの文字。"""
    overlap: int = Field(7, ge=0, le=366)
    """Days that are fetched again, so that late entries are seen.
    重ねて取得する日数（後から記帳された明細を見落とさないため）。"""
    max_days: int = Field(0, ge=0)
    """Days the site gives at once; 0: any number.
    1回に照会できる日数。0 なら制限なし。"""
    expect_at_least: int = Field(0, ge=0)
    """Entries each account must have in all; fewer is a failure, not a quiet month.
    口座ごとに最低限あるはずの明細件数。下回れば失敗とする。"""
    to: str = "data/明細"
    """The folder where downloads are put.
    ダウンロードしたファイルの保存先フォルダー。"""
    expect: Literal["csv", "txt", "pdf", "xlsx", "xls", "zip", "xml", "ofx", "any"] = "csv"
    """What kind of file comes.
    ファイルの種類。"""
    profile: str = ""
    """The named profile of a CSV whose headings do not tell.
    CSV の明細プロファイルの名前（見出しで分からないとき）。"""
    require: Literal["", "verified", "readable"] = ""
    """`verified` refuses what no arithmetic proves; usually only what does not add up is refused.
    `verified` は計算で確かめられない明細を拒む。通常は計算が合わない明細だけを拒む。"""
    into: str = FOLDER
    """The archive's folder: it remembers what was fetched.
    保管庫のフォルダー。取得済みの期間はここで分かる。"""

    def sentence(self) -> Sentence:
        return Sentence(
            en=f"fetch all statements since {self.since} by “{self.statements}” and file them in {self.into}",
            ja=f"{self.since} 以降の明細を「{self.statements}」で取得し、{self.into} に保管する",
        )

    def touches(self) -> tuple[Touch, ...]:
        return (
            Touch("opens", str(self.page)),
            Touch("writes", str(self.to)),
            Touch("writes", str(self.into)),
        )

    async def run(self, context: Context) -> Result:
        one = copy.copy(context)  # the whole may take hours; one page, one download may not
        one.timeout = min(context.timeout, context.settings.step_timeout)
        accounts = await self._accounts(one)
        site = urlsplit((await one.resource(Browser)).url).hostname or ""
        done = []
        for number, account in enumerate(accounts):
            context.progress(number, len(accounts))
            done.append(await self._fetch_account(one, account, origin_of(site, account)))
        context.progress(len(accounts), len(accounts))
        return result_of(done)

    async def _accounts(self, context: Context) -> list[str]:
        await Open(open=self.page).run(context)
        if not self.account:
            return [""]
        if self.accounts is not None:
            return [str(account) for account in self.accounts]
        async with self.on_page(context) as browser:
            return await accounts_offered(browser, self.account)

    async def _fetch_account(self, context: Context, account: str, origin: str) -> Fetched:
        options = reading_options(context, self.profile)
        before = await asyncio.to_thread(self._received, context, origin, account, options)
        today = context.clock().date()
        until = self.until or today - timedelta(days=1)
        asked = to_ask(
            [one.days for one in before], self.since, until, today=today, overlap=self.overlap, most_days=self.max_days
        )  # fmt: skip
        known = await asyncio.to_thread(joined, before)
        came = list(before)
        for days in asked:
            came.append(await self._fetch_days(context, account, origin, days, known, options))
        return self._whole(account, known, await asyncio.to_thread(joined, came), asked)

    def _received(self, context: Context, origin: str, account: str, options: Options) -> list[Received]:
        with Archive(context.path(self.into), context.clock) as archive:
            return received(archive, origin, account, options)

    async def _fetch_days(
        self, context: Context, account: str, origin: str, days: Days, known: Any, options: Options
    ) -> Received:
        document = await self._download(context, account, days)
        name = safe_name(
            f"{account or 'statement'}_{days.first}_{days.last}.{self.expect if self.expect != 'any' else 'dat'}"
        )
        path = context.path(self.to) / name
        await asyncio.to_thread(atomic_write, path, document.data)
        found = await asyncio.to_thread(statements_in, document.data, str(path), options)
        mine = of_account(found, account)
        if found and not mine:
            raise _other_account(found, account, str(path))
        self._demand(mine, str(path))
        _demand_what_was_known(mine, known, days, str(path))

        def file_away() -> Record:  # one thread opens and closes the index
            with Archive(context.path(self.into), context.clock) as archive:
                return keep(archive, document.data, name, origin, days, options)

        record = await asyncio.to_thread(file_away)
        count = sum(one.count for one in mine)
        context.note(
            Sentence(
                en=f"{account} {days.first} – {days.last}: {count} entries, filed as {record.document}".strip(),
                ja=f"{account} {days.first}～{days.last}：明細 {count} 件、{record.document} として保管".strip(),
            )
        )
        return Received(days, record, mine)

    async def _download(self, context: Context, account: str, days: Days) -> Document:
        """Asks anew from the first page, also when the session ran out half-way: a form that was filled is then empty."""
        browser = await context.resource(Browser)
        download = Download(download=self.statements, to=self.to, expect=self.expect, posts=self.posts)
        for _ in range(2):
            await Open(open=self.page).run(context)
            values = {**self.fill, self.first: days.first, self.last: days.last}
            async with self.on_page(context):
                await fill_in(browser, context, {self.account: account, **values} if self.account else values)
            if self.show:
                await Click(click=self.show, posts=self.posts).run(context)
            if (document := await download.fetch(context, browser)) is not None:
                return document
            if browser.log_in_again is None:
                break
            await browser.log_in_again()
        raise download.logged_out(browser)

    def _demand(self, statements: Sequence[Statement], file: str) -> None:
        for statement in statements:
            proof = prove(statement)
            if self.require == "readable" or proof.outcome == "verified":
                continue
            if (
                proof.outcome == "discrepancy"
                or self.require == "verified"
                or statement.format in ("pdf", "ocr")
            ):
                raise not_proved(statement, proof, file)

    def _whole(self, account: str, known: Any, whole: Any, asked: list[Days]) -> Fetched:
        """The account joined. Raises BusinessError when it no longer adds up or is too short."""
        statement, proof = whole if whole is not None else (Statement(account, "", ()), Proof("unverifiable"))
        if proof.outcome == "discrepancy" and self.require != "readable":
            raise not_proved(statement, proof, statement.file)
        if statement.count < self.expect_at_least:
            raise BusinessError(
                Sentence(
                    en=f"{account}: {statement.count} entries since {self.since}; at least {self.expect_at_least} were expected",
                    ja=f"{account}：{self.since} 以降の明細が {statement.count} 件しかありません（{self.expect_at_least} 件以上のはず）",
                ),
                fix=Sentence(
                    en="look at the account in a browser; change `expect_at_least` if it is right",
                    ja="ブラウザーで口座を確かめ、正しければ `expect_at_least` を変えてください",
                ),
            )
        return Fetched(account, statement, proof, asked, unknown(statement, known))


def _demand_what_was_known(
    came: Sequence[Statement], known: tuple[Statement, Proof] | None, days: Days, file: str
) -> None:
    """Nothing at all for days that had entries before is a failure of the site, not a quiet month."""
    if known is None or any(one.entries for one in came):
        return
    there = sum(days.first <= entry.date <= days.last for entry in known[0].entries)
    if there:
        raise ApplicationError(
            Sentence(
                en=f"no entry came for {days.first} – {days.last}, where {there} were known before",
                ja=f"{days.first}～{days.last} の明細が1件も届きませんでした（以前は {there} 件ありました）",
            ),
            place=Place(file),
        )


def _other_account(found: Sequence[Statement], account: str, file: str) -> ApplicationError:
    names = ", ".join(dict.fromkeys(one.account for one in found))
    return ApplicationError(
        Sentence(
            en=f"{account} was asked for, and a statement of {names} came",
            ja=f"口座 {account} を照会しましたが、{names} の明細が届きました",
        ),
        place=Place(file),
    )
