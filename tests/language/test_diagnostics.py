"""Diagnostics for people and for machines."""

from __future__ import annotations

import json
import re

import pytest

from bofbot.errors import Diagnostic, Place
from bofbot.language.catalog import CATALOG, explain, nearest_codes
from bofbot.language.diagnostics import as_github, as_json, as_sarif, render
from bofbot.values.text import width
from bofbot.words import Sentence

CLIK = Diagnostic(
    "E110",
    Sentence(en='no verb named "clik"', ja="「clik」という動詞はありません"),
    Place("robots/経費 1.yaml", 5, 5),
    4,
    "    clik: 登録",
    Sentence(en="did you mean `click`?", ja="`click` のことですか？"),
)
TWICE = Diagnostic(
    "E104",
    Sentence(en="the key stands here twice\n100%", ja="二度"),
    Place("a.yaml", 12, 9),
    2,
    "\t金額　x: 2",
    also=((Place("a.yaml", 3, 3), "  金額: 1", Sentence(en="the first one", ja="一つ目")),),
    severity="warning",
)


def test_the_text_is_that_of_the_manual() -> None:
    assert render([CLIK]).startswith(
        'error[E110]: no verb named "clik"\n'
        "  --> robots/経費 1.yaml:5:5\n"
        "    |\n"
        "  5 |     clik: 登録\n"
        "    |     ^^^^\n"
        "  fix: did you mean `click`?\n"
    )
    assert render([]) == ""
    assert "1 error, 1 warning (more: bofbot explain E110)" in render([TWICE, CLIK])
    assert "エラー1件、注意1件" in render([CLIK, TWICE], "ja")


@pytest.mark.parametrize("column", range(1, 30))
def test_the_caret_stands_under_the_token_whatever_the_width(column: int) -> None:
    line = "- fill: {ｶﾅ: “全角”, 金額: が, é: 1}  # 経費"
    length = 2
    told = render([Diagnostic("E116", Sentence.same("x"), Place("a", 1, column), length, line)]).splitlines()
    shown, caret = told[3], told[4]
    assert width(shown[: shown.index("- fill") + column - 1]) == caret.index("^")
    assert caret.count("^") == max(width(line[column - 1 : column + 1]), 1)


def test_a_very_long_line_is_cut_around_the_token() -> None:
    line = "x" * 5000 + "金額" + "y" * 5000
    told = render([Diagnostic("E116", Sentence.same("x"), Place("a", 1, 5001), 2, line)]).splitlines()
    assert len(told[3]) < 180
    assert width(told[3][: told[3].index("金")]) == told[4].index("^")


def test_colour_changes_no_letter() -> None:
    painted = render([CLIK, TWICE], color=True)
    assert "\033[31m" in painted
    assert re.sub("\033\\[\\d+m", "", painted) == render([CLIK, TWICE])


def test_json_holds_both_languages_and_the_place() -> None:
    first, second = json.loads(json.dumps(as_json([CLIK, TWICE], "ja")))
    assert (first["code"], first["line"], first["column"], first["length"]) == ("E110", 5, 5, 4)
    assert first["message"] == first["messages"]["ja"] != first["messages"]["en"]
    assert second["also"][0]["line"] == 3


def test_github_annotations_are_escaped() -> None:
    one, other = as_github([CLIK, TWICE]).splitlines()
    assert (
        one
        == '::error file=robots/経費 1.yaml,line=5,col=5,endColumn=9,title=E110::no verb named "clik" — did you mean `click`?'
    )
    assert "twice%0A100%25" in other
    assert other.startswith("::warning ")


def test_sarif_has_what_the_standard_requires() -> None:
    log = as_sarif([CLIK, TWICE, CLIK])
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["E110", "E104"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        location = result["locations"][0]["physicalLocation"]
        assert location["region"]["startLine"] >= 1
        assert location["region"]["endColumn"] > location["region"]["startColumn"]
        assert re.fullmatch(r"[\w%./-]+", location["artifactLocation"]["uri"], re.ASCII)
    assert run["results"][1]["relatedLocations"][0]["message"]["text"] == "the first one"
    json.dumps(log)


def test_every_code_is_explained_in_both_languages() -> None:
    for code, entry in CATALOG.items():
        assert re.fullmatch("[EW][12]\\d\\d", code)
        for language in ("en", "ja"):
            page = explain(code.lower(), language)
            assert page
            assert page.startswith(f"{code}: ")
            assert entry.right.splitlines()[0] in page
    assert explain("E999") is None
    assert "E110" in nearest_codes("e11")
