"""全銀 files: 振込入金通知 (01), 入出金取引明細 (03) and payment orders (総合振込, 給与, 賞与), with every total proved.

Fixed records of 200 or 120 characters; the separator is CRLF, LF, CR or nothing; 0x1A may follow; lines may have lost
their trailing blanks; UTF-8 copies are counted in characters. Years are those of a Japanese era."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bofbot.statements.model import Control, Entry, Kind, Refused, Statement
from bofbot.statements.notation import bad_amount, bad_date
from bofbot.statements.options import Options
from bofbot.statements.progress import ticking
from bofbot.statements.zengin_layouts import (
    KINDS,
    LENGTH,
    NAMES,
    OTHER_TYPES,
    SAME_AS,
    SLICES,
    TRANSACTIONS,
    RecordKind,
)
from bofbot.words import Sentence

NAME = "zengin"

_HEADER = re.compile(rb"1(0[1-49]|11|12|21|41|4[345]|71|72|9[1389])[01]\d{6}")
_EBCDIC_HEADER = re.compile(rb"\xf1[\xf0-\xf9]{2}[\xf0\xf1][\xf0-\xf9]{6}")
_SEPARATOR = re.compile(r"\r\n|\n|\r")
_KIND_OF: dict[str, Kind] = {"01": "movements", "03": "account", "21": "payments", "91": "payments"}
_ERAS = (2018, 1988, 1925)  # 令和 平成 昭和


def recognise(head: bytes) -> bool:
    """A header record: データ区分 1, a known 種別コード, a code set, digits; or the same in EBCDIC."""
    start = head.removeprefix(b"\xef\xbb\xbf")[:200]
    if _EBCDIC_HEADER.match(start):
        return True
    return bool(_HEADER.match(start)) and b"," not in start[:20] and b"\t" not in start[:20]


def read(data: bytes, options: Options) -> list[Statement]:
    """One statement per header and trailer. Raises Refused."""
    if _EBCDIC_HEADER.match(data[:10]):
        raise Refused(
            "ebcdic",
            Sentence(
                en="The file is in EBCDIC; ask the bank for JIS (コード区分 0).",
                ja="EBCDIC のファイルは読めません。JIS（コード区分 0）で受け取ってください。",
            ),
            line=1,
        )
    text, encoding = _text(data, options.encoding)
    business = text[1:3]
    layout = SAME_AS.get(business, business)
    if layout not in SLICES:
        name = OTHER_TYPES.get(business, "")
        raise Refused(
            "zengin-type",
            Sentence(
                en=f"全銀 type {business} ({name or 'unknown'}) is not a statement that can be read.",
                ja=f"種別コード {business}（{name or '不明'}）には対応していません。",
            ),
            line=1,
            fix=Sentence(
                en="Statements are types 01 and 03.",
                ja="明細は種別コード 01（振込入金通知）と 03（入出金取引明細）です。",
            ),
        )
    return _Reader(layout, business, encoding, options).statements(_records(text, LENGTH[layout]))


def _text(data: bytes, encoding: str) -> tuple[str, str]:
    """Text whose characters count like the file's positions: bytes for JIS and cp932, characters for UTF-8."""
    data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\x1a\x00")
    if not encoding and not data.isascii():
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig"):
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            raise _not_kana(0) from None
    return data.decode("latin-1"), "cp932"


def _not_kana(line: int) -> Refused:
    return Refused(
        "wrong-encoding",
        Sentence(
            en="The record is neither JIS, cp932 nor UTF-8.",
            ja="レコードをJIS・シフトJIS・UTF-8のいずれとしても読めません。",
        ),
        line=line,
    )


def _records(text: str, length: int) -> list[str]:
    """Records of full length. Raises Refused `cut-file` or `record-length` with the record's number."""
    if "\n" in text or "\r" in text:
        lines = _SEPARATOR.split(text)
        while lines and not lines[-1].strip():
            lines.pop()
        for number, line in enumerate(lines, 1):
            if len(line.rstrip()) > length or not line.strip():
                raise _wrong_length(number, len(line), length)
        return [line[:length].ljust(length) for line in lines]
    text = text.rstrip(" ") if len(text) % length else text
    whole, rest = divmod(len(text), length)
    if rest and text[whole * length] == "9" and not text[whole * length + 1 :].strip("0123456789"):
        text, whole, rest = text.ljust((whole + 1) * length), whole + 1, 0
    if rest:
        raise Refused(
            "cut-file",
            Sentence(
                en=f"Record {whole + 1} has {rest} of {length} characters: the file is cut.",
                ja=f"{whole + 1} 番目のレコードが {length} 文字中 {rest} 文字しかありません。ファイルが途中で切れています。",
            ),
            line=whole + 1,
        )
    return [text[at : at + length] for at in range(0, len(text), length)]


def _wrong_length(number: int, found: int, length: int) -> Refused:
    return Refused(
        "record-length",
        Sentence(
            en=f"The record has {found} characters instead of {length}.",
            ja=f"レコードの長さが {length} 文字ではなく {found} 文字です。",
        ),
        line=number,
    )


class _Reader:
    """One file being read, record by record."""

    def __init__(self, layout: str, business: str, encoding: str, options: Options) -> None:
        self.layout, self.business, self.encoding = layout, business, encoding
        self.fields, self.options = SLICES[layout], options
        self.today = options.today or date.today()  # noqa: DTZ011 - the era is the one nearest to this day
        self.days: dict[str, date | None] = {}

    def statements(self, records: list[str]) -> list[Statement]:
        """Header, data …, trailer; header … ; end. Anything else is refused with the record's number."""
        found: list[Statement] = []
        header: tuple[str, int] | None = None
        entries: list[Entry] = []
        ended = 0
        for number, record in enumerate(ticking(records, len(records), self.options), 1):
            kind = KINDS.get(record[0])
            if ended or kind is None or (header is None) != (kind in ("header", "end")):
                raise _out_of_place(number, record[0])
            if kind == "header":
                header, entries = (self._same_type(record, number), number), []
            elif kind == "data":
                entries.append(self._entry(record, number, header[0] if header else ""))
            elif kind == "trailer" and header:
                found.append(self._statement(header[0], entries, record, number, header[1]))
                header = None
            else:
                ended = number
        if not ended or not found:
            raise Refused(
                "cut-file",
                Sentence(
                    en="The end record is missing: the file is cut.",
                    ja="エンド・レコードがありません。ファイルが途中で切れています。",
                ),
                line=len(records),
            )
        return self._with_totals(found, records, ended)

    def _same_type(self, record: str, number: int) -> str:
        if record[1:3] != self.business:
            raise _out_of_place(number, record[:3])
        return record

    def _with_totals(self, found: list[Statement], records: list[str], ended: int) -> list[Statement]:
        """The end record's totals stand for the whole file; they are proved with its last statement."""
        if self.layout != "03":
            return found
        from dataclasses import replace

        end = records[ended - 1]
        controls = found[-1].controls
        for field, name, counted in (
            ("total", "record-count", len(records)),
            ("accounts", "account-count", len(found)),
        ):
            if self._raw(end, "end", field).strip():
                controls += (Control(name, self._number(end, "end", field, ended), Decimal(counted), ended),)
        return [*found[:-1], replace(found[-1], controls=controls)]

    def _entry(self, record: str, line: int, header: str) -> Entry:
        amount = self._number(record, "data", "amount", line)
        if self.layout in ("21", "91"):
            day = self._month_day(header, line)
            who = self._words(record, "data", "payee", line)
            where = " ".join(
                self._raw(record, "data", name).strip() for name in ("to_bank", "to_branch", "to_account")
            )
            return Entry(day, amount, where, counterparty=who, line=line)
        if self.layout == "03":
            direction = self._raw(record, "data", "direction")
            if direction not in ("1", "2"):
                raise bad_amount(f"入払区分 {direction}", line)
            amount = amount if direction == "1" else -amount
        elif self._raw(record, "data", "cancelled") == "1":
            amount = -amount
        payer = self._words(record, "data", "payer", line)
        words = [
            self._words(record, "data", name, line) for name in ("text", "edi") if name in self.fields["data"]
        ]
        reason = TRANSACTIONS.get(self._raw(record, "data", "reason"), "") if self.layout == "03" else ""
        return Entry(
            self._day(record, "data", "day", line), amount, " ".join(w for w in (reason, payer, *words) if w), None,
            self._value_day(record, line), self._raw(record, "data", "number").strip(), payer, line,
        )  # fmt: skip

    def _value_day(self, record: str, line: int) -> date | None:
        written = self._raw(record, "data", "value_day")
        return None if not written.strip(" 0") else self._day(record, "data", "value_day", line)

    def _statement(
        self, header: str, entries: list[Entry], trailer: str, line: int, header_line: int
    ) -> Statement:
        opening = closing = None
        if self.layout == "03":
            opening = self._balance(header, "header", header_line)
            closing = self._balance(trailer, "trailer", line)
        dated = self.layout in ("01", "03")
        account = self._raw(header, "header", "account").strip()
        return Statement(
            account=account[-7:] if len(account) > 7 and not account[:-7].strip("0") else account, currency="JPY",
            entries=tuple(entries), opening=opening, closing=closing,
            first_day=self._day(header, "header", "from", header_line) if dated else None,
            last_day=self._day(header, "header", "to", header_line) if dated else None,
            kind=_KIND_OF[self.layout],
            title=self._words(header, "header", "owner", header_line), number=NAMES[self.business],
            controls=tuple(self._controls(trailer, line)),
        )  # fmt: skip

    def _controls(self, trailer: str, line: int) -> Iterator[Control]:
        names = {
            "01": {"credits": "credit-count", "credit_sum": "credit-sum", "cancels": "debit-count", "cancel_sum": "debit-sum"},
            "03": {"credits": "credit-count", "credit_sum": "credit-sum", "debits": "debit-count", "debit_sum": "debit-sum", "records": "entry-count"},
            "21": {"count": "entry-count", "sum": "entry-sum"},
            "91": {"count": "entry-count", "sum": "entry-sum"},
        }[self.layout]  # fmt: skip
        for field, control in names.items():
            yield Control(control, self._number(trailer, "trailer", field, line), line=line)

    def _balance(self, record: str, kind: RecordKind, line: int) -> Decimal:
        """貸越区分 2 means overdrawn: the balance is negative."""
        amount = self._number(record, kind, "balance", line)
        return -amount if self._raw(record, kind, "overdraft") == "2" else amount

    def _raw(self, record: str, kind: RecordKind, field: str) -> str:
        return record[self.fields[kind][field]]

    def _number(self, record: str, kind: RecordKind, field: str, line: int) -> Decimal:
        written = self._raw(record, kind, field).strip()
        if not (written.isascii() and written.isdigit()):
            raise bad_amount(written, line)
        return Decimal(written)

    def _words(self, record: str, kind: RecordKind, field: str, line: int) -> str:
        """A text field in full-width kana, as people read it."""
        written = self._raw(record, kind, field).rstrip()
        if not written:
            return ""
        if self.encoding == "cp932" and not written.isascii():
            try:
                written = written.encode("latin-1").decode("cp932")
            except (UnicodeDecodeError, UnicodeEncodeError):
                raise _not_kana(line) from None
        return unicodedata.normalize("NFKC", written).strip()

    def _day(self, record: str, kind: RecordKind, field: str, line: int) -> date:
        written = self._raw(record, kind, field)
        if written not in self.days:
            self.days[written] = era_date(written, self.today)
        day = self.days[written]
        if day is None:
            raise bad_date(written, line)
        return day

    def _month_day(self, header: str, line: int) -> date:
        """The day of transfer (MMDD) in the year nearest to today."""
        written = self._raw(header, "header", "month_day")
        days = [_date(self.today.year + step, written) for step in (-1, 0, 1)]
        known = [day for day in days if day]
        if not known:
            raise bad_date(written, line)
        return min(known, key=lambda day: abs((day - self.today).days))


def era_date(written: str, today: date) -> date | None:
    """YYMMDD in the years of an era: of 令和, 平成 and 昭和 the one that lies nearest to `today`."""
    if not (written.isascii() and written.isdigit() and len(written) == 6):
        return None
    days = [day for first in _ERAS if (day := _date(first + int(written[:2]), written[2:]))]
    return min(days, key=lambda day: abs((day - today).days), default=None)


def _date(year: int, month_day: str) -> date | None:
    try:
        return date(year, int(month_day[:2]), int(month_day[2:]))
    except ValueError:
        return None


def _out_of_place(number: int, written: str) -> Refused:
    return Refused(
        "record-order",
        Sentence(
            en=f"A record of this kind ({written}) cannot stand here.",
            ja=f"ここに現れるはずのないレコードです（区分 {written}）。",
        ),
        line=number,
    )
