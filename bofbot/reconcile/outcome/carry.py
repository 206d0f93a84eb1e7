"""Open items carried into the next period, with the day they were first left open, as plain lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 - `OpenItem.date` would hide it
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from bofbot.errors import BusinessError, Cell, Place
from bofbot.reconcile.model import Result
from bofbot.records import Row, Table
from bofbot.words import Sentence

if TYPE_CHECKING:  # columns of numbers are loaded when the engine is
    from bofbot.reconcile.intake.columns import Layout

CARRIED = "carried"
"""Stands for the file in the source of an item that an earlier period left open: it is in no file of this one."""
_NUMBERED = re.compile(r"!\d+$")
"""An id that is the row's number in its file, for want of an id of its own."""
HEADINGS = ("side", "id", "date", "amount", "currency", "text", "party", "reference", "since")


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One row that stayed open."""

    side: str
    id: str
    date: Day | None
    amount: Decimal
    currency: str
    text: str
    party: str
    reference: str
    since: Day | None


def open_items(result: Result) -> tuple[OpenItem, ...]:
    """What this result leaves open for the next period; an item carried over keeps its first day."""
    found = []
    for item in result.breaks:
        entry = (result.left if item.side == "left" else result.right)[item.row]
        found.append(
            OpenItem(
                item.side, entry.id, entry.date, entry.amount, entry.currency, entry.text, entry.party,
                entry.reference, entry.carried_since or result.as_of,
            )
        )  # fmt: skip
    return tuple(found)


def open_items_text(items: Sequence[OpenItem]) -> str:
    """The items as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for item in items:
        writer.writerow(["" if (value := getattr(item, name)) is None else value for name in HEADINGS])
    return out.getvalue()


def read_open_items(text: str, file: str = "") -> tuple[OpenItem, ...]:
    """The items in a CSV text. Raises BusinessError with the line that cannot be read."""
    found = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))), start=2):
        try:
            found.append(
                OpenItem(
                    row["side"], row["id"], _day(row["date"]), Decimal(row["amount"]), row["currency"], row["text"],
                    row["party"], row["reference"], _day(row["since"]),
                )
            )  # fmt: skip
        except (KeyError, ValueError, InvalidOperation, TypeError) as error:
            raise BusinessError(
                Sentence(en=f"line {number} is no open item", ja=f"{number} 行目を繰越項目として読めません"),
                place=Place(file, number),
                fix=Sentence(
                    en="use the file that the last period wrote",
                    ja="前回の照合で作成したファイルを指定してください",
                ),
            ) from error
    return tuple(found)


def _day(text: str) -> Day | None:
    return Day.fromisoformat(text) if text else None


def with_carried(
    table: Table, layout: Layout, items: Sequence[OpenItem]
) -> tuple[Table, dict[str, Day | None]]:
    """The table with carried items added (those it does not hold itself), and the day each is open since, by id.

    The same row number means another row in each period's file: such an id gets the day after it, `row!3@2026-10-31`."""
    own = {str(row.get(layout.id, "")) for row in table.rows} if layout.id else set()
    rows = list(table.rows)
    since: dict[str, Day | None] = {}
    for item in items:
        known = f"{item.id}@{item.since or ''}" if _NUMBERED.search(item.id) else item.id
        since[known] = item.since
        if known in own:
            continue
        values: dict[str, Any] = {
            layout.id: known,
            layout.date: item.date,
            layout.text: item.text,
            layout.party: item.party,
            layout.kana: item.party,
            layout.currency: item.currency,
            **dict.fromkeys(layout.refs, item.reference),
        }
        if layout.amount:
            values[layout.amount] = item.amount
        else:
            values[layout.money_in] = item.amount if item.amount >= 0 else None
            values[layout.money_out] = -item.amount if item.amount < 0 else None
        values.pop("", None)
        rows.append(Row(values, Cell(CARRIED, known)))
    return Table(table.columns, tuple(rows), table.source), since
