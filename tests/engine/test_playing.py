"""One order in one office: done once, given up after five deaths, and its slot told how it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bofbot.engine.order import Order, order_for
from bofbot.engine.playing import ELSEWHERE, MOST_TRIES, Player
from bofbot.office import Office
from bofbot.settings import Settings
from bofbot.store import NewSlot
from tests.postgres_server import PostgresServer

ROBOT = "bofbot: 1\nname: 表\nowner: 経理部\npurpose: 試験\nsteps:\n  - set: {x: 1}\n"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    where = ""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        server.empty("playing")
        where = server.url("playing")
    (tmp_path / "a.yaml").write_text(ROBOT)
    with Office.at(tmp_path, settings=Settings(store=where)) as opened:
        opened.store.appear()
        yield opened


def order(office: Office, slot: int = 0) -> Order:
    return order_for(office.folder / "a.yaml", {}, slot=slot)


def slot(office: Office) -> int:
    return office.store.slots.note_by_hand(NewSlot("締め", "2026-11-24T09:00", NOW, "a"))


def test_what_is_done_is_not_played_again(office: Office) -> None:
    player = Player(office, reports=False)
    told = player.play("o1", order(office).as_json())
    assert (told["outcome"], told["exit_code"]) == ("done", 0)
    assert player.play("o1", order(office).as_json()) == told | {"why": {}}
    assert [run.id for run in office.store.journal.runs()] == [told["run"]]
    assert office.store.orders.run_of("o1") == told["run"]


def test_a_slot_is_told_how_its_order_went_and_played_by_one(office: Office) -> None:
    number = slot(office)
    player = Player(office, reports=False)
    told = player.play("o1", order(office, number).as_json())
    found = office.store.slots.find(number)
    assert found is not None
    assert (found.state, found.run) == ("done", told["run"])
    assert player.play("another", order(office, number).as_json())["outcome"] == ELSEWHERE
    assert len(office.store.journal.runs()) == 1


def test_what_dies_five_times_waits_for_a_person(office: Office) -> None:
    number = slot(office)
    for _ in range(MOST_TRIES):
        office.store.orders.begin("o1", "a process that died", NOW)
    told = Player(office, reports=False).play("o1", order(office, number).as_json())
    assert (told["outcome"], told["exit_code"], told["run"]) == ("waiting", 5, "")
    found = office.store.slots.find(number)
    assert found is not None
    assert found.state == "waiting"
    assert [one.id for one in office.store.slots.take_untold()] == [number]
    assert office.store.journal.runs() == []


def test_a_fault_in_one_order_ends_it_and_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    number = slot(office)
    monkeypatch.setattr("bofbot.engine.playing.make_plan", broken)
    told = Player(office, reports=False).play("o1", order(office, number).as_json())
    assert (told["outcome"], told["exit_code"]) == ("failed", 70)
    found = office.store.slots.find(number)
    assert found is not None
    assert (found.state, found.why and found.why.en) == ("failed", "a fault of bofbot: ZeroDivisionError")
