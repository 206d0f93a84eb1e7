"""`bofbot reconcile LEFT RIGHT --json` as a process, from a thousand to a million rows a side, without rules.

    python benchmarks/reconcile_scale.py [--rows 1000,10000,100000,1000000]

Id, date, amount, party and reference, a few hundred parties, the right side in another order, payment within four days:
every pair is true. CPU seconds (user + system, start included) and peak memory of each process.
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
from itertools import product
from pathlib import Path

HEADS = (
    "Acme", "Borealis", "Cobalt", "Delta", "Everest", "Falcon", "Granite", "Harbor", "Indigo", "Juniper", "Keystone",
    "Lantern", "Meridian", "Nimbus", "Orchid", "Pioneer", "Quartz", "Ridge", "Summit", "Tundra",
)  # fmt: skip
TAILS = (
    "Trading",
    "Foods",
    "Systems",
    "Logistics",
    "Paper",
    "Steel",
    "Motors",
    "Textiles",
    "Pharma",
    "Energy",
)
HEADINGS = ("id", "date", "amount", "party", "reference")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", default="1000,10000,100000,1000000")
    options.add_argument("--child", nargs=2, metavar="FILE", default=())
    chosen = options.parse_args()
    if chosen.child:
        return measured(*chosen.child)
    for rows in map(int, chosen.rows.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            sides = made_sides(Path(folder), rows)
            told = subprocess.run(
                [sys.executable, __file__, "--child", *map(str, sides)],
                capture_output=True,
                text=True,
                check=True,
            )
            found = json.loads(told.stdout)
            print(
                f"{rows:>9,} rows a side  {found['cpu']:7.2f} CPU-s  {found['mb']:6.0f} MB  confirmed {found['confirmed']:,}"
            )
    return 0


def measured(left: str, right: str) -> int:
    """One run of the command; its figures as JSON."""
    out = Path(left).with_suffix(".json")
    with out.open("wb") as file:
        subprocess.run(
            [sys.executable, "-m", "bofbot.cli", "reconcile", left, right, "--json"], stdout=file, check=True
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with out.open(encoding="utf-8") as lines:
        next(lines)  # the opening bracket; the summary is the line below it
        summary = json.loads("{" + next(lines).rstrip(",\n") + "}")["summary"]
    told = {
        "cpu": used.ru_utime + used.ru_stime,
        "mb": used.ru_maxrss / 1024,
        "confirmed": summary["confirmed"],
    }
    print(json.dumps(told))
    return 0


def made_sides(folder: Path, rows: int, seed: int = 7) -> tuple[Path, Path]:
    """A bank and a ledger of so many rows."""
    dice = random.Random(seed)
    parties = [" ".join(words) for words in product(HEADS, HEADS, TAILS, ("Ltd", "Inc", "GmbH", "Co"))]
    dice.shuffle(parties)
    parties = parties[: max(50, rows // 200)]
    left, right = [], []
    for k in range(rows):
        party, month, day, amount = (
            dice.choice(parties), 1 + dice.randrange(12), dice.randint(1, 24), dice.randint(1000, 5_000_000),
        )  # fmt: skip
        paid = day + dice.randint(0, 4)
        left.append((f"B{k:07}", f"2026-{month:02}-{paid:02}", amount, party, f"INV-{k:07}"))
        right.append((f"L{k:07}", f"2026-{month:02}-{day:02}", amount, party, f"INV-{k:07}"))
    dice.shuffle(right)
    paths = folder / "bank.csv", folder / "ledger.csv"
    for path, lines in zip(paths, (left, right), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *lines])
    return paths


if __name__ == "__main__":
    sys.exit(main())
