"""What is only suggested is likely; what has equals is ambiguous, with the equals beside it."""

from __future__ import annotations

from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.model import Rule
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


def test_a_sum_that_comes_about_by_accident_is_not_confirmed() -> None:
    """Round amounts add up to round amounts: 33,000 + 55,000 is 88,000 whoever meant to pay what."""
    rows = [("I1", "2026/01/12", 33000), ("I2", "2026/01/30", 55000), ("I3", "2026/01/20", 110000)]
    fine = [("I1", "2026/01/12", 33127), ("I2", "2026/01/30", 54811), ("I3", "2026/01/20", 110345)]
    for ledger_rows, paid, doubtful in ((rows, 88000, True), (fine, 87938, False)):
        result = reconcile(
            bank(("B1", "2026/02/01", paid, "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B2", "2026/02/01", 41250, "ﾔﾏﾄｼｽﾃﾑ(ｶ")),
            ledger(
                *((*row, "ニッシンデンキ") for row in ledger_rows),
                ("I9", "2026/02/01", 41250, "ヤマトシステム"),
            ),
        )
        match = next(m for m in result.matches if len(m.right) == 2)
        assert match.grade == "suggested"
        assert ("by accident" in match.why.en) is doubtful


def test_rare_keys_tell_rows_apart() -> None:
    names = ("注文番号", "日付", "金額")
    left = [dict(zip(names, (f"P-{k}", "2026-01-04", 4500), strict=True)) for k in range(4)]
    right = [dict(zip(names, (f"P-{k}", "2026-01-04", 4500), strict=True)) for k in (3, 1, 2, 0)]
    rules = [Rule("注文", keys={"注文番号": "注文番号"})]
    columns = {"date": "日付", "amount": "金額", "注文番号": "注文番号"}
    result = reconcile(table(left), table(right), rules, columns=(columns, columns))
    pairs = {(result.left[m.left[0]].source.row, result.right[m.right[0]].source.row) for m in result.matches}
    assert pairs == {(2, 5), (3, 3), (4, 4), (5, 2)}
    assert {m.grade for m in result.matches} == {"confirmed"}


def test_a_number_against_the_name_of_another_customer_is_not_confirmed() -> None:
    columns = ("請求書番号", "得意先名カナ", "入金予定日", "請求金額")
    owed = [
        ("202604262", "マツモトフーズ", "2026-07-31", 88000),
        ("202604272", "オガワカイケイ", "2026-07-31", 55000),
        ("202604273", "ハヤシデンキ", "2026-07-31", 41250),
    ]
    result = reconcile(
        bank(
            ("B1", "2026/07/31", 55000, "ﾏﾂﾓﾄﾌ-ｽﾞ 202604272"),
            ("B2", "2026/07/31", 41250, "ﾊﾔｼﾃﾞﾝｷ 202604273"),
        ),
        table([dict(zip(columns, row, strict=True)) for row in owed]),
    )
    assert found(result) == [("B2", "202604273", "confirmed"), ("B1", "202604272", "suggested")]
    assert "another" in next(m.why.en for m in result.matches if m.grade == "suggested")
