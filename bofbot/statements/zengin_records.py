"""全銀 files as records: characters that count like the file's positions, records of full length, fields by their kind of value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bofbot.statements.day_notation import bad_date
from bofbot.statements.model import Refused
from bofbot.statements.notation import bad_amount
from bofbot.statements.options import Options
from bofbot.statements.progress import ticking
from bofbot.statements.zengin_layouts import KINDS, SLICES, RecordKind
from bofbot.words import Sentence

_SEPARATOR = re.compile(r"\r\n|\n|\r")
_ERAS = (2018, 1988, 1925)  # 令和 平成 昭和


def text_of(data: bytes, encoding: str) -> tuple[str, str]:
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


def records_of(text: str, length: int) -> list[str]:
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


@dataclass(slots=True)
class Group:
    """A header, the data records that follow it one by one, and their trailer."""

    header: str
    header_line: int
    data: list[str]
    trailer: str = ""
    trailer_line: int = 0

    @property
    def numbered(self) -> Iterator[tuple[int, str]]:
        """The data records, each with its number in the file."""
        return enumerate(self.data, self.header_line + 1)


def groups_of(records: Sequence[str], business: str, options: Options) -> tuple[list[Group], int]:
    """Header, data …, trailer; header … ; end: the groups, and the end record's number. Anything else is refused."""
    groups: list[Group] = []
    open_group: Group | None = None
    ended = 0
    for number, record in enumerate(ticking(records, len(records), options), 1):
        kind = KINDS.get(record[0])
        if ended or kind is None or (open_group is None) != (kind in ("header", "end")):
            raise _out_of_place(number, record[0])
        if kind == "header":
            if record[1:3] != business:
                raise _out_of_place(number, record[:3])
            open_group = Group(record, number, [])
        elif kind == "data" and open_group:
            open_group.data.append(record)
        elif kind == "trailer" and open_group:
            open_group.trailer, open_group.trailer_line = record, number
            groups.append(open_group)
            open_group = None
        else:
            ended = number
    if not ended or not groups:
        raise Refused(
            "cut-file",
            Sentence(
                en="The end record is missing: the file is cut.",
                ja="エンド・レコードがありません。ファイルが途中で切れています。",
            ),
            line=len(records),
        )
    return groups, ended


class Fields:
    """The fields of a file's records, read with their kind of value. Everything that cannot be read is refused with its line."""

    def __init__(self, layout: str, encoding: str, today: date | None) -> None:
        self.layout, self.encoding = layout, encoding
        self.slices = SLICES[layout]
        self.today = today or date.today()  # noqa: DTZ011 - the era is the one nearest to this day
        self._days: dict[str, date | None] = {}

    def raw(self, record: str, kind: RecordKind, field: str) -> str:
        return record[self.slices[kind][field]]

    def number(self, record: str, kind: RecordKind, field: str, line: int) -> Decimal:
        """A count or an amount: digits and nothing else."""
        written = self.raw(record, kind, field).strip()
        if not (written.isascii() and written.isdigit()):
            raise bad_amount(written, line)
        return Decimal(written)

    def balance(
        self, record: str, kind: RecordKind, line: int, field: str = "balance", flag: str = "overdraft"
    ) -> Decimal:
        """A balance beside its 貸越区分, where 2 means overdrawn: negative."""
        amount = self.number(record, kind, field, line)
        return -amount if self.raw(record, kind, flag) == "2" else amount

    def words(self, record: str, kind: RecordKind, field: str, line: int) -> str:
        """A text field in full-width kana, as people read it."""
        written = self.raw(record, kind, field).rstrip()
        if not written:
            return ""
        if self.encoding == "cp932" and not written.isascii():
            try:
                written = written.encode("latin-1").decode("cp932")
            except (UnicodeDecodeError, UnicodeEncodeError):
                raise _not_kana(line) from None
        return unicodedata.normalize("NFKC", written).strip()

    def day(self, record: str, kind: RecordKind, field: str, line: int) -> date:
        """A day in the years of the era that lies nearest to today."""
        written = self.raw(record, kind, field)
        if written not in self._days:
            self._days[written] = era_date(written, self.today)
        day = self._days[written]
        if day is None:
            raise bad_date(written, line)
        return day

    def day_if_any(self, record: str, kind: RecordKind, field: str, line: int) -> date | None:
        """The same; None where the field is blank or all zeros."""
        return self.day(record, kind, field, line) if self.raw(record, kind, field).strip(" 0") else None

    def month_day(self, header: str, line: int) -> date:
        """The day of transfer (MMDD) in the year nearest to today."""
        written = self.raw(header, "header", "month_day")
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
    """A record that may stand in another place only."""
    return Refused(
        "record-order",
        Sentence(
            en=f"A record of this kind ({written}) cannot stand here.",
            ja=f"ここに現れるはずのないレコードです（区分 {written}）。",
        ),
        line=number,
    )
