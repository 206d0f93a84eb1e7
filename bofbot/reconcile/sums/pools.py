"""Which open rows may form a group with a row: those of the same party, or those whose references it names."""

from __future__ import annotations

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.evidence import kinds as relation
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.evidence.references import References

Pool = tuple[list[int], dict[int, int]]
"""Rows in order, and for each how its name relates."""
_NOBODY: Pool = ([], {})


class NamePools:
    """For a row of the one side: the open rows of the other whose name is the same party."""

    def __init__(self, names: Names, open_left: Ints, open_right: Ints, turned: bool) -> None:
        named = np.where(names.alias_blocks >= 0, names.alias_blocks, names.left_blocks)
        sides = (
            (open_left, names.left_codes, named),
            (open_right, names.right_codes, names.right_blocks),
        )
        (mine, self._my_codes, my_blocks), (theirs, their_codes, their_blocks) = (
            reversed(sides) if turned else sides
        )
        mine = mine[(my_blocks[mine] >= 0) & (self._my_codes[mine] >= 0)]
        theirs = theirs[their_blocks[theirs] >= 0]
        codes, first = np.unique(self._my_codes[mine], return_index=True)
        others, where = np.unique(their_codes[theirs], return_inverse=True)
        rows = np.split(theirs[np.argsort(where, kind="stable")], np.cumsum(np.bincount(where))[:-1])
        block_of_other = np.zeros(len(others), dtype=np.int64)
        block_of_other[where] = their_blocks[theirs]
        zero = np.zeros(len(codes), dtype=np.int64)
        one, other = Sorted(block_of_other, np.zeros(len(others), dtype=np.int64)).pairs(
            my_blocks[mine[first]], zero, zero
        )
        pair = (others[other], codes[one]) if turned else (codes[one], others[other])
        how, _ = names.related(*pair)
        fits = np.isin(how, (relation.SAME, relation.CUT, relation.WORD))
        self._known: dict[int, Pool] = {}
        found: dict[int, dict[int, int]] = {}
        of_other = [part.tolist() for part in rows]
        for code, at, kind in zip(
            codes[one[fits]].tolist(), other[fits].tolist(), how[fits].tolist(), strict=True
        ):
            found.setdefault(code, {}).update(dict.fromkeys(of_other[at], kind))
        for code, kinds in found.items():
            self._known[code] = (sorted(kinds), kinds)

    def of(self, row: int) -> Pool:
        """The rows, and how the name of each relates."""
        return self._known.get(int(self._my_codes[row]), _NOBODY)


class ReferencePools:
    """For a row of the one side: the open rows of the other that are linked with it by a reference."""

    def __init__(self, links: References, settled: Flags, first: int, turned: bool) -> None:
        self._pools: dict[int, list[int]] = {}
        for one, other in zip(*(column.tolist() for column in links.pairs()), strict=True):
            if not settled[one] and not settled[first + other]:
                mine, theirs = (other, one) if turned else (one, other)
                self._pools.setdefault(mine, []).append(theirs)

    def of(self, row: int) -> Pool:
        """The rows; a reference vouches for the name."""
        rows = sorted(self._pools.get(row, ()))
        return rows, dict.fromkeys(rows, relation.SAME)
