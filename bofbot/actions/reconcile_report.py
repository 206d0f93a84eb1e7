"""The workbook an accountant keeps, written through the workbook door."""

from __future__ import annotations

from pathlib import Path

from bofbot.adapters.newbook import NewSheet, write_book
from bofbot.reconcile.listing import as_json, summary
from bofbot.reconcile.model import Result


def write_report(path: Path, result: Result) -> None:
    """Write the report, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = as_json(result, "ja")
    totals = [
        {"項目": key, "値": value} for key, value in summary(result).items() if not isinstance(value, list)
    ]
    totals += [
        {"項目": f"{line.currency} {name}", "値": getattr(line, name)}
        for line in result.totals
        for name in line.__slots__[1:]
    ]
    matches = [
        {**match, "left": ", ".join(match["left"]), "right": ", ".join(match["right"])}
        for match in plain["matches"]
    ]
    columns = ["left", "right", "kind", "grade", "rule", "points", "margin", "difference", "explanation"]
    write_book(
        path,
        [
            NewSheet("要約", ["項目", "値"], totals),
            NewSheet("照合", columns, matches),
            NewSheet("未照合", ["side", "id", "kind", "amount", "date", "age", "reason"], plain["breaks"]),
        ],
    )
