"""What people mark in the report (✓ ×) or answer at the terminal becomes memory; confirmed rows are marked in the source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from bofbot.actions.reconciliation.words import sheet_name
from bofbot.adapters import tables
from bofbot.adapters.workbooks.patch import patch_cells
from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.files import atomic_write
from bofbot.reconcile.choice.memory import Decision, Memory, decision_about, memory_text, read_memory
from bofbot.reconcile.model import Match, Result
from bofbot.reconcile.outcome.carry import CARRIED
from bofbot.reconcile.outcome.explaining import explanation
from bofbot.words import Language, Sentence

YES = frozenset(["✓", "✔", "☑", "○", "◯", "〇", "レ", "ok", "OK", "yes", "y", "1", "済", "承認"])
NO = frozenset(["×", "✕", "✗", "☓", "x", "X", "ng", "NG", "no", "n", "0", "否"])


def load_memory(path: Path) -> Memory:
    """The decisions in a file; none when there is no file yet. Raises BusinessError for a line that is no decision."""
    if not path.exists():
        return Memory()
    return read_memory(path.read_text(encoding="utf-8-sig"), str(path))


def save_memory(path: Path, memory: Memory) -> None:
    """Write all decisions, whole or not at all (UTF-8 with a mark, so that Excel reads it)."""
    atomic_write(path, "\ufeff" + memory_text(memory))


def marks_in(report: Path) -> dict[tuple[tuple[str, ...], tuple[str, ...]], bool]:
    """✓ (True) and × (False) that people put beside matches of a report: (left ids, right ids) → mark.

    Raises BusinessError for a mark that is neither, naming the cell."""
    for language in ("ja", "en"):
        spoken: Language = language
        try:
            table, _ = tables.read_table(
                report,
                tables.Wanted(
                    columns={"✓": "text", "key": "text"}, sheet=sheet_name("matches", spoken), header=1
                ),
            )
        except BusinessError:
            continue
        if "key" in table.columns:
            break
    else:
        raise BusinessError(
            Sentence(
                en=f"{report.name} is no reconciliation report",
                ja=f"{report.name} は照合の報告書ではありません",
            ),
            fix=Sentence(
                en="give the workbook that --report wrote", ja="--report で作成したブックを指定してください"
            ),
        )
    found = {}
    for row in table.rows:
        mark = str(row["✓"] or "").strip()
        if not mark:
            continue
        if mark not in YES and mark not in NO:
            cell = Cell(report.name, row.source.sheet, row.source.row, "✓")
            raise BusinessError(
                Sentence(
                    en=f"{cell}: “{mark}” is neither ✓ nor ×",
                    ja=f"{cell}：「{mark}」は ✓ でも × でもありません",
                ),
                fix=Sentence(
                    en="put ✓ or × there, or leave it empty", ja="✓ か × を入力するか、空にしてください"
                ),
                sighting=Sighting(cell=cell),
            )
        key = json.loads(row["key"])
        found[tuple(sorted(key["left"])), tuple(sorted(key["right"]))] = mark in YES
    return found


def learn(
    memory: Memory,
    result: Result,
    marks: Mapping[tuple[tuple[str, ...], tuple[str, ...]], bool],
    day: date | None,
) -> Memory:
    """The memory with what the marks say. A ✓ on a match whose names differ teaches the name as well."""
    by_ids = {ids_of(result, match): match for match in result.matches}
    decisions: list[Decision] = []
    for (left, right), yes in marks.items():
        match = by_ids.get((left, right))
        names = names_of(result, match) if match else ("", "")
        differ = match is not None and any(point.reason.en in _OTHER_NAMES for point in match.evidence)
        decisions += decision_about(yes, left, right, names, day, differ)
    return memory.with_decisions(decisions)


_OTHER_NAMES = ("another name", "names begin alike", "name alike")


def ids_of(result: Result, match: Match) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(sorted(result.left[row].id for row in match.left)),
        tuple(sorted(result.right[row].id for row in match.right)),
    )


def names_of(result: Result, match: Match) -> tuple[str, str]:
    """The name on the left and on the right of a match, as they were compared."""
    left, right = result.left[match.left[0]], result.right[match.right[0]]
    return left.compared or left.party or left.text, right.compared or right.party or right.text


def review(
    result: Result, ask: Callable[[str], str], language: Language
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], bool]:
    """Ask a person about every match that is not confirmed: y, n, or Enter to leave it; q ends."""
    marks = {}
    waiting = result.waiting
    for number, match in enumerate(waiting, start=1):
        answer = ask(_question(result, match, number, len(waiting), language)).strip().lower()
        if answer in ("q", "quit", "終"):
            break
        if answer in YES or answer in NO:
            marks[ids_of(result, match)] = answer in YES
    return marks


def _question(result: Result, match: Match, number: int, total: int, language: Language) -> str:
    lines = [f"[{number}/{total}] {match.kind}  {match.rule}  {explanation(match, language)}"]
    for name, side, rows in (
        (result.left_name, result.left, match.left),
        (result.right_name, result.right, match.right),
    ):
        for entry in (side[row] for row in rows):
            lines.append(
                f"  {name}  {entry.id}  {entry.date or ''}  {entry.amount:,}  {entry.party or entry.text}"
            )
    lines.append("  y/n/Enter/q ? " if language == "en" else "  y 承認 / n 否認 / Enter 保留 / q 終了 ? ")
    return "\n".join(lines)


def mark_source(result: Result, side: str, column: str, word: str = "済") -> int:
    """Write `word` into a column of the source workbook for every confirmed row of a side; the number of rows marked.

    Only these cells change (see `adapters.patch`). Raises BusinessError when the column is missing or the source is
    no workbook."""
    entries = result.left if side == "left" else result.right
    rows = sorted(row for m in result.matches if m.grade == "confirmed" for row in getattr(m, side))
    by_sheet: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        source = entries[row].source
        if source.file and source.file != CARRIED:
            by_sheet.setdefault((source.file, source.sheet), []).append(source.row)
    marked = 0
    for (file, sheet), numbers in sorted(by_sheet.items()):
        at = _column_of(Path(file), sheet, column, numbers)
        patch_cells(Path(file), sheet, {(number, at): word for number in numbers})
        marked += len(numbers)
    return marked


def _column_of(path: Path, sheet: str, column: str, numbers: Iterable[int]) -> int:
    from bofbot.adapters.workbooks.sheets import open_book

    first = min(numbers)
    for number, cells in enumerate(open_book(path).rows(sheet), start=1):
        if number >= first:
            break
        if column in cells:
            return cells.index(column) + 1
    raise BusinessError(
        Sentence(
            en=f"{path.name} › {sheet}: there is no column “{column}”",
            ja=f"{path.name} › {sheet}：列「{column}」がありません",
        ),
        fix=Sentence(
            en="add the heading to the sheet, or name another column",
            ja="見出しを追加するか、別の列を指定してください",
        ),
        sighting=Sighting(looked_for=column, cell=Cell(path.name, sheet)),
    )
