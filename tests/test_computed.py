"""Values known only while a robot plays: where a field of a verb takes them, and where a plain value is checked at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from bofbot.computed import Computed, Later, Scalar
from bofbot.errors import Place
from bofbot.secret import Secret


class Twice(Computed):
    """`${n * 2}`."""

    source = "${n * 2}"
    place = Place("robots/試験.yaml", 3, 5)

    def value(self, names: Mapping[str, Any]) -> Any:
        return names["n"] * 2


class Fields(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    amounts: dict[str, Later[int]] = {}
    cell: Scalar = None


def test_an_inner_value_may_be_computed_or_secret() -> None:
    hidden = Secret("7")
    fields = Fields(amounts={"a": "3", "b": Twice(), "c": hidden})
    given: dict[str, Any] = dict(fields.amounts)
    assert (given["a"], given["c"]) == (3, hidden)
    assert isinstance(given["b"], Twice)
    assert given["b"].value({"n": 21}) == 42


def test_an_inner_value_that_is_known_is_checked_at_once() -> None:
    with pytest.raises(ValidationError, match="amounts"):
        Fields(amounts={"a": "three"})


@pytest.mark.parametrize("value", ["", "0012", Decimal("1.10"), date(2026, 11, 22), True, None, Twice()])
def test_a_scalar_stays_what_it_is(value: Any) -> None:
    assert Fields(cell=value).cell is value


@pytest.mark.parametrize("value", [[1], (1, 2), {"a": 1}])
def test_a_scalar_is_one_value(value: Any) -> None:
    with pytest.raises(ValidationError, match="a single value is expected here"):
        Fields(cell=value)


def test_shown_to_people_it_is_its_source() -> None:
    assert str(Twice()) == "${n * 2}"
    assert Fields(cell=Decimal("1.10")).model_dump()["cell"] == "1.10"
