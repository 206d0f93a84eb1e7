"""The one door to SQLite: opens a file so that what was committed survives a power cut, and speaks of faults in our words."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bofbot.errors import NotReady
from bofbot.files import why_refused
from bofbot.store.file_locks import FileLocks
from bofbot.store.port import BUSY_SECONDS
from bofbot.store.schema import MIGRATIONS, newer_store
from bofbot.words import Sentence

_OLDEST = (3, 35, 0)
"""RETURNING came with SQLite 3.35."""


class SqliteDatabase:
    """One connection, guarded by a lock, so that a flush from a timer and a write of the runner never mix."""

    def __init__(self, connection: sqlite3.Connection, where: str, locks: FileLocks | None = None) -> None:
        self.connection = connection
        self.where = where
        self._lock = threading.RLock()
        self._locks = locks or FileLocks(None)

    @contextmanager
    def writing(self) -> Iterator[SqliteDatabase]:
        """One transaction, committed to disk at the end, undone on any exception."""
        with self._lock, _in_our_words(self.where):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        with self._lock, _in_our_words(self.where):
            try:
                return self.connection.execute(sql, values or {}).fetchall()
            except UnicodeEncodeError:
                return self.connection.execute(sql, _storable(values or {})).fetchall()

    def row(self, sql: str, values: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        found = self.rows(sql, values)
        return found[0] if found else None

    def later(self, sql: str, values: list[dict[str, Any]]) -> None:
        for one in values:
            self.rows(sql, one)

    def take(self, lock: str, *, shared: bool = False) -> bool:
        with _in_our_words(self.where):
            return self._locks.take(lock, shared=shared)

    def give_back(self, lock: str) -> None:
        self._locks.give_back(lock)

    def is_taken(self, lock: str) -> bool:
        with _in_our_words(self.where):
            return self._locks.is_taken(lock)

    def when_lost(self, do: Callable[[], None]) -> None:
        """Never: the system keeps the locks of a process until it ends."""

    def end_session(self, lock: str) -> bool:
        """A file cannot."""
        return False

    def is_lost(self) -> bool:
        return False

    def close(self) -> None:
        with self._lock:
            self._locks.close()
            self.connection.close()


def open_database(path: Path | None) -> SqliteDatabase:
    """The database at `path` (None: in memory), brought to the newest schema. Raises NotReady."""
    where = ":memory:" if path is None else str(path)
    if sqlite3.sqlite_version_info < _OLDEST:
        raise NotReady(
            Sentence(
                en=f"SQLite {sqlite3.sqlite_version} is too old for the store; 3.35 or newer is needed",
                ja=f"SQLite {sqlite3.sqlite_version} は古いため記録を保存できません。3.35 以降が必要です",
            ),
            fix=Sentence(en="install a newer Python", ja="新しい Python を入れてください"),
        )
    with _in_our_words(where):
        if path is not None:
            _make_file(path)
        connection = sqlite3.connect(
            where, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = _by_name
        locks = FileLocks(None if path is None else path.with_name(path.name + ".locks"))
        database = SqliteDatabase(connection, where, locks)
        try:
            _make_durable(connection, where, in_memory=path is None)
            _migrate(database)
        except BaseException:
            connection.close()
            raise
    return database


def copy_database(source: Path, target: Path) -> None:
    """Everything committed in `source` at one moment, as one transaction of `target`: runs may play in `source` meanwhile,
    and a crash leaves `target` as it was. Raises NotReady, also when the copy is not sound."""
    with _in_our_words(str(target)):
        if not target.exists():
            _make_file(target)
        with (
            closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as one,
            closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as other,
        ):
            other.execute("PRAGMA synchronous = FULL")
            one.backup(other)
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = other.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)


def _storable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Half characters (a file name in another encoding) written out, so that two different texts stay different."""
    return {
        name: value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value
        for name, value in values.items()
    }


def _by_name(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def _make_file(path: Path) -> None:
    """The store holds business data: only its user may read it. SQLite gives -wal and -shm the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _make_durable(connection: sqlite3.Connection, where: str, *, in_memory: bool) -> None:
    """WAL + synchronous=FULL, read back: NORMAL lost acknowledged commits in 369 of 507 simulated power cuts, FULL in none."""
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    _wal(connection, give_up=time.monotonic() + BUSY_SECONDS)
    for pragma in ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    wanted = {"journal_mode": "memory" if in_memory else "wal", "synchronous": 2, "foreign_keys": 1}
    found: dict[str, Any] = {}
    for name in wanted:
        found |= connection.execute(f"PRAGMA {name}").fetchone()
    if found != wanted:
        raise NotReady(
            Sentence(
                en=f"the store {where} cannot be kept safely here: {found} instead of {wanted}",
                ja=f"この場所では記録 {where} を安全に保存できません（{found}、必要な設定は {wanted}）",
            ),
            fix=Sentence(
                en="keep the store on a local disk (`store:` in configs/bofbot.yaml), not on a network share",
                ja="記録の置き場所（configs/bofbot.yaml の `store:`）をネットワーク共有ではなくローカルディスクにしてください",
            ),
        )


def _wal(connection: sqlite3.Connection, give_up: float) -> None:
    # Two processes that make the same store at once: SQLite answers "locked" here without waiting for busy_timeout.
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _migrate(database: SqliteDatabase) -> None:
    if _version(database) == len(MIGRATIONS):
        return
    with database.writing():
        version = _version(database)
        if version > len(MIGRATIONS):
            raise newer_store(database.where, version)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                database.connection.execute(statement)
        database.connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(database: SqliteDatabase) -> int:
    return int(database.connection.execute("PRAGMA user_version").fetchone()["user_version"])


@contextmanager
def _in_our_words(where: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        message, fix = _said(error, where)
        raise NotReady(message, fix=fix) from error


def _said(error: Exception, where: str) -> tuple[Sentence, Sentence]:
    code = getattr(error, "sqlite_errorcode", None)
    for codes, message, fix in _FAULTS:
        if code is not None and code & 0xFF in codes:
            return Sentence(en=message.en.format(where), ja=message.ja.format(where)), fix
    if isinstance(error, OSError):
        why = why_refused(error)
        return Sentence(
            en=f"the store {where} cannot be opened: {why.en}",
            ja=f"記録 {where} を開けません（{why.ja}）",
        ), _CHOOSE_PLACE
    return Sentence(
        en=f"the store {where} failed: {error}", ja=f"記録 {where} でエラーが起きました（{error}）"
    ), _LOOK


_CHOOSE_PLACE = Sentence(
    en="make the folder writable, or choose another place with `store:` in configs/bofbot.yaml",
    ja="フォルダーに書き込めるようにするか、configs/bofbot.yaml の `store:` で別の場所を指定してください",
)
_LOOK = Sentence(en="`bofbot doctor` checks the store", ja="`bofbot doctor` で記録の状態を確認してください")
_FAULTS: tuple[tuple[frozenset[int], Sentence, Sentence], ...] = (
    (
        frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}),
        Sentence(en="the store {} cannot be written here", ja="記録 {} に書き込めません"),
        _CHOOSE_PLACE,
    ),
    (
        frozenset({sqlite3.SQLITE_FULL}),
        Sentence(en="the disk of the store {} is full; nothing was half-written", ja="記録 {} のディスクがいっぱいです。書きかけの記録はありません"),
        Sentence(en="make room on the disk, then run again", ja="ディスクの空きを作ってから、もう一度実行してください"),
    ),
    (
        frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}),
        Sentence(en="the store {} is damaged or is no store at all", ja="記録 {} が壊れているか、記録のファイルではありません"),
        Sentence(
            en="put back a copy from your backup, or move the file away; without it bofbot no longer knows what was already done",
            ja="バックアップから戻すか、ファイルを別の場所へ移してください。移すと、処理済みの件が分からなくなります",
        ),
    ),
    (
        frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}),
        Sentence(en="another program keeps the store {} locked", ja="別のプログラムが記録 {} を使用中です"),
        Sentence(en="close the program that has it open (a database viewer?), then run again",
                 ja="開いているプログラム（データベース閲覧ソフトなど）を閉じてから、もう一度実行してください"),
    ),
    (
        frozenset({sqlite3.SQLITE_IOERR}),
        Sentence(en="the disk of the store {} failed to read or write", ja="記録 {} のディスクで読み書きエラーが起きました"),
        Sentence(en="check the disk and its free room, then run again", ja="ディスクの状態と空き容量を確認してから、もう一度実行してください"),
    ),
)  # fmt: skip
