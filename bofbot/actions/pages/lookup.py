"""Looking up whether a registration happened, on a page that proves it: present, absent, or not to be told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from bofbot.action import Context, Finding, Later
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError
from bofbot.forms import Patience
from bofbot.forms.look import count_whole, read_value
from bofbot.forms.tables import SeenTable, seen_tables
from bofbot.values.text import nfkc
from bofbot.values.units import Duration
from bofbot.words import Sentence


class Verify(BaseModel):
    """Where the site shows what was registered, and how to read it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    open: Later[str]
    """The address of the list or search, e.g. `/claims?q=${row.申請番号}`.
    一覧や検索の URL（例 `/claims?q=${row.申請番号}`）。"""
    see: Later[str]
    """What stands there exactly once when it was registered: a word of its own, best the key.
    登録されていれば、ちょうど1回表示される語（キーなど）。"""
    control: Later[str] = ""
    """The label of the page's own count of rows, e.g. `件数`. Only with it can "not registered" be proven.
    その画面自身の件数の項目名（例 `件数`）。これがあるときだけ「登録されていない」と証明できる。"""
    settle: Duration = 60.0
    """How long the site may take until a registration shows, e.g. `2m`; before that, absent proves nothing.
    登録が画面に現れるまでの最長時間（例 `2m`）。それまでは「ない」ことの証明にならない。"""
    tries: int = 3
    """How often to look.
    確認する回数。"""


async def look_up(
    verify: Verify, context: Context, browser: Browser, *, since: datetime, fenced: bool, receipt: str = ""
) -> Finding:
    """Look as often as the author said, with growing pauses. The step's gate is shut: looking changes nothing.

    `receipt` is the label of the receipt number: the finding holds it where the page shows it too.

    Present once proves done. Absent proves "not done" only under all four conditions: the site has had its time to
    settle, whoever sent it is dead (`fenced`), the page's own count agrees with the rows read, and the page was read
    in the robot's own session behind a shut gate."""
    finding = Finding("unknown", _UNREADABLE)
    for attempt in range(verify.tries):
        await context.sleep(min(2.0, context.timeout * 0.05) * attempt)
        try:
            async with browser.step(context):
                await browser.go(str(verify.open))
                found = await count_whole(browser.page, str(verify.see))
                counted = await _control_matches(verify, browser)
                number = await _receipt_of(str(verify.see), receipt, browser) if found == 1 else ""
        except ApplicationError:
            continue
        if found == 1:
            why = Sentence(
                en=f"a look-up found “{verify.see}”", ja=f"調べたところ「{verify.see}」がありました"
            )
            return Finding("done", why if number or not receipt else why + _NO_RECEIPT, receipt=number)
        if found > 1:
            return Finding(
                "unknown",
                Sentence(en=f"a look-up found it {found} times", ja=f"調べた結果は {found} 件でした"),
            )
        finding = _absent(verify, context, since=since, fenced=fenced, counted=counted)
        if finding.state == "absent":
            return finding
    return finding


def _absent(verify: Verify, context: Context, *, since: datetime, fenced: bool, counted: bool) -> Finding:
    """It is not on the page; is that a proof?"""
    if context.clock() - since < timedelta(seconds=verify.settle):
        why = Sentence(
            en="it is not there, but it may show later",
            ja="まだ表示されていませんが、遅れて現れる可能性があります",
        )
    elif not fenced:
        why = Sentence(
            en="it is not there, but the sender may still be alive",
            ja="表示されていませんが、送信元がまだ動いている可能性があります",
        )
    elif not counted:
        why = Sentence(
            en="it is not there, but the page does not prove that it is complete (`control`)",
            ja="表示されていませんが、画面が完全であることを確かめられません（`control`）",
        )
    else:
        return Finding(
            "absent",
            Sentence(
                en="a look-up proved that it is not there",
                ja="調べた結果、登録されていないことを確認しました",
            ),
        )
    return Finding("unknown", why)


async def _receipt_of(seen: str, label: str, browser: Browser) -> str:
    """The receipt number in the row of what was seen, else at its label on the page; "" when the page shows none."""
    if not label:
        return ""
    wanted, key = nfkc(label).strip(), nfkc(seen).strip()
    for table in await seen_tables(browser.page):
        columns = [nfkc(column).strip() for column in table.columns]
        if wanted in columns:
            numbers = {
                row[columns.index(wanted)].strip()
                for row in table.rows
                if len(row) == len(columns) and any(key == nfkc(cell).strip() for cell in row)
            }
            if len(numbers) == 1:
                return numbers.pop()
    try:
        return await read_value(browser.page, label, patience=Patience(longest=1, quiet=0.5))
    except ApplicationError:
        return ""


async def _control_matches(verify: Verify, browser: Browser) -> bool:
    """Does the page's own count agree with the rows of a table on it?"""
    if not verify.control:
        return False
    try:
        said = await read_value(browser.page, str(verify.control), patience=Patience(longest=3, quiet=1))
    except ApplicationError:
        return False
    number = re.search(r"\d+", nfkc(said).replace(",", ""))
    counts = [sum(_is_record(row, table) for row in table.rows) for table in await seen_tables(browser.page)]
    return number is not None and int(number[0]) in (counts or [0])


def _is_record(row: tuple[str, ...], table: SeenTable) -> bool:
    """A row of data; one cell alone across a table of several columns is a remark ("no such claim")."""
    filled = sum(bool(cell.strip()) for cell in row)
    return filled > 1 or (filled == 1 and len(table.columns) == 1)


_NO_RECEIPT = Sentence(
    en="; the page shows no receipt number, so note it by hand",
    ja="。受付番号はその画面にないため、手作業で控えてください",
)
_UNREADABLE = Sentence(en="the look-up page could not be read", ja="確認用の画面を読めませんでした")
