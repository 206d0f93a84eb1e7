"""What people decided, kept as plain lines: who pays under which name, which rows belong together, which never do.

    decision,left,right,day,note
    alias,ﾔﾏﾀﾞﾆﾂｼﾝｶｶﾞｸ(ﾕ,アサヒサンギョウ,2026-02-01,
    pair,B000369,I001525,2026-02-01,
    never,B000012,I000777,2026-02-01,other contract

`left` and `right` of an alias are names; of a pair or a never they are ids, several joined by ` + `."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bofbot.errors import BusinessError, Place
from bofbot.words import Sentence

Choice = Literal["alias", "pair", "never"]
HEADINGS = ("decision", "left", "right", "day", "note")
_JOINT = " + "


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a person."""

    choice: Choice
    left: str
    right: str
    day: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """All decisions, in the order they were made; a later one about the same rows replaces an earlier one."""

    decisions: tuple[Decision, ...] = field(default=())

    def aliases(self) -> list[tuple[str, str]]:
        return [(d.left, d.right) for d in self.decisions if d.choice == "alias"]

    def pairs(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        return self._about_rows("pair")

    def never(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        return self._about_rows("never")

    def _about_rows(self, choice: Choice) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        last = {(d.left, d.right): d.choice for d in self.decisions if d.choice != "alias"}
        return [(ids_of(left), ids_of(right)) for (left, right), made in last.items() if made == choice]

    def with_decisions(self, more: Iterable[Decision]) -> Memory:
        """This memory and new decisions; one that says nothing new is left out."""
        known = {(d.choice, d.left, d.right) for d in self.decisions}
        kept = list(self.decisions)
        for decision in more:
            key = (decision.choice, decision.left, decision.right)
            opposite = {"pair": "never", "never": "pair"}.get(decision.choice, "")
            kept = [
                d for d in kept if (d.choice, d.left, d.right) != (opposite, decision.left, decision.right)
            ]
            if key not in known or (opposite, decision.left, decision.right) in known:
                kept = [d for d in kept if (d.choice, d.left, d.right) != key]
                kept.append(decision)
        return Memory(tuple(kept))


def ids_of(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.split(_JOINT)))


def joined(ids: Iterable[str]) -> str:
    return _JOINT.join(sorted(ids))


def read_memory(text: str, file: str = "") -> Memory:
    """The decisions in a CSV text. Raises BusinessError with the line of the first that cannot be read."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    found = []
    for number, row in enumerate(reader, start=2):
        choice = (row.get("decision") or "").strip()
        left, right = (row.get("left") or "").strip(), (row.get("right") or "").strip()
        if choice not in ("alias", "pair", "never") or not left or not right:
            raise BusinessError(
                Sentence(
                    en=f"line {number} is no decision: alias, pair or never, then left and right",
                    ja=f"{number} 行目が決定として読めません（alias・pair・never のどれかと left、right が必要です）",
                ),
                place=Place(file, number),
                fix=Sentence(en="mend or remove the line", ja="行を直すか、削除してください"),
            )
        found.append(Decision(choice, left, right, row.get("day") or "", row.get("note") or ""))  # type: ignore[arg-type]
    return Memory(tuple(found))


def memory_text(memory: Memory) -> str:
    """The decisions as CSV, to be read by `read_memory` and by people."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows((d.choice, d.left, d.right, d.day, d.note) for d in memory.decisions)
    return out.getvalue()


def decision_about(
    yes: bool,
    left_ids: Iterable[str],
    right_ids: Iterable[str],
    names: tuple[str, str],
    day: date | None,
    learn_name: bool,
) -> list[Decision]:
    """What is remembered of a ✓ or × beside a match: the rows, and with a ✓ whose name was another the name as well."""
    when = day.isoformat() if day else ""
    rows = Decision("pair" if yes else "never", joined(left_ids), joined(right_ids), when)
    if yes and learn_name and all(names):
        return [rows, Decision("alias", names[0], names[1], when)]
    return [rows]
