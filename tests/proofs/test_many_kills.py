"""Two hundred SIGKILLs, two runs at a time: the whole of bofbot, a stranger's verb that registers by plain HTTP, the
practice portal with its faults. Nothing twice, nothing lost, and nothing left to a person that a look-up can settle.

`test_kills.py` does the same with a real browser and fewer lives. The naive twin, killed and faulted in the same way,
must double at least 5 %."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from bofbot.effects import Identity
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from bofbot.store import Store, open_store

from .stranger import installed

HERE = Path(__file__).parent
KILLS = 2000 if os.environ.get("BOFBOT_NIGHTLY") else 200
HANDS, DAYS_OF, ROWS = 2, 25, 60
"""So many runs at a time; a fresh table every so many kills; so many items in it."""
NAME = "二百回殺されても"
FAULTS = (
    "reset_before_booking:times=1",
    "reset_after_booking:times=1",
    "error_500_before_booking:times=1",
    "error_500_after_booking:times=1",
    "cut_answer:times=1",
    "slow_answer:times=1,seconds=0.4",
    "slow:times=2,seconds=0.1",
    "session_expiry:times=1",
    "lagging_history:seconds=0.5",
)
ROBOT = f"""bofbot: 1
name: {NAME}
owner: 経理部
purpose: 試験
secrets: [練習ポータル]
inputs:
  portal: {{type: text}}
  table: {{type: text}}
defaults: {{at: "${{inputs.portal}}", timeout: 10s, retry: {{times: 1, wait: 50ms}}}}
steps:
  - read_table: ${{inputs.table}}
    encoding: cp932
    columns: {{申請番号: code, 金額: yen}}
    save_as: rows
  - for_each: ${{rows}}
    as: row
    key: ${{row.申請番号}}
    on_error: collect
    steps:
      - claim: ${{row.申請番号}}
        amount: ${{row.金額}}
      - write_back: {{受付番号: "${{receipt}}"}}
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600 if os.environ.get("BOFBOT_NIGHTLY") else 600),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forked, which this system cannot do"),
]


def keys_of(day: int) -> list[str]:
    return [f"D{day:02d}-{number:03d}" for number in range(1, ROWS + 1)]


def project(folder: Path, days: int) -> Path:
    (folder / "configs").mkdir(parents=True)
    (folder / "configs" / "bofbot.yaml").write_text(
        "secrets:\n  練習ポータル: {env: PORTAL}\n", encoding="utf-8"
    )
    (folder / "robot.yaml").write_text(ROBOT, encoding="utf-8")
    for day in range(days):
        lines = ["申請番号,金額,受付番号", *(f"{key},{1000 + day}," for key in keys_of(day))]
        (folder / f"{day}.csv").write_text("\n".join(lines) + "\n", encoding="cp932")
    return folder


@dataclass
class Hand:
    """Starts runs one after the other, each a warm process of its own."""

    process: subprocess.Popen[str]
    ended: list[int] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, plugins: Path) -> Self:
        account = {"PORTAL_USER": "yamada", "PORTAL_PASSWORD": USERS["yamada"].password}
        environ = {**os.environ, **account, "PYTHONPATH": str(plugins), "LANG": "ja_JP.UTF-8"}
        command = [sys.executable, str(HERE / "lives.py")]
        pipe = subprocess.PIPE
        with (folder / "said.txt").open("a") as said:
            process = subprocess.Popen(command, cwd=folder, env=environ, stdin=pipe, stdout=pipe, stderr=said, text=True)  # fmt: skip
        return cls(process)

    def live(self, portal: Portal, day: int, until: Callable[[], None] | None) -> int:
        """Play the robot on a day's table; kill it when `until` returns. Its exit code."""
        words = ["run", "robot.yaml", "-i", f"portal={portal.url}", "-i", f"table={day}.csv", "--no-report"]
        told, heard = self.process.stdin, self.process.stdout
        assert told is not None
        assert heard is not None
        told.write(json.dumps(words) + "\n")
        told.flush()
        pid = int(heard.readline())
        if until:
            until()
            try:
                os.kill(
                    pid, signal.SIGKILL
                )  # its parent reaps it only at its end: it cannot be another's pid yet
            except ProcessLookupError:
                pass
        self.ended.append(int(heard.readline()))
        return self.ended[-1]

    def close(self) -> None:
        self.process.communicate(timeout=20)
        assert self.process.returncode == 0


def a_moment(portal: Portal, dice: random.Random) -> Callable[[], None]:
    """When to kill: at any time of the life, or (more often) within a few milliseconds of something being booked."""
    if dice.random() < 0.4:
        seconds = dice.uniform(0.0, 0.5)
        return lambda: time.sleep(seconds)
    bookings, later = dice.randint(1, 5), dice.uniform(0, 0.012)

    def come() -> None:
        wanted, end = portal.book.count("claims") + bookings, time.monotonic() + 2.0
        while portal.book.count("claims") < wanted and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(later)

    return come


def upset(portal: Portal, dice: random.Random) -> None:
    """A fault in every second life, most of them hitting one request."""
    if dice.random() < 0.5:
        portal.faults.add(dice.choice(FAULTS))
    if dice.random() < 0.5:
        portal.faults.clear("lagging_history")


def kill_again_and_again(hand: Hand, portal: Portal, dice: random.Random, kills: list[int]) -> None:
    """Until both hands together have killed so often."""
    while len(kills) < KILLS:
        upset(portal, dice)
        if hand.live(portal, len(kills) // DAYS_OF, a_moment(portal, dice)) == -signal.SIGKILL:
            kills.append(1)


def test_two_hundred_kills(tmp_path: Path, figures: Callable[[str], None]) -> None:
    days = KILLS // DAYS_OF + 1
    folder, plugins = (
        project(tmp_path / "office", days),
        installed(tmp_path / "plugins", "claim_plugin", "claim = claim_plugin:Claim"),
    )
    hands = [Hand.open(folder, plugins) for _ in range(HANDS)]
    kills: list[int] = []
    with Portal() as portal:
        threads = [
            threading.Thread(target=kill_again_and_again, args=(hand, portal, random.Random(seed), kills))
            for seed, hand in enumerate(hands)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        portal.faults.clear()
        time.sleep(1.1)  # whatever was in doubt has settled: one more run per table looks it up
        for day in range(days):
            assert hands[0].live(portal, day, None) == 0
        for hand in hands:
            hand.close()
        booked, twice = {booking.key for booking in portal.book.of("claims")}, portal.book.twice()
    wanted = {key for day in range(days) for key in keys_of(day)}
    with open_store(folder / "logs" / "bofbot.db") as store:
        items = {key: found for key in wanted if (found := store.ledger.find(identity(key)))}
        doubts = sum(in_doubt(store, key) for key in wanted)
        waiting = store.ledger.waiting()
        assert store.journal.verify().ok
    figures(
        f"kills without a browser: {len(kills)} lives ended, {len(wanted)} items tried, {len(booked)} booked,"
        f" {len(twice)} doubled, {len(wanted - set(items))} lost, {doubts} uncertain, {doubts - len(waiting)} of them"
        f" settled by a look-up, {len(waiting)} left to a person"
    )
    assert twice == []
    assert set(items) == wanted == booked
    assert {item.state for item in items.values()} == {"done"}
    assert doubts > KILLS // 20  # the kills did fall where it hurts
    assert {key: item.receipt for key, item in items.items()} == written_back(folder, days)


def test_the_naive_twin_doubles(tmp_path: Path, figures: Callable[[str], None]) -> None:
    """The same portal, the same faults, as many kills at the same moments: who retries on error pays twice."""
    kills: list[int] = []
    with Portal() as portal:
        together = [
            threading.Thread(target=kill_twins, args=(tmp_path, name, portal, random.Random(seed), kills))
            for seed, name in enumerate("AB")
        ]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
        booked, doubled = len({b.key for b in portal.book.of("claims")}), len(portal.book.twice())
    figures(
        f"naive twin: {len(kills)} lives ended, {booked} booked, {doubled} doubled ({doubled / booked:.0%})"
    )
    assert doubled >= booked * 0.05


def kill_twins(folder: Path, name: str, portal: Portal, dice: random.Random, kills: list[int]) -> None:
    while len(kills) < KILLS:
        upset(portal, dice)
        twin = start_twin(folder, name, portal)
        a_moment(portal, dice)()
        twin.kill()
        if twin.wait() == -signal.SIGKILL:
            kills.append(1)


def start_twin(folder: Path, name: str, portal: Portal) -> subprocess.Popen[bytes]:
    """Items enough for all its lives, with a name of its own before each number."""
    host, account = portal.url.removeprefix("http://"), ("yamada", USERS["yamada"].password)
    words = (host, *account, str(folder / f"{name}.json"), name, str(KILLS * 100), "0.03")
    return subprocess.Popen([sys.executable, str(HERE / "twin.py"), *words], stderr=subprocess.DEVNULL)


def identity(key: str) -> Identity:
    return Identity(NAME, "submit 1", key)


def in_doubt(store: Store, key: str) -> int:
    """How often nobody knew whether it was booked: it was armed, and did not end as done by its own run."""
    return sum(
        hold.armed_at is not None and (hold.state != "done" or bool(hold.why))
        for hold in store.ledger.attempts(identity(key))
    )


def written_back(folder: Path, days: int) -> dict[str, str]:
    lines = [
        line
        for day in range(days)
        for line in (folder / f"{day}.csv").read_text("cp932").split("\n")[1:]
        if line
    ]
    return {line.split(",")[0]: line.split(",")[2] for line in lines}
