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
from bofbot.statements.model import Entry, Refused, Statement
from bofbot.statements.mt940_frame import Frame, read_amount, read_day
from bofbot.statements.mt940_pairs import described, pieces
from bofbot.statements.options import Options
from bofbot.words import Sentence

NAME = "mt940"

_TAG = re.compile(r"\n[ \t]*:(\d\d[A-Z]?|NS):", re.ASCII)
_END = re.compile(r"\n[ \t]*-[ \t]*(?:\n|\Z)")
_LINE_TAG = re.compile(rb"(?m)^\s{0,2}:(20|25|28C?|60[FM]|61|62[FM]|13D?|34F|86):")
_ENTRY = re.compile(
    r"(\d{6})(?:(\d{4})| {4})?(R[CD]|E[CD]|[CD])([A-Z])?\s?([\d.,]+)(?:\s*[A-Z][A-Z0-9 ]{3}(.*)|\s*)\Z",
    re.ASCII,
)
_BLOCKS = re.compile(r"\{[1235]:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{4:|-\}")
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
    frame = Frame()
    entries: list[Entry] = []
    last: _Open | None = None
    following: Item | None = None
    for item in chain((head,), items):
        if isinstance(item, list):
            entries += _run(last, item, described=frame.closing is None)
            last = None
            continue
        tag, content, line = item
        if tag == "61":
            if last is not None:
                entries.append(_closed(last))
            last = _entry(content, line)
        elif tag in ("86", "NS"):
            if last is not None and not (frame.closing is not None and tag == "86"):
                last = _described(last, content)
        elif tag == "20" and item is not head:
            following = item
            break
        else:
            frame.take(tag, content, line)
    if last is not None:
        entries.append(_closed(last))
    return frame.around(entries), following


def _run(last: _Open | None, run: list[Entry], *, described: bool) -> list[Entry]:
    """The entry before a run, if any, and the run: behind the closing balance descriptions are the statement's."""
    if not described:
        run = [entry._replace(text="", counterparty="") for entry in run]
    return run if last is None else [_closed(last), *run]


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
        amount = read_amount(amount_text, line)
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
    value = read_day(value_text)
    return (_entry_day(entry_text, value) if entry_text and value else value), value


def _entry_day(text: str, value: date) -> date:
    """MMDD of the booking, in the year that lies nearest to the value date. A wrong one gives way to the value date:
    some banks leave rubbish there."""
    month = int(text[:2])
    year = value.year + (1 if value.month - month > 6 else -1 if month - value.month > 6 else 0)
    try:
        return date(year, month, int(text[2:]))
    except ValueError:
        return value


def _described(entry: _Open, content: str) -> _Open:
    """The entry with its :86: text; structured ?20 … ?33 fields become text and counterparty."""
    day, amount, text, value, reference, who, line = entry
    told, party = described(content)
    if "?" in content[:6]:
        text, who = told, party
    else:
        text = f"{text} {told}".strip() if text else told
    return day, amount, text, value, reference, who, line
