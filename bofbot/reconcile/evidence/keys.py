"""Key columns that rules name: rows with equal keys, and which keys are rare enough to speak for a pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.evidence.crowds import Join
from bofbot.reconcile.evidence.folding import fold
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.intake.sides import Side
from bofbot.reconcile.rules import Allowed

RARE = 3
"""A key that more right rows bear (a branch, a currency) says no more than its rule asks."""


def key_join(left: Side, right: Side, rule: Allowed) -> Join:
    """Rows whose key columns are equal after folding and whose amounts are within reach; an empty key matches nothing."""
    mine, theirs = _coded(left, right, rule)
    low, high = rule.reach(left.amounts)
    everyone = np.arange(len(left), dtype=np.int64)
    index = Sorted(theirs, right.amounts)
    return Join(index, everyone, np.where(mine < 0, -2, mine), low, high, left.amounts)


def with_rare_keys(
    left: Side, right: Side, rules: Sequence[Allowed], one: Ints, other: Ints, referred: Ints
) -> Ints:
    """What references say of each pair, and what equal or unequal keys do: 1 for, −1 against, 0 nothing."""
    for rule in rules:
        if not rule.keys or rule.by_reference:
            continue
        mine, theirs = _coded(left, right, rule)
        often = np.bincount(theirs[theirs >= 0], minlength=int(max(mine.max(), theirs.max(), 0)) + 1)
        speaks = (mine >= 0) & (often[mine] > 0) & (often[mine] <= RARE)
        said = np.where(mine[one] == theirs[other], 1, np.where(referred == 1, 1, -1))
        referred = np.where(speaks[one], said, referred)
    return referred


def _coded(left: Side, right: Side, rule: Allowed) -> tuple[Ints, Ints]:
    """A number per row of each side, equal for equal keys; −1 where a part is empty."""
    numbers: dict[tuple[str, ...], int] = {}

    def coded(side: Side, roles: Sequence[str]) -> Ints:
        columns = [column_of(side, role) for role in roles]
        keys = (tuple(fold(part) for part in row) for row in zip(*columns, strict=True))
        return np.array(
            [numbers.setdefault(key, len(numbers)) if all(key) else -1 for key in keys], dtype=np.int64
        )

    theirs = coded(right, list(rule.keys.values()))
    return coded(left, list(rule.keys.keys())), theirs


def column_of(side: Side, role: str) -> tuple[str, ...]:
    """The texts of a role (`id`, `ref`, `text`, …) or of a column named by the rule. Raises KeyError for an unknown one."""
    if role in side.extra:
        return side.extra[role]
    if role in ("ref", "refs", "reference"):
        return tuple(" ".join(row) for row in side.refs) if side.refs else ("",) * len(side)
    known = {
        "id": side.ids,
        "text": side.texts,
        "party": side.parties,
        "kana": side.kanas,
        "currency": side.currencies,
    }
    if role == "amount":
        return tuple(str(side.amount(row)) for row in range(len(side)))
    if role == "date":
        return tuple(str(side.day(row) or "") for row in range(len(side)))
    column = known[role]
    return column or ("",) * len(side)
