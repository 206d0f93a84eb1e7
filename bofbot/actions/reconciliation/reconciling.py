"""One reconciliation from files to files: memory and carried items in, marks of the last report read, report and memory out.

The verb and `bofbot reconcile` both go this way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bofbot.actions.reconciliation.html import is_html
from bofbot.actions.reconciliation.report import write_report
from bofbot.actions.reconciliation.review import learn, load_memory, marks_in, save_memory
from bofbot.errors import BusinessError, Place
from bofbot.files import atomic_write
from bofbot.reconcile.choice.memory import Memory
from bofbot.reconcile.model import Decide, Result, Rule
from bofbot.reconcile.outcome.carry import OpenItem, open_items, open_items_text, read_open_items
from bofbot.records import Table
from bofbot.words import Language, Sentence

Progress = Callable[[int, int], None]
Marks = Mapping[tuple[tuple[str, ...], tuple[str, ...]], bool]


@dataclass(frozen=True, slots=True)
class Given:
    """One side as it was read."""

    name: str
    table: Table
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """What to reconcile, and how."""

    left: Given
    right: Given
    rules: Sequence[Rule] = ()
    decide: Decide = field(default_factory=Decide)


@dataclass(frozen=True, slots=True)
class Places:
    """Files beside the two sides; None where there is none."""

    report: Path | None = None
    memory: Path | None = None
    carry_from: Path | None = None
    carry_to: Path | None = None


def play(
    work: Work, places: Places, today: date, language: Language, progress: Progress | None = None
) -> Result:
    """Reconcile, having read the marks of the last report at the same place; write report, memory and open items."""
    memory = load_memory(places.memory) if places.memory else Memory()
    carried = _carried(places.carry_from)
    result = reconciled(work, memory, carried, progress)
    if places.report and places.report.exists() and not is_html(places.report):
        marks = marks_in(places.report)
        if marks:
            result, memory = decided(work, result, memory, carried, marks, today, progress)
            if places.memory:
                save_memory(places.memory, memory)
    if places.report:
        write_report(places.report, result, language)
    if places.carry_to:
        atomic_write(places.carry_to, "\ufeff" + open_items_text(open_items(result)))
    return result


def reconciled(
    work: Work,
    memory: Memory,
    carried: tuple[Sequence[OpenItem], Sequence[OpenItem]],
    progress: Progress | None,
) -> Result:
    """The engine, called with all that is known."""
    from bofbot.reconcile.engine import reconcile

    return reconcile(
        work.left.table,
        work.right.table,
        work.rules,
        names=(work.left.name, work.right.name),
        columns=(work.left.columns, work.right.columns),
        decide=work.decide,
        memory=memory,
        carried=carried,
        progress=progress,
    )


def decided(
    work: Work,
    result: Result,
    memory: Memory,
    carried: tuple[Sequence[OpenItem], Sequence[OpenItem]],
    marks: Marks,
    today: date,
    progress: Progress | None = None,
) -> tuple[Result, Memory]:
    """The result anew, after people decided."""  # fmt: skip
    memory = learn(memory, result, marks, today)
    return reconciled(work, memory, carried, progress), memory


def _carried(path: Path | None) -> tuple[Sequence[OpenItem], Sequence[OpenItem]]:
    if path is None:
        return (), ()
    try:
        items = read_open_items(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError as missing:
        raise BusinessError(
            Sentence(en=f"{path} is not there", ja=f"{path} がありません"),
            place=Place(str(path)),
            fix=Sentence(
                en="leave out carry_from in the first period", ja="初回は繰越元を指定しないでください"
            ),
        ) from missing
    return [i for i in items if i.side == "left"], [i for i in items if i.side == "right"]
