"""The best choice: against looking at every choice, and for knots that need the integer program."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bofbot.reconcile.choice.solving import Edges, best_rivals, exclusion_margins, solve
from bofbot.reconcile.sums.subsets import sums_hitting


def edges(members: list[tuple[int, ...]], weights: list[int], total: int) -> Edges:
    starts = np.cumsum([0, *map(len, members)])
    return Edges(starts, np.array([v for one in members for v in one]), np.array(weights), total)


def by_looking(members: list[tuple[int, ...]], weights: list[int]) -> int:
    best = 0
    for size in range(len(members) + 1):
        for chosen in combinations(range(len(members)), size):
            used = [v for k in chosen for v in members[k]]
            if len(used) == len(set(used)):
                best = max(best, sum(weights[k] for k in chosen))
    return best


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sets(st.integers(0, 3), min_size=1, max_size=2),
            st.sets(st.integers(4, 8), min_size=1, max_size=2),
            st.integers(-5, 60),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_nothing_better_exists(drawn: list[tuple[set[int], set[int], int]]) -> None:
    members = [(*sorted(a), *sorted(b)) for a, b, _ in drawn]
    weights = [w for _, _, w in drawn]
    chosen = solve(edges(members, weights, 9))
    used = [v for k in np.flatnonzero(chosen.taken) for v in members[k]]
    assert len(used) == len(set(used))
    assert sum(weights[k] for k in np.flatnonzero(chosen.taken)) == by_looking(members, weights)
    assert chosen.gap == 0


def test_a_large_knot_goes_to_the_integer_program() -> None:
    dice = np.random.default_rng(5)
    members = [(int(a), 30 + int(b)) for a in range(30) for b in dice.choice(30, 6, replace=False)]
    weights = dice.integers(1, 1000, len(members)).tolist()
    chosen = solve(edges(members, weights, 60))
    assert chosen.programmed == 1
    assert chosen.gap == 0
    again = solve(edges(members, weights, 60))
    assert (again.taken == chosen.taken).all()


def test_margins_see_rivals_and_chains() -> None:
    made = edges([(0, 2), (0, 3), (1, 3)], [500, 450, 900], 4)
    best, which = best_rivals(made)
    assert best.tolist() == [450, 900, 450]
    assert which.tolist() == [1, 2, 1]
    assert exclusion_margins(made, [0, 2]) == {0: 500, 2: 900}


@pytest.mark.parametrize("count", [8, 40])
def test_every_set_is_found(count: int) -> None:
    dice = np.random.default_rng(count)
    amounts = dice.integers(1, 60, count).tolist()
    target = sum(amounts[k] for k in (0, 3, 5))
    most = 3 if count > 20 else 6
    by_hand = [
        chosen
        for size in range(2, most + 1)
        for chosen in combinations(range(count), size)
        if sum(amounts[k] for k in chosen) == target
    ]
    assert sorted(places for places, _ in sums_hitting(amounts, target, {0: 0}, most)) == sorted(by_hand)
