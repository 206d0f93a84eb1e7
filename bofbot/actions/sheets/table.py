"""The verbs of whole tables: read one, write one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, field_validator

from bofbot.action import Action, Context, Result, Touch
from bofbot.actions.sheets.table_sources import Sources
from bofbot.adapters import tables
from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.files import atomic_write, refuse_when_locked
from bofbot.records import Table
from bofbot.values.misfits import misfit
from bofbot.values.types import is_type, no_such_type
from bofbot.words import Sentence


def _known_encoding(encoding: Any) -> Any:
    from bofbot.adapters.csvfiles.csvfile import ENCODINGS, python_name

    try:
        python_name(encoding)
    except ValueError:
        known = ", ".join(ENCODINGS)
        raise misfit(
            Sentence(
                en=f'there is no encoding "{encoding}"; known: {known}',
                ja=f"文字コード「{encoding}」はありません（使えるもの：{known}）",
            )
        ) from None
    return encoding


Encoding = Annotated[str, AfterValidator(_known_encoding)]
"""The name of a text encoding; every name of Shift_JIS means cp932."""


class ReadTable(Action):
    """Reads a table from a workbook or a CSV file.
    ブックまたは CSV ファイルの表を読み込む。"""

    verb: ClassVar[str] = "read_table"
    saves: ClassVar[str] = "the rows"
    bounded: ClassVar[bool] = False  # a sheet of a million rows takes its minute, and shows its progress

    read_table: str
    """The file, e.g. `data/経費.xlsx` or `data/入金.csv`.
    ファイル（例 `data/経費.xlsx`、`data/入金.csv`）。"""
    sheet: str = ""
    """The sheet; not needed when only one is visible.
    シート名。表示されているシートが 1 枚だけなら省略できる。"""
    header: int = Field(0, ge=0, le=1_048_576)
    """The row of the headings; found by itself when left out.
    見出しの行番号。省略すると自動で探す。"""
    columns: dict[str, str] = Field(default_factory=dict)
    """Headings and their types, e.g. `{申請番号: code, 金額: yen}`; every column when left out.
    見出しと型（例 `{申請番号: code, 金額: yen}`）。省略するとすべての列を読む。"""
    required: tuple[str, ...] = ()
    """Columns in which no cell may be empty.
    空のセルを許さない列。"""
    until: str = ""
    """Stop before the row in which a cell reads so, e.g. `合計`.
    この文字のセルがある行の手前で終わる（例 `合計`）。"""
    skip_blank: bool = True
    """Leave out empty rows.
    空の行を読み飛ばす。"""
    encoding: Encoding = ""
    """Of a CSV file, e.g. `cp932`; found by itself when left out.
    CSV の文字コード（例 `cp932`）。省略すると自動で判定する。"""
    delimiter: str = ""
    """Of a CSV file, e.g. `;`; found by itself when left out.
    CSV の区切り文字（例 `;`）。省略すると自動で判定する。"""

    @field_validator("columns", mode="after")
    @classmethod
    def _types_exist(cls, columns: Any) -> Any:
        for heading, kind in columns.items() if isinstance(columns, Mapping) else ():
            if not is_type(kind):
                why = no_such_type(kind)
                said = Sentence(en=f'column "{heading}": {why.en}', ja=f"列「{heading}」：{why.ja}")
                raise misfit(said)
        return columns

    def columns_made(self) -> tuple[str, ...] | None:
        return tuple(self.columns) or None

    def sentence(self) -> Sentence:
        sheet = self.sheet
        return Sentence(
            en=f"read the table in {self.read_table}" + (f", sheet {sheet}" if sheet else ""),
            ja=f"{self.read_table}" + (f" のシート「{sheet}」の表を読み込む" if sheet else " の表を読み込む"),
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("reads", str(self.read_table)),)

    async def run(self, context: Context) -> Result:
        path = context.path(self.read_table)
        wanted = tables.Wanted(
            columns=self.columns,
            sheet=self.sheet,
            header=self.header,
            encoding=self.encoding,
            delimiter=self.delimiter,
            skip_blank=self.skip_blank,
            until=self.until,
            required=self.required,
        )
        progress = _Progress(context)
        try:
            table, remarks = await asyncio.to_thread(
                tables.read_table, path, wanted, shown=_shown(path, context), progress=progress
            )
        finally:
            progress.stop()
        (await context.resource(Sources)).remember_read(table.source, wanted)
        for remark in remarks:
            context.note(remark)
        return Result(value=table, summary=_rows_counted(len(table)), facts={"rows": len(table)})


class WriteTable(Action):
    """Writes rows into a new workbook or CSV file.
    行を新しいブックまたは CSV ファイルに書き出す。"""

    verb: ClassVar[str] = "write_table"
    saves: ClassVar[str] = "the path of the file"
    bounded: ClassVar[bool] = False
    rehearsed: ClassVar[bool] = False

    write_table: str
    """The file to be made, e.g. `out/結果.xlsx` or `out/結果.csv`.
    作成するファイル（例 `out/結果.xlsx`、`out/結果.csv`）。"""
    rows: Any
    """What to write, e.g. `${rows}`.
    書き出す行（例 `${rows}`）。"""
    columns: tuple[str, ...] = ()
    """Which columns, in this order; all of them when left out.
    書き出す列とその順序。省略するとすべての列。"""
    sheet: str = "Sheet1"
    """The name of the sheet.
    シート名。"""
    encoding: Encoding = "utf-8-sig"
    """Of a CSV file, e.g. `cp932`.
    CSV の文字コード（例 `cp932`）。"""
    delimiter: str = ","
    """Of a CSV file.
    CSV の区切り文字。"""
    replace: bool = False
    """Replace a file that exists already.
    既にあるファイルを置き換える。"""

    def sentence(self) -> Sentence:
        return Sentence(
            en=f"write {self.rows} to {self.write_table}", ja=f"{self.rows} を {self.write_table} に書き出す"
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("writes", str(self.write_table)),)

    async def run(self, context: Context) -> Result:
        path = context.path(self.write_table)
        _may_write(path, self.replace)
        rows = _as_rows(self.rows)
        columns = _columns_of(self.rows, rows, self.columns, path)
        await asyncio.to_thread(self._write, path, columns, rows)
        return Result(value=str(path), summary=_rows_counted(len(rows)), facts={"rows": len(rows)})

    def _write(self, path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        if tables.is_csv(path):
            from bofbot.adapters.csvfiles.csvfile import csv_bytes

            lines: list[Sequence[Any]] = [
                list(columns),
                *([row.get(column) for column in columns] for row in rows),
            ]
            content = csv_bytes(lines, encoding=self.encoding, delimiter=self.delimiter, path=path)
            atomic_write(path, content)
        else:
            from bofbot.adapters.workbooks.newbook import NewSheet, write_book

            write_book(path, [NewSheet(self.sheet, columns, rows)])


def _rows_counted(count: int) -> Sentence:
    """ "1 row", "42 rows"."""
    return Sentence(en=f"{count:,} row" + ("" if count == 1 else "s"), ja=f"{count:,} 行")


def _shown(path: Path, context: Context) -> str:
    """The path as rows tell it: inside the project folder relative to it."""
    return (
        path.relative_to(context.work_folder).as_posix()
        if path.is_relative_to(context.work_folder)
        else str(path)
    )


class _Progress:
    """Tells the run from the reading thread how far it is; once stopped it ends the thread at its next word."""

    def __init__(self, context: Context) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell = context.progress
        self._stopped = threading.Event()

    def __call__(self, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise InterruptedError("nobody waits for this table any more")
        self._loop.call_soon_threadsafe(self._tell, done, total)

    def stop(self) -> None:
        self._stopped.set()


def _may_write(path: Path, replace: bool) -> None:
    if not tables.is_csv(path) and path.suffix.lower() != ".xlsx":
        raise BusinessError(
            Sentence(
                en=f"{path.name}: only .xlsx, .csv and .tsv files are written",
                ja=f"{path.name}：書き出せるのは .xlsx、.csv、.tsv ファイルだけです",
            ),
            sighting=Sighting(cell=Cell(str(path))),
        )
    refuse_when_locked(path)
    if path.exists() and not replace:
        raise BusinessError(
            Sentence(en=f"{path.name} exists already", ja=f"{path.name} は既に存在します"),
            fix=Sentence(
                en="`replace: true` replaces it; or give another name",
                ja="置き換える場合は `replace: true` を指定するか、別の名前にしてください",
            ),
            sighting=Sighting(cell=Cell(str(path))),
        )


def _as_rows(value: Any) -> Sequence[Mapping[str, Any]]:
    rows = value if isinstance(value, Sequence) and not isinstance(value, str) else None
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        raise BusinessError(
            Sentence(
                en="`rows` must be rows of a table, e.g. `rows: ${rows}`",
                ja="`rows` には表の行を指定してください（例 `rows: ${rows}`）",
            )
        )
    return rows


def _columns_of(
    value: Any, rows: Sequence[Mapping[str, Any]], wanted: Sequence[str], path: Path
) -> Sequence[str]:
    known = (
        value.columns
        if isinstance(value, Table)
        else tuple(dict.fromkeys(key for row in rows for key in row))
    )
    missing = [column for column in wanted if column not in known] if rows else []
    if missing:
        raise BusinessError(
            Sentence(
                en=f'the rows for {path.name} have no column "{missing[0]}" (columns: {", ".join(known)})',
                ja=f"{path.name} に書き出す行に列「{missing[0]}」がありません（列：{'、'.join(known)}）",
            ),
            sighting=Sighting(looked_for=missing[0]),
        )
    return tuple(wanted) or known
