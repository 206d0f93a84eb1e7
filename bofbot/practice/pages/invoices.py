"""Invoices received: one form in four layouts, with every kind of control a form can have."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bofbot.practice.pages.fields import Errors, Field, amount_of, day_of, laid_out, missing
from bofbot.practice.pages.gate import guarded
from bofbot.practice.troubles import after_booking, before_booking
from bofbot.practice.web import Request, Response, Route, form_of, go, office_of, page
from bofbot.words import Sentence

_TAX = (
    ("10", Sentence(en="10 %", ja="10%")),
    ("8", Sentence(en="8 % (reduced)", ja="8%（軽減）")),
    ("0", Sentence(en="exempt", ja="対象外")),
)
_PAY = (
    ("transfer", Sentence(en="Bank transfer", ja="銀行振込")),
    ("debit", Sentence(en="Direct debit", ja="口座振替")),
    ("card", Sentence(en="Company card", ja="法人カード")),
)
_MARKS = (
    ("checked", Sentence(en="original checked", ja="原本確認済")),
    ("urgent", Sentence(en="urgent", ja="至急")),
    ("withheld", Sentence(en="tax withheld", ja="源泉徴収あり")),
)
FIELDS = (
    Field("number", Sentence(en="Invoice number", ja="請求書番号")),
    Field("vendor", Sentence(en="Vendor", ja="取引先名")),
    Field(
        "registration", Sentence(en="Registration number", ja="登録番号"), required=False,
        hint=Sentence(en="T and 13 digits", ja="T＋数字13桁"),
    ),
    Field("postal", Sentence(en="Postal code", ja="郵便番号"), "postal", required=False),
    Field("issued", Sentence(en="Date of issue", ja="発行日"), "date"),
    Field("due", Sentence(en="Due date", ja="支払期日"), "date"),
    Field("amount", Sentence(en="Amount (tax included)", ja="請求金額（税込）"), "amount"),
    Field("tax", Sentence(en="Tax rate", ja="消費税率"), "radio", options=_TAX),
    Field("pay", Sentence(en="Way of payment", ja="支払方法"), "select", options=_PAY),
    Field("marks", Sentence(en="Marks", ja="区分"), "checks", required=False, options=_MARKS),
    Field("paper", Sentence(en="File", ja="請求書ファイル"), "file", required=False),
    Field("note", Sentence(en="Remarks", ja="備考"), "area", required=False),
)  # fmt: skip
STYLES = ("list", "floating", "divs", "table")
"""How `?style=` lays the form out: dl/dt/dd, labels floating in the boxes, bare divs, th/td."""


def faults_of(form: Mapping[str, str]) -> Errors:
    errors = missing(FIELDS, form)
    amount = amount_of(form.get("amount", ""))
    if "amount" not in errors and (amount is None or amount <= 0):
        errors["amount"] = Sentence(
            en="“Amount (tax included)” must be a whole number above 0.",
            ja="「請求金額（税込）」は1以上の整数で入力してください。",
        )
    issued, due = day_of(form.get("issued", "")), day_of(form.get("due", ""))
    if issued and due and due < issued:
        errors["due"] = Sentence(
            en="“Due date” lies before “Date of issue”.", ja="「支払期日」が「発行日」より前になっています。"
        )
    if form.get("registration") and not re.fullmatch(r"T\d{13}", form["registration"]):
        errors["registration"] = Sentence(
            en="“Registration number” is T and 13 digits.",
            ja="「登録番号」は T＋数字13桁で入力してください。",
        )
    return errors


@guarded
async def new(request: Request) -> Response:
    return _form(request, {}, {})


@guarded
async def create(request: Request) -> Response:
    sent = await form_of(request)
    form = {field.name: _value(field, sent) for field in FIELDS}
    errors = faults_of(form)
    office = office_of(request)
    if not errors and office.faults.strike("validation_error", request.url.path, form["number"]):
        errors["vendor"] = Sentence(
            en="“Vendor” is not in the vendor master.", ja="「取引先名」が取引先マスタにありません。"
        )
    if errors:
        return _form(request, form, errors)
    await before_booking(request, form["number"])
    payload = form | {"amount": str(amount_of(form["amount"]))}
    booking = office.book.add("invoices", form["number"], payload, office.clock(), request.state.number)
    await after_booking(request, form["number"])
    return go(f"/invoices/done/{booking.receipt}")


@guarded
async def done(request: Request) -> Response:
    for booking in office_of(request).book.of("invoices"):
        if booking.receipt == request.path_params["receipt"]:
            return page(request, "invoice_done.html", booking=booking, fields=FIELDS)
    return page(request, "missing.html", 404)


def _value(field: Field, sent: Mapping[str, str]) -> str:
    """A field's value from what the browser sent: two boxes joined, ticked marks listed."""
    if field.kind == "postal":
        return sent.get(f"{field.name}1", "") + sent.get(f"{field.name}2", "")
    if field.kind == "checks":
        return ",".join(option for option, _ in field.options if f"{field.name}_{option}" in sent)
    return sent.get(field.name, "")


def _form(request: Request, form: Mapping[str, str], errors: Errors) -> Response:
    style = request.query_params.get("style", STYLES[0])
    return page(
        request, "invoice_form.html",
        fields=laid_out(request, FIELDS), form=form, errors=errors, styles=STYLES,
        style=style if style in STYLES else STYLES[0],
    )  # fmt: skip


ROUTES = [
    Route("/invoices/new", new),
    Route("/invoices/new", create, methods=["POST"]),
    Route("/invoices/done/{receipt}", done),
]
