"""Which open rows may form a group with a row: those of the same party, or those whose references it names."""

from __future__ import annotations

import numpy as np

from bofbot.reconcile import kinds as relation
from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.names import Names
from bofbot.reconcile.references import References

Pool = tuple[list[int], dict[int, int]]
"""Rows in order, and for each how its name relates."""


class NamePools:
    """For a row of the one side: the open rows of the other whose name is the same party."""

    def __init__(self, names: Names, open_left: Ints, open_right: Ints, turned: bool) -> None:
        self._names, self._turned = names, turned
        _mine, self._theirs = (open_right, open_left) if turned else (open_left, open_right)
        self._my_codes = names.right_codes if turned else names.left_codes
        self._their_codes = names.left_codes if turned else names.right_codes
        named = np.where(names.alias_blocks >= 0, names.alias_blocks, names.left_blocks)
        self._my_blocks = names.right_blocks if turned else named
        their_blocks = named if turned else names.right_blocks
        self._by_block: dict[int, dict[int, list[int]]] = {}
        for row in self._theirs.tolist():
            block = int(their_blocks[row])
            if block >= 0:
                self._by_block.setdefault(block, {}).setdefault(int(self._their_codes[row]), []).append(row)
        self._known: dict[int, tuple[list[int], dict[int, int]]] = {}

    def of(self, row: int) -> tuple[list[int], dict[int, int]]:
        """The rows, and how the name of each relates."""
        code, block = int(self._my_codes[row]), int(self._my_blocks[row])
        if code < 0 or block < 0:
            return [], {}
        if code not in self._known:
            found: dict[int, int] = {}
            for theirs, rows in self._by_block.get(block, {}).items():
                pair = (theirs, code) if self._turned else (code, theirs)
                how = self._names.relation(*pair)[0]
                if how in (relation.SAME, relation.CUT, relation.WORD):
                    found.update(dict.fromkeys(rows, how))
            self._known[code] = (sorted(found), found)
        return self._known[code]


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
