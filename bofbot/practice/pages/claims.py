"""Expense claims: the form, its confirmation, the receipt, the list with its search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bofbot.practice.book import Booking
from bofbot.practice.company import BUDGET, SUBJECTS
from bofbot.practice.pages.fields import Errors, Field, amount_of, day_of, laid_out, missing
from bofbot.practice.pages.gate import guarded
from bofbot.practice.pages.paging import sheet_of
from bofbot.practice.troubles import after_booking, before_booking
from bofbot.practice.web import Request, Response, Route, form_of, go, office_of, page, session_of
from bofbot.words import Sentence

FIELDS = (
    Field(
        "number", Sentence(en="Claim number", ja="申請番号"), hint=Sentence(en="e.g. K-0101", ja="例: K-0101")
    ),
    Field(
        "day", Sentence(en="Date", ja="日付"), "day", hint=Sentence(en="e.g. 2026/10/01", ja="例: 2026/10/01")
    ),
    Field(
        "employee", Sentence(en="Employee number", ja="社員番号"), hint=Sentence(en="6 digits", ja="数字6桁")
    ),
    Field("subject", Sentence(en="Subject", ja="科目"), "select", options=tuple(SUBJECTS.items())),
    Field("payee", Sentence(en="Payee", ja="支払先")),
    Field("amount", Sentence(en="Amount", ja="金額"), "amount", hint=Sentence(en="yen", ja="円")),
    Field("note", Sentence(en="Remarks", ja="摘要"), "area", required=False),
)


def faults_of(form: Mapping[str, str]) -> Errors:
    """What is wrong with a claim, by field; empty when it may be booked."""
    errors = missing(FIELDS, form)
    amount, day = amount_of(form.get("amount", "")), day_of(form.get("day", ""))
    if "day" not in errors and day is None:
        errors["day"] = Sentence(
            en="“Date” must be written YYYY/MM/DD.", ja="「日付」は YYYY/MM/DD の形式で入力してください。"
        )
    if "employee" not in errors and not (form["employee"].isdecimal() and len(form["employee"]) == 6):
        errors["employee"] = Sentence(
            en="“Employee number” has 6 digits.", ja="「社員番号」は数字6桁で入力してください。"
        )
    if "amount" not in errors and (amount is None or amount <= 0):
        errors["amount"] = Sentence(
            en="“Amount” must be a whole number above 0.", ja="「金額」は1以上の整数で入力してください。"
        )
    budget = BUDGET.get(form.get("subject", ""))
    if not errors and budget is not None and amount is not None and amount > budget:
        subject = SUBJECTS[form["subject"]]
        errors["amount"] = Sentence(
            en=f"The budget does not suffice: {budget:,} yen are left for “{subject.en}”.",
            ja=f"予算が不足しています（「{subject.ja}」の残額 {budget:,}円）。",
        )
    return errors


@guarded
async def new(request: Request) -> Response:
    return _form(request, "/claims/new", "register")


@guarded
async def create(request: Request) -> Response:
    """The direct way: one button books the claim."""
    form = await form_of(request)
    if errors := _refused(request, form):
        return _form(request, "/claims/new", "register", form, errors)
    return await _book(request, form)


@guarded
async def apply(request: Request) -> Response:
    session = session_of(request)
    kept = session.draft if session and "back" in request.query_params else {}
    return _form(request, "/claims/apply", "confirm", kept)


@guarded
async def confirm(request: Request) -> Response:
    """The careful way: what was entered is shown once more before it is booked."""
    form, session = await form_of(request), session_of(request)
    assert session is not None
    if errors := _refused(request, form):
        return _form(request, "/claims/apply", "confirm", form, errors)
    session.draft = form
    return page(request, "claim_confirm.html", fields=FIELDS, form=form, amount=amount_of(form["amount"]))


@guarded
async def book_draft(request: Request) -> Response:
    session = session_of(request)
    assert session is not None
    form, session.draft = session.draft, {}
    return await _book(request, form) if form else go("/claims/apply")


@guarded
async def done(request: Request) -> Response:
    for booking in office_of(request).book.of("claims"):
        if booking.receipt == request.path_params["receipt"]:
            return page(request, "claim_done.html", booking=booking, fields=FIELDS)
    return page(request, "missing.html", 404)


@guarded
async def listing(request: Request) -> Response:
    """The list; `q` searches number, receipt, payee and remarks, `subject` narrows."""
    q, subject = request.query_params.get("q", "").strip(), request.query_params.get("subject", "")
    found = [b for b in office_of(request).shown("claims") if _matches(b, q, subject)]
    sheet = sheet_of(request, found)
    total = sum(int(b.payload["amount"]) for b in found)
    return page(
        request, "claims.html",
        claims=sheet.shown, at=sheet.at, pages=sheet.pages, total=len(found), sum=total,
        q=q, subject=subject, subjects=SUBJECTS,
    )  # fmt: skip


@guarded
async def history(request: Request) -> Response:
    """Everything booked, newest first, with its count and total: what a verification may trust."""
    shown = office_of(request).shown("claims")
    return page(request, "history.html", claims=shown[::-1], sum=sum(int(b.payload["amount"]) for b in shown))


def _form(
    request: Request,
    action: str,
    button_name: str,
    form: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> Response:
    values: dict[str, Any] = dict(form or {})
    return page(
        request, "claim_form.html",
        action=action, button_name=button_name, fields=laid_out(request, FIELDS), form=values, errors=errors or {},
    )  # fmt: skip


def _refused(request: Request, form: dict[str, str]) -> Errors:
    errors = faults_of(form)
    key = form.get("number", "")
    if not errors and office_of(request).faults.strike("validation_error", request.url.path, key):
        errors["subject"] = Sentence(
            en="“Subject” cannot be used by this department.", ja="「科目」はこの部署では使用できません。"
        )
    return errors


async def _book(request: Request, form: dict[str, str]) -> Response:
    office = office_of(request)
    await before_booking(request, form["number"])
    payload = {field.name: form.get(field.name, "") for field in FIELDS}
    payload["amount"] = str(amount_of(form["amount"]))
    booking = office.book.add("claims", form["number"], payload, office.clock(), request.state.number)
    await after_booking(request, form["number"])
    return go(f"/claims/done/{booking.receipt}")


def _matches(booking: Booking, q: str, subject: str) -> bool:
    searched = (booking.key, booking.receipt, booking.payload["payee"], booking.payload["note"])
    return (not q or any(q in text for text in searched)) and (
        not subject or booking.payload["subject"] == subject
    )


ROUTES = [
    Route("/claims", listing),
    Route("/claims/new", new),
    Route("/claims/new", create, methods=["POST"]),
    Route("/claims/apply", apply),
    Route("/claims/apply", confirm, methods=["POST"]),
    Route("/claims/apply/book", book_draft, methods=["POST"]),
    Route("/claims/done/{receipt}", done),
    Route("/claims/history", history),
]
