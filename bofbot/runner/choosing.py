"""Which items a loop has, each with its key, and which of them a run plays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bofbot.action import Item
from bofbot.errors import BusinessError
from bofbot.plan import Plan
from bofbot.records import Row
from bofbot.robot import ForEach
from bofbot.runner.computing import compute
from bofbot.runner.state import Scope
from bofbot.runner.totals import check_control
from bofbot.words import Sentence


def all_items(verb: ForEach, outer: Scope) -> list[Item]:
    """All items with their keys, checked whole before the first is played. Raises BusinessError."""
    values = compute(verb.for_each, outer.names)
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Sequence):
        raise BusinessError(
            Sentence(
                en=f"`for_each` needs rows or a list; {verb.for_each} is {type(values).__name__}",
                ja=f"`for_each` には行の一覧が必要です。{verb.for_each} は {type(values).__name__} です",
            )
        )
    items = [Item(_key(verb, outer, index, value), index, value) for index, value in enumerate(values, 1)]
    _refuse_doubles(items)
    if verb.control:
        check_control(verb.control, items, outer.names)
    return items


def to_play(plan: Plan, verb: ForEach, outer: Scope, items: list[Item]) -> list[Item]:
    """Those of all items that this run is to play."""
    if outer.item is not None:
        return items
    if plan.items:
        items = [item for item in items if plan.items[0] <= item.index <= plan.items[1]]
    if plan.only_keys is not None and verb.key is not None:
        items = [item for item in items if item.key in plan.only_keys]
    return items


def _key(verb: ForEach, outer: Scope, index: int, value: Any) -> str:
    if verb.key is None:
        return ""
    names = {**outer.names, verb.as_: value, "index": index}
    key = str(compute(verb.key, names) or "").strip()
    if not key:
        raise BusinessError(
            Sentence(
                en=f"item {index} has no key: {verb.key} is empty",
                ja=f"{index}件目のキーが空です：{verb.key}",
            )
        )
    around = outer.item.key if outer.item else ""
    return f"{around}/{key}" if around else key


def _refuse_doubles(items: list[Item]) -> None:
    first: dict[str, Item] = {}
    for item in items:
        twin = first.setdefault(item.key, item) if item.key else item
        if twin is not item:
            raise BusinessError(
                Sentence(
                    en=f"two items have the key {item.key}: {_where(twin)} and {_where(item)}; nothing was entered",
                    ja=f"キー {item.key} が2件あります：{_where(twin)} と {_where(item)}。何も登録していません",
                ),
                fix=Sentence(
                    en="mend the table, or choose a key that tells them apart",
                    ja="表を直すか、区別できるキーにしてください",
                ),
            )


def _where(item: Item) -> str:
    return str(item.value.source) if isinstance(item.value, Row) else f"#{item.index}"
