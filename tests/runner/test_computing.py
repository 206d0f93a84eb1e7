"""`${…}` is computed wherever it stands: in an option, in a mapping, inside options of options."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bofbot.actions.pages.form import CheckBox, Fill, Select, Upload
from bofbot.actions.reconciliation.reconcile import Reconcile
from bofbot.errors import BusinessError, Place
from bofbot.language.expressions import parse
from bofbot.records import Row, Table
from bofbot.runner.computing import Computing, compute, holds_computed
from bofbot.secret import Secret


def test_a_value_inside_options_of_options_is_computed() -> None:
    rows = Table(("金額",), (Row({"金額": Decimal(5)}),))
    written: Mapping[str, Any] = {
        "left": {"name": "銀行", "rows": parse("${rows}", Place("robot.yaml"))},
        "right": {"file": parse("${file}", Place("robot.yaml"))},
    }
    verb = Reconcile.model_validate({"reconcile": written})
    assert holds_computed(verb.reconcile)
    now = Computing().verb(verb, {"rows": rows, "file": "data/売掛金.xlsx"}, Place("robot.yaml"))
    assert isinstance(now, Reconcile)
    assert now.reconcile.left.rows is rows
    assert now.reconcile.left.name == "銀行"
    assert now.reconcile.right.file == "data/売掛金.xlsx"
    assert holds_computed(verb.reconcile), "the verb as written stays as it was"


def test_what_holds_nothing_to_compute_is_the_same_object() -> None:
    verb = Reconcile.model_validate({"reconcile": {"left": {"file": "a.csv"}, "right": {"file": "b.csv"}}})
    assert compute(verb.reconcile, {}) is verb.reconcile


AT = Place("robot.yaml", 3, 5)


def _whole(verb: Any, value: Any) -> Any:
    written = verb.model_validate({verb.verb: parse("${row}", AT)})
    return Computing().verb(written, {"row": value}, AT)


def test_the_columns_of_a_record_are_the_labels_and_blank_cells_are_left_alone() -> None:
    row = Row(
        {"日付": date(2026, 4, 1), "金額": Decimal(0), "摘要": None, "備考": "　", "A > B: [x]": "0012"}
    )
    now = _whole(Fill, row)
    assert now.fill == {"日付": date(2026, 4, 1), "金額": Decimal(0), "A > B: [x]": "0012"}
    assert now.left_alone == ("摘要", "備考")
    literal = Fill.model_validate({"fill": {"摘要": parse("${row}", AT)}})
    kept: Any = Computing().verb(literal, {"row": ""}, AT)
    assert kept.fill == {"摘要": ""}, "a label that is written down is emptied, not left out"
    assert kept.left_alone == ()


def test_a_record_of_boxes_reads_what_people_write_in_cells() -> None:
    now = _whole(CheckBox, {"領収書": "はい", "至急": False, "代理": "×", "添付": ""})
    assert now.check_box == {"領収書": True, "至急": False, "代理": False}
    with pytest.raises(BusinessError, match="領収書"):
        _whole(CheckBox, {"領収書": "たぶん"})


@pytest.mark.parametrize("verb", [Fill, Select, Upload])
@pytest.mark.parametrize("record", [{}, {"日付": None, "摘要": " "}])
def test_a_record_that_says_nothing_is_no_silent_success(verb: Any, record: Any) -> None:
    with pytest.raises(BusinessError, match="says nothing") as caught:
        _whole(verb, record)
    assert caught.value.place == AT


def test_a_record_carries_no_secret_into_a_form() -> None:
    with pytest.raises(BusinessError, match="may not carry a secret") as caught:
        _whole(Fill, {"利用者": "yamada", "パスワード": Secret("geheim-77")})
    assert "geheim" not in str(caught.value) + caught.value.message.ja


def test_no_record_where_labels_are_needed() -> None:
    with pytest.raises(BusinessError, match="mapping is expected"):
        _whole(Fill, "金額")
