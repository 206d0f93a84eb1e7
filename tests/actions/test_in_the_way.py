"""A captcha, new terms, an expired password or a closed site is told as what it is, whichever verb meets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bofbot.actions.pages.form import Fill
from bofbot.actions.pages.login import Login
from bofbot.actions.pages.looking import Expect
from bofbot.actions.pages.moving import Click, Open
from bofbot.actions.pages.submit import Submit
from bofbot.adapters.browser.signs import in_the_way
from bofbot.errors import ApplicationError, NeedsPerson, RunError
from bofbot.practice.portal import Portal
from bofbot.secret import Redactor, Secret

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
WAYS = {
    "captcha": (NeedsPerson, "captcha", "自動化されたアクセスでないことを確認します"),
    "new_terms": (NeedsPerson, "new terms", "改定後の利用規約に同意する"),
    "maintenance": (ApplicationError, "closed for maintenance", "終了予定: 12:00"),
}


@pytest_asyncio.fixture(loop_scope="session")
async def portal(desk: Any) -> AsyncIterator[Portal]:
    with Portal() as portal:
        secret = {"user": Secret("yamada"), "password": Secret("keiri-2026")}
        desk.stage.secrets["練習"] = secret
        await desk.do(Login(login="練習", at=f"{portal.url}/login"))
        yield portal
        async with desk.browser.step(desk.stage):
            await desk.browser.fetch("about:blank")


def verb_of(step: str, portal: Portal) -> Any:
    return {
        "open": Open(open=f"{portal.url}/claims/new"),
        "click": Click(click="経費申請"),
        "fill": Fill(fill={"支払先": "東都鉄道"}),
        "expect": Expect(expect="受付番号"),
        "submit": Submit(submit="登録", expect="登録しました", on_unknown="ask"),
        "login": Login(login="練習", at=f"{portal.url}/login", keep="0s"),
    }[step]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "step"),
    [
        *(
            (fault, step)
            for fault in ("captcha", "new_terms")
            for step in ("open", "click", "fill", "submit")
        ),
        *(("maintenance", step) for step in ("open", "expect")),
        ("new_terms", "login"),
        ("maintenance", "login"),
    ],
)
async def test_what_stands_in_the_way_is_named_with_its_own_words(
    desk: Any, portal: Portal, fault: str, step: str
) -> None:
    kind, named, quoted = WAYS[fault]
    desk.stage.timeout = 8.0
    if step in ("fill", "expect", "submit"):
        await desk.do(Open(open=f"{portal.url}/claims/new"))
    portal.faults.set(fault)
    if step in ("fill", "expect", "submit"):
        async with desk.browser.step(desk.stage):
            await desk.browser.go(f"{portal.url}/claims/new")  # as if the page had changed under the robot
    with pytest.raises(RunError, match=named) as caught:
        await desk.do(verb_of(step, portal))
    assert type(caught.value) is kind or (
        kind is ApplicationError and isinstance(caught.value, ApplicationError)
    )
    assert quoted in "".join(caught.value.sighting.page_says)
    assert caught.value.sighting.url.startswith(portal.url)
    assert desk.stage.effect.calls == []
    assert portal.book.bookings == []
    assert desk.stage.rejected == [], "none of this says anything about the password"


async def test_the_author_may_expect_such_a_page(desk: Any, portal: Portal) -> None:
    portal.faults.set("new_terms")
    await desk.do(Open(open=f"{portal.url}/claims", expect="利用規約の改定について"))


FORM = "<form><input name=n aria-label=氏名><input name=k aria-label=金額><button>送信</button></form>"
TERMS = "<label><input type=checkbox> 利用規約に同意する</label>"


@pytest.mark.parametrize(
    ("body", "at_first", "after_a_failure"),
    [
        (f"<h1>お申し込み</h1>{FORM}{TERMS}", None, None),
        (f"<h1>お問い合わせ</h1>{FORM}<div class=grecaptcha-badge style='height:60px'>reCAPTCHA</div>", None, None),
        (f"<h1>お知らせ</h1><p>11月3日はメンテナンスのため停止します</p>{'<p>通常の本文です。</p>' * 60}", None, None),
        (f"<h1>利用規約</h1><form>{TERMS}<button>次へ</button></form>", None, "terms"),
        ("<h1>ログイン</h1><form>ID<input>パスワード<input type=password><div class=g-recaptcha style='height:78px'>私はロボットではありません</div><button>ログイン</button></form>", None, "captcha"),
        ("<h1>パスワードの変更</h1><p>パスワードの有効期限が切れました</p><form>現在<input type=password>新しい<input type=password><button>変更</button></form>", "password", "password"),
        ("<h1>Updates to our Terms of Service</h1><form><button>I agree</button></form>", "terms", "terms"),
        ("<h1>Checking your browser</h1><p>Verify you are human</p>", "captcha", "captcha"),
        ("<p>We are temporarily unavailable. Back soon.</p>", "maintenance", "maintenance"),
    ],
)  # fmt: skip
async def test_only_whole_pages_of_the_kind_count(
    desk: Any, body: str, at_first: str | None, after_a_failure: str | None
) -> None:
    named = {"terms": "terms", "captcha": "captcha", "password": "password", "maintenance": "maintenance"}
    async with desk.browser.step(desk.stage):
        await desk.browser.page.set_content(f"<!doctype html><html><body>{body}</body></html>")
        for failed, wanted in ((False, at_first), (True, after_a_failure)):
            found = await in_the_way(desk.browser.page, Redactor(), failed=failed)
            assert (found is None) == (wanted is None), (failed, found and found.message.en)
            assert found is None or named[wanted or ""] in found.message.en


@pytest.mark.parametrize(
    "path", ["/login", "/home", "/claims", "/claims/new", "/invoices/new", "/bank", "/vendors", "/corner"]
)
async def test_pages_for_work_are_in_nobodys_way(desk: Any, portal: Portal, path: str) -> None:
    async with desk.browser.step(desk.stage):
        await desk.browser.go(portal.url + path)
        for failed in (False, True):
            assert await in_the_way(desk.browser.page, Redactor(), failed=failed) is None
