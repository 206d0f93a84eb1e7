"""What waits for people, in an office: robots that ask, answers that fit them, runs that go on, approvals by somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions import VerbTable
from bofbot.approval import NotApproved, subject_of
from bofbot.cli.commands.health_look import health_of
from bofbot.cli.commands.health_metrics import metrics_of
from bofbot.cli.main import main
from bofbot.engine.attendant import Attendant
from bofbot.engine.order import Order, order_for
from bofbot.engine.playing import ELSEWHERE, Player
from bofbot.errors import UsageError
from bofbot.events import RunFinished, RunStarted, StepFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, Plan, make_plan
from bofbot.reminding import channel_of, is_late, next_time, notice, remind
from bofbot.runner.earlier import finished_for_good
from bofbot.settings import ChannelSettings, Settings
from bofbot.store import NewSlot
from bofbot.store.approvals import Approval
from bofbot.store.owner import this_person
from bofbot.store.questions import QuestionRow
from bofbot.values.reminders import OfficeHours, Reminders
from bofbot.waiting import what_waits

HEAD = "bofbot: 1\nname: 支払\nowner: 経理部\npurpose: 試験\n"
ASKING = (
    HEAD
    + """inputs:
  amounts: {type: text, default: "100 200"}
steps:
  - for_each: ${split(inputs.amounts, " ")}
    as: amount
    key: ${"K-" + amount}
    steps:
      - ask: 支払ってよいですか
        type: yes/no
        save_as: ok
  - ask: いつ支払いますか
    type: date
    save_as: day
on_failure:
  - set: {never: "${1 / 0}"}
outputs:
  day: ${day}
"""
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    settings = Settings(reminders=Reminders(3600.0, 7200.0))
    with Office.at(tmp_path, settings=settings, language="en") as opened:
        opened.store.appear()
        opened.attended = False
        yield opened


def plan_of(office: Office, text: str, extent: Extent | None = None, **inputs: str) -> Plan:
    file = office.folder / "支払.yaml"
    file.write_text(text, encoding="utf-8")
    return make_plan(load_robot(file, VerbTable()), inputs, office.clock, extent)


def play(office: Office, text: str, extent: Extent | None = None, **inputs: str) -> RunFinished:
    return asyncio.run(office.play(plan_of(office, text, extent, **inputs)))


def resume(office: Office, text: str, of: str = "1001", **inputs: str) -> RunFinished:
    robot = plan_of(office, text, None, **inputs).robot
    done = finished_for_good(robot, office.store.journal.events_of(of))
    return play(office, text, Extent(mode="resume", of_run=of, finished_steps=done), **inputs)


def answer(office: Office, values: Mapping[str, str], by: str = "hanako") -> None:
    """By item ("" outside loops)."""
    for row in office.store.questions.open():
        if row.item in values:
            office.store.questions.settle(row.id, "answered", office.clock(), value=values[row.item], by=by)


def open_items(office: Office) -> list[str]:
    return [row.item for row in office.store.questions.open()]


def test_each_item_asks_and_the_run_goes_on_with_all_answers(office: Office) -> None:
    first = play(office, ASKING)
    assert (first.outcome, first.exit_code, first.items_waiting) == ("waiting", 5, 2)
    assert open_items(office) == ["K-100", "K-200"]
    answer(office, {"K-100": "yes", "K-200": "no"})
    second = resume(office, ASKING)
    assert (second.outcome, second.items_done) == ("waiting", 2)
    assert open_items(office) == [""]
    answer(office, {"": "2026-12-25"})
    third = resume(office, ASKING)
    assert (third.outcome, str(third.outputs["day"])) == ("done", "2026-12-25")
    said = [event.summary.en for event in office.store.journal.events_of("1003") if isinstance(event, StepFinished) and event.verb == "ask" and event.summary]  # fmt: skip
    assert len(said) == 1
    assert "2026-12-25" in said[0]
    assert "hanako" in said[0]
    assert office.store.journal.verify().ok


def test_items_that_are_answered_are_done_while_others_still_wait(office: Office) -> None:
    play(office, ASKING)
    answer(office, {"K-200": "yes"})
    second = resume(office, ASKING)
    assert (second.outcome, second.items_done, second.items_waiting) == ("waiting", 1, 1)
    assert open_items(office) == ["K-100"]


def test_in_another_order_each_item_finds_its_own_answer(office: Office) -> None:
    text = (
        HEAD
        + """inputs:
  order: {type: text}
steps:
  - for_each: ${split(inputs.order, " ")}
    as: n
    key: ${n}
    steps:
      - ask: 番号は
        save_as: said
      - check: ${said == n}
        message: 別の件の答えです
"""
    )
    play(office, text, order="a b c")
    answer(office, {"a": "a", "b": "b", "c": "c"})
    with office.store.database.writing():  # the inputs stand in the print: this is about the order alone
        office.store.database.rows("UPDATE questions SET print = 'old' WHERE item = 'c'")
    again = resume(office, text, order="a b c")
    assert (again.items_done, again.items_waiting) == (2, 1)


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        (ASKING.replace("支払ってよいですか", "本当に支払ってよいですか"), {}),
        (ASKING + "  more: 1\n", {}),
        (ASKING, {"amounts": "100 300"}),
    ],
)
def test_what_changed_since_is_asked_anew(office: Office, text: str, inputs: dict[str, str]) -> None:
    play(office, ASKING)
    answer(office, {"K-100": "yes", "K-200": "yes"})
    again = resume(office, text, **inputs)
    assert again.items_done == 0
    assert open_items(office)[0] == "K-100"


def test_a_row_that_changed_is_asked_anew(office: Office) -> None:
    text = (
        HEAD
        + """steps:
  - read_table: 表.csv
    save_as: rows
  - for_each: ${rows}
    as: row
    key: ${row.番号}
    steps:
      - ask: 支払ってよいですか
        type: yes/no
"""
    )
    table = office.folder / "表.csv"
    table.write_text("番号,金額\nA,100\nB,200\n", encoding="utf-8")
    play(office, text)
    answer(office, {"A": "yes", "B": "yes"})
    table.write_text("番号,金額\nA,100\nB,999999\n", encoding="utf-8")
    again = resume(office, text)
    assert (again.items_done, again.items_waiting) == (1, 1)
    assert open_items(office) == ["B"]


LATE = (
    HEAD
    + """steps:
  - ask: 進めますか
    type: yes/no
    within: 2 days
    otherwise: OTHERWISE
    save_as: ok
outputs:
  ok: ${ok}
"""
)


def test_when_nobody_answers_in_time_the_named_answer_counts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(office, LATE.replace("OTHERWISE", "no"))
    later = office.clock() + timedelta(days=2)
    monkeypatch.setattr(Office, "clock", staticmethod(lambda: later))
    again = resume(office, LATE.replace("OTHERWISE", "no"))
    assert (again.outcome, again.outputs["ok"]) == ("done", False)


def test_when_nobody_answers_in_time_stop_fails_the_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(office, LATE.replace("OTHERWISE", "stop"))
    later = office.clock() + timedelta(days=3)
    monkeypatch.setattr(Office, "clock", staticmethod(lambda: later))
    again = resume(office, LATE.replace("OTHERWISE", "stop"))
    assert again.outcome == "failed"
    assert again.failure
    assert "進めますか" in again.failure.message.ja


def test_a_question_that_the_run_needs_no_more_waits_no_longer(office: Office) -> None:
    text = (
        HEAD
        + """inputs:
  ask: {type: bool, default: true}
steps:
  - ask: よいですか
    if: ${inputs.ask}
"""
    )
    play(office, text)
    assert len(open_items(office)) == 1
    assert resume(office, text, ask="no").outcome == "done"
    assert open_items(office) == []
    assert office.store.journal.verify().ok


def test_a_secret_is_listed_and_never_kept(office: Office) -> None:
    text = HEAD + "steps:\n  - ask: 認証コード\n    secret: true\n    save_as: code\n"
    assert play(office, text).outcome == "waiting"
    (one,) = what_waits(office.store)
    assert (one.what, one.type) == ("question", "bofbot resume 1001")
    assert one.question
    assert one.question.kind == "secret"


def test_a_dry_run_puts_no_question_into_the_store(office: Office) -> None:
    assert play(office, ASKING, Extent(mode="dry-run")).outcome == "waiting"
    assert office.store.questions.open() == []
    assert what_waits(office.store) == []


def test_one_goes_on_with_a_run_at_a_time(office: Office) -> None:
    play(office, ASKING)
    assert office.store.database.take("run 1001 goes on")
    with pytest.raises(UsageError, match="1001"):
        resume(office, ASKING)


# By itself ----------------------------------------------------------------------------------------------------------


class Line:
    """Orders that are put by an attendant; each name once."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}

    def __call__(self, name: str, order: Order) -> bool:
        return self.orders.setdefault(name, order) is order


def test_what_is_answered_is_put_into_the_queue_once_with_its_own_text(office: Office) -> None:
    office.folder.joinpath("支払.yaml").write_text(ASKING, encoding="utf-8")
    slot = office.store.slots.note_by_hand(NewSlot("締め", "2026-11-24T09:00", office.clock(), "支払"))
    order = order_for(office.folder / "支払.yaml", {"amounts": "7 8"}, slot=slot)
    player = Player(office, reports=False)
    assert player.play("o1", order.as_json())["outcome"] == "waiting"
    line, attendants = Line(), []
    for _ in range(3):
        attendants.append(Attendant(office, line))
    for one in attendants:
        one.look()
    assert line.orders == {}
    office.folder.joinpath("支払.yaml").write_text("bofbot: 1\nname: 別物\nsteps: [{set: {x: 1}}]\n")
    answer(office, {"K-7": "yes", "K-8": "no"})
    for one in attendants:
        one.look()
    ((name, goes_on),) = line.orders.items()
    told = player.play(name, goes_on.as_json())
    assert (told["run"], told["outcome"]) == ("1002", "waiting")
    assert player.play("somebody else", goes_on.as_json())["outcome"] == "waiting"
    answer(office, {"": "2026-12-25"})
    for one in attendants:
        one.look()
    last = next(order for key, order in line.orders.items() if key != name)
    assert player.play("last", last.as_json())["outcome"] == "done"
    found = office.store.slots.find(slot)
    assert found
    assert found.state == "done"
    assert player.play("late", last.as_json())["outcome"] == ELSEWHERE


def test_answered_while_it_still_plays_it_goes_on_after_its_end(office: Office) -> None:
    play(office, ASKING)
    answer(office, {"K-100": "yes", "K-200": "yes"})
    line = Line()
    attendant = Attendant(office, line)
    with office.store.database.writing():  # as if its other items were still at work, in this very process
        office.store.database.rows("UPDATE runs SET state = 'running'")
    attendant.look()
    assert line.orders == {}
    assert office.store.questions.ready() != []
    with office.store.database.writing():
        office.store.database.rows("UPDATE runs SET state = 'waiting'")
    attendant.look()
    assert len(line.orders) == 1


def test_a_run_with_a_hidden_input_goes_on_by_a_person_only(office: Office) -> None:
    text = HEAD + "inputs:\n  who: {type: text, personal: true}\nsteps:\n  - ask: よいですか\n"
    play(office, text, who="山田")
    answer(office, {"": "はい"})
    line = Line()
    Attendant(office, line).look()
    assert line.orders == {}
    (one,) = what_waits(office.store)
    assert (one.what, one.type) == ("answered", "bofbot resume 1001")


# Approval by somebody else --------------------------------------------------------------------------------------------

APPROVED = HEAD + "approval: {by: other}\nsteps:\n  - set: {x: 1}\n"


def _approve(office: Office, plan: Plan, by: str) -> None:
    print_ = subject_of(plan, office.settings, office.folder).fingerprint
    office.store.approvals.add(Approval(print_, plan.robot.name, by, "looked at", office.clock()))


def test_who_asks_for_a_run_cannot_approve_it(office: Office) -> None:
    plan = plan_of(office, APPROVED)
    _approve(office, plan, this_person())
    with pytest.raises(NotApproved, match="somebody else"):
        asyncio.run(office.play(plan))
    _approve(office, plan, "hanako")
    assert asyncio.run(office.play(plan)).outcome == "done"


def test_by_the_settings_for_every_robot(office: Office) -> None:
    plan = plan_of(office, APPROVED.replace("{by: other}", "required"))
    _approve(office, plan, this_person())
    assert asyncio.run(office.play(plan)).outcome == "done"
    office.settings = office.settings.model_copy(update={"approval_by": "other"})
    with pytest.raises(NotApproved):
        asyncio.run(office.play(plan))


def test_a_queued_run_that_lacks_its_yes_waits_for_it(office: Office) -> None:
    plan = plan_of(office, APPROVED)
    order = order_for(office.folder / "支払.yaml", {})
    by_taro = Order(order.file, order.texts, by="taro")
    player, line = Player(office, reports=False), Line()
    told = player.play("o1", by_taro.as_json())
    assert (told["run"], told["outcome"], told["exit_code"]) == ("1001", "waiting", 5)
    (one,) = what_waits(office.store)
    assert (one.what, one.run, one.type) == ("approval", "1001", "bofbot approve 1001 --why …")
    attendant = Attendant(office, line)
    _approve(office, plan, "taro")
    attendant.look()
    assert line.orders == {}
    _approve(office, plan, "hanako")
    attendant.look()
    ((name, goes_on),) = line.orders.items()
    assert goes_on.by == "taro"
    assert player.play(name, goes_on.as_json())["outcome"] == "done"
    started = office.store.journal.events_of("1002")[0]
    assert isinstance(started, RunStarted)
    assert started.by == "taro"
    assert what_waits(office.store) == []


def test_bofbot_approve_refuses_who_asked_and_lets_another_person(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_of(office, APPROVED)
    order = order_for(office.folder / "支払.yaml", {})
    Player(office, reports=False).play("o1", Order(order.file, order.texts, by="taro").as_json())
    monkeypatch.chdir(office.folder)
    say_yes = ["approve", "1001", "--why", "looked at", "--yes", "--lang", "en"]
    monkeypatch.setattr("bofbot.cli.commands.approve.this_person", lambda: "taro")
    assert main(say_yes) == 2
    assert "taro asked for run 1001" in capsys.readouterr().err
    assert main(["approve", "支払.yaml", *say_yes[2:]]) == 2  # by the robot's name it is the same plan
    monkeypatch.setattr("bofbot.cli.commands.approve.this_person", lambda: "hanako")
    assert main(say_yes) == 0
    assert "run 1001 can go on" in capsys.readouterr().out
    (row,) = office.store.questions.of_story("1001")
    assert (row.state, row.by, row.why) == ("answered", "hanako", "looked at")


def test_who_played_the_dry_run_cannot_approve_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play(office, APPROVED, Extent(mode="dry-run"))
    monkeypatch.chdir(office.folder)
    words = ["approve", "支払.yaml", "--why", "looked at", "--yes", "--lang", "en"]
    assert main(words) == 2
    assert "somebody else must approve" in capsys.readouterr().err
    monkeypatch.setattr("bofbot.cli.commands.approve.this_person", lambda: "hanako")
    assert main(words) == 0


# Reminders ------------------------------------------------------------------------------------------------------------


def _asked(office: Office) -> QuestionRow:
    play(office, HEAD + "steps:\n  - ask: よいですか\n    to: 経理課長\n    within: 9 days\n")
    return office.store.questions.open()[0]


def test_people_are_told_again_until_they_answer(office: Office) -> None:
    heard: list[tuple[tuple[str, ...], str, str]] = []

    async def send(to: Any, title: str, body: str) -> None:
        heard.append((tuple(to), title, body))

    office.settings = office.settings.model_copy(
        update={"notify": {"経理部": ChannelSettings(to=("json://127.0.0.1:1",))}}
    )
    row = _asked(office)  # its first notice found nobody at that address: it is sent again soon
    assert channel_of(row, office.settings) == ("json://127.0.0.1:1",)
    now = office.clock() + timedelta(minutes=6)
    for _ in range(3):
        asyncio.run(remind(office.store.questions, office.settings, "ja", now, send=send))
    assert len(heard) == 1
    assert heard[0][0] == ("json://127.0.0.1:1",)
    assert "よいですか" in heard[0][2]
    assert "bofbot answer 1001" in heard[0][2]
    told = office.store.questions.row(row.id)
    assert told
    assert told.tell_at
    asyncio.run(remind(office.store.questions, office.settings, "ja", told.tell_at, send=send))
    assert len(heard) == 2
    answer(office, {"": "はい"})
    asyncio.run(
        remind(office.store.questions, office.settings, "ja", told.tell_at + timedelta(days=5), send=send)
    )
    assert len(heard) == 2


def test_reminders_come_in_office_hours_and_not_after_the_end(office: Office) -> None:
    row = _asked(office)
    settings = office.settings.model_copy(update={"office_hours": OfficeHours()})
    friday = datetime(
        2026, 11, 20, 17, 30
    ).astimezone()  # the next business day after the 23rd, a holiday, is the 24th
    at = next_time(row, settings, friday)
    assert at
    assert (at.day, at.hour, at.minute) == (24, 9, 0)
    never = settings.model_copy(update={"reminders": Reminders(0.0, 0.0)})
    assert next_time(row, never, friday) is None
    assert row.until
    assert next_time(row, settings, row.until - timedelta(minutes=1)) is None


def test_late_is_what_nobody_answered_until_the_first_reminder(office: Office) -> None:
    row = _asked(office)
    assert (len(health_of(office).questions), health_of(office).questions_late) == (1, 0)
    office.settings = office.settings.model_copy(update={"reminders": Reminders(1e-9, 0.0)})
    health = health_of(office)
    assert health.questions_late == 1
    assert "unanswered" in [finding.name for finding in health.findings()]
    assert "\nbofbot_questions_late 1" in metrics_of(health)
    office.settings = office.settings.model_copy(update={"reminders": Reminders(3600.0, 7200.0)})
    assert not is_late(row, office.settings, row.asked_at + timedelta(minutes=59))
    assert is_late(row, office.settings, row.asked_at + timedelta(hours=1))
    said = notice(row)
    assert "経理課長" in said.ja
    assert "期限" in said.ja


def test_one_list_the_oldest_first(office: Office) -> None:
    from bofbot.effects import Identity

    at = datetime(2026, 11, 1, tzinfo=UTC)
    item = office.store.ledger.lease(Identity("経費", "submit 1", "K-9"), payload="p", run="7", owner=office.store.owner, at=at)  # fmt: skip
    item = office.store.ledger.arm(item, request={}, at=at)
    office.store.ledger.settle(item, "uncertain", at=at, why="no answer")
    play(office, ASKING)
    found = what_waits(office.store)
    assert [(one.what, one.key) for one in found] == [
        ("item", "K-9"),
        ("question", "K-100"),
        ("question", "K-200"),
    ]
    assert [one.type for one in found] == [
        "bofbot resolve 7 K-9 --done|--retry|--cancel --why …",
        "bofbot answer 1001 K-100 yes|no",
        "bofbot answer 1001 K-200 yes|no",
    ]


def test_a_run_that_only_a_person_can_help_is_in_the_list_until_it_is_taken_up(office: Office) -> None:
    text = HEAD + "secrets: [経費システム]\nsteps:\n  - set: {x: 1}\n"
    play(office, text)
    run = office.store.journal.runs()[0]
    with office.store.database.writing():
        office.store.database.rows("UPDATE runs SET state = 'waiting', why_en = 'new terms', why_ja = '新しい規約' WHERE id = :id", {"id": run.id})  # fmt: skip
    (one,) = what_waits(office.store)
    assert (one.what, one.said.ja, one.to, one.type) == ("run", "新しい規約", "経理部", "bofbot resume 1001")
    play(office, text)  # a later success clears it
    assert what_waits(office.store) == []
