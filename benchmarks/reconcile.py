"""Reconciliation measured: labelled data by grade, peers in the same run, shuffles, sums that are not unique, curves.

    python benchmarks/reconcile.py [--samples FOLDER] [--peer PYTHON] [--only WORD] [--most 100000]

PYTHON is an interpreter that has reconcile-py; what it lacks is skipped aloud. (Plain comparison: compare.py.) Every line is a
process of its own: CPU seconds (user + system, imports included) and peak memory.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "../shared/samples/reconcile"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", default=str(SAMPLES))
    options.add_argument("--peer", default=sys.executable)
    options.add_argument("--only", default="")
    options.add_argument("--most", type=int, default=100_000)
    options.add_argument("--child", default="")
    options.add_argument("rest", nargs="*")
    chosen = options.parse_args()
    if chosen.child:
        told = CHILDREN[chosen.child](*chosen.rest)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024, **(told or {})}))
        return 0
    for name, measure in MEASURES.items():
        if chosen.only in name:
            print(f"\n== {name}")
            measure(chosen)
    return 0


def child(what: str, *rest: object, python: str = sys.executable) -> dict[str, Any] | None:
    told = subprocess.run(
        [python, __file__, "--child", what, *map(str, rest)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    if told.returncode:
        print(f"   skipped: {what}: {(told.stderr.strip().splitlines() or ['?'])[-1][:100]}")
        return None
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def line(name: str, found: dict[str, Any] | None, *more: str) -> None:
    if found:
        print(f"   {name:42} {found['cpu']:7.2f} CPU-s {found['mb']:6.0f} MB  {'  '.join(more)}")


# labelled data


def labelled(chosen: argparse.Namespace) -> None:
    for name in ("transactions", "receivables_2k", "receivables_20k"):
        folder = Path(chosen.samples) / name
        if not folder.is_dir():
            print(f"   skipped: {folder} is not here")
            continue
        found = child("labelled", folder)
        line(name, found)
        for grade, figures in (found or {}).get("grades", {}).items():
            print(
                f"      {grade:10} {figures[0]:6} matches  right {figures[1]:6}  precision {figures[2]:.5f}  recall {figures[3]:.4f}  alike {figures[4]:.5f}"
            )
        if found:
            print(
                f"      all: F1 {found['f1']:.5f} by id; precision {found['alike'][0]:.5f}, recall {found['alike'][1]:.5f} when like invoices count as one"
            )


def labelled_child(folder: str) -> dict[str, Any]:
    left, right, truth = read_labelled(Path(folder))
    from bofbot.reconcile.engine import reconcile

    result = reconcile(left, right)
    used = resource.getrusage(resource.RUSAGE_SELF)  # before the answers are compared with the truth
    wanted: dict[Any, int] = {}
    one = {e.id: e for e in result.left}
    other = {e.id: e for e in result.right}

    def like(group: Any) -> Any:
        return (
            tuple(sorted((one[i].text.split()[-1], str(one[i].date), one[i].amount) for i in group[0])),
            tuple(
                sorted((other[i].party or other[i].id, str(other[i].date), other[i].amount) for i in group[1])
            ),
        )

    for group in truth:
        wanted[like(group)] = wanted.get(like(group), 0) + 1
    grades: dict[str, list[float]] = {}
    for match in result.matches:
        group = (
            tuple(sorted(result.left[r].id for r in match.left)),
            tuple(sorted(result.right[r].id for r in match.right)),
        )
        figures = grades.setdefault(match.grade, [0, 0, 0, 0, 0])
        figures[0] += 1
        figures[1] += group in truth
        if wanted.get(like(group), 0):
            wanted[like(group)] -= 1
            figures[4] += 1
    hits = sum(f[1] for f in grades.values())
    alike = sum(f[4] for f in grades.values())
    for figures in grades.values():
        figures[2], figures[3], figures[4] = (
            figures[1] / figures[0],
            figures[1] / len(truth),
            figures[4] / figures[0],
        )
    count = len(result.matches)
    return {
        "cpu": used.ru_utime + used.ru_stime,
        "grades": grades,
        "f1": 2 * hits / (count + len(truth)),
        "alike": [alike / count, alike / len(truth)],
    }


def read_labelled(folder: Path) -> tuple[Any, Any, set[Any]]:
    from bofbot.adapters.tables import Wanted, read_table

    if (folder / "truth.csv").exists():
        with (folder / "truth.csv").open(encoding="utf-8") as file:
            truth = {((r["origin_id"],), (r["destination_id"],)) for r in csv.DictReader(file)}
        names = ("origin.csv", "destination.csv")
    else:
        groups = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        truth = {(tuple(sorted(g["bank"])), tuple(sorted(g["ledger"]))) for g in groups}
        names = ("bank.csv", "ledger.xlsx")
    return read_table(folder / names[0], Wanted())[0], read_table(folder / names[1], Wanted())[0], truth


# peers


def against_reconcile_py(chosen: argparse.Namespace) -> None:
    against(chosen, "reconcile_py", 3000)


def against_reconcile_mcp(chosen: argparse.Namespace) -> None:
    against(chosen, "reconcile_mcp", 1000)


def against(chosen: argparse.Namespace, name: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        left, right = made_pair(Path(folder), rows)
        ours = child("ours", left, right)
        line(f"bofbot {rows:,} x {rows:,}", ours, f"right {ours['right'] if ours else '?'}")
        peer = child(name, left, right, python=chosen.peer)
        line(f"{name} {rows:,} x {rows:,}", peer, f"right {peer['right'] if peer else '?'}")
        ratio(ours, peer)
        if ours and peer:
            print(f"   {'ratio without imports':42} {peer['work'] / ours['work']:7.1f} x")


def made_pair(folder: Path, rows: int, seed: int = 3) -> tuple[Path, Path]:
    """A bank and a ledger: names cut at 20 half-width characters on the bank's side, amounts equal, days 0 to 4 apart."""
    dice = random.Random(seed)
    heads = ("ﾆﾂｼﾝ", "ﾔﾏﾄ", "ｱｻﾋ", "ｷﾑﾗ", "ﾌｼﾞ", "ｻｸﾗ", "ﾐﾅﾄ", "ﾂﾊﾞｻ", "ﾎｸﾄ", "ｱｵｿﾞﾗ")
    tails = ("ﾃﾞﾝｷ", "ｼｽﾃﾑ", "ｻﾝｷﾞﾖｳ", "ｼﾖｸﾋﾝ", "ｹﾝｾﾂ", "ｲﾝｻﾂ", "ｳﾝﾕ", "ｶｶﾞｸ", "ﾎ-ﾙﾃﾞｲﾝｸﾞｽ", "ｾｲｻｸｼﾖ")
    import unicodedata

    left, right = folder / f"bank{rows}.csv", folder / f"ledger{rows}.csv"
    bank, ledger = [], []
    for k in range(rows):
        name = dice.choice(heads) + dice.choice(heads) + dice.choice(tails)
        day, amount = dice.randint(1, 24), dice.randint(1000, 3_000_000)
        bank.append(
            (f"L{k:07}", f"2026-{1 + k % 12:02}-{day + dice.randint(0, 4):02}", amount, f"ﾌﾘｺﾐ ｶ){name}"[:20])
        )
        ledger.append(
            (f"R{k:07}", f"2026-{1 + k % 12:02}-{day:02}", amount, unicodedata.normalize("NFKC", name))
        )
    dice.shuffle(ledger)
    for path, rows_, heading in (
        (left, bank, "取引番号,取引日,入金額,摘要"),
        (right, ledger, "請求番号,入金予定日,請求額,フリガナ"),
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(heading + "\n")
            csv.writer(file).writerows(rows_)
    return left, right


def ours_child(left: str, right: str) -> dict[str, Any]:
    from bofbot.adapters.tables import Wanted, read_table
    from bofbot.reconcile.engine import reconcile

    began = time.process_time()
    result = reconcile(read_table(Path(left), Wanted())[0], read_table(Path(right), Wanted())[0])
    return {
        "work": time.process_time() - began,
        "right": sum(
            result.left[m.left[0]].id[1:] == result.right[m.right[0]].id[1:] for m in result.matches
        ),
        "confirmed": result.count("confirmed"),
    }


def reconcile_py_child(left: str, right: str) -> dict[str, Any]:
    from datetime import date
    from decimal import Decimal

    sys.path.remove(str(Path(__file__).parent))  # this file has the peer's name
    from reconcile import FieldRule, ReconcileConfig, Record, reconcile  # type: ignore[import-not-found]

    def records(path: str) -> list[Any]:
        with Path(path).open(encoding="utf-8") as file:
            rows = list(csv.reader(file))[1:]
        return [Record(Decimal(r[2]), date.fromisoformat(r[1]), None, r[3], r[0]) for r in rows]

    rules = (
        FieldRule("amount", "gate", abs_tol=Decimal(0)),
        FieldRule("date", "gate", day_tol=5),
        FieldRule("counterparty", "grade", weight=1.0),
    )
    began = time.process_time()
    result = reconcile(records(left), records(right), ReconcileConfig(rules, threshold=0.6))
    return {
        "work": time.process_time() - began,
        "right": sum(m.left_ids[0][1:] == m.right_ids[0][1:] for m in result.matches),
    }


def reconcile_mcp_child(left: str, right: str) -> dict[str, Any]:
    from reconcile_mcp.engine import reconcile  # type: ignore[import-not-found]

    def records(path: str) -> list[dict[str, str]]:
        with Path(path).open(encoding="utf-8") as file:
            rows = list(csv.reader(file))[1:]
        return [{"id": r[0], "date": r[1], "amount": r[2], "counterparty": r[3]} for r in rows]

    # as it comes it looks for sums among all that is left, and did not end in 300 CPU-s
    began = time.process_time()
    result = reconcile(records(right), records(left), {"enable_one_to_many": False})
    pairs = [(m["expected"], m["observed"]) for m in result["matches"]]
    return {
        "work": time.process_time() - began,
        "right": sum([one[1:] for one in mine] == [one[1:] for one in theirs] for mine, theirs in pairs),
    }


def tolerance(chosen: argparse.Namespace) -> None:
    line(
        "200k x 200k, +-100 and +-3 days",
        found := child("tolerance"),
        f"{found['pairs'] if found else '?'} pairs, join alone {found['join'] if found else 0:.2f} CPU-s",
    )


def tolerance_child() -> dict[str, Any]:
    import numpy as np

    from bofbot.reconcile.evidence.joins import Sorted

    dice = np.random.default_rng(1)
    n = 200_000
    amount, day = dice.integers(1, 10_000_000, n), dice.integers(0, 365, n)
    near, moved = amount + dice.integers(-100, 101, n), day + dice.integers(-3, 4, n)
    began = time.process_time()
    index = Sorted(near // 100, moved)
    pairs = 0
    for shift in (-1, 0, 1):
        one, other = index.pairs(amount // 100 + shift, day - 3, day + 3)
        pairs += int((np.abs(amount[one] - near[other]) <= 100).sum())
    return {"pairs": pairs, "join": time.process_time() - began}


def shuffles(chosen: argparse.Namespace) -> None:
    folder = Path(chosen.samples) / "receivables_2k"
    if not folder.is_dir():
        print(f"   skipped: {folder} is not here")
        return
    line(
        "100 shuffles of 400 x 400 rows",
        found := child("shuffles", folder),
        f"different results: {found['different'] if found else '?'}",
    )


def shuffles_child(folder: str) -> dict[str, Any]:
    from bofbot.reconcile.engine import reconcile
    from bofbot.reconcile.outcome.listing import as_json
    from bofbot.records import Table

    left, right, truth = read_labelled(Path(folder))
    kept = sorted(truth)[:400]
    ids = {i for a, b in kept for i in (*a, *b)}
    sides = [
        Table(t.columns, tuple(r for r in t.rows if str(r[t.columns[0]]) in ids), t.source)
        for t in (left, right)
    ]
    dice = random.Random(5)
    seen = set()
    for _ in range(100):
        mixed = [Table(t.columns, tuple(dice.sample(t.rows, len(t.rows))), t.source) for t in sides]
        seen.add(json.dumps(as_json(reconcile(mixed[0], mixed[1]))))
    return {"different": len(seen) - 1}


def sums(chosen: argparse.Namespace) -> None:
    line(
        "20 payments over 60 open items each",
        found := child("sums"),
        f"confirmed though not unique: {found['confirmed'] if found else '?'}",
    )


def sums_child() -> dict[str, Any]:
    from decimal import Decimal

    from bofbot.errors import Cell
    from bofbot.reconcile.engine import reconcile
    from bofbot.records import Row, Table

    confirmed = 0
    for seed in range(20):
        dice = random.Random(seed)
        amounts = [100 * dice.randint(30, 4000) for _ in range(60)]
        total = sum(amounts[k] for k in dice.sample(range(60), 4))
        one = Row(
            {"id": "B1", "date": "2026-01-31", "amount": Decimal(total), "party": "ACME TRADING"},
            Cell("", "", 2),
        )
        many = tuple(
            Row(
                {"id": f"I{k}", "date": "2026-01-31", "amount": Decimal(a), "party": "ACME TRADING"},
                Cell("", "", k + 2),
            )
            for k, a in enumerate(amounts)
        )
        columns = ("id", "date", "amount", "party")
        result = reconcile(Table(columns, (one,)), Table(columns, many))
        confirmed += sum(len(m.right) > 1 for m in result.matches if m.grade == "confirmed")
    return {"confirmed": confirmed}


def curve(chosen: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in (1_000, 10_000, 100_000, 1_000_000):
            if rows <= chosen.most:
                left, right = made_pair(Path(folder), rows)
                found = child("ours", left, right)
                line(
                    f"{rows:,} x {rows:,} (CSV, no rules)",
                    found,
                    f"confirmed {found['confirmed'] if found else '?'}",
                )


def ratio(ours: dict[str, Any] | None, peer: dict[str, Any] | None) -> None:
    if ours and peer:
        print(f"   {'ratio (CPU)':42} {peer['cpu'] / ours['cpu']:7.1f} x")


MEASURES = {
    "labelled data": labelled, "reconcile-py": against_reconcile_py, "reconcile-mcp": against_reconcile_mcp, "tolerance": tolerance,
    "shuffles": shuffles, "sums": sums, "curve": curve,
}  # fmt: skip
CHILDREN = {
    "labelled": labelled_child, "ours": ours_child, "reconcile_py": reconcile_py_child, "reconcile_mcp": reconcile_mcp_child, "tolerance": tolerance_child,
    "shuffles": shuffles_child, "sums": sums_child,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
