"""The verb that matches two tables, confirms what is certain, and leaves a report for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bofbot.action import Action, Context, Later, Result, Touch
from bofbot.actions.reconciliation.reconciling import Given, Places, Progress, Work, play
from bofbot.actions.reconciliation.review import mark_source
from bofbot.actions.reconciliation.sources import read_side, side_of_rows
from bofbot.errors import BusinessError
from bofbot.reconcile.comparison.compare import Comparison, compare, comparison_as_json, remark_on
from bofbot.reconcile.model import Result as Reconciled
from bofbot.reconcile.outcome.listing import as_json, summary
from bofbot.reconcile.rulebook import DecideSpec, RuleSpec
from bofbot.words import Sentence


class SideSpec(BaseModel):
    """One side.
    片側の表。"""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _in_short(cls, value: Any) -> Any:
        """`left: ${rows}` and `left: bank.csv` are short for `{rows: …}` and `{file: …}`."""
        if isinstance(value, str):
            return {"file": value}
        return value if isinstance(value, Mapping | cls) else {"rows": value}

    name: str = ""
    """What the report calls it, e.g. `bank`.
    報告書での呼び名（例 `bank`）。"""
    file: Later[str] = ""
    """A CSV, a workbook or a statement file.
    CSV、ブックまたは明細ファイル。"""
    sheet: Later[str] = ""
    """The sheet of a workbook.
    シート名。"""
    encoding: str = ""
    """Of a CSV file, e.g. `cp932`.
    CSV の文字コード（例 `cp932`）。"""
    rows: Any = None
    """Rows already read, e.g. `${rows}`, in place of a file.
    読み込み済みの行（例 `${rows}`）。file の代わりに指定する。"""
    columns: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Roles and columns: `{id: …, date: …, amount: …, text: …, party: …, kana: …, ref: …}`; recognised when left out.
    役割と列名（id date amount in out text party kana ref currency）。省略すると自動で判定する。"""


class RulesFile(BaseModel):
    """What may stand in a rules file of `bofbot reconcile`.
    `bofbot reconcile` のルールファイルに書ける項目。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    left: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Roles and columns of the left side.
    左側の役割と列名。"""
    right: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Roles and columns of the right side.
    右側の役割と列名。"""
    rules: tuple[RuleSpec, ...] = ()
    """What may be matched, in order.
    照合ルール（上から優先）。"""
    decide: DecideSpec = DecideSpec()
    """When a match is confirmed without a person.
    人の確認なしに確定する条件。"""


class _Sides(BaseModel):
    """The two sides.
    突き合わせる二つの表。"""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    left: SideSpec
    """What came in, e.g. the bank.
    左側（例：銀行の入金）。"""
    right: SideSpec
    """What was expected, e.g. the ledger.
    右側（例：売掛金の台帳）。"""
    rules: tuple[RuleSpec, ...] = ()
    """What may be matched, in order; sensible rules when left out.
    照合ルール（上から優先）。省略すると標準のルールを使う。"""
    decide: DecideSpec = DecideSpec()
    """When a match is confirmed without a person.
    人の確認なしに確定する条件。"""
    by: tuple[str, ...] | str = ()
    """Key columns: the tables should be the same and are only compared, row by row and cell by cell.
    キーの列。指定すると、同じはずの二つの表を行・セル単位で比較する。"""
    tolerance: Decimal = Field(Decimal(0), ge=0)
    """With `by`: numbers may differ by so much.
    `by` のとき、数値の許容差。"""
    report: Later[str] = ""
    """The workbook to write, e.g. `out/消込.xlsx`; ✓ and × in it are read before it is written anew.
    作成する報告書（例 `out/消込.xlsx`）。前回の ✓ や × は書き直す前に読み取る。"""
    memory: Later[str] = "configs/reconciliation.csv"
    """Where decisions of people are kept.
    人の判断を記録するファイル。"""
    carry_from: Later[str] = ""
    """Open items of the last period.
    前回から繰り越す未照合の一覧（CSV）。"""
    carry_to: Later[str] = ""
    """Where open items are written for the next period.
    次回へ繰り越す未照合の一覧（CSV）。"""
    mark: dict[Literal["left", "right"], str] = Field(default_factory=dict)
    """Side and column: confirmed rows are marked 済 in the source workbook.
    確定した行に「済」を書き込む側と列（例 `{right: 消込}`）。"""


class Reconcile(Action):
    """Matches two tables row by row, explains every match, and leaves open what is not certain.
    二つの表を突き合わせ、理由を付けて消し込み、確かでないものは残す。"""

    verb: ClassVar[str] = "reconcile"
    saves: ClassVar[str] = "the result: matched, open, totals, difference"

    reconcile: _Sides
    """The two sides, the rules, and where the report goes.
    二つの表、ルール、報告書の場所。"""

    def sentence(self) -> Sentence:
        left, right = (_called(side) for side in (self.reconcile.left, self.reconcile.right))
        return Sentence(en=f"reconcile {left} with {right}", ja=f"{left} と {right} を突き合わせる")

    def touches(self) -> tuple[Touch, ...]:
        reads = [
            Touch("reads", str(side.file))
            for side in (self.reconcile.left, self.reconcile.right)
            if side.file
        ]
        return (*reads, *([Touch("writes", str(self.reconcile.report))] if self.reconcile.report else ()))

    async def run(self, context: Context) -> Result:
        spec = self.reconcile
        loop = asyncio.get_running_loop()

        def progress(done: int, total: int) -> None:
            loop.call_soon_threadsafe(context.progress, done, total)

        def say(remark: Sentence) -> None:
            loop.call_soon_threadsafe(context.note, remark)

        heard = _Heard(progress, say)
        if spec.by:
            return await asyncio.to_thread(_compared, spec, context, heard)
        left, right = [
            await asyncio.to_thread(_side, side, context, heard) for side in (spec.left, spec.right)
        ]
        work = Work(left, right, tuple(rule.rule() for rule in spec.rules), spec.decide.decide())
        places = Places(
            *(
                context.path(str(p)) if p else None
                for p in (spec.report, spec.memory, spec.carry_from, spec.carry_to)
            )
        )
        result = await asyncio.to_thread(
            play, work, places, context.clock().date(), context.settings.language or "ja", progress
        )
        for said in result.assumptions:
            context.note(said)
        for side, column in spec.mark.items():
            await asyncio.to_thread(mark_source, result, side, column)
        return Result(value=value_of(result), summary=told(result), facts=facts_of(result))


def told(result: Reconciled) -> Sentence:
    """The outcome in a few words."""
    waiting = result.count("suggested") + result.count("ambiguous")
    return Sentence(
        en=f"{result.count('confirmed')} matched, {waiting} to review, {len(result.breaks)} open",
        ja=f"消込 {result.count('confirmed')} 件、要確認 {waiting} 件、未消込 {len(result.breaks)} 件",
    )


class _Heard(NamedTuple):
    """Who hears, from another thread, how far the work is and what is worth knowing."""

    progress: Progress
    say: Callable[[Sentence], None]


def _called(side: SideSpec) -> str:
    return side.name or str(side.file) or "rows"


def _side(side: SideSpec, context: Context, heard: _Heard) -> Given:
    if side.rows is not None:
        table, known = side_of_rows(side.rows)
    elif side.file:
        table, known = read_side(
            context.path(str(side.file)),
            sheet=str(side.sheet),
            encoding=side.encoding,
            progress=heard.progress,
            say=heard.say,
        )
    else:
        raise BusinessError(
            Sentence(
                en=f"{side.name or 'a side'} has neither `file` nor `rows`",
                ja=f"{side.name or '表'} に file も rows もありません",
            )
        )
    return Given(_name(side), table, side.columns or known)


def _name(side: SideSpec) -> str:
    return side.name or Path(str(side.file)).stem or "rows"


def _compared(spec: _Sides, context: Context, heard: _Heard) -> Result:
    """The plain comparison, when `by` is given."""
    by = (spec.by,) if isinstance(spec.by, str) else spec.by
    comparison = _of_files(spec, by, context, heard)
    if comparison is None:
        left, right = (_side(side, context, heard).table for side in (spec.left, spec.right))
        comparison = compare(left, right, by, tolerance=spec.tolerance)
    if remark := remark_on(comparison):
        heard.say(remark)
    if spec.report:
        from bofbot.actions.reconciliation.compare_report import write_comparison

        write_comparison(
            context.path(str(spec.report)),
            comparison,
            (_name(spec.left), _name(spec.right)),
            context.settings.language or "ja",
        )
    plain = comparison_as_json(comparison)
    figures = plain["summary"]
    return Result(
        value={**figures, **{key: value for key, value in plain.items() if key != "summary"}},
        summary=Sentence(
            en=f"{figures['same']} rows agree, {figures['changed_rows']} changed, {figures['removed']} removed, {figures['added']} added",
            ja=f"一致 {figures['same']} 行、変更 {figures['changed_rows']} 行、削除 {figures['removed']} 行、追加 {figures['added']} 行",
        ),
        facts={"kind": "comparison", **figures},
    )


def _of_files(spec: _Sides, by: tuple[str, ...], context: Context, heard: _Heard) -> Comparison | None:
    """Two files without rows between; None where a side is anything else."""
    sides = (spec.left, spec.right)
    if any(side.rows is not None or not side.file or side.encoding for side in sides):
        return None
    from bofbot.adapters.compare_files import compare_files

    left, right = (context.path(str(side.file)) for side in sides)
    sheets = str(spec.left.sheet), str(spec.right.sheet)
    return compare_files(
        left, right, by, spec.tolerance, sheets=sheets, progress=heard.progress, say=heard.say
    )


def value_of(result: Reconciled) -> dict[str, Any]:
    """What `save_as` names: counts, totals as amounts, and all matches and breaks as plain values."""
    one = result.totals[0]
    return {
        **{key: value for key, value in summary(result).items() if key not in ("totals", "stages")},
        "matched": result.count("confirmed"),
        "open": len(result.breaks),
        "difference": sum(line.difference for line in result.totals),
        "left_total": one.left_total,
        "right_total": one.right_total,
        "matches_list": as_json(result)["matches"],
        "breaks": as_json(result)["breaks"],
    }


def facts_of(result: Reconciled) -> dict[str, Any]:
    """The figures of the run's report, plain JSON values."""
    one = result.totals[0]
    return {
        "kind": "reconciliation",
        "left": result.left_name,
        "right": result.right_name,
        "matched": result.count("confirmed"),
        "suggested": result.count("suggested"),
        "ambiguous": result.count("ambiguous"),
        "left_open": sum(item.side == "left" for item in result.breaks),
        "right_open": sum(item.side == "right" for item in result.breaks),
        "left_total": str(one.left_total),
        "left_matched_total": str(one.left_matched),
        "left_open_total": str(one.left_open),
        "right_total": str(one.right_total),
        "right_matched_total": str(one.right_matched),
        "right_open_total": str(one.right_open),
        "difference": str(one.difference),
    }
