"""submit: sent once, armed before, proven after; nothing leaves otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bofbot.actions.pages.form import Fill, Upload
from bofbot.actions.pages.moving import Click
from bofbot.actions.pages.submit import Submit
from bofbot.errors import ApplicationError, BusinessError, NeedsPerson, Uncertain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def submit(**options: Any) -> Submit:
    return Submit(**{"submit": "登録", "expect": "登録しました", "on_unknown": "ask", **options})


async def _filled(desk: Any, path: str = "/form") -> None:
    await desk.open(path)
    await desk.do(Fill(fill={"番号": "K-1", "金額": Decimal("1200")}))


async def test_registered_once_with_its_receipt(desk: Any) -> None:
    await _filled(desk)
    result = await desk.do(submit(receipt="受付番号", fields={"金額": Decimal("1200")}))
    assert result.names == {"receipt": "R-K-1"}
    assert result.value == "R-K-1"
    assert desk.site.booked == [{"no": "K-1", "amount": "1200"}]
    [armed] = desk.stage.effect.calls
    assert (armed["method"], armed["url"], len(armed["sha256"])) == ("POST", f"{desk.url}/book?answer=", 64)
    assert desk.browser.url.endswith("/done?no=K-1")


@pytest.mark.parametrize("path", ["/form?answer=direct", "/form?how=ajax", "/form?how=confirm"])
async def test_other_ways_of_answering(desk: Any, path: str) -> None:
    await _filled(desk, path)
    await desk.do(submit())
    assert len(desk.site.booked) == 1
    assert len(desk.stage.effect.calls) == 1


async def test_a_page_that_sends_twice_books_once(desk: Any) -> None:
    await _filled(desk, "/form?how=twice")
    await desk.do(submit())
    assert len(desk.site.booked) == 1
    assert any("second time" in note.en for note, _ in desk.stage.notes)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/form?how=overlay", "お知らせ"),
        ("/form?how=disabled", "disabled"),
        ("/form?how=nothing", "sent nothing"),
    ],
)
async def test_not_sent_is_proven(desk: Any, path: str, said: str) -> None:
    await desk.open(path)
    desk.stage.timeout = 4.0
    with pytest.raises(ApplicationError, match=said):
        await desk.do(submit())
    assert (desk.site.booked, desk.stage.effect.calls) == ([], [])


async def test_a_missing_button_sends_nothing(desk: Any) -> None:
    await desk.open("/form")
    desk.stage.timeout = 2.0
    with pytest.raises(ApplicationError, match="not on the page"):
        await desk.do(submit(submit="承認"))
    assert desk.stage.effect.calls == []


async def test_the_pages_own_check_is_a_business_error(desk: Any) -> None:
    await _filled(desk, "/form?how=client")
    with pytest.raises(BusinessError) as caught:
        await desk.do(submit())
    assert "金額を入力してください" in caught.value.message.ja
    assert desk.stage.effect.calls == []


@pytest.mark.parametrize(
    "options", [{}, {"reject": "予算を超えています"}, {"reject": ("上限", "予算を超えています")}]
)
async def test_a_refusal_is_a_business_error_that_quotes_the_page(desk: Any, options: dict[str, Any]) -> None:
    await _filled(desk, "/form?answer=refuse")
    with pytest.raises(BusinessError) as caught:
        await desk.do(submit(**options))
    assert "予算を超えています" in caught.value.message.ja


@pytest.mark.parametrize("answer", ["500", "odd"])
async def test_an_unknown_outcome_is_left_to_a_person(desk: Any, answer: str) -> None:
    await _filled(desk, f"/form?answer={answer}")
    with pytest.raises(Uncertain, match="unknown"):
        await desk.do(submit())
    assert len(desk.site.booked) == 1


async def test_an_unknown_outcome_is_looked_up(desk: Any) -> None:
    await _filled(desk, "/form?answer=500")
    await desk.do(submit(verify={"open": "/list", "see": "申請 K-1"}, on_unknown=""))
    assert len(desk.site.booked) == 1
    assert any(level == "warning" for _, level in desk.stage.notes)


async def test_a_look_up_brings_the_receipt_of_its_row(desk: Any) -> None:
    await _filled(desk, "/form?answer=500")
    verify = {"open": "/numbers", "see": "K-1"}
    result = await desk.do(submit(verify=verify, on_unknown="", receipt="受付番号"))
    assert result.names == {"receipt": "R-K-1"}


async def test_a_look_up_says_when_the_receipt_is_not_there(desk: Any) -> None:
    await _filled(desk, "/form?answer=500")
    verify = {"open": "/list", "see": "申請 K-1"}
    result = await desk.do(submit(verify=verify, on_unknown="", receipt="受付番号"))
    assert result.names == {"receipt": ""}
    assert "note it by hand" in desk.stage.notes[-1][0].en


async def test_a_look_up_that_finds_nothing_stays_unknown(desk: Any) -> None:
    await _filled(desk, "/form?answer=500")
    with pytest.raises(Uncertain, match="may show later"):
        await desk.do(submit(verify={"open": "/list", "see": "申請 K-2", "tries": 1}))


async def test_values_that_differ_before_registering_stop_it(desk: Any) -> None:
    await _filled(desk)
    with pytest.raises(BusinessError, match="nothing was sent"):
        await desk.do(submit(fields={"金額": Decimal("1300")}))
    assert desk.site.booked == []


async def test_a_dry_run_sends_nothing_and_says_what_would_have_left(desk: Any) -> None:
    await _filled(desk)
    desk.stage.dry_run = True
    result = await desk.do(submit(receipt="受付番号"))
    assert result.facts["would_send"] == {
        "request": f"POST {desk.url}/book?answer=",
        "no": "K-1",
        "amount": "1200",
    }
    assert (desk.site.booked, desk.stage.effect.calls) == ([], [])
    assert desk.browser.url.endswith("/form")


async def test_nothing_leaves_when_arming_fails(desk: Any) -> None:
    await _filled(desk)
    desk.stage.effect.fails = ApplicationError("another run holds it")
    with pytest.raises(ApplicationError, match="another run"):
        await desk.do(submit())
    assert desk.site.booked == []


async def test_a_click_that_registers_is_stopped(desk: Any) -> None:
    await _filled(desk)
    with pytest.raises(NeedsPerson, match="tried to send POST") as caught:
        await desk.do(Click(click="登録"))
    assert "submit" in caught.value.fix.en
    assert desk.site.booked == []


async def test_typing_that_saves_by_itself_is_stopped_and_posts_allows_it(desk: Any) -> None:
    await desk.open("/odd/autosave")
    with pytest.raises(NeedsPerson):
        await desk.do(Fill(fill={"番号": "1"}))
    assert desk.site.booked == []
    await desk.open("/odd/searchform")
    await desk.do(Click(click="検索", posts=True))
    assert "3件" in await desk.browser.page.inner_text("body")


async def test_an_uploaded_file_arrives_whole(desk: Any) -> None:
    data = bytes(range(256)) * 40
    (desk.stage.work_folder / "領収書.bin").write_bytes(data)
    await _filled(desk, "/form?how=file")
    await desk.do(Upload(upload={"添付": "領収書.bin"}))
    await desk.do(submit())
    assert desk.site.uploads == [data]


async def test_without_a_way_to_settle_an_unknown_outcome_it_is_invalid() -> None:
    with pytest.raises(ValidationError, match="on_unknown"):
        Submit(submit="登録", expect="登録しました")
    with pytest.raises(ValidationError, match="see"):
        submit(verify={"open": "/list"})
