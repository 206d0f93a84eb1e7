"""A run killed, or told that the disk is full or broken, at every one of its writes: nothing twice, nothing lost.

In CI a sample of the points, spread over the run; BOFBOT_NIGHTLY=1 tries them all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bofbot.effects import Identity
from bofbot.store import open_store

from . import player
from .counter import Book, counting
from .tracing import WRITES, Theatre, points

NIGHTLY = bool(os.environ.get("BOFBOT_NIGHTLY"))
SAMPLE = 10_000 if NIGHTLY else 25
ITEMS = 2
KINDS = {"SIGKILL": "signal=SIGKILL", "ENOSPC": "error=ENOSPC", "EIO": "error=EIO"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600 if NIGHTLY else 300)]


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    opened = Theatre.open()
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", KINDS)
def test_stopped_at_any_write(
    theatre: Theatre, tmp_path: Path, kind: str, figures: Callable[[str], None]
) -> None:
    with counting() as book:
        player.prepare(tmp_path / "whole", ITEMS)
        options = ("-e", f"trace={','.join(WRITES)}")
        assert theatre.play(tmp_path / "whole", book.host, tmp_path / "trace", *options) == 0
        every = points(tmp_path / "trace")
    assert len(every) > 100
    tried = every[:: max(1, len(every) // SAMPLE)]
    hit, ended, doubled, lost = 0, 0, 0, 0
    for call, number in tried:
        with counting() as book:
            folder = tmp_path / "office"
            shutil.rmtree(folder, ignore_errors=True)
            keys = player.prepare(folder, ITEMS)
            inject = ("-e", f"trace={call}", "-e", f"inject={call}:{KINDS[kind]}:when={number}")
            ended += theatre.play(folder, book.host, tmp_path / "trace", *inject) != 0
            hit += bool(
                re.search("INJECTED|killed by SIGKILL", (tmp_path / "trace").read_text(errors="replace"))
            )
            nothing_claimed_or_forgotten(folder, book, (call, number))
            go_on(folder, book)
            doubled += len(book.twice())
            lost += len(set(keys) - whole(folder, book))
            assert (doubled, lost) == (0, 0), (kind, call, number)
    figures(
        f"{kind} at {hit} of {len(every)} writes: {ended} runs ended by it, {doubled} doubled, {lost} lost"
    )
    assert hit >= len(tried) * 0.9  # a run does not flush its journal at quite the same moments each time
    assert ended >= len(tried) * (0.9 if kind == "SIGKILL" else 0.3)


def nothing_claimed_or_forgotten(folder: Path, book: Book, point: tuple[str, int]) -> None:
    """As the stopped run left it: done only what was booked, and nothing booked that looks free."""
    if not (folder / "logs" / "bofbot.db").exists():
        assert not book.booked
        return
    with open_store(folder / "logs" / "bofbot.db") as store:
        for key in ("P-001", "P-002"):
            item = store.ledger.find(Identity(player.NAME, "submit 1", key))
            state = item.state if item else "new"
            assert state != "done" or book.booked[key] == 1, (point, key)
            assert not book.booked[key] or state in ("armed", "uncertain", "done"), (point, key, state)


def go_on(folder: Path, book: Book) -> None:
    """Start again, undisturbed, as a person would."""
    for _ in range(3):
        if player.play(folder, book.host).exit_code == 0:
            return


def whole(folder: Path, book: Book) -> set[str]:
    """The items that are booked, known as done, and written back; the journal must be sound."""
    rows = [line.split(",") for line in (folder / "小口.csv").read_text(encoding="cp932").splitlines()[1:]]
    with open_store(folder / "logs" / "bofbot.db") as store:
        verdict = store.journal.verify()
        assert verdict.ok, verdict
        done = {
            item.identity.key for run in store.journal.runs() for item in store.ledger.items_of_run(run.id)
        }
    return {
        key for key, _, receipt in rows if key in done and book.booked[key] == 1 and receipt == f"R-{key}"
    }
