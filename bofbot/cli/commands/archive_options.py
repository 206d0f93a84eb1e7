"""The options of `bofbot archive`, as data."""

from __future__ import annotations

from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.words import Sentence

_FOLDER = Path("archive")
Values = tuple[tuple[str, str, Sentence], ...]
"""Options that take a word: name, what stands for it in the help, what it is for."""

_ADD: Values = (
    ("--date", "DAY", Sentence(
        en="day of the dealing, where the file does not tell", ja="取引年月日（ファイルから読めないとき）"
    )),
    ("--amount", "AMOUNT", Sentence(en="amount of the dealing", ja="取引金額")),
    ("--counterparty", "NAME", Sentence(en="who it was with", ja="取引先")),
    ("--note", "TEXT", Sentence(en="a remark", ja="備考")),
    ("--source", "TEXT", Sentence(en="where it came from", ja="入手元")),
    ("--replaces", "DOCUMENT", Sentence(en="a newer version of this document", ja="この文書の新しい版として保管する")),
    ("--keep-until", "DAY", Sentence(en="keep until; usually ten years", ja="保存期限（通常10年）")),
)  # fmt: skip
_SEARCH: Values = (
    ("--from", "DAY", Sentence(en="first day", ja="取引年月日（開始）")),
    ("--to", "DAY", Sentence(en="last day", ja="取引年月日（終了）")),
    ("--min", "AMOUNT", Sentence(en="least amount", ja="金額（下限）")),
    ("--max", "AMOUNT", Sentence(en="greatest amount", ja="金額（上限）")),
    ("--counterparty", "NAME", Sentence(en="part of the name", ja="取引先（一部でよい）")),
    ("--text", "WORDS", Sentence(en="words of the document", ja="本文の語")),
)
_AUDIT = Sentence(
    en="originals, index and chain for an auditor", ja="監査・税務調査用に原本・索引・記録一式を書き出すフォルダー"
)  # fmt: skip
_VERIFY: Values = (
    ("--roots", "FILE", Sentence(
        en="compare with day roots kept elsewhere", ja="別の場所に控えた日ごとの要約値と照合する"
    )),
    ("--write-roots", "FILE", Sentence(
        en="write the day roots, to be kept elsewhere", ja="日ごとの要約値を書き出す（別の場所に控える）"
    )),
)  # fmt: skip
_NEWEST = Sentence(en="write the newest original here", ja="最新版の原本をここに書き出す")
_THERE = Sentence(en="the archive, usually ./archive", ja="保管庫のフォルダー（通常 ./archive）")


def arguments(parser: CommandParser) -> None:
    add = parser.part(
        "add", Sentence(en="file documents away as received", ja="受け取ったままの文書を保管する")
    )
    add.option("files", nargs="+", metavar="FILE", help=Sentence(en="documents", ja="文書"))
    _values(add, _ADD)
    search = parser.part("search", Sentence(en="find documents", ja="文書を探す"))
    _search_options(search)
    as_json = Sentence(en="print one JSON object", ja="結果を1つの JSON で出す")
    search.option("--json", action="store_true", help=as_json)
    show = parser.part("show", Sentence(en="show a document and its versions", ja="文書とその版を表示する"))
    show.option("document", metavar="DOCUMENT", help=Sentence(en="e.g. D000001", ja="例 D000001"))
    show.option("-o", "--output", metavar="PATH", help=_NEWEST)
    export = parser.part("export", Sentence(en="hand documents out", ja="文書を書き出す"))
    export.option("--for-audit", required=True, metavar="FOLDER", help=_AUDIT)
    _search_options(export)
    prove = parser.part(
        "verify", Sentence(en="prove that nothing was changed", ja="改ざんがないことを確かめる")
    )
    _values(prove, _VERIFY)
    for part in (add, search, show, export, prove):
        part.option("--archive", type=Path, default=_FOLDER, metavar="FOLDER", help=_THERE)


def _search_options(part: CommandParser) -> None:
    _values(part, _SEARCH)
    older = Sentence(en="older versions too", ja="古い版も含める")
    part.option("--all-versions", action="store_true", help=older)


def _values(part: CommandParser, values: Values) -> None:
    for name, word, said in values:
        part.option(name, default="", metavar=word, help=said)
