"""Back to a backup: refused while something runs, the present store kept aside, and proven before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bofbot.errors import NotReady, UsageError
from bofbot.files import atomic_write
from bofbot.store import pg_programs
from bofbot.store.backup import (
    DUMP,
    KEY,
    QUEUE,
    STORE,
    Manifest,
    contains,
    last_run,
    opened_backup,
    prove,
    prove_parts,
    queue_file,
    write_backup,
)
from bofbot.store.chain import EMPTY, Head
from bofbot.store.database import Store
from bofbot.store.file_locks import any_locked
from bofbot.store.owner import this_process
from bofbot.store.sqlite import copy_database
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what was put aside for it."""

    manifest: Manifest
    records: int
    """Of the journal, as verified after restoring."""
    aside: Path | None
    """The store as it was before: a backup of it, or, when it could not be read, its files with this beginning."""
    last_run: int
    """The newest run that the restored store knows."""


def restore_backup(
    file: Path,
    store: Callable[[], Store],
    where: Path | None,
    key: Path,
    now: datetime,
    *,
    force: bool = False,
) -> Restored:
    """Put a backup back. `store` opens the present one; `where` is its file, None on PostgreSQL; `key` the file of its key.

    Raises NotReady: something runs, the present store knows more (unless `force`), the backup is not whole or does not
    prove itself. Whatever is raised before the last step leaves the present store as it is."""
    with opened_backup(file) as (manifest, parts):
        if manifest.shared != (where is None):
            raise _OTHER_KIND
        own_key = parts.get(KEY, key)
        if not own_key.exists():
            raise _NO_KEY
        if where is not None:
            prove_parts(manifest, parts, own_key)
        aside = _put_aside(store, where, key, manifest, parts, now, force=force)
        if own_key != key:
            atomic_write(key, own_key.read_bytes())
            key.chmod(0o600)
        if where is None:
            _replace_tables(store, parts[DUMP])
        else:
            _replace_files(parts, where)
    with store() as restored:
        prove(restored, manifest)
        return Restored(manifest, restored.journal.head().seq, aside, last_run(restored))


def still_running(store: Store) -> list[str]:
    """Processes that tick, work or play in this store and are not proven dead."""
    rows = store.database.rows(
        "SELECT process FROM heartbeats UNION SELECT process FROM workers"
        " UNION SELECT process FROM runs WHERE state = 'running' UNION SELECT owner FROM items WHERE state IN ('leased', 'armed')"
    )
    named = sorted({row["process"] for row in rows if row["process"]})
    return [one for one in named if one != this_process() and not store.is_dead(one)]


def _put_aside(
    store: Callable[[], Store],
    where: Path | None,
    key: Path,
    manifest: Manifest,
    parts: dict[str, Path],
    now: datetime,
    *,
    force: bool,
) -> Path | None:
    """The present store as a file beside it; None when there is none."""
    if where is not None:
        if not where.exists():
            return None
        if any_locked(where.with_name(where.name + ".locks")):
            raise _running(())
    stamp = now.strftime("%Y%m%d-%H%M%S")
    try:
        present = store()
    except NotReady:
        if where is None or not force:
            raise
        return _move_broken(where, stamp)
    with present:
        if running := still_running(present):
            # In a file, rows of another host (an old container) never prove their death; a lease on a server does.
            here = this_process().partition("/")[0]
            if not force or present.shared or any(one.partition("/")[0] == here for one in running):
                raise _running(running)
        head = present.journal.head()
        if head.mac != EMPTY and not force:
            _demand_older(present, head, manifest, parts)
        folder = key.parent if where is None else where.parent
        aside = folder / f"before-restore-{stamp}.backup"
        write_backup(present, key, aside, now)
    return aside


def _demand_older(present: Store, head: Head, manifest: Manifest, parts: dict[str, Path]) -> None:
    """The backup must hold all that the present store knows, else somebody has to say that it may be forgotten."""
    if contains(manifest, parts, head):
        return
    raise NotReady(
        Sentence(
            en=f"the present store knows more than the backup: {head.seq} records, run {last_run(present)}; the backup {manifest.head.seq}, run {manifest.last_run}",
            ja=f"現在の記録のほうが新しいため、復元しません。現在は {head.seq} 件・実行 {last_run(present)} まで、バックアップは {manifest.head.seq} 件・実行 {manifest.last_run} までです",
        ),
        fix=Sentence(
            en="with --force it is put aside and replaced; what was entered since is then unknown to bofbot",
            ja="--force を付けると、現在の記録を別のファイルに残して復元します。それ以降に登録した件は、bofbot には分からなくなります",
        ),
    )


def _move_broken(where: Path, stamp: str) -> Path:
    """A store that cannot be opened, with all its files, under another name: copies first, so that a crash loses nothing."""
    aside = where.with_name(f"before-restore-{stamp}-{where.name}")
    beside = [Path(f"{where}{end}") for end in ("", "-wal", "-shm", ".key")]
    for path in beside:
        if path.exists():
            atomic_write(Path(str(aside) + path.name.removeprefix(where.name)), path.read_bytes())
    for path in beside[:3]:
        path.unlink(missing_ok=True)
    return aside


def _replace_files(parts: dict[str, Path], where: Path) -> None:
    """The store first: a queue that is newer than its store would only play again what the ledger asks about."""
    where.parent.mkdir(parents=True, exist_ok=True)
    copy_database(parts[STORE], where)
    if QUEUE in parts:
        copy_database(parts[QUEUE], queue_file(where))
    else:
        for end in ("", "-wal", "-shm"):
            Path(f"{queue_file(where)}{end}").unlink(missing_ok=True)


def _replace_tables(store: Callable[[], Store], dump: Path) -> None:
    from bofbot.store.postgres import PostgresDatabase

    with store() as present:
        assert isinstance(present.database, PostgresDatabase)
        url = present.database.url
    pg_programs.restore(url, dump)


def _running(processes: list[str] | tuple[()]) -> NotReady:
    named = ": " + ", ".join(processes) if processes else ""
    return NotReady(
        Sentence(
            en=f"something runs in this store, so it is not replaced{named}",
            ja=f"この記録を使って動いているものがあるため、復元しません{named}",
        ),
        fix=Sentence(
            en="stop `bofbot serve`, the workers and all runs first (`bofbot worker list`, `bofbot list --runs --state running`)",
            ja="先に `bofbot serve`・worker・実行中のロボットを止めてください（`bofbot worker list`、`bofbot list --runs --state running`）",
        ),
    )


_OTHER_KIND = UsageError(
    Sentence(
        en="this backup is of another kind of store: SQLite and PostgreSQL are not turned into each other",
        ja="バックアップの形式が異なります（SQLite と PostgreSQL の間では復元できません）",
    ),
    fix=Sentence(
        en="check `store:` in configs/bofbot.yaml", ja="configs/bofbot.yaml の `store:` を確認してください"
    ),
)
_NO_KEY = NotReady(
    Sentence(
        en="the backup was made without its key, and there is none here",
        ja="鍵を含まないバックアップで、この端末にも鍵がありません",
    ),
    fix=Sentence(
        en="put the journal's key where it belongs (`journal_key:`, or bofbot.db.key beside the store), then restore again",
        ja="ジャーナルの鍵を所定の場所（`journal_key:` の指定先、または記録の隣の bofbot.db.key）に戻してから復元してください",
    ),
)
