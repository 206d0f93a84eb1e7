"""A month of the account as the bank hands it out in files: CSV and OFX (PDF and 全銀 have modules of their own)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import date

from bofbot.practice.account import BANK, BRANCH, HOLDER, BankMonth

HEADINGS = ("取引日", "摘要", "摘要内容", "お支払金額", "お預り金額", "差引残高")


def as_csv(month: BankMonth) -> bytes:
    """cp932, CRLF, every field quoted: eight lines about the account and the month, the columns, the lines."""
    text = io.StringIO()
    out = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    out.writerow([BANK, "入出金明細"])
    out.writerow(["店名", BRANCH])
    out.writerow(["口座番号", f"普通 {month.account}"])
    out.writerow(["口座名義", HOLDER])
    out.writerow(["照会期間", f"{slashed(month.first_day)}～{slashed(month.last_day)}"])
    out.writerow(["明細件数", str(len(month.lines))])
    out.writerow(["前月残高", f"{month.opening:,}"])
    out.writerow(["当月末残高", f"{month.closing:,}"])
    text.write("\r\n")
    out.writerows(as_rows(month)[:-1])
    return text.getvalue().encode("cp932")


def as_ofx(month: BankMonth) -> bytes:
    """OFX 1.0.2 (SGML), UTF-8; FITID is the day and the line's number in it, whatever days were asked for."""
    of_day: Counter[date] = Counter()

    def identity(day: date) -> str:
        of_day[day] += 1
        return f"{day:%Y%m%d}{of_day[day]:03d}"

    entries = "\r\n".join(
        f"<STMTTRN><TRNTYPE>{'CREDIT' if line.paid_in else 'DEBIT'}<DTPOSTED>{line.day:%Y%m%d}120000[+9:JST]"
        f"<TRNAMT>{line.paid_in or -line.paid_out}<FITID>{identity(line.day)}"
        f"<NAME>{line.content[:32]}<MEMO>{line.kind}</STMTTRN>"
        for line in month.lines
    )
    body = (
        "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\n"
        "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
        f"<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>{month.last_day:%Y%m%d}<LANGUAGE>JPN"
        "</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS>"
        f"<CURDEF>JPY<BANKACCTFROM><BANKID>9999<BRANCHID>001<ACCTID>{month.account}<ACCTTYPE>SAVINGS</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>{month.first_day:%Y%m%d}<DTEND>{month.last_day:%Y%m%d}\r\n{entries}\r\n</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{month.closing}<DTASOF>{month.last_day:%Y%m%d}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\r\n"
    )
    return body.encode()


def as_zip(files: dict[str, bytes]) -> bytes:
    """Files by name in one archive, dated alike so that the bytes are the same every time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0)), content)
    return made.getvalue()


def as_rows(month: BankMonth) -> list[list[str]]:
    """Headings, lines and the line of totals, as text."""
    lines = [
        [
            slashed(line.day),
            line.kind,
            line.content,
            _yen(line.paid_out),
            _yen(line.paid_in),
            f"{line.balance:,}",
        ]
        for line in month.lines
    ]
    totals = [
        "合計",
        "",
        f"{len(month.lines)}件",
        _yen(month.paid_out),
        _yen(month.paid_in),
        f"{month.closing:,}",
    ]
    return [list(HEADINGS), *lines, totals]


def slashed(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def _yen(amount: int) -> str:
    return f"{amount:,}" if amount else ""
