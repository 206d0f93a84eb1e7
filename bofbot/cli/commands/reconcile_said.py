"""What `bofbot reconcile` prints for people: the figures, then what is left, the largest amounts first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bofbot.cli.screen import columns
from bofbot.sinks.columns import clip
from bofbot.words import Language, Sentence

if TYPE_CHECKING:
    from bofbot.reconcile.comparison.compare import Comparison
    from bofbot.reconcile.model import Entry, Result

LISTED = 20
"""Rows that a screen shows; `--report` and `--json` have them all."""
_TEXT = 36

_WORDS: dict[Language, dict[str, str]] = {
    "en": {"confirmed": "confirmed", "suggested": "to review", "ambiguous": "ambiguous", "left_open": "open on the left", "right_open": "open on the right", "as_of": "as of", "difference": "difference of matches"},
    "ja": {"confirmed": "確定", "suggested": "要確認", "ambiguous": "判断不可", "left_open": "未照合（左）", "right_open": "未照合（右）", "as_of": "基準日", "difference": "照合済みの差額"},
}  # fmt: skip


_COMPARED = {
    "by": Sentence(en="compared by", ja="キー"),
    "left_rows": Sentence(en="rows on the left", ja="左の行数"),
    "right_rows": Sentence(en="rows on the right", ja="右の行数"),
    "same": Sentence(en="equal rows", ja="一致した行"),
    "changed_rows": Sentence(en="changed rows", ja="変更のある行"),
    "changed_cells": Sentence(en="changed cells", ja="変更のあるセル"),
    "removed": Sentence(en="only on the left", ja="左だけにある行"),
    "added": Sentence(en="only on the right", ja="右だけにある行"),
    "duplicate_keys": Sentence(en="keys in several rows", ja="重複しているキー"),
}


def result_lines(result: Result, language: Language) -> list[str]:
    """Figures, totals that close, matches a person must look at, and rows left open."""
    return [*_figures(result, language), *_to_review(result, language), *_left_open(result, language)]


def _figures(result: Result, language: Language) -> list[str]:
    from bofbot.reconcile.outcome.listing import summary

    figures = summary(result)
    words = _WORDS[language]
    lines = [[words[key], str(figures[key])] for key in words if key in figures]
    for total in figures["totals"]:
        name = f"{total['currency']} " if total["currency"] else ""
        for side in ("left", "right"):
            whole, matched, left = (Decimal(total[f"{side}_{part}"]) for part in ("total", "matched", "open"))
            sums = Sentence(
                en=f"{whole:,} = matched {matched:,} + open {left:,}",
                ja=f"{whole:,} = 照合済み {matched:,} + 未照合 {left:,}",
            )
            lines.append([f"{name}{figures[side]}", sums.said_in(language)])
        lines.append([name + words["difference"], f"{Decimal(total['difference']):,}"])
    return columns(lines)


def _to_review(result: Result, language: Language) -> list[str]:
    unsure = sorted(
        result.waiting,
        key=lambda match: -abs(sum((result.left[row].amount for row in match.left), Decimal(0))),
    )
    rows = [
        [
            "+".join(result.left[row].id for row in match.left),
            "+".join(result.right[row].id for row in match.right),
            f"{sum((result.left[row].amount for row in match.left), Decimal(0)):,}",
            match.why.said_in(language),
        ]
        for match in unsure[:LISTED]
    ]
    return _listed(Sentence(en="to look at", ja="確認が必要な照合"), rows, len(unsure), language)


def _left_open(result: Result, language: Language) -> list[str]:
    lines: list[str] = []
    for side, name, entries in (
        ("left", result.left_name, result.left),
        ("right", result.right_name, result.right),
    ):
        found = sorted((b for b in result.breaks if b.side == side), key=lambda b: -abs(b.amount))
        rows = [
            [*_entry(entries[item.row]), f"{item.amount:,}", item.reason.said_in(language)]
            for item in found[:LISTED]
        ]
        heading = Sentence(en=f"open in {name}", ja=f"{name} の未照合")
        lines += _listed(heading, rows, len(found), language)
    return lines


def _entry(entry: Entry) -> list[str]:
    said = clip(entry.party or entry.text or entry.reference, _TEXT)
    return [entry.id, entry.date.isoformat() if entry.date else "", said]


def comparison_lines(comparison: Comparison, plain: dict[str, Any], language: Language) -> list[str]:
    """The figures of a comparison, and what differs, cell by cell."""
    figures = {**plain["summary"], "by": ("、" if language == "ja" else ", ").join(comparison.by)}
    lines = columns([[said.said_in(language), str(figures[name])] for name, said in _COMPARED.items()])
    changed = [
        ["/".join(c["key"]), c["column"], f"{c['left']} → {c['right']}"] for c in plain["changed"][:LISTED]
    ]
    lines += _listed(Sentence(en="changed", ja="変更"), changed, len(plain["changed"]), language)
    for name, heading in (
        ("removed", Sentence(en="only on the left", ja="左だけにある行")),
        ("added", Sentence(en="only on the right", ja="右だけにある行")),
    ):
        rows = [
            ["/".join(str(row.get(key, "")) for key in comparison.by), clip(_values(row), 2 * _TEXT)]
            for row in plain[name][:LISTED]
        ]
        lines += _listed(heading, rows, len(plain[name]), language)
    for name, heading in (
        ("columns_removed", Sentence(en="columns only on the left", ja="左だけにある列")),
        ("columns_added", Sentence(en="columns only on the right", ja="右だけにある列")),
    ):
        lines += _listed(heading, [[str(column)] for column in plain[name]], len(plain[name]), language)
    twice = [
        [item["side"], "/".join(item["key"]), ", ".join(map(str, item["rows"]))]
        for item in plain["duplicates"]
    ]
    heading = Sentence(en="keys that stand in several rows", ja="重複しているキー")
    return lines + _listed(heading, twice[:LISTED], len(twice), language)


def _values(row: dict[str, Any]) -> str:
    return "  ".join(str(value) for name, value in row.items() if name != "row" and value not in ("", None))


def _listed(heading: Sentence, rows: Sequence[list[str]], count: int, language: Language) -> list[str]:
    if not rows:
        return []
    lines = ["", f"{heading.said_in(language)} ({count})", *(f"  {line}" for line in columns(rows))]
    if count > len(rows):
        more = Sentence(
            en=f"  … and {count - len(rows)} more (--report, --json)",
            ja=f"  … ほか {count - len(rows)} 件（--report、--json）",
        )
        lines.append(more.said_in(language))
    return lines
