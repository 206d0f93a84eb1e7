"""`bofbot secret`: kept, listed and forgotten, and its values in no output."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Says = Callable[..., subprocess.CompletedProcess[str]]

VALUE = "hunter2-秘密"


def test_set_list_and_remove(bofbot: Says, tmp_path: Path) -> None:
    kept = bofbot("secret", "set", "経費システム", "--stdin", stdin=f"user=yamada\npassword={VALUE}\n")
    assert kept.returncode == 0, kept.stderr
    listed = bofbot("secret", "list")
    assert "経費システム" in listed.stdout
    assert "user, password" in listed.stdout
    removed = bofbot("secret", "rm", "経費システム")
    assert removed.returncode == 0
    assert bofbot("secret", "rm", "経費システム").returncode == 2
    for told in (kept, listed, removed):
        assert VALUE not in told.stdout + told.stderr
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert VALUE.encode() not in file.read_bytes()


def test_a_line_that_is_no_field_is_told_without_showing_it(bofbot: Says) -> None:
    told = bofbot("secret", "set", "x", "--stdin", stdin=VALUE)
    assert told.returncode == 2
    assert "line 1" in told.stderr
    assert VALUE not in told.stderr


def test_values_are_never_taken_from_the_command_line(bofbot: Says) -> None:
    assert bofbot("secret", "set", "x", "password=word").returncode == 2
    assert bofbot("secret", "set", "x", "--password", "word").returncode == 2


def test_without_a_terminal_it_says_how(bofbot: Says) -> None:
    told = bofbot("secret", "set", "x")
    assert told.returncode == 2
    assert "--stdin" in told.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX matter")
def test_at_a_terminal_the_password_is_asked_for_and_not_echoed(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environ = {
        **os.environ,
        "BOFBOT_LANG": "en",
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    command = [sys.executable, "-m", "bofbot.cli", "secret", "set", "銀行", "--fields", "user,password"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    screen = ""
    for question, answer in (("銀行 user: ", "yamada\n"), ("銀行 password: ", "hunter2\n")):
        deadline = time.monotonic() + 30
        while question not in screen and time.monotonic() < deadline:
            screen += os.read(ours, 4096).decode()
        time.sleep(0.1)
        os.write(ours, answer.encode())
    try:
        while more := os.read(ours, 4096):
            screen += more.decode()
    except OSError:
        pass  # the other side closed the terminal: it has ended
    os.close(ours)
    assert process.wait(30) == 0, screen
    assert "kept 「銀行」 (user, password)" in screen
    assert "hunter2" not in screen


def test_a_secret_has_one_name_in_japanese() -> None:
    """`bofbot secret` says 秘密情報; so does every other sentence."""
    root = Path(__file__).parents[2]
    said = [*root.joinpath("bofbot").rglob("*.py"), *root.joinpath("docs").rglob("*.md")]
    assert [file.name for file in said if "シークレット" in file.read_text(encoding="utf-8")] == []
