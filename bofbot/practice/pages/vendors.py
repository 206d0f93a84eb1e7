"""The vendor master: a page the browser builds late, from divs alone, with boxes that a script controls."""

from __future__ import annotations

import json

from bofbot.practice.account import INVOICES
from bofbot.practice.pages.gate import guarded
from bofbot.practice.troubles import after_booking, before_booking
from bofbot.practice.web import JSONResponse, Request, Response, Route, office_of, page, speaks
from bofbot.words import Sentence

_ASKED = {
    "name": Sentence(en="Vendor name", ja="取引先名"),
    "kana": Sentence(en="Name in kana", ja="フリガナ"),
    "bank": Sentence(en="Bank", ja="金融機関"),
    "branch": Sentence(en="Branch", ja="支店"),
    "account": Sentence(en="Account number", ja="口座番号"),
    "holder": Sentence(en="Account holder", ja="口座名義"),
}


@guarded
async def listing(request: Request) -> Response:
    names = {invoice.customer: invoice.reading for invoice in INVOICES}
    return page(request, "vendors.html", known=names, added=office_of(request).shown("vendors"))


@guarded
async def new(request: Request) -> Response:
    language = speaks(request)
    asked = {name: label.said_in(language) for name, label in _ASKED.items()}
    return page(request, "vendor_form.html", asked=asked)


@guarded
async def create(request: Request) -> Response:
    """Takes JSON as the page's script sends it; answers with the receipt or with what is wrong."""
    office, language = office_of(request), speaks(request)
    try:
        sent = json.loads(await request.body())
        form = {name: str(sent.get(name, "")).strip() for name in _ASKED}
    except (ValueError, AttributeError):
        return JSONResponse({"errors": {"": "JSON"}}, 400)
    errors = {
        name: Sentence(en=f"Enter “{label.en}”.", ja=f"「{label.ja}」を入力してください。").said_in(language)
        for name, label in _ASKED.items()
        if not form[name]
    }
    if form["account"] and not (
        form["account"].isascii() and form["account"].isdecimal() and len(form["account"]) == 7
    ):
        errors["account"] = Sentence(
            en="“Account number” has 7 digits.", ja="「口座番号」は数字7桁で入力してください。"
        ).said_in(language)
    if errors:
        return JSONResponse({"errors": errors}, 422)
    await before_booking(request, form["name"])
    booking = office.book.add("vendors", form["name"], form, office.clock(), request.state.number)
    await after_booking(request, form["name"])
    return JSONResponse({"receipt": booking.receipt})


ROUTES = [
    Route("/vendors", listing),
    Route("/vendors", create, methods=["POST"]),
    Route("/vendors/new", new),
]
