"""The power goes at any moment of a run: what the ledger has acknowledged is still there, and nothing is damaged.

Every write of a real run is replayed; after each one the disks that a cut could leave are built and opened."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bofbot.effects import Identity
from bofbot.errors import NotReady
from bofbot.store import open_store

from . import player
from .counter import counting
from .disk import OPTIONS, Call, Disk, calls_of
from .tracing import Theatre

NIGHTLY = bool(os.environ.get("BOFBOT_NIGHTLY"))
ITEMS, TORN = (8, 8) if NIGHTLY else (3, 1)
RANK = {"new": 0, "leased": 0, "armed": 1, "uncertain": 1, "done": 2}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600 if NIGHTLY else 300)]


@dataclass
class Played:
    """A run that was traced: the office as it stood before, and every call."""

    folder: Path
    before: dict[str, bytes]
    calls: list[Call]
    acks: str


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    root = tmp_path_factory.mktemp("power")
    player.prepare(root / "office", ITEMS)
    before = {str(path): path.read_bytes() for path in (root / "office").rglob("*") if path.is_file()}
    theatre = Theatre.open()
    try:
        with counting() as book:
            assert theatre.play(root / "office", book.host, root / "trace", *OPTIONS) == 0
    finally:
        theatre.close()
    return Played(root / "office", before, list(calls_of(root / "trace")), str(root / "trace.acks"))


@dataclass
class Cuts:
    """What was found on the disks."""

    disks: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def test_nothing_acknowledged_is_lost(played: Played, figures: Callable[[str], None]) -> None:
    found = cut_everywhere(played, Disk(played.folder, played.before))
    figures(
        f"power cuts: {found.disks} disks, {len(found.lost)} acknowledged moves lost, {len(found.damaged)} damaged"
    )
    assert found.lost == []
    assert found.damaged == []
    assert found.disks > 200


def test_without_the_sync_of_every_commit_it_would_be(played: Played, figures: Callable[[str], None]) -> None:
    """Teeth: were the write-ahead log not synced, the same cuts would lose what was acknowledged."""
    found = cut_everywhere(played, Disk(played.folder, played.before, unsynced="-wal"))
    figures(
        f"power cuts, the log never synced: {found.disks} disks, {len(found.lost)} lost, {len(found.damaged)} damaged"
    )
    assert found.lost


def cut_everywhere(played: Played, disk: Disk) -> Cuts:
    found, dice, seen, acks = Cuts(), random.Random(1), set[str](), dict[str, str]()
    with workshop() as folder:
        for call in played.calls:
            if call.name == "write" and call.words[0].decode() == played.acks:
                key, state = call.words[1].decode().split()
                acks[key] = state
            elif not disk.apply(call):
                continue
            for image in disk.images(dice, TORN):
                digest = hashlib.sha256(repr((sorted(image.items()), acks)).encode()).hexdigest()
                if digest not in seen:
                    seen.add(digest)
                    found.disks += 1
                    look(image, played, acks, folder, found)
    assert len(acks) == ITEMS
    return found


def look(image: dict[str, bytes], played: Played, acks: dict[str, str], folder: Path, found: Cuts) -> None:
    """Start the office's store again on what the cut has left."""
    shutil.rmtree(folder / "office", ignore_errors=True)
    for name, content in image.items():
        path = folder / "office" / Path(name).relative_to(played.folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = (folder / "office" / "小口.csv").read_text(encoding="cp932").splitlines()
    if len(rows) != ITEMS + 1:
        found.damaged.append(f"table: {rows}")
    try:
        opened = open_store(folder / "office" / "logs" / "bofbot.db")
    except NotReady as error:
        found.damaged.append(error.message.en)
        return
    with opened as store:
        checked = store.database.rows("PRAGMA integrity_check")
        if checked != [{"integrity_check": "ok"}]:
            found.damaged.append(str(checked))
        if not (verdict := store.journal.verify()).ok:
            found.damaged.append(f"journal: {verdict}")
        for key, state in acks.items():
            item = store.ledger.find(Identity(player.NAME, "submit 1", key))
            if RANK[item.state if item else "new"] < RANK[state]:
                found.lost.append(
                    f"{key} was acknowledged as {state}, and is {item.state if item else 'unknown'}"
                )


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder in memory where there is one: the disks are many."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)
