"""The verb that computes the formulas of a workbook anew, for steps that read its totals after writing into it."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from bofbot.action import Action, Context, Result, Touch
from bofbot.words import Sentence


class Recalculate(Action):
    """Computes every formula of a workbook with LibreOffice and keeps the results in it; nothing else in it changes.
    LibreOffice でブックの数式をすべて計算し直し、結果だけをブックに書き込む。"""

    verb: ClassVar[str] = "recalculate"
    rehearsed: ClassVar[bool] = False

    recalculate: str
    """The workbook (.xlsx, .xlsm), e.g. `data/経費.xlsx`.
    ブック（.xlsx、.xlsm。例 `data/経費.xlsx`）。"""

    def sentence(self) -> Sentence:
        return Sentence(
            en=f"compute the formulas of {self.recalculate} anew", ja=f"{self.recalculate} の数式を計算し直す"
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("writes", str(self.recalculate)),)

    async def run(self, context: Context) -> Result:
        from bofbot.adapters.workbooks.recalculation import recalculate

        seconds = max(1.0, context.timeout - 1)  # LibreOffice is ended before the step is
        done = await asyncio.to_thread(recalculate, context.path(self.recalculate), seconds=seconds)
        count = len(done.changed)
        return Result(
            value=count,
            summary=Sentence(
                en=f"{done.formulas:,} formulas, {count:,} results changed",
                ja=f"数式 {done.formulas:,} 個、結果が変わったもの {count:,} 個",
            ),
        )
