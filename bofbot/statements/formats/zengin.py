"""全銀 files: 振込入金通知 (01), 入出金取引明細 (03), 残高通知 (04) and payment orders (総合振込, 給与, 賞与), with every total proved.

Fixed records of 200 or 120 characters; the separator is CRLF, LF, CR or nothing; 0x1A may follow; lines may have lost
their trailing blanks; UTF-8 copies are counted in characters. Years are those of a Japanese era."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bofbot.statements.model import Control, Entry, Kind, Refused, Statement
from bofbot.statements.notation import bad_amount
from bofbot.statements.options import Options
from bofbot.statements.zengin_balances import balances
from bofbot.statements.zengin_layouts import (
    LENGTH,
    NAMES,
    OTHER_TYPES,
    SAME_AS,
    SLICES,
    TIME_DEPOSITS,
    TRANSACTIONS,
    RecordKind,
)
from bofbot.statements.zengin_records import Fields, Group, groups_of, records_of, text_of
from bofbot.words import Sentence

NAME = "zengin"

_HEADER = re.compile(rb"1(0[1-49]|11|12|21|41|4[345]|71|72|9[1389])[01]\d{6}")
_EBCDIC_HEADER = re.compile(rb"\xf1[\xf0-\xf9]{2}[\xf0\xf1][\xf0-\xf9]{6}")
_KIND_OF: dict[str, Kind] = {"01": "movements", "03": "account", "21": "payments", "91": "payments"}


def recognise(head: bytes) -> bool:
    """A header record: データ区分 1, a known 種別コード, a code set, digits; or the same in EBCDIC."""
    start = head.removeprefix(b"\xef\xbb\xbf")[:200]
    if _EBCDIC_HEADER.match(start):
        return True
    return bool(_HEADER.match(start)) and b"," not in start[:20] and b"\t" not in start[:20]


def read(data: bytes, options: Options) -> list[Statement]:
    """One statement per header and trailer. Raises Refused."""
    if _EBCDIC_HEADER.match(data[:10]):
        raise Refused(
            "ebcdic",
            Sentence(
                en="The file is in EBCDIC; ask the bank for JIS (コード区分 0).",
                ja="EBCDIC のファイルは読めません。JIS（コード区分 0）で受け取ってください。",
            ),
            line=1,
        )
    text, encoding = text_of(data, options.encoding)
    business = text[1:3]
    layout = SAME_AS.get(business, business)
    if layout not in SLICES:
        name = OTHER_TYPES.get(business, "")
        raise Refused(
            "zengin-type",
            Sentence(
                en=f"全銀 type {business} ({name or 'unknown'}) is not a statement that can be read.",
                ja=f"種別コード {business}（{name or '不明'}）には対応していません。",
            ),
            line=1,
            fix=Sentence(
                en="Statements are types 01, 03 and 04.",
                ja="明細は種別コード 01（振込入金通知）・03（入出金取引明細）・04（残高通知）です。",
            ),
        )
    records = records_of(text, LENGTH[layout])
    groups, ended = groups_of(records, business, options)
    fields = Fields(layout, encoding, options.today)
    if layout == "04":
        return balances(groups, (ended, records[ended - 1]), fields)
    statements = [_statement(group, business, fields) for group in groups]
    return _with_totals(statements, records[ended - 1], ended, fields) if layout == "03" else statements


def _with_totals(found: list[Statement], end: str, ended: int, fields: Fields) -> list[Statement]:
    """The end record's totals stand for the whole file; they are proved with its last statement."""
    controls = found[-1].controls
    for field, name, counted in (("total", "record-count", ended), ("accounts", "account-count", len(found))):
        if fields.raw(end, "end", field).strip():
            controls += (Control(name, fields.number(end, "end", field, ended), Decimal(counted), ended),)
    return [*found[:-1], replace(found[-1], controls=controls)]


def _statement(group: Group, business: str, fields: Fields) -> Statement:
    header, line, layout = group.header, group.header_line, fields.layout
    entry = _ENTRY[layout]
    opening = closing = None
    if layout == "03":
        opening = fields.balance(header, "header", line)
        closing = fields.balance(group.trailer, "trailer", group.trailer_line)
    dated = layout in ("01", "03")
    account = fields.raw(header, "header", "account").strip()
    return Statement(
        account=account[-7:] if len(account) > 7 and not account[:-7].strip("0") else account, currency="JPY",
        entries=tuple([entry(record, number, header, fields) for number, record in group.numbered]),
        opening=opening, closing=closing,
        first_day=fields.day(header, "header", "from", line) if dated else None,
        last_day=fields.day(header, "header", "to", line) if dated else None,
        kind=_KIND_OF[layout], title=fields.words(header, "header", "owner", line), number=NAMES[business],
        controls=tuple(_controls(group, fields)),
    )  # fmt: skip


def _payment(record: str, line: int, header: str, fields: Fields) -> Entry:
    """One line of 総合振込, 給与振込 or 口座振替."""
    who = fields.words(record, "data", "payee", line)
    where = " ".join(
        fields.raw(record, "data", name).strip() for name in ("to_bank", "to_branch", "to_account")
    )
    amount = fields.number(record, "data", "amount", line)
    return Entry(fields.month_day(header, line), amount, where, counterparty=who, line=line)


def _credit(record: str, line: int, header: str, fields: Fields) -> Entry:
    """One line of 振込入金通知. Where format A leaves blanks, format B has two amounts of twelve digits."""
    wide = record[fields.slices["wide"]["wide_amount"]].isdigit() and record[_BLANK_IN_A].isdigit()
    kind: RecordKind = "wide" if wide else "data"
    amount = fields.number(record, kind, "amount", line)
    if wide and (large := fields.number(record, kind, "wide_amount", line)):
        if amount and amount != large:
            raise _two_amounts(line)
        amount = large
    amount = -amount if fields.raw(record, kind, "cancelled") == "1" else amount
    return _movement(record, line, kind, amount, fields)


_BLANK_IN_A = slice(148, 152)


def _booking(record: str, line: int, header: str, fields: Fields) -> Entry:
    """One line of 入出金取引明細. Time deposits have figures where other accounts have the payer's name."""
    kind: RecordKind = "time" if fields.raw(header, "header", "deposit") in TIME_DEPOSITS else "data"
    direction = fields.raw(record, kind, "direction")
    if direction not in ("1", "2"):
        raise bad_amount(f"入払区分 {direction}", line)
    amount = fields.number(record, kind, "amount", line)
    return _movement(record, line, kind, amount if direction == "1" else -amount, fields)


def _movement(record: str, line: int, kind: RecordKind, amount: Decimal, fields: Fields) -> Entry:
    known = fields.slices[kind]
    payer = fields.words(record, kind, "payer", line) if "payer" in known else ""
    told = [fields.words(record, kind, name, line) for name in ("text", "edi") if name in known]
    reason = TRANSACTIONS.get(fields.raw(record, kind, "reason"), "") if "reason" in known else ""
    return Entry(
        fields.day(record, kind, "day", line), amount, " ".join(word for word in (reason, payer, *told) if word), None,
        fields.day_if_any(record, kind, "value_day", line), fields.raw(record, kind, "number").strip(), payer, line,
    )  # fmt: skip


_ENTRY = {"01": _credit, "03": _booking, "21": _payment, "91": _payment}
_CONTROLS = {
    "01": {"credits": "credit-count", "credit_sum": "credit-sum", "cancels": "debit-count", "cancel_sum": "debit-sum"},
    "03": {
        "credits": "credit-count", "credit_sum": "credit-sum", "debits": "debit-count", "debit_sum": "debit-sum",
        "records": "entry-count",
    },
    "21": {"count": "entry-count", "sum": "entry-sum"},
    "91": {"count": "entry-count", "sum": "entry-sum"},
}  # fmt: skip


def _controls(group: Group, fields: Fields) -> Iterator[Control]:
    line = group.trailer_line
    for field, control in _CONTROLS[fields.layout].items():
        yield Control(control, fields.number(group.trailer, "trailer", field, line), line=line)


def _two_amounts(line: int) -> Refused:
    return Refused(
        "two-amounts",
        Sentence(en="The record states two amounts.", ja="金額(1)と金額(2)の両方に金額があります。"),
        line=line,
    )
