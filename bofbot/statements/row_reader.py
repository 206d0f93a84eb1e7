"""Rows of a table → entries: how the columns of one table write days and amounts, and what each row is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice

from bofbot.statements.columns import Columns, as_text, unknown_direction
from bofbot.statements.day_notation import bad_date, date_notation
from bofbot.statements.headings import CREDIT_WORDS, DEBIT_WORDS, NEVER_BOOKED, NOT_YET_BOOKED, means, plain
from bofbot.statements.model import Entry, Refused, Remark
from bofbot.statements.notation import bad_amount, decimal_mark, read_amount
from bofbot.statements.options import Cell, CsvProfile, GridRow, Options
from bofbot.statements.rows import column_of
from bofbot.words import Sentence


class RowReader:
    """One table's notation. What is no entry is kept aside: labels and sections in `loose`, lines of totals in `totals` too."""

    def __init__(
        self, body: Sequence[GridRow], columns: Columns, profile: CsvProfile, options: Options
    ) -> None:
        self.body, self.columns, self.profile, self.options = body, columns, profile, options
        self.loose: list[GridRow] = []
        self.totals: list[GridRow] = []
        self.undone: list[int] = []
        self.fees: dict[int, Decimal] = {}
        self.remarks: list[Remark] = []
        self.decimal = profile.decimal or self._decimal()
        self.read_date = self._date_reading()

    def entry(self, line: int, cells: Sequence[Cell]) -> Entry | None:
        """The row's entry; None for a label, a section line or a total, which are kept aside as such."""
        columns = self.columns
        if columns.headings and tuple(as_text(cell) for cell in cells) == columns.headings:
            return None  # the heading line once more
        day = self._day(cells, columns.date)
        if day is None and columns.value_date is not None and not self.text(cells, columns.date):
            day = self._day(cells, columns.value_date)  # announced, and not booked yet
        amount = self._row_amount(line, cells, dated=day is not None)
        if day is None or amount is None:
            self._keep_aside(line, cells, day, amount)
            return None
        if columns.status is not None and self._never_booked(cells):
            self.undone.append(line)
            return None
        text = " ".join(part for index in columns.text if (part := self.text(cells, index)))
        if amount == 0 and any(means("opening", self.text(cells, index)) for index in range(len(cells))):
            self.loose.append((line, cells))
            return None
        if columns.fee is not None and (fee := self.amount(cells, columns.fee)):
            self.fees[line] = fee
        balance = None
        if columns.balance is not None and (written := self.text(cells, columns.balance)):
            balance = self.amount(cells, columns.balance)
            if balance is None and any(character.isdigit() for character in written):
                raise bad_amount(written, line)
        return Entry(
            day, amount, text, balance,
            self._day(cells, columns.value_date) if columns.value_date is not None else None,
            self.text(cells, columns.reference), self.text(cells, columns.counterparty), line,
        )  # fmt: skip

    def _never_booked(self, cells: Sequence[Cell]) -> bool:
        """What the bank says came to nothing; and what is only announced, where its balance is left out."""
        word = plain(self.text(cells, self.columns.status))
        announced = self.columns.balance is not None and not self.text(cells, self.columns.balance)
        return word in NEVER_BOOKED or (announced and word in NOT_YET_BOOKED)

    def not_booked(self) -> list[Remark]:
        """What was left out because the file itself says that it was not booked."""
        if not self.undone:
            return []
        count, line = len(self.undone), self.undone[0]
        said = Sentence(
            en=f"{count} lines are marked as not booked and were left out, the first on line {line}",
            ja=f"成立していない、または未確定と書かれた {count} 行を除きました（最初は {line} 行目）",
        )
        return [Remark("not-booked", said, line)]

    def _keep_aside(self, line: int, cells: Sequence[Cell], day: date | None, amount: Decimal | None) -> None:
        labels = [self.text(cells, index) for index in range(len(cells))]
        known = any(
            means(phrase, label)
            for label in labels
            for phrase in ("opening", "closing", "current", "total", "count", "total_in", "total_out")
        )
        only = [index for index, label in enumerate(labels) if label]
        if self.columns.bare_total and only == [self.columns.outgoing] and amount:
            self.totals.append((line, cells))
            return
        if known:
            self.loose.append((line, cells))
            if any(means("grand_total", label) for label in labels):
                self.totals.append((line, cells))
            return
        if amount is not None and amount != 0:
            raise bad_date(self.text(cells, self.columns.date), line)
        if day is not None:
            raise bad_amount("", line)
        self.loose.append((line, cells))

    def _row_amount(self, line: int, cells: Sequence[Cell], dated: bool) -> Decimal | None:
        columns = self.columns
        if columns.amount is not None:
            amount = self._money(cells, columns.amount, line, dated)
            if amount is None:
                return None
            if columns.direction is not None:
                amount = _signed(amount, plain(self.text(cells, columns.direction)), line)
            return -amount if self.profile.negate else amount
        incoming = self._money(cells, columns.incoming, line, dated)
        outgoing = self._money(cells, columns.outgoing, line, dated)
        if incoming is None and outgoing is None:
            return None
        if incoming and outgoing and dated:
            raise Refused(
                "two-amounts",
                Sentence(
                    en="The line has an amount in and an amount out.", ja="入金と出金の両方に金額があります。"
                ),
                line=line,
            )
        return (incoming or Decimal(0)) + self.outgoing_sign * (outgoing or Decimal(0))

    def _money(self, cells: Sequence[Cell], index: int | None, line: int, dated: bool) -> Decimal | None:
        amount = self.amount(cells, index)
        if amount is None and dated and (written := self.text(cells, index)) and not _dash(written):
            raise bad_amount(written, line)
        return amount

    def amount(self, cells: Sequence[Cell], index: int | None) -> Decimal | None:
        if index is None or index >= len(cells):
            return None
        cell = cells[index]
        if isinstance(cell, Decimal):
            return cell
        return read_amount(cell.strip(), self.decimal) if isinstance(cell, str) and cell else None

    def _day(self, cells: Sequence[Cell], index: int) -> date | None:
        if index >= len(cells):
            return None
        cell = cells[index]
        if isinstance(cell, date):
            return cell
        return self.read_date(cell.strip()) if isinstance(cell, str) and cell else None

    def text(self, cells: Sequence[Cell], index: int | None) -> str:
        return as_text(cells[index]).strip() if index is not None and index < len(cells) else ""

    def _money_columns(self) -> list[int]:
        columns = self.columns
        return [
            i for i in (columns.amount, columns.incoming, columns.outgoing, columns.balance) if i is not None
        ]

    def _money_texts(self) -> Iterator[str]:
        columns = self._money_columns()
        for _, cells in self.body:
            for index in columns:
                if index < len(cells) and isinstance(cell := cells[index], str) and cell:
                    yield cell

    def _decimal(self) -> str:
        """The decimal mark of the whole table; where amounts do not tell, the headings' language and a remark do."""
        if any(is_japanese(heading) for heading in self.columns.headings):
            return "."  # one damaged amount (0,000) must not turn all the others round
        mark = decimal_mark(self._money_texts())
        if mark:
            return mark
        texts = list(self._money_texts())
        if all("." not in text and "," not in text for text in texts):
            return "."
        english_or_japanese = any(rank_is_japanese_or_english(heading) for heading in self.columns.headings)
        if english_or_japanese and any("," in text for text in texts):
            return "."
        self.remarks.append(
            Remark("decimal-mark", Sentence(
                en="The amounts do not show whether the comma or the dot is the decimal mark; name it with --decimal.",
                ja="小数点がコンマかピリオドか、金額からは分かりません。--decimal で指定してください。",
            ))
        )  # fmt: skip
        return "."

    def decimal_around(self, rows: Sequence[GridRow]) -> str:
        """The mark of the figures beside the entries: the entries' own, where these show one."""
        if not rows or self.profile.decimal or decimal_mark(islice(self._money_texts(), 2000)):
            return self.decimal
        return decimal_mark(as_text(cell) for _, cells in rows for cell in cells) or self.decimal

    def _date_reading(self) -> Callable[[str], date | None]:
        written = dict.fromkeys(column_of(self.body, self.columns.date))
        texts = [cell.strip() for cell in written if isinstance(cell, str)]
        notation = date_notation(
            texts, self.profile.date_format, self.options.today,
            year_first=any(is_japanese(heading) for heading in self.columns.headings),
        )  # fmt: skip
        if not notation.settled:
            self.remarks.append(
                Remark("day-and-month", Sentence(
                    en="Days and months could be swapped throughout; name the form with --date-format, e.g. %d/%m/%Y.",
                    ja="日と月の順が日付の列からは決まりません。--date-format（例 %d/%m/%Y）で指定してください。",
                ))
            )  # fmt: skip
        return notation.read

    @cached_property
    def outgoing_sign(self) -> int:
        """-1 where money out is written positive; +1 where every amount out carries its own minus."""
        if self.columns.outgoing is None:
            return -1
        signs = {
            amount > 0 for _, cells in self.body
            if (amount := self.amount(cells, self.columns.outgoing)) and self._day(cells, self.columns.date)
        }  # fmt: skip
        return 1 if signs == {False} else -1


def _signed(amount: Decimal, word: str, line: int) -> Decimal:
    """An amount beside a debit/credit word: the word gives the sign."""
    if word in DEBIT_WORDS:
        return -abs(amount)
    if word in CREDIT_WORDS:
        return abs(amount)
    raise unknown_direction(word, line)


def rank_is_japanese_or_english(heading: str) -> bool:
    """Whether a heading belongs to a language that writes 1,234.56."""
    from bofbot.statements.headings import ROLES

    word = plain(heading)
    return any(word in {plain(w) for group in groups[:2] for w in group.split()} for groups in ROLES.values())


def is_japanese(text: str) -> bool:
    return any("\u3040" <= character <= "\u9fff" or "\uff66" <= character <= "\uff9f" for character in text)


def _dash(text: str) -> bool:
    return not text.strip("-－ー―–—*＊ 　")
