"""The bank: accounts, a month's lines, and the statement handed out in every way banks have thought of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from bofbot.practice.account import ACCOUNT, BANK, BRANCH, HOLDER, MONTHS, BankMonth, bank_month
from bofbot.practice.bank_days import ACCOUNTS, MOST_DAYS, bank_days
from bofbot.practice.foreign_papers import as_bai2, as_camt, as_mt940, as_qif
from bofbot.practice.pages.delivery import BROKEN, broken, deliver, named_oddly
from bofbot.practice.pages.gate import guarded
from bofbot.practice.papers import as_csv, as_ofx, as_zip
from bofbot.practice.pdf import as_pdf
from bofbot.practice.web import JSONResponse, Request, Response, Route, form_of, go, page
from bofbot.practice.workbooks import statement_book
from bofbot.practice.zengin import as_zengin
from bofbot.words import Sentence

PAPERS: dict[str, tuple[Callable[[BankMonth], bytes], str]] = {
    "csv": (as_csv, "入出金明細_{month}.csv"),
    "pdf": (as_pdf, "入出金明細_{month}.pdf"),
    "txt": (as_zengin, "全銀_{month}.txt"),
    "ofx": (as_ofx, "statement_{month}.ofx"),
    "xlsx": (statement_book, "入出金明細_{month}.xlsx"),
    "sta": (as_mt940, "statement_{month}.sta"),
    "xml": (as_camt, "camt053_{month}.xml"),
    "bai": (as_bai2, "statement_{month}.bai"),
    "qif": (as_qif, "statement_{month}.qif"),
    "zip": (lambda month: as_zip({f"入出金明細_{month.month}.csv": as_csv(month)}), "入出金明細_{month}.zip"),
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
    "direct": Sentence(en="the address itself hands out the file", ja="URL を開くとファイルが届く"),
    "redirect": Sentence(en="two redirects before the file", ja="2回転送されてからファイルが届く"),
    "twice": Sentence(en="the same file handed out twice", ja="同じファイルが2回届く"),
    "sjis-name": Sentence(en="a file name in raw Shift_JIS", ja="ファイル名が生の Shift_JIS"),
    "evil-name": Sentence(en="a file name with ../../", ja="ファイル名に ../../ を含む"),
    "long-name": Sentence(en="a file name of 200 kanji", ja="ファイル名が漢字200文字"),
    "no-content": Sentence(en="204: there is nothing to download", ja="204（対象データなし）"),
    "zero-bytes": Sentence(en="an empty file", ja="空のファイル（0バイト）"),
    "html-as-pdf": Sentence(en="an error page sent as a PDF", ja="PDF として送られるエラー画面"),
    "cut": Sentence(en="cut short, the length was announced", ja="途中で切れる（Content-Length あり）"),
    "cut-silently": Sentence(
        en="a PDF cut short without a word", ja="途中で切れた PDF が正常終了に見える（Content-Length なし）"
    ),
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
    if name == "popup":
        return page(request, "bank_popup.html", month=MONTHS[-1])
    if name == "zip":
        await asyncio.sleep(2)
        papers = dict(_paper(month, kind)[::-1] for month in MONTHS for kind in ("csv", "pdf"))
        return deliver(request, as_zip(papers), "入出金明細.zip")
    if name in ("direct", "twice"):
        return deliver(request, csv, csv_name)
    if name == "redirect":
        again = "again" in request.query_params
        return go(f"/bank/{MONTHS[-1]}/statement.csv" if again else "/bank/ways/redirect?again=1")
    if name in BROKEN:
        return broken(
            request, name, *_paper(MONTHS[-1], "pdf" if "pdf" in name or name == "cut-silently" else "csv")
        )
    return named_oddly(request, name, csv, csv_name) or page(request, "missing.html", 404)


@guarded
async def period(request: Request) -> Response:
    """The form that asks for an account, two days and a format."""
    return _period_page(request)


@guarded
async def period_file(request: Request) -> Response:
    """What that form hands out, or the form again with what is wrong about the days."""
    asked = request.query_params
    account, kind = asked.get("account", ""), asked.get("kind", "csv")
    if account not in ACCOUNTS.values() or kind not in PAPERS:
        return page(request, "missing.html", 404)
    try:
        first, last = (date.fromisoformat(asked.get(name, "")) for name in ("first", "last"))
    except ValueError:
        return _period_page(request, Sentence(en="Enter both days.", ja="照会期間を入力してください。"))
    if last > date.today():  # noqa: DTZ011 - a bank's own day
        return _period_page(
            request, Sentence(en="Days to come cannot be asked for.", ja="将来の日は照会できません。")
        )
    if not 0 <= (last - first).days < MOST_DAYS:
        return _period_page(
            request,
            Sentence(en=f"At most {MOST_DAYS} days at once.", ja=f"照会期間は{MOST_DAYS}日以内です。"),
        )
    make, name = PAPERS[kind]
    return deliver(request, make(bank_days(account, first, last)), name.format(month=f"{first}_{last}"))


def _period_page(request: Request, wrong: Sentence | None = None) -> Response:
    return page(
        request, "bank_period.html", accounts=ACCOUNTS, kinds=list(PAPERS), most=MOST_DAYS, wrong=wrong,
        asked=request.query_params,
    )  # fmt: skip


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
    Route("/bank/period", period),
    Route("/bank/period/file", period_file),
    Route("/bank/ways", ways),
    Route("/bank/ways/{way}", way),
    Route("/bank/{month}/lines.json", lines),
    Route("/bank/{month}/statement.{kind}", paper),
]
