"""Reconciles two tables: every stage in order, each leaving figures behind; nothing is guessed and everything adds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bofbot.reconcile.choice.memory import Memory
from bofbot.reconcile.closing import closed
from bofbot.reconcile.collector import collector_paused
from bofbot.reconcile.intake.currencies import exchange_of
from bofbot.reconcile.model import Decide, Result, Rule
from bofbot.reconcile.outcome.carry import OpenItem
from bofbot.reconcile.stages import Work, ingest
from bofbot.records import Table

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
    told = progress or _nobody
    memory = memory or Memory()
    with collector_paused():
        sides = ingest(left, right, names, columns, carried, exchange_of(rules))
        told(1, STAGES)
        work = Work.normalised(sides, memory)
        work.apply_decisions(memory)
        work.take_rules(rules)
        told(2, STAGES)
        work.find_candidates()
        told(3, STAGES)
        work.score()
        work.choose(decide or Decide())
        told(4, STAGES)
        work.grade()
        work.find_breaks(as_of)
        result = closed(work.result())
        told(5, STAGES)
        return result


def _nobody(done: int, total: int) -> None:
    """Who hears of progress when nobody asked."""
