"""Labelled data: how much is found, how much of it is right, and how sure the automatic tier is."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from bofbot.adapters.tables import Wanted, read_table
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.model import Result
from bofbot.reconcile.outcome.listing import as_json
from bofbot.records import Table

SAMPLES = Path(__file__).parents[2] / "../shared/samples/reconcile"
Group = tuple[tuple[str, ...], tuple[str, ...]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SAMPLES.is_dir(), reason="labelled samples (../shared/samples/reconcile) are not here"
    ),
]


def sides(name: str) -> tuple[Table, Table, set[Group]]:
    folder = SAMPLES / name
    if name == "transactions":
        with (folder / "truth.csv").open(encoding="utf-8") as file:
            truth = {((row["origin_id"],), (row["destination_id"],)) for row in csv.DictReader(file)}
        left, right = folder / "origin.csv", folder / "destination.csv"
    else:
        groups = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        truth = {(tuple(sorted(g["bank"])), tuple(sorted(g["ledger"]))) for g in groups}
        left, right = folder / "bank.csv", folder / "ledger.xlsx"
    one, other = read_table(left, Wanted())[0], read_table(right, Wanted())[0]
    return one, other, truth


def quarter(left: Table, right: Table, truth: set[Group]) -> tuple[Table, Table, set[Group]]:
    """Every fourth true pair: the whole set is for benchmarks."""
    kept = set(sorted(truth)[::4])
    ids = {i for a, b in kept for i in (*a, *b)}
    cut = [
        Table(t.columns, tuple(row for row in t.rows if row["id"] in ids), t.source) for t in (left, right)
    ]
    return cut[0], cut[1], kept


def group(result: Result, left: tuple[int, ...], right: tuple[int, ...]) -> Group:
    return tuple(sorted(result.left[r].id for r in left)), tuple(sorted(result.right[r].id for r in right))


def rates(result: Result, truth: set[Group]) -> Mapping[str, float]:
    """Strictly by id: a match counts when exactly these rows belong together."""
    found = {
        g: [group(result, m.left, m.right) for m in result.matches if m.grade == g]
        for g in ("confirmed", "suggested", "ambiguous")
    }
    sure = found["confirmed"]
    every = [one for ones in found.values() for one in ones]
    right = sum(one in truth for one in every)
    return {
        "sure_precision": sum(one in truth for one in sure) / len(sure),
        "sure_recall": sum(one in truth for one in sure) / len(truth),
        "f1": 2 * right / (len(every) + len(truth)),
    }


def alike(result: Result, truth: set[Group]) -> tuple[float, float]:
    """Precision and recall when invoices of one party, date and amount count as the same."""
    left = {entry.id: entry for entry in result.left}
    right = {entry.id: entry for entry in result.right}

    def kind(one: Group) -> tuple[object, ...]:
        payments = sorted((left[i].text.split()[-1], str(left[i].date), left[i].amount) for i in one[0])
        invoices = sorted((right[i].party, str(right[i].date), right[i].amount) for i in one[1])
        return tuple(payments), tuple(invoices)

    wanted: dict[tuple[object, ...], int] = {}
    for one in truth:
        wanted[kind(one)] = wanted.get(kind(one), 0) + 1
    hits = 0
    for match in result.matches:
        what = kind(group(result, match.left, match.right))
        if wanted.get(what, 0):
            wanted[what] -= 1
            hits += 1
    return hits / len(result.matches), hits / len(truth)


def test_bank_transfers_seen_from_two_sides() -> None:
    left, right, truth = quarter(*sides("transactions"))
    reached = rates(reconcile(left, right), truth)
    assert reached["f1"] >= 0.999
    assert reached["sure_precision"] >= 0.9999
    assert reached["sure_recall"] >= 0.97


def test_japanese_receivables() -> None:
    left, right, truth = sides("receivables_2k")
    result = reconcile(left, right, names=("bank", "ledger"))
    reached = rates(result, truth)
    assert reached["sure_precision"] >= 0.9995
    assert reached["sure_recall"] >= 0.905
    precision, found = alike(result, truth)
    assert precision >= 0.985
    assert found >= 0.975


def test_shuffled_rows_give_the_same_bytes() -> None:
    left, right, _ = sides("receivables_2k")
    first = json.dumps(as_json(reconcile(left, right)), ensure_ascii=False)
    dice = random.Random(7)
    for _ in range(2):
        mixed = [Table(t.columns, tuple(dice.sample(t.rows, len(t.rows))), t.source) for t in (left, right)]
        assert json.dumps(as_json(reconcile(*mixed)), ensure_ascii=False) == first
