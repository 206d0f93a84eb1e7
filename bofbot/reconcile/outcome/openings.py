"""What stays open: each row not matched, what kind of break it is, how old it is, and what comes nearest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import numpy as np

from bofbot.reconcile.arrays import Flags
from bofbot.reconcile.choice.match_list import rows_of
from bofbot.reconcile.choice.twins import joint
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.model import Break, Match
from bofbot.words import Sentence

DUPLICATE_DAYS = 14
"""A row like a matched one (same name, same amount) within so many days is flagged as a possible duplicate."""

_REASONS = {
    "duplicate": Sentence(
        en="looks like a second payment of a matched row", ja="照合済みの行と同じ内容です（二重入金の疑い）"
    ),
    "no_party": Sentence(
        en="no party of the other side has this name", ja="相手側に該当する名義がありません"
    ),
    "not_searched": Sentence(
        en="too many open rows to search for sums", ja="対象の行が多く、合算の探索をしていません"
    ),
    "opposite": Sentence(
        en="the other side has no amounts of this sign", ja="相手側に同じ符号の金額がありません"
    ),
    "unmatched": Sentence(en="nothing on the other side fits", ja="相手側に合う行がありません"),
}


def breaks_of(
    left: Side,
    right: Side,
    names: Names,
    matches: Sequence[Match],
    not_searched: Sequence[tuple[str, int, int]],
    several: Sequence[tuple[str, int, int]],
    today: date | None,
) -> tuple[Break, ...]:
    """All rows left open on both sides, in order."""
    skipped = {(side, row) for side, row, _ in not_searched}
    sets = {(side, row): count for side, row, count in several}
    found: list[Break] = []
    sides: tuple[tuple[Literal["left", "right"], Side, Side, Any, Any], ...] = (
        ("left", left, right, names.left_codes, names.left_blocks),
        ("right", right, left, names.right_codes, names.right_blocks),
    )
    for side, mine, theirs, codes, blocks in sides:
        used = np.zeros(len(mine), dtype=bool)
        used[rows_of(matches, side)] = True
        twins = _twins(mine, codes, used)
        known = set(np.unique(names.right_blocks).tolist())
        signs = set(np.unique(np.sign(theirs.amounts)).tolist())
        for row in np.flatnonzero(~used).tolist():
            twin = _twin(mine, codes, row, twins)
            if int(np.sign(mine.amounts[row])) not in signs:
                kind = "opposite"
            elif twin >= 0:
                kind = "duplicate"
            elif (side, row) in sets:
                kind = "several_sums"
            elif (side, row) in skipped:
                kind = "not_searched"
            elif names.usable and side == "left" and int(blocks[row]) not in known - {-1}:
                kind = "no_party"
            else:
                kind = "unmatched"
            day = mine.day(row)
            found.append(
                Break(
                    side=side,
                    row=row,
                    kind=kind,
                    reason=_several(sets[side, row]) if kind == "several_sums" else _REASONS[kind],
                    amount=mine.amount(row),
                    age=(today - day).days if today and day else None,
                    nearest=mine.ids[twin] if twin >= 0 else "",
                )
            )
    return tuple(found)


def _several(count: int) -> Sentence:
    return Sentence(
        en=f"{count} different sets of rows give this total; none was taken",
        ja=f"同じ合計になる組み合わせが {count} 通りあるため、選んでいません",
    )


def _twins(side: Side, codes: Any, taken: Flags) -> dict[tuple[int, int], list[int]]:
    """Matched rows by name and amount, as far as an open row has the same."""
    key = joint(codes, side.amounts)
    like_an_open_one = np.isin(key, key[~taken]) & taken & (codes >= 0)
    twins: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(like_an_open_one).tolist():
        twins.setdefault((int(codes[row]), int(side.amounts[row])), []).append(row)
    return twins


def _twin(side: Side, codes: Any, row: int, twins: dict[tuple[int, int], list[int]]) -> int:
    """A matched row of the same side with the same name and amount close by, or −1."""
    day = int(side.days[row])
    for other in twins.get((int(codes[row]), int(side.amounts[row])), ()):
        if day == NO_DAY or abs(int(side.days[other]) - day) <= DUPLICATE_DAYS:
            return other
    return -1
