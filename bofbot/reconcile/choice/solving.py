"""The best choice of candidates in which no row is used twice: exact, component by component. The door to highspy.

Most candidates win against everything that touches them and are taken at once; small knots are searched completely; what
is left goes to HiGHS as one block-diagonal program. A knot too large for the time allowed keeps a reported gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints

SMALL = 24
"""Candidates of a knot that are searched completely."""
TINY = 14
"""Candidates of a knot in which every margin is worked out by leaving the candidate out."""
_RANKED = 2000


@dataclass(frozen=True, slots=True)
class Edges:
    """Candidates as rows of a sparse table: candidate k uses the vertices `vertices[starts[k]:starts[k+1]]`.

    Left rows are vertices 0 … n−1, right rows follow."""

    starts: Ints
    vertices: Ints
    weights: Ints
    total: int
    """Number of vertices."""

    def __len__(self) -> int:
        return len(self.weights)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which candidates were taken; `gap` is how much better another choice could be at most (0: proven best)."""

    taken: Flags
    gap: int
    knots: int
    searched: int
    programmed: int


def solve(edges: Edges, seconds: float = 20.0) -> Chosen:
    """The choice of greatest total weight; among equals the one that keeps the order of both sides."""
    taken = np.zeros(len(edges), dtype=bool)
    alive = edges.weights > 0
    if not alive.any():
        return Chosen(taken, 0, 0, 0, 0)
    owner = np.repeat(np.arange(len(edges)), np.diff(edges.starts))
    knot = _knots(edges, owner, alive)
    weights = _with_order(edges, owner, alive, knot)
    _take_winners(edges, owner, weights, alive, taken)
    if not alive.any():
        return Chosen(taken, 0, len(np.unique(knot)), 0, 0)
    knot = _knots(edges, owner, alive)
    live = np.flatnonzero(alive)
    order = live[np.argsort(knot[live], kind="stable")]
    cuts = np.flatnonzero(np.diff(knot[order])) + 1
    large: list[Ints] = []
    searched = 0
    for members in np.split(order, cuts):
        if len(members) <= SMALL:
            taken[members[_search(edges, weights, members)]] = True
            searched += 1
        else:
            large.append(members)
    gap = 0
    if large:
        members = np.concatenate(large)
        picked, gap = _program(edges, owner, members, seconds)
        taken[members[picked]] = True
    return Chosen(taken, gap, len(cuts) + 1, searched, len(large))


def _knots(edges: Edges, owner: Ints, alive: Flags) -> Ints:
    """Per candidate the smallest vertex of its connected component (dead candidates: −1)."""
    label = np.arange(edges.total, dtype=np.int64)
    on = alive[owner]
    vertices, owners = edges.vertices[on], owner[on]
    lowest = np.full(len(edges), edges.total, dtype=np.int64)
    while True:
        lowest[:] = edges.total
        np.minimum.at(lowest, owners, label[vertices])
        new = label.copy()
        np.minimum.at(new, vertices, lowest[owners])
        new = new[new]
        if (new == label).all():
            return np.where(alive, lowest, -1)
        label = new


def _with_order(edges: Edges, owner: Ints, alive: Flags, knot: Ints) -> Ints:
    """Weights with a tie-break that never outweighs a point: the first left row to the first right row, and so on."""
    first = edges.vertices[edges.starts[:-1]]
    last = edges.vertices[edges.starts[1:] - 1]
    live = np.flatnonzero(alive)
    crossing = np.zeros(len(edges), dtype=np.int64)
    one = _rank(knot[live], first[live])
    other = _rank(knot[live], last[live])
    crossing[live] = np.minimum(np.abs(one - other), _RANKED) ** 2
    return edges.weights * (1 << 34) - crossing


def _rank(groups: Ints, values: Ints) -> Ints:
    """The place of each value among the distinct values of its group."""
    order = np.lexsort((values, groups))
    g, v = groups[order], values[order]
    new_group = np.r_[True, g[1:] != g[:-1]]
    step = np.r_[0, ((v[1:] != v[:-1]) & ~new_group[1:]).astype(np.int64)]
    count = np.cumsum(step)
    base = np.maximum.accumulate(np.where(new_group, count, 0))
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = count - base
    return ranks


def _take_winners(edges: Edges, owner: Ints, weights: Ints, alive: Flags, taken: Flags) -> None:
    """Take every candidate that outweighs all it stands against together; drop what it touches; repeat.

    Safe: whatever a solution holds at these rows, at most one candidate per row, can be exchanged for the winner."""
    while alive.any():
        on = alive[owner]
        vertices, owners = edges.vertices[on], owner[on]
        best, second, holder = _two_best(vertices, owners, weights[owners], edges.total)
        rival = np.where(holder[vertices] == owners, second[vertices], best[vertices])
        against = np.bincount(owners, rival.astype(np.float64), minlength=len(edges))
        winners = alive & (weights >= against) & (weights > 0)
        winners = _apart(edges, owner, winners, weights)
        if not winners.any():
            return
        taken |= winners
        used = np.zeros(edges.total, dtype=bool)
        used[edges.vertices[winners[owner]]] = True
        touched = np.zeros(len(edges), dtype=bool)
        touched[owner[used[edges.vertices]]] = True
        alive &= ~touched


def _two_best(vertices: Ints, owners: Ints, weights: Ints, total: int) -> tuple[Ints, Ints, Ints]:
    order = np.lexsort((owners, -weights, vertices))
    v, w, o = vertices[order], weights[order], owners[order]
    first = np.r_[True, v[1:] != v[:-1]]
    follows = np.r_[False, first[:-1]] & ~first
    best, second = np.zeros(total, dtype=np.int64), np.zeros(total, dtype=np.int64)
    holder = np.full(total, -1, dtype=np.int64)
    best[v[first]], holder[v[first]] = w[first], o[first]
    second[v[follows]] = w[follows]
    return best, second, holder


def _apart(edges: Edges, owner: Ints, winners: Flags, weights: Ints) -> Flags:
    """Winners that share a row (equal weights) are thinned to the first of them."""
    on = winners[owner]
    holder = np.full(edges.total, len(edges), dtype=np.int64)
    np.minimum.at(holder, edges.vertices[on], owner[on])
    clash = np.zeros(len(edges), dtype=bool)
    clash[owner[on][holder[edges.vertices[on]] != owner[on]]] = True
    return winners & ~clash


def _search(edges: Edges, weights: Ints, members: Ints) -> list[int]:
    """The best choice within a small knot: every choice is looked at, sharing work between equal remainders."""
    rows: dict[int, int] = {}
    masks = []
    for k in members.tolist():
        mask = 0
        for vertex in edges.vertices[edges.starts[k] : edges.starts[k + 1]].tolist():
            mask |= 1 << rows.setdefault(vertex, len(rows))
        masks.append(mask)
    worth = [int(weights[k]) for k in members.tolist()]
    known: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}

    def best(at: int, used: int) -> tuple[int, tuple[int, ...]]:
        if at == len(masks):
            return 0, ()
        key = (at, used)
        if key not in known:
            without = best(at + 1, used)
            if masks[at] & used:
                known[key] = without
            else:
                rest = best(at + 1, used | masks[at])
                with_it = (rest[0] + worth[at], (at, *rest[1]))
                known[key] = with_it if with_it[0] > without[0] else without
        return known[key]

    return list(best(0, 0)[1])


def _program(edges: Edges, owner: Ints, members: Ints, seconds: float) -> tuple[Flags, int]:
    """All large knots as one integer program, a block each. Returns what to take and the proven gap in weight."""
    import highspy

    place = np.full(len(edges), -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    on = place[owner] >= 0
    rows, row_of = np.unique(edges.vertices[on], return_inverse=True)
    columns = place[owner[on]]
    order = np.lexsort((columns, row_of))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(members), len(rows)
    lp.col_cost_ = -edges.weights[members].astype(np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(members)), np.ones(len(members))
    lp.row_lower_, lp.row_upper_ = np.full(len(rows), -highspy.kHighsInf), np.ones(len(rows))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.r_[0, np.cumsum(np.bincount(row_of, minlength=len(rows)))]
    lp.a_matrix_.index_ = columns[order]
    lp.a_matrix_.value_ = np.ones(len(columns))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(members)
    program = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 1),
        ("time_limit", seconds),
        ("mip_rel_gap", 0.0),
    ):
        program.setOptionValue(option, value)
    program.passModel(lp)
    program.run()
    values: Sequence[float] = program.getSolution().col_value
    info = program.getInfo()
    if len(values) != len(members) or info.primal_solution_status != 2:
        return _greedy(edges, members)
    bound = float(info.mip_dual_bound)
    found = float(info.objective_function_value)
    gap = max(0, round(found - bound)) if np.isfinite(bound) else int(edges.weights[members].sum())
    return np.array(values) > 0.5, gap


def _greedy(edges: Edges, members: Ints) -> tuple[Flags, int]:
    """When the time was too short for any answer: the heaviest first; the gap is all that might still be won."""
    picked = np.zeros(len(members), dtype=bool)
    used: set[int] = set()
    for at in np.argsort(-edges.weights[members], kind="stable").tolist():
        mine = edges.vertices[edges.starts[members[at]] : edges.starts[members[at] + 1]].tolist()
        if not used.intersection(mine):
            used.update(mine)
            picked[at] = True
    left_over = edges.weights[members[~picked]]
    return picked, int(left_over.sum())


def exclusion_margins(edges: Edges, asked: Sequence[int]) -> dict[int, int]:
    """For asked candidates of small knots: how much the best choice loses when the candidate may not be used.

    This sees through chains (the better partner of this row is itself needed elsewhere); 0: another choice is as good."""
    alive = edges.weights > 0
    for k in asked:
        alive[k] = True
    owner = np.repeat(np.arange(len(edges)), np.diff(edges.starts))
    knot = _knots(edges, owner, alive)
    wanted = {int(knot[k]) for k in asked}
    members: dict[int, list[int]] = {}
    for k in np.flatnonzero(alive & np.isin(knot, list(wanted))).tolist():
        members.setdefault(int(knot[k]), []).append(k)
    margins: dict[int, int] = {}
    bests: dict[int, int] = {}
    for k in asked:
        rest = members[int(knot[k])]
        if len(rest) <= TINY:
            if int(knot[k]) not in bests:
                picked = _search(edges, edges.weights, np.array(rest))
                bests[int(knot[k])] = sum(int(edges.weights[rest[at]]) for at in picked)
            best = bests[int(knot[k])]
            others = np.array([other for other in rest if other != k], dtype=np.int64)
            without = sum(int(edges.weights[others[at]]) for at in _search(edges, edges.weights, others))
            margins[k] = best - without
    return margins


def best_rivals(edges: Edges) -> tuple[Ints, Ints]:
    """Per candidate: the weight of the best other candidate that uses one of its rows (at least 0), and which (−1: none)."""
    owner = np.repeat(np.arange(len(edges)), np.diff(edges.starts))
    weights = edges.weights
    order = np.lexsort((owner, -weights[owner], edges.vertices))
    v, o = edges.vertices[order], owner[order]
    first = np.r_[True, v[1:] != v[:-1]] if len(v) else np.zeros(0, dtype=bool)
    follows = np.r_[False, first[:-1]] & ~first if len(v) else first
    top, next_ = np.full(edges.total, -1, dtype=np.int64), np.full(edges.total, -1, dtype=np.int64)
    top[v[first]] = o[first]
    next_[v[follows]] = o[follows]
    rival = np.where(top[edges.vertices] == owner, next_[edges.vertices], top[edges.vertices])
    value = np.where(rival >= 0, weights[np.maximum(rival, 0)], 0)
    order = np.lexsort((rival, -value, owner))
    head = np.r_[True, owner[order][1:] != owner[order][:-1]] if len(order) else np.zeros(0, dtype=bool)
    best = np.zeros(len(edges), dtype=np.int64)
    which = np.full(len(edges), -1, dtype=np.int64)
    best[owner[order][head]] = value[order][head]
    which[owner[order][head]] = rival[order][head]
    return np.maximum(best, 0), which
