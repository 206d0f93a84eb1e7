"""Rows of a table (CSV or sheet) → statements: every row is an entry, a known label, or the reason of a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from bofbot.statements import order
from bofbot.statements.bare_tables import columns_of
from bofbot.statements.columns import Columns, as_text, unknown_direction
from bofbot.statements.headings import CREDIT_WORDS, DEBIT_WORDS, means, plain
from bofbot.statements.model import Control, Entry, Refused, Remark, Statement, no_statement
from bofbot.statements.notation import bad_amount, bad_date, date_notation, decimal_mark, read_amount
from bofbot.statements.options import Cell, CsvProfile, GridRow, Options
from bofbot.statements.plain_rows import RUN, plain_runs
from bofbot.statements.preamble import Around, read_around
from bofbot.statements.rows import column_of, filled
from bofbot.statements.split_dates import joined_dates
from bofbot.words import Sentence


def read_grid(rows: Sequence[GridRow], options: Options) -> list[Statement]:
    """The statements of a table, one per own account. Raises Refused with the row's line number."""
    rows = joined_dates(rows)
    profile = options.profile or _fitting(rows, options.profiles)
    columns = columns_of(rows, profile)
    return _Grid(rows, columns, profile or CsvProfile(), options).statements()


def _fitting(rows: Sequence[GridRow], profiles: Sequence[CsvProfile]) -> CsvProfile | None:
    if not profiles:
        return None
    heads = [{plain(as_text(cell)) for cell in cells} for _, cells in rows[:200]]
    for profile in profiles:
        wanted = {plain(heading) for heading in profile.headings}
        if wanted and any(wanted <= head for head in heads):
            return profile
    return None


class _Grid:
    """One table being read. Nothing outside this module sees it."""

    def __init__(
        self, rows: Sequence[GridRow], columns: Columns, profile: CsvProfile, options: Options
    ) -> None:
        self.columns, self.profile, self.options = columns, profile, options
        self.body = filled(rows[columns.body :])
        self.head = rows[: max(columns.body - 1, 0)]
        self.loose: list[GridRow] = []
        self.totals: list[GridRow] = []
        self.remarks: list[Remark] = []
        self.decimal = profile.decimal or self._decimal()
        self.read_date = self._date_reading()
        self.direction = self._direction_reading()
        self.one_account = self._one_account()

    def statements(self) -> list[Statement]:
        by_account: dict[str, list[Entry]] = {}
        currencies: set[str] = set()
        plainly = plain_runs(self.columns, self.profile, self.decimal, self.read_date)
        for at in range(0, len(self.body), RUN):
            if self.options.progress:
                self.options.progress(at / len(self.body))
            run = self.body[at : at + RUN]
            if plainly and (quick := plainly(run)) is not None:
                by_account.setdefault("", []).extend(quick)
                continue
            for line, cells in run:
                entry = self._entry(line, cells)
                if entry is not None:
                    account = self._own_account(cells)
                    by_account.setdefault(account, []).append(entry)
                    currencies.add(self._text(cells, self.columns.currency))
        around = read_around([*self.head, *self.loose], self.decimal)
        if not by_account:
            raise _no_entries(around)
        return [
            self._statement(account, entries, around, currencies - {""}, alone=len(by_account) == 1)
            for account, entries in by_account.items()
        ]

    def _statement(
        self, account: str, entries: list[Entry], around: Around, currencies: set[str], alone: bool
    ) -> Statement:
        ordered = order.oldest_first(entries, self.profile.order, self.columns.headings)
        remarks = [*self.remarks, *ordered.remarks]
        opening, closing = ordered.opening, ordered.closing
        days = set(map(attrgetter("date"), entries))
        controls = [*around.controls, *self._total_controls()] if alone else []
        if alone:
            opening = around.opening if around.opening is not None else opening
            if around.closing is not None and closing is not None:
                controls.append(Control("closing-balance", around.closing, closing))
            closing = around.closing if closing is None else closing
            if around.current is not None and closing is not None and around.whole_period:
                controls.append(Control("closing-balance", around.current, closing))
        controls.extend(
            Control("one-currency", Decimal(1), Decimal(len(currencies))) for _ in (0,) if len(currencies) > 1
        )
        return Statement(
            account=self.options.account or self.profile.account or account or around.account,
            currency=self.options.currency or self.profile.currency or self._currency(currencies, around),
            entries=tuple(ordered.entries), opening=opening, closing=closing,
            first_day=around.first_day or min(days),
            last_day=around.last_day or max(days),
            controls=tuple(controls), remarks=tuple(remarks),
            derived_opening=opening is not None and not (alone and around.opening is not None),
        )  # fmt: skip

    def _own_account(self, cells: Sequence[Cell]) -> str:
        """The row's own account. A column of accounts after the day is the other side's, unless all rows agree."""
        index = self.columns.account
        if index is None or (index > self.columns.date and not self.one_account):
            return ""
        return self._text(cells, index).strip('"')

    def _one_account(self) -> bool:
        index = self.columns.account
        return index is not None and len({self._text(cells, index) for _, cells in self.body}) <= 1

    def _total_controls(self) -> list[Control]:
        """The one line of totals, when the table ends with one."""
        if len(self.totals) != 1:
            return []
        line, cells = self.totals[0]
        columns = self.columns
        sums = {"entry-sum": columns.amount, "credit-sum": columns.incoming, "debit-sum": columns.outgoing}
        return [
            Control(name, amount if name != "debit-sum" else -self.outgoing_sign * amount, line=line)
            for name, index in sums.items()
            if (amount := self._amount(cells, index)) is not None
        ]

    def _currency(self, currencies: set[str], around: Around) -> str:
        if len(currencies) == 1:
            return next(iter(currencies)).upper()
        japanese = any(not heading.isascii() and _is_japanese(heading) for heading in self.columns.headings)
        return "" if currencies else around.currency or ("JPY" if japanese else "")

    def _entry(self, line: int, cells: Sequence[Cell]) -> Entry | None:
        """The row's entry; None for a label, a section line or a total, which are kept aside as such."""
        columns = self.columns
        day = self._day(cells, columns.date)
        if day is None and columns.value_date is not None and not self._text(cells, columns.date):
            day = self._day(cells, columns.value_date)  # announced, and not booked yet
        amount = self._row_amount(line, cells, dated=day is not None)
        if day is None or amount is None:
            self._keep_aside(line, cells, day, amount)
            return None
        text = " ".join(part for index in columns.text if (part := self._text(cells, index)))
        balance = None
        if columns.balance is not None and (written := self._text(cells, columns.balance)):
            balance = self._amount(cells, columns.balance)
            if balance is None and any(character.isdigit() for character in written):
                raise bad_amount(written, line)
        return Entry(
            day, amount, text, balance,
            self._day(cells, columns.value_date) if columns.value_date is not None else None,
            self._text(cells, columns.reference), self._text(cells, columns.counterparty), line,
        )  # fmt: skip

    def _keep_aside(self, line: int, cells: Sequence[Cell], day: date | None, amount: Decimal | None) -> None:
        labels = [self._text(cells, index) for index in range(len(cells))]
        known = any(
            means(phrase, label)
            for label in labels
            for phrase in ("opening", "closing", "current", "total", "count", "total_in", "total_out")
        )
        if known:
            self.loose.append((line, cells))
            if any(means("grand_total", label) for label in labels):
                self.totals.append((line, cells))
            return
        if amount is not None and amount != 0:
            raise bad_date(self._text(cells, self.columns.date), line)
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
                amount = self.direction(amount, plain(self._text(cells, columns.direction)), line)
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
        amount = self._amount(cells, index)
        if amount is None and dated and (written := self._text(cells, index)) and not _dash(written):
            raise bad_amount(written, line)
        return amount

    def _amount(self, cells: Sequence[Cell], index: int | None) -> Decimal | None:
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

    def _text(self, cells: Sequence[Cell], index: int | None) -> str:
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
        if any(_is_japanese(heading) for heading in self.columns.headings):
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

    def _date_reading(self) -> Callable[[str], date | None]:
        written = dict.fromkeys(column_of(self.body, self.columns.date))
        texts = [cell.strip() for cell in written if isinstance(cell, str)]
        notation = date_notation(texts, self.profile.date_format, self.options.today)
        if not notation.settled:
            self.remarks.append(
                Remark("day-and-month", Sentence(
                    en="Days and months could be swapped throughout; name the form with --date-format, e.g. %d/%m/%Y.",
                    ja="日と月の順が日付の列からは決まりません。--date-format（例 %d/%m/%Y）で指定してください。",
                ))
            )  # fmt: skip
        return notation.read

    def _direction_reading(self) -> Callable[[Decimal, str, int], Decimal]:
        """Amounts beside a debit/credit word: signed already when every sign agrees with its word, else by the word."""

        def signed(amount: Decimal, word: str, line: int) -> Decimal:
            if word in DEBIT_WORDS:
                return -abs(amount)
            if word in CREDIT_WORDS:
                return abs(amount)
            raise unknown_direction(word, line)

        return signed

    @cached_property
    def outgoing_sign(self) -> int:
        """-1 where money out is written positive; +1 where every amount out carries its own minus."""
        if self.columns.outgoing is None:
            return -1
        signs = {
            amount > 0 for _, cells in self.body
            if (amount := self._amount(cells, self.columns.outgoing)) and self._day(cells, self.columns.date)
        }  # fmt: skip
        return 1 if signs == {False} else -1


def rank_is_japanese_or_english(heading: str) -> bool:
    """Whether a heading belongs to a language that writes 1,234.56."""
    from bofbot.statements.headings import ROLES

    word = plain(heading)
    return any(word in {plain(w) for group in groups[:2] for w in group.split()} for groups in ROLES.values())


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= character <= "\u9fff" or "\uff66" <= character <= "\uff9f" for character in text)


def _dash(text: str) -> bool:
    return not text.strip("-－ー―–—*＊ 　")


def _no_entries(around: Around) -> Refused:
    return no_statement(
        Sentence(en="the table has headings but no entry.", ja="見出しはありますが、明細行がありません。")
    )
