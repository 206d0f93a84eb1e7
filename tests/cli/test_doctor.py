"""`bofbot doctor`: what is there, what is missing, and how to get it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Says = Callable[..., subprocess.CompletedProcess[str]]


def findings(told: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    return {finding["subject"]: finding for finding in json.loads(told.stdout)["findings"]}


def test_a_machine_with_all_but_a_browser(bofbot: Says, tmp_path: Path) -> None:
    told = bofbot("doctor", "--json", "--only", "python,packages,disk,settings,store,clock,keyring,display")
    found = findings(told)
    assert told.returncode == 0, told.stdout
    assert {found[name]["state"] for name in ("Python", "packages", "disk", "settings", "store")} == {"ok"}
    assert found["keyring"]["state"] == "warn"  # no keyring in these tests: the encrypted file serves
    assert "secrets.age" in found["keyring"]["fix"]


def test_no_browser_is_exit_6_with_the_way_to_get_one(bofbot: Says, tmp_path: Path) -> None:
    told = bofbot(
        "doctor", "--only", "browser", PATH="", HOME=str(tmp_path), PLAYWRIGHT_BROWSERS_PATH=str(tmp_path)
    )
    assert told.returncode == 6
    assert "bofbot doctor --fix" in told.stdout
    assert told.stdout.splitlines()[-1] == "1 missing"


def test_a_browser_that_does_not_start_is_missing(bofbot: Says, tmp_path: Path) -> None:
    broken = tmp_path / "chromium-headless-shell"
    broken.write_text(
        "#!/bin/sh\necho libnss3.so: cannot open shared object file >&2\nexit 127\n", encoding="utf-8"
    )
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    told = bofbot("doctor", "--only", "browser", PATH=f"{tmp_path}{os.pathsep}{os.defpath}")
    assert told.returncode == 6
    assert "libnss3.so" in told.stdout


@pytest.mark.browser
@pytest.mark.skipif(
    shutil.which("chromium-headless-shell") is None, reason="no chromium-headless-shell on this machine"
)
def test_the_browser_really_starts_and_reads_japanese(bofbot: Says) -> None:
    told = bofbot("doctor", "--json", "--only", "browser")
    found = findings(told)
    assert told.returncode == 0, told.stdout
    assert found["browser"]["state"] == "ok"
    assert found["Japanese font"]["state"] == "ok"


def test_wrong_settings_are_named_with_their_place(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "bofbot.yaml").write_text("browsr: {}\n", encoding="utf-8")
    told = bofbot("doctor", "--only", "settings,disk")
    assert told.returncode == 6
    assert "browsr" in told.stdout


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_logs_that_cannot_be_written(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir(mode=0o500)
    assert bofbot("doctor", "--only", "disk").returncode == 6


def test_a_file_where_logs_should_be(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("", encoding="utf-8")
    told = bofbot("doctor", "--only", "disk")
    assert told.returncode == 6
    assert "cannot write into" in told.stdout


def test_secrets_of_the_robots_are_looked_for(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "robots").mkdir()
    robot = "bofbot: 1\nname: 経費\npurpose: p\nowner: o\nsecrets: [経費システム]\nsteps:\n  - ask: q\n"
    (tmp_path / "robots" / "経費.yaml").write_text(robot, encoding="utf-8")
    told = bofbot("doctor", "--only", "secrets")
    assert told.returncode == 6
    assert "bofbot secret set 経費システム" in told.stdout
    bofbot("secret", "set", "経費システム", "--stdin", stdin="user=u\n")
    assert bofbot("doctor", "--only", "secrets").returncode == 0


def test_an_unknown_check_is_a_usage_error(bofbot: Says) -> None:
    assert bofbot("doctor", "--only", "brower").returncode == 2
