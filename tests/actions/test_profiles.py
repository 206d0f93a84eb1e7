"""How an office's files are read: its named profiles reach the readers as they stand in its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bofbot.actions.documents.profiles import named_profile, profiles_of, reading_options
from bofbot.errors import BusinessError
from bofbot.settings import Settings
from bofbot.statements.reading import read_bytes

from .stage import Stage

SETTINGS = Settings.model_validate(
    {
        "statement_profiles": {
            "みなと": {
                "date": "取引日",
                "in": "入金額",
                "out": "出金額",
                "text": "内容",
                "encoding": "cp932",
            },
            "card": {"date": "1", "amount": "3", "negate": True, "currency": "EUR"},
        }
    }
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, settings=SETTINGS)


def test_profiles_have_their_names_and_only_what_was_written() -> None:
    profiles = profiles_of(SETTINGS)
    assert [(name, one.name) for name, one in profiles.items()] == [("みなと", "みなと"), ("card", "card")]
    assert (profiles["みなと"].incoming, profiles["みなと"].outgoing) == ("入金額", "出金額")
    assert (profiles["みなと"].amount, profiles["みなと"].negate) == (None, False)
    assert (profiles["card"].negate, profiles["card"].currency) == (True, "EUR")


def test_a_profile_that_does_not_exist_is_told_with_the_nearest() -> None:
    with pytest.raises(BusinessError, match='no statement profile "cards"') as near:
        named_profile(profiles_of(SETTINGS), "cards")
    assert str(near.value.fix) == "did you mean card?"
    with pytest.raises(BusinessError) as none:
        named_profile({}, "cards")
    assert "statement_profiles:" in str(none.value.fix)


def test_a_file_is_read_with_the_profile_that_is_named(stage: Stage) -> None:
    file = "取引日,内容,出金額,入金額\n2026/10/01,山田商店,,1200\n2026/10/02,手数料,330,\n".encode("cp932")
    (read,) = read_bytes(file, options=reading_options(stage, "みなと"))
    assert [(str(entry.amount), entry.text) for entry in read.entries] == [
        ("1200", "山田商店"),
        ("-330", "手数料"),
    ]


def test_without_a_name_all_profiles_may_apply_by_their_headings(stage: Stage) -> None:
    options = reading_options(stage, account="0012345")
    assert options.profile is None
    assert {one.name for one in options.profiles} == {"みなと", "card"}
    assert (options.account, options.today) == ("0012345", stage.clock().date())
    assert options.sheets is not None
