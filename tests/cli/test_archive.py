"""`bofbot archive …` as people type it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bofbot.cli.main import main

SAMPLES = Path(__file__).parents[1] / "statements" / "samples"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_document_s_life(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "archive",
                "add",
                str(SAMPLES / "csv_ja_in_out.csv"),
                str(SAMPLES / "jp_pint.xml"),
                "--lang",
                "en",
            ]
        )
        == 0
    )
    assert "D000001" in capsys.readouterr().out
    assert main(["archive", "add", str(SAMPLES / "jp_pint.xml"), "--lang", "ja"]) == 0
    assert "保管済み" in capsys.readouterr().out
    assert (
        main(["archive", "search", "--counterparty", "サンプル", "--min", "1,464", "--max", "1464", "--json"])
        == 0
    )
    [found] = json.loads(capsys.readouterr().out)["documents"]
    assert (found["document"], found["amount"], found["date"]) == ("D000002", "1464", "2026-09-30")
    assert main(["archive", "show", "D000002", "-o", "original.xml"]) == 0
    assert (here / "original.xml").read_bytes() == (SAMPLES / "jp_pint.xml").read_bytes()
    assert (
        main(["archive", "export", "--for-audit", "audit", "--from", "令和8年9月30日", "--to", "2026-09-30"])
        == 0
    )
    assert [path.name for path in (here / "audit" / "originals").iterdir()] == [
        "20260930_株式会社サンプル_1464.xml"
    ]
    capsys.readouterr()
    assert main(["archive", "verify", "--write-roots", "roots.csv", "--lang", "ja"]) == 0
    assert "問題 0 件" in capsys.readouterr().out
    assert main(["archive", "verify", "--roots", "roots.csv"]) == 0


def test_what_tells_nothing_needs_its_key(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    assert main(["archive", "add", "photo.jpg", "--lang", "en"]) == 4
    told = capsys.readouterr().err
    assert "--counterparty" in told
    assert told.count("photo.jpg") == 1
    assert main(["archive", "add", "photo.jpg", "--date", "2026-09-01"]) == 4
    assert (
        main(
            [
                "archive",
                "add",
                "photo.jpg",
                "--date",
                "2026-09-01",
                "--amount",
                "1000",
                "--counterparty",
                "文具店",
            ]
        )
        == 0
    )
    assert main(["archive", "add", "gone.pdf"]) == 4
    assert main(["archive", "show", "D000009"]) == 4


def test_tampering_ends_with_4(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["archive", "add", str(SAMPLES / "jp_pint.xml")])
    [original] = [path for path in (here / "archive" / "objects").rglob("*") if path.is_file()]
    original.chmod(0o644)
    original.write_bytes(b"forged")
    capsys.readouterr()
    assert main(["archive", "verify", "--lang", "en"]) == 4
    assert "D000001" in capsys.readouterr().out


def test_no_archive_is_said_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "verify"]) == 2
    assert not (here / "archive").exists()
    capsys.readouterr()


def test_a_statement_without_a_name_is_completed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A CSV tells its day and balance, not the bank: that is said, and given by itself it is enough."""
    (here / "a.csv").write_text(
        "date,amount,balance\n2026-10-01,5,105\n2026-10-02,-1,104\n", encoding="utf-8"
    )
    assert main(["archive", "add", "a.csv", "--lang", "ja"]) == 0
    assert "取引先がありません" in capsys.readouterr().out
    assert main(["archive", "add", "a.csv", "--counterparty", "みどり銀行", "--replaces", "D000001"]) == 0
    assert "取引先がありません" not in capsys.readouterr().out
    assert (
        main(["archive", "search", "--counterparty", "みどり", "--min", "104", "--max", "104", "--json"]) == 0
    )
    [found] = json.loads(capsys.readouterr().out)["documents"]
    assert (found["document"], found["version"], found["date"]) == ("D000001", 2, "2026-10-02")


def test_what_does_not_add_up_is_said_when_it_is_filed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.csv").write_text(
        "date,amount,balance\n2026-10-01,5,105\n2026-10-02,-1,103\n", encoding="utf-8"
    )
    assert main(["archive", "add", "a.csv", "--lang", "en"]) == 0
    assert "does not add up" in capsys.readouterr().out
    assert main(["archive", "show", "D000001", "--lang", "ja"]) == 0
    assert "計算不一致" in capsys.readouterr().out


def test_a_search_that_finds_nothing_says_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "add", str(SAMPLES / "jp_pint.xml")]) == 0
    capsys.readouterr()
    assert main(["archive", "search", "--counterparty", "誰でもない", "--lang", "ja"]) == 0
    assert capsys.readouterr().out == "条件に合う文書はありません\n"
    assert main(["archive", "search", "--from", "2026-10-01", "--to", "2026-09-01"]) == 2
    assert "--to 2026-09-01 is before" in capsys.readouterr().err
