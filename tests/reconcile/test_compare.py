"""Two tables that should be the same."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bofbot.errors import BusinessError
from bofbot.reconcile.comparison.compare import compare, comparison_as_json, remark_on

from .tables import table

LEFT = table(
    [
        {"番号": "1", "金額": "1,000", "日付": "2026/01/05", "旧": "a"},
        {"番号": "2", "金額": "2000", "日付": "2026-01-06", "旧": "b"},
        {"番号": "3", "金額": "3000", "日付": "2026-01-07", "旧": "c"},
    ]
)
RIGHT = table(
    [
        {"番号": "１", "金額": 1000, "日付": "2026-01-05", "新": "x"},
        {"番号": "2", "金額": 2001, "日付": "2026-01-06", "新": "y"},
        {"番号": "4", "金額": 4000, "日付": "2026-01-08", "新": "z"},
    ]
)


def test_added_removed_changed_and_columns() -> None:
    found = compare(LEFT, RIGHT, ["番号"])
    assert [row["番号"] for row in found.removed] == ["3"]
    assert [row["番号"] for row in found.added] == ["4"]
    assert [(c.key, c.column, c.difference) for c in found.changed] == [(("2",), "金額", Decimal(1))]
    assert (found.columns_removed, found.columns_added) == (("旧",), ("新",))
    assert found.same == 1
    assert comparison_as_json(found)["summary"]["changed_cells"] == 1


def test_a_tolerance_forgives() -> None:
    assert not compare(LEFT, RIGHT, ["番号"], tolerance=Decimal(1)).changed
    assert compare(LEFT, RIGHT, ["番号"], tolerance={"日付": Decimal(1)}).changed


def test_the_same_table_is_equal() -> None:
    assert compare(LEFT, LEFT, ["番号"]).equal


def test_duplicate_keys_are_compared_with_nothing() -> None:
    twice = table([{"番号": "1", "金額": 1}, {"番号": "1", "金額": 2}])
    found = compare(twice, RIGHT, ["番号"])
    assert found.duplicates == (("left", ("1",), (2, 3)),)
    assert not found.changed
    assert [row["番号"] for row in found.added] == ["2", "4"]


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(BusinessError, match="no key column “番后”"):
        compare(LEFT, RIGHT, ["番后"])


def test_codes_with_leading_zeros_are_not_numbers() -> None:
    """A code that lost its zeros is a change; as a key it meets nothing, and that is said."""
    coded = table([{"番号": "1", "口座": "0012345"}, {"番号": "2", "口座": "0.50"}])
    lost = table([{"番号": "1", "口座": "12345"}, {"番号": "2", "口座": "0.5"}])
    assert [(c.key, c.difference) for c in compare(coded, lost, ["番号"]).changed] == [(("1",), None)]
    found = compare(table([{"番号": "0001"}, {"番号": "7"}]), table([{"番号": 1}, {"番号": 8}]), ["番号"])
    remark = remark_on(found)
    assert remark is not None
    assert remark.en.startswith("1 key(s) differ in leading zeros alone (0001 and 1)")
    assert remark_on(compare(LEFT, RIGHT, ["番号"])) is None
