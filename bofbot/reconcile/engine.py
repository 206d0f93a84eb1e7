"""Reconciles two tables: every stage in order, each leaving figures behind; nothing is guessed and everything adds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bofbot.reconcile.candidates import find_pairs
from bofbot.reconcile.carry import OpenItem
from bofbot.reconcile.company_forms import forms_of
from bofbot.reconcile.decided import alias_table, apply_memory
from bofbot.reconcile.defaults import default_rules
from bofbot.reconcile.differences import journal_lines
from bofbot.reconcile.intake import Side, take_in
from bofbot.reconcile.matching import Matching
from bofbot.reconcile.memory import Memory
from bofbot.reconcile.model import Decide, Entry, Match, Result, Rule, Stage, Totals
from bofbot.reconcile.name_columns import compare_names
from bofbot.reconcile.openings import breaks_of
from bofbot.reconcile.references import References
from bofbot.reconcile.rules import compile_rules
from bofbot.reconcile.scoring import score
from bofbot.records import Table
from bofbot.words import Sentence

STAGES = 5
"""Steps of work that are told to whoever listens."""


def reconcile(
    left: Table,
    right: Table,
    rules: Sequence[Rule] = (),
    *,
    names: tuple[str, str] = ("left", "right"),
    columns: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
    decide: Decide | None = None,
    as_of: date | None = None,
    memory: Memory | None = None,
    carried: tuple[Sequence[OpenItem], Sequence[OpenItem]] = ((), ()),
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Match the rows of two tables and say why.

    `columns` names the column of each role (id date amount in out text party kana ref currency); left out, they are
    recognised. Without `rules` sensible ones are taken and said. `as_of` is the day ages are counted to (default: the
    last day in the data). `memory` is what people decided before, `carried` what the last period left open on each side;
    `progress` is told (stages done, of how many). The same rows in any order give the same result. Raises BusinessError for unusable input."""
    decide = decide or Decide()
    told = progress or _nobody
    one, other, said = take_in(left, right, names=names, columns=columns, carried=carried)
    told(1, STAGES)
    stages = [_stage("control", "取込と検査", rows_left=len(one), rows_right=len(other))]
    memory = memory or Memory()
    named = compare_names(one, other, alias_table(memory))
    if named.sentence:
        said.append(named.sentence)
    if not rules:
        rules, assumed = default_rules(one, other, named)
        said += assumed
    compiled = compile_rules(rules, one, other)
    decided = apply_memory(one, other, memory)
    stages.append(
        _stage("decisions", "人の判断の反映", matches=len(decided.matches), never=len(decided.never))
    )
    told(2, STAGES)
    links = References(one, other)
    pairs = decided.keep(find_pairs(one, other, named, links, compiled))
    told(3, STAGES)
    forms = forms_of(one, other)
    scores = score(one, other, named, pairs, forms)
    stages.append(_stage("candidates", "候補の抽出と採点", pairs=len(pairs)))
    matching = Matching(one, other, named, links, compiled, pairs, scores, decide, decided, forms)
    told(4, STAGES)
    matches = tuple(
        sorted((*decided.matches, *matching.matches()), key=lambda match: (match.left, match.right))
    )
    stages += matching.stages
    today = as_of or _last_day(one.days, other.days)
    breaks = breaks_of(
        one, other, named, matches, matching.groups.not_searched, matching.groups.several, today
    )
    result = Result(
        left_name=one.name,
        right_name=other.name,
        left=_entries(one, named.fields[0]),
        right=_entries(other, named.fields[1]),
        matches=matches,
        breaks=breaks,
        totals=(),
        assumptions=tuple(said),
        stages=tuple(stages),
        as_of=today,
    )
    told(STAGES, STAGES)
    return closed(result)


def _entries(side: Side, compared: str) -> tuple[Entry, ...]:
    texts: Sequence[str] = getattr(side, compared) if compared else ("",) * len(side)
    return tuple(side.entry(row, texts[row]) for row in range(len(side)))


def _nobody(done: int, total: int) -> None:
    """Who hears of progress when nobody asked."""


def _stage(name: str, ja: str, **figures: Any) -> Stage:
    return Stage(name, Sentence(en=name, ja=ja), figures)


def _last_day(*columns: Any) -> date | None:
    latest = max(int(days.max(initial=0)) for days in columns)
    return date.fromordinal(latest) if latest > 0 else None


def closed(result: Result) -> Result:
    """The result with its totals and journal, after checking that everything adds up. An AssertionError here is a fault
    of bofbot, never of the data."""
    from dataclasses import replace

    used_left = [row for match in result.matches for row in match.left]
    used_right = [row for match in result.matches for row in match.right]
    assert len(used_left) == len(set(used_left)), "a left row was used twice"
    assert len(used_right) == len(set(used_right)), "a right row was used twice"
    open_left = {b.row for b in result.breaks if b.side == "left"}
    open_right = {b.row for b in result.breaks if b.side == "right"}
    assert open_left == set(range(len(result.left))) - set(used_left), (
        "left rows are neither matched nor open"
    )
    assert open_right == set(range(len(result.right))) - set(used_right), (
        "right rows are neither matched nor open"
    )
    totals = _totals(result, set(used_left), set(used_right))
    for match in result.matches:
        assert match.difference == sum((part.amount for part in match.differences), Decimal(0)), (
            "an untyped difference"
        )
    return replace(result, totals=totals, journal=journal_lines(result.matches, result.left, result.right))


def _totals(result: Result, used_left: set[int], used_right: set[int]) -> tuple[Totals, ...]:
    sums: dict[str, list[Decimal]] = {}
    for at, entries, used in ((0, result.left, used_left), (3, result.right, used_right)):
        for row, entry in enumerate(entries):
            line = sums.setdefault(entry.currency, [Decimal(0)] * 6)
            line[at] += entry.amount
            line[at + (1 if row in used else 2)] += entry.amount
    found = []
    for currency in sorted(sums):
        line = sums[currency]
        difference = sum(
            (m.difference for m in result.matches if _currency(result, m) == currency), Decimal(0)
        )
        assert line[0] == line[1] + line[2], "the left side does not close"
        assert line[3] == line[4] + line[5], "the right side does not close"
        assert line[1] - line[4] == difference, "matched sums and differences disagree"
        left, matched, open_, right, right_matched, right_open = line
        found.append(Totals(currency, left, matched, open_, right, right_matched, right_open, difference))
    return tuple(found)


def _currency(result: Result, match: Match) -> str:
    return result.left[match.left[0]].currency
