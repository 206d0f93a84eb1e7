"""Plain comparison of two tables by key against datacompy, in one run: `python benchmarks/compare.py [--peer PYTHON] [--most ROWS]`.

PYTHON is an interpreter that has datacompy, pandas and polars; what it lacks is skipped aloud. Every line is a process of its
own: CPU seconds (user + system, imports included, the best of some runs) and peak memory. The tables are CSV files of five
columns in another order on the right side, one row in a thousand changed. `report` is datacompy's own report, which its users read.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

HEADING = ("id", "date", "amount", "party", "memo")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
GOALS = {"pandas": 40, "polars": 8}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", default=sys.executable)
    options.add_argument("--most", type=int, default=SIZES[-1])
    options.add_argument("--sheet-rows", type=int, default=100_000, help="up to 1048575")
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--child", nargs=3, default=())
    chosen = options.parse_args()
    if chosen.child:
        what, left, right = chosen.child
        told = CHILDREN[what](Path(left), Path(right))
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mb": peak_memory(), "found": told}))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for rows in (size for size in SIZES if size <= chosen.most):
            print(f"\n== {rows:,} x {rows:,} rows by id")
            against_peers(Path(folder), rows, chosen)
        shapes(Path(folder), min(chosen.most, 200_000))
        workbooks(Path(folder), chosen.sheet_rows)
    return 0


def peak_memory() -> float:
    """Megabytes of this process alone; what `getrusage` tells begins with the memory of whoever started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024


def against_peers(folder: Path, rows: int, chosen: argparse.Namespace) -> None:
    left, right = same_but_some(folder, rows)
    ours = child("bofbot", left, right, times=chosen.times)
    line("bofbot", ours)
    for peer, goal in GOALS.items():
        theirs = child(peer, left, right, python=chosen.peer)
        ratio = f"{theirs['cpu'] / ours['cpu']:5.1f}x (to reach: {goal}x)" if ours and theirs else ""
        line(f"datacompy on {peer}", theirs, ratio)


def shapes(folder: Path, rows: int) -> None:
    """Tables that are the same but written otherwise: the rows that must be looked at more closely."""
    left, right = same_but_some(folder, rows)
    records = [text.split(",") for text in right.read_text(encoding="utf-8").splitlines()]
    shaped: dict[str, Callable[[], str]] = {
        "equal in the same order": lambda: left.read_text(encoding="utf-8"),
        "every cell quoted": lambda: "\n".join(",".join(f'"{cell}"' for cell in row) for row in records),
        "a column added, another order of columns": lambda: "\n".join(",".join((*row[1:], row[0], "x" if row[0] != "id" else "new")) for row in records),
        "every date written otherwise": lambda: "\n".join(",".join((row[0], row[1].replace("-", "/"), *row[2:])) for row in records),
        "every amount one more": lambda: "\n".join(",".join((*row[:2], str(int(row[2]) + 1) if row[2].isdigit() else row[2], *row[3:])) for row in records),
        "none of the keys": lambda: "\n".join(",".join((row[0] if row[0] == "id" else f"N{row[0]}", *row[1:])) for row in records),
    }  # fmt: skip
    print(f"\n== bofbot, {rows:,} x {rows:,} rows, and what is different")
    for name, made in shaped.items():
        right.write_text(made() + "\n", encoding="utf-8")
        line(name, child("bofbot", left, right))


def workbooks(folder: Path, rows: int) -> None:
    """The same two tables as workbooks, every cell typed."""
    from bofbot.adapters.workbooks.newbook import NewSheet, write_book

    books = []
    for path in same_but_some(folder, rows):
        records = (text.split(",") for text in path.read_text(encoding="utf-8").splitlines()[1:])
        typed = [
            (key, date.fromisoformat(day), Decimal(amount), *texts) for key, day, amount, *texts in records
        ]
        named = [dict(zip(HEADING, values, strict=True)) for values in typed]
        books.append(path.with_suffix(".xlsx"))
        write_book(books[-1], [NewSheet("S", HEADING, named)])
    print(f"\n== bofbot, two workbooks of {rows:,} rows")
    line("workbooks", child("bofbot", *books))


def child(
    what: str, left: Path, right: Path, python: str = sys.executable, times: int = 1
) -> dict[str, Any] | None:
    runs = []
    for _ in range(times):
        command = [python, __file__, "--child", what, str(left), str(right)]
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
        if told.returncode:
            print(f"   skipped: {what}: {(told.stderr.strip().splitlines() or ['?'])[-1][:100]}")
            return None
        runs.append(json.loads(told.stdout.splitlines()[-1]))
    best: dict[str, Any] = min(runs, key=lambda run: float(run["cpu"]))
    return best


def line(name: str, found: dict[str, Any] | None, *more: str) -> None:
    if found:
        print(
            f"   {name:42} {found['cpu']:7.2f} CPU-s {found['mb']:6.0f} MB  {found['found']}  {'  '.join(more)}"
        )


def same_but_some(folder: Path, rows: int) -> tuple[Path, Path]:
    dice = random.Random(1)
    made = [
        f"{k:08},2026-{1 + k % 12:02}-{1 + k % 28:02},{dice.randint(100, 9_999_999)},party {dice.randint(1, 20_000)},memo {k % 977}"
        for k in range(rows)
    ]
    heading = ",".join(HEADING) + "\n"
    left, right = folder / "left.csv", folder / "right.csv"
    left.write_text(heading + "\n".join(made) + "\n", encoding="utf-8")
    dice.shuffle(made)
    for k in range(rows // 1000):
        made[k] += "x"
    right.write_text(heading + "\n".join(made) + "\n", encoding="utf-8")
    return left, right


def bofbot_child(left: Path, right: Path) -> str:
    from bofbot.adapters.compare_files import compare_files

    found = compare_files(left, right, ["id"])
    if found is None:
        from bofbot.adapters.tables import Wanted, read_table
        from bofbot.reconcile.comparison.compare import compare

        found = compare(read_table(left, Wanted())[0], read_table(right, Wanted())[0], ["id"])
    return f"changed {len(found.changed)}, same {found.same}, only on one side {len(found.added) + len(found.removed)}"


def pandas_child(left: Path, right: Path) -> str:
    import datacompy  # type: ignore[import-not-found]
    import pandas  # type: ignore[import-not-found,import-untyped]

    compare = getattr(datacompy, "PandasCompare", None) or datacompy.Compare
    found = compare(pandas.read_csv(left, dtype=str), pandas.read_csv(right, dtype=str), join_columns="id")
    found.report()
    return f"changed {len(found.all_mismatch())}"


def polars_child(left: Path, right: Path) -> str:
    import polars  # type: ignore[import-not-found]
    from datacompy import PolarsCompare

    read = [polars.read_csv(path, infer_schema_length=0) for path in (left, right)]
    found = PolarsCompare(read[0], read[1], join_columns="id")
    found.report()
    return f"changed {len(found.all_mismatch())}"


CHILDREN = {"bofbot": bofbot_child, "pandas": pandas_child, "polars": polars_child}

if __name__ == "__main__":
    sys.exit(main())
