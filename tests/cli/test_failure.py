"""Every error becomes lines for a person and one exit code."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import pytest

from bofbot.cli.failure import tell
from bofbot.errors import (
    ApplicationError,
    BofbotError,
    BusinessError,
    Diagnostic,
    Interrupted,
    InvalidRobot,
    NeedsPerson,
    NotReady,
    Place,
    UsageError,
)
from bofbot.words import Sentence


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ApplicationError, 1),
        (UsageError, 2),
        (BusinessError, 4),
        (NeedsPerson, 5),
        (NotReady, 6),
        (Interrupted, 130),
    ],
)
def test_message_place_and_way_out(
    kind: type[BofbotError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind(
        Sentence(en="no sheet 経費", ja="シート「経費」がありません"),
        place=Place("robots/a.yaml", 7, 3),
        fix=Sentence(en="name it", ja="シート名を直してください"),
    )
    assert tell(error, "en") == code
    assert capsys.readouterr().err == "no sheet 経費\n  --> robots/a.yaml:7:3\n  fix: name it\n"
    assert tell(error, "ja") == code
    told = capsys.readouterr()
    assert told.out == ""
    assert (
        told.err == "シート「経費」がありません\n  --> robots/a.yaml:7:3\n  対処: シート名を直してください\n"
    )


def test_an_invalid_robot_is_shown_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = Diagnostic(
        "E110", Sentence.same('no verb named "clik"'), Place("a.yaml", 5, 5), 4, "    clik: 登録"
    )
    assert tell(InvalidRobot((wrong,)), "en") == 3
    told = capsys.readouterr().err
    assert "error[E110]" in told
    assert "^^^^" in told


def test_a_full_disk_is_no_fault_of_bofbot(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(OSError(errno.ENOSPC, "No space left on device", "logs/1001"), "en") == 6
    assert capsys.readouterr().err == "logs/1001: the disk is full\n  fix: make room on the disk\n"
    assert tell(OSError(errno.ENOSPC, "No space left on device", "logs/1001"), "ja") == 6
    assert "No space" not in capsys.readouterr().err


def test_ctrl_c_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(KeyboardInterrupt(), "ja") == 130
    assert tell(asyncio.CancelledError(), "ja") == 130
    assert capsys.readouterr().err == "中断しました\n" * 2


def test_a_fault_of_bofbot_is_one_line_and_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KeyError) as caught:
        _break_down("".join(["hun", "ter2"]))
    assert tell(caught.value, "en") == 1
    told = capsys.readouterr().err
    assert told.startswith("this is a fault of bofbot: KeyError")
    assert told.count("\n") == 1
    (log,) = (tmp_path / "logs").glob("crash-*.txt")
    assert log.name in told
    assert log.stat().st_mode & 0o077 == 0
    written = log.read_text(encoding="utf-8")
    assert "KeyError: 'missing'" in written
    assert "hunter2" not in written  # the values of variables stay where they are


def _break_down(password: str) -> None:
    _ = {"password": password}["missing"]
