"""Files held while they are changed: several processes lose none of their lines."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from bofbot.errors import ApplicationError
from bofbot.files import atomic_write
from bofbot.locking import alone_with, is_still, locked

ROUNDS = 40


def _add(path: Path, name: str) -> None:
    for number in range(ROUNDS):
        with alone_with(path):
            atomic_write(path, path.read_text(encoding="utf-8") + f"{name}{number}\n")


def test_processes_that_read_change_and_replace_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("", encoding="utf-8")
    fork = multiprocessing.get_context("spawn")
    writers = [fork.Process(target=_add, args=(path, name)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert sorted(path.read_text(encoding="utf-8").split()) == sorted(
        f"{name}{number}" for name in "abc" for number in range(ROUNDS)
    )


def test_one_who_never_lets_go_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bofbot.locking._PATIENCE", 0.05)
    path = tmp_path / "表.csv"
    path.write_text("a", encoding="utf-8")
    with path.open("rb") as held:
        assert locked(held)
        with (
            pytest.raises(ApplicationError, match="another run has been writing into 表"),
            alone_with(path),
        ):
            raise AssertionError("held by somebody else")
    with alone_with(path):
        pass


def test_what_fails_while_it_is_held_passes_through_and_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("a", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="gone"), alone_with(path):
        raise FileNotFoundError("gone")
    with alone_with(path), path.open("rb") as other:
        assert not locked(other)
        path.unlink()
        assert not is_still(path, other)


def test_a_file_that_is_not_there_is_for_its_reader_to_tell(tmp_path: Path) -> None:
    with alone_with(tmp_path / "nothing.csv"):
        pass
