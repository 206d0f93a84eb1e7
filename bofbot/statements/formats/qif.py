"""QIF, the Quicken interchange format: bank, cash, card and investment sections. Source: Quicken's 1997 description."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bofbot.statements.day_notation import bad_date, date_notation
from bofbot.statements.decoding import decode
from bofbot.statements.model import Check, Entry, Refused, Remark, Statement
from bofbot.statements.notation import bad_amount, decimal_mark, read_amount
from bofbot.statements.options import Options
from bofbot.words import Sentence

NAME = "qif"
_MONEY = frozenset({"bank", "cash", "ccard", "oth a", "oth l", "invst", "port"})
_LISTS = frozenset(
    {"cat", "class", "memorized", "security", "prices", "account", "budget", "invitem", "template", "tag"}
)
_FIRST_LINE = re.compile(rb"(?mi)^!(type:|account|option:|clear:)")
_APOSTROPHE_YEAR = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*'\s*(\d{1,4})")
_WITHOUT_CASH = frozenset(
    {"shrsin", "shrsout", "reinvdiv", "reinvint", "reinvlg", "reinvsh", "reinvmd", "stksplit", "reminder"}
)
_CASH_OUT = frozenset({"buy", "miscexp", "xout", "withdrwx", "margint", "cvrshrt", "buyx", "miscexpx"})


@dataclass(slots=True)
class _Block:
    """One record: its first field of each letter, and the line it began on."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    splits: list[str] = field(default_factory=list)
    """Amounts of the parts a record is split into."""


def recognise(head: bytes) -> bool:
    """A section line beginning with `!`."""
    return (
        b"!" in head
        and _FIRST_LINE.search(head[:16384]) is not None
        and not head.lstrip().startswith((b"<", b"{"))
    )


def read(data: bytes, options: Options) -> list[Statement]:
    """One statement per account; sections that name none belong together. Raises Refused."""
    text = decode(data, options.encoding)
    by_account: dict[str, list[tuple[_Block, str]]] = {}
    for account, section, block in _blocks(text):
        by_account.setdefault(account, [])
        if block is not None:
            by_account[account].append((block, section))
    filled = (
        {account: blocks for account, blocks in by_account.items() if blocks}
        or dict(list(by_account.items())[:1])
        or {"": []}
    )
    every = [block for blocks in filled.values() for block, _ in blocks]
    reading = date_notation([_day_text(block.fields.get("D", "")) for block in every], today=options.today)
    amounts = [block.fields.get("T") or block.fields.get("U") or "" for block in every]
    mark = decimal_mark(amounts) or "."
    remarks = () if reading.settled else (_SWAPPED,)
    result = []
    for account, blocks in filled.items():
        entries = [_entry(block, section, reading.read, mark) for block, section in blocks]
        result.append(_statement(account, entries, blocks, remarks, _split_checks(blocks, mark)))
    return result


_SWAPPED = Remark(
    "day-and-month",
    Sentence(en="Days and months could be swapped throughout.", ja="日と月の順が日付からは決まりません。"),
)
_EMPTY = Remark(
    "no-entries",
    Sentence(
        en="the file lists accounts or categories, but no entry",
        ja="口座や分類の一覧だけで、明細がありません",
    ),
)


def _statement(
    account: str,
    entries: list[Entry],
    blocks: list[tuple[_Block, str]],
    remarks: tuple[Remark, ...],
    checks: tuple[Check, ...],
) -> Statement:
    invested = any(section in ("invst", "port") for _, section in blocks)
    ordered = entries[::-1] if entries and entries[0].date > entries[-1].date else entries
    return Statement(
        account=account, currency="", entries=tuple(ordered), kind="investment" if invested else "account",
        remarks=remarks if entries else (*remarks, _EMPTY), checks=checks,
    )  # fmt: skip


def _blocks(text: str) -> list[tuple[str, str, _Block | None]]:
    """(account, section, record) of every record that moves money; an account without records has a None."""
    found: list[tuple[str, str, _Block | None]] = []
    account, section, listing = "", "bank", False
    block = _Block(1)
    for number, line in enumerate(text.splitlines(), 1):
        written = line.strip("\x1a \t\ufeff")
        if written.startswith("!"):
            word = written[1:].strip().lower()
            if word.startswith("option:autoswitch"):
                listing = True
            elif word.startswith("clear:autoswitch"):
                listing = False
            if not word.startswith(("option:", "clear:")):
                section = _section(word, number)
            block = _Block(number + 1)
        elif written.startswith("^"):
            account = _finish(found, block, section, account, listing)
            block = _Block(number + 1)
        elif written and not written.startswith("#"):
            block.fields.setdefault(written[0], written[1:].strip())
            if written[0] == "$":
                block.splits.append(written[1:].strip())
    if block.fields and section in _MONEY and not text.endswith(("\n", "\r", "\x1a")):
        raise _cut(block.line)
    _finish(found, block, section, account, listing)
    return found


def _cut(line: int) -> Refused:
    return Refused(
        "cut-file",
        Sentence(
            en="The last record has no end (^): the file is cut.",
            ja="最後の記録に終わりの印（^）がありません。ファイルが途中で切れています。",
        ),
        line=line,
    )


def _section(word: str, line: int) -> str:
    name = word.removeprefix("type:").strip()
    if name in _MONEY or name in _LISTS:
        return name
    raise Refused(
        "unknown-section",
        Sentence(
            en=f"This QIF section is not known: {name[:40]}", ja=f"QIF の区分が分かりません：{name[:40]}"
        ),
        line=line,
    )


def _finish(
    found: list[tuple[str, str, _Block | None]], block: _Block, section: str, account: str, listing: bool
) -> str:
    """File a finished record away; returns the account that the next records belong to."""
    if not block.fields:
        return account
    if section == "account":
        name = block.fields.get("N", "")
        found.append((name, section, None))
        return account if listing else name
    if section in _MONEY:
        found.append((account, section, block))
    return account


def _day_text(written: str) -> str:
    """`6/21'1` and `6/ 1/94` as plain month/day/year; the apostrophe stands for the 2000s."""
    found = _APOSTROPHE_YEAR.fullmatch(written)
    if found:
        year = int(found[3])
        return f"{found[1]}/{found[2]}/{year + 2000 if year < 1900 else year}"
    return re.sub(r"\s+", "", written) if "/" in written else written


def _entry(block: _Block, section: str, reading: object, mark: str) -> Entry:
    fields = block.fields
    day: date | None = reading(_day_text(fields.get("D", "")))  # type: ignore[operator]
    if day is None:
        raise bad_date(fields.get("D", ""), block.line)
    invested = section in ("invst", "port")
    written = fields.get("T") or fields.get("U") or ("0" if invested else "")
    amount = read_amount(written, mark)
    if amount is None:
        raise bad_amount(written, block.line)
    _agree(block, written, amount, mark)
    action = fields.get("N", "")
    if invested:
        amount = _cash(amount, action.lower())
    who = fields.get("P", "") or (fields.get("Y", "") if invested else "")
    text = " ".join(part for part in (action if invested else "", who, fields.get("M", "")) if part)
    reference = "" if invested else action
    return Entry(day, amount, text, None, None, reference, who, block.line)


def _agree(block: _Block, written: str, amount: Decimal, mark: str) -> None:
    """A record may state its amount twice (T and U); two different ones are no amount."""
    other = block.fields.get("U") or written
    if other != written and read_amount(other, mark) != amount:
        raise Refused(
            "two-amounts",
            Sentence(
                en=f"The record states two amounts: {written[:40]} and {other[:40]}",
                ja=f"1件に2つの金額があります：{written[:40]} と {other[:40]}",
            ),
            line=block.line,
        )


def _split_checks(blocks: list[tuple[_Block, str]], mark: str) -> tuple[Check, ...]:
    """The parts of a split record make up its amount."""
    split = [
        (block, read_amount(block.fields.get("T") or block.fields.get("U") or "", mark))
        for block, _ in blocks
        if block.splits
    ]
    for block, whole in split:
        parts = [read_amount(part, mark) for part in block.splits]
        known = [part for part in parts if part is not None]
        if whole is not None and len(known) == len(parts) and sum(known, Decimal(0)) != whole:
            difference = whole - sum(known, Decimal(0))
            return (
                Check("splits", False, Sentence(
                    en=f"line {block.line}: the parts make {whole - difference:f}, the record states {whole:f}: difference {difference:f}",
                    ja=f"{block.line} 行目：内訳の合計 {whole - difference:,f} が金額 {whole:,f} と合いません。差額 {difference:,f}",
                ), difference, block.line),
            )  # fmt: skip
    if not split:
        return ()
    return (
        Check(
            "splits",
            True,
            Sentence(
                en=f"the parts of {len(split)} split records add up",
                ja=f"内訳のある {len(split)} 件は合計が一致",
            ),
        ),
    )


def _cash(amount: Decimal, action: str) -> Decimal:
    """The cash effect of an investment action: shares moved or reinvested move none."""
    if action in _WITHOUT_CASH:
        return Decimal(0)
    return -abs(amount) if action in _CASH_OUT else amount
