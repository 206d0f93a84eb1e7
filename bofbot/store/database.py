"""The store of an office: the ledger of items and the journal of runs, in one file or in one database."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

from bofbot.errors import NotReady
from bofbot.store.approvals import Approvals
from bofbot.store.chain import Key
from bofbot.store.journal import Journal
from bofbot.store.ledger import StoreLedger
from bofbot.store.orders import Orders
from bofbot.store.owner import is_dead, kill, this_process
from bofbot.store.port import Database
from bofbot.store.questions import Questions
from bofbot.store.shares import Shares
from bofbot.store.slots import Slots
from bofbot.store.workers import Workers
from bofbot.words import Sentence

FENCED = 75
"""Exit code of a process that lost its lease and stopped itself at once."""

_PRESENCE = "process "
_POSTGRES = ("postgresql", "postgres")


class Store:
    """An open store. Close it, or use it in a `with` block."""

    def __init__(self, database: Database, key: Key, *, shared: bool = False) -> None:
        self.database = database
        self.shared = shared
        """Other machines work on it too."""
        self.journal = Journal(database, key, dead=self.is_dead)
        self.journal.seal.adopt()
        self.ledger = StoreLedger(database, dead=self.is_dead, gone=is_dead, seal=self.journal.seal)
        self.approvals = Approvals(database, self.journal.seal)
        self.questions = Questions(database, self.journal.seal)
        self.slots = Slots(database, dead=self.is_dead)
        self.orders = Orders(database)
        self.workers = Workers(database, self.is_dead)
        self.shares = Shares(database, self.is_dead)
        self.owner = this_process()
        """What this process is called in leases."""
        self._appeared = False

    def appear(self) -> None:
        """Take the lease of this process: whoever plays holds it, and all others can see from afar when it is gone.

        A process that loses its lease while it lives (its connection was cut, the server ended it) stops itself at once,
        with exit code 75: others may be playing its items already."""
        if self._appeared:
            return
        self.database.when_lost(fence)
        while not self.database.take(_PRESENCE + self.owner, shared=True):
            pass  # somebody looks at it just now
        self._appeared = True

    def is_dead(self, owner: str) -> bool:
        """Whether the process that called itself so can play no more: on one machine, it is proven to be gone; in a
        shared store, it is, or its lease is free (and then it has stopped itself, or will before its next step)."""
        if is_dead(owner):
            return self.shared or not self.database.is_taken(_PRESENCE + owner)
        return self.shared and not self.database.is_taken(_PRESENCE + owner)

    def evict(self, owner: str) -> bool:
        """End the lease of a process that stands still: it is killed here, or its session ended by the server. False when
        neither can be done from here."""
        if self.database.end_session(_PRESENCE + owner):
            return True
        return kill(owner)

    def check_lease(self) -> None:
        """Stop this process at once if its lease is lost; asked before every step."""
        if self.database.is_lost():
            fence()

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


def fence() -> None:
    """End this process now: no `finally`, no flush, no word to the site."""
    said = "bofbot: the connection to the store was lost, and the lease with it; stopped at once (記録との接続が切れたため、ただちに停止しました)\n"
    try:
        os.write(sys.stderr.fileno(), said.encode())
    except (OSError, ValueError):
        pass
    os._exit(FENCED)


def open_store(path_or_url: str | Path, *, key: Path | None = None) -> Store:
    """The store at a path, `sqlite:///path`, `postgresql://user@host/name`, or `:memory:` (for tests); made when there is
    none. `key` is the file of the journal's key, for a store that is no file (`store.key` in the working folder otherwise).

    Raises NotReady: a place that cannot be written, a full disk, a damaged store, one of a newer bofbot, a server that
    does not answer, another key than the one the journal is sealed with."""
    scheme = str(path_or_url).partition("://")[0]
    if scheme in _POSTGRES:
        return _open_shared(str(path_or_url), key or Path("store.key"))
    from bofbot.store.sqlite import open_database

    path = file_of(path_or_url)
    database = open_database(path)
    try:
        own = Key.fresh() if path is None else Key.at(path.with_name(path.name + ".key"))
    except BaseException:
        database.close()
        raise
    return Store(database, own)


def is_shared(path_or_url: str | Path) -> bool:
    """Whether this is the address of a store that many machines may share."""
    return str(path_or_url).partition("://")[0] in _POSTGRES


def _open_shared(url: str, key: Path) -> Store:
    from bofbot.store.pg_address import Address
    from bofbot.store.postgres import open_database

    database = open_database(Address.read(url))
    try:
        own = Key.at(key)
        _demand_same_key(database, own, key)
    except BaseException:
        database.close()
        raise
    return Store(database, own, shared=True)


def _demand_same_key(database: Database, own: Key, file: Path) -> None:
    """The first who opens the store says which key seals its journal; all others need a copy of it."""
    named = {"name": own.name}
    if database.row("SELECT 1 AS one FROM journal_keys WHERE name = :name", named):
        return
    with database.writing():
        known = [row["name"] for row in database.rows("SELECT name FROM journal_keys")]
        if not known:
            database.rows("INSERT INTO journal_keys (name) VALUES (:name)", named)
        if not known or own.name in known:  # another one with our key may have been first, a moment ago
            return
    raise NotReady(
        Sentence(
            en=f"the key {file} is not the one that the journal of {database.where} is sealed with",
            ja=f"鍵 {file} は、{database.where} のジャーナルに使われている鍵ではありません",
        ),
        fix=Sentence(
            en="copy the key file from the machine that made the store; `journal_key:` in configs/bofbot.yaml says where it is",
            ja="記録を作った端末から鍵ファイルをコピーしてください。場所は configs/bofbot.yaml の `journal_key:` で指定できます",
        ),
    )


def file_of(path_or_url: str | Path) -> Path | None:
    """The file of a store by its path or `sqlite:///` address; None in memory. Raises NotReady."""
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
            en=f"bofbot keeps no store at {scheme}://",
            ja=f"bofbot は {scheme}:// の記録に対応していません",
        ),
        fix=Sentence(
            en="give `store:` the path of a file on a local disk, or a postgresql:// address",
            ja="`store:` にはローカルディスクのファイル、または postgresql:// の接続先を指定してください",
        ),
    )
