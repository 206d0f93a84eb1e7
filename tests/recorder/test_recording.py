"""A person is watched in a window on a screen of its own; what was written down is valid, and does the same again."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.actions import VerbTable
from bofbot.actions.desktop.hands import Keys, Point, TypeText
from bofbot.actions.desktop.programs import WindowVerb
from bofbot.adapters import machine
from bofbot.adapters.screen import Screen
from bofbot.adapters.screen.display import NEEDED, Display
from bofbot.language.loader import check_robot, load_robot
from bofbot.office import Office
from bofbot.plan import Extent, make_plan
from bofbot.practice.company import USERS, totp_now
from bofbot.practice.data import write_demo_files
from bofbot.practice.portal import Portal
from bofbot.recorder.recording import Recording, recording
from bofbot.recorder.robot_file import write_robot
from bofbot.recorder.rows import FirstRow, first_row
from bofbot.recorder.story import Story
from bofbot.secret import Secret
from bofbot.settings import BrowserSettings
from tests.actions.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = USERS["yamada"].password


@pytest.fixture(scope="module")
def portal() -> Any:
    with Portal() as portal:
        yield portal


@pytest_asyncio.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Mapping[str, str]]:
    """A screen for a window; skipped aloud where there is none."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking or machine.find_browser(headed=True) is None:
        pytest.skip(f"no window here: {', '.join(lacking) or 'no browser'}")
    bare = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    display = await Display.open(tmp_path, bare)
    yield display.environ
    await display.close()


async def log_in(page: Any) -> None:
    await page.get_by_label("ユーザーID").fill("yamada")
    await page.get_by_label("パスワード").fill(PASSWORD)
    await page.get_by_role("button", name="ログイン").click()
    await page.wait_for_url("**/home")


async def enter_claim(page: Any, cells: Mapping[str, Any]) -> None:
    """As a person would: by the menu, field after field."""
    await page.get_by_role("link", name="経費申請").first.click()
    await page.wait_for_url("**/claims/new")
    await fill_claim(page, cells)
    await page.get_by_role("button", name="登録").click()
    await page.wait_for_url("**/done/**")


async def fill_claim(page: Any, cells: Mapping[str, Any]) -> None:
    await page.locator("#number").fill(str(cells["申請番号"]))
    await page.locator("#day").fill(f"{cells['日付']:%Y/%m/%d}")
    await page.locator("#employee").fill(str(cells["社員番号"]))
    await page.locator("#subject").select_option(label=str(cells["科目"]))
    await page.locator("#payee").fill(str(cells["支払先"]))
    await page.locator("#amount").fill(f"{cells['金額']:,}")
    await page.locator("#note").fill(str(cells["摘要"]))


async def watched(url: str, person: Callable[[Any], Awaitable[None]], **how: Any) -> Story:
    """What is seen while somebody works."""
    async with recording(url, BrowserSettings(), **how) as session:
        await person(session.page)
        await told_all(session)
        return session.story


async def told_all(session: Recording) -> None:
    """Until the newest page has said what it shows."""
    act = session.story.last_act()
    async with asyncio.timeout(10):
        while act is None or not act.texts:
            await asyncio.sleep(0.05)
            act = session.story.last_act()


class PracticeSecrets:
    def get(self, name: str) -> Mapping[str, Secret]:
        assert name == "練習商事 業務ポータル"
        return {"user": Secret("yamada"), "password": Secret(PASSWORD)}

    def burn(self, name: str) -> None:
        raise AssertionError("the practice password was refused")


def write(folder: Path, story: Story, row: FirstRow | None = None) -> tuple[Path, str]:
    text, _ = write_robot(story, "記録", language="ja", row=row)
    file = folder / "robots" / "記録.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    _, diagnostics = check_robot(file, VerbTable())
    assert not [found for found in diagnostics if found.severity == "error"], (diagnostics, text)
    return file, text


async def play(folder: Path, robot: Path, items: tuple[int, int] | None = None) -> Any:
    plan = make_plan(
        load_robot(robot, VerbTable()), {}, lambda: datetime.now().astimezone(), Extent(items=items)
    )
    with Office.at(folder) as office:
        office.secrets = PracticeSecrets()
        return await office.play(plan, ())


async def test_one_row_entered_in_a_window_becomes_a_robot_for_all_rows(
    tmp_path: Path, portal: Portal, screen: Mapping[str, str]
) -> None:
    portal.office.start_again()
    files = write_demo_files(tmp_path / "data")
    row = first_row(files.expenses, "data/経費.xlsx", "経費")

    async def person(page: Any) -> None:
        await log_in(page)
        await enter_claim(page, row.cells)

    story = await watched(portal.url, person, environ=screen)
    assert portal.book.count("claims", "K-0101") == 1
    robot, text = write(tmp_path, story, row)
    assert PASSWORD not in text
    assert "yamada" not in text
    assert "secrets: [練習商事 業務ポータル]" in text
    assert "key: ${row.申請番号}" in text
    assert "金額: ${row.金額}" in text
    assert "note:" not in text

    portal.office.start_again()
    finished = await play(tmp_path, robot, items=(1, 3))
    assert (finished.outcome, finished.items_done) == ("done", 3)
    assert [booking.key for booking in portal.book.of("claims")] == ["K-0101", "K-0102", "K-0103"]
    [first] = [booking for booking in portal.book.of("claims") if booking.key == "K-0101"]
    assert first.payload["amount"] == str(row.cells["金額"])
    again = await play(tmp_path, robot, items=(1, 3))
    assert (again.items_already, again.items_done) == (3, 0)


async def test_without_a_table_the_robot_does_the_same_once(tmp_path: Path, portal: Portal) -> None:
    portal.office.start_again()
    cells = {
        "申請番号": "K-0900", "日付": date(2026, 10, 1), "社員番号": "000123", "科目": "旅費交通費",
        "支払先": "東都鉄道: 北口 #1", "摘要": "${なし}", "金額": 1980,
    }  # fmt: skip

    async def person(page: Any) -> None:
        await log_in(page)
        await enter_claim(page, cells)

    story = await watched(portal.url, person, headed=False)
    robot, text = write(tmp_path, story)
    assert "expect: 登録しました" in text
    assert "receipt: 受付番号" in text
    assert "on_unknown: ask" in text
    portal.office.start_again()
    finished = await play(tmp_path, robot)
    assert finished.outcome == "done"
    [booked] = portal.book.of("claims")
    assert (booked.key, booked.payload["payee"], booked.payload["note"]) == (
        "K-0900",
        "東都鉄道: 北口 #1",
        "${なし}",
    )


async def test_a_page_for_confirming_registers_nothing_and_logging_out_comes_once(
    tmp_path: Path, portal: Portal
) -> None:
    portal.office.start_again()
    files = write_demo_files(tmp_path / "data")
    row = first_row(files.expenses, "data/経費.xlsx", "経費")

    async def person(page: Any) -> None:
        await log_in(page)
        await page.goto(f"{portal.url}/claims/apply")
        await fill_claim(page, row.cells)
        await page.locator("button.main").click()
        await page.wait_for_selector("table.form td:not(:has(input))")
        await page.locator("button.main").click()
        await page.wait_for_url("**/done/**")
        await asyncio.sleep(0.3)
        await page.get_by_role("link", name="ログアウト").click()
        await page.get_by_role("link", name="ログアウト").wait_for(state="detached")

    story = await watched(portal.url, person, headed=False)
    robot, text = write(tmp_path, story, row)
    loop = text[text.index("for_each") :]
    assert "posts: true" in loop
    assert loop.count("- submit:") == 1
    assert "\n  - click: ログアウト" in loop
    portal.office.start_again()
    finished = await play(tmp_path, robot, items=(1, 2))
    assert (finished.outcome, finished.items_done) == ("done", 2)


async def test_a_one_time_code_is_part_of_the_log_in(tmp_path: Path, portal: Portal) -> None:
    portal.office.start_again()
    sato = USERS["sato"]
    code = totp_now(sato.totp)

    async def person(page: Any) -> None:
        await page.get_by_label("ユーザーID").fill("sato")
        await page.get_by_label("パスワード").fill(sato.password)
        await page.get_by_role("button", name="ログイン").click()
        await page.locator("input[type=text]").fill(code)
        await page.locator("button.main").click()
        await page.wait_for_url("**/home")
        await page.get_by_role("link", name="申請一覧").first.click()
        await page.wait_for_url("**/claims")

    story = await watched(portal.url, person, headed=False)
    assert code not in repr(story)
    _, text = write(tmp_path, story)
    assert [line.split(":")[0] for line in text.splitlines() if line.startswith("  - ")] == [
        "  - login",
        "  - click",
    ]


KINDS = """<!doctype html><meta charset="utf-8"><title>申込</title><h1>申込</h1>
<form method="post" action="/none">
<fieldset><legend>請求先</legend><p>住所 <input name="a1"></p></fieldset>
<fieldset><legend>送付先</legend><p>住所 <input name="a2"></p></fieldset>
<p>支払方法 <label><input type="radio" name="pay" value="1">現金</label> <label><input type="radio" name="pay" value="2">振込</label></p>
<p><label><input type="checkbox" name="ok">規約に同意する</label></p>
<p>〒 郵便番号 <input name="z1" maxlength="3" size="3"> － <input name="z2" maxlength="4" size="4"></p>
<p><label>添付 <input type="file" name="f"></label></p>
<p><label>暗証番号 <input type="password" name="pin"></label></p>
</form>
<div><input id="nameless"></div>
<div><button type="button" onclick="document.title='押した'">計算</button></div>
<table><tr><td>甲</td><td><button type="button">詳細</button></td></tr><tr><td>乙</td><td><button type="button">詳細</button></td></tr></table>
<div id="host"></div><script>document.getElementById('host').attachShadow({mode:'open'}).innerHTML='<label>影の欄 <input></label>'</script>
"""


async def test_every_kind_of_field_is_named_by_what_is_read(tmp_path: Path) -> None:
    page_file = tmp_path / "申込.html"
    page_file.write_text(KINDS, encoding="utf-8")
    attached = tmp_path / "領収書.pdf"
    attached.write_bytes(b"%PDF-1.4")

    async def person(page: Any) -> None:
        await page.locator("[name=a2]").fill("大阪市")
        await page.get_by_label("振込").check()
        await page.get_by_label("規約に同意する").check()
        await page.locator("[name=z1]").fill("100")
        await page.locator("[name=z2]").fill("0001")
        await page.get_by_label("影の欄").fill("見える")
        await page.get_by_label("添付").set_input_files(attached)
        await page.locator("#nameless").fill("だれ")
        await page.get_by_role("button", name="計算").click()
        await page.get_by_role("button", name="詳細").nth(1).click()

    story = await watched(page_file.as_uri(), person, headed=False)
    _, text = write(tmp_path, story)
    assert "送付先 > 住所" in text
    assert "支払方法: 振込" in text
    assert "規約に同意する: true" in text
    assert '郵便番号": 100-0001' in text
    assert "影の欄: 見える" in text
    assert "添付: data/領収書.pdf" in text
    assert "乙 > 詳細" in text
    assert "click: 計算" in text
    assert "ask:" in text, "the field without a name is left to a person, not left out"
    assert "だれ" not in text
    assert text.count("note:") == 2


REAL = """<!doctype html><meta charset="utf-8"><title>手で操作</title><h1>登録</h1>
<p><label>氏名 <input autofocus></label></p><button onclick="if (confirm('よろしいですか')) document.querySelector('h1').textContent = '登録しました'">登録</button>"""


_FIELD = """() => {
  const r = document.querySelector('input').getBoundingClientRect();
  return [Math.round(r.x + 20 + (outerWidth - innerWidth) / 2), Math.round(r.y + 8 + outerHeight - innerHeight)];
}"""
"""The middle of the field, from the corner of the window."""


async def test_real_keys_and_the_answer_to_a_dialog_are_seen(
    tmp_path: Path, screen: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("pyautogui") is None:
        pytest.skip("no pyautogui here")
    page_file = tmp_path / "手.html"
    page_file.write_text(REAL, encoding="utf-8")
    for name in ("DISPLAY", "XAUTHORITY"):
        monkeypatch.setenv(name, screen[name])
    hands = Stage(tmp_path)

    async def person(page: Any) -> None:
        await WindowVerb(window="手で操作").run(hands)
        await Point(point=await page.evaluate(_FIELD)).run(hands)
        await TypeText(type_text="山田 太郎", read_back=False).run(hands)
        await Keys(keys="Tab").run(hands)
        await Keys(keys="Enter").run(hands)
        await asyncio.sleep(1.0)
        await (await hands.resource(Screen)).press("enter")
        await page.get_by_role("heading", name="登録しました").wait_for(timeout=10_000)

    try:
        story = await watched(page_file.as_uri(), person, environ=screen)
    finally:
        await hands.close()
    _, text = write(tmp_path, story)
    assert "氏名: 山田 太郎" in text
    assert "click: 登録" in text
    assert "ページが「よろしいですか」と確認します" in text
    assert [deed.dialog for deed in story.deeds if deed.kind == "press"] == ["よろしいですか"]


async def test_closing_the_window_ends_the_recording(tmp_path: Path) -> None:
    page_file = tmp_path / "申込.html"
    page_file.write_text(KINDS, encoding="utf-8")
    async with recording(page_file.as_uri(), BrowserSettings(), headed=False) as session, asyncio.timeout(10):
        other = await session.context.new_page()
        await session.page.close()
        assert not session._ended.is_set()
        await other.close()
        await session.until_closed()


async def test_what_is_typed_as_a_secret_never_leaves_the_page(tmp_path: Path) -> None:
    page_file = tmp_path / "申込.html"
    page_file.write_text(KINDS, encoding="utf-8")

    async def person(page: Any) -> None:
        await page.get_by_label("暗証番号").fill("himitsu-0000")
        await page.get_by_role("button", name="計算").click()

    story = await watched(page_file.as_uri(), person, headed=False)
    assert "himitsu-0000" not in repr(story)
    _, text = write(tmp_path, story)
    assert "login: 申込" in text
    assert "secrets: [申込]" in text
