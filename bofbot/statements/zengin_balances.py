"""残高通知 (全銀 04): one statement for every account, with its balance and no entries.

支払可能残高 = 現在残高 − 他店券残高 + 貸越極度額 is the only arithmetic such a file has; where it states the former, it proves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bofbot.statements.model import Check, Control, Statement, no_statement
from bofbot.statements.notation import bad_amount
from bofbot.statements.zengin_layouts import NAMES, RecordKind
from bofbot.statements.zengin_records import Fields, Group
from bofbot.words import Sentence

_SIGNS = ("1", "2")
"""貸越区分: 1 in credit, 2 overdrawn."""


def balances(groups: list[Group], end: tuple[int, str], fields: Fields) -> list[Statement]:
    """The accounts of every group. Raises Refused. Stated numbers of records are proved with the last account."""
    found: list[Statement] = []
    controls: list[Control] = []
    for group in groups:
        accounts = [_account(record, line, fields) for line, record in group.numbered]
        stated = fields.number(group.trailer, "trailer", "records", group.trailer_line)
        controls.append(Control("account-count", stated, Decimal(len(accounts)), group.trailer_line))
        found += accounts
    if not found:
        raise no_statement(Sentence(en="it names no account.", ja="口座のレコードがありません。"))
    line, record = end
    if fields.raw(record, "end", "total").strip():
        controls.append(
            Control("record-count", fields.number(record, "end", "total", line), Decimal(line), line)
        )
    return [*found[:-1], replace(found[-1], controls=tuple(controls))]


def _account(record: str, line: int, fields: Fields) -> Statement:
    balance = _signed(record, line, fields, "balance", "overdraft")
    account = fields.raw(record, "data", "account").strip()
    return Statement(
        account=account[-7:] if len(account) > 7 and not account[:-7].strip("0") else account, currency="JPY",
        entries=(), closing=balance, last_day=fields.day(record, "data", "day", line), kind="balance",
        title=fields.words(record, "data", "owner", line), number=NAMES["04"],
        checks=tuple(_payable(record, line, fields, balance)),
    )  # fmt: skip


def _payable(record: str, line: int, fields: Fields, balance: Decimal) -> list[Check]:
    """What can be paid out, where the bank states it: a copy of the balance that its own sum must agree with."""
    if fields.raw(record, "data", "payable_overdraft") not in _SIGNS:
        return []
    stated = _signed(record, line, fields, "payable", "payable_overdraft")
    cheques = fields.number(record, "data", "other_cheques", line)
    found = balance - cheques + fields.number(record, "data", "limit", line)
    if stated == found:
        detail = Sentence(
            en=f"balance − cheques of other banks + overdraft limit = payable balance {stated:f}",
            ja=f"現在残高－他店券残高＋貸越極度額＝支払可能残高 {stated:,f}",
        )
        return [Check("payable-balance", True, detail, line=line, proves=True)]
    detail = Sentence(
        en=f"balance − cheques of other banks + overdraft limit {found:f}, but payable balance {stated:f}",
        ja=f"現在残高－他店券残高＋貸越極度額 {found:,f} に対して支払可能残高 {stated:,f}",
    )
    return [Check("payable-balance", False, detail, stated - found, line)]


def _signed(record: str, line: int, fields: Fields, field: str, flag: str) -> Decimal:
    kind: RecordKind = "data"
    sign = fields.raw(record, kind, flag)
    if sign not in _SIGNS:
        raise bad_amount(f"貸越区分 {sign}", line)
    return fields.balance(record, kind, line, field, flag)
