"""Questions in the store: asked once, answered once, ended once by any number of processes, and inside the seal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bofbot.questions import Asked, Question, as_typed, print_of, read_answer
from bofbot.store import Store
from bofbot.store.questions import QuestionRow, Settled
from bofbot.values.bad_value import BadValue
from bofbot.words import Sentence

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
OpenStore = Callable[[], Store]


def asked(item: str = "K-1", *, run: str = "1001", said: str = "支払ってよいですか", **more: Any) -> Asked:
    question = Question(Sentence.same(said), "yes/no", to="経理課長", **more)
    return Asked(
        question, run, "1001", "支払", "robots/支払.yaml", "sha", "経理部", "taro", "2.1", item,
        print_of("sha", {}, (item,), question), {"robots/支払.yaml": "bofbot: 1\n"},
    )  # fmt: skip


def test_asked_again_by_a_later_run_it_is_the_same_question(store: Store) -> None:
    first = store.questions.put(asked(within=3600.0), AT)
    again = store.questions.put(asked(run="1002", within=3600.0), AT + timedelta(minutes=30))
    assert (again.id, again.run, again.asked_at, again.until) == (
        first.id,
        "1002",
        AT,
        AT + timedelta(hours=1),
    )
    assert [row.id for row in store.questions.open()] == [first.id]
    assert store.questions.texts("sha", "robots/支払.yaml") == {"robots/支払.yaml": "bofbot: 1\n"}


def test_each_item_has_an_answer_of_its_own(store: Store) -> None:
    rows = {item: store.questions.put(asked(item), AT) for item in ("K-1", "K-2")}
    store.questions.settle(rows["K-2"].id, "answered", AT, value="no", by="hanako")
    one, other = store.questions.find(asked("K-1")), store.questions.find(asked("K-2"))
    assert one
    assert other
    assert (one.state, other.state, other.answer().value, other.answer().by) == (
        "open",
        "answered",
        False,
        "hanako",
    )


def test_an_answer_belongs_to_the_words_that_were_asked(store: Store) -> None:
    row = store.questions.put(asked(), AT)
    store.questions.settle(row.id, "answered", AT, value="yes", by="hanako")
    other = asked(said="999 円を支払ってよいですか")
    assert store.questions.find(other) is None
    assert store.questions.put(other, AT).id != row.id


def test_put_in_other_words_the_first_one_waits_no_longer(store: Store) -> None:
    first = store.questions.put(asked(), AT)
    second = store.questions.put(asked(said="別の質問"), AT)
    assert [row.id for row in store.questions.open()] == [second.id]
    gone = store.questions.row(first.id)
    assert gone
    assert (gone.state, gone.why) == ("cancelled", "asked anew")


def test_answered_twice_it_is_refused_with_the_first_answer(store: Store) -> None:
    row = store.questions.put(asked(), AT)
    store.questions.settle(row.id, "answered", AT, value="yes", by="hanako")
    with pytest.raises(Settled) as refused:
        store.questions.settle(row.id, "answered", AT, value="no", by="jiro")
    assert (refused.value.row.value, refused.value.row.by) == ("yes", "hanako")


def test_many_who_answer_at_once_give_one_answer(opens: OpenStore) -> None:
    with opens() as store:
        store.appear()
        number = store.questions.put(asked(), AT).id
    given: list[str] = []
    refused: list[str] = []

    def answer(name: str) -> None:
        with opens() as own:
            try:
                own.questions.settle(number, "answered", AT, value="yes", by=name)
                given.append(name)
            except Settled as settled:
                refused.append(settled.row.by)

    people = [threading.Thread(target=answer, args=(f"p{n}",)) for n in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(given) == 1
    assert refused == given * 3


@pytest.mark.parametrize(("otherwise", "value"), [(None, ""), ("no", "no"), ("", "")])
def test_what_nobody_answers_ends_once(opens: OpenStore, otherwise: str | None, value: str) -> None:
    with opens() as store:
        store.appear()
        store.questions.put(asked(within=3600.0, otherwise=otherwise), AT)
        assert store.questions.expire(AT + timedelta(minutes=59)) == []
    ended: list[QuestionRow] = []

    def look() -> None:
        with opens() as own:
            ended.extend(own.questions.expire(AT + timedelta(hours=1)))

    serves = [threading.Thread(target=look) for _ in range(3)]
    for one in serves:
        one.start()
    for one in serves:
        one.join()
    (row,) = ended
    assert (row.state, row.value, row.otherwise, row.by) == ("expired", value, otherwise, "")
    with opens() as store:
        with pytest.raises(Settled):
            store.questions.settle(row.id, "answered", AT, value="yes", by="late")
        assert [one.id for one in store.questions.ready()] == [row.id]
        assert store.journal.verify().ok


def test_one_of_many_tells_people(store: Store) -> None:
    store.questions.put(asked(), AT)
    (row,) = store.questions.due_to_tell(AT)
    again = AT + timedelta(hours=4)
    assert [store.questions.take_to_tell(row, again) for _ in range(3)] == [True, False, False]
    assert store.questions.due_to_tell(AT) == []
    (row,) = store.questions.due_to_tell(again)
    assert row.told == 1
    store.questions.settle(row.id, "answered", again, value="yes", by="hanako")
    assert store.questions.due_to_tell(again + timedelta(days=9)) == []


def test_a_run_can_go_on_once_all_it_asked_is_answered(store: Store) -> None:
    rows = [store.questions.put(asked(item), AT) for item in ("K-1", "K-2")]
    store.questions.settle(rows[0].id, "answered", AT, value="yes", by="hanako")
    assert store.questions.ready() == []
    store.questions.settle(rows[1].id, "answered", AT, value="no", by="hanako")
    assert [row.id for row in store.questions.ready()] == [rows[1].id]
    store.questions.gone_on("1001")
    assert store.questions.ready() == []


def test_given_up_they_wait_no_longer_and_may_be_asked_anew(store: Store) -> None:
    row = store.questions.put(asked(), AT)
    assert store.questions.cancel("1001", "hanako", "wrong month", AT) == 1
    assert store.questions.open() == []
    assert store.questions.ready() == []
    assert store.questions.put(asked(run="1002"), AT + timedelta(hours=1)).id == row.id
    assert store.questions.open()[0].asked_at == AT + timedelta(hours=1)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE questions SET value = 'yes', settled_by = 'hanako', state = 'answered' WHERE item = 'K-2'",
        "UPDATE questions SET value = 'no' WHERE item = 'K-1'",
        "UPDATE questions SET settled_by = 'jiro' WHERE item = 'K-1'",
        "UPDATE questions SET said_en = 'pay 1 yen?', said_ja = 'x' WHERE item = 'K-1'",
        "DELETE FROM questions WHERE item = 'K-1'",
    ],
)
def test_what_is_changed_by_hand_is_named(store: Store, attack: str) -> None:
    rows = [store.questions.put(asked(item), AT) for item in ("K-1", "K-2")]
    store.questions.settle(rows[0].id, "answered", AT, value="yes", by="hanako")
    assert store.journal.verify().ok
    with store.database.writing():
        store.database.rows(attack)
    verdict = store.journal.verify()
    assert not verdict.ok
    assert verdict.why
    assert "question" in verdict.why.en


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("yes/no", "はい", True),
        ("yes/no", "N", False),
        ("choice", "みずほ", "みずほ"),
        ("number", "１，２００", Decimal(1200)),
        ("date", "2026年11月24日", date(2026, 11, 24)),
        ("text", "", ""),
    ],
)
def test_what_is_typed_is_read_and_kept_so_that_it_reads_the_same(kind: str, typed: str, value: Any) -> None:
    read = read_answer(kind, ("みずほ", "三井"), typed)
    assert read == value
    assert read_answer(kind, ("みずほ", "三井"), as_typed(kind, read)) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("yes/no", "maybe"), ("yes/no", ""), ("choice", "ゆうちょ"), ("number", "x"), ("date", "13/45")],
)
def test_what_does_not_fit_is_refused_in_both_languages(kind: str, typed: str) -> None:
    with pytest.raises(BadValue) as wrong:
        read_answer(kind, ("みずほ", "三井"), typed)
    assert wrong.value.reason.en
    assert wrong.value.reason.ja


def test_the_print_holds_all_that_an_answer_is_bound_to() -> None:
    question = Question(Sentence.same("?"), "yes/no")
    first = print_of("sha", {"a": "1"}, ("row",), question)
    assert first == print_of("sha", {"a": "1"}, ("row",), replace(question, within=60.0, otherwise="no"))
    others = [
        print_of("other", {"a": "1"}, ("row",), question),
        print_of("sha", {"a": "2"}, ("row",), question),
        print_of("sha", {"a": "1"}, ("another row",), question),
        print_of("sha", {"a": "1"}, ("row",), replace(question, said=Sentence.same("!"))),
        print_of("sha", {"a": "1"}, ("row",), replace(question, kind="text")),
        print_of("sha", {"a": "1"}, ("row",), replace(question, choices=("a",))),
    ]
    assert len({first, *others}) == 7
