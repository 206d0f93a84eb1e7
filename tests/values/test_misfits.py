"""Why a value does not fit: every refusal of a validator reaches people in both languages."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BeforeValidator, TypeAdapter, ValidationError

from bofbot.actions.pages.submit import Submit
from bofbot.actions.sheets.table import WriteTable
from bofbot.values.bad_value import BadValue
from bofbot.values.misfits import fitting, misfit, reason_of
from bofbot.words import Sentence


def reason(error: ValidationError) -> Sentence:
    (one,) = error.errors()
    return reason_of(dict(one))


def odd(value: Any) -> int:
    if int(value) % 2 == 0:
        raise BadValue(Sentence(en="an odd number is expected", ja="奇数を書いてください"))
    return int(value)


def test_a_reader_of_values_is_a_validator() -> None:
    odd_number = TypeAdapter(Annotated[int, BeforeValidator(fitting(odd, "odd"))])
    assert odd_number.validate_python("3") == 3
    with pytest.raises(ValidationError, match="an odd number is expected") as caught:
        odd_number.validate_python("4")
    assert caught.value.errors()[0]["type"] == "odd"
    assert reason(caught.value).ja == "奇数を書いてください"


def test_a_misfit_is_told_with_its_own_reason() -> None:
    error = misfit(Sentence(en="it is full", ja="いっぱいです"))
    assert (str(error), error.type) == ("it is full", "unfit")


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (WriteTable, {"write_table": "a.csv", "rows": [], "encoding": "utf-9"}),
        (WriteTable, {"write_table": "a.csv", "rows": [], "replace": "perhaps"}),
        (Submit, {"submit": "登録", "expect": "受付番号"}),
    ],
)
def test_what_a_verb_refuses_is_said_in_japanese_too(kind: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        kind(**options)
    said = reason(caught.value)
    assert not said.ja.isascii()
    assert said.en != said.ja
