"""No more runs on a site at once than its limit, and none that waits for ever."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bofbot.store.file_locks import FileLocks
from bofbot.store.sqlite import open_database
from bofbot.turns import turn_on


async def test_two_of_six_at_once_and_all_in_the_end(tmp_path: Path) -> None:
    databases = [open_database(tmp_path / "bofbot.db") for _ in range(2)]
    now, most, done = 0, 0, 0

    async def soon(_: float) -> None:
        await asyncio.sleep(0.005)

    async def work(number: int) -> None:
        nonlocal now, most, done
        hosts = ("https://portal.example.com:8443/claims", "elsewhere.example.com")
        async with turn_on(
            hosts, {"portal.example.com": 2, "bank.example.com": 1}, databases[number % 2], soon
        ):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.02)
            now -= 1
            done += 1

    await asyncio.gather(*(work(number) for number in range(6)))
    assert (most, done) == (2, 6)
    for database in databases:
        database.close()


async def test_places_are_given_back_by_whoever_fails(tmp_path: Path) -> None:
    database = open_database(None)
    for _ in range(3):
        try:
            async with turn_on(["a.example.com"], {"a.example.com": 1}, database):
                assert database.is_taken("site a.example.com 0")
                raise KeyError
        except KeyError:
            assert not database.is_taken("site a.example.com 0")
    database.close()


def test_a_site_without_a_limit_takes_no_lock(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path / "locks")
    assert not locks.is_taken("site a.example.com 0")
    assert not (tmp_path / "locks").exists()
