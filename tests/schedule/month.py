"""November 2026 in an office with 60 robots: three tickers that are killed and started again, in simulated time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bofbot.schedule.book import parse_book
from bofbot.schedule.rules import due
from bofbot.store import Store
from bofbot.store.slots import SlotRow
from tests.schedule.office import World

TOKYO = ZoneInfo("Asia/Tokyo")
BEGIN = datetime(2026, 11, 1, tzinfo=TOKYO)
END = datetime(2026, 12, 1, tzinfo=TOKYO)

OFFICE: tuple[tuple[str, str, int, float], ...] = (
    # what it does, when, how many such robots, minutes
    ("入出金明細の取得", "平日 8:30", 8, 4),
    ("入金消込", "平日 9:00", 6, 12),
    ("受注の取り込み", "平日 9:00〜18:00 15分ごと", 3, 3),
    ("在庫の照会", "平日 9:00〜18:00 60分ごと", 2, 5),
    ("経費申請の登録", "平日 10:00", 4, 15),
    ("勤怠の確認", "毎週月 9:30", 3, 10),
    ("週報", "毎週金 17:00", 3, 6),
    ("仕入先への支払", "五十日 9:00", 6, 20),
    ("請求書の送付", "毎月 第3営業日 09:00", 5, 25),
    ("給与振込の準備", "毎月25日(休みなら前日) 10:00", 2, 40),
    ("社会保険料の納付", "月末最終営業日 9:00", 2, 15),
    ("月次締め", "月末最終営業日 18:00", 6, 30),
    ("残高の照合", "毎日 6:00", 4, 5),
    ("控えの作成", "毎日 23:00", 2, 20),
    ("月初の帳票", "毎月 第1営業日 8:00", 4, 20),
)


@dataclass
class Played:
    """What became of the month."""

    wanted: int = 0
    lost: int = 0
    doubled: int = 0
    restarts: int = 0
    skipped: int = 0
    longest_wait: timedelta = timedelta()
    by_day: dict[date, Counter[str]] = field(default_factory=dict)
    """Day → times due, minutes of robots, the most at once, the longest wait in minutes."""


class Office(World):
    """Robots that take minutes."""

    minutes: dict[str, float]

    def seconds_of(self, slot: SlotRow) -> float:
        return self.minutes[slot.schedule] * 60 * (0.7 + 0.6 * self.chance.random())


def schedules() -> tuple[str, dict[str, float]]:
    """The text of the book, and the minutes of each robot."""
    lines, minutes = ["schedules:"], {}
    for what, when, many, each in OFFICE:
        for number in range(1, many + 1):
            name = f"{what}{number}"
            minutes[name] = each
            overlap = "skip" if "分ごと" in when else "queue"
            lines.append(f'  - {{name: {name}, robot: a, when: "{when}", overlap: {overlap}, catch_up: all, calendar: bank}}')  # fmt: skip
    return "\n".join(lines), minutes


def play_month(
    store: Store, folder: Path, monkeypatch: Any, *, begin: datetime = BEGIN, seed: int = 60, at_most: int = 2
) -> Played:
    """Play it. A ticker (and sometimes what it plays) is killed twice a day, also in the busiest minutes."""
    (folder / "robots").mkdir(exist_ok=True)
    (folder / "robots" / "a.yaml").write_text(
        "bofbot: 1\nname: a\nowner: 経理部\npurpose: 試験\nsteps:\n  - set: {x: 1}\n"
    )
    text, minutes = schedules()
    book = parse_book(text, folder)
    office = Office(store, begin.astimezone(UTC), seed, monkeypatch)
    office.minutes = minutes
    wanted = {(one.name, slot.nominal): slot.at for one in book for slot in due(one.rule, begin, END)}
    told = Played(wanted=len(wanted))
    for slot_at in wanted.values():
        told.by_day.setdefault(slot_at.astimezone(TOKYO).date(), Counter())["due"] += 1
    servers = [office.server(book, at_most) for _ in range(3)]
    office.pass_time(1, servers)
    moments = sorted({*wanted.values()})
    halves = int((END - begin) / timedelta(hours=12))
    kills = sorted(begin + timedelta(hours=12 * (n + office.chance.random())) for n in range(halves))
    while office.now < END + timedelta(hours=12):
        office.now = _next(office, moments, kills)
        if kills and office.now >= kills[0]:
            kills.pop(0)
            _kill(office, servers, book, at_most, told)
        _everybody_works(office, servers)
        day = told.by_day.setdefault(office.now.astimezone(TOKYO).date(), Counter())
        day["at once"] = max(day["at once"], sum(child.began for child in office.children))
    _count(office, wanted, minutes, told)
    return told


def _everybody_works(office: Office, servers: list[Any]) -> None:
    """Until nothing changes at this moment: a child that has ended makes room for the next."""
    for _ in range(2):
        for server in servers:
            server.tick()
        for child in office.children:
            if child.name not in office.dead:
                child.step()
        office.children = [child for child in office.children if child.name not in office.dead]


def _next(office: Office, moments: list[datetime], kills: list[datetime]) -> datetime:
    """The next moment at which something happens, or ten minutes later while something is open."""
    while moments and moments[0] <= office.now:
        moments.pop(0)
    coming = [*moments[:1], *kills[:1], *(child.ends for child in office.children)]
    if office.children or office.slots.open():
        coming.append(office.now + timedelta(minutes=10))
    later = [at for at in coming if at > office.now]
    return min([*later, office.now + timedelta(hours=6)]).astimezone(UTC)


def _kill(office: Office, servers: list[Any], book: Any, at_most: int, told: Played) -> None:
    number = office.chance.randrange(3)
    office.dead.add(servers[number]._me)
    for child in office.children:
        if office.chance.random() < 0.3:
            office.dead.add(child.name)
    servers[number] = office.server(book, at_most)
    told.restarts += 1


def _count(office: Office, wanted: Any, minutes: dict[str, float], told: Played) -> None:
    rows = {(row.schedule, row.nominal): row for row in office.slots.newest(limit=1_000_000)}
    for which, at in wanted.items():
        row, day = rows.get(which), told.by_day[at.astimezone(TOKYO).date()]
        if row is None or (row.state != "done" and not row.why):
            told.lost += 1
            continue
        told.doubled += office.started[which] > 1
        told.skipped += row.state == "skipped"
        if row.started_at and row.state == "done":
            wait = row.started_at - row.due_at
            told.longest_wait = max(told.longest_wait, wait)
            day["wait"] = max(day["wait"], int(wait.total_seconds() // 60))
            day["minutes"] += int(minutes[row.schedule])
