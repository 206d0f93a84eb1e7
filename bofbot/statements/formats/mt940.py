"""SWIFT MT940 and MT942: one statement per `:20:`. Source: SWIFT Standards MT, category 9, and banks' handbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, chain, count, repeat
from operator import add

from bofbot.statements.day_notation import bad_date
from bofbot.statements.decoding import decode
from bofbot.statements.model import Control, Entry, Refused, Remark, Statement
from bofbot.statements.mt940_pairs import described, pieces
from bofbot.statements.notation import bad_amount
from bofbot.statements.options import Options
from bofbot.words import Sentence

NAME = "mt940"

_TAG = re.compile(r"\n[ \t]*:(\d\d[A-Z]?|NS):", re.ASCII)
_END = re.compile(r"\n[ \t]*-[ \t]*(?:\n|\Z)")
_LINE_TAG = re.compile(rb"(?m)^\s{0,2}:(20|25|28C?|60[FM]|61|62[FM]|13D?|34F|86):")
_ENTRY = re.compile(
    r"(\d{6})(\d{4})?(R[CD]|E[CD]|[CD])([A-Z])?\s?([\d.,]+)(?:\s*[A-Z][A-Z0-9 ]{3}(.*)|\s*)\Z", re.ASCII
)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})?\s?([\d.,]*)", re.ASCII)
_SUMMARY = re.compile(r"(\d{1,5})([A-Z]{3})([\d.,]+)", re.ASCII)
_BLOCKS = re.compile(r"\{[1235]:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{4:|-\}")
_INTERIM = frozenset({"34F", "13D", "90D", "90C"})
Field = tuple[str, str, int]
"""Tag, content, line."""
Item = Field | list[Entry]


def recognise(head: bytes) -> bool:
    """Field tags of category 9 at the beginnings of lines."""
    if b":" not in head:
        return False
    tags = {found[1] for found in _LINE_TAG.finditer(head[:16384].replace(b"{4:", b"\n"))}
    return b"61" in tags or bool(tags & {b"60F", b"60M", b"62F", b"62M"}) or {b"20", b"25"} <= tags


def read(data: bytes, options: Options) -> list[Statement]:
    """Every statement of the file. Raises Refused."""
    items = _items(_text(data, options), options)
    found: list[Statement] = []
    head = next(items, None)
    while head is not None:
        statement, head = _statement(head, items)
        found.append(statement)
    return found


def _text(data: bytes, options: Options) -> str:
    text = decode(data, options.encoding)
    if "\r" in text:
        if text.count("\r") != text.count("\r\n"):
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = text.replace("\r", "")
    return _BLOCKS.sub(lambda block: "" if block[0] != "{4:" else "\n", text) if "{" in text else text


def _items(text: str, options: Options) -> Iterator[Item]:
    """The fields of the text, with the runs of plain entries among them read already."""
    whole = text.count("\n") + 1 if options.progress else 0
    for careful, entries, before in pieces(f"\n{text}", _days):
        if options.progress:
            options.progress(before / whole)
        yield from _fields(careful, before)
        if entries:
            yield entries


def _fields(text: str, before: int) -> Iterator[Field]:
    """Tags at the beginnings of lines, what follows each up to the next (or a line of one dash), and its line."""
    parts = _TAG.split(text)
    contents = parts[2::2]
    ended = accumulate(map(str.count, contents, repeat("\n")), initial=before + parts[0].count("\n") + 1)
    lines = map(add, ended, count())
    return zip(parts[1::2], map(_without_end, contents), lines, strict=False)


def _without_end(content: str) -> str:
    """Up to a line of one dash: what follows stands between two messages."""
    if "\n-" in content and (end := _END.search(content)):
        return content[: end.start()]
    return content


def _statement(head: Item, items: Iterator[Item]) -> tuple[Statement, Item | None]:
    """One statement, and the field that begins the next one."""
    account = currency = number = ""
    opening = closing = first_day = last_day = None
    entries: list[Entry] = []
    controls: list[Control] = []
    currencies: set[str] = set()
    interim = False
    last: _Open | None = None
    following: Item | None = None
    for item in chain((head,), items):
        if isinstance(item, list):
            entries += _run(last, item, described=closing is None)
            last = None
            continue
        tag, content, line = item
        if tag == "61":
            if last is not None:
                entries.append(_closed(last))
            last = _entry(content, line)
            continue
        if tag in ("86", "NS"):
            if last is not None and not (closing is not None and tag == "86"):
                last = _described(last, content)
            continue
        if tag == "20" and item is not head:
            following = item
            break
        interim = interim or tag in _INTERIM
        if tag in ("60F", "60M") and opening is None:
            opening, first_day, code = _balance(content, line)
            currencies.add(code)
        elif tag in ("60F", "60M") and closing is not None:
            page, _, code = _balance(content, line)
            currencies.add(code)
            controls.append(Control("page-balance", page, closing, line))
        elif tag in ("62F", "62M"):
            closing, last_day, code = _balance(content, line)
            currencies.add(code)
        elif tag in ("25", "25P") and not account:
            account = content.split("\n")[0].strip()
        elif tag in ("28C", "28") and not number:
            number = content.strip()
        elif tag in ("90D", "90C"):
            controls.extend(_summaries(tag, content, line))
            currencies |= {found[2] for found in (_SUMMARY.match(content),) if found}
        elif tag == "34F" and not currency:
            currency = content[:3]
    if last is not None:
        entries.append(_closed(last))
    if len(named := currencies - {""}) > 1:
        controls.append(Control("one-currency", Decimal(1), Decimal(len(named))))
    statement = Statement(
        account=account, currency=min(named, default=currency), entries=tuple(entries), opening=opening,
        closing=closing, last_day=last_day, number=number, controls=tuple(controls), remarks=_remarks(opening, closing, currencies),
        format="mt942" if interim and closing is None else "mt940",
        first_day=min({*([first_day] if first_day else []), *(e.date for e in entries)}, default=None) if last_day else None,
        kind="account" if opening is not None or closing is not None else "movements",
    )  # fmt: skip
    return statement, following


def _run(last: _Open | None, run: list[Entry], *, described: bool) -> list[Entry]:
    """The entry before a run, if any, and the run: behind the closing balance descriptions are the statement's."""
    if not described:
        run = [entry._replace(text="", counterparty="") for entry in run]
    return run if last is None else [_closed(last), *run]


def _remarks(opening: Decimal | None, closing: Decimal | None, currencies: set[str]) -> tuple[Remark, ...]:
    remarks: tuple[Remark, ...] = () if closing is not None or opening is None else (_NO_CLOSING,)
    return (*remarks, _NO_CURRENCY) if "" in currencies else remarks


_NO_CURRENCY = Remark(
    "balance-currency", Sentence(en="a balance names no currency", ja="通貨の書かれていない残高があります")
)
_NO_CLOSING = Remark(
    "no-closing-balance",
    Sentence(en="the statement has no closing balance (:62F:)", ja="最終残高（:62F:）がありません"),
)


_Open = tuple[date, Decimal, str, date, str, str, int]
"""An entry whose description may still follow: day, amount, text, value date, reference, counterparty, line."""


def _closed(entry: _Open) -> Entry:
    day, amount, text, value, reference, who, line = entry
    return tuple.__new__(Entry, (day, amount, text, None, value, reference, who, line))


def _entry(content: str, line: int) -> _Open:
    first, _, rest = content.partition("\n")
    found = _ENTRY.match(first)
    if found is None:
        raise Refused(
            "bad-entry",
            Sentence(
                en=f"This entry (:61:) cannot be read: {first[:60]}",
                ja=f"明細（:61:）を読めません：{first[:60]}",
            ),
            line=line,
        )
    value_text, entry_text, mark, _, amount_text, references = found.groups()
    booked, value = _days(value_text, entry_text)
    if value is None:
        raise bad_date(value_text, line)
    if amount_text.count(",") == 1 and "." not in amount_text and len(amount_text) > 1:
        amount = Decimal(amount_text.replace(",", "."))  # what nearly all entries are
    else:
        amount = _amount(amount_text, line)
    # RC takes a credit back and RD takes a debit back: the sign turns round.
    if mark in ("D", "RC", "ED"):
        amount = -amount
    owner, _, bank = references.partition("//") if references else ("", "", "")
    reference = bank.strip() or ("" if owner.startswith("NONREF") else owner.strip())
    text = rest.strip().replace("\n", " ") if rest else ""
    return booked or value, amount, text, value, reference, "", line


@lru_cache(maxsize=8192)
def _days(value_text: str, entry_text: str | None) -> tuple[date | None, date | None]:
    """Booking day and value date of an entry."""
    value = _day(value_text)
    return (_entry_day(entry_text, value) if entry_text and value else value), value


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    year = int(text[:2])
    try:
        return date(2000 + year if year < 80 else 1900 + year, int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def _entry_day(text: str, value: date) -> date:
    """MMDD of the booking, in the year that lies nearest to the value date. A wrong one gives way to the value date:
    some banks leave rubbish there."""
    month = int(text[:2])
    year = value.year + (1 if value.month - month > 6 else -1 if month - value.month > 6 else 0)
    try:
        return date(year, month, int(text[2:]))
    except ValueError:
        return value


def _amount(text: str, line: int) -> Decimal:
    if "." not in text and text.count(",") == 1 and len(text) > 1:
        return Decimal(text.replace(",", "."))
    whole, mark, fraction = text.partition(",")
    if not mark and text.count(".") == 1:
        whole, _, fraction = text.partition(".")
    digits = whole.replace(".", "") if mark else whole
    if (
        not (digits or fraction)
        or not f"{digits}{fraction}".isascii()
        or not f"0{digits}{fraction}".isdigit()
    ):
        raise bad_amount(text, line)
    return Decimal(f"{digits or 0}.{fraction}") if fraction else Decimal(digits)


def _balance(content: str, line: int) -> tuple[Decimal, date | None, str]:
    found = _BALANCE.match(content.strip())
    if not found or not found[4]:
        raise Refused(
            "bad-balance",
            Sentence(
                en=f"This balance cannot be read: {content[:40]}", ja=f"残高を読めません：{content[:40]}"
            ),
            line=line,
        )
    amount = _amount(found[4], line)
    return (-amount if found[1] == "D" else amount), _day(found[2]), found[3] or ""


def _summaries(tag: str, content: str, line: int) -> list[Control]:
    found = _SUMMARY.match(content.strip())
    if not found:
        return []
    side = "debit" if tag == "90D" else "credit"
    return [
        Control(f"{side}-count", Decimal(found[1]), line=line),
        Control(f"{side}-sum", _amount(found[3], line), line=line),
    ]


def _described(entry: _Open, content: str) -> _Open:
    """The entry with its :86: text; structured ?20 … ?33 fields become text and counterparty."""
    day, amount, text, value, reference, who, line = entry
    told, party = described(content)
    if "?" in content[:6]:
        text, who = told, party
    else:
        text = f"{text} {told}".strip() if text else told
    return day, amount, text, value, reference, who, line
