"""The bank: accounts, a month's lines, and the statement handed out in every way banks have thought of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bofbot.practice.account import ACCOUNT, BANK, BRANCH, HOLDER, MONTHS, BankMonth, bank_month
from bofbot.practice.pages.delivery import deliver
from bofbot.practice.pages.gate import guarded
from bofbot.practice.papers import as_csv, as_ofx, as_zip
from bofbot.practice.pdf import as_pdf
from bofbot.practice.web import JSONResponse, Request, Response, Route, form_of, page
from bofbot.practice.zengin import as_zengin
from bofbot.words import Sentence

PAPERS: dict[str, tuple[Callable[[BankMonth], bytes], str]] = {
    "csv": (as_csv, "入出金明細_{month}.csv"),
    "pdf": (as_pdf, "入出金明細_{month}.pdf"),
    "txt": (as_zengin, "全銀_{month}.txt"),
    "ofx": (as_ofx, "statement_{month}.ofx"),
}
"""What can be downloaded: how it is made, and under which name it comes."""

WAYS: dict[str, Sentence] = {
    "attachment": Sentence(en="a link to an attachment", ja="リンク（添付として）"),
    "inline": Sentence(en="a PDF shown in the same tab", ja="PDF を同じタブに表示"),
    "new-tab": Sentence(en="a PDF shown in a new tab", ja="PDF を新しいタブに表示"),
    "popup": Sentence(en="a popup window that downloads", ja="別ウィンドウからダウンロード"),
    "iframe": Sentence(en="a PDF inside a frame of the page", ja="ページ内の枠に PDF を表示"),
    "post": Sentence(en="a form sent by POST", ja="フォーム送信（POST）でダウンロード"),
    "confirm": Sentence(en="after a confirm() dialog", ja="確認ダイアログのあとにダウンロード"),
    "late": Sentence(
        en="the download starts two seconds after the click", ja="クリックの2秒後に始まるダウンロード"
    ),
    "blob": Sentence(en="a blob: URL made by the page", ja="画面が作る blob: のダウンロード"),
    "blob-tab": Sentence(en="a blob: URL opened in a new tab", ja="blob: を新しいタブに表示"),
    "zip": Sentence(en="all months in one zip, built on the server", ja="全月を zip でまとめて（作成に2秒）"),
    "sjis-name": Sentence(en="a file name in raw Shift_JIS", ja="ファイル名が生の Shift_JIS"),
    "evil-name": Sentence(en="a file name with ../../", ja="ファイル名に ../../ を含む"),
    "long-name": Sentence(en="a file name of 200 kanji", ja="ファイル名が漢字200文字"),
    "no-content": Sentence(en="204: there is nothing to download", ja="204（対象データなし）"),
    "error-attachment": Sentence(
        en="an error 500 with an attachment's header", ja="500 エラーなのに添付ファイル"
    ),
}
"""The ways of the page /bank/ways; each has its button there and its address /bank/ways/NAME."""


@guarded
async def accounts(request: Request) -> Response:
    latest = bank_month(MONTHS[-1])
    return page(request, "bank.html", bank=BANK, branch=BRANCH, account=ACCOUNT, holder=HOLDER, month=latest)


@guarded
async def statements(request: Request) -> Response:
    """The lines of one month (`month=2026-10`), all on one page, with the buttons to download them."""
    month = request.query_params.get("month", MONTHS[-1])
    shown = bank_month(month) if month in MONTHS else None
    return page(request, "statements.html", months=MONTHS[::-1], month=month, shown=shown, account=ACCOUNT)


@guarded
async def paper(request: Request) -> Response:
    """/bank/2026-10/statement.csv; with ?show=1 inline."""
    month, kind = request.path_params["month"], request.path_params["kind"]
    if month not in MONTHS or kind not in PAPERS:
        return page(request, "missing.html", 404)
    return deliver(request, *_paper(month, kind), inline="show" in request.query_params)


@guarded
async def export(request: Request) -> Response:
    form = await form_of(request)
    month, kind = form.get("month", ""), form.get("kind", "csv")
    if month not in MONTHS or kind not in PAPERS:
        return page(request, "missing.html", 404)
    return deliver(request, *_paper(month, kind))


@guarded
async def ways(request: Request) -> Response:
    return page(request, "ways.html", ways=WAYS, months=MONTHS[::-1], month=MONTHS[-1])


@guarded
async def way(request: Request) -> Response:
    """The odd ways that need an address of their own."""
    name = request.path_params["way"]
    csv, csv_name = _paper(MONTHS[-1], "csv")
    if name == "zip":
        await asyncio.sleep(2)
        papers = dict(_paper(month, kind)[::-1] for month in MONTHS for kind in ("csv", "pdf"))
        return deliver(request, as_zip(papers), "入出金明細.zip")
    if name == "popup":
        return page(request, "bank_popup.html", month=MONTHS[-1])
    if name == "sjis-name":
        raw = f'attachment; filename="{csv_name}"'.encode("cp932").decode("latin-1")
        return deliver(request, csv, csv_name, disposition=raw)
    if name == "evil-name":
        return deliver(request, csv, csv_name, disposition='attachment; filename="../../CON"')
    if name == "long-name":
        return deliver(request, csv, "明" * 200 + ".csv")
    if name == "no-content":
        return Response(status_code=204)
    if name == "error-attachment":
        broken = deliver(request, b"Internal Server Error", csv_name)
        broken.status_code = 500
        return broken
    return page(request, "missing.html", 404)


@guarded
async def lines(request: Request) -> Response:
    """The lines as JSON: for comparing what a robot read from the page."""
    month = request.path_params["month"]
    if month not in MONTHS:
        return JSONResponse({"error": "no such month"}, 404)
    shown = bank_month(month)
    rows = [
        {
            "day": line.day.isoformat(),
            "content": line.content,
            "out": line.paid_out,
            "in": line.paid_in,
            "balance": line.balance,
        }
        for line in shown.lines
    ]
    return JSONResponse({"opening": shown.opening, "closing": shown.closing, "lines": rows})


def _paper(month: str, kind: str) -> tuple[bytes, str]:
    make, name = PAPERS[kind]
    return make(bank_month(month)), name.format(month=month)


ROUTES = [
    Route("/bank", accounts),
    Route("/bank/statements", statements),
    Route("/bank/export", export, methods=["POST"]),
    Route("/bank/ways", ways),
    Route("/bank/ways/{way}", way),
    Route("/bank/{month}/lines.json", lines),
    Route("/bank/{month}/statement.{kind}", paper),
]
