"""The workbook of a plain comparison: a summary, then changed cells, removed and added rows, duplicate keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bofbot.adapters.reportbook import Page, Styled, write_pages
from bofbot.reconcile.cells import as_text
from bofbot.reconcile.compare import Comparison
from bofbot.records import Row
from bofbot.words import Language


def write_comparison(
    path: Path, comparison: Comparison, names: tuple[str, str], language: Language = "ja"
) -> None:
    """Write the report, whole or not at all."""

    def said(en: str, ja: str) -> str:
        return ja if language == "ja" else en

    figures: list[tuple[str, Any]] = [
        (said("key", "キー"), "、".join(comparison.by)),
        (said(f"rows of {names[0]}", f"{names[0]} の行数"), comparison.left_rows),
        (said(f"rows of {names[1]}", f"{names[1]} の行数"), comparison.right_rows),
        (said("rows that agree", "一致した行"), comparison.same),
        (said("changed rows", "変更のある行"), len({c.key for c in comparison.changed})),
        (said("changed cells", "変更のあるセル"), len(comparison.changed)),
        (said("removed rows", "なくなった行"), len(comparison.removed)),
        (said("added rows", "増えた行"), len(comparison.added)),
        (said("duplicate keys", "重複したキー"), len(comparison.duplicates)),
        (said("columns gone", "なくなった列"), "、".join(comparison.columns_removed)),
        (said("new columns", "増えた列"), "、".join(comparison.columns_added)),
    ]
    title = [
        [
            Styled(
                said(f"Comparison: {names[0]} and {names[1]}", f"比較結果　{names[0]} と {names[1]}"), "title"
            )
        ],
        [],
    ]
    changed: list[list[Any]] = [
        [
            *comparison.by,
            *(
                said(*pair)
                for pair in (
                    ("column", "列"),
                    (names[0], names[0]),
                    (names[1], names[1]),
                    ("difference", "差"),
                )
            ),
        ]
    ]
    changed += [[*c.key, c.column, _cell(c.left), _cell(c.right), c.difference] for c in comparison.changed]
    width = len(comparison.by)
    pages = [
        Page(said("Summary", "要約"), [*title, *[[label, value] for label, value in figures]], (34, 40)),
        Page(said("Changed", "変更"), changed, (18,) * width + (18, 24, 24, 14), heading_row=0),
        Page(said("Removed", "削除"), _rows(comparison.removed, said("row", "行")), heading_row=0),
        Page(said("Added", "追加"), _rows(comparison.added, said("row", "行")), heading_row=0),
        Page(
            said("Duplicates", "重複"),
            [[said("side", "側"), said("key", "キー"), said("rows", "行")]]
            + [
                [side, "、".join(key), "、".join(map(str, rows))] for side, key, rows in comparison.duplicates
            ],
            (8, 30, 30),
            heading_row=0,
        ),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_pages(path, pages)


def _rows(rows: tuple[Row, ...], heading: str) -> list[list[Any]]:
    columns = list(dict.fromkeys(column for row in rows[:1000] for column in row))
    return [
        [heading, *columns],
        *[[row.source.row, *(_cell(row.get(column)) for column in columns)] for row in rows],
    ]


def _cell(value: Any) -> Any:
    return value if isinstance(value, int | float) else as_text(value)
