"""The contract of verbs: what a verb gets by being one, with a verb as somebody outside of bofbot would write it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
from pydantic import ValidationError

from bofbot.action import Action, Computed, Context, Resource, Result
from bofbot.actions import VerbTable
from bofbot.errors import Place, Sighting
from bofbot.secret import Secret


class Expression(Computed):
    source = "${days}"
    place = Place("robots/試験.yaml", 3, 5)

    def value(self, names: Mapping[str, Any]) -> Any:
        return names["days"]


class Fax(Action):
    """Sends a fax.
    ファクスを送る。"""

    verb: ClassVar[str] = "fax"

    fax: str
    """The number.
    番号。"""
    copies: int = 1
    """How many.
    部数。"""

    async def run(self, context: Context) -> Result:
        return Result(value=self.copies)


class Drawer(Resource):
    """A resource that sees nothing."""

    @classmethod
    async def open(cls, context: Context) -> Self:
        return cls()

    async def close(self) -> None: ...


def test_options_are_checked_when_the_robot_is_read() -> None:
    assert Fax(fax="03-1234-5678", copies="2").copies == 2
    with pytest.raises(ValidationError, match="copies"):
        Fax(fax="03-1234-5678", copies="two")
    with pytest.raises(ValidationError, match="colour"):
        Fax(fax="03-1234-5678", colour=True)  # type: ignore[call-arg]


@pytest.mark.parametrize("unknown", [Expression(), Secret("2")])
def test_every_option_may_be_left_for_the_run(unknown: Any) -> None:
    verb = Fax(fax=unknown, copies=unknown)
    assert verb.fax is unknown
    assert verb.copies is unknown


def test_a_verb_cannot_be_changed_after_it_was_read() -> None:
    verb = Fax(fax="03-1234-5678")
    with pytest.raises(ValidationError, match="frozen"):
        verb.copies = 3  # type: ignore[misc]


def test_a_verb_that_says_no_more_is_careful() -> None:
    """What the runner takes from the class: tried again, timed, rehearsed; but no effect, no secret, not side by side."""
    assert (Fax.repeatable, Fax.bounded, Fax.rehearsed) == (True, True, True)
    assert (Fax.effect, Fax.side_by_side, Fax.saves) == (False, False, "")
    assert Fax.takes_secrets == frozenset()
    verb = Fax(fax="1")
    assert (verb.touches(), verb.secrets_needed(), verb.names_made(), verb.columns_written()) == (
        (),
        (),
        (),
        (),
    )
    assert verb.columns_made() is None
    assert str(verb.sentence().en) == "fax"


async def test_without_a_way_to_look_nothing_is_found_out(tmp_path: Path) -> None:
    since = datetime(2026, 11, 22, tzinfo=UTC)
    assert await Fax(fax="1").look_up(None, since=since, fenced=True) is None  # type: ignore[arg-type]


async def test_a_resource_that_says_no_more_is_shared_and_sees_nothing(tmp_path: Path) -> None:
    drawer = await Drawer.open(None)  # type: ignore[arg-type]
    assert drawer.in_use is drawer
    assert await drawer.twin(None) is drawer  # type: ignore[arg-type]
    seen = await drawer.evidence(tmp_path / "07")
    assert (seen.sighting, seen.files) == (Sighting(), ())
    assert await drawer.glimpse(picture=True) is None


def actions() -> list[type[Action]]:
    table = VerbTable()
    found = [table.get(name) for name in table.names()]
    return [kind for kind in found if kind and issubclass(kind, Action)]


def test_only_submit_has_an_effect() -> None:
    assert [kind.verb for kind in actions() if kind.effect] == ["submit"]


def test_the_fields_that_take_secrets_are_fields() -> None:
    assert not [kind.verb for kind in actions() if not kind.takes_secrets <= set(kind.model_fields)]
