"""What a loop came to, and in a dry run the rows it would have entered: the tables of screen and report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from bofbot.events import StepFinished
from bofbot.sinks.columns import pad
from bofbot.sinks.told import ItemTold, StepTold
from bofbot.sinks.wording import ITEM_STATES
from bofbot.values.text import width
from bofbot.words import Language, Sentence

MOST_ROWS = 40
"""So many rows of a dry run are shown on the screen; the report has them all."""

Rows = list[list[str]]


def total_rows(step: StepTold, language: Language) -> Rows:
    """A head (count and columns), the total, then what each state comes to; [] without control totals."""
    if step.totals is None:
        return []
    columns = list(step.totals.get("total", {}))
    head = ["", *(_named(column).said_in(language) for column in columns)]
    return [
        head,
        *(
            [_state(state).said_in(language), *(_amount(figures.get(column, "0")) for column in columns)]
            for state, figures in step.totals.items()
        ),
    ]


def entered_rows(step: StepTold, language: Language, *, whole: bool = False) -> Rows:
    """What a dry run would have entered, one line an item: its key, each field as the page showed it, and the request
    (`whole`: with everything in it)."""
    told = [item for item in step.items if item.entered or item.would_send]
    labels = list(dict.fromkeys(label for item in told for label in item.entered))
    if not told:
        return []
    head = [_KEY.said_in(language), *labels, _REQUEST.said_in(language)]
    return [head, *([item.key or f"#{item.index}", *_cells(item, labels, whole)] for item in told)]


def _cells(item: ItemTold, labels: list[str], whole: bool) -> Iterator[str]:
    yield from (item.entered.get(label, "") for label in labels)
    yield " / ".join(_request(sent, whole) for sent in item.would_send)


def _request(sent: Mapping[str, str], whole: bool) -> str:
    fields = " ".join(f"{name}={value}" for name, value in sent.items() if name != "request") if whole else ""
    return f"{sent.get('request', '')} {fields}".strip()


def table_lines(step: StepTold, language: Language) -> Iterator[str]:
    """Both tables for a text screen."""
    rows = entered_rows(step, language)
    more = len(rows) - 1 - MOST_ROWS
    yield from _aligned(rows[: MOST_ROWS + 1], right=False)
    if more > 0:
        said = Sentence(
            en=f"and {more} more; the report has them all", ja=f"ほか{more}件（すべて報告書にあります）"
        )
        yield f"   │ {said.said_in(language)}"
    yield from _aligned(total_rows(step, language), right=True)


def sent_lines(step: StepTold, language: Language) -> Iterator[str]:
    """The request that a submit outside of any loop would have made."""
    facts = step.end.facts if isinstance(step.end, StepFinished) else {}
    sent = facts.get("would_send")
    if isinstance(sent, Mapping):
        yield f"   │ {_REQUEST.said_in(language)}: {sent.get('request', '')}"
        yield from (f"   │   {name}: {value}" for name, value in sent.items() if name != "request")


def _aligned(rows: Rows, *, right: bool) -> Iterator[str]:
    """Columns below each other; figures to the right."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        cells = [
            " " * (columns - width(cell)) + cell if right and index else pad(cell, columns)
            for index, (cell, columns) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"   │ {'  '.join(cells)}".rstrip()


def _amount(text: str) -> str:
    try:
        return f"{Decimal(text):,f}"
    except InvalidOperation:
        return text


def _named(column: str) -> Sentence:
    return Sentence(en="count", ja="件数") if column == "count" else Sentence.same(column)


def _state(state: str) -> Sentence:
    own = {"total": Sentence(en="total", ja="合計"), "left": Sentence(en="not played", ja="未処理")}
    return own.get(state) or ITEM_STATES.get(state, Sentence.same(state))


_KEY = Sentence(en="KEY", ja="キー")
_REQUEST = Sentence(en="would have been sent", ja="送信されるはずの内容")
