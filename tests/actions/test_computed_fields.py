"""A record that names the fields by its columns: blank cells are left alone, secrets and empty records refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bofbot.actions.pages.computed_fields import beside, named_by
from bofbot.actions.pages.form import CheckBox, Fill
from bofbot.computed import WHOLE
from bofbot.errors import Place
from bofbot.language.expressions import parse
from bofbot.secret import Secret
from bofbot.words import Sentence


def by_record(kind: Any, record: dict[str, Any]) -> Any:
    """As the runner makes the verb when one expression gave the whole mapping."""
    return kind.model_validate({kind.verb: record}, context={WHOLE: (kind.verb,)})


def test_a_blank_cell_leaves_its_field_as_the_page_has_it() -> None:
    verb = by_record(Fill, {"番号": "0012", "備考": None, "摘要": " "})
    assert verb.fill == {"番号": "0012"}
    assert verb.left_alone == ("備考", "摘要")


def test_an_empty_text_under_its_own_label_is_entered() -> None:
    verb = Fill(fill={"備考": ""})
    assert (verb.fill, verb.left_alone) == ({"備考": ""}, ())


@pytest.mark.parametrize("record", [{}, {"備考": None, "摘要": ""}])
def test_a_record_that_says_nothing_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="the record says nothing"):
        by_record(Fill, record)


def test_data_never_chooses_where_a_secret_goes() -> None:
    with pytest.raises(ValidationError, match="may not carry a secret"):
        by_record(Fill, {"番号": "1", "備考": Secret("geheim")})
    assert Fill(fill={"パスワード": Secret("geheim")}).fill


def test_cells_are_read_as_their_verb_means_them() -> None:
    assert by_record(CheckBox, {"至急": "はい", "社外": "no", "控え": None}).check_box == {
        "至急": True,
        "社外": False,
    }
    with pytest.raises(ValidationError, match='"至急": '):
        by_record(CheckBox, {"至急": "たぶん"})


def test_the_plan_names_the_record_and_a_summary_what_was_left() -> None:
    said = named_by(parse("${row}", Place("robot.yaml")), "fill in", "に入力する")
    assert said == Sentence(
        en="fill in the fields named by the columns of ${row}", ja="${row} の列名と同じ名前の項目に入力する"
    )
    assert named_by({"番号": "1"}, "fill in", "に入力する") is None
    done = Sentence(en="3 fields", ja="3項目")
    assert beside(done, ()) is done
    assert beside(done, ("備考",)) == Sentence(
        en="3 fields, 1 left alone", ja="3項目（空欄の1項目は変更なし）"
    )
