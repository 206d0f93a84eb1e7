"""The verb that matches two tables, confirms what is certain, and leaves a report for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from bofbot.action import Action, Context, Later, Result, Touch
from bofbot.actions.reconcile_sources import read_side, side_of_rows
from bofbot.events import Evidence
from bofbot.reconcile.listing import as_json, summary
from bofbot.reconcile.model import Result as Reconciled
from bofbot.reconcile.rulebook import DecideSpec, RuleSpec
from bofbot.records import Table
from bofbot.words import Sentence


class SideSpec(BaseModel):
    """One side.
    片側の表。"""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True
    )

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


class _Sides(BaseModel):
    """The two sides.
    突き合わせる二つの表。"""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True
    )

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
    report: Later[str] = ""
    """The workbook to write, e.g. `out/消込.xlsx`.
    作成する報告書（例 `out/消込.xlsx`）。"""


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
        sides = [await asyncio.to_thread(_side, side, context) for side in (spec.left, spec.right)]
        context.progress(1, 3)
        result = await asyncio.to_thread(_reconcile, sides, spec)
        context.progress(2, 3)
        for said in result.assumptions:
            context.note(said)
        evidence: tuple[Evidence, ...] = ()
        if spec.report:
            path = context.path(str(spec.report))
            await asyncio.to_thread(_write_report, path, result)
        figures = summary(result)
        left_open = figures["left_open"] + figures["right_open"]
        return Result(
            value=value_of(result),
            summary=Sentence(
                en=f"{figures['confirmed']} matched, {figures['suggested'] + figures['ambiguous']} to review, {left_open} open",
                ja=f"消込 {figures['confirmed']} 件、要確認 {figures['suggested'] + figures['ambiguous']} 件、未消込 {left_open} 件",
            ),
            facts=facts_of(result),
            evidence=evidence,
        )


def _called(side: SideSpec) -> str:
    return side.name or str(side.file) or "rows"


def _side(side: SideSpec, context: Context) -> tuple[str, Table, Mapping[str, Any]]:
    if side.rows is not None:
        table, known = side_of_rows(side.rows)
    else:
        path = context.path(str(side.file))
        table, known = read_side(path, sheet=str(side.sheet), encoding=side.encoding)
    return side.name or Path(str(side.file)).stem or "rows", table, side.columns or known


def _reconcile(sides: list[tuple[str, Table, Mapping[str, Any]]], spec: _Sides) -> Reconciled:
    from bofbot.reconcile.engine import reconcile

    (left_name, left, left_columns), (right_name, right, right_columns) = sides
    return reconcile(
        left,
        right,
        tuple(rule.rule() for rule in spec.rules),
        names=(left_name, right_name),
        columns=(left_columns, right_columns),
        decide=spec.decide.decide(),
    )


def _write_report(path: Path, result: Reconciled) -> None:
    from bofbot.actions.reconcile_report import write_report

    write_report(path, result)


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
