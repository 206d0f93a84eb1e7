"""`${…}`: what it computes, what it refuses, and that nothing else can be reached through it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bofbot.computed import CLOCK, HOLIDAYS
from bofbot.errors import BusinessError, Place
from bofbot.language.expressions import ExpressionFault, parse
from bofbot.language.functions import FUNCTIONS
from bofbot.records import Row, Table
from bofbot.secret import Secret
from bofbot.values.business_days import public_holidays

HERE = Place("robot.yaml", 5, 10)
ROWS = Table(
    ("申請番号", "日付", "金 額", "科目"),
    (
        Row(
            {"申請番号": "0012345", "日付": date(2026, 11, 20), "金 額": Decimal("1200.10"), "科目": "交通費"}
        ),
        Row({"申請番号": "0012346", "日付": date(2026, 11, 21), "金 額": None, "科目": "会議費"}),
        Row({"申請番号": "0012347", "日付": date(2026, 11, 24), "金 額": Decimal("0.90"), "科目": "交通費"}),
    ),
)
NAMES: dict[str, Any] = {
    "rows": ROWS,
    "row": ROWS[0],
    "n": 3,
    "half": 0.1,
    "blank": None,
    "text": "ＡＢＣ　abc",
    "moment": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    "inputs": {"file": "経費.xlsx", "month": "2026-10"},
    "secrets": {"経費": {"password": Secret("hunter2", "経費")}},
    CLOCK: lambda: datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    HOLIDAYS: {date(2026, 12, 30)},
}


def value(text: str, names: Mapping[str, Any] = NAMES) -> Any:
    return parse(text, HERE).value(names)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('sum(rows, "金額")', Decimal("1201.00")), ('sum(rows, "金 額") == 1201', True), ("row.金額", Decimal("1200.10")), ('row["金 額"]', Decimal("1200.10")),
        ("row.申請番号", "0012345"), ("rows[-1].申請番号", "0012347"), ("len(rows)", 3), ("0.1 + 0.2", Decimal("0.3")), ("half * 3", Decimal("0.3")),
        ("1.10", Decimal("1.10")), ("-7 // 2", -4), ("7 % -2", -1), ("-n", -3), ("1 < 2 < 3", True), ("1 < 3 < 2", False), ("'a' < 'b'", True),
        ('row.科目 in ["交通費", "会議費"]', True), ('"申請" in row', False), ('"金額" in row', True), ("'B' not in 'abc'", True), ("blank == none", True), ("blank != none", False),
        ("row.金額 == none", False), ("not (true and false)", True), ("false or n > 2", True), ("'多' if n > 2 else '少'", "多"), ("'a' + 'b'", "ab"), ("[1] + [2]", [1, 2]),
        ("row.日付 - date('2026-11-01')", 19), ("row.日付 < date(2026, 11, 21)", True), ("True and not False", True), ("None == none", True),
        ("min(rows, '日付')", date(2026, 11, 20)), ("max(1, 5, 3)", 5), ("max([1, 2])", 2), ("min([])", None), ("round(2.5)", 3), ("round(-2.5)", -3), ("round(1.235, 2)", Decimal("1.24")),
        ("round(1234, -2)", 1200), ("round_down(1.99)", 1), ("round_up(1.01)", 2), ("abs(-3)", 3), ("column(rows, '科目')", ["交通費", "会議費", "交通費"]),
        ("len(where(rows, '科目', '交通費'))", 2), ("sum(where(rows, '科目', '交通費'), '金額')", Decimal("1201.00")), ("record('金額', 1, 'A > B: \"x\"', none)", Row({"金額": 1, 'A > B: "x"': None})), ("record(['A', 'B'], true)", Row({"A": True, "B": True})), ("record(['A', 'B'], [1, 'x'])", Row({"A": 1, "B": "x"})), ("record([], [])", Row({})), ("keys(row)", ["申請番号", "日付", "金 額", "科目"]),
        ("first(rows).科目", "交通費"), ("last([])", None), ("default(blank, 0)", 0), ("default(' ', 'x')", "x"), ("is_empty([])", True), ("is_empty(0)", False),
        ("text(1.50)", "1.50"), ("number('▲1,234')", -1234), ('format(1234567.5, ",.2")', "1,234,567.50"), ('format(0.125, ".1%")', "12.5%"), ('format(7, "03")', "007"),
        ('format(row.日付, "%Y年%m月%d日")', "2026年11月20日"), ("upper('aé')", "AÉ"), ("lower('A')", "a"), ("nfkc(text)", "ABC abc"), ("trim('　a ')", "a"), ("replace('a-b', '-', '/')", "a/b"),
        ("contains('経費精算', '精算')", True), ("starts_with('K-01', 'K-')", True), ("ends_with('a.csv', '.csv')", True), ("left('経費精算', 2)", "経費"), ("right('経費精算', 2)", "精算"),
        ("right('a', 0)", ""), ("pad(7, 3)", "007"), ("split('a,b', ',')", ["a", "b"]), ("join(column(rows, '科目'))", "交通費、会議費、交通費"), ("join([1, 2], '/')", "1/2"),
        ("today()", date(2026, 11, 22)), ("now() == moment", True), ("month('2026年10月') == date('2026-10-01')", True), ("text(month(today()))", "2026-11"), ("year(today())", 2026),
        ("day(today())", 22), ("weekday(today())", "日"), ("add_days(today(), 10)", date(2026, 12, 2)), ("add_months(date('2026-01-31'), 1)", date(2026, 2, 28)),
        ("text(add_months(month(today()), -1))", "2026-10"), ("month_start(today())", date(2026, 11, 1)), ("month_end(today())", date(2026, 11, 30)), ("business_day(today())", date(2026, 11, 24)),
        ("business_day(date('2026-12-29'), 1)", date(2026, 12, 31)), ("is_business_day(today())", False), ("era(today())", "令和8年11月22日"), ("inputs.month", "2026-10"),
        ("ｎ + 1", 4), ("row.ﾃｽﾄ if false else n", 3),
    ],
)  # fmt: skip
def test_what_expressions_are_worth(expression: str, expected: Any) -> None:
    got = value("${" + expression + "}")
    assert got == expected
    assert isinstance(got, bool) is isinstance(expected, bool)


def test_a_number_with_its_zeros_and_a_whole_scalar_keeps_its_type() -> None:
    assert str(value("${1.10}")) == "1.10"
    assert value("${row.日付}") == date(2026, 11, 20)
    assert value("${row.日付}\n") == date(2026, 11, 20)  # the line break of a block scalar is no text
    assert value(" ${n}") == " 3"


def test_text_around_makes_text() -> None:
    assert (
        value("${row.申請番号}: ${row.金額} 円 (${row.日付}) ${blank}") == "0012345: 1200.10 円 (2026-11-20) "
    )
    assert value("$${n} ${'}'} ${\"a\"}$") == "${n} } a$"
    with pytest.raises(BusinessError, match="a list cannot be written into a text"):
        value("rows: ${rows}")


def test_only_single_values_go_into_a_text() -> None:
    for odd in (object(), {1}, float("nan"), {"a": 1}, [1], (1,), lambda: 1):
        with pytest.raises(BusinessError):
            value("x ${odd}", {"odd": odd})
    assert value("x ${path}", {"path": Path("out/経費.xlsx")}) == "x out/経費.xlsx"


def test_a_secret_makes_the_whole_text_a_secret() -> None:
    whole = value("Bearer ${secrets.経費.password}")
    assert isinstance(whole, Secret)
    assert whole.reveal() == "Bearer hunter2"
    assert value("${secrets.経費.password}") == Secret("hunter2")
    for expression in (
        "upper(secrets.経費.password)",
        "secrets.経費.password + 'a'",
        "len(secrets.経費.password)",
        "'h' in secrets.経費.password",
        "-secrets.経費.password",
    ):
        with pytest.raises(BusinessError) as caught:
            value("${" + expression + "}")
        assert "hunter2" not in str(caught.value) + caught.value.message.ja


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("row.かね", "there is no `かね` (known: 申請番号"), ("row.金", "did you mean `金 額`"), ("sum(rows, '科目')", "row 1: a number is needed, not text"), ("sum(rows, 'x')", 'no column "x"'),
        ("nobody", "has no value here yet"), ("n.x", "has no fields"), ("n[0]", "no parts"), ("rows[9]", "it has 3, counted from 0"), ("rows[0.5]", "no number 0.5"), ("1 / 0", "division by zero"),
        ("1 % 0", "division by zero"), ("'1' + 1", "is text"), ("'1' == 1", "text is compared with a number"), ("row.日付 == '2026-11-20'", "a date is compared with text"),
        ("today() + 1", "add_days"), ("1 and true", "needs true or false"), ("not 1", "needs true or false"), ("1 if n else 2", "needs true or false"), ("true < false", "no order"), ("rows < rows", "a list has no order"), ("row > row", "a record has no order"), ("none < none", "no order"),
        ("1 in 'a1'", "never in a text"), ("1 in 2", "nothing is in"), ("upper(1)", "text is needed"), ("date('x')", "cannot be read as a date"), ("number('三')", "cannot be read"),
        ("format(1, '%d')", "pattern"), ("format(today(), '%Z')", "pattern"), ("round(1, 99)", "whole number from -20 to 20"), ("replace('a', '', 'b')", "empty"), ("split('a', '')", "empty"),
        ("add_months(today(), 99999)", "out of range"), ("add_days(today(), 99999999)", "whole number"), ("max(1, 'a')", "no common order"), ("min(rows)", "no order"), ("keys(1)", "a record is needed"), ("record(['A'], [1, 2])", "do not pair up"), ("record('A', 1, 'B')", "do not pair up"), ("record('A', 1, 'A', 2)", "named twice"), ("record(1, 2)", "text is needed"),
        ("column([1], 'a')", "has no columns"), ("text(rows)", "no single value"), ("join(1)", "a list are needed"), ("len(1)", "needed"), ("date(2026, 2, 30)", "out of range"), ("inputs[1]", "named by a text"),
        ("replace(pad('', 100), '0', pad('', 100)) if len(pad(1, 101)) > 0 else 1", "whole number from 0 to 100"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_says_why_and_where(expression: str, says: str) -> None:
    with pytest.raises(BusinessError) as caught:
        value("${" + expression + "}")
    assert says in caught.value.message.en
    assert caught.value.place == HERE
    assert caught.value.message.ja != caught.value.message.en


def test_results_are_bounded() -> None:
    doubled = "${" + "replace(" * 9 + "'" + "a" * 100 + "'" + ", 'a', 'aaaaaaaaaa')" * 9 + "}"
    with pytest.raises(BusinessError, match="too large"):
        value(doubled)
    with pytest.raises(BusinessError, match="too large"):
        value("${big + big}", {"big": "x" * 600_000})
    with pytest.raises(BusinessError, match="too large"):
        value("${join(many, big)}", {"many": ["x"] * 1000, "big": "y" * 2000})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("${}", "E140"), ("${ }", "E140"), ("${1 +}", "E140"), ("${a b}", "E140"), ("${a = 1}", "E140"), ("${!a}", "E140"), ("${a && b}", "E140"), ("${import os}", "E140"), ("${'\\d'}", "E140"),
        ("${a", "E145"), ("${'}", "E145"), ("${{ a }}", "E133"), ("${sum（rows）}", "E109"), ("${“a”}", "E109"), ("${a．b}", "E109"), ("${lambda: 1}", "E141"), ("${[x for x in a]}", "E141"),
        ("${a ** 2}", "E141"), ("${a is b}", "E141"), ("${(1, 2)}", "E141"), ("${a[1:2]}", "E141"), ("${f'{a}'}", "E141"), ("${a := 1}", "E140"), ("${(a := 1)}", "E141"), ("${*a}", "E140"),
        ("${a.__class__}", "E141"), ("${__import__}", "E141"), ("${__clock__}", "E141"), ("${0x10}", "E141"), ("${1_000}", "E141"), ("${1e5}", "E141"), ("${1j}", "E141"), ("${b'a'}", "E141"),
        ("${...}", "E141"), ("${a & b}", "E141"), ("${~a}", "E141"), ("${await a}", "E141"), ("${sums(a)}", "E142"), ("${a.upper()}", "E142"), ("${rows[0]()}", "E142"), ("${upper()}", "E143"),
        ("${upper(a, b)}", "E143"), ("${upper(text=a)}", "E143"), ("${sum(*a)}", "E141"), ("${" + "(" * 150 + "1" + ")" * 150 + "}", None), ("${" + "-" * 40 + "1}", "E144"),
        ("${" + "not " * 1000 + "a}", "E144"), ("${'" + "a" * 2000 + "'}", "E144"), ("${" + "+".join(["a"] * 40) + "}", "E144"), ("${{'a': 1}}", "E133"), ("${ {1} }", "E140"),
    ],
)  # fmt: skip
def test_what_the_language_has_not(text: str, code: str | None) -> None:
    if code is None:
        parse(text, HERE)
        return
    with pytest.raises(ExpressionFault) as caught:
        parse(text, HERE)
    assert caught.value.code == code
    assert 0 <= caught.value.offset < len(text)
    assert caught.value.length >= 1


def test_the_token_is_found_behind_japanese_text() -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse('合計は ${"経費" in sums(rows)} 円', HERE)
    assert '合計は ${"経費" in sums(rows)} 円'[caught.value.offset :].startswith("sums")
    assert caught.value.length == 4


def test_every_function_has_its_meaning_in_both_languages() -> None:
    for name, function in FUNCTIONS.items():
        assert name.isidentifier()
        assert function.meaning.en
        assert function.meaning.ja
        assert 0 <= function.least <= function.most <= 20


_ATOMS = st.sampled_from(
    ["a", "rows", "row", "row.金額", "1", "2.5", "'x'", "none", "true", "today()", "[1, 'a']", "inputs", "secrets.経費.password", "rows[0]", "a.__class__", "().__class__", "__builtins__"]
)  # fmt: skip
_TREES = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "==", "<", "in", "and", "or", "is", "@"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from([*FUNCTIONS, "eval", "getattr", "open", "__import__"]), st.lists(inner, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        st.tuples(inner, st.sampled_from(["x", "金額", "__dict__", "format", "gi_frame"])).map(lambda t: f"{t[0]}.{t[1]}"),
        st.tuples(inner, inner).map(lambda t: f"{t[0]}[{t[1]}]"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        inner.map(lambda t: f"not {t}"),
        inner.map(lambda t: f"[i for i in {t}]"),
        inner.map(lambda t: f"(lambda: {t})"),
    ),
    max_leaves=12,
)  # fmt: skip
public_holidays(2026)  # its first use imports a calendar
_PLAIN = (str, int, float, Decimal, date, datetime, list, type(None), Mapping, Table, Secret)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_TREES)
def test_no_expression_escapes_or_hangs(expression: str) -> None:
    started = time.process_time()
    try:
        got = parse("${" + expression + "}", HERE).value({**NAMES, "a": Decimal(7)})
    except (ExpressionFault, BusinessError):
        pass
    else:
        assert isinstance(got, _PLAIN)
        assert not isinstance(got, str) or "hunter2" not in got
    assert time.process_time() - started < 1


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(), st.text("abc().[]{}$'\"\\+-*/=<>!,: 0123456789ｎ（）経費\n")))
def test_any_text_is_an_expression_or_a_fault(text: str) -> None:
    for written in (text, "${" + text + "}"):
        try:
            parse(written, HERE).value(NAMES)
        except (ExpressionFault, BusinessError):
            pass
