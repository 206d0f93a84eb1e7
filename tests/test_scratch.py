"""Scratch folders: what a dead run leaves behind is found by its own mark and swept; the living are left alone."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bofbot.scratch import Scratch, living_in, sweep


def sleeper(scratch: Scratch, *, stubborn: bool = False) -> subprocess.Popen[bytes]:
    code = (
        "import signal,time\n"
        + ("signal.signal(15, signal.SIG_IGN)\n" if stubborn else "")
        + "print(1, flush=True)\ntime.sleep(60)"
    )
    with scratch.as_temporary_folder():
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert child.stdout
    child.stdout.readline()
    return child


def test_the_folder_is_private_and_children_use_it(tmp_path: Path) -> None:
    scratch = Scratch.make(tmp_path / "records", "7", "me")
    before = os.environ.get("TMPDIR")
    with scratch.as_temporary_folder():
        place = subprocess.run(
            [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"],
            capture_output=True,
            text=True,
            check=True,
        )
    assert place.stdout.strip() == str(scratch.folder)
    assert os.environ.get("TMPDIR") == before
    assert stat.S_IMODE(scratch.folder.stat().st_mode) == 0o700
    scratch.remove()
    assert not scratch.folder.exists()
    assert list((tmp_path / "records").iterdir()) == []


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="this system does not show the environment of processes"
)
@pytest.mark.parametrize("stubborn", [False, True])
def test_what_a_dead_owner_left_is_swept(tmp_path: Path, stubborn: bool) -> None:
    dead = Scratch.make(tmp_path, "1", "dead")
    alive = Scratch.make(tmp_path, "2", "alive")
    (dead.folder / "profile").mkdir()
    left, working = sleeper(dead, stubborn=stubborn), sleeper(alive)
    assert living_in(dead.folder) == [left.pid]
    assert sweep(tmp_path, lambda owner: owner == "dead") == [dead.folder]
    assert left.wait(5) != 0
    assert not dead.folder.exists()
    assert working.poll() is None
    alive.remove()
    assert working.wait(5) != 0
    for child in (left, working):
        assert child.stdout
        child.stdout.close()


def test_a_record_that_names_another_folder_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (tmp_path / "9.json").write_text(json.dumps({"owner": "dead", "folder": str(precious)}), encoding="utf-8")
    (tmp_path / "8.json").write_text("half", encoding="utf-8")
    assert sweep(tmp_path, lambda owner: True) == []
    assert precious.exists()


def test_children_are_not_given_what_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEIHI_PASSWORD", "hunter22")
    monkeypatch.setenv("TMPDIR", "/before")
    scratch = Scratch.make(tmp_path, "1", "me", private=("KEIHI_PASSWORD", "NOT_SET"))
    with scratch.as_temporary_folder():
        code = "import os; print(os.environ.get('KEIHI_PASSWORD'), os.environ['TMPDIR'])"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["None", str(scratch.folder)]
    assert (os.environ["KEIHI_PASSWORD"], os.environ["TMPDIR"]) == ("hunter22", "/before")
    assert "NOT_SET" not in os.environ
    scratch.remove()
