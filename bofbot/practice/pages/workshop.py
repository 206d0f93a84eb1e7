"""The workshop behind the portal: the fault switches and the book of effects, as pages and as JSON. No login."""

from __future__ import annotations

import json

from bofbot.errors import UsageError
from bofbot.practice.faults import FAULTS
from bofbot.practice.web import JSONResponse, Request, Response, Route, form_of, go, office_of, page


async def show_faults(request: Request) -> Response:
    active = {fault.name: fault for fault in office_of(request).faults.active}
    if _wants_json(request):
        return JSONResponse(
            [{name: getattr(fault, name) for name in fault.__dataclass_fields__} for fault in active.values()]
        )
    return page(request, "faults.html", switches=FAULTS, active=active)


async def set_faults(request: Request) -> Response:
    """A form, or JSON: {"set": ["slow:seconds=2"], "clear": ["down"]}; "clear": true clears all."""
    faults = office_of(request).faults
    try:
        if _is_json(request):
            asked = json.loads(await request.body() or b"{}")
            cleared = asked.get("clear", [])
            for name in [None] if cleared is True else cleared:
                faults.clear(name)
            for text in asked.get("set", []):
                faults.add(text)
            return await show_faults(request) if _wants_json(request) else JSONResponse({"ok": True})
        form = await form_of(request)
        if form.get("clear"):
            faults.clear(None if form["clear"] == "*" else form["clear"])
        if form.get("set"):
            options = ",".join(
                f"{name}={form[name]}" for name in ("times", "path", "key", "seconds") if form.get(name)
            )
            faults.add(form["set"] + (":" + options if options else ""))
    except (UsageError, ValueError) as error:
        return JSONResponse({"error": str(error)}, 400)
    return go("/practice/faults")


async def show_book(request: Request) -> Response:
    book = office_of(request).book
    if _wants_json(request):
        return JSONResponse(
            [
                {"kind": b.kind, "key": b.key, "receipt": b.receipt, "at": b.at.isoformat(), "request": b.request, "payload": dict(b.payload)}
                for b in book.bookings
            ]
        )  # fmt: skip
    return page(request, "book.html", bookings=list(book.bookings), twice=book.twice())


async def start_again(request: Request) -> Response:
    office_of(request).start_again()
    return go("/practice/book")


def _wants_json(request: Request) -> bool:
    return request.url.path.endswith(".json") or "application/json" in request.headers.get("accept", "")


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


ROUTES = [
    Route("/practice/faults", show_faults),
    Route("/practice/faults.json", show_faults),
    Route("/practice/faults", set_faults, methods=["POST"]),
    Route("/practice/faults.json", set_faults, methods=["POST"]),
    Route("/practice/book", show_book),
    Route("/practice/book.json", show_book),
    Route("/practice/reset", start_again, methods=["POST"]),
]
