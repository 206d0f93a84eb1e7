"""Real statements of public test suites: count, sum, opening, closing as their index says, and no silent error."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bofbot.adapters.workbooks.statement_sheets import sheet_rows
from bofbot.statements.model import Refused
from bofbot.statements.options import Options
from bofbot.statements.profiles import profile_from
from bofbot.statements.reading import proved, read_file

SAMPLES = Path(__file__).parents[2] / "../shared/samples/statements"


def _cases() -> Iterator[Any]:
    index = SAMPLES / "index.csv"
    if not index.is_file():
        yield pytest.param("", [], marks=pytest.mark.skip(reason=f"no samples at {SAMPLES}"))
        return
    by_file: dict[str, list[dict[str, str]]] = {}
    with index.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            by_file.setdefault(row["file"], []).append(row)
    for file, rows in by_file.items():
        yield pytest.param(file, rows, id=file)


KNOWN_DIFFERENCES: dict[tuple[str, str], str] = {
    (
        "csv/test_row_format_neg_inflow.csv",
        "count",
    ): "the reference counts a line of text without date or amount",
}


@pytest.mark.parametrize(("file", "rows"), list(_cases()))
def test_sample(file: str, rows: list[dict[str, str]]) -> None:
    expected = {row["expect"] for row in rows}
    try:
        found = proved(read_file(SAMPLES / file, options=Options(sheets=sheet_rows)))
    except Refused as error:
        _rightly_refused(file, error, expected)
        return
    assert "empty" not in expected
    if file in READ_FURTHER:
        assert all(proof.outcome != "discrepancy" for _, proof in found)
        return
    assert len(found) == len(rows)
    for row, (statement, proof) in zip(rows, found, strict=True):
        if row["balanced"] == "no" or row["expect"] == "reject":
            assert (file, row["statement_no"]) in BETTER_KNOWN or proof.outcome == "discrepancy"
        else:
            assert row["balanced"] != "yes" or proof.outcome != "discrepancy", proof.checks
        scale = 100 if file.startswith("bai2") else 1
        figures = {"count": statement.count, "sum": statement.sum * scale}
        figures |= {
            end: getattr(statement, end) and getattr(statement, end) * scale for end in ("opening", "closing")
        }
        for name, column in (
            ("count", "n_transactions"),
            ("sum", "sum_transactions"),
            ("opening",) * 2,
            ("closing",) * 2,
        ):
            if (
                row[column]
                and (file, name) not in KNOWN_DIFFERENCES
                and (file, row["statement_no"]) not in BETTER_KNOWN
            ):
                assert figures[name] == Decimal(row[column]), name


def _rightly_refused(file: str, refusal: Refused, expected: set[str]) -> None:
    assert refusal.reason
    assert refusal.place is not None
    assert refusal.place.file.endswith(file)
    assert expected & {"reject", "empty", "reject-or-partial"} or file in NEEDS_MORE, str(refusal)


NEEDS_MORE = {
    "csv/test_delimiter_tab.csv": "two columns of amounts without headings: in/out is not guessed",
    "pdf/jp_bank_scan.pdf": "a scan needs the OCR extra",
}
READ_FURTHER = {
    "bai2/sample3.txt": "the reference misses records that follow others on one line; the account totals prove ours",
}
BETTER_KNOWN: dict[tuple[str, str], str] = {
    ("mt940/self-provided__raphaelm.sta", str(number)): "the reference drops a balance that names no currency"
    for number in range(3)
}


def _specs() -> list[Any]:
    specs = SAMPLES / "csv_specs.json"
    if not specs.is_file():
        return [pytest.param("", {}, marks=pytest.mark.skip(reason=f"no samples at {SAMPLES}"))]
    return [
        pytest.param(file, spec, id=file)
        for file, spec in json.loads(specs.read_text(encoding="utf-8")).items()
    ]


@pytest.mark.parametrize(("file", "spec"), _specs())
def test_columns_named_by_number(file: str, spec: dict[str, Any]) -> None:
    """The reference's own description of each CSV, as a person would type it: columns counted from 1."""
    words = {
        "encoding": spec.get("enc"),
        "delimiter": spec.get("delim"),
        "skip": spec.get("skip"),
        "decimal": spec.get("dec"),
    }
    columns = {"amount": "amount", "in": "in", "out": "out", "bal": "balance", "datecol": "date"}
    words |= {ours: spec[theirs] + 1 for theirs, ours in columns.items() if theirs in spec}
    options = Options(encoding=spec["enc"], currency=spec.get("cur", ""), profile=profile_from(words))
    [statement] = read_file(SAMPLES / file, options=options)
    with (SAMPLES / "index.csv").open(encoding="utf-8") as lines:
        [row] = [row for row in csv.DictReader(lines) if row["file"] == file]
    if (file, "count") not in KNOWN_DIFFERENCES:
        assert statement.count == int(row["n_transactions"])
    assert statement.sum == Decimal(row["sum_transactions"])
    for name, stated in (("opening", statement.opening), ("closing", statement.closing)):
        assert not row[name] or stated == Decimal(row[name])
