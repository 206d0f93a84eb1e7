"""BAI2 cash management balance reporting: accounts of 02 groups, amounts in minor units. Source: BAI/X9 BTRS."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from bofbot.statements.day_notation import bad_date
from bofbot.statements.decoding import decode
from bofbot.statements.model import Control, Entry, Refused, Statement, no_statement
from bofbot.statements.notation import bad_amount
from bofbot.statements.options import Options
from bofbot.statements.progress import ticking
from bofbot.words import Sentence

NAME = "bai2"
_CODES = ("01", "02", "03", "16", "49", "88", "98", "99")
_NEXT_ON_LINE = re.compile(r"/\s*(?=(?:01|02|03|16|49|98|99|88),)")
_NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF", "XOF", "XAF"})
_THREE_DECIMALS = frozenset({"BHD", "KWD", "OMR", "JOD", "TND"})


@dataclass(slots=True)
class Record:
    """One logical record: its code, fields with continuations, and the physical records it took."""

    code: str
    fields: list[str]
    line: int
    physical: int = 1
    text: str = field(default="")


def recognise(head: bytes) -> bool:
    """A file header (01) followed by a group header (02), or a record code that BAI2 alone would begin with."""
    start = head.lstrip()[:4000]
    return start.startswith(b"01,") and re.search(rb"(?:^|\n|/\s*)02,", start) is not None


def read(data: bytes, options: Options) -> list[Statement]:
    """One statement per account record (03). Raises Refused."""
    records = _records(decode(data, options.encoding))
    statements: list[Statement] = []
    day, group_currency = None, ""
    account: Record | None = None
    details: list[Record] = []
    if not records or records[-1].code != "99":
        raise _cut(records[-1].line if records else 1)
    group_from = 0
    for index, record in enumerate(ticking(records, len(records), options)):
        if record.code == "02":
            day, group_currency, group_from = _group(record, options), _at(record, 5), index
        elif record.code == "03":
            account, details = record, []
        elif record.code == "16":
            if account is None:
                raise _misplaced(record)
            details.append(record)
        elif record.code == "49":
            if account is None:
                raise _misplaced(record)
            statements.append(_statement(account, details, record, day, group_currency))
            account = None
        elif record.code == "98" and statements:
            statements[-1] = _with_group(statements[-1], record, records[group_from : index + 1])
        elif record.code == "99" and statements:
            statements[-1] = _with_file(statements[-1], record, records)
    if account is not None:
        raise _cut(records[-1].line)
    if not statements:
        raise no_statement(Sentence(en="no account record (03).", ja="口座レコード（03）がありません。"))
    return statements


def _records(text: str) -> list[Record]:
    """Logical records: continuations (88) joined, several records on a line parted, broken lines put together."""
    records: list[Record] = []
    for number, line in enumerate(text.splitlines(), 1):
        for part in _NEXT_ON_LINE.split(line):
            written = part.strip(" \x1a")
            if not written:
                continue
            code = written[:2]
            if code not in _CODES or written[2:3] not in (",", "/", ""):
                if not records:
                    raise _unknown_record(written, number)
                records[-1].text += " " + written
                continue
            if code == "88":
                if not records:
                    raise _unknown_record(written, number)
                records[-1].text += ("," if records[-1].code == "03" else " ") + written[3:].removesuffix(
                    "/"
                ).rstrip()
                records[-1].physical += 1
                continue
            records.append(Record(code, [], number, 1, written[3:].removesuffix("/").rstrip()))
    for record in records:
        record.fields = record.text.split(",")
    return records


def _group(record: Record, options: Options) -> date:
    written = _at(record, 3)
    day = _day(written)
    if day is None:
        raise bad_date(written, record.line)
    return day


def _day(written: str) -> date | None:
    if len(written) != 6 or not (written.isascii() and written.isdigit()):
        return None
    try:
        return date(2000 + int(written[:2]), int(written[2:4]), int(written[4:]))
    except ValueError:
        return None


def _at(record: Record, index: int) -> str:
    """A field by its number after the record code, from 0; "" when it is left out."""
    return record.fields[index].strip() if index < len(record.fields) else ""


def _statement(
    account: Record, details: list[Record], end: Record, day: date | None, group_currency: str
) -> Statement:
    currency = _at(account, 1) or group_currency
    assert day is not None or account
    if day is None:
        raise _misplaced(account)
    places = 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
    summary, total = _summary(account)
    entries = []
    for detail in details:
        entry, raw = _entry(detail, day, places)
        total += raw
        if entry is not None:
            entries.append(entry)
    physical = account.physical + end.physical + sum(detail.physical for detail in details)
    return Statement(
        account=_at(account, 0), currency=currency, entries=tuple(entries),
        opening=_scaled(summary.get("010"), places), closing=_scaled(summary.get("015"), places),
        first_day=day, last_day=day,
        controls=tuple(_controls(end, ("account-total", total), ("record-count", Decimal(physical)))),
    )  # fmt: skip


def _summary(account: Record) -> tuple[dict[str, Decimal], Decimal]:
    """Type code → amount of the 03 record and its continuations, and the sum of all amounts (for the 49 record)."""
    fields = [part.strip() for part in account.fields[2:]]
    found: dict[str, Decimal] = {}
    total = Decimal(0)
    at = 0
    while at < len(fields):
        code = fields[at]
        if not (code.isascii() and code.isdigit() and len(code) == 3):
            at += 1
            continue
        written = fields[at + 1] if at + 1 < len(fields) else ""
        if written:
            amount = _whole(written, account.line)
            found.setdefault(code, amount)
            total += amount
        at += 3 + _funds_fields(fields, at + 3)
    return found, total


def _funds_fields(fields: list[str], at: int) -> int:
    """How many fields the funds type at `at` takes, itself included."""
    kind = fields[at].upper() if at < len(fields) else ""
    if kind == "S":
        return 4
    if kind == "V":
        return 3
    if kind == "D":
        count = fields[at + 1] if at + 1 < len(fields) else "0"
        return 2 + 2 * int(count) if count.isascii() and count.isdigit() and int(count) < 1000 else 2
    return 1


def _entry(record: Record, day: date, places: int) -> tuple[Entry | None, Decimal]:
    code, written = _at(record, 0), _at(record, 1)
    if not (code.isascii() and code.isdigit()):
        raise _misplaced(record)
    raw = _whole(written or "0", record.line)
    sign = _sign(int(code))
    rest = record.fields[2:]
    taken = _funds_fields([part.strip() for part in rest], 0)
    value = _day(rest[1].strip()) if rest and rest[0].strip().upper() == "V" and len(rest) > 1 else None
    bank = rest[taken].strip() if taken < len(rest) else ""
    own = rest[taken + 1].strip() if taken + 1 < len(rest) else ""
    text = ",".join(rest[taken + 2 :]).strip() or own
    if sign == 0:
        return None, raw
    amount = _scaled(raw, places)
    assert amount is not None
    return Entry(day, sign * amount, " ".join(text.split()), None, value, bank or own, "", record.line), raw


def _sign(code: int) -> int:
    """Credits 100-399 and 920-959, debits 400-699 and 960-999; 890 carries words only. Loans (700-799) go by half."""
    if code == 890:
        return 0
    if 100 <= code <= 399 or 920 <= code <= 959:
        return 1
    if 400 <= code <= 699 or 960 <= code <= 999:
        return -1
    return 1 if 720 <= code <= 799 else -1


def _whole(written: str, line: int) -> Decimal:
    bare = written.strip()
    if not re.fullmatch(r"[+-]?\d{1,20}", bare, re.ASCII):
        raise bad_amount(written, line)
    return Decimal(bare)


def _scaled(amount: Decimal | None, places: int) -> Decimal | None:
    return None if amount is None else amount.scaleb(-places)


def _with_group(statement: Statement, record: Record, group: list[Record]) -> Statement:
    total = _stated_sum(group, "49")
    accounts = sum(r.code == "49" for r in group)
    physical = sum(r.physical for r in group)
    return _adding(
        statement,
        record,
        ("group-total", total),
        ("account-count", Decimal(accounts)),
        ("group-records", Decimal(physical)),
    )


def _with_file(statement: Statement, record: Record, records: list[Record]) -> Statement:
    total = _stated_sum(records, "98")
    groups = sum(r.code == "98" for r in records)
    physical = sum(r.physical for r in records)
    return _adding(
        statement,
        record,
        ("file-total", total),
        ("group-count", Decimal(groups)),
        ("file-records", Decimal(physical)),
    )


def _stated_sum(records: list[Record], code: str) -> Decimal:
    """The sum of what the trailers of one level state; a trailer may leave it blank."""
    stated = [r for r in records if r.code == code and _at(r, 0).strip()]
    return sum((_whole(_at(r, 0), r.line) for r in stated), Decimal(0))


def _adding(statement: Statement, record: Record, *figures: tuple[str, Decimal]) -> Statement:
    return replace(statement, controls=(*statement.controls, *_controls(record, *figures)))


def _controls(trailer: Record, *figures: tuple[str, Decimal]) -> list[Control]:
    """What a trailer states beside what was found; a blank states nothing."""
    return [
        Control(name, _whole(_at(trailer, index), trailer.line), found, trailer.line)
        for index, (name, found) in enumerate(figures)
        if _at(trailer, index).strip()
    ]


def _cut(line: int) -> Refused:
    return Refused(
        "cut-file",
        Sentence(
            en="The trailer records are missing: the file is cut.",
            ja="トレーラー・レコードがありません。ファイルが途中で切れています。",
        ),
        line=line,
    )


def _misplaced(record: Record) -> Refused:
    return Refused(
        "record-order",
        Sentence(
            en=f"A record {record.code} cannot stand here.",
            ja=f"ここに {record.code} のレコードは現れないはずです。",
        ),
        line=record.line,
    )


def _unknown_record(written: str, line: int) -> Refused:
    return Refused(
        "unknown-record",
        Sentence(
            en=f"This is no BAI2 record: {written[:30]}", ja=f"BAI2 のレコードではありません：{written[:30]}"
        ),
        line=line,
    )
