"""A backup of the store in one file: snapshot, queue and key with their hashes; and the way back, proven before it counts."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bofbot import __version__
from bofbot.errors import NotReady, UsageError
from bofbot.files import sha256_of, sync_folder, write_failure
from bofbot.store import pg_programs
from bofbot.store.chain import Head
from bofbot.store.database import Store, open_store
from bofbot.store.schema import MIGRATIONS, newer_store
from bofbot.store.sqlite import copy_database
from bofbot.words import Sentence

MANIFEST, STORE, QUEUE, DUMP, KEY = (
    "manifest.json",
    "bofbot.db",
    "bofbot.queue.db",
    "store.dump",
    "journal.key",
)
"""What stands in a backup: the manifest, the key, and two SQLite files or one dump of PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    bofbot: str
    made_at: datetime
    shared: bool
    """Of a store on PostgreSQL."""
    schema: int
    head: Head
    """The end of the journal when the backup was begun; it stands in the backup for certain."""
    last_run: int
    files: dict[str, str]
    """Name → SHA-256."""

    def text(self) -> str:
        plain = asdict(self) | {"made_at": self.made_at.isoformat(), "head": str(self.head)}
        return json.dumps(plain, indent=2)

    @classmethod
    def read(cls, text: str) -> Manifest:
        """Raises ValueError, KeyError or TypeError for a text that is none."""
        plain = json.loads(text)
        told = {name: plain[name] for name in ("bofbot", "shared", "schema", "last_run", "files")}
        return cls(**told, made_at=datetime.fromisoformat(plain["made_at"]), head=Head.read(plain["head"]))


def write_backup(store: Store, key: Path, file: Path, now: datetime, *, with_key: bool = True) -> Manifest:
    """Back the store up into `file`, whole or not at all, readable by its user alone; runs may play meanwhile.

    `key` is the file of the journal's key. Raises NotReady (no `pg_dump`, a store in memory), ApplicationError (disk)."""
    head, newest = store.journal.head(), last_run(store)
    try:
        with tempfile.TemporaryDirectory(prefix=".bofbot-backup-", dir=file.parent) as folder:
            parts = _dumped(store, Path(folder)) if store.shared else _copied(store, Path(folder))
            if with_key:
                parts[KEY] = key
            files = {name: sha256_of(path) for name, path in parts.items()}
            manifest = Manifest(__version__, now, store.shared, len(MIGRATIONS), head, newest, files)
            _pack(parts, manifest, file)
    except OSError as error:
        raise write_failure(error, file) from error
    return manifest


@contextmanager
def opened_backup(file: Path) -> Iterator[tuple[Manifest, dict[str, Path]]]:
    """The manifest and the parts of a backup, unpacked, their hashes compared. Raises NotReady for one that is not whole,
    UsageError where there is none."""
    with tempfile.TemporaryDirectory(prefix="bofbot-restore-") as folder:
        try:
            with zipfile.ZipFile(file) as packed:
                manifest = Manifest.read(packed.read(MANIFEST).decode())
                known = manifest.files.keys() & {STORE, QUEUE, DUMP, KEY}
                parts = {name: Path(packed.extract(name, folder)) for name in known}
        except FileNotFoundError as error:
            raise UsageError(
                Sentence(en=f"there is no file {file}", ja=f"{file} が見つかりません")
            ) from error
        except zipfile.BadZipFile as error:
            raise _unreadable(file, "not a zip") from error
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise _unreadable(file, str(error)) from error
        for name, path in parts.items():
            if sha256_of(path) != manifest.files[name]:
                raise _unreadable(file, f"{name} is not as it was written")
        if manifest.schema > len(MIGRATIONS):
            raise newer_store(str(file), manifest.schema)
        yield manifest, parts


def prove(store: Store, manifest: Manifest) -> None:
    """Journal, ledger, approvals and runs are whole and reach at least to the head of the manifest. Raises NotReady."""
    verdict = store.journal.verify(manifest.head)
    if not verdict.ok:
        why = verdict.why or Sentence.same("")
        raise NotReady(
            Sentence(en=f"the backup does not prove itself, at record {verdict.wrong}: ", ja=f"バックアップの {verdict.wrong} 件目の記録を確認できません：") + why,
            fix=Sentence(en="take an older backup", ja="ひとつ前のバックアップを使ってください"),
        )  # fmt: skip


def prove_parts(manifest: Manifest, parts: dict[str, Path], key: Path) -> None:
    """Prove the SQLite store of a backup where it lies, before it replaces anything. Raises NotReady."""
    beside = parts[STORE].with_name(STORE + ".key")
    beside.write_bytes(key.read_bytes())
    with open_store(parts[STORE]) as store:
        prove(store, manifest)


def contains(manifest: Manifest, parts: dict[str, Path], head: Head) -> bool:
    """Whether a journal that ends with `head` is the beginning of the one in the backup (by its number alone in a dump)."""
    if manifest.shared:
        return head.seq <= manifest.head.seq
    with open_store(parts[STORE]) as store:
        row = store.database.row("SELECT mac FROM events WHERE seq = :seq", {"seq": head.seq})
    return row is not None and row["mac"] == head.mac


def last_run(store: Store) -> int:
    """The number that was given to the newest run; 0 when there is none."""
    row = store.database.row("SELECT value FROM counters WHERE name = 'run'")
    return int(row["value"]) if row else 0


def queue_file(store: Path) -> Path:
    """Where the queue of an SQLite store is kept."""
    return store.with_suffix(".queue.db")


# Writing --------------------------------------------------------------------------------------------------------------


def _copied(store: Store, folder: Path) -> dict[str, Path]:
    """Queue first: of an order that ends meanwhile the store then knows more than the queue, never less."""
    if store.where == ":memory:":
        raise NotReady(
            Sentence(en="a store in memory has no backup", ja="メモリー上の記録はバックアップできません")
        )
    source = Path(store.where)
    parts = {STORE: folder / STORE}
    if queue_file(source).exists():
        parts[QUEUE] = folder / QUEUE
        copy_database(queue_file(source), parts[QUEUE])
    copy_database(source, parts[STORE])
    return parts


def _dumped(store: Store, folder: Path) -> dict[str, Path]:
    from bofbot.store.postgres import PostgresDatabase

    assert isinstance(store.database, PostgresDatabase)
    pg_programs.dump(store.database.url, store.database.schema, folder / DUMP)
    return {DUMP: folder / DUMP}


def _pack(parts: dict[str, Path], manifest: Manifest, file: Path) -> None:
    # Business data and a key: the file is its user's alone from its first byte on (mkstemp makes it 0600).
    descriptor, temporary = tempfile.mkstemp(prefix=".bofbot-backup-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w+b") as whole:
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
                packed.writestr(MANIFEST, manifest.text())
                for name, path in parts.items():
                    packed.write(path, name)
            whole.flush()
            os.fsync(whole.fileno())
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
    sync_folder(file.parent)


def _unreadable(file: Path, why: str) -> NotReady:
    return NotReady(
        Sentence(
            en=f"{file} is no whole backup of bofbot: {why}",
            ja=f"{file} は bofbot の完全なバックアップではありません（{why}）",
        ),
        fix=Sentence(
            en="take another copy of it, or an older backup",
            ja="別の場所の写しか、ひとつ前のバックアップを使ってください",
        ),
    )
