"""A result as plain values: what `--json` prints, and what a robot can use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bofbot.reconcile.model import Break, Entry, Match, Result
from bofbot.reconcile.outcome.explaining import explanation
from bofbot.words import Language


def as_json(result: Result, language: Language = "en") -> dict[str, Any]:
    """`{"summary", "matches", "breaks", "assumptions"}`; amounts are text, ids are the id column's values, else `sheet!row`."""
    return {
        "summary": summary(result),
        "matches": [match_as_json(result, match, language) for match in result.matches],
        "breaks": [
            _break_as_json(item, _side(result, item.side)[item.row], language) for item in result.breaks
        ],
        "assumptions": [said.said_in(language) for said in result.assumptions],
    }


def _break_as_json(item: Break, entry: Entry, language: Language) -> dict[str, Any]:
    return {
        "side": item.side,
        "id": entry.id,
        "kind": item.kind,
        "amount": str(item.amount),
        "date": _day(entry),
        "age": item.age,
        "nearest": item.nearest,
        "reason": item.reason.said_in(language),
    }


def json_lines(result: Result, language: Language = "en") -> Iterator[str]:
    """The same as JSON text, piece by piece, a match a line: a million matches need not stand in memory twice."""
    put = json.JSONEncoder(ensure_ascii=False, default=str).encode
    yield f'{{\n"summary": {put(summary(result))},\n"matches": ['
    for number, match in enumerate(result.matches):
        yield f"{',' if number else ''}\n{put(match_as_json(result, match, language))}"
    yield '\n],\n"breaks": ['
    for number, item in enumerate(result.breaks):
        entry = _side(result, item.side)[item.row]
        yield f"{',' if number else ''}\n{put(_break_as_json(item, entry, language))}"
    yield f'\n],\n"assumptions": {put([said.said_in(language) for said in result.assumptions])}\n}}'


def summary(result: Result) -> dict[str, Any]:
    """Counts and totals; with one currency the totals stand at the top, with several under each currency."""
    totals = [
        {
            "currency": line.currency,
            "left_total": str(line.left_total),
            "left_matched": str(line.left_matched),
            "left_open": str(line.left_open),
            "right_total": str(line.right_total),
            "right_matched": str(line.right_matched),
            "right_open": str(line.right_open),
            "difference": str(line.difference),
        }
        for line in result.totals
    ]
    return {
        "left": result.left_name,
        "right": result.right_name,
        "left_rows": len(result.left),
        "right_rows": len(result.right),
        "matches": len(result.matches),
        "confirmed": result.count("confirmed"),
        "suggested": result.count("suggested"),
        "ambiguous": result.count("ambiguous"),
        "left_open": sum(item.side == "left" for item in result.breaks),
        "right_open": sum(item.side == "right" for item in result.breaks),
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "complete": result.complete,
        "totals": totals,
        "stages": [{"name": stage.name, **stage.figures} for stage in result.stages],
    }


def match_as_json(result: Result, match: Match, language: Language) -> dict[str, Any]:
    return {
        "left": _ids(result.left, match.left),
        "right": _ids(result.right, match.right),
        "kind": match.kind,
        "grade": match.grade,
        "rule": match.rule,
        "points": match.points,
        "margin": match.margin,
        "difference": str(match.difference),
        "differences": [
            {"kind": d.kind, "amount": str(d.amount), "account": d.account} for d in match.differences
        ],
        "explanation": explanation(match, language),
        "alternatives": [
            {
                "left": _ids(result.left, left),
                "right": _ids(result.right, right),
                "points": points,
            }
            for left, right, points in match.alternatives
        ],
        "alerts": list(match.alerts),
    }


def _ids(entries: Sequence[Entry], rows: Sequence[int]) -> list[str]:
    ids: Sequence[str] | None = getattr(
        entries, "ids", None
    )  # an entry is made to be looked at, not for its id
    return [ids[row] if ids else entries[row].id for row in rows]


def _side(result: Result, side: str) -> Sequence[Entry]:
    return result.left if side == "left" else result.right


def _day(entry: Entry) -> str | None:
    return entry.date.isoformat() if entry.date else None
