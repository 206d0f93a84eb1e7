"""What is only suggested is likely; what has equals is ambiguous, with the equals beside it."""

from __future__ import annotations

from bofbot.reconcile.engine import reconcile
from tests.reconcile.tables import bank, found, ledger, table


def test_interchangeable_rows_are_ambiguous_and_list_each_other() -> None:
    result = reconcile(
        bank(("B1", "2026/04/30", 110000, "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B2", "2026/04/30", 33000, "ﾌﾘｺﾐ ｶ)ｱｻﾋｶｶﾞｸ")),
        ledger(
            ("I1", "2026/04/30", 110000, "ニッシンデンキ"),
            ("I2", "2026/04/30", 110000, "ニッシンデンキ"),
            ("I3", "2026/04/30", 33000, "アサヒカガク"),
        ),
    )
    assert found(result) == [("B2", "I3", "confirmed"), ("B1", "I1", "ambiguous")]
    match = result.matches[1]
    assert "interchangeable" in match.why.en
    assert [result.right[row].id for _, rows, _ in match.alternatives for row in rows] == ["I2"]


def test_a_number_that_names_one_of_the_twins_tells_them_apart() -> None:
    result = reconcile(
        bank(
            ("B1", "2026/04/30", 110000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ INV-0012"), ("B2", "2026/04/30", 33000, "ﾌﾘｺﾐ ｶ)ｱｻﾋｶｶﾞｸ")
        ),
        ledger(
            ("INV-0011", "2026/04/30", 110000, "ニッシンデンキ"),
            ("INV-0012", "2026/04/30", 110000, "ニッシンデンキ"),
            ("INV-0013", "2026/04/30", 33000, "アサヒカガク"),
        ),
    )
    assert ("B1", "INV-0012", "confirmed") in found(result)


def test_equal_ids_tell_twins_of_one_day_apart() -> None:
    rows = [
        {"transaction_id": f"TX-{k}", "date": "2026-01-04", "amount": "45.00", "description": "paper"}
        for k in range(1, 4)
    ]
    result = reconcile(table(rows), table(rows[::-1]))
    assert found(result) == [(f"TX-{k}", f"TX-{k}", "confirmed") for k in range(1, 4)]
