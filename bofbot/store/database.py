"""The store of an office: the ledger of items and the journal of runs, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from bofbot.errors import NotReady
from bofbot.store.approvals import Approvals
from bofbot.store.chain import Key
from bofbot.store.journal import Journal
from bofbot.store.ledger import StoreLedger
from bofbot.store.owner import is_dead, this_process
from bofbot.store.slots import Slots
from bofbot.store.sqlite import Database, open_database
from bofbot.words import Sentence


class Store:
    """An open store. Close it, or use it in a `with` block."""

    def __init__(self, database: Database, key: Key) -> None:
        self.database = database
        self.ledger = StoreLedger(database)
        self.journal = Journal(database, key)
        self.approvals = Approvals(database)
        self.slots = Slots(database)
        self.owner = this_process()
        """What this process is called in leases."""

    @staticmethod
    def is_dead(owner: str) -> bool:
        """Whether the process that called itself so is proven to be gone."""
        return is_dead(owner)

    @property
    def where(self) -> str:
        return self.database.where

    def close(self) -> None:
        """Everything is on disk afterwards."""
        try:
            self.journal.flush()
        finally:
            self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(path_or_url: str | Path) -> Store:
    """The store at a path, `sqlite:///path`, or `:memory:` (for tests); made when there is none.

    Raises NotReady: a place that cannot be written, a full disk, a damaged store, one of a newer bofbot."""
    path = _path(path_or_url)
    database = open_database(path)
    try:
        key = Key.fresh() if path is None else Key.at(path.with_name(path.name + ".key"))
    except BaseException:
        database.close()
        raise
    return Store(database, key)


def _path(path_or_url: str | Path) -> Path | None:
    text = str(path_or_url)
    if text == ":memory:":
        return None
    scheme, separator, rest = text.partition("://")
    if not separator:
        return Path(text).expanduser()
    if scheme == "sqlite":
        return Path(rest.removeprefix("/")) if rest.startswith("/") else Path(rest)
    raise NotReady(
        Sentence(
            en=f"this version of bofbot keeps no store at {scheme}://",
            ja=f"この版の bofbot は {scheme}:// の記録に対応していません",
        ),
        fix=Sentence(
            en="give `store:` the path of a file on a local disk",
            ja="`store:` にはローカルディスクのファイルを指定してください",
        ),
    )
