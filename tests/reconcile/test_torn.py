"""A sum against a single row: both to the yen, so a person decides, unless one of them is far ahead."""

from __future__ import annotations

import numpy as np
import pytest

from bofbot.reconcile.choice.solving import Edges
from bofbot.reconcile.choice.torn import torn_matches
from bofbot.reconcile.evidence.candidates import Pairs
from bofbot.reconcile.evidence.kinds import EXACT, OTHER, SAME

SINGLE, SUM = 0, 1


def two_readings(single: int, together: int, relation: int = SAME) -> tuple[Edges, Pairs]:
    """Payment 0 pays invoice 0 alone, or payments 0 and 1 pay invoice 1 together. Vertices: payments 0 1, invoices 2 3."""
    edges = Edges(np.array([0, 2, 5]), np.array([0, 2, 0, 1, 3]), np.array([single, together]), 4)
    columns = {name: np.zeros(1, dtype=np.int64) for name in Pairs.__slots__}
    columns |= {"way": np.array([EXACT]), "relation": np.array([relation])}
    return edges, Pairs(**columns)


@pytest.mark.parametrize(
    ("single", "together", "taken", "torn"),
    [
        (1000, 1400, SUM, True),
        (1000, 1700, SUM, False),
        (1400, 1000, SINGLE, True),
        (1700, 1000, SINGLE, False),
        (1000, -200, SINGLE, False),
    ],
)
def test_the_other_reading_counts_when_it_is_close(
    single: int, together: int, taken: int, torn: bool
) -> None:
    edges, pairs = two_readings(single, together)
    chosen = np.arange(2) == taken
    assert torn_matches(edges, pairs, chosen) == (frozenset((taken,)) if torn else frozenset())


def test_a_single_row_of_another_party_is_no_other_reading() -> None:
    edges, pairs = two_readings(1000, 1400, OTHER)
    assert not torn_matches(edges, pairs, np.array([False, True]))
