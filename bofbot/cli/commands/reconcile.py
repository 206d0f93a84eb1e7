"""`bofbot reconcile LEFT RIGHT`: match two files at a shell, with or without rules; with `--by KEY` only compare them."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.cli.command import CommandParser
from bofbot.cli.failure import tell
from bofbot.cli.options import json_option
from bofbot.cli.screen import put, put_json, say
from bofbot.errors import BusinessError, UsageError
from bofbot.words import Language, Sentence

if TYPE_CHECKING:
    from bofbot.actions.reconciliation.reconciling import Work
    from bofbot.reconcile.choice.memory import Memory
    from bofbot.reconcile.comparison.compare import Comparison
    from bofbot.reconcile.model import Result

_OPTIONS = (
    ("--rules", "FILE", Sentence(en="rules in YAML, as in the reconcile verb", ja="ルールファイル（YAML、reconcile と同じ書き方）")),
    ("--report", "FILE", Sentence(en="write a report: out.xlsx or out.html", ja="報告書（out.xlsx または out.html）を書き出す")),
    ("--by", "KEY", Sentence(en="the tables should be the same: compare them by these columns (a,b)", ja="同じはずの表をこの列（a,b）をキーに比較する")),
    ("--tolerance", "N", Sentence(en="with --by: numbers may differ by so much", ja="--by のとき、数値の許容差")),
    ("--memory", "FILE", Sentence(en="decisions of people, read and kept (CSV)", ja="人の判断を読み書きするファイル（CSV）")),
    ("--carry-from", "FILE", Sentence(en="open items of the last period (CSV)", ja="前回の未照合の一覧（CSV）")),
    ("--carry-to", "FILE", Sentence(en="write open items for the next period", ja="次回へ繰り越す未照合の一覧を書き出す")),
    ("--left-sheet", "NAME", Sentence(en="the sheet of LEFT", ja="LEFT のシート名")),
    ("--right-sheet", "NAME", Sentence(en="the sheet of RIGHT", ja="RIGHT のシート名")),
)  # fmt: skip


_WIDTH = 30


def arguments(parser: CommandParser) -> None:
    side = Sentence(en="a CSV, a workbook or a statement file", ja="CSV、ブック、または明細ファイル")
    parser.option("left", metavar="LEFT", help=side)
    parser.option("right", metavar="RIGHT", help=side)
    for name, value, said in _OPTIONS:
        parser.option(name, metavar=value, default="", help=said)
    parser.option(
        "--review",
        action="store_true",
        help=Sentence(en="ask about every match that is not certain", ja="確かでない照合を1件ずつ確認する"),
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """0 when all is confirmed (or equal), 4 when something is left for a person, 1 when a side cannot be read."""
    try:
        return _run(options)
    except BusinessError as error:  # 4 would say that it was played and something is left
        tell(error, options.language)
        return 1


def _run(options: argparse.Namespace) -> int:
    language: Language = options.language
    _check_report(options.report)
    left, right = Path(options.left), Path(options.right)
    names = (left.stem, right.stem) if left.stem != right.stem else ("left", "right")
    progress = _bar if sys.stderr.isatty() else None

    def tell_remark(remark: Sentence) -> None:
        say(remark, language)

    if options.by:
        from bofbot.adapters.compare_files import compare_files

        sheets = options.left_sheet, options.right_sheet
        keys, tolerance = _keys(options), _tolerance(options)
        comparison = compare_files(
            left, right, keys, tolerance, sheets=sheets, progress=progress, say=tell_remark
        )
        if comparison is not None:
            return _tell_comparison(comparison, names, options, language)
    from bofbot.actions.reconciliation.reconciling import Given, Places, Work, play
    from bofbot.actions.reconciliation.sources import read_side

    one, known = read_side(left, sheet=options.left_sheet, progress=progress, say=tell_remark)
    other, known_too = read_side(right, sheet=options.right_sheet, progress=progress, say=tell_remark)
    work = Work(Given(names[0], one, known), Given(names[1], other, known_too))
    if options.by:
        return _compare(work, options, language)
    if options.rules:
        work = _with_rules(work, Path(options.rules))
    report = Path(options.report) if options.report else None
    memory = Path(options.memory) if options.memory else None
    carry = [Path(word) if word else None for word in (options.carry_from, options.carry_to)]
    places = Places(report, memory, carry[0], carry[1])
    result = play(work, places, _today().date(), language, progress)
    if options.review:
        result = _reviewed(work, places, result, language)
    _tell(result, options, language)
    return 0 if result.complete else 4


def _check_report(file: str) -> None:
    """Raises UsageError for a kind of file that no report is written in, before anything is read."""
    if file and Path(file).suffix.lower() not in (".xlsx", ".html", ".htm"):
        raise UsageError(
            Sentence(en=f"{file}: a report is .xlsx or .html", ja=f"{file}：報告書は .xlsx か .html です")
        )


def _bar(done: int, total: int) -> None:
    """A bar on the terminal, gone when the work is done."""
    filled = _WIDTH * done // total
    shown = "" if done >= total else f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done / total:4.0%}\r"
    sys.stderr.write(f"\r\x1b[K{shown}")
    sys.stderr.flush()


def _today() -> datetime:
    return datetime.now().astimezone()


def _with_rules(work: Work, path: Path) -> Work:
    from bofbot.cli.commands.rules_file import read_rules

    rules = read_rules(path)
    left = replace(work.left, columns=rules.left or work.left.columns)
    right = replace(work.right, columns=rules.right or work.right.columns)
    return replace(
        work, left=left, right=right, rules=[r.rule() for r in rules.rules], decide=rules.decide.decide()
    )


def _reviewed(work: Work, places: object, result: Result, language: Language) -> Result:
    """Ask, learn, and go the whole way again with what was learned."""
    from bofbot.actions.reconciliation.reconciling import Places, play
    from bofbot.actions.reconciliation.review import learn, load_memory, review, save_memory

    assert isinstance(places, Places)
    if places.memory is None:
        raise UsageError(
            Sentence(en="--review needs a place to keep decisions", ja="--review には判断の保存先が必要です"),
            fix=Sentence(
                en="add --memory configs/reconciliation.csv",
                ja="--memory configs/reconciliation.csv を付けてください",
            ),
        )

    def ask(question: str) -> str:
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline() or "q"

    marks = review(result, ask, language)
    if not marks:
        return result
    memory: Memory = learn(load_memory(places.memory), result, marks, _today().date())
    save_memory(places.memory, memory)
    return play(work, places, _today().date(), language)


def _tell(result: Result, options: argparse.Namespace, language: Language) -> None:
    from bofbot.cli.commands.reconcile_said import result_lines
    from bofbot.reconcile.outcome.listing import json_lines

    if options.json:
        for text in json_lines(result, language):
            sys.stdout.write(text)
        put("")
        return
    for said in result.assumptions:
        say(said, language)
    put("\n".join(result_lines(result, language)))
    for file in filter(None, (options.report, options.carry_to)):
        say(Sentence(en=f"wrote {file}", ja=f"{file} を書き出しました"), language)


def _keys(options: argparse.Namespace) -> list[str]:
    return [word.strip() for word in options.by.replace("、", ",").split(",") if word.strip()]


def _tolerance(options: argparse.Namespace) -> Decimal:
    try:
        return Decimal(options.tolerance or 0)
    except InvalidOperation:
        raise UsageError(
            Sentence(
                en=f"--tolerance is a number, not “{options.tolerance}”",
                ja=f"--tolerance は数値で指定します：「{options.tolerance}」",
            )
        ) from None


def _compare(work: Work, options: argparse.Namespace, language: Language) -> int:
    from bofbot.reconcile.comparison.compare import compare

    comparison = compare(work.left.table, work.right.table, _keys(options), tolerance=_tolerance(options))
    return _tell_comparison(comparison, (work.left.name, work.right.name), options, language)


def _tell_comparison(
    comparison: Comparison, names: tuple[str, str], options: argparse.Namespace, language: Language
) -> int:
    from bofbot.cli.commands.reconcile_said import comparison_lines
    from bofbot.reconcile.comparison.compare import comparison_as_json, remark_on

    if remark := remark_on(comparison):
        say(remark, language)
    if options.report:
        from bofbot.actions.reconciliation.compare_report import write_comparison

        write_comparison(Path(options.report), comparison, names, language)
    plain = comparison_as_json(comparison)
    if options.json:
        put_json(plain)
    else:
        put("\n".join(comparison_lines(comparison, plain, language)))
    return 0 if comparison.equal else 4
