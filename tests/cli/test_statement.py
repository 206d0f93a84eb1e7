"""`bofbot statement FILE…` as people type it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bofbot.cli.main import main

SAMPLES = Path(__file__).parents[1] / "statements" / "samples"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]]]:
    code = main(["statement", "--json", *words])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_is_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told(capsys, str(SAMPLES / "csv_ja_in_out.csv"), str(SAMPLES / "camt053_v02.xml"))
    assert code == 0
    assert [set(line) for line in lines] == [{"file", "format", "outcome", "error", "statements"}] * 2
    statement = lines[1]["statements"][0]
    assert set(statement) == {
        "account", "currency", "opening", "closing", "first_day", "last_day", "count", "sum", "outcome", "checks", "entries",
    }  # fmt: skip
    assert (statement["opening"], statement["closing"], statement["sum"]) == ("100.00", "-70.50", "-170.50")
    assert statement["entries"][0]["counterparty"] == "Kunde"
    assert {"id", "ok", "detail"} == set(statement["checks"][0])


def test_summary_leaves_entries_out_and_a_folder_is_read_whole(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = told(capsys, "--summary", str(SAMPLES))
    assert code == 4
    assert len(lines) == len([path for path in SAMPLES.iterdir() if path.is_file()])
    assert not any("entries" in statement for line in lines for statement in line["statements"])


@pytest.mark.parametrize(
    ("file", "outcome", "reason"),
    [
        ("csv_balance_break.csv", "discrepancy", None),
        ("camt053_cut.xml", "refused", "cut-file"),
        ("ofx_signon_error.ofx", "empty", "no-statement"),
        ("not_a_statement.pdf", "refused", "web-page"),
    ],
)
def test_exit_code_4_names_the_reason(
    capsys: pytest.CaptureFixture[str], file: str, outcome: str, reason: str | None
) -> None:
    code, [line] = told(capsys, str(SAMPLES / file))
    assert (code, line["outcome"]) == (4, outcome)
    assert line["error"] is None if reason is None else line["error"].startswith(f"{reason}: ")


def test_unverifiable_is_allowed_unless_proof_is_required(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, str(SAMPLES / "ofx1_bank.ofx"))[0] == 0
    code, [line] = told(capsys, "--require", "verified", str(SAMPLES / "ofx1_bank.ofx"))
    assert code == 4
    assert line["error"].startswith("not-verified: ")


def test_columns_by_number_and_by_heading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bank.csv"
    file.write_bytes(
        "x\tjour\tqui\tplus\tmoins\n1\t03.02.2026\tä\t1.000,50\t\n2\t04.02.2026\tb\t\t2,25\n".encode("cp1252")
    )
    code, [line] = told(
        capsys, str(file), "--encoding", "cp1252", "--delimiter", "tab", "--skip", "1", "--date", "2", "--in", "4", "--out", "5",
        "--text", "3", "--decimal", ",", "--date-format", "%d.%m.%Y", "--currency", "EUR",
    )  # fmt: skip
    assert code == 0
    assert (line["statements"][0]["sum"], line["statements"][0]["currency"]) == ("998.25", "EUR")
    _, [named] = told(capsys, str(file), "--date", "jour", "--in", "plus", "--out", "moins", "--text", "qui")
    assert named["statements"][0]["sum"] == "998.25"
    assert named["statements"][0]["entries"][0]["text"] == "ä"


def test_wrong_options_are_usage_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statement", "x.csv", "--amount", "1", "--in", "2"]) == 2
    assert main(["statement", "x.csv", "--to", "xlsx"]) == 2
    assert main(["statement"]) == 2
    capsys.readouterr()


def test_a_table_for_people_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statement", str(SAMPLES / "csv_balance_break.csv"), "--lang", "ja"]) == 4
    out = capsys.readouterr().out
    assert "計算不一致" in out
    assert "4 行目" in out
    assert main(["statement", str(SAMPLES / "csv_en_newest_first.csv"), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "1,096.80" in out
    assert "COFFEE, LONDON" in out


@pytest.mark.parametrize("form", ["csv", "xlsx", "ofx"])
def test_conversion_keeps_every_entry(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = SAMPLES / "mt940_reversals.sta"
    made = tmp_path / f"made.{form}"
    assert main(["statement", str(source), "--to", form, "-o", str(made)]) == 0
    capsys.readouterr()
    _, [line] = told(capsys, str(made))
    entries = [entry for statement in line["statements"] for entry in statement["entries"]]
    assert [(entry["date"], entry["amount"]) for entry in entries] == [
        ("2026-09-02", "-250.00"), ("2026-09-03", "-30.00"), ("2026-09-04", "12.34"), ("2026-09-30", "0.5"),
    ] or [(e["date"], float(e["amount"])) for e in entries] == [
        ("2026-09-02", -250.0), ("2026-09-03", -30.0), ("2026-09-04", 12.34), ("2026-09-30", 0.5),
    ]  # fmt: skip


def test_a_missing_file_is_told_in_the_readers_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statement", "--lang", "ja", "nofile.csv"]) == 4
    assert "ファイルがありません" in (said := capsys.readouterr()).out + said.err
    assert "No such file" not in said.out + said.err


def test_the_help_shows_the_decimal_marks_as_they_are_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statement", "--help"]) == 0
    assert "--decimal .|," in capsys.readouterr().out


def test_a_long_file_shows_a_bar_on_a_terminal_only(bofbot: Any, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
    import subprocess
    import sys

    rows = "".join(f"2026-09-{day % 28 + 1:02d},Shop {day},-1.00\n" for day in range(9000))
    (tmp_path / "long.csv").write_text("Date,Description,Amount\n" + rows, encoding="utf-8")
    assert bofbot("statement", "long.csv", "--json", "--summary").stderr == ""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bofbot.cli", "statement", "long.csv", "--json", "--summary"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs,
    ) as running:  # fmt: skip
        out, _ = running.communicate(timeout=60)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert json.loads(out)["statements"][0]["count"] == 9000
    assert "[" in shown
    assert "%" in shown
    assert shown.endswith("\x1b[K")


def test_ofx_says_what_it_was_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """OFX wants an account and a currency: none is made up, and two files without never become one account."""
    for name, amount in (("a.csv", "5"), ("b.csv", "7")):
        (tmp_path / name).write_text(
            f"date,description,amount\n2026-10-01,,{amount}\n2026-10-02,x\x01y,-1\n", encoding="utf-8"
        )
    assert (
        main(["statement", str(tmp_path), "--to", "ofx", "-o", str(tmp_path / "all.ofx"), "--lang", "ja"])
        == 0
    )
    assert "口座番号のない明細 2 件" in capsys.readouterr().err
    assert main(["statement", str(tmp_path / "all.ofx"), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["statements"]
    assert first["account"].startswith("UNKNOWN-")
    assert first["account"] != second["account"]
    assert (first["currency"], first["sum"], second["sum"]) == ("XXX", "4", "6")
    assert (
        main(["statement", str(tmp_path / "a.csv"), "--to", "ofx", "--account", "42", "--currency", "EUR"])
        == 0
    )
    told = capsys.readouterr()
    assert "<ACCTID>42<" in told.out
    assert not told.err


def test_a_file_of_another_format_than_named_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, [line] = told(capsys, "--format", "mt940", str(SAMPLES / "csv_ja_in_out.csv"))
    assert (code, line["outcome"]) == (4, "empty")
    assert "nothing in it is written as mt940" in line["error"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--delimiter", "ab"), 4, "A delimiter is one character"),
        (("--currency", "yen!"), 2, "a currency is three letters"),
    ],
)
def test_a_word_that_means_nothing_is_told(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    assert main(["statement", *words, str(SAMPLES / "csv_ja_in_out.csv")]) == code
    assert said in capsys.readouterr().err


def test_each_of_several_statements_has_its_name_above_its_entries(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "account,date,amount,balance,description\n1111111,2026-10-01,5,5,a\n2222222,2026-10-01,7,7,b\n"
    (tmp_path / "two.csv").write_text(rows, encoding="utf-8")
    main(["statement", str(tmp_path / "two.csv"), "--currency", "jpy"])
    shown = capsys.readouterr().out.splitlines()
    assert "two.csv  1111111  JPY" in shown
    assert "two.csv  2222222  JPY" in shown


def test_what_was_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "all.xlsx"
    main(["statement", str(SAMPLES / "csv_ja_in_out.csv"), "--to", "xlsx", "-o", str(file), "--lang", "ja"])
    assert f"{file} を書き出しました（明細 " in capsys.readouterr().err
