"""The one door to PostgreSQL: the same statements as on SQLite, each transaction alone in the store, in one session.

The session is the identity of the process. Its locks, its transactions and its right to play stand and fall together:
what is lost is never opened again behind the runner's back.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg import sql as names
from psycopg.rows import dict_row

from bofbot.errors import NotReady
from bofbot.store.dialect import as_postgres
from bofbot.store.lost import has_ended, watch
from bofbot.store.pg_address import Address
from bofbot.store.pg_batch import Batch
from bofbot.store.port import BUSY_SECONDS
from bofbot.store.schema import MIGRATIONS, newer_store
from bofbot.words import Sentence

_CONNECT_SECONDS = 10
_STALLED_SECONDS = 5
"""The server ends the session of a process that stands still inside a transaction: all others wait for it."""
# The client must know of a cut before the server gives its locks away: about 3 s here, about 8 s there.
_CLIENT: dict[str, Any] = {"keepalives": 1, "keepalives_idle": 1, "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 3000}  # fmt: skip
_SERVER = {
    "tcp_keepalives_idle": 4,
    "tcp_keepalives_interval": 1,
    "tcp_keepalives_count": 4,
    "tcp_user_timeout": 8000,
}


_HOLDERS = (
    "FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = :high::bigint::oid"
    " AND objid = :low::bigint::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class PostgresDatabase:
    """One session, guarded by a lock, so that a flush from a timer and a write of the runner never mix."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]], address: Address) -> None:
        self.connection = connection
        self._batch = Batch(connection)
        self.where = address.where
        self.url = address.url
        self.schema = address.schema
        self._lock = threading.RLock()
        self._held: Counter[str] = Counter()
        self._lost: Callable[[], None] | None = None

    @contextmanager
    def writing(self) -> Iterator[PostgresDatabase]:
        """One transaction, alone in the store, as BEGIN IMMEDIATE is on SQLite. The lock is a statement of its own: those
        after it see everything that earlier holders have committed. COMMIT comes back when it is on disk."""
        with self._lock, self._in_our_words():
            try:
                self._batch.begin(f"BEGIN; SELECT pg_advisory_xact_lock({self._number('writing')})")
                yield self
                self._batch.end()
            except BaseException:
                self._batch.undo()
                raise

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        with self._lock, self._in_our_words():
            return self._batch.now(sql, values or {})

    def row(self, sql: str, values: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        found = self.rows(sql, values)
        return found[0] if found else None

    def later(self, sql: str, values: list[dict[str, Any]]) -> None:
        with self._lock, self._in_our_words():
            for one in values:
                self._batch.later(sql, one)

    def take(self, lock: str, *, shared: bool = False) -> bool:
        with self._lock:
            if self._held[lock] and not shared:
                return False  # the server would let a session take its own lock twice
            which = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
            row = self.row(f"SELECT {which}({self._number(lock)}) AS taken")
            taken = bool(row and row["taken"])
            self._held[lock] += taken
            return taken

    def give_back(self, lock: str) -> None:
        with self._lock:
            if self._held[lock]:
                self._held[lock] -= 1
                number = self._number(lock)
                self.rows(
                    f"SELECT CASE WHEN pg_advisory_unlock({number}) THEN true ELSE pg_advisory_unlock_shared({number}) END"
                )

    def is_taken(self, lock: str) -> bool:
        return bool(self.rows(f"SELECT 1 {_HOLDERS}", self._halves(lock)))

    def end_session(self, lock: str) -> bool:
        """The server ends the sessions that hold it; it must be allowed to us (the same user, or pg_signal_backend)."""
        self.rows(f"SELECT pg_terminate_backend(pid) {_HOLDERS}", self._halves(lock))
        give_up = time.monotonic() + _CONNECT_SECONDS
        while self.is_taken(lock) and time.monotonic() < give_up:
            time.sleep(0.02)
        return not self.is_taken(lock)

    def when_lost(self, do: Callable[[], None]) -> None:
        first, self._lost = self._lost is None, do
        if first:
            watch(self.connection.fileno(), self._tell_lost)

    def _tell_lost(self) -> None:
        if self._lost is not None:
            self._lost()

    def is_lost(self) -> bool:
        return self.connection.closed or has_ended(self.connection.fileno())

    def close(self) -> None:
        self._lost = None
        with self._lock:
            self.connection.close()

    def _number(self, lock: str) -> int:
        """64 bits that stand for the name, in this schema alone."""
        digest = hashlib.sha256(f"{self.schema}\n{lock}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)

    def _halves(self, lock: str) -> dict[str, int]:
        number = self._number(lock) & (1 << 64) - 1
        return {"high": number >> 32, "low": number & (1 << 32) - 1}

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            if self.connection.closed:
                self._tell_lost()
            raise _said(error, self.where) from error


def open_database(address: Address) -> PostgresDatabase:
    """The database at an address, its schema made and brought to the newest form. Raises NotReady."""
    try:
        connection = psycopg.connect(
            address.url,
            autocommit=True,
            row_factory=dict_row,
            cursor_factory=psycopg.ClientCursor,
            connect_timeout=_CONNECT_SECONDS,
            application_name="bofbot",
            **_CLIENT,
        )
    except psycopg.Error as error:
        raise _unreachable(error, address.where) from error
    database = PostgresDatabase(cast("psycopg.Connection[dict[str, Any]]", connection), address)
    try:
        with database._in_our_words():
            _make_durable(database)
            _migrate(database)
    except BaseException:
        connection.close()
        raise
    return database


def _make_durable(database: PostgresDatabase) -> None:
    """A commit comes back when it is on disk; asked for, then read back, with what a whole server may have switched off."""
    execute = database.connection.execute
    execute("SET synchronous_commit = on")
    execute("SET default_transaction_isolation = 'read committed'")
    execute(f"SET lock_timeout = '{int(BUSY_SECONDS)}s'".encode())
    execute(f"SET idle_in_transaction_session_timeout = '{_STALLED_SECONDS}s'".encode())
    for name, value in _SERVER.items():
        execute(f"SET {name} = {value}".encode())
    wanted = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
    found = {name: _setting(database, name) for name in wanted}
    if found != wanted:
        raise NotReady(
            Sentence(
                en=f"the server of {database.where} does not keep what it acknowledges: {found} instead of {wanted}",
                ja=f"{database.where} のサーバーは、確定した記録を失うことがあります（{found}、必要な設定は {wanted}）",
            ),
            fix=Sentence(
                en="switch these on in postgresql.conf; without them a power cut can pay twice",
                ja="postgresql.conf でこれらを on にしてください。off のままだと停電時に二重登録のおそれがあります",
            ),
        )


def _setting(database: PostgresDatabase, name: str) -> str:
    row = database.row("SELECT current_setting(:name) AS value", {"name": name})
    return str(row["value"]) if row else ""


def _migrate(database: PostgresDatabase) -> None:
    schema = names.Identifier(database.schema)
    database.connection.execute(names.SQL("SET search_path TO {}").format(schema))
    if _version(database) == len(MIGRATIONS):
        return
    with database.writing():
        database.connection.execute(names.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
        database.rows("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
        version = _version(database)
        if version > len(MIGRATIONS):
            raise newer_store(database.where, version)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                database.rows(as_postgres(statement))
        database.rows("DELETE FROM schema_version")
        database.rows("INSERT INTO schema_version VALUES (:version)", {"version": len(MIGRATIONS)})


def _version(database: PostgresDatabase) -> int:
    if database.row("SELECT to_regclass('schema_version') AS it") == {"it": None}:
        return 0
    row = database.row("SELECT version FROM schema_version")
    return int(row["version"]) if row else 0


def _unreachable(error: psycopg.Error, where: str) -> NotReady:
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return NotReady(
        Sentence(
            en=f"the store {where} cannot be reached: {said}", ja=f"記録 {where} に接続できません（{said}）"
        ),
        fix=Sentence(
            en="is the server running, and are name and password right? `bofbot doctor` tries it",
            ja="サーバーが動いているか、ユーザー名とパスワードが正しいか確認してください（`bofbot doctor`）",
        ),
    )


def _said(error: psycopg.Error, where: str) -> NotReady:
    if isinstance(error, psycopg.errors.DiskFull):
        return NotReady(
            Sentence(
                en=f"the disk of the store {where} is full; nothing was half-written",
                ja=f"記録 {where} のディスクがいっぱいです。書きかけの記録はありません",
            ),
            fix=Sentence(
                en="make room on the disk, then run again",
                ja="ディスクの空きを作ってから、もう一度実行してください",
            ),
        )
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return NotReady(
            Sentence(
                en=f"another program keeps the store {where} locked",
                ja=f"別のプログラムが記録 {where} を使用中です",
            ),
            fix=Sentence(
                en="close the program that has it open, then run again",
                ja="開いているプログラムを閉じてから、もう一度実行してください",
            ),
        )
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return NotReady(
            Sentence(
                en=f"the store {where} cannot be written here: {error}",
                ja=f"記録 {where} に書き込めません（{error}）",
            ),
            fix=Sentence(
                en="give the user of the address the right to make a schema in this database",
                ja="接続ユーザーに、このデータベースでスキーマを作る権限を付けてください",
            ),
        )
    return NotReady(
        Sentence(en=f"the store {where} failed: {error}", ja=f"記録 {where} でエラーが起きました（{error}）"),
        fix=Sentence(
            en="`bofbot doctor` checks the store", ja="`bofbot doctor` で記録の状態を確認してください"
        ),
    )
