"""The pages do what a back office does: log in, register, refuse, list, search."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from bofbot.practice.company import TOTP_SECRET, totp_now
from bofbot.practice.expenses import EXPENSES, REFUSED
from bofbot.practice.portal import Portal

PAGES = [
    "/home", "/claims", "/claims/new", "/claims/apply", "/claims/history", "/invoices/new", "/invoices/new?style=floating",
    "/invoices/new?style=divs", "/invoices/new?style=table", "/vendors", "/vendors/new", "/bank", "/bank/statements",
    "/bank/statements?month=2026-08", "/bank/statements?month=1999-01", "/bank/ways", "/bills", "/receivables", "/receivables?page=3",
    "/corner", "/corner/frame", "/corner/popup", "/corner/pick", "/corner/overlay", "/corner/dialog", "/corner/late", "/corner/shadow",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_both_languages(visitor: Any, path: str) -> None:
    japanese = visitor.get(path)
    english = visitor.get(path + ("&" if "?" in path else "?") + "lang=en")
    assert (japanese.status, english.status) == (200, 200)
    assert '<html lang="ja">' in japanese.text
    assert '<html lang="en">' in english.text
    assert japanese.text != english.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_wants_a_login_and_leads_back(stranger: Any, path: str) -> None:
    asked = stranger.get(path)
    assert "/login?next=" in asked.url
    back = re.search(r'name="next" value="([^"]*)"', asked.text)
    assert back
    assert back[1].replace("&amp;", "&") == path


def test_the_login_page_sends_nobody_to_another_site(stranger: Any, portal: Portal) -> None:
    form = {"user": "yamada", "password": "keiri-2026", "next": "//evil.example/"}
    assert stranger.post("/login", form).url == f"{portal.url}/home"


def test_a_wrong_password_is_counted_and_the_third_locks(stranger: Any, portal: Portal) -> None:
    first = stranger.log_in(password="wrong")
    assert "ユーザーIDまたはパスワードが正しくありません。" in first.text
    stranger.log_in(password="wrong")
    third = stranger.log_in(password="wrong")
    assert "アカウントがロックされました" in third.text
    assert portal.office.wrong_passwords == {"yamada": 3}
    assert "アカウントがロックされました" in stranger.log_in().text
    assert portal.office.logins == 0


def test_the_second_factor_is_needed_and_checked(stranger: Any) -> None:
    assert "/login/code" in stranger.log_in("sato").url
    assert "/login?" in stranger.get("/home").url
    assert "認証コードが正しくありません" in stranger.post("/login/code", {"code": "000000"}).text
    assert stranger.post("/login/code", {"code": totp_now(TOTP_SECRET), "next": "/claims"}).url.endswith(
        "/claims"
    )


def test_a_claim_is_booked_once_with_its_receipt(visitor: Any, portal: Portal, claim: dict[str, str]) -> None:
    done = visitor.post("/claims/new", claim)
    assert "登録しました。" in done.text
    [booking] = portal.book.of("claims")
    assert booking.receipt in done.text
    assert (booking.key, booking.payload["amount"], booking.payload["employee"]) == (
        "K-0101",
        "1980",
        "000123",
    )
    assert portal.book.count("claims", "K-0101") == 1
    assert booking.receipt in visitor.get("/claims?q=K-0101").text
    assert "該当する申請はありません" in visitor.get("/claims?q=K-9999").text


def test_the_careful_way_shows_everything_once_more_and_books_once(
    visitor: Any, portal: Portal, claim: dict[str, str]
) -> None:
    confirm = visitor.post("/claims/apply", claim)
    assert "1,980円" in confirm.text
    assert portal.book.count("claims") == 0
    assert "東都鉄道" in visitor.get("/claims/apply?back=1").text
    assert "登録しました。" in visitor.post("/claims/apply/book", {}).text
    assert visitor.post("/claims/apply/book", {}).url.endswith("/claims/apply")
    assert portal.book.count("claims") == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"payee": ""}, "「支払先」を入力してください。"),
        ({"day": "2026/13/01"}, "「日付」は YYYY/MM/DD の形式で入力してください。"),
        ({"employee": "123"}, "「社員番号」は数字6桁で入力してください。"),
        ({"amount": "千円"}, "「金額」は1以上の整数で入力してください。"),
        ({"amount": "-5"}, "「金額」は1以上の整数で入力してください。"),
        ({"subject": "接待費"}, "「科目」に「接待費」は選択できません。"),
        ({"subject": "交際費", "amount": "50,001"}, "予算が不足しています（「交際費」の残額 50,000円）。"),
    ],
)
def test_a_wrong_claim_is_refused_with_its_reason_and_keeps_what_was_typed(
    visitor: Any, portal: Portal, claim: dict[str, str], change: dict[str, str], message: str
) -> None:
    for path in ("/claims/new", "/claims/apply"):
        refused = visitor.post(path, claim | change)
        assert message in refused.text
        assert 'role="alert"' in refused.text
        assert 'value="K-0101"' in refused.text
    assert portal.book.count("claims") == 0


@pytest.mark.parametrize("amount", ["12300", "12,300", "￥１２，３００", "12,300円"])
def test_amounts_are_read_as_people_type_them(
    visitor: Any, portal: Portal, claim: dict[str, str], amount: str
) -> None:
    visitor.post("/claims/new", claim | {"amount": amount})
    assert portal.book.of("claims")[0].payload["amount"] == "12300"


def test_of_the_demo_s_twenty_claims_one_alone_is_refused(visitor: Any, portal: Portal) -> None:
    for expense in EXPENSES:
        visitor.post(
            "/claims/new",
            {
                "number": expense.number, "day": f"{expense.day:%Y/%m/%d}", "employee": expense.employee,
                "subject": expense.subject, "payee": expense.payee, "amount": expense.amount, "note": expense.note,
            },
        )  # fmt: skip
    assert {expense.number for expense in EXPENSES} - {b.key for b in portal.book.of("claims")} == {REFUSED}
    assert portal.book.twice() == []
    shown = visitor.get("/claims?page=2")
    assert '<b id="count">19</b>' in shown.text
    assert shown.text.count("/claims/done/") == 9


def test_an_invoice_is_booked_from_every_layout(visitor: Any, portal: Portal) -> None:
    form = {
        "number": "A-001", "vendor": "丸福水産", "registration": "T1234567890123", "postal1": "100", "postal2": "0001",
        "issued": "2026-10-01", "due": "2026-11-30", "amount": "55,000", "tax": "10", "pay": "transfer",
        "marks_urgent": "on", "note": "x",
    }  # fmt: skip
    for number, style in enumerate(("list", "floating", "divs", "table")):
        done = visitor.post(f"/invoices/new?style={style}", form | {"number": f"A-{number}"})
        assert "登録しました。" in done.text
    assert portal.book.of("invoices")[0].payload["postal"] == "1000001"
    assert portal.book.of("invoices")[0].payload["marks"] == "urgent"
    wrong = visitor.post("/invoices/new", form | {"due": "2026-09-01", "registration": "T12"})
    assert "「支払期日」が「発行日」より前になっています。" in wrong.text
    assert "「登録番号」は T＋数字13桁で入力してください。" in wrong.text
    assert portal.book.count("invoices") == 4


def test_a_vendor_is_booked_by_the_page_s_script(visitor: Any, portal: Portal) -> None:
    vendor = {
        "name": "あさひ堂",
        "kana": "アサヒドウ",
        "bank": "練習銀行",
        "branch": "本店",
        "account": "0012345",
        "holder": "アサヒドウ",
    }
    assert visitor.post_json("/vendors", vendor | {"account": "12"}).status == 422
    assert json.loads(visitor.post_json("/vendors", vendor).body)["receipt"].startswith("V-")
    assert portal.book.of("vendors")[0].payload["account"] == "0012345"
    assert "あさひ堂" in visitor.get("/vendors").text
    assert visitor.post_json("/vendors", ["no", "object"]).status == 400


def test_the_receivables_stand_on_three_pages_and_add_up(visitor: Any) -> None:
    amounts: list[int] = []
    for number in (1, 2, 3):
        text = visitor.get(f"/receivables?page={number}").text
        amounts += [
            int(found.replace(",", "")) for found in re.findall(r'<td class="yen">([\d,]+)</td>', text)
        ]
    total = re.search(r'<b id="total">([\d,]+)</b>', text)
    assert total
    assert (len(amounts), sum(amounts)) == (24, int(total[1].replace(",", "")))


def test_what_is_typed_is_never_markup(visitor: Any, claim: dict[str, str]) -> None:
    visitor.post("/claims/new", claim | {"payee": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in visitor.get("/claims").text


@pytest.mark.parametrize(
    "path",
    [
        "/corner/nothing",
        "/bank/ways/nothing",
        "/bank/2020-01/lines.json",
        "/claims/done/R-1",
        "/invoices/done/S-1",
    ],
)
def test_what_is_not_there_is_a_404(visitor: Any, path: str) -> None:
    assert visitor.get(path).status == 404


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99", "１", ""])
def test_a_page_number_that_is_none_shows_the_nearest_page(visitor: Any, number: str) -> None:
    for path in ("/claims", "/receivables"):
        assert visitor.get(f"{path}?page={quote(number)}").status == 200


def test_logging_out_ends_the_session(visitor: Any, portal: Portal) -> None:
    assert visitor.get("/").url == f"{portal.url}/home"
    assert "ログアウトしました。" in visitor.get("/logout").text
    assert "/login" in visitor.get("/home").url
    assert portal.office.sessions == {}


def test_a_code_without_a_login_leads_to_the_login(stranger: Any) -> None:
    assert "/login" in stranger.post("/login/code", {"code": "123456"}).url


def test_an_empty_claim_names_every_field_that_is_missing(visitor: Any) -> None:
    refused = visitor.post("/claims/new", {}).text
    assert "入力内容に誤りがあります。" in refused
    assert refused.count('class="field-error"') == 6
    empty = visitor.post("/invoices/new", {"amount": "0", "number": "A"}).text
    assert "「請求金額（税込）」は1以上の整数で入力してください。" in empty


def test_an_unknown_vendor_is_one_fault_away(visitor: Any, portal: Portal) -> None:
    portal.faults.set("validation_error")
    form = {
        "number": "A-9",
        "vendor": "x",
        "issued": "2026-10-01",
        "due": "2026-10-31",
        "amount": "1",
        "tax": "8",
        "pay": "card",
    }
    assert "「取引先名」が取引先マスタにありません。" in visitor.post("/invoices/new", form).text
    assert portal.book.count("invoices") == 0
