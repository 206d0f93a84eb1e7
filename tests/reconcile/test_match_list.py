"""Matches made when looked at are the matches that are made at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bofbot.reconcile.choice import match_list
from bofbot.reconcile.choice.match_list import Matches, differing, rows_of
from bofbot.reconcile.closing import closed
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.entries import _sum
from bofbot.reconcile.model import Decide, Result

from .made_month import Month
from .tables import bank, ledger


def _month() -> Result:
    return reconcile(*Month(3).sides())


def test_made_by_parts_or_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = _month()
    at_once = tuple(kept.matches)
    monkeypatch.setattr(match_list, "_KEPT", 0)
    monkeypatch.setattr(match_list, "_AT_ONCE", 7)
    lazy = _month()
    assert isinstance(lazy.matches, Matches)
    assert lazy.matches == at_once
    assert [lazy.matches[at] for at in range(-3, 5)] == [at_once[at] for at in range(-3, 5)]
    assert lazy.matches[2:40:3] == at_once[2:40:3]
    assert lazy.waiting == tuple(m for m in at_once if m.grade != "confirmed") != ()
    for grade in ("confirmed", "suggested", "ambiguous"):
        assert lazy.count(grade) == sum(m.grade == grade for m in at_once)
    for side in ("left", "right"):
        used = sorted(row for m in at_once for row in getattr(m, side))
        assert sorted(rows_of(lazy.matches, side).tolist()) == used == sorted(rows_of(at_once, side).tolist())
    assert {m.left for m in at_once if m.difference} <= {m.left for m in differing(lazy.matches)}
    assert len(differing(lazy.matches)) < len(at_once) / 2


def test_what_the_office_holds_back_is_not_plain() -> None:
    sides = (
        bank(("B1", "2026-01-05", "110000", "ｶ)ﾆﾂｼﾝ"), ("B2", "2026-01-06", "5500", "ﾔﾏﾄ(ｶ")),
        ledger(("I1", "2026-01-05", "110000", "ニッシン"), ("I2", "2026-01-06", "5500", "ヤマト")),
    )
    free = reconcile(*sides)
    held = reconcile(*sides, decide=Decide(max_auto_amount=Decimal(110000)))
    capped = reconcile(*sides, decide=Decide(max_auto_amount=Decimal(109999)))
    assert [m.grade for m in free.matches] == [m.grade for m in held.matches] == ["confirmed"] * 2
    assert [m.grade for m in capped.matches] == ["suggested", "confirmed"]


def test_a_row_used_twice_is_a_fault() -> None:
    month = _month()
    twice = (*month.matches, month.matches[0])
    with pytest.raises(AssertionError, match="used twice"):
        closed(Result("l", "r", month.left, month.right, twice, month.breaks, ()))


def test_sums_are_exact_however_large() -> None:
    import numpy as np

    amounts = np.array([2**62, 2**62, 2**62, -(2**61), 5, -7], dtype=np.int64)
    assert _sum(amounts) == 3 * 2**62 - 2**61 - 2
