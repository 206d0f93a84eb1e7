"""Rows of a table (CSV or sheet) → statements: every row is an entry, a known label, or the reason of a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from bofbot.statements import order
from bofbot.statements.bare_tables import columns_of
from bofbot.statements.card_signs import CARD_SIGN, spending_is_positive, turned
from bofbot.statements.columns import Columns, as_text
from bofbot.statements.fees import with_fees
from bofbot.statements.headings import plain
from bofbot.statements.model import Control, Entry, Refused, Remark, Statement, no_statement
from bofbot.statements.options import Cell, CsvProfile, GridRow, Options
from bofbot.statements.plain_rows import RUN, plain_runs
from bofbot.statements.preamble import Around, read_around
from bofbot.statements.row_reader import RowReader, is_japanese
from bofbot.statements.rows import filled
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
        self.reader = RowReader(self.body, columns, profile, options)

    def statements(self) -> list[Statement]:
        reader = self.reader
        by_account: dict[str, list[Entry]] = {}
        currencies: set[str] = set()
        plainly = plain_runs(self.columns, self.profile, reader.decimal, reader.read_date)
        for at in range(0, len(self.body), RUN):
            if self.options.progress:
                self.options.progress(at / len(self.body))
            run = self.body[at : at + RUN]
            if plainly and (quick := plainly(run)) is not None:
                by_account.setdefault("", []).extend(quick)
                continue
            for line, cells in run:
                entry = reader.entry(line, cells)
                if entry is not None:
                    account = self._own_account(cells)
                    by_account.setdefault(account, []).append(entry)
                    currencies.add(reader.text(cells, self.columns.currency).strip("-－―"))
        around = read_around([*self.head, *reader.loose], reader.decimal_around([*self.head, *reader.loose]))
        if not by_account:
            raise _no_entries()
        return [
            self._statement(account, entries, around, currencies - {""}, alone=len(by_account) == 1)
            for account, entries in by_account.items()
        ]

    def _statement(
        self, account: str, entries: list[Entry], around: Around, currencies: set[str], alone: bool
    ) -> Statement:
        entries, told = self._as_moved(entries)
        ordered = order.oldest_first(entries, self.profile.order, self.columns.headings)
        opening, closing = ordered.opening, ordered.closing
        derived = opening is not None and not (alone and around.opening is not None)
        days = set(map(attrgetter("date"), entries))
        controls = [*around.controls, *self._total_controls()] if alone else []
        if alone:
            opening = around.opening if around.opening is not None else opening
            if around.closing is not None and closing is not None:
                controls.append(Control("closing-balance", around.closing, closing))
            closing = around.closing if closing is None else closing
            if around.current is not None and closing is not None and around.whole_period:
                controls.append(Control("closing-balance", around.current, closing))
            if closing is None:
                opening, closing = around.fitting(opening, entries)
        controls.extend(
            Control("one-currency", Decimal(1), Decimal(len(currencies))) for _ in (0,) if len(currencies) > 1
        )
        return Statement(
            account=self.options.account or self.profile.account or account or around.account,
            currency=self.options.currency or self.profile.currency or self._currency(currencies, around),
            entries=tuple(ordered.entries), opening=opening, closing=closing,
            first_day=around.first_day or min(days),
            last_day=around.last_day or max(days),
            controls=tuple(controls), remarks=(*self.reader.remarks, *self.reader.not_booked(), *told, *ordered.remarks),
derived_opening=derived,
        )  # fmt: skip

    def _as_moved(self, entries: list[Entry]) -> tuple[list[Entry], list[Remark]]:
        """The entries with what really moved: fees the balances prove, and spending as money out."""
        if self.reader.fees:
            return with_fees(entries, self.reader.fees)
        judged = self.columns.amount is not None and self.columns.balance is None and not self.profile.negate
        if judged and self.columns.direction is None and spending_is_positive(entries, self.columns.headings):
            return turned(entries), [CARD_SIGN]
        return entries, []

    def _own_account(self, cells: Sequence[Cell]) -> str:
        """The row's own account. A column of accounts after the day is the other side's, unless all rows agree."""
        index = self.columns.account
        if index is None or (index > self.columns.date and not self.one_account):
            return ""
        return self.reader.text(cells, index).strip('"')

    @cached_property
    def one_account(self) -> bool:
        index = self.columns.account
        return index is not None and len({self.reader.text(cells, index) for _, cells in self.body}) <= 1

    def _total_controls(self) -> list[Control]:
        """The one line of totals, when the table ends with one."""
        if len(self.reader.totals) != 1:
            return []
        line, cells = self.reader.totals[0]
        columns = self.columns
        sums = {"entry-sum": columns.amount, "credit-sum": columns.incoming, "debit-sum": columns.outgoing}
        if columns.incoming is None and columns.outgoing is not None:  # a card: refunds are in the total, too
            amount = self.reader.amount(cells, columns.outgoing)
            return (
                []
                if amount is None
                else [Control("entry-sum", self.reader.outgoing_sign * amount, line=line)]
            )
        return [
            Control(name, amount if name != "debit-sum" else -self.reader.outgoing_sign * amount, line=line)
            for name, index in sums.items()
            if (amount := self.reader.amount(cells, index)) is not None
        ]

    def _currency(self, currencies: set[str], around: Around) -> str:
        if len(currencies) == 1:
            return next(iter(currencies)).upper()
        japanese = any(not heading.isascii() and is_japanese(heading) for heading in self.columns.headings)
        return "" if currencies else around.currency or ("JPY" if japanese else "")


def _no_entries() -> Refused:
    return no_statement(
        Sentence(en="the table has headings but no entry.", ja="見出しはありますが、明細行がありません。")
    )
