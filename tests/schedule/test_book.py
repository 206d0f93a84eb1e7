"""configs/schedules.yaml: what a schedule may say, and every fault under its word."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bofbot.errors import InvalidRobot
from bofbot.schedule.book import FILE, parse_book, read_book
from bofbot.schedule.rules import upcoming

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)

FULL = """
schedules:
  - name: 締め
    robot: 3_入金消込
    when: 毎月 第3営業日 09:00
    calendar: [bank, days.csv]
    zone: Europe/Berlin
    inputs: {month: 2026-10, code: 0012}
    catch_up: all
    overlap: queue
    deadline: 12:00
    paused: {why: 監査中, until: 2026-12-01}
    owner: 経理
  - {name: 短い, robot: a, when: 15分ごと, deadline: 90s}
"""


def test_everything_that_a_schedule_may_say(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("date,name\n2026-12-02,創立記念日\n", encoding="utf-8")
    one, short = parse_book(FULL, tmp_path)
    assert one.inputs == {"month": "2026-10", "code": "0012"}
    assert (one.catch_up, one.overlap, one.deadline, one.owner) == ("all", "queue", time(12), "経理")
    assert upcoming(one.rule, NOON, 1)[0].nominal == "2026-12-04T09:00"
    assert one.rule.zone.key == "Europe/Berlin"
    assert one.pause_at(NOON) == "監査中"
    assert one.pause_at(NOON + timedelta(days=8)) == ""
    due_at = datetime(2026, 12, 4, 8, tzinfo=UTC)
    assert one.deadline_of(due_at) == datetime(2026, 12, 4, 11, tzinfo=UTC)
    assert short.deadline_of(due_at) == due_at + timedelta(seconds=90)
    assert (short.catch_up, short.overlap, short.rule.zone.key) == ("latest", "skip", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("wrong", "word", "said"),
    [
        ("when: 毎月 第3営業目 09:00", "第3営業目", "第3営業日"),
        ('when: "毎月 第3営業目 09:00"', "第3営業目", "第3営業日"),
        ("wen: 平日 9:00", "wen", "`when`"),
        ("robot: b", "robot", "二度"),
        ("when: 平日 9:00\n    catch_up: lates", "lates", "latest"),
        ("when: 平日 9:00\n    zone: Asia/Tokio", "Asia/Tokio", "Asia/Tokyo"),
        ("when: 平日 9:00\n    calendar: jappan", "jappan", "japan"),
        ("when: 平日 9:00\n    calendar: days.csv", "days.csv", "読めません"),
        ("when: 平日 9:00\n    deadline: soon", "soon", "2h"),
        ("when: 平日 9:00\n    paused: {until: 2026-12-01}", None, "why"),
        ("when: 平日 9:00\n    paused: {why: x, until: いつか}", None, "いつか"),
        ("when:", None, "when"),
    ],
)
def test_a_fault_is_told_under_its_word(tmp_path: Path, wrong: str, word: str | None, said: str) -> None:
    text = f"schedules:\n  - name: a\n    robot: b\n    {wrong}\n"
    with pytest.raises(InvalidRobot) as caught:
        parse_book(text, tmp_path)
    found = caught.value.diagnostics
    assert any(said in one.message.ja + (one.fix.ja if one.fix else "") for one in found)
    if word is not None:
        first = next(one for one in found if one.source_line[one.place.column - 1 :].startswith(word))
        assert first.length == len(word)


def test_all_faults_of_a_book_are_told_at_once(tmp_path: Path) -> None:
    entries = "".join(f"  - {{name: n{n}, robot: b, when: 毎日 25:0{n}}}\n" for n in range(3))
    with pytest.raises(InvalidRobot) as caught:
        parse_book(f"schedules:\n{entries}  - {{name: n0, robot: b, when: 平日 9:00}}\n", tmp_path)
    assert [one.place.line for one in caught.value.diagnostics] == [2, 3, 4, 5]


def test_no_file_and_an_empty_file_are_no_schedules(tmp_path: Path) -> None:
    assert read_book(tmp_path) == ()
    assert (
        parse_book("", tmp_path)
        == parse_book("# nothing\n", tmp_path)
        == parse_book("schedules:\n", tmp_path)
        == ()
    )


def test_the_sample_is_right_when_its_marks_are_taken_away() -> None:
    lines = (ROOT / FILE).read_text(encoding="utf-8").splitlines()
    begin = lines.index("# schedules:")
    book = parse_book("\n".join(line[2:] for line in lines[begin:]), ROOT)
    assert [one.name for one in book] == ["経費の登録", "月次締め"]
    assert all((ROOT / "robots" / f"{one.robot}.yaml").is_file() for one in book)
