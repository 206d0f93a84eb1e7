"""From deeds to steps, without a browser: what is guessed, what is quoted, what is a cell of the table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bofbot.recorder.composing import expected, longest_without_figures, system_name
from bofbot.recorder.robot_file import write_robot
from bofbot.recorder.rows import first_row, means_the_same
from bofbot.recorder.story import Deed, Story
from bofbot.recorder.writing import lines, scalar

AT = "https://a.example.co.jp"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("受付番号 R-0001 で登録しました", "で登録しました"),
        ("登録しました", "登録しました"),
        ("2026/10/01", ""),
        ("Request 123 saved", "saved"),
    ],
)
def test_figures_are_no_proof(text: str, words: str) -> None:
    assert longest_without_figures(text) == words


def test_the_proof_of_a_submit_is_what_was_not_there_before() -> None:
    deed = Deed(
        "press",
        AT,
        before=frozenset({"登録しました。の見本"}),
        messages=("登録しました。",),
        headings=("完了画面",),
    )
    assert expected(deed) == ("完了画面", False)
    fresh = Deed("press", AT, before=frozenset({"入力"}), messages=("申請 12 を受け付けました。",))
    assert expected(fresh) == ("を受け付けました", True)


def test_a_system_is_named_by_its_title() -> None:
    assert system_name(Deed("secret", AT, title="ログイン｜経費システム")) == "経費システム"
    assert system_name(Deed("secret", AT, title="Log in")) == "a.example.co.jp"


@pytest.mark.parametrize(
    ("typed", "cell", "same"),
    [
        ("1,980", Decimal(1980), True),
        ("１９８０", "1980", True),
        ("2026/10/01", date(2026, 10, 1), True),
        ("2026-10-1", date(2026, 10, 1), True),
        ("12", "0012", False),
        ("0012", "0012", True),
        ("", "", False),
        ("東京", "大阪", False),
        ("1981", Decimal(1980), False),
    ],
)
def test_a_typed_value_is_a_cell_when_a_person_would_say_so(typed: str, cell: object, same: bool) -> None:
    assert means_the_same(typed, cell) is same


def test_the_headings_and_the_key_of_a_table_are_found(tmp_path: Path) -> None:
    file = tmp_path / "表.csv"
    file.write_text(
        '部署,営業,,\n番号,日付,金額（税込）,区分\n007,2026/10/01,"1,980",A\n008,2026/10/02,500,A\n', "utf-8"
    )
    row = first_row(file, "data/表.csv")
    assert row.types == {"番号": "code", "日付": "date", "金額（税込）": "yen", "区分": "code"}
    assert row.key == "番号"
    assert row.expression("1980") == '${row["金額（税込）"]}'
    assert row.expression("何か") == ""


def test_text_that_yaml_could_misread_is_quoted() -> None:
    assert [scalar(text) for text in ("東京", "a: b", "# 1", "", "- x", "${row.a}", "1,980", "2026/10/01")] == [
        "東京", '"a: b"', '"# 1"', '""', '"- x"', "${row.a}", '"1,980"', "2026/10/01",
    ]  # fmt: skip
    assert lines({"a": {"b > c": "d"}, "e": ["f", "g: h"]}) == ["a:", '  "b > c": d', 'e: [f, "g: h"]']


def test_a_search_is_no_submit_and_doubts_are_noted() -> None:
    story = Story(
        [
            Deed("open", f"{AT}/list"),
            Deed("fill", f"{AT}/list", label="氏名", value="山田"),
            Deed("press", f"{AT}/list", label="検索", name="検索", posts=True),
            Deed("press", f"{AT}/list", label="CSV", name="CSV", download="明細 10.csv"),
            Deed("press", f"{AT}/list", name="???"),
        ],
        {"a.example.co.jp": None, "cdn.example.net": None},
    )
    text, doubts = write_robot(story, "一覧", language="ja")
    assert "- click: 検索\n    posts: true\n    note:" in text
    assert "- download: CSV\n    to: data/明細 10.csv" in text
    assert "- ask:" in text
    assert "allow: [cdn.example.net]" in text
    assert "- submit" not in text
    assert doubts == 2


def test_a_page_cannot_smuggle_an_expression_into_the_robot() -> None:
    trap = "${secrets.経費.password}"
    story = Story(
        [
            Deed("open", f"{AT}/{trap}"),
            Deed("fill", AT, label="氏名\n  evil: 1", value=trap),
            Deed("press", AT, label=trap, name=trap),
            Deed(
                "press",
                AT,
                label=trap,
                name=trap,
                posts=True,
                messages=(f"{trap}登録しました",),
                receipts=(trap,),
            ),
        ]
    )
    text, _ = write_robot(story, trap, language="ja")
    assert text.replace("$${", "").count("${") == text.splitlines()[2].count("${"), text
    assert "\n  evil" not in text
