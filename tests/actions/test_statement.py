"""The verb `statement`: what a robot gets of a file, and what it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copy

import pytest

from bofbot.actions.documents.statement import ReadStatement
from bofbot.errors import BusinessError
from bofbot.practice.account import bank_month
from bofbot.practice.papers import as_csv
from bofbot.practice.pdf import as_pdf

from .stage import Stage

SAMPLES = Path(__file__).parents[1] / "statements" / "samples"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    for path in SAMPLES.iterdir():
        if path.suffix != ".json":
            copy(path, tmp_path / path.name)
    month = bank_month("2026-10")
    (tmp_path / "practice.csv").write_bytes(as_csv(month))
    (tmp_path / "practice.pdf").write_bytes(as_pdf(month))
    return Stage(tmp_path)


async def test_a_statement_is_rows_and_figures(stage: Stage) -> None:
    result = await ReadStatement(statement="csv_ja_in_out.csv").run(stage)
    value = result.value
    assert (value["opening"], value["closing"], value["count"], value["sum"]) == (
        Decimal(50000),
        Decimal(99500),
        3,
        Decimal(49500),
    )
    first = value["entries"][0]
    assert (first["date"], first["amount"], first["balance"]) == (
        date(2026, 9, 1),
        Decimal(100000),
        Decimal(150000),
    )
    assert first.source.row == 2
    assert first.source.file.endswith("csv_ja_in_out.csv")
    assert result.facts["outcome"] == "verified"
    assert result.facts["closing"] == "99500"
    assert result.summary is not None
    assert (result.summary.en, result.summary.ja) == ("3 entries, verified", "明細 3 件、計算一致")


async def test_csv_and_pdf_of_the_practice_bank_say_the_same(stage: Stage) -> None:
    truth = bank_month("2026-10")
    for file in ("practice.csv", "practice.pdf"):
        value = (await ReadStatement(statement=file, require="verified").run(stage)).value
        assert (value["opening"], value["closing"], value["count"]) == (
            truth.opening,
            truth.closing,
            len(truth.lines),
        )


async def test_what_does_not_add_up_stops_the_robot_with_line_and_difference(stage: Stage) -> None:
    with pytest.raises(BusinessError) as refused:
        await ReadStatement(statement="csv_balance_break.csv").run(stage)
    assert "difference -100" in refused.value.message.en
    assert "差額 -100" in refused.value.message.ja
    assert refused.value.place is not None
    assert refused.value.place.line == 4
    value = (await ReadStatement(statement="csv_balance_break.csv", require="readable").run(stage)).value
    assert value["outcome"] == "discrepancy"


async def test_what_nothing_proves_is_taken_unless_proof_is_required(stage: Stage) -> None:
    value = (await ReadStatement(statement="ofx1_bank.ofx").run(stage)).value
    assert value["outcome"] == "unverifiable"
    with pytest.raises(BusinessError, match="cannot be verified"):
        await ReadStatement(statement="ofx1_bank.ofx", require="verified").run(stage)


async def test_one_account_of_several(stage: Stage) -> None:
    with pytest.raises(BusinessError, match="Giro, Cash"):
        await ReadStatement(statement="qif_accounts.qif").run(stage)
    value = (await ReadStatement(statement="qif_accounts.qif", account="Cash").run(stage)).value
    assert (value["account"], value["sum"]) == ("Cash", Decimal(-3))


async def test_columns_named_in_the_robot(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("2026-09-01;a;10,00;\n2026-09-02;b;;4,00\n", encoding="utf-8")
    with pytest.raises(BusinessError, match="cannot be told"):
        await ReadStatement(statement="bare.csv").run(stage)
    value = (
        await ReadStatement(statement="bare.csv", columns={"date": 1, "in": 3, "out": "4"}).run(stage)
    ).value
    assert [row["amount"] for row in value["entries"]] == [Decimal("10.00"), Decimal("-4.00")]
    with pytest.raises(BusinessError, match="no “when”"):
        await ReadStatement(statement="bare.csv", columns={"when": 1}).run(stage)


async def test_a_missing_file_is_told(stage: Stage) -> None:
    with pytest.raises(BusinessError, match="cannot be opened"):
        await ReadStatement(statement="nowhere.csv").run(stage)
