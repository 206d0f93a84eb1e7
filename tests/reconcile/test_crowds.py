"""Many rows of few parties: what a rule looks at is bounded, what belongs together is still found, and it is said."""

from __future__ import annotations

import numpy as np
import pytest

from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.evidence import crowds
from bofbot.reconcile.evidence.crowds import Join, rare_enough, tied_rows, within_reason
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.records import Row, Table

ROWS = 240


def _sides(reference: str) -> list[Table]:
    """Twelve months of two customers, every amount another, the right side in another order."""
    columns = ("id", "date", "amount", "party", "reference")
    sides = []
    for side, order in (("B", range(ROWS)), ("L", range(ROWS - 1, -1, -1))):
        rows = [
            Row(
                dict(
                    zip(
                        columns,
                        (
                            f"{side}{k:04}",
                            f"2026-{1 + k % 12:02}-{1 + k % 28:02}",
                            str(100_000 + 37 * k),
                            ("Acme Trading", "Acme Foods")[k % 2],
                            reference.format(k),
                        ),
                        strict=True,
                    )
                )
            )
            for k in order
        ]
        sides.append(Table(columns, tuple(rows)))
    return sides


@pytest.mark.parametrize("reference", ["INV-{:05}", "CUST-77001"])
def test_a_crowd_is_narrowed_and_everything_is_found(monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    one, other = _sides(reference)
    whole = reconcile(one, other)
    for name in ("FEWEST", "MOST", "AT_ONCE"):
        monkeypatch.setattr(crowds, name, 1000)
    narrowed = reconcile(one, other)
    assert [m.left + m.right for m in narrowed.matches] == [m.left + m.right for m in whole.matches]
    assert all(narrowed.left[m.left[0]].id[1:] == narrowed.right[m.right[0]].id[1:] for m in narrowed.matches)
    assert narrowed.count("confirmed") == ROWS
    pairs = [next(s.figures["pairs"] for s in r.stages if s.name == "candidates") for r in (whole, narrowed)]
    assert pairs[1] * 3 < pairs[0]
    said = " ".join(sentence.en for sentence in narrowed.assumptions)
    assert ("too many rows" if "INV" in reference else "name none of them") in said
    assert not any("too many rows" in sentence.en for sentence in whole.assumptions)


def test_slices_give_the_pairs_of_one_join(monkeypatch: pytest.MonkeyPatch) -> None:
    join = _join()
    whole = list(within_reason([join], 50, lambda: np.zeros(50, dtype=bool)).slices())
    monkeypatch.setattr(crowds, "AT_ONCE", 7)
    parts = list(within_reason([join], 50, lambda: np.zeros(50, dtype=bool)).slices())
    assert len(parts) > 5
    for side in (0, 1):
        assert np.concatenate([p[side] for p in parts]).tolist() == whole[0][side].tolist()


def test_the_nearest_are_kept_when_too_many_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FEWEST", "MOST"):
        monkeypatch.setattr(crowds, name, 150)
    narrowed = within_reason([_join()], 1, lambda: np.zeros(50, dtype=bool))
    assert narrowed.most == 3
    one, other = next(narrowed.slices())
    assert len(one) == 150
    assert np.abs(one - other).max() <= 2
    assert narrowed.said("name") is not None


def _join() -> Join:
    """Fifty rows of one key that lie within twenty of each other."""
    at, key = np.arange(50), np.zeros(50, dtype=np.int64)
    return Join(Sorted(key, at), at, key, at - 20, at + 20, at)


def test_tied_rows_meet_one_another_alone() -> None:
    pairs = [(np.array([0, 1, 2]), np.array([0, 1, 1])), (np.array([0, 3]), np.array([0, 2]))]
    assert tied_rows(pairs, 5, 5).tolist() == [True, False, False, True, False]
    assert not tied_rows([], 3, 3).any()


def test_common_keys_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = np.array([0] * 40 + [1, 2]), np.array([0] * 40 + [1, 2])
    assert rare_enough(mine, theirs, 42).all()
    monkeypatch.setattr(crowds, "MOST", 100)
    assert rare_enough(mine, theirs, 42).tolist() == [False, True, True]
