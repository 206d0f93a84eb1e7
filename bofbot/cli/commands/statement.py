"""`bofbot statement FILE…`: read statements of any format, prove them, show or convert them."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from bofbot.adapters.workbooks.statement_sheets import sheet_rows
from bofbot.cli.command import CommandParser
from bofbot.cli.options import SETTINGS, project_folder
from bofbot.cli.screen import columns, put, say
from bofbot.errors import UsageError
from bofbot.statements.duplicates import Seen
from bofbot.statements.model import Statement
from bofbot.statements.options import CsvProfile, Options
from bofbot.statements.profiles import over, profile_from
from bofbot.statements.telling import (
    ENTRY_FIGURES,
    FIGURES,
    FileReading,
    as_json,
    entry_rows,
    read_one,
    table,
)
from bofbot.statements.writing import HEADINGS, as_csv, as_ofx, rows, unknown_to_ofx
from bofbot.words import Sentence

MORE = Sentence(
    en="Formats are told by content: CSV, XLS/XLSX, OFX/QFX, QIF, MT940/942, CAMT.052/053/054, BAI2, 全銀, PDF with text,\n"
    "UBL/CII invoices, and zips of these. Exit code 0: all read, nothing fails to add up; 4: a file was refused, holds\n"
    "no statement or does not add up.",
    ja="形式は中身で判別します：CSV、XLS/XLSX、OFX/QFX、QIF、MT940/942、CAMT.052/053/054、BAI2、全銀、文字入り PDF、\n"
    "UBL/CII の請求書、これらの zip。終了コード 0：すべて読めて計算の不一致なし。4：読めない・明細がない・計算が合わない\n"
    "ファイルがある。",
)

_COUNTED = Sentence(en=", by heading or by number from 1", ja="（見出し、または 1 からの番号）")
_COLUMNS = {
    "date": Sentence(en="column of the day", ja="日付の列"),
    "amount": Sentence(en="column of the signed amount", ja="金額（符号付き）の列"),
    "in": Sentence(en="column of money in", ja="入金の列"),
    "out": Sentence(en="column of money out", ja="出金の列"),
    "balance": Sentence(en="column of the running balance", ja="残高の列"),
    "text": Sentence(en="column of the description", ja="摘要の列"),
}
_VALUES: tuple[tuple[str, str, Sentence], ...] = (
    ("--format", "NAME", Sentence(en="try this format only", ja="この形式だけを試す")),
    ("--account", "NUMBER", Sentence(en="the account, where the file is silent", ja="口座番号（ファイルにないとき）")),
    ("--currency", "CODE", Sentence(en="the currency, where the file is silent", ja="通貨（ファイルにないとき）")),
    ("--profile", "NAME", Sentence(
        en="a named profile of configs/bofbot.yaml", ja="configs/bofbot.yaml の明細プロファイルの名前"
    )),
    ("--encoding", "NAME", Sentence(en="text encoding, e.g. cp932", ja="文字コード（例 cp932）")),
    ("--delimiter", "CHAR", Sentence(en="what parts the columns; `tab` for a tab", ja="区切り文字（タブは `tab`）")),
    ("--date-format", "FORM", Sentence(en="e.g. %d/%m/%Y", ja="日付の形（例 %d/%m/%Y）")),
)  # fmt: skip
"""Options that take a word: name, what stands for it in the help, what it is for."""


def arguments(parser: CommandParser) -> None:
    files = Sentence(en="statement files or folders", ja="明細ファイルまたはフォルダー")
    parser.option("files", nargs="+", metavar="FILE", help=files)
    _output_options(parser)
    for name, word, said in _VALUES:
        parser.option(name, default="", metavar=word, help=said)
    for name, said in _COLUMNS.items():
        parser.option(f"--{name}", dest=f"column_{name}", metavar="COLUMN", help=said + _COUNTED)
    skip = Sentence(
        en="lines before the headings (or before the entries, with numbers)",
        ja="見出しの前（番号指定では明細の前）の行数",
    )
    parser.option("--skip", type=int, metavar="LINES", help=skip)
    mark = Sentence(en="the decimal mark", ja="小数点の文字")
    parser.option("--decimal", choices=(".", ","), default="", metavar=".|,", help=mark)


def _output_options(parser: CommandParser) -> None:
    lines = Sentence(en="one JSON object per file, a line each", ja="ファイルごとに1行の JSON を出す")
    parser.option("--json", action="store_true", help=lines)
    parser.option(
        "--summary", action="store_true", help=Sentence(en="leave the entries out", ja="明細行を省く")
    )
    to = Sentence(en="convert all statements to one file", ja="ひとつのファイルに変換する")
    parser.option("--to", choices=("csv", "xlsx", "ofx"), help=to)
    where = Sentence(
        en="where --to writes; without it csv and ofx go to the screen",
        ja="--to の出力先（省略すると csv と ofx は画面に出す）",
    )
    parser.option("-o", "--output", metavar="PATH", help=where)
    strict = Sentence(
        en="`verified`: what nothing proves counts as refused (usual for PDF)",
        ja="`verified`：計算で確かめられないものを不可とする（PDF では通常こちら）",
    )
    parser.option("--require", choices=("verified", "readable"), default="", help=strict)


def run(options: argparse.Namespace) -> int:
    reading = replace(_options(options), progress=_bar if sys.stderr.isatty() else None)
    paths, twin = list(_paths(options.files)), Seen().twin
    if options.to:
        return _convert(options, [_read(path, reading, options.require, twin) for path in paths])
    if options.json:
        fine = True
        for path in paths:
            one = _read(path, reading, options.require, twin)
            fine &= one.fine
            put(json.dumps(as_json(one, options.summary, options.language), ensure_ascii=False))
        return 0 if fine else 4
    found = []
    for number, path in enumerate(paths, 1):
        _progress(number, len(paths), path)
        found.append(_read(path, reading, options.require, twin))
    return _show(options, found)


def _paths(names: list[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from sorted(
                child for child in path.rglob("*") if child.is_file() and not child.name.startswith(".")
            )
        else:
            yield path


def _options(options: argparse.Namespace) -> Options:
    named = {name: getattr(options, f"column_{name}") for name in _COLUMNS}
    words = {
        **named, "encoding": options.encoding, "delimiter": {"tab": "\t", "\\t": "\t"}.get(options.delimiter, options.delimiter),
        "skip": options.skip, "date_format": options.date_format, "decimal": options.decimal,
    }  # fmt: skip
    if named["amount"] and (named["in"] or named["out"]):
        raise UsageError(
            Sentence(
                en="--amount cannot stand with --in or --out",
                ja="--amount は --in・--out と同時に指定できません",
            )
        )
    if options.currency and not re.fullmatch("[A-Za-z]{3}", options.currency):
        raise UsageError(
            Sentence(
                en=f'a currency is three letters, e.g. JPY, not "{options.currency}"',
                ja=f"通貨は JPY のように3文字で指定してください：「{options.currency}」",
            )
        )
    profile, profiles = _profiles(options.profile)
    if any(value not in (None, "") for value in words.values()):
        profile = over(profile, profile_from(words))
    return Options(
        format=options.format, encoding=options.encoding, account=options.account, currency=options.currency.upper(),
        profile=profile, profiles=profiles, sheets=sheet_rows,
    )  # fmt: skip


def _profiles(name: str) -> tuple[CsvProfile | None, tuple[CsvProfile, ...]]:
    """The profile of this name, and all that the office has."""
    file = project_folder() / SETTINGS
    if not file.is_file() and not name:
        return None, ()
    from bofbot.actions.documents.profiles import named_profile, profiles_of
    from bofbot.language.settings import load_settings

    profiles = profiles_of(load_settings(file if file.is_file() else None))
    return named_profile(profiles, name) if name else None, tuple(profiles.values())


def _read(path: Path, reading: Options, require: str, twin: Callable[[Statement], str]) -> FileReading:
    one = read_one(path, reading, require, twin)
    if reading.progress:
        sys.stderr.write("\r\x1b[K")
    return one


def _bar(share: float) -> None:
    """A bar on the terminal, for files that take their time."""
    filled = int(share * _WIDTH)
    sys.stderr.write(f"\r\x1b[K[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}\r")
    sys.stderr.flush()


_WIDTH = 30


def _progress(number: int, of: int, path: Path) -> None:
    if of > 1 and sys.stderr.isatty():
        end = "\n" if number == of else ""
        sys.stderr.write(f"\r\x1b[K{number}/{of} {path.name}{end}")
        sys.stderr.flush()


def _show(options: argparse.Namespace, found: list[FileReading]) -> int:
    lines = table(found, options.language)
    for line in columns(lines.rows, right=FIGURES):
        put(line)
    for remark in lines.remarks:
        put(remark)
    if not options.summary:
        _show_entries(options, found)
    return 0 if all(reading.fine for reading in found) else 4


def _show_entries(options: argparse.Namespace, found: list[FileReading]) -> None:
    shown = [
        (reading.file, statement) for reading in found for statement, _ in reading.found if statement.entries
    ]
    for file, statement in shown:
        put("")
        if len(shown) > 1:
            put("  ".join(filter(None, (Path(file).name, statement.account, statement.currency))))
        for line in columns(entry_rows(statement, options.language), right=ENTRY_FIGURES):
            put(line)


def _convert(options: argparse.Namespace, found: list[FileReading]) -> int:
    statements = [statement for reading in found for statement, _ in reading.found]
    if options.to == "xlsx" and not options.output:
        raise UsageError(Sentence(en="--to xlsx needs --output", ja="--to xlsx には --output が必要です"))
    if statements:
        _write(options, statements)
        if options.output:
            say(_written(options.output, sum(statement.count for statement in statements)), options.language)
    if options.to == "ofx" and (missing := unknown_to_ofx(statements)):
        say(missing, options.language)
    for remark in table(found, options.language).remarks:
        say(Sentence.same(remark), options.language)
    return 0 if statements and all(reading.fine for reading in found) else 4


def _written(file: str, entries: int) -> Sentence:
    return Sentence(
        en=f"wrote {file} (entries: {entries})", ja=f"{file} を書き出しました（明細 {entries} 件）"
    )


def _write(options: argparse.Namespace, statements: list) -> None:  # type: ignore[type-arg]
    from bofbot.files import atomic_write

    if options.to == "xlsx":
        from bofbot.adapters.workbooks.newbook import NewSheet, write_book

        records = [dict(zip(HEADINGS, row, strict=True)) for row in rows(statements)]
        write_book(Path(options.output), [NewSheet("entries", HEADINGS, records)])
        return
    text = as_csv(statements) if options.to == "csv" else as_ofx(statements, date.today())  # noqa: DTZ011
    if options.output:
        atomic_write(Path(options.output), text)
    else:
        sys.stdout.write(text)
