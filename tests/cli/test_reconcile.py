"""`bofbot reconcile LEFT RIGHT` as people type it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bofbot.cli.main import main

BANK = "取引番号,取引日,摘要,入金額\nB1,2026/01/05,ｶ)ﾆﾂｼﾝﾃﾞﾝｷ,33333\nB2,2026/01/06,ﾌﾘｺﾐ ﾔﾏﾄｼｽﾃﾑ(ｶ,41111\n"
LEDGER = "請求番号,フリガナ,入金予定日,請求額\nI1,ニッシンデンキ,2026-01-05,33333\nI2,ヤマトシステム,2026-01-05,41111\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank.csv").write_bytes(BANK.encode("cp932"))
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    return tmp_path


def test_json_has_the_four_parts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["reconcile", "bank.csv", "ledger.csv", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"summary", "matches", "breaks", "assumptions"}
    assert [(m["left"], m["right"], m["kind"]) for m in told["matches"]] == [
        (["B1"], ["I1"], "1:1"),
        (["B2"], ["I2"], "1:1"),
    ]
    assert set(told["matches"][0]) >= {
        "left",
        "right",
        "kind",
        "grade",
        "rule",
        "points",
        "margin",
        "difference",
        "explanation",
    }
    assert told["assumptions"]
    assert code == (0 if told["summary"]["complete"] else 4)


def test_something_left_is_exit_4(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "ledger.csv").write_text(LEDGER + "I3,アサヒ,2026-01-05,5\n", encoding="utf-8")
    assert main(["--lang", "ja", "reconcile", "bank.csv", "ledger.csv"]) == 4
    assert "未照合（右）" in capsys.readouterr().out


def test_what_is_left_is_listed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "ledger.csv").write_text(LEDGER + "I3,アサヒ,2026-01-05,5\n", encoding="utf-8")
    assert main(["--lang", "ja", "reconcile", "bank.csv", "ledger.csv"]) == 4
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("ledger の未照合 (1)")
    assert lines[at + 1].split()[:4] == ["I3", "2026-01-05", "アサヒ", "5"]


def test_a_comparison_shows_the_cells(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "new.csv").write_text(LEDGER.replace("41111", "41112"), encoding="utf-8")
    assert main(["reconcile", "ledger.csv", "new.csv", "--by", "請求番号"]) == 4
    assert "I2  請求額  41111 → 41112" in capsys.readouterr().out


def test_a_side_that_cannot_be_read_is_exit_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", "bank.csv", "nothing.csv"]) == 1
    assert "nothing.csv" in capsys.readouterr().err


def test_a_rules_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "r.yaml").write_text(
        "rules:\n  - {name: 名義, match: {party: 0.9}, amount: {fee: ja-transfer}, days: [-3, 5], auto: true}\n",
        encoding="utf-8",
    )
    assert main(["reconcile", "bank.csv", "ledger.csv", "--rules", "r.yaml", "--json"]) == 0
    assert {m["rule"] for m in json.loads(capsys.readouterr().out)["matches"]} == {"名義"}


def test_a_wrong_rules_file_shows_the_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "r.yaml").write_text("rules:\n  - {name: x, day: [1, 2]}\n", encoding="utf-8")
    assert main(["reconcile", "bank.csv", "ledger.csv", "--rules", "r.yaml"]) == 3
    assert "r.yaml:2:" in capsys.readouterr().err


def test_reports_for_excel_and_browsers(here: Path) -> None:
    for name in ("out/r.xlsx", "out/r.html"):
        main(["reconcile", "bank.csv", "ledger.csv", "--report", name])
        assert (here / name).stat().st_size > 3000
    assert "<svg" in (here / "out/r.html").read_text(encoding="utf-8")


def test_review_asks_and_remembers(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "bank.csv").write_bytes(BANK.replace("ｶ)ﾆﾂｼﾝﾃﾞﾝｷ", "ｽｽﾞｷｲﾁﾛｳ").encode("cp932"))
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n" * 3))
    assert main(["reconcile", "bank.csv", "ledger.csv", "--review", "--memory", "m.csv", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {tuple(m["left"]) for m in told["matches"] if m["grade"] == "confirmed"} == {("B1",), ("B2",)}
    assert "B1" in (here / "m.csv").read_text(encoding="utf-8-sig")


def test_by_key_compares(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "other.csv").write_bytes(BANK.replace("41111", "41112").encode("cp932"))
    assert main(["reconcile", "bank.csv", "bank.csv", "--by", "取引番号"]) == 0
    capsys.readouterr()
    assert main(["reconcile", "bank.csv", "other.csv", "--by", "取引番号", "--json"]) == 4
    (change,) = json.loads(capsys.readouterr().out)["changed"]
    assert change == {"key": ["B2"], "column": "入金額", "left": "41111", "right": "41112", "difference": "1"}


def test_a_missing_file_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconcile", "nothing.csv", "ledger.csv"]) == 1
    assert "nothing.csv" in capsys.readouterr().err


def test_files_that_were_written_are_told_and_other_kinds_are_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["reconcile", "bank.csv", "ledger.csv", "--lang", "ja"]
    assert main([*words, "--report", "out.pdf"]) == 2
    assert not (here / "out.pdf").exists()
    assert "out.pdf：報告書は .xlsx か .html です" in capsys.readouterr().err
    main([*words, "--report", "out.html", "--carry-to", "open.csv"])
    told = capsys.readouterr()
    assert "out.html を書き出しました\nopen.csv を書き出しました\n" in told.err
    assert " = 照合済み " in told.out
