"""A side that names its incoming amounts alone means the incoming rows alone, and says so."""

from __future__ import annotations

from decimal import Decimal

from bofbot.reconcile.engine import reconcile
from bofbot.records import Row, Table


def _table(*rows: dict[str, object]) -> Table:
    return Table(tuple(rows[0]), tuple(Row(row) for row in rows))


def test_rows_that_paid_out_are_left_out_and_counted() -> None:
    bank = _table(
        {"取引日": "2026-10-01", "お預り金額": Decimal(500), "摘要": "カ）アオバ"},
        {"取引日": "2026-10-02", "お預り金額": None, "摘要": "ヤチン"},
        {"取引日": "2026-10-03", "お預り金額": "", "摘要": "デンキダイ"},
    )
    ledger = _table(
        {"請求番号": "A-1", "入金予定日": "2026-10-01", "請求額": Decimal(500), "取引先": "アオバ"}
    )
    columns = ({"date": "取引日", "in": "お預り金額", "text": "摘要"}, {})
    result = reconcile(bank, ledger, names=("銀行", "売掛金"), columns=columns)
    assert [entry.amount for entry in result.left] == [Decimal(500)]
    assert "銀行：お預り金額 のない行 2 行を除きました" in [said.ja for said in result.assumptions]
