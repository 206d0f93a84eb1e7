"""Applies what people decided: rows they put together are matched first, pairs they refused are not looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bofbot.reconcile.arrays import Flags
from bofbot.reconcile.choice.memory import Memory
from bofbot.reconcile.evidence import kinds
from bofbot.reconcile.evidence.candidates import Pairs
from bofbot.reconcile.evidence.folding import core
from bofbot.reconcile.intake.sides import Side, money
from bofbot.reconcile.model import Match, Point
from bofbot.reconcile.outcome.differences import typed
from bofbot.words import Sentence

_WHY = Sentence(en="a person decided this", ja="人が確認済みです")
Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions that concern the rows at hand."""

    matches: tuple[Match, ...]
    settled: Flags
    """Per left row, then per right row: taken by a decision."""
    never: frozenset[tuple[Rows, Rows]]
    right_rows: int = 0

    def allows(self, left: Rows, right: Rows) -> bool:
        return (left, right) not in self.never

    def keep(self, pairs: Pairs) -> Pairs:
        """The pairs that no decision rules out."""
        first = len(self.settled) - self.right_rows
        fits = ~self.settled[pairs.left] & ~self.settled[pairs.right + first]
        refused = {(a[0], b[0]) for a, b in self.never if len(a) == len(b) == 1}
        if refused:
            fits &= np.array(
                [pair not in refused for pair in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)],
                dtype=bool,
            )
        if fits.all():
            return pairs
        columns = {name: getattr(pairs, name)[fits] for name in Pairs.__slots__}
        return replace(pairs, **columns)


def apply_memory(left: Side, right: Side, memory: Memory) -> Decided:
    """The decisions whose rows are all here."""
    settled = np.zeros(len(left) + len(right), dtype=bool)
    if not memory.pairs() and not memory.never():
        return Decided((), settled, frozenset(), len(right))
    one = {id_: row for row, id_ in enumerate(left.ids)}
    other = {id_: row for row, id_ in enumerate(right.ids)}
    matches = []
    for left_ids, right_ids in memory.pairs():
        if all(i in one for i in left_ids) and all(i in other for i in right_ids):
            rows = tuple(sorted(one[i] for i in left_ids))
            others = tuple(sorted(other[i] for i in right_ids))
            vertices = [*rows, *(row + len(left) for row in others)]
            if not settled[vertices].any():
                settled[vertices] = True
                matches.append(_match(left, right, rows, others))
    never = frozenset(
        (tuple(sorted(one[i] for i in left_ids)), tuple(sorted(other[i] for i in right_ids)))
        for left_ids, right_ids in memory.never()
        if all(i in one for i in left_ids) and all(i in other for i in right_ids)
    )
    return Decided(tuple(matches), settled, never, len(right))


def _match(left: Side, right: Side, rows: Rows, others: Rows) -> Match:
    difference = money(int(left.amounts[list(rows)].sum() - right.amounts[list(others)].sum()), left.places)
    kind = f"{'1' if len(rows) == 1 else 'N'}:{'1' if len(others) == 1 else 'M' if len(rows) > 1 else 'N'}"
    return Match(
        left=rows,
        right=others,
        kind=kind,  # type: ignore[arg-type]
        grade="confirmed",
        rule="人の判断",
        points=0.0,
        margin=None,
        difference=difference,
        differences=typed(
            kinds.FREE, difference, money(0, 0), outgoing=bool(left.amounts[list(rows)].sum() < 0)
        ),
        evidence=(Point(0.0, _WHY),),
        why=_WHY,
        decided=True,
    )


def alias_table(memory: Memory) -> Mapping[str, frozenset[str]]:
    """Left name → the right names it stands for, as the engine folds them."""
    found: dict[str, set[str]] = {}
    for left, right in memory.aliases():
        found.setdefault(core(left), set()).add(core(right))
    return {left: frozenset(right) for left, right in found.items()}
