"""Nothing leaves that should not: a dry run over the practice robots and odd pages, and clicks that post by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters.machine import find_browser
from bofbot.events import Event, RunFinished, StepFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, make_plan
from bofbot.practice.data import write_demo_files
from bofbot.practice.portal import Portal
from tests.practice.test_robots import PracticeSecrets

ROBOTS = Path(__file__).parents[2] / "robots"
HEAD = """bofbot: 1
name: 柵の試験
owner: 経理部
purpose: 試験
inputs: {{portal: {{type: text}}}}
secrets: [練習ポータル]
defaults: {{at: "${{inputs.portal}}", timeout: 15s, retry: {{times: 0}}}}
steps:
  - login: 練習ポータル
    at: ${{inputs.portal}}/login
    expect: ログアウト
{steps}
"""
CLAIM = "fill: {申請番号: K-1, 日付: 2026/10/05, 社員番号: '100101', 科目: 消耗品費, 支払先: 文具店, 金額: '1200', 摘要: 試験}"
VENDOR = "fill: {取引先名: 文具店, フリガナ: ブングテン, 金融機関: 東都銀行, 支店: 本店, 口座番号: '1234567', 口座名義: ブングテン}"
INVOICE = "fill: {請求書番号: I-1, 取引先名: 文具店, 発行日: 2026-10-01, 支払期日: 2026-10-31, 請求金額（税込）: '1200', 消費税率: 10%, 支払方法: 銀行振込}"
SUBMIT = "submit: 登録\n    expect: 登録しました\n    on_unknown: ask"
ODD_PAGES = {
    "a form": f"  - open: /claims/new\n  - {CLAIM}\n  - {SUBMIT}",
    "a page that a script sends": f"  - open: /vendors/new\n  - {VENDOR}\n  - {SUBMIT}",
    "a multipart form": f"  - open: /invoices/new\n  - {INVOICE}\n  - {SUBMIT}",
    "a form of bare boxes": f"  - open: /invoices/new?style=divs\n  - {INVOICE}\n  - {SUBMIT}",
    "a form in a frame": f"  - open: /corner/frame\n  - within: work\n  - {CLAIM}\n  - {SUBMIT}",
    "a confirmation page": f"  - open: /claims/apply\n  - {CLAIM}\n  - click: 確認\n    posts: true\n  - {SUBMIT}",
}
CLICKS = {
    "a button": f"  - open: /claims/new\n  - {CLAIM}\n  - click: 登録",
    "a script": f"  - open: /vendors/new\n  - {VENDOR}\n  - click: 登録",
    "a button in a frame": f"  - open: /corner/frame\n  - within: work\n  - {CLAIM}\n  - click: 登録",
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
]


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with Portal() as opened:
        yield opened


def play(folder: Path, portal: Portal, robot: Path, extent: Extent) -> tuple[RunFinished, list[Event]]:
    portal.office.start_again()
    loaded, events = load_robot(robot, VerbTable()), list[Event]()
    plan = make_plan(loaded, {"portal": portal.url}, lambda: datetime.now().astimezone(), extent)
    with Office.at(folder) as office:
        office.secrets = PracticeSecrets()
        return asyncio.run(office.play(plan, (events.append,))), events


def written(folder: Path, steps: str) -> Path:
    file = folder / "robot.yaml"
    file.write_text(HEAD.format(steps=steps), encoding="utf-8")
    return file


def would_send(events: list[Event]) -> list[dict[str, str]]:
    facts = [event.facts for event in events if isinstance(event, StepFinished)]
    return [told["would_send"] for told in facts if "would_send" in told]


def test_a_dry_run_of_the_practice_robot_books_nothing(
    tmp_path: Path, portal: Portal, figures: Callable[[str], None]
) -> None:
    files = write_demo_files(tmp_path / "data")
    before = files.expenses.read_bytes()
    finished, events = play(
        tmp_path, portal, ROBOTS / "1_経費申請.yaml", Extent(mode="dry-run", items=(1, 6))
    )
    assert (finished.outcome, finished.items_done) == ("done", 6)
    held = would_send(events)
    assert [request["number"] for request in held] == [f"K-{number:04d}" for number in range(101, 107)]
    figures(
        f"dry run of the practice robot: {len(held)} submits held back, {len(portal.book.bookings)} booked"
    )
    assert portal.book.bookings == []
    assert files.expenses.read_bytes() == before


@pytest.mark.parametrize("place", ODD_PAGES)
def test_a_dry_run_books_nothing_on_odd_pages(tmp_path: Path, portal: Portal, place: str) -> None:
    finished, events = play(tmp_path, portal, written(tmp_path, ODD_PAGES[place]), Extent(mode="dry-run"))
    assert finished.failure is None
    assert finished.outcome == "done"
    [request] = would_send(events)
    assert request["request"].startswith("POST ")
    assert portal.book.bookings == []


@pytest.mark.parametrize("mode", ["run", "dry-run"])
@pytest.mark.parametrize("way", CLICKS)
def test_what_posts_outside_a_submit_is_stopped(tmp_path: Path, portal: Portal, way: str, mode: str) -> None:
    finished, _ = play(tmp_path, portal, written(tmp_path, CLICKS[way]), Extent(mode=mode))  # type: ignore[arg-type]
    assert finished.outcome in ("failed", "waiting")
    assert finished.failure is not None
    assert "submit" in finished.failure.message.en + (finished.failure.fix.en if finished.failure.fix else "")
    assert portal.book.bookings == []
