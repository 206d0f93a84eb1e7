"""`bofbot fill`: a table into a form, each row once; as whole processes against the practice portal in a real Chromium."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters import machine
from bofbot.adapters.tables import Wanted, read_table
from bofbot.cli.commands.fill_robot import Form, robot_name, robot_text
from bofbot.errors import UsageError
from bofbot.language.loader import load_robot
from bofbot.practice.company import USERS
from bofbot.practice.data import write_demo_files
from bofbot.practice.demo import settle
from bofbot.practice.expenses import EXPENSES, REFUSED
from bofbot.practice.portal import Portal
from bofbot.recorder.rows import FirstRow

Says = Callable[..., subprocess.CompletedProcess[str]]
PASSWORD = {"PRACTICE_USER": "yamada", "PRACTICE_PASSWORD": USERS["yamada"].password}


@pytest.fixture
def portal() -> Iterator[Portal]:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    with Portal() as opened:
        yield opened


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "bofbot.yaml").write_text(
        "secrets:\n  練習ポータル: {env: PRACTICE}\n", encoding="utf-8"
    )
    write_demo_files(tmp_path / "data")
    return tmp_path


def _words(portal: Portal, *more: str) -> list[str]:
    return [
        "fill", f"{portal.url}/claims/new", "data/経費.xlsx", "--sheet", "経費", "--key", "申請番号",
        "--login", "練習ポータル", "--login-at", f"{portal.url}/login", *more,
    ]  # fmt: skip


BOOKS = ["--submit", "登録", "--expect", "登録しました", "--receipt", "受付番号"]


@pytest.mark.browser
@pytest.mark.slow
def test_every_row_is_entered_once_and_a_second_time_nothing(
    bofbot: Says, portal: Portal, project: Path
) -> None:
    rehearsed = bofbot(*_words(portal, *BOOKS, "--dry-run", "--items", "1-2"), **PASSWORD)
    assert rehearsed.returncode == 0, rehearsed.stderr
    assert portal.book.count("claims") == 0

    first = bofbot(*_words(portal, *BOOKS), **PASSWORD)
    assert first.returncode == 4, first.stderr
    assert "予算が不足しています" in first.stderr
    keys = [booking.key for booking in portal.book.of("claims")]
    assert len(keys) == len(set(keys)) == len(EXPENSES) - 1 == 19
    assert settle(portal.book).as_designed

    table, _ = read_table(
        project / "data" / "経費.xlsx", Wanted(columns={"申請番号": "code", "受付番号": "code"}, sheet="経費")
    )
    receipts = {booking.key: booking.receipt for booking in portal.book.of("claims")}
    assert {row["申請番号"]: row["受付番号"] or "" for row in table} == {REFUSED: "", **receipts}

    kept = bofbot(*_words(portal, *BOOKS, "--write-robot", "robots/経費入力.yaml"), **PASSWORD)
    assert kept.returncode == 4, kept.stderr  # the refused row is refused again
    assert portal.book.count("claims") == 19, "a second time nothing is sent"
    again = bofbot("retry", **PASSWORD)
    assert again.returncode == 4, again.stderr
    assert bofbot("run", "経費入力", **PASSWORD).returncode == 4
    assert settle(portal.book).as_designed
    refused = bofbot(*_words(portal, *BOOKS), **PASSWORD)
    assert refused.returncode == 2, "the kept robot is this form's robot now; the one-off says so"
    assert "two robots are called" in refused.stderr


@pytest.mark.browser
def test_a_csv_with_other_headings_is_mapped_and_only_filled(
    bofbot: Says, portal: Portal, project: Path
) -> None:
    with (project / "表.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["番号", "費目 [種別]", "メモ", "摘要"],
                ["K-9001", "交通費", "社内用", ""],
                ["K-9002", "なし", "", "x"],
            ]
        )
    done = bofbot(
        "fill", f"{portal.url}/claims/new", "表.csv", "--key", "番号", "--map", "番号=申請番号", "--map", "費目 [種別]=科目",
        "--skip", "メモ", "--dry-run", "--login", "練習ポータル", "--login-at", f"{portal.url}/login", **PASSWORD,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert "has no option" in done.stderr or "なし" in done.stderr
    assert portal.book.count("claims") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--submit", "登録", "--expect", "済"], "--key is needed"),
        (["--key", "番号"], "--submit is needed"),
        (["--key", "番号", "--submit", "登録"], "--expect is needed"),
        (["--key", "番号", "--dry-run", "--submit", "登録"], "--expect is needed"),
        (["--key", "番号", "--dry-run", "--receipt", "受付番号"], "--receipt needs --submit"),
        (["--key", "番号", "--dry-run", "--login", "x"], "--login needs --login-at"),
        (["--key", "番号", "--dry-run", "--verify", "/a"], "needs {key}"),
        (["--key", "番号", "--dry-run", "--control", "件数"], "--control needs --verify"),
        (["--key", "番号", "--dry-run", "--map", "番号"], "--map is written column=label"),
        (["--key", "番", "--dry-run"], 'no column "番"'),
        (["--key", "番号", "--dry-run", "--skip", "ない"], 'no column "ない"'),
        (["--key", "番号", "--dry-run", "--skip", "番号", "--skip", "名"], "no column is left"),
    ],
)
def test_what_must_be_said_together(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bofbot.cli.main import main

    (tmp_path / "a.csv").write_text("番号,名\nA-1,x\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["--lang", "en", "fill", "http://127.0.0.1:1/form", "a.csv", *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "logs" / "fill").exists()


def test_the_robot_can_be_read_whatever_the_headings_hold(tmp_path: Path) -> None:
    odd = ["申請番号", "金額（税込）", 'A > "B": [x]', "it's", "改行\nあり", "#1", "class", "a\\b"]
    table = FirstRow("data/表.csv", dict.fromkeys(odd, "text"), dict.fromkeys(odd, "x"), "申請番号")
    form = Form(
        url="https://x.example/new?form=${3}", key="申請番号", submit="登録", expect="済: [1]", receipt="受付番号",
        verify="https://x.example/list?q={key}", control="件数", mapped={"it's": "名前"}, skipped=["class"],
    )  # fmt: skip
    file = tmp_path / "r.yaml"
    file.write_text(robot_text(form, table, "ja"), encoding="utf-8")
    robot = load_robot(file, VerbTable())
    verbs = {step.verb.verb: step.verb for step in robot.walk()}
    fill = verbs["fill"].fill.value({"row": dict.fromkeys(odd, "v")})  # type: ignore[attr-defined]
    assert list(fill) == ["申請番号", "金額（税込）", 'A > "B": [x]', "名前", "改行\nあり", "#1", "a\\b"]
    assert verbs["submit"].expect == "済: [1]"  # type: ignore[attr-defined]
    assert verbs["submit"].verify.control == "件数"  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="no column"):
        robot_text(Form(url=form.url, key="ない"), table, "en")


def test_one_form_has_one_name_whatever_the_table() -> None:
    assert robot_name("https://X.example/claims/new/") == robot_name("https://x.example/claims/new")
    assert robot_name("https://x.example/f?form=1") != robot_name("https://x.example/f?form=2")
