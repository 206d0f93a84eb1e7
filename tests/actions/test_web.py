"""The verbs of pages, log-in and forms on a real site; what they say when something is not there."""

from __future__ import annotations

import socket
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bofbot.actions.pages.form import CheckBox, Choose, Fill, Select
from bofbot.actions.pages.login import Login
from bofbot.actions.pages.looking import Expect, Read
from bofbot.actions.pages.moving import Click, Open, Press, Within
from bofbot.errors import ApplicationError, BusinessError, NeedsPerson, NotReady
from bofbot.practice.portal import Portal
from bofbot.secret import Secret

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_open_absolute_relative_and_with_a_landmark(desk: Any) -> None:
    result = await desk.do(Open(open=f"{desk.url}/table", expect="申請一覧"))
    assert result.summary.ja == "試験"
    await desk.do(Open(open="/form"))
    assert desk.browser.url == f"{desk.url}/form"
    desk.stage.timeout = 4.0
    with pytest.raises(ApplicationError, match="did not appear"):
        await desk.do(Open(open="/form", expect="どこにもない文字"))


async def test_open_says_what_is_wrong_with_the_site(desk: Any) -> None:
    with pytest.raises(ApplicationError) as caught:
        await desk.do(Open(open="/odd/down"))
    assert "maintenance" in caught.value.message.en
    assert "メンテナンス" in caught.value.message.ja
    with pytest.raises(ApplicationError) as caught:
        await desk.do(Open(open=f"http://127.0.0.1:{_closed_port()}/"))
    assert "does not answer" in caught.value.message.en
    assert "Call log" not in str(caught.value) + caught.value.message.ja
    with pytest.raises(BusinessError, match="not among the places"):
        await desk.do(Open(open="http://nowhere.invalid/"))


async def test_a_relative_address_without_a_base(desk: Any) -> None:
    desk.browser.base_url = ""
    with pytest.raises(NeedsPerson, match="relative"):
        await desk.do(Open(open="/form"))


async def test_log_in_finds_its_boxes(desk: Any) -> None:
    await desk.do(Login(login="経費", at=f"{desk.url}/login"))
    assert desk.site.log_ins == ["right"]
    assert desk.browser.url.endswith("/list")


async def test_log_in_with_everything_named(desk: Any) -> None:
    await desk.do(
        Login(
            login="経費",
            at=f"{desk.url}/login",
            user="ID",
            password="パスワード",
            button="ログイン",
            expect="一覧",
        )
    )
    assert desk.site.log_ins == ["right"]


async def test_a_wrong_password_is_tried_once_and_burnt(desk: Any) -> None:
    desk.stage.timeout = 6.0
    with pytest.raises(NeedsPerson) as caught:
        await desk.do(Login(login="誤", at=f"{desk.url}/login"))
    assert "ユーザーIDまたはパスワードが違います" in caught.value.message.ja
    assert "wrong-one" not in str(caught.value) + caught.value.message.ja
    assert desk.site.log_ins == ["wrong-one"]
    assert desk.stage.rejected == ["誤"]


async def test_a_secret_without_a_password_is_not_ready(desk: Any) -> None:
    desk.stage.secrets["半"] = {"user": Secret("yamada")}
    with pytest.raises(NotReady, match="password"):
        await desk.do(Login(login="半", at=f"{desk.url}/login"))


async def test_expect_on_the_page_in_the_address_in_a_field_and_gone(desk: Any) -> None:
    await desk.open("/table")
    await desk.do(Expect(expect="申請一覧"))
    await desk.do(Expect(expect="/table", in_="url"))
    await desk.do(Expect(expect="試験", in_="title"))
    await desk.do(Expect(expect="900", in_="合計"))
    await desk.do(Expect(expect="処理中", seen=False))
    desk.stage.timeout = 3.0
    with pytest.raises(ApplicationError, match="did not appear") as caught:
        await desk.do(Expect(expect="完了"))
    assert caught.value.sighting.looked_for == "完了"
    with pytest.raises(ApplicationError, match="still"):
        await desk.do(Expect(expect="申請一覧", seen=False))


async def test_read_a_value_and_a_table(desk: Any) -> None:
    await desk.open("/table")
    assert (await desk.do(Read(read="合計", type="yen"))).value == Decimal(900)
    table = (
        await desk.do(Read(read="申請一覧", columns={"番号": "code", "金額": "yen", "日付": "date"}))
    ).value
    assert [dict(row) for row in table] == [
        {"番号": "A-001", "金額": Decimal(1200), "日付": date(2026, 10, 1)},
        {"番号": "A-002", "金額": Decimal(-300), "日付": date(2026, 10, 2)},
    ]
    desk.stage.timeout = 2.0
    with pytest.raises(BusinessError, match="row 1, 番号"):
        await desk.do(Read(read="申請一覧", columns={"番号": "date"}))
    with pytest.raises(ApplicationError, match="several tables"):
        await desk.do(Read(columns={"番号": "code"}))
    with pytest.raises(ApplicationError) as missing:
        await desk.do(Read(read="ない表", columns={"番号": "code"}))
    assert missing.value.sighting.candidates[0].label == "申請一覧"
    with pytest.raises(BusinessError):
        await desk.do(Read(read="合計", type="date"))


async def test_a_new_tab_becomes_the_current_page_and_within_goes_back(desk: Any) -> None:
    await desk.open("/odd/popup")
    await desk.do(Click(click="別窓"))
    await desk.do(Expect(expect="申請一覧"))
    await desk.do(Within(within="/odd/popup"))
    await desk.do(Expect(expect="元の頁"))


async def test_within_a_frame_and_back(desk: Any) -> None:
    await desk.open("/odd/frame")
    desk.stage.timeout = 3.0
    with pytest.raises(ApplicationError, match="several"):
        await desk.do(Fill(fill={"番号": "1"}))
    await desk.do(Within(within="明細"))
    await desk.do(Fill(fill={"番号": "1"}))
    assert await desk.browser.page.frames[1].evaluate("document.querySelector('[name=no]').value") == "1"
    await desk.do(Within(within="page"))
    with pytest.raises(ApplicationError, match="no section"):
        await desk.do(Within(within="どこにもない"))


async def test_keys(desk: Any) -> None:
    await desk.open("/form")
    await desk.do(Fill(fill={"番号": "1"}))
    await desk.do(Press(press="Tab"))
    with pytest.raises(BusinessError, match="no key"):
        await desk.do(Press(press="Entre"))


async def test_evidence_is_masked_redacted_and_never_raises(desk: Any) -> None:
    desk.stage.redact.add(Secret("geheim-77"))
    desk.browser.redact = desk.stage.redact
    await desk.open("/odd/personal")
    await desk.do(Fill(fill={"暗証": Secret("geheim-77")}))
    await desk.browser.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<p role=alert>geheim-77 は使えません</p>')"
    )
    seen = await desk.browser.evidence(desk.stage.evidence_folder / "03-失敗")
    assert seen.files[0].path == "03-失敗.png"
    assert seen.sighting.page_says == ("●●● は使えません",)
    masked = await desk.browser.page.evaluate("document.querySelectorAll('[data-bofbot-masked]').length")
    assert masked == 0, "the page is left as it was"
    (desk.stage.evidence_folder / "x.png").mkdir()
    assert (await desk.browser.evidence(desk.stage.evidence_folder / "x")).files == ()


async def test_sentences_speak_both_languages() -> None:
    verbs = [
        Open(open="/a"),
        Click(click="検索"),
        Press(press="Enter"),
        Expect(expect="完了"),
        Read(read="合計"),
        Within(within="page"),
        Fill(fill={"番号": "1"}),
        Select(select={"科目": "旅費"}),
        CheckBox(check_box={"至急": True}),
        Choose(choose={"区分": "海外"}),
        Login(login="経費"),
    ]
    for verb in verbs:
        assert verb.sentence().en != verb.sentence().ja
    assert Select(select={"科目": "旅費"}).sentence().ja == "科目で旅費を選ぶ"
    with pytest.raises(ValidationError, match="no type"):
        Read(read="合計", type="yenn")


@pytest.mark.parametrize(("fault", "said"), [("captcha", "captcha"), ("new_terms", "terms")])
async def test_what_only_a_person_can_answer(desk: Any, fault: str, said: str) -> None:
    with Portal(faults=[fault]) as portal:
        desk.stage.secrets["練習"] = {"user": Secret("yamada"), "password": Secret("keiri-2026")}
        with pytest.raises(NeedsPerson, match=said):
            await desk.do(Login(login="練習", at=f"{portal.url}/login"))
        async with desk.browser.step(desk.stage):
            await desk.browser.fetch("about:blank")


async def test_a_second_factor(desk: Any) -> None:
    with Portal() as portal:
        from bofbot.practice.company import USERS

        name, user = next((name, user) for name, user in USERS.items() if user.totp)
        desk.stage.secrets["佐藤"] = {
            "user": Secret(name),
            "password": Secret(user.password),
            "totp": Secret(user.totp),
        }
        await desk.do(Login(login="佐藤", at=f"{portal.url}/login"))
        assert "/login" not in desk.browser.url
        async with desk.browser.step(desk.stage):
            await desk.browser.fetch("about:blank")


def _closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def test_what_a_page_sends_between_two_steps_is_stopped_and_told(desk: Any) -> None:
    await desk.open("/form")
    await desk.browser.page.evaluate(
        "() => { setTimeout(() => fetch('/api', { method: 'POST', body: '{}' }).catch(() => 0), 50); }"
    )
    await desk.stage.sleep(0.4)
    await desk.do(Expect(expect="番号"))
    assert desk.site.booked == []
    assert any("between two steps" in note.en for note, level in desk.stage.notes if level == "warning")
