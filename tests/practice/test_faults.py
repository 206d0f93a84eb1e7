"""Every switch does what it says, is bounded by times, path and key, and leaves the workshop alone."""

from __future__ import annotations

import http.client
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from bofbot.practice.faults import FAULTS, Faults
from bofbot.practice.portal import Portal

DROPPED = (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionResetError)


def test_every_switch_has_its_test() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'"{name}' not in text] == []


def test_slow(portal: Portal, visitor: Any) -> None:
    portal.faults.set("slow", seconds=0.4)
    started = time.monotonic()
    assert visitor.get("/home").status == 200
    assert time.monotonic() - started >= 0.4


def test_error_500_so_many_times_on_one_path(portal: Portal, visitor: Any) -> None:
    portal.faults.add("error_500:times=2,path=/claims")
    assert visitor.get("/home").status == 200
    answers = [visitor.get("/claims") for _ in range(3)]
    assert [answer.status for answer in answers] == [500, 500, 200]
    assert "システムエラーが発生しました" in answers[0].text


@pytest.mark.parametrize(
    ("name", "booked"),
    [
        ("error_500_before_booking", 0),
        ("error_500_after_booking", 1),
        ("reset_before_booking", 0),
        ("reset_after_booking", 1),
        ("cut_answer", 1),
    ],
)
def test_a_submit_that_fails_has_booked_or_not(
    portal: Portal, visitor: Any, claim: dict[str, str], name: str, booked: int
) -> None:
    portal.faults.set(name, times=1, key="K-0101")
    other = visitor.post("/claims/new", claim | {"number": "K-0102"})
    assert "登録しました" in other.text
    if name.startswith(("reset", "cut")):
        with pytest.raises(DROPPED):
            visitor.post("/claims/new", claim)
    else:
        assert visitor.post("/claims/new", claim).status == 500
    assert portal.book.count("claims", "K-0101") == booked
    visitor.post("/claims/new", claim)
    assert portal.book.count("claims", "K-0101") == booked + 1
    assert portal.book.twice() == ([("claims", "K-0101")] if booked else [])


def test_slow_answer_books_at_once(portal: Portal, visitor: Any, claim: dict[str, str]) -> None:
    portal.faults.set("slow_answer", seconds=5)
    with pytest.raises(TimeoutError):
        visitor.post("/claims/new", claim, timeout=0.5)
    assert portal.book.count("claims", "K-0101") == 1


def test_validation_error_strikes_one_row(portal: Portal, visitor: Any, claim: dict[str, str]) -> None:
    portal.faults.add("validation_error:key=K-0102")
    assert "登録しました" in visitor.post("/claims/new", claim).text
    refused = visitor.post("/claims/new", claim | {"number": "K-0102"})
    assert "「科目」はこの部署では使用できません。" in refused.text
    assert portal.book.count("claims") == 1


def test_session_expiry_shows_the_login_page_once(portal: Portal, visitor: Any) -> None:
    portal.faults.set("session_expiry")
    expired = visitor.get("/claims")
    assert (expired.status, "/login?expired=1" in expired.url) == (200, True)
    assert "セッションの有効期限が切れました。" in expired.text
    assert visitor.log_in().url.endswith("/home")
    assert visitor.get("/claims").url.endswith("/claims")


def test_moved_fields_shuffles_order_and_ids(portal: Portal, visitor: Any) -> None:
    usual = re.findall(r'(?:input|select|textarea)[^>]* id="(\w+)"', visitor.get("/claims/new").text)
    assert usual == ["number", "day", "employee", "subject", "payee", "amount", "note"]
    portal.faults.set("moved_fields")
    loads = [visitor.get("/claims/new").text for _ in range(3)]
    orders = {tuple(re.findall(r' name="(\w+)" id=', text)) for text in loads}
    assert len(orders) > 1
    assert all(sorted(order) == sorted(usual) for order in orders)
    assert all('id="amount"' not in text for text in loads)


def test_the_seed_decides_how_fields_move() -> None:
    def order(seed: int) -> str:
        with Portal(faults=["moved_fields"], seed=seed) as portal:
            return _form_of(portal)

    assert order(7) == order(7) != order(8)


def _form_of(portal: Portal) -> str:
    connection = http.client.HTTPConnection(portal.url.removeprefix("http://"))
    body = "user=yamada&password=keiri-2026"
    connection.request("POST", "/login", body, {"content-type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    cookie = (answer.getheader("set-cookie") or "").split(";")[0]
    connection.request("GET", "/claims/new", headers={"cookie": cookie})
    text = connection.getresponse().read().decode()
    connection.close()
    return text.split("<form", 1)[1]


def test_renamed_buttons(portal: Portal, visitor: Any) -> None:
    assert ">登録</button>" in visitor.get("/claims/new").text
    portal.faults.set("renamed_buttons")
    renamed = visitor.get("/claims/new").text
    assert ">送信する</button>" in renamed
    assert ">登録</button>" not in renamed


def test_overlay(portal: Portal, visitor: Any) -> None:
    portal.faults.set("overlay", path="/claims")
    assert 'aria-modal="true"' in visitor.get("/claims/new").text
    assert 'aria-modal="true"' not in visitor.get("/home").text


def test_maintenance(portal: Portal, visitor: Any) -> None:
    portal.faults.set("maintenance")
    closed = visitor.get("/home")
    assert closed.status == 503
    assert "ただいまメンテナンス中です" in closed.text


@pytest.mark.parametrize(
    ("name", "said"), [("captcha", "私はロボットではありません"), ("new_terms", "改定後の利用規約に同意する")]
)
def test_an_interstitial_stands_in_the_way_until_it_is_answered(
    portal: Portal, visitor: Any, name: str, said: str
) -> None:
    portal.faults.set(name)
    assert said in visitor.get("/claims").text
    assert said in visitor.get("/home").text
    assert visitor.post(f"/claims?accept={name}", {"human": "on"}).url.endswith("/claims")
    assert "申請一覧" in visitor.get("/claims").text


def test_down(portal: Portal, visitor: Any) -> None:
    portal.faults.set("down")
    with pytest.raises(DROPPED):
        visitor.get("/home")
    assert visitor.get("/practice/faults").status == 200
    portal.faults.clear("down")
    assert visitor.get("/home").status == 200


def test_lagging_history(portal: Portal, visitor: Any, claim: dict[str, str]) -> None:
    portal.faults.set("lagging_history")
    visitor.post("/claims/new", claim)
    assert "該当する申請はありません" in visitor.get("/claims?q=K-0101").text
    assert '<b id="count">0</b>' in visitor.get("/claims/history").text
    portal.clock.advance(61)
    assert "R-202611-0001" in visitor.get("/claims?q=K-0101").text


def test_truncated_download_breaks_off(portal: Portal, visitor: Any) -> None:
    whole = visitor.get("/bank/2026-10/statement.csv").body
    portal.faults.set("truncated_download", times=1)
    with pytest.raises(http.client.IncompleteRead) as cut:
        visitor.get("/bank/2026-10/statement.csv")
    assert cut.value.partial == whole[: len(whole) // 2]
    assert visitor.get("/bank/2026-10/statement.csv").body == whole


def test_truncated_download_without_length_looks_whole(portal: Portal, visitor: Any) -> None:
    whole = visitor.get("/bank/2026-10/statement.pdf").body
    portal.faults.set("truncated_download_without_length")
    cut = visitor.get("/bank/2026-10/statement.pdf")
    assert (cut.status, "content-length" in {name.lower() for name in cut.headers}) == (200, False)
    assert cut.body == whole[: len(whole) // 2]
    assert b"%%EOF" not in cut.body


def test_html_instead_of_file_keeps_the_file_s_headers(portal: Portal, visitor: Any) -> None:
    portal.faults.set("html_instead_of_file")
    sent = visitor.get("/bank/2026-10/statement.pdf")
    assert sent.headers["content-type"] == "application/pdf"
    assert sent.body.startswith(b"<!doctype html>")


def test_zero_bytes(portal: Portal, visitor: Any) -> None:
    portal.faults.set("zero_bytes")
    sent = visitor.get("/bank/2026-10/statement.csv")
    assert (sent.status, sent.body) == (200, b"")
    assert sent.headers["content-disposition"].startswith("attachment")


def test_the_workshop_sets_and_clears_switches(portal: Portal, stranger: Any) -> None:
    stranger.post_json("/practice/faults.json", {"set": ["slow:seconds=2", "down"]})
    assert {fault.name for fault in portal.faults.active} == {"slow", "down"}
    told = json.loads(stranger.get("/practice/faults.json").body)
    assert {"name": "slow", "times": None, "path": "", "key": "", "seconds": 2.0} in told
    stranger.post("/practice/faults", {"clear": "down"})
    stranger.post("/practice/faults", {"set": "error_500", "times": "2", "path": "/bank"})
    assert {fault.name for fault in portal.faults.active} == {"slow", "error_500"}
    refused = stranger.post_json("/practice/faults.json", {"set": ["nonsense"]})
    assert (refused.status, "nonsense" in refused.text) == (400, True)
    stranger.post_json("/practice/faults.json", {"clear": True})
    assert portal.faults.active == ()


def test_the_book_is_shown_and_can_be_emptied(portal: Portal, visitor: Any, claim: dict[str, str]) -> None:
    visitor.post("/claims/new", claim)
    visitor.post("/claims/new", claim)
    [first, second] = json.loads(visitor.get("/practice/book.json").body)
    assert (first["key"], second["key"], first["payload"]["payee"]) == ("K-0101", "K-0101", "東都鉄道")
    assert first["request"] != second["request"]
    assert '<b id="twice" class="on">1</b>' in visitor.get("/practice/book").text
    visitor.post("/practice/reset", {})
    assert portal.book.bookings == []
    assert "/login" in visitor.get("/home").url


def test_looking_does_not_use_a_fault_up() -> None:
    faults = Faults(("error_500:times=1",))
    assert faults.look("error_500")
    assert faults.look("error_500")
    assert faults.strike("error_500")
    assert faults.strike("error_500") is None


def test_the_papers_list_every_switch() -> None:
    page = (Path(__file__).parents[2] / "docs" / "practice.md").read_text(encoding="utf-8")
    assert [name for name, said in FAULTS.items() if f"| `{name}` | {said.en} |" not in page] == []
