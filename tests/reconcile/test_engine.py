"""What is matched, what is not, and why: small cases, one thing each."""

from __future__ import annotations

import random
import re
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bofbot.errors import BusinessError
from bofbot.reconcile.choice.memory import Decision, Memory
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.model import AmountRule, Decide, GroupRule, Rule
from bofbot.reconcile.outcome.listing import as_json
from bofbot.records import Table

from .tables import bank, found, ledger, opened, table

DEAR = AmountRule(fee="ja-transfer", rounding=Decimal(1))
NAMED = Rule("name", party=0.86, amount=DEAR, days=(-10, 10))
SUMS = (
    Rule("one for several", party=0.86, amount=DEAR, group=GroupRule("1:N")),
    Rule("several for one", party=0.86, amount=DEAR, group=GroupRule("N:1")),
)
LONG = tuple(f"ｶ)ﾃｽﾄ{name}ｼﾖｳｼﾞ" for name in ("ｱｵｲ", "ﾊﾙｶ", "ﾐﾅﾄ", "ﾂﾊﾞｻ", "ｻｸﾗ"))


def test_exact_amount_and_name() -> None:
    result = reconcile(
        bank(("B1", "2026/01/05", "33,000", "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B2", "2026/01/06", "41,250", "ﾔﾏﾄｼｽﾃﾑ(ｶ")),
        ledger(("I1", "2026-01-05", 41250, "ヤマトシステム"), ("I2", "2026-01-05", 33000, "ニッシンデンキ")),
    )
    assert [(left, right) for left, right, _ in found(result)] == [("B1", "I2"), ("B2", "I1")]
    assert not result.breaks


def test_a_name_that_is_only_alike_is_never_confirmed_by_itself() -> None:
    result = reconcile(
        bank(("B1", "2026/01/05", "88,000", "ﾐﾄﾞﾘｺｳｷﾞﾖｳ(ｶ"), ("B2", "2026/01/05", "41,250", "ﾔﾏﾄｼｽﾃﾑ(ｶ")),
        ledger(
            ("I1", "2026-01-05", 88000, "ミドリカワコウギョウ"), ("I2", "2026-01-05", 41250, "ヤマトシステム")
        ),
    )
    assert found(result) == [("B2", "I2", "confirmed"), ("B1", "I1", "suggested")]
    assert "another name" in result.matches[1].why.en


def test_a_transfer_fee_is_explained_and_posted() -> None:
    result = reconcile(
        bank(("B1", "2026/01/05", 32670, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(("I1", "2026-01-05", 33000, "ニッシンデンキ")),
        [
            Rule(
                "fee",
                party=0.9,
                amount=AmountRule(fee="ja-transfer", post_as="支払手数料", alert="取適法"),
                days=(-3, 7),
                auto="yes",
            )
        ],
    )
    (match,) = result.matches
    assert match.difference == Decimal(-330)
    assert [(d.kind, d.amount, d.account) for d in match.differences] == [
        ("fee", Decimal(-330), "支払手数料")
    ]
    assert match.alerts == ("取適法",)
    assert ("支払手数料", "売掛金", Decimal(330)) in [(j.debit, j.credit, j.amount) for j in result.journal]


def test_fee_and_rounding_are_told_apart() -> None:
    result = reconcile(
        bank(("B1", "2026/01/05", 32671, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(("I1", "2026-01-05", 33000, "ニッシンデンキ")),
        [NAMED],
    )
    assert [(d.kind, d.amount) for d in result.matches[0].differences] == [
        ("fee", Decimal(-330)),
        ("rounding", Decimal(1)),
    ]


def test_withholding_tax_of_a_fee() -> None:
    result = reconcile(
        bank(("B1", "2026/01/05", 99790, "ﾔﾏﾀﾞ ﾀﾛｳ ｼﾞﾑｼﾖ")),
        ledger(
            ("I1", "2026-01-05", 110000, "ヤマダタロウジムショ"),
            ("I2", "2026-01-05", 98000, "スズキハナコジムショ"),
        ),
        [Rule("源泉", party=0.9, amount=AmountRule(withholding=True), days=(-5, 5))],
    )
    assert [(d.kind, d.amount) for d in result.matches[0].differences] == [("withholding", Decimal(-10210))]


@pytest.mark.parametrize(("days", "expected"), [((-1, 3), 1), ((-1, 2), 0)])
def test_days_may_be_business_days(days: tuple[int, int], expected: int) -> None:
    # 2026-01-09 is a Friday, the 12th a public holiday: the 15th is three business days later
    result = reconcile(
        bank(("B1", "2026/01/15", 33000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(("I1", "2026-01-09", 33000, "ニッシンデンキ")),
        [Rule("name", party=0.9, days=days, business_days=True)],
    )
    assert len(result.matches) == expected


def test_a_reference_in_the_text_beats_the_nearer_date() -> None:
    result = reconcile(
        bank(("B1", "2026/01/20", 33000, "2600002 ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        table(
            [
                {
                    "請求番号": "I1",
                    "照合番号": "2600001",
                    "入金予定日": "2026-01-20",
                    "請求額": 33000,
                    "フリガナ": "ニッシンデンキ",
                },
                {
                    "請求番号": "I2",
                    "照合番号": "2600002",
                    "入金予定日": "2026-01-10",
                    "請求額": 33000,
                    "フリガナ": "ニッシンデンキ",
                },
            ]
        ),
    )
    assert [pair[:2] for pair in found(result)] == [("B1", "I2")]


def test_one_payment_for_several_invoices() -> None:
    rows = [(f"B{k}", "2026/01/10", 10_007 * k + 311, name) for k, name in enumerate(LONG)]
    invoices = [
        (f"I{k}", "2026-01-10", 10_007 * k + 311, name.replace("ｶ)", "")) for k, name in enumerate(LONG)
    ]
    result = reconcile(
        bank(*rows, ("B9", "2026/01/31", 47_503, "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(
            *invoices,
            ("J1", "2026-01-31", 12_341, "ニッシンデンキ"),
            ("J2", "2026-01-31", 35_162, "ニッシンデンキ"),
            ("J3", "2026-02-28", 50_001, "ニッシンデンキ"),
        ),
        [NAMED, *SUMS],
    )
    assert ("B9", "J1+J2", "confirmed") in found(result)
    assert opened(result) == [("right", "J3", "unmatched")]


def test_several_payments_for_one_invoice() -> None:
    rows = [(f"B{k}", "2026/01/10", 10_007 * k + 311, name) for k, name in enumerate(LONG)]
    invoices = [
        (f"I{k}", "2026-01-10", 10_007 * k + 311, name.replace("ｶ)", "")) for k, name in enumerate(LONG)
    ]
    result = reconcile(
        bank(
            *rows, ("B8", "2026/01/30", 27_503, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B9", "2026/01/31", 27_503, "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")
        ),
        ledger(*invoices, ("J1", "2026-01-31", 55_006, "ニッシンデンキ")),
        [NAMED, *SUMS],
    )
    assert ("B8+B9", "J1") in [pair[:2] for pair in found(result)]


def test_a_payment_that_names_two_invoices() -> None:
    invoices = [
        {
            "請求番号": f"I{k}",
            "照合番号": f"26000{k:02}",
            "入金予定日": "2026-01-10",
            "請求額": 10_007 * k + 311,
            "フリガナ": "ニッシンデンキ",
        }
        for k in range(6)
    ]
    result = reconcile(
        bank(("B1", "2026/01/31", 10_007 * 6 + 622, "2600002 2600004 ﾔﾏﾀﾞ ﾀﾛｳ")), table(invoices)
    )
    assert [pair[:2] for pair in found(result)] == [("B1", "I2+I4")]


def test_several_for_several_is_only_suggested() -> None:
    result = reconcile(
        bank(("B1", "2026/01/30", 40_123, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B2", "2026/01/31", 20_456, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(
            ("I1", "2026-01-31", 35_579, "ニッシンデンキ"),
            ("I2", "2026-01-31", 25_000, "ニッシンデンキ"),
            ("I3", "2026-01-31", 9_000, "ヤマトシステム"),
        ),
        [Rule("n:m", party=0.86, group=GroupRule("N:M"))],
    )
    assert [pair[:2] for pair in found(result)] == [("B1+B2", "I2+I1")]
    assert result.matches[0].grade != "confirmed"
    assert result.matches[0].kind == "N:M"


@pytest.mark.parametrize("seed", range(6))
def test_a_sum_that_is_not_unique_is_never_confirmed(seed: int) -> None:
    dice = random.Random(seed)
    amounts = [1000 * dice.randint(3, 40) for _ in range(30)]
    chosen = dice.sample(range(30), 4)
    result = reconcile(
        bank(("B1", "2026/01/31", sum(amounts[k] for k in chosen), "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(*((f"I{k:02}", "2026-01-31", amount, "ニッシンデンキ") for k, amount in enumerate(amounts))),
        [Rule("sums", party=0.86, group=GroupRule("1:N"), auto="yes")],
    )
    assert all(grade != "confirmed" for _, _, grade in found(result))
    said = [match.why.en for match in result.matches] + [item.reason.en for item in result.breaks[:1]]
    assert re.match(r"\d+ (different )?sets of rows give this total", said[0])


def test_too_many_rows_to_search_is_said() -> None:
    many = [(f"I{k:03}", "2026-01-31", 1000 + k, "ニッシンデンキ") for k in range(40)]
    result = reconcile(
        bank(("B1", "2026/01/31", 987_654, "ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(*many),
        [Rule("sums", party=0.86, group=GroupRule("1:N", max=3))],
        decide=Decide(search_cap=10),
    )
    assert opened(result)[0] == ("left", "B1", "not_searched")


def test_a_second_payment_is_flagged_not_guessed() -> None:
    result = reconcile(
        bank(("B1", "2026/01/05", 27_160, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B2", "2026/01/06", 27_160, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(
            ("I1", "2026-01-05", 27_160, "ニッシンデンキ"), ("I2", "2026-01-05", 99_999, "ヤマトシステム")
        ),
        [NAMED],
    )
    assert found(result)[0][:2] == ("B1", "I1")
    assert found(result)[0][2] != "confirmed"
    assert ("left", "B2", "duplicate") in opened(result)


def test_interchangeable_rows_go_by_number_and_say_so() -> None:
    result = reconcile(
        bank(("B1", "2026/01/06", 33_000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B2", "2026/01/05", 33_000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(
            ("I1", "2026-01-05", 33_000, "ニッシンデンキ"), ("I2", "2026-01-05", 33_000, "ニッシンデンキ")
        ),
        [NAMED],
    )
    assert sorted(pair[:2] for pair in found(result)) == [("B1", "I1"), ("B2", "I2")]
    assert all("interchangeable" in match.why.en for match in result.matches)


def test_another_payer_waits_for_a_person_unless_a_key_vouches() -> None:
    def rows(heading: str, *ids: str) -> Table:
        return table(
            [
                {"id": i, "date": "2026-01-05", "amount": 1000 + 7 * k, heading: f"{heading} {i} TRADING"}
                for k, i in enumerate(ids)
            ]
        )

    sides = rows("ALPHA", "A1", "A2"), rows("OMEGA", "A1", "A2")
    columns = (
        {"id": "id", "date": "date", "amount": "amount", "text": "ALPHA"},
        {"id": "id", "date": "date", "amount": "amount", "party": "OMEGA"},
    )
    keyed = reconcile(*sides, [Rule("id", keys={"id": "id"}, auto="yes")], columns=columns)
    assert {grade for *_, grade in found(keyed)} == {"confirmed"}
    loose = reconcile(
        bank(("B1", "2026/01/05", 71_341, "ﾔﾏﾀﾞﾀﾛｳ"), ("B2", "2026/01/05", 5_000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(
            ("I1", "2026-01-05", 71_341, "アサヒサンギョウ"), ("I2", "2026-01-05", 5_000, "ニッシンデンキ")
        ),
    )
    assert ("B1", "I1", "suggested") in found(loose)


def test_large_amounts_wait_for_a_person() -> None:
    result = reconcile(
        bank(("B1", "2026/01/05", 6_000_000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(("I1", "2026-01-05", 6_000_000, "ニッシンデンキ")),
        [Rule("name", party=0.9, auto="yes")],
        decide=Decide(max_auto_amount=Decimal(5_000_000)),
    )
    assert found(result) == [("B1", "I1", "suggested")]


def test_decisions_come_first_and_never_means_never() -> None:
    sides = (
        bank(("B1", "2026/01/05", 33_000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("B2", "2026/01/05", 500, "ﾔﾏﾄ ﾊﾅｺ")),
        ledger(("I1", "2026-01-05", 33_000, "ニッシンデンキ"), ("I2", "2026-01-05", 800, "アサヒサンギョウ")),
    )
    memory = Memory((Decision("pair", "B2", "I2"), Decision("never", "B1", "I1")))
    result = reconcile(*sides, [NAMED], memory=memory)
    assert found(result) == [("B2", "I2", "confirmed")]
    assert result.matches[0].decided
    assert result.matches[0].differences[0].kind == "short"


def test_an_alias_makes_another_payer_known() -> None:
    sides = (
        bank(("B1", "2026/01/05", 33_330, "ﾌﾘｺﾐ ﾔﾏﾀﾞﾆﾂｼﾝｶｶﾞｸ(ﾕ")),
        ledger(
            ("I1", "2026-01-05", 33_330, "アサヒサンギョウ"), ("I2", "2026-01-05", 12_345, "ヤマトシステム")
        ),
    )
    assert not reconcile(*sides, [NAMED]).matches
    known = Memory((Decision("alias", "ﾔﾏﾀﾞﾆﾂｼﾝｶｶﾞｸ(ﾕ", "アサヒサンギョウ"),))
    assert [pair[:2] for pair in found(reconcile(*sides, [NAMED], memory=known))] == [("B1", "I1")]


def test_english_tables_whose_amounts_drift() -> None:
    people = ["JOHN SMITH", "MARY BROWN", "ALICE JONES", "ROBERT WHITE", "CLARA STONE", "EDWIN FIELD"]
    left = [
        {"id": f"O{k}", "date": f"2026-02-{k + 1:02}", "amount": 100.25 + 37.5 * k, "memo": f"{name} BGC"}
        for k, name in enumerate(people)
    ]
    right = [
        {
            "id": f"D{k}",
            "date": f"2026-02-{k + 3:02}",
            "amount": round((100.25 + 37.5 * k) * 0.97, 2),
            "memo": f"{name} mon",
        }
        for k, name in enumerate(people)
    ]
    result = reconcile(table(left), table(right))
    assert [(a[1:], b[1:]) for a, b, _ in found(result)] == [(str(k), str(k)) for k in range(6)]
    assert {d.kind for m in result.matches for d in m.differences} == {"fx"}


def test_currencies_are_never_mixed() -> None:
    def rows(name: str, *pairs: tuple[str, int]) -> Table:
        return table(
            [
                {
                    "id": f"{name}{k}",
                    "date": "2026-01-05",
                    "amount": amount,
                    "party": "ACME TRADING",
                    "currency": ccy,
                }
                for k, (ccy, amount) in enumerate(pairs)
            ]
        )

    result = reconcile(rows("L", ("USD", 100), ("JPY", 250)), rows("R", ("JPY", 100), ("JPY", 250)))
    assert [pair[:2] for pair in found(result)] == [("L1", "R1")]
    assert [line.currency for line in result.totals] == ["JPY", "USD"]


def test_a_side_without_currency_is_taken_to_be_in_the_others() -> None:
    plain = table([{"id": "R0", "date": "2026-01-05", "amount": 250, "party": "ACME TRADING"}])

    def priced(*currencies: str) -> Table:
        return table(
            [
                {"id": f"L{k}", "date": "2026-01-05", "amount": 250, "party": "ACME TRADING", "currency": c}
                for k, c in enumerate(currencies)
            ]
        )

    result = reconcile(priced("EUR"), plain)
    assert [pair[:2] for pair in found(result)] == [("L0", "R0")]
    assert any("taken to be in EUR" in said.en for said in result.assumptions)
    with pytest.raises(BusinessError, match="names no currency"):
        reconcile(priced("EUR", "USD"), plain)


def test_opposite_signs_are_turned_and_said() -> None:
    result = reconcile(
        table([{"id": "L1", "date": "2026-01-05", "amount": 1250, "text": "ACME TRADING"}]),
        table([{"id": "R1", "date": "2026-01-05", "amount": -1250, "text": "ACME TRADING"}]),
    )
    assert [pair[:2] for pair in found(result)] == [("L1", "R1")]
    assert any("opposite sign" in said.en for said in result.assumptions)


@pytest.mark.parametrize(
    ("left", "right", "kw", "words"),
    [
        (table([], columns=("id", "amount")), bank(("B1", "2026/01/05", 1, "x")), {}, "no rows"),
        (bank(("B1", "2026/01/05", "約3万円", "x")), ledger(("I1", "2026-01-05", 1, "x")), {}, "row 2, column “入金額”"),
        (bank(("B1", "2026/13/05", 1, "x")), ledger(("I1", "2026-01-05", 1, "x")), {"columns": ({"date": "取引日", "amount": "入金額"}, {})}, "row 2, column “取引日”"),
        (bank(("B1", "2026/01/05", 1, "x")), ledger(("I1", "2026-01-05", 1, "x")), {"columns": ({"amount": "金がく"}, {})}, "no column “金がく”"),
        (table([{"a": "x", "b": "y"}]), ledger(("I1", "2026-01-05", 1, "x")), {}, "no column looks like an amount"),
        (table([{"金額": 1}], columns=("金額", "金額")), ledger(("I1", "2026-01-05", 1, "x")), {}, "2 times"),
    ],
)  # fmt: skip
def test_bad_input_is_named(left: Table, right: Table, kw: dict[str, Any], words: str) -> None:
    with pytest.raises(BusinessError) as caught:
        reconcile(left, right, **kw)
    assert words in str(caught.value)
    assert caught.value.message.ja != caught.value.message.en


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("r", keys={"注文番号": "id"}), "has no “注文番号”"),
        (Rule("r", days=(5, 1)), "is empty"),
        (Rule("r", party=1.5), "between 0 and 1"),
        (Rule("r", amount=AmountRule(fee="us-wire")), "no fee table"),
    ],
)
def test_a_rule_that_can_never_match_is_refused_before_the_run(rule: Rule, words: str) -> None:
    with pytest.raises(BusinessError, match=words):
        reconcile(bank(("B1", "2026/01/05", 1, "x")), ledger(("I1", "2026-01-05", 1, "x")), [rule])


def test_blank_and_total_rows_are_left_out_and_said() -> None:
    result = reconcile(
        table(
            [
                {"日付": "2026-01-05", "摘要": "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ", "お預入金額": "33,000", "お引出金額": ""},
                {"日付": "2026-01-06", "摘要": "ﾃﾞﾝｷﾀﾞｲ", "お預入金額": "", "お引出金額": "8,000"},
                {"日付": "", "摘要": "", "お預入金額": "", "お引出金額": ""},
                {"日付": "", "摘要": "合計", "お預入金額": "33,000", "お引出金額": "8,000"},
            ]
        ),
        ledger(("I1", "2026-01-05", 33_000, "ニッシンデンキ")),
    )
    assert [entry.amount for entry in result.left] == [Decimal(33_000), Decimal(-8_000)]
    assert {said.en.split(": ")[-1] for said in result.assumptions} >= {
        "1 blank rows left out",
        "1 total rows left out",
    }
    assert opened(result) == [("left", "row!3", "opposite")]


_ROWS = st.lists(
    st.tuples(
        st.sampled_from(LONG),
        st.sampled_from((11_000, 22_000, 33_000, 32_670, 32_999, 5_432)),
        st.integers(1, 28),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(left=_ROWS, right=_ROWS, seed=st.integers(0, 10**6))
def test_everything_adds_up_and_order_does_not_matter(left: list[Any], right: list[Any], seed: int) -> None:
    mine = [(f"B{k}", f"2026/01/{day:02}", amount, name) for k, (name, amount, day) in enumerate(left)]
    theirs = [(f"I{k}", f"2026-01-{day:02}", amount, name) for k, (name, amount, day) in enumerate(right)]
    first = reconcile(bank(*mine), ledger(*theirs))  # asserts its own invariants: closed()
    dice = random.Random(seed)
    dice.shuffle(mine)
    dice.shuffle(theirs)
    again = reconcile(bank(*mine), ledger(*theirs))
    assert as_json(first) == as_json(again)
    assert sum((t.left_total - t.left_matched - t.left_open for t in first.totals), Decimal(0)) == 0
    typed = sum((d.amount for m in first.matches for d in m.differences), Decimal(0))
    assert typed == first.totals[0].difference
    assert asdict(first.totals[0]) == asdict(again.totals[0])
