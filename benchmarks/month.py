"""The load of an office's month: 60 robots, 3 tickers with two places each, played in simulated time.

python benchmarks/month.py FOLDER      writes FOLDER/month.svg, prints the days as bars
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    import pytest

    from bofbot.store import open_store
    from tests.schedule.month import END, play_month

    patch = pytest.MonkeyPatch()
    with tempfile.TemporaryDirectory() as folder, open_store(":memory:") as store:
        told = play_month(store, Path(folder), patch)
    patch.undo()
    days = {day: counts for day, counts in sorted(told.by_day.items()) if day < END.date()}
    print(
        f"{told.wanted} times due, {told.lost} lost, {told.doubled} doubled, {told.skipped} skipped, {told.restarts} kills"
    )
    most = max(counts["minutes"] for counts in days.values())
    for day, counts in days.items():
        bar = "█" * round(40 * counts["minutes"] / most)
        print(
            f"{day:%m-%d %a} {counts['due']:4} due {counts['minutes']:5} min  {counts['at once']} at once, waited {counts['wait']:3} min  {bar}"
        )
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / "month.svg").write_text(drawn(days, most), encoding="utf-8")


def drawn(days: dict[date, Counter[str]], most: int) -> str:
    """Minutes of robots a day as columns, with the longest wait as a line of text over each."""
    width, height = 24, 220
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * len(days) + 40}" height="{height + 70}" font-family="sans-serif" font-size="9">'
    ]
    for place, (day, counts) in enumerate(days.items()):
        tall, x = round(height * counts["minutes"] / most), 30 + place * width
        colour = (
            "#b91c1c" if counts["minutes"] > most * 0.6 else "#64748b" if day.weekday() > 4 else "#1d4ed8"
        )
        parts.append(
            f'<rect x="{x}" y="{20 + height - tall}" width="{width - 5}" height="{tall}" fill="{colour}"><title>{day}: {counts["due"]} times, {counts["minutes"]} min, waited {counts["wait"]} min</title></rect>'
        )
        parts.append(
            f'<text x="{x}" y="{34 + height}">{day:%d}</text><text x="{x}" y="{16 + height - tall}">{counts["minutes"]}</text>'
        )
    parts.append(
        f'<text x="30" y="{56 + height}" font-size="11">ロボットの実行時間（分/日） minutes of robots a day</text></svg>'
    )
    return "\n".join(parts)


if __name__ == "__main__":
    main()
