"""Sentences of schedules, in both languages and widths, and the caret under what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bofbot.language.diagnostics import render
from bofbot.schedule.bad_sentence import BadSentence
from bofbot.schedule.rules import upcoming
from bofbot.schedule.sentences import read_sentence

SUNDAY = datetime(2026, 11, 22, 4, tzinfo=UTC)
"""13:00 in Tokyo; the 23rd is a holiday."""

NEXT = {
    "毎月 第3営業日 09:00": "2026-12-03T09:00 2027-01-06T09:00",
    "毎月　第３営業日　０９：００": "2026-12-03T09:00 2027-01-06T09:00",
    "第十営業日 9時": "2026-12-14T09:00 2027-01-18T09:00",
    "3rd business day of the month 09:00": "2026-12-03T09:00 2027-01-06T09:00",
    "毎月25日(休みなら前日) 10:00": "2026-11-25T10:00 2026-12-25T10:00",
    "毎月20日（休日の場合は翌営業日）午後1時": "2026-12-21T13:00 2027-01-20T13:00",
    "monthly on the 25th (previous business day) 10:00": "2026-11-25T10:00 2026-12-25T10:00",
    "毎週月曜（休みなら休む）8:30": "2026-11-30T08:30 2026-12-07T08:30",
    "月末最終営業日 18:00": "2026-11-30T18:00 2026-12-31T18:00",
    "last business day 6pm": "2026-11-30T18:00 2026-12-31T18:00",
    "最終営業日の2営業日前 9:00": "2026-11-26T09:00 2026-12-29T09:00",
    "月末 17時30分": "2026-11-30T17:30 2026-12-31T17:30",
    "毎月31日 9:00": "2026-11-30T09:00 2026-12-31T09:00",
    "五十日 9:00": "2026-11-25T09:00 2026-11-30T09:00 2026-12-05T09:00",
    "毎週月曜 8:30": "2026-11-23T08:30 2026-11-30T08:30",
    "毎週月・木 午後6時半": "2026-11-23T18:30 2026-11-26T18:30",
    "毎週月曜と木曜の朝9時": "2026-11-23T09:00 2026-11-26T09:00",
    "毎日 夕方5時半、夜20時": "2026-11-22T17:30 2026-11-22T20:00",
    "every monday and thursday 9am": "2026-11-23T09:00 2026-11-26T09:00",
    "月〜金 9:00": "2026-11-23T09:00 2026-11-24T09:00",
    "平日 9:00": "2026-11-24T09:00 2026-11-25T09:00",
    "every weekday 8:30": "2026-11-24T08:30 2026-11-25T08:30",
    "毎日 7:00、正午": "2026-11-23T07:00 2026-11-23T12:00 2026-11-24T07:00",
    "第2火曜 10時": "2026-12-08T10:00 2027-01-12T10:00",
    "first monday of the month 9:00": "2026-12-07T09:00 2027-01-04T09:00",
    "毎年3月31日 18:00": "2027-03-31T18:00 2028-03-31T18:00",
    "3月,6月,9月,12月の最終営業日 18:00": "2026-12-31T18:00 2027-03-31T18:00",
    "15分ごと": "2026-11-22T13:15 2026-11-22T13:30",
    "every 15 minutes": "2026-11-22T13:15 2026-11-22T13:30",
    "every 2 hours": "2026-11-22T14:00 2026-11-22T16:00",
    "平日 9:00〜18:00 30分ごと": "2026-11-24T09:00 2026-11-24T09:30",
    "0 9 * * 1-5": "2026-11-23T09:00 2026-11-24T09:00",
    "*/20 9-17 1,15 * *": "2026-12-01T09:00 2026-12-01T09:20",
    "0 9 13 * fri": "2026-11-27T09:00 2026-12-04T09:00 2026-12-11T09:00 2026-12-13T09:00",
}

WRONG = {
    "毎月 第3営業目 09:00": ("第3営業目", "第3営業日"),
    "every mondey 9:00": ("mondey", "monday"),
    "毎週げつよう 8:30": ("げつよう", "毎週月曜"),
    "毎日 25:00": ("25:00", "23:59"),
    "毎日 9:00 前日": ("前日", "休みなら前日"),
    "毎月 第32営業日 9:00": ("第32営業日", "23"),
    "13月25日 9:00": ("13月", "13月"),
    "毎週 9:00": ("毎週", "毎週月曜"),
    "平日 毎週月曜 9:00": ("毎週月曜", "二つの予定"),
    "15分ごと 9:00": ("9:00", "9:00〜18:00"),
    "0分ごと": ("0分ごと", "1分以上"),
    "平日 18:00〜9:00 15分ごと": ("18:00〜9:00", "日をまたぐ"),
    "0 25 * * *": ("25", "0〜23"),
    "0 9 * * mon-fryday": ("mon-fryday", "曜日"),
    "0 0 31 2 *": ("0 0 31 2 *", "該当する日"),
    "daily at 9": ("9", "9:00"),
    "毎日 夜2時": ("夜2時", "23:59"),
    "９：００": ("９：００", "毎月 第3営業日"),
}


@pytest.mark.parametrize(("sentence", "expected"), NEXT.items())
def test_a_sentence_names_these_days(sentence: str, expected: str) -> None:
    wanted = expected.split()
    assert [slot.nominal for slot in upcoming(read_sentence(sentence), SUNDAY, len(wanted))] == wanted


@pytest.mark.parametrize(("sentence", "told"), WRONG.items())
def test_a_wrong_sentence_is_told_under_its_wrong_word(sentence: str, told: tuple[str, str]) -> None:
    word, hint = told
    with pytest.raises(BadSentence) as caught:
        read_sentence(sentence)
    bad = caught.value
    assert sentence[bad.offset : bad.offset + bad.length] == word
    assert hint in render([bad.diagnostic(sentence, "--when")], "ja")
    assert render([bad.diagnostic(sentence, "--when")], "en").isprintable() is False  # several lines


def test_the_caret_counts_wide_letters_twice() -> None:
    with pytest.raises(BadSentence) as caught:
        read_sentence("毎月 第3営業目 09:00")
    lines = render([caught.value.diagnostic("毎月 第3営業目 09:00", "--when")], "ja").splitlines()
    assert lines[4] == "    |      " + "^" * 9


def test_a_time_left_out_is_told_at_the_end() -> None:
    with pytest.raises(BadSentence) as caught:
        read_sentence("毎日")
    assert caught.value.offset == 2


@pytest.mark.parametrize(
    "sentence", ["", "   ", "・・・", "a" * 500, "毎" * 150, "((((", "9" * 199, "\x00", "0 9 * *"]
)
def test_rubbish_is_refused_quickly_and_in_words(sentence: str) -> None:
    with pytest.raises(BadSentence):
        read_sentence(sentence)


def test_zone_goes_with_the_rule() -> None:
    rule = read_sentence("daily 9:00", ZoneInfo("America/New_York"))
    assert upcoming(rule, SUNDAY, 1)[0].at == datetime(2026, 11, 22, 14, tzinfo=UTC)
