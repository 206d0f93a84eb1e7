"""The two databases that keep a store: what is proven of one is proven of the other by the same tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bofbot.store import Store, open_store
from bofbot.store.port import Database
from tests.postgres_server import NoServer, PostgresServer

OpenStore = Callable[[], Store]
"""Opens the store of a test; again and again the same one."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    try:
        server = PostgresServer()
    except NoServer as absent:
        pytest.skip(str(absent))
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    where: str | Path = tmp_path / "bofbot.db"
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        server.empty("tests")
        where = server.url("tests")
    return lambda: open_store(where, key=tmp_path / "store.key")


@pytest.fixture
def store(opens: OpenStore) -> Iterator[Store]:
    with opens() as opened:
        opened.appear()
        yield opened


@pytest.fixture
def database(store: Store) -> Database:
    return store.database
