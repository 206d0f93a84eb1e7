"""The demo's last word is drawn from the book of effects, never from what a robot believes."""

from __future__ import annotations

from bofbot.practice.book import Book, Clock
from bofbot.practice.demo import settle
from bofbot.practice.expenses import EXPENSES, REFUSED


def _booked(*numbers: str) -> Book:
    book = Book()
    for number in numbers:
        book.add("claims", number, {}, Clock()(), "00001")
    return book


ALL_BUT_ONE = [expense.number for expense in EXPENSES if expense.number != REFUSED]


def test_nineteen_booked_once_and_one_set_aside_is_as_designed() -> None:
    settled = settle(_booked(*ALL_BUT_ONE))
    assert settled.as_designed
    assert [sentence.en.split(":")[0] for sentence in settled.sentences()] == [
        "The portal's own book",
        "K-0107 was set aside on purpose",
    ]
    assert "20 件中 19 件を登録、二重登録 0 件" in settled.sentences()[0].ja


def test_a_claim_booked_twice_is_named() -> None:
    settled = settle(_booked(*ALL_BUT_ONE, "K-0103"))
    assert not settled.as_designed
    assert settled.sentences()[-1].en == "Booked twice: K-0103"


def test_a_claim_that_is_missing_is_named() -> None:
    settled = settle(_booked(*ALL_BUT_ONE[1:]))
    assert not settled.as_designed
    assert settled.sentences()[-1].ja == "登録されていない申請：K-0101"


def test_a_refused_claim_in_the_book_is_not_as_designed() -> None:
    assert not settle(_booked(*ALL_BUT_ONE, REFUSED)).as_designed
