"""Control totals of a loop: what a batch must come to before its first item, and where every item and yen of it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bofbot.action import Item
from bofbot.errors import ApplicationError, BusinessError
from bofbot.events import ItemState
from bofbot.records import Row
from bofbot.runner.computing import compute
from bofbot.values.amounts import read_amount
from bofbot.values.text import find_name, nearest
from bofbot.values.types import BadValue
from bofbot.words import Sentence

COUNT = "count"
"""The control total that counts the items; every other name is a column to add up."""


@dataclass(slots=True)
class Tally:
    """Some items: how many, and what each column of them comes to, exactly."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, amounts: Mapping[str, Decimal]) -> None:
        self.count += 1
        for column, amount in amounts.items():
            self.sums[column] = self.sums.get(column, Decimal()) + amount

    def figures(self, columns: Iterable[str]) -> dict[str, Decimal]:
        return {COUNT: Decimal(self.count), **{one: self.sums.get(one, Decimal()) for one in columns}}


@dataclass(slots=True)
class Totals:
    """The totals of one loop while it is played."""

    columns: tuple[str, ...]
    total: Tally
    told: dict[str, Tally] = field(default_factory=dict)
    _left: dict[int, Mapping[str, Decimal]] = field(default_factory=dict)
    """Amounts of the items that are not told yet, by their index."""

    @classmethod
    def of(cls, columns: tuple[str, ...], items: Sequence[Item]) -> Totals:
        """The totals of the items that this run plays. Raises BusinessError for a cell that is no amount."""
        amounts: dict[int, Mapping[str, Decimal]] = {item.index: _amounts(item, columns) for item in items}
        return cls(columns, _tally(amounts.values()), {}, amounts)

    def tell(self, item: Item, state: ItemState) -> None:
        """What became of an item; its row is read again, so that a changed one is noticed."""
        self._left.pop(item.index, None)
        try:
            amounts = _amounts(item, self.columns)
        except BusinessError:
            amounts = {}  # no amount any more: then the total does not close
        self.told.setdefault(state, Tally()).add(amounts)

    def lines(self) -> dict[str, dict[str, str]]:
        """For the event: the total first, then what each state comes to, then what was not played."""
        left = {"left": _tally(self._left.values())} if self._left else {}
        parts = {"total": self.total, **self.told, **left}
        return {name: _written(tally.figures(self.columns)) for name, tally in parts.items()}

    def sums(self) -> dict[str, str]:
        return _written({column: self.total.sums.get(column, Decimal()) for column in self.columns})

    def close(self) -> None:
        """Raises ApplicationError unless the parts come to the total, in count and in every column."""
        parts = [*self.told.values(), _tally(self._left.values())]
        reached = {name: sum(part.figures(self.columns)[name] for part in parts) for name in self._names()}
        if apart := _apart(self.total.figures(self.columns), reached):
            raise ApplicationError(
                Sentence(en="the totals do not close: ", ja="合計が合いません：") + apart,
                fix=Sentence(
                    en="rows changed while they were entered; compare the report with the system before going on",
                    ja="処理中に行の値が変わっています。続ける前に、報告書と相手のシステムを照合してください",
                ),
            )

    def _names(self) -> tuple[str, ...]:
        return (COUNT, *self.columns)


def columns_of(control: Any, items: Sequence[Item]) -> tuple[str, ...]:
    """The columns that `control` adds up, as the rows call them. Raises BusinessError for one that is not there."""
    return tuple(_column(name, items) for name in control if name != COUNT)


def check_control(control: Any, items: Sequence[Item], names: Mapping[str, Any]) -> None:
    """Compare the whole batch with the figures somebody expects. Raises BusinessError when they differ."""
    if not isinstance(control, Mapping):
        return
    expected = {str(name): _expected(str(name), compute(value, names)) for name, value in control.items()}
    columns = columns_of(control, items)
    total = Totals.of(columns, items).total.figures(columns)
    found = {name: total[name if name == COUNT else _column(name, items)] for name in expected}
    if apart := _apart(expected, found):
        raise BusinessError(
            Sentence(
                en="the control totals do not agree, nothing was entered: ",
                ja="件数または合計が一致しないため、何も登録していません：",
            )
            + apart,
            fix=Sentence(
                en="find the row that is missing or too many, or mend the figure, then run it again",
                ja="過不足のある行を確かめるか、指定した数値を直してから、もう一度実行してください",
            ),
        )


def check_approved(approved: Mapping[str, str], totals: Totals) -> None:
    """Compare what is to be played with what a person has approved. Raises BusinessError when it differs."""
    shown = totals.total.figures(totals.columns)
    wanted = {name: Decimal(text) for name, text in approved.items() if name in shown}
    if apart := _apart(wanted, shown):
        raise BusinessError(
            Sentence(
                en="this is not the batch that was approved, nothing was entered: ",
                ja="承認された件数・合計と異なるため、何も登録していません：",
            )
            + apart,
            fix=Sentence(
                en="play a dry run and have it approved again",
                ja="予行（--dry-run）をやり直し、もう一度承認を受けてください",
            ),
        )


def _apart(expected: Mapping[str, Decimal], found: Mapping[str, Any]) -> Sentence | None:
    """Each figure that differs: what was expected, what there is, and the difference."""
    said = [
        _difference(name, wanted, found[name]) for name, wanted in expected.items() if wanted != found[name]
    ]
    if not said:
        return None
    return Sentence(en="; ".join(one.en for one in said), ja="、".join(one.ja for one in said))


def _difference(name: str, wanted: Decimal, found: Decimal) -> Sentence:
    named = Sentence(en="count", ja="件数") if name == COUNT else Sentence.same(name)
    gap = f"{found - wanted:+,f}"
    return Sentence(
        en=f"{named.en} should be {wanted:,f} and is {found:,f} (difference {gap})",
        ja=f"{named.ja} 予定 {wanted:,f}・実際 {found:,f}（差 {gap}）",
    )


def _expected(name: str, raw: Any) -> Decimal:
    try:
        return read_amount(raw)
    except BadValue as bad:
        raise BusinessError(
            Sentence(en=f"`control`: the figure for {name}: ", ja=f"`control`：{name} の値：") + bad.message
        ) from None


def _column(name: str, items: Sequence[Item]) -> str:
    """The column as the rows call it; any name will do where there are no rows."""
    if not items:
        return name
    first = items[0].value
    columns = [str(column) for column in first] if isinstance(first, Mapping) else []
    if found := find_name(name, columns):
        return found
    near = (COUNT,) if name in ("件数", "行数", "rows") else nearest(name, [*columns, COUNT])
    raise BusinessError(
        Sentence(
            en=f"`control`: there is no column {name} to add up",
            ja=f"`control`：合計する列「{name}」がありません",
        ),
        fix=Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
        if near
        else Sentence(
            en=f"columns: {', '.join(columns) or 'none'}", ja=f"列：{'、'.join(columns) or 'なし'}"
        ),
    )


def _amounts(item: Item, columns: Iterable[str]) -> dict[str, Decimal]:
    return {column: _amount(item, column) for column in columns}


def _amount(item: Item, column: str) -> Decimal:
    """What a cell counts; an empty one counts nothing."""
    raw = item.value.get(column) if isinstance(item.value, Mapping) else None
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return Decimal()
    try:
        return read_amount(raw)
    except BadValue as bad:
        where = str(item.value.source) if isinstance(item.value, Row) else f"#{item.index}"
        raise BusinessError(
            Sentence(
                en=f"{column} of {where} cannot be added up: ", ja=f"{where} の「{column}」を合計できません："
            )
            + bad.message
        ) from None


def _tally(amounts: Iterable[Mapping[str, Decimal]]) -> Tally:
    tally = Tally()
    for one in amounts:
        tally.add(one)
    return tally


def _written(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: f"{figure:f}" for name, figure in figures.items()}
