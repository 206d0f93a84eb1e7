"""Triggers: sentences in both languages with a caret under what is wrong, whole files only, each thing starts one run."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bofbot.errors import InvalidRobot
from bofbot.events import RunFinished, RunStarted
from bofbot.schedule.bad_sentence import BadSentence
from bofbot.schedule.book import Schedule, parse_book
from bofbot.schedule.rules import due, upcoming
from bofbot.schedule.sentences import read_sentence
from bofbot.schedule.ticks import Ticks
from bofbot.schedule.watching import QUIET_SECONDS, Watching
from bofbot.settings import KeepSettings
from bofbot.store import Store, open_store
from bofbot.store.retention import tidy

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("inbox/*.csv にファイルが届いたら", "file", "inbox/*.csv"),
        ("受信/明細*.xlsx が届いたら。", "file", "受信/明細*.xlsx"),
        ("when a file inbox/*.csv arrives", "file", "inbox/*.csv"),
        ("files inbox/a b.csv appear", "file", "inbox/a b.csv"),
        ("1_経費申請 が成功したら", "after", "1_経費申請"),
        ("「経費 取込」の成功後", "after", "経費 取込"),
        ("after 1_import succeeds", "after", "1_import"),
        ("After 1_import", "after", "1_import"),
    ],
)
def test_sentences(text: str, kind: str, what: str) -> None:
    rule = read_sentence(text)
    assert rule.trigger is not None
    assert (rule.trigger.kind, rule.trigger.what) == (kind, what)
    assert text[rule.trigger.offset :].startswith(what)
    assert upcoming(rule, NOW) == due(rule, NOW, NOW + timedelta(days=400)) == []


@pytest.mark.parametrize("text", ["毎日 9:00", "last business day 18:00", "0 9 * * 1-5", "15分ごと"])
def test_sentences_about_times_are_none(text: str) -> None:
    assert read_sentence(text).trigger is None


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("*/in.csv にファイルが届いたら", "*/in.csv"),
        ("file inbox/ arrives", "inbox/"),
        ("a/**.csv が届いたら", "a/**.csv"),
    ],
)
def test_the_caret_is_under_the_pattern(text: str, under: str) -> None:
    with pytest.raises(BadSentence) as bad:
        read_sentence(text)
    assert text[bad.value.offset :][: bad.value.length] == under


def book(folder: Path, *entries: str) -> tuple[Schedule, ...]:
    (folder / "robots").mkdir(exist_ok=True)
    for name in ("取込", "照合", "送金"):
        (folder / "robots" / f"{name}.yaml").write_text("")
    return parse_book("schedules:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), folder)


@pytest.mark.parametrize(
    ("entries", "said", "under"),
    [
        (["name: a, robot: 照合, when: after 取り込み"], "no robot", "取り込み"),
        (["name: a, robot: 取込, when: after 取込"], "starts itself", "取込}"),
        (["name: a, robot: 照合, when: after 取込", "name: b, robot: 取込.yaml, when: 照合 が成功したら"], "for ever", "照合 が"),
    ],
)  # fmt: skip
def test_a_robot_that_is_none_and_robots_in_a_ring_are_told(
    tmp_path: Path, entries: list[str], said: str, under: str
) -> None:
    with pytest.raises(InvalidRobot) as wrong:
        book(tmp_path, *entries)
    (told,) = wrong.value.diagnostics
    assert said in told.message.en
    assert told.place.line == 1 + len(entries)
    assert told.source_line[told.place.column - 1 :].startswith(under)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "bofbot.db") as opened:
        yield opened


class Office:
    """A folder that is watched."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder, self.store, self.clock, self.now = folder, store, Clock(), NOW
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        rule = read_sentence("inbox/*.csv にファイルが届いたら")
        self.schedule = Schedule("受信", "取込", rule, {"csv": "${file}", "月": "2026-11"})
        self.watching = self.fresh()

    def fresh(self) -> Watching:
        return Watching(self.store.slots, self.folder, self.clock)

    def look(self, seconds: float = QUIET_SECONDS, watching: Watching | None = None) -> int:
        """Two looks, so many seconds apart; how many slots they wrote."""
        watching = watching or self.watching
        assert self.schedule.rule.trigger
        first = watching.look(self.schedule, self.schedule.rule.trigger, self.now)
        self.clock.seconds += seconds
        self.now += timedelta(seconds=seconds)
        return first + watching.look(self.schedule, self.schedule.rule.trigger, self.now)

    def put(self, name: str, text: str) -> Path:
        path = self.inbox / name
        path.write_text(text)
        return path


@pytest.fixture
def office(tmp_path: Path, store: Store) -> Office:
    made = Office(tmp_path, store)
    made.look()
    return made


def test_a_file_starts_one_run_and_is_its_input(office: Office) -> None:
    office.put("a.csv", "1")
    assert office.look() == 1
    (slot,) = office.store.slots.open()
    assert (slot.robot, slot.inputs) == ("取込", {"csv": "inbox/a.csv", "月": "2026-11"})
    assert slot.queued  # a file is never skipped because another one plays
    assert office.look() == 0
    assert office.look(watching=office.fresh()) == 0  # after a restart
    office.put("a.csv", "2")
    assert office.look() == 1  # new content
    office.put("b.csv", "2")
    assert office.look() == 1  # another name


def test_a_file_that_is_still_written_waits(office: Office) -> None:
    path = office.put("a.csv", "1")
    assert office.look(QUIET_SECONDS - 1) == 0
    path.write_text("12")
    assert office.look(QUIET_SECONDS - 1) == 0
    before = path.stat()
    path.write_text("34")  # as long as before, and its time is put back: only the content is new
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert office.look(QUIET_SECONDS) == 1
    for name in (".a.csv", "~$b.csv"):
        office.put(name, "x")
    office.put("empty.csv", "")
    (office.inbox / "link.csv").symlink_to(path)
    (office.inbox / "folder.csv").mkdir()
    office.put(".~lock.c.csv#", ",花子,pc,22.11.2026 09:00,file:///x;")
    office.put("c.csv", "open in LibreOffice")
    assert office.look() == 0
    (office.inbox / ".~lock.c.csv#").unlink()
    assert office.look() == 1


def test_what_lay_there_before_the_schedule_is_told_and_not_played(tmp_path: Path, store: Store) -> None:
    office = Office(tmp_path, store)
    office.put("old.csv", "1")
    assert office.look() == 1
    (slot,) = store.slots.newest()
    assert slot.state == "skipped"
    assert slot.why is not None
    assert "lay there" in slot.why.en


def test_files_that_came_in_a_pause_play_after_it(office: Office) -> None:
    awake = office.schedule
    office.schedule = Schedule("受信", "取込", awake.rule, pause_why="監査中")
    office.put("a.csv", "1")
    assert office.look() == 0
    office.schedule = awake
    assert office.look() == 1


def test_many_tickers_start_each_file_once(office: Office) -> None:
    """Four tickers with stores of their own, 25 files that arrive while they look."""
    stop = threading.Event()

    def tick() -> None:
        with open_store(office.folder / "bofbot.db") as own:
            clock = Clock()
            watching = Watching(own.slots, office.folder, clock)
            assert office.schedule.rule.trigger
            for _ in iter(stop.is_set, True):
                clock.seconds += QUIET_SECONDS
                watching.look(office.schedule, office.schedule.rule.trigger, datetime.now(UTC))

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(25):
        aside = office.put(f".{number}", str(number))
        aside.rename(office.inbox / f"{number}.csv")
    give_up = datetime.now(UTC) + timedelta(seconds=20)
    while len(office.store.slots.open()) < 25 and datetime.now(UTC) < give_up:
        stop.wait(0.05)
    stop.wait(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    found = [slot.nominal for slot in office.store.slots.open()]
    assert len(found) == len(set(found)) == 25


def test_a_file_is_remembered_however_short_history_is_kept(office: Office) -> None:
    office.put("a.csv", "1")
    office.look()
    (slot,) = office.store.slots.open()
    office.store.slots.end(slot.id, "done", office.now)
    office.put("b.csv", "2")
    office.look()
    later = office.now + timedelta(days=400)
    tidy(office.store, office.folder / "logs", KeepSettings(history=30 * 86400.0), later)
    assert office.look(watching=office.fresh()) == 0


def ran(store: Store, run: str, outcome: Any = "done", mode: Any = "run", robot: str = "取込") -> None:
    about: dict[str, Any] = {"run": run, "at": NOW + timedelta(minutes=int(run) - 1000), "robot": robot}
    store.journal.append(RunStarted(**about, robot_file=f"robots/{robot}.yaml", robot_sha256="", mode=mode))
    store.journal.append(RunFinished(**about, outcome=outcome, exit_code=0, seconds=5.0))


def test_each_success_of_another_robot_starts_one_run(store: Store) -> None:
    schedule = Schedule("照合", "照合", read_sentence("after 取込"), {"run": "${run}"})
    ran(store, "990")
    assert Ticks(store.slots).tick(schedule, NOW) == 0  # before the schedule began
    ran(store, "1001")
    ran(store, "1002", "failed")
    ran(store, "1003", mode="dry-run")
    ran(store, "1004", robot="送金")
    later = NOW + timedelta(hours=1)
    assert Ticks(store.slots).tick(schedule, later) == 1
    (slot,) = store.slots.open()
    assert (slot.nominal, slot.inputs) == ("after 1001", {"run": "1001"})
    assert Ticks(store.slots).tick(schedule, later) == 0
    ran(store, "1070", mode="resume")
    ran(store, "1071")
    assert Ticks(store.slots).tick(schedule, later + timedelta(hours=1)) == 2
