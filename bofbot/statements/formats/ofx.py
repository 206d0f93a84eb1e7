"""OFX 1.x (SGML) and 2.x (XML), QFX and QBO: bank, card and the cash side of investments. Source: OFX 2.2 (2017)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from html import unescape

from bofbot.statements.day_notation import bad_date
from bofbot.statements.decoding import decode
from bofbot.statements.markup import refuse_entities
from bofbot.statements.model import Entry, Refused, Remark, Statement, no_statement
from bofbot.statements.notation import bad_amount, decimal_mark, read_amount
from bofbot.statements.options import Options
from bofbot.statements.progress import ticking
from bofbot.words import Sentence

NAME = "ofx"

_START = re.compile(r"<OFX>", re.I)
_END = re.compile(r"</OFX>[^<]*\Z", re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_RESPONSE = re.compile(r"<(STMTRS|CCSTMTRS|INVSTMTRS)>")
_LIST = re.compile(r"<(BANKTRANLIST|INVTRANLIST)>")
_LEAF = re.compile(r"<([A-Z0-9.]+)>\s*([^<\s][^<]*)")
_LOWER_TAG = re.compile(r"</?[a-z][a-z0-9.]*>")
_TRANSACTION = re.compile(
    r"<(STMTTRN|BUYDEBT|BUYMF|BUYOPT|BUYOTHER|BUYSTOCK|CLOSUREOPT|INCOME|INVEXPENSE|JRNLFUND|JRNLSEC|MARGININTEREST"
    r"|REINVEST|RETOFCAP|SELLDEBT|SELLMF|SELLOPT|SELLOTHER|SELLSTOCK|SPLIT|TRANSFER)>"
)
_LEDGER = re.compile(r"<LEDGERBAL>(.*?)(?:</LEDGERBAL>|<AVAILBAL>|\Z)", re.S)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{0,6}(?:\.\d*)?)?(?:\[[^\]]*\]?)?\Z")
_FIGURES = re.compile(r"[+-]? ?[\d.,' ]+-?", re.ASCII)
_PLAIN_AMOUNT = re.compile(r"[+-]?\d{1,18}(?:\.\d{0,9})?\Z", re.ASCII)


def recognise(head: bytes) -> bool:
    """An OFX header (1.x or 2.x), or the root element itself."""
    start = head.lstrip(codecs.BOM_UTF8).lstrip()[:4000].upper()
    return start.startswith((b"OFXHEADER", b"<OFX>")) or b"<?OFX" in start or b"\n<OFX>" in start


def read(data: bytes, options: Options) -> list[Statement]:
    """Every bank, card and investment statement response. Raises Refused."""
    refuse_entities(data)
    text = _text(data, options.encoding)
    root = _START.search(text)
    if root is None:
        raise Refused("not-ofx", Sentence(en="The OFX element is missing.", ja="OFX の要素がありません。"))
    if not _END.search(text):
        raise Refused(
            "cut-file",
            Sentence(
                en="The file ends before </OFX>: it is cut.",
                ja="</OFX> の前で終わっています。ファイルが途中で切れています。",
            ),
            line=text.count("\n") + 1,
        )
    responses = list(_parts(_RESPONSE, text, root.end(), len(text)))
    if not responses:
        raise no_statement(_why_none(text))
    return [_statement(tag, text, start, end, options) for tag, start, end in responses]


def _parts(opening: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """(tag, start, end) of what stands in these elements; SGML may leave an element open until the next."""
    found = list(opening.finditer(text, start, end))
    for index, one in enumerate(found):
        limit = found[index + 1].start() if index + 1 < len(found) else end
        closing = text.find(f"</{one[1]}>", one.end(), limit)
        yield one[1], one.end(), closing if closing >= 0 else limit


def _text(data: bytes, encoding: str) -> str:
    if not encoding:
        header = data[:1000].upper()
        named = re.search(rb'(?:CHARSET:\s*|ENCODING=["\'])([\w-]+)', header)
        if named and named[1].isdigit() and len(named[1]) > 2 and not data.isascii():
            encoding = f"cp{named[1].decode()}"
            try:
                data.decode("utf-8")
                encoding = ""  # many banks write UTF-8 under a header that says otherwise
            except UnicodeDecodeError:
                pass
    text = decode(data, encoding)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<!--" in text:
        text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    if "<OFX>" in text:
        return text
    return _LOWER_TAG.sub(lambda tag: tag[0].upper(), text)


def _statement(tag: str, text: str, start: int, end: int, options: Options) -> Statement:
    lists = list(_parts(_LIST, text, start, end))
    first_list = lists[0][1] if lists else end
    header = dict(_LEAF.findall(text, start, first_list))
    around = dict(_LEAF.findall(text, first_list, min(first_list + 600, end)))
    total = text.count("<STMTTRN>") if options.progress else 0
    entries = [
        entry for _, begin, stop in lists for entry in ticking(_entries(text, begin, stop), total, options)
    ]
    body = text[start:first_list] + text[lists[-1][2] if lists else end : end]
    closing, remark = _closing(body)
    remarks = [remark] if remark else []
    if not entries:
        remarks.append(_NO_ENTRIES)
    first, last = _day(around.get("DTSTART", "")), _day(around.get("DTEND", ""))
    return Statement(
        account=_clean(header.get("ACCTID", "")), currency=_clean(header.get("CURDEF", "")).upper() or options.currency,
        entries=tuple(_in_order(entries)), closing=None if tag == "INVSTMTRS" else closing,
        first_day=first, last_day=last, kind="investment" if tag == "INVSTMTRS" else "account",
        title=_clean(header.get("BANKID") or header.get("BROKERID") or ""), remarks=tuple(remarks),
    )  # fmt: skip


_NO_ENTRIES = Remark(
    "no-entries",
    Sentence(en="the account has no entry in this file", ja="このファイルには、この口座の明細がありません"),
)


def _entries(text: str, begin: int, stop: int) -> Iterator[Entry]:
    starts = list(_TRANSACTION.finditer(text, begin, stop))
    line, counted = text.count("\n", 0, begin) + 1, begin
    ends = [found.start() for found in starts[1:]] + [stop]
    for found, end in zip(starts, ends, strict=False):
        start = found.start()
        line += text.count("\n", counted, start)
        counted = start
        yield _entry(found[1], dict(_LEAF.findall(text, start, end)), line)


def _entry(kind: str, leaves: dict[str, str], line: int) -> Entry:
    if kind == "STMTTRN":
        return _bank_entry(leaves, line)
    day = _day(leaves.get("DTTRADE") or leaves.get("DTPOSTED", ""))
    if day is None:
        raise bad_date(leaves.get("DTTRADE", ""), line)
    # Reinvested income is paid and spent at once: no cash moves.
    amount = Decimal(0) if kind == "REINVEST" else _amount(leaves.get("TOTAL", "0"), line)
    text = _clean(leaves.get("MEMO", "")) or kind
    settled = _day(leaves["DTSETTLE"]) if "DTSETTLE" in leaves else None
    return Entry(day, amount, text, None, settled, _clean(leaves.get("FITID", "")), "", line)


def _bank_entry(leaves: dict[str, str], line: int) -> Entry:
    day = _day(leaves.get("DTPOSTED", ""))
    if day is None:
        raise bad_date(leaves.get("DTPOSTED", ""), line)
    if "TRNAMT" not in leaves:
        raise Refused(
            "missing-amount",
            Sentence(en="A transaction has no amount (TRNAMT).", ja="金額（TRNAMT）のない明細があります。"),
            line=line,
        )
    name, memo = _clean(leaves.get("NAME", "")), _clean(leaves.get("MEMO", ""))
    text = (
        f"{name} {memo}"
        if name and memo and memo != name
        else name or memo or leaves.get("TRNTYPE", "").strip()
    )
    value = _day(leaves["DTAVAIL"]) if "DTAVAIL" in leaves else None
    return Entry(
        day, _amount(leaves["TRNAMT"], line), text, None, value, _clean(leaves.get("FITID", "")), name, line
    )


def _amount(written: str, line: int) -> Decimal:
    bare = written.strip()
    if _PLAIN_AMOUNT.match(bare):
        return Decimal(bare)
    mark = decimal_mark([bare]) or ("," if "," in bare and "." not in bare else ".")
    # the standard allows a decimal comma, no grouping and no sign of a currency
    amount = read_amount(bare, mark) if _FIGURES.fullmatch(bare) else None
    if amount is None:
        raise bad_amount(bare, line)
    return amount


def _closing(body: str) -> tuple[Decimal | None, Remark | None]:
    ledger = _LEDGER.search(body)
    if ledger is None:
        return None, None
    stated = dict(_LEAF.findall(ledger[1])).get("BALAMT", "").strip()
    try:
        return Decimal(
            stated.replace(",", ".")
            if stated.count(",") == 1 and "." not in stated
            else stated.replace(",", "")
        ), None
    except InvalidOperation:
        return None, Remark(
            "ledger-balance", Sentence(en="the ledger balance is empty", ja="帳簿残高（LEDGERBAL）が空欄です")
        )


def _in_order(entries: list[Entry]) -> list[Entry]:
    return entries[::-1] if entries and entries[0].date > entries[-1].date else entries


@lru_cache(maxsize=8192)
def _day(written: str) -> date | None:
    found = _DAY.match(written.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _clean(text: str) -> str:
    text = text.strip()
    return unescape(text) if "&" in text else text


def _why_none(text: str) -> Sentence:
    status = re.search(r"<STATUS>(.*?)(?:</STATUS>|\Z)", text, re.S)
    leaves = dict(_LEAF.findall(status[1])) if status else {}
    if leaves.get("SEVERITY", "").strip() == "ERROR":
        said = _clean(leaves.get("MESSAGE", ""))[:120] or leaves.get("CODE", "").strip()
        return Sentence(
            en=f"the bank answered with an error: {said}", ja=f"銀行がエラーを返しています：{said}"
        )
    return Sentence(en="no account statement is in the answer.", ja="口座の明細が応答に含まれていません。")
