"""The verb that writes values back into the row of the file that an item came from."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from bofbot.action import Action, Context, Result, Scalar, Touch
from bofbot.actions.sheets.table_sources import Sources
from bofbot.adapters.writeback import foresee_write_back, write_back
from bofbot.errors import BusinessError
from bofbot.records import Row
from bofbot.words import Sentence


class WriteBack(Action):
    """Writes values into the row of the file that the item came from; nothing else in the file changes.
    処理中の行の元ファイルに値を書き戻す（ほかの部分は変更しない）。"""

    verb: ClassVar[str] = "write_back"
    side_by_side: ClassVar[bool] = True
    rehearsed: ClassVar[bool] = False

    write_back: dict[str, Scalar]
    """Columns and what to write into them, e.g. `{受付番号: "${receipt}"}`.
    列と書き込む値（例 `{受付番号: "${receipt}"}`）。"""
    row: Any = None
    """Another row than the item's, e.g. `${row}`.
    処理中の件とは別の行に書く場合に指定する（例 `${row}`）。"""
    add_columns: bool = False
    """Add a column at the right when the file has none of that name.
    列がない場合は右端に追加する。"""

    def columns_written(self) -> tuple[str, ...]:
        return tuple(str(heading) for heading in self.write_back) if self.row is None else ()

    def sentence(self) -> Sentence:
        pairs = ", ".join(f"{column} = {value}" for column, value in self.write_back.items())
        columns = "、".join(f"{column}（{value}）" for column, value in self.write_back.items())
        return Sentence(en=f"write back {pairs}", ja=f"元のファイルに {columns} を書き戻す")

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("writes", ", ".join(self.write_back)),)

    async def foresee(self, context: Context) -> None:
        if self.row is not None:
            return  # which row, only the run of the item knows
        row = _row_meant(None, context)
        sources = await context.resource(Sources)
        await asyncio.to_thread(
            foresee_write_back,
            context.path(row.source.file),
            row,
            [heading for heading in self.columns_written() if "${" not in heading],
            add_columns=self.add_columns,
            read_as=sources.read_as(row.source),
        )

    async def run(self, context: Context) -> Result:
        row = _row_meant(self.row, context)
        sources = await context.resource(Sources)
        async with sources.writing:  # items side by side write into one file
            changed = await asyncio.to_thread(
                write_back,
                context.path(row.source.file),
                row,
                self.write_back,
                add_columns=self.add_columns,
                read_as=sources.read_as(row.source),
                written=sources.written(row.source),
            )
            sources.remember_written(row.source, self.write_back)
        if not changed:
            return Result(summary=Sentence(en="already written", ja="書き込み済み"))
        return Result(summary=Sentence.same(str(row.source)))


def _row_meant(row: Any, context: Context) -> Row:
    meant = row if row is not None else context.item.value if context.item else None
    if isinstance(meant, Row) and meant.source.file and meant.source.row:
        return meant
    raise BusinessError(
        Sentence(
            en="there is no row to write back into: it must come from a table that `read_table` has read",
            ja="書き戻す行がありません。`read_table` で読み込んだ表の行が必要です",
        ),
        fix=Sentence(
            en="put `write_back` inside `for_each: ${rows}`, or give it `row: ${row}`",
            ja="`write_back` を `for_each: ${rows}` の中に置くか、`row: ${row}` を指定してください",
        ),
    )
