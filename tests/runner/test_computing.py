"""`${…}` is computed wherever it stands: in an option, in a mapping, inside options of options."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bofbot.actions.reconcile import Reconcile
from bofbot.errors import Place
from bofbot.language.expressions import parse
from bofbot.records import Row, Table
from bofbot.runner.computing import Computing, compute, holds_computed


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
