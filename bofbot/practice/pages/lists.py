"""Long lists, shown in every way that sites show them: pages, numbers, more on request, while scrolling, as cards."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from bofbot.practice.pages.gate import guarded
from bofbot.practice.web import JSONResponse, Request, Response, Route, page

WAYS = (
    "pages",
    "numbers",
    "more",
    "scroll",
    "virtual",
    "grid",
    "headings",
    "cards",
    "boxes",
    "split",
)
"""`pages` also takes `?state=` (a total that is stated; `none`), `?overlap=1` (rows that stand on two pages) and
`?stuck=3` (a button for a page that does not come)."""
TOTAL, SIZE = 123, 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    number: str
    day: str
    payee: str
    net: int
    tax: int


def entries() -> list[Entry]:
    """The same every time; amounts are in no order, payees and days repeat."""
    first, payees = date(2026, 4, 1), ("青木商店", "株式会社いろは", "宇野電機", "江戸川印刷")
    nets = [1000 + (at * 7919) % 90_001 for at in range(TOTAL)]
    return [
        Entry(
            f"T-{at + 1:04}",
            (first + timedelta(days=at // 3)).isoformat().replace("-", "/"),
            payees[at % 4],
            net,
            net // 10,
        )
        for at, net in enumerate(nets)
    ]


@guarded
async def shown(request: Request) -> Response:
    way = request.path_params["way"]
    if way not in WAYS:
        return page(request, "missing.html", 404)
    asked, everything = request.query_params, entries()
    at = int(asked.get("page", "1"))
    at = min(at, int(asked.get("stuck", "99")))
    step = SIZE - 1 if asked.get("overlap") else SIZE
    pages = -(-TOTAL // step)
    begin = (at - 1) * step
    return page(
        request, f"list_{way}.html",
        entries=everything[begin : begin + SIZE] if way == "pages" else everything[:24],
        at=at, pages=pages, begin=begin, total=asked.get("state", str(TOTAL)), query=_kept(request),
    )  # fmt: skip


def _kept(request: Request) -> str:
    return "".join(f"&{name}={value}" for name, value in request.query_params.items() if name != "page")


@guarded
async def some(request: Request) -> Response:
    """The lines `from` … `to`, for pages that fetch them; `by` sorts, `-net` the largest first."""
    asked = request.query_params
    by = asked.get("by", "number")
    ordered = sorted(entries(), key=lambda entry: getattr(entry, by.lstrip("-")), reverse=by.startswith("-"))
    begin, end = int(asked.get("from", "0")), int(asked.get("to", str(TOTAL)))
    return JSONResponse({"total": TOTAL, "rows": [asdict(entry) for entry in ordered[begin:end]]})


ROUTES = [Route("/lists/rows", some), Route("/lists/{way}", shown)]
