"""The log file: complete, quiet, rotated, and never a leak by itself."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from bofbot.errors import NotReady
from bofbot.events import as_json
from bofbot.sinks.log import LogFile
from tests.sinks.tales import TALES, expenses, hostile


def test_every_event_is_one_line_and_nothing_goes_to_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = LogFile(tmp_path / "deep" / "bofbot.log")
    for tale in TALES.values():
        for event in tale():
            log(event)
    log.close()
    log.close()
    lines = (tmp_path / "deep" / "bofbot.log").read_text().splitlines()
    assert len(lines) == sum(len(tale()) for tale in TALES.values())
    assert capfd.readouterr() == ("", "")
    assert stat.S_IMODE((tmp_path / "deep" / "bofbot.log").stat().st_mode) == 0o600


def test_lines_say_when_how_bad_which_run_where_and_what(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "bofbot.log", "en")
    for event in expenses():
        log(event)
    log.close()
    lines = (tmp_path / "bofbot.log").read_text().splitlines()
    assert lines[0].startswith(
        "2026-11-22 09:00:12.000+09:00 INFO    1044 経費申請の登録 (run) robots/1_経費申請.yaml sha256:abab"
    )
    assert any(
        " ERROR   1044 3.3 登録 [K-0107]: business: the site refused it | the page says 「予算が不足しています」"
        in line
        for line in lines
    )
    assert any(
        " WARNING 1044 2 login 経費システム: application:" in line and "again in 1.5s" in line
        for line in lines
    )
    assert lines[-1].endswith("some items failed (39 done, 3 failed) 2m44s exit 4")


def test_programs_read_one_object_a_line(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "bofbot.log", form="ndjson")
    for event in hostile():
        log(event)
    log.close()
    lines = (tmp_path / "bofbot.log").read_text().splitlines()
    kept = [json.loads(line) for line in lines]
    assert [{key: value for key, value in line.items() if key != "level"} for line in kept] == [
        as_json(event) for event in hostile()
    ]


def test_two_offices_do_not_write_into_each_others_log(tmp_path: Path) -> None:
    first, second = LogFile(tmp_path / "a.log"), LogFile(tmp_path / "b.log")
    first(expenses()[0])
    second(hostile()[0])
    first.close()
    second.close()
    assert len((tmp_path / "a.log").read_text().splitlines()) == 1
    assert "1049" in (tmp_path / "b.log").read_text()


def test_a_full_file_is_put_aside_and_the_oldest_are_let_go(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "bofbot.log", rotation="4 KB", keep=2)
    for _ in range(4):
        for event in expenses():
            log(event)
    log.close()
    assert len(list(tmp_path.iterdir())) == 3


def test_braces_and_line_ends_of_a_page_stay_text(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "bofbot.log")
    for event in hostile():
        log(event)
    log.close()
    text = (tmp_path / "bofbot.log").read_text()
    assert len(text.splitlines()) == len(hostile())
    assert "\x1b" not in text


def test_a_log_that_cannot_be_written_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotReady, match="log file") as caught:
        LogFile(tmp_path / "file" / "bofbot.log")
    assert caught.value.fix is not None
