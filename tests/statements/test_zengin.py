"""全銀: 残高通知, amounts of twelve digits, time deposits; records of our own making after the layouts of AP-I-12."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bofbot.statements.model import Refused
from bofbot.statements.options import Options
from bofbot.statements.reading import proved, read_bytes

TODAY = Options(today=date(2026, 11, 1))


def record(*fields: tuple[str | int, int]) -> str:
    text = "".join(str(v).zfill(w) if isinstance(v, int) else v.ljust(w) for v, w in fields)
    assert len(text) <= 200, text
    return text.ljust(200)


def head_of_balances(branch: str) -> str:
    return record(
        ("10410", 5), ("081101", 6), (1234567890, 10), ("ｶ)ﾐﾄﾞﾘ", 40), ("0001", 4), ("ﾐｽﾞﾎ", 15), (branch, 3), ("ｼﾝｼﾞﾕｸ", 15)
    )  # fmt: skip


def balance(
    account: int, amount: int, *, cheques: int = 0, limit: int = 0, payable: int | None = None
) -> str:
    paid = amount - cheques + limit if payable is None else payable
    return record(
        ("2", 1), ("081031", 6), ("1800", 4), ("227", 3), ("000", 3), ("1", 1), (account, 10), (0, 4), ("ｶ)ﾐﾄﾞﾘ", 40),
        ("1" if amount >= 0 else "2", 1), (abs(amount), 14), (cheques, 14), (limit, 14),
        ("1" if paid >= 0 else "2", 1), (abs(paid), 14), ("1", 1), (8_100_000, 14), ("081028", 6),
    )  # fmt: skip


def notice(*accounts: str, count: int | None = None) -> bytes:
    lines = [head_of_balances("227"), *accounts]
    lines.append(record(("8", 1), (len(accounts) if count is None else count, 7)))
    lines.append(record(("9", 1), (len(lines) + 1, 10)))
    return "\r\n".join(lines).encode("cp932")


def test_a_balance_notice_is_one_statement_for_every_account() -> None:
    data = notice(balance(1234567, 8_452_000), balance(7654321, -50_000, cheques=1_000, limit=3_000_000))
    found = proved(read_bytes(data, options=TODAY))
    assert [(s.account, s.closing, s.last_day, s.count, p.outcome) for s, p in found] == [
        ("1234567", Decimal(8_452_000), date(2026, 10, 31), 0, "verified"),
        ("7654321", Decimal(-50_000), date(2026, 10, 31), 0, "verified"),
    ]
    assert found[0][0].kind == "balance"
    assert found[0][0].title == "カ)ミドリ"


def test_balances_that_do_not_agree_with_what_can_be_paid_are_told() -> None:
    [(_, proof)] = proved(read_bytes(notice(balance(1, 500, payable=501)), options=TODAY))
    assert proof.outcome == "discrepancy"
    assert [(check.id, check.difference) for check in proof.checks if check.ok is False] == [
        ("payable-balance", Decimal(1))
    ]


def test_a_missing_balance_record_is_told() -> None:
    [(_, proof)] = proved(read_bytes(notice(balance(1, 500), count=2), options=TODAY))
    assert proof.outcome == "discrepancy"


def test_a_balance_without_its_sign_is_refused() -> None:
    line = balance(1, 500)
    with pytest.raises(Refused) as refused:
        read_bytes(notice(line[:72] + " " + line[73:]), options=TODAY)
    assert (refused.value.reason, refused.value.line) == ("bad-amount", 2)


def credits(*lines: str, total: int) -> bytes:
    head = record(
        ("1010", 4), ("081101" * 3, 18), ("0001", 4), ("ﾐｽﾞﾎ", 15), ("227", 3), ("ｼﾝｼﾞﾕｸ", 15), ("1", 1), (1234567, 7), ("ｶ)ﾐﾄﾞﾘ", 40)
    )  # fmt: skip
    tail = record(("8", 1), (len(lines), 6), (total, 12), (0, 6), (0, 12))
    return "\r\n".join([head, *lines, tail, record(("9", 1))]).encode("cp932")


def credit(amount: int, wide: str, edi: str = "") -> str:
    return record(
        ("2", 1), (1, 6), ("081031" * 2, 12), (amount, 10), (0, 10), (0, 10), ("ｶ)ｻｸﾗ", 48), ("", 15), ("", 15), ("", 1),
        (wide, 24) if wide else (edi, 24), (edi if wide else "", 20),
    )  # fmt: skip


def test_credits_of_twelve_digits() -> None:
    large = 30_000_000_000
    data = credits(credit(0, f"{large:012}{0:012}", "EDI1"), credit(5_000, "0" * 24), total=large + 5_000)
    [(statement, proof)] = proved(read_bytes(data, options=TODAY))
    assert [entry.amount for entry in statement.entries] == [Decimal(large), Decimal(5_000)]
    assert statement.entries[0].text == "カ)サクラ EDI1"
    assert proof.outcome == "verified"


def test_twenty_figures_of_edi_are_no_amount() -> None:
    data = credits(credit(5_000, "", "12345678901234567890"), total=5_000)
    [(statement, proof)] = proved(read_bytes(data, options=TODAY))
    assert (statement.sum, statement.entries[0].text, proof.outcome) == (
        Decimal(5_000),
        "カ)サクラ 12345678901234567890",
        "verified",
    )


def test_two_amounts_in_one_credit_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_bytes(credits(credit(5_000, f"{6_000:012}{0:012}"), total=6_000), options=TODAY)
    assert (refused.value.reason, refused.value.line) == ("two-amounts", 2)


def test_the_figures_of_a_time_deposit_are_not_its_payer() -> None:
    head = record(
        ("1030", 4), ("081101" * 3, 18), ("0001", 4), ("ﾐｽﾞﾎ", 15), ("227", 3), ("ｼﾝｼﾞﾕｸ", 15), ("000", 3), ("6", 1), (7654321, 10),
        ("ｶ)ﾐﾄﾞﾘ", 40), ("1", 1), ("2", 1), (1_000_000, 14),
    )  # fmt: skip
    interest = record(
        ("2", 1), (1, 8), ("081031" * 2, 12), ("1", 1), ("15", 2), (1_200, 12), (0, 12), (0, 12), ("0", 1), (0, 7), ("227", 3),
        ("071031", 6), ("001200", 6), ("081031", 6), ("1000000", 7), (1_500, 11), (0, 6), (0, 1), (0, 4), (0, 6), (0, 9),
        (1_500, 11), ("2", 1), ("2031", 4), (300, 10), (1_200, 11), ("ﾘｿｸ", 20), (0, 5), ("1", 1),
    )  # fmt: skip
    tail = record(("8", 1), (1, 6), (1_200, 13), (0, 6), (0, 13), ("1", 1), (1_001_200, 14), (1, 7))
    data = "\r\n".join([head, interest, tail, record(("9", 1), (4, 10), (1, 5))]).encode("cp932")
    [(statement, proof)] = proved(read_bytes(data, options=TODAY))
    entry = statement.entries[0]
    assert (entry.amount, entry.text, entry.counterparty) == (Decimal(1_200), "継続 リソク", "")
    assert proof.outcome == "verified"
