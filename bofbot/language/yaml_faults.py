"""Why a text is no YAML, in words of the person who typed it: tabs, full-width marks, backslashes, `${}` in braces."""

from __future__ import annotations

import re
from typing import Any

from bofbot.errors import Place
from bofbot.language.findings import Findings, Source
from bofbot.words import Sentence

_FULL_WIDTH_COLON = re.compile(r"^\s*(?:-\s*)?[^\s:'\"#：]+(：)")
_IDEOGRAPHIC_INDENT = re.compile(r"^[ -]*(\u3000+)\S")
_IDEOGRAPHIC_AFTER = re.compile(r"(?:^\s*-|[^\s:]:)(\u3000+)")
_FULL_WIDTH_HASH = re.compile(r"(?:^|\s)(＃)")
_FULL_WIDTH_QUOTE = re.compile(r"(?::|-)\s+([“”„＂‘’＇])")

FULL_WIDTH: dict[str, tuple[str, Sentence]] = {
    "：": (":", Sentence(en="a full-width colon", ja="全角のコロン")),
    "\u3000": (" ", Sentence(en="a full-width space", ja="全角の空白")),
    "＃": ("#", Sentence(en="a full-width number sign", ja="全角のシャープ")),
    "－": ("-", Sentence(en="a full-width hyphen", ja="全角のハイフン")),
    **{quote: ('"', Sentence(en="a full-width quotation mark", ja="全角の引用符")) for quote in "“”„＂"},
    **{quote: ("'", Sentence(en="a full-width quotation mark", ja="全角の引用符")) for quote in "‘’＇"},
}


def explain_syntax(source: Source, findings: Findings, error: Any) -> None:
    """Add the one finding that tells what libyaml stumbled over."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if "unexpected end of stream" in str(getattr(error, "problem", "")):
        mark = (
            getattr(error, "context_mark", None) or mark
        )  # where the quote was opened says more than the end
    problem, context = str(getattr(error, "problem", "") or ""), str(getattr(error, "context", "") or "")
    if mark is None:
        _tell_unprintable(source, findings)
        return
    place = Place(source.file, min(mark.line + 1, max(len(source.lines), 1)), mark.column + 1)
    line, index = source.line(place.line), mark.index
    if "tab character" in problem or line[: place.column].strip(" -").startswith("\t"):
        tab = line.find("\t") + 1 or place.column
        findings.add(source, "E103", _TAB, Place(source.file, place.line, tab), fix=_TAB_FIX)
    elif "unknown escape" in problem or "did not find expected hexdecimal" in problem:
        _tell_backslash(source, findings, place)
    elif "flow" in context and source.text[index - 1 : index + 1] == "${":
        _tell_braces(source, findings, place, index)
    elif not tell_full_width(source, findings, range(max(place.line - 3, 1), place.line + 1)):
        _tell_other(source, findings, place, problem, context)


def tell_full_width(source: Source, findings: Findings, numbers: range) -> bool:
    """Add a finding for the first full-width mark that stands where YAML wants a plain one."""
    for number in numbers:
        line = source.line(number)
        for pattern in (
            _FULL_WIDTH_COLON,
            _IDEOGRAPHIC_INDENT,
            _IDEOGRAPHIC_AFTER,
            _FULL_WIDTH_QUOTE,
            _FULL_WIDTH_HASH,
        ):
            if found := pattern.search(line):
                add_full_width(source, findings, Place(source.file, number, found.start(1) + 1), found[1])
                return True
    return False


def add_full_width(source: Source, findings: Findings, place: Place, mark: str) -> None:
    plain, name = FULL_WIDTH[mark[0]]
    shown = {" ": "a space", "\u3000": "　"}.get(plain, f"`{plain}`")
    findings.add(
        source,
        "E109",
        Sentence(
            en=f"{name.en} `{mark[0]}` means nothing to YAML",
            ja=f"{name.ja}「{mark[0]}」はYAMLの記号になりません",
        ),
        place,
        len(mark),
        fix=Sentence(
            en=f"type the half-width one: {shown}; where it belongs to a text, put the text in quotes",
            ja=f"半角の{'空白' if plain == ' ' else f'「{plain}」'}にしてください。文章の一部なら全体を引用符で囲んでください",
        ),
    )


def _tell_backslash(source: Source, findings: Findings, place: Place) -> None:
    column = source.line(place.line).find("\\", max(place.column - 3, 0)) + 1 or place.column
    findings.add(
        source,
        "E130",
        Sentence(
            en="a backslash in double quotes starts a code, and this one is unknown",
            ja="二重引用符の中の「\\」は記号の始まりとみなされ、この記号はありません",
        ),
        Place(source.file, place.line, column),
        2,
        fix=Sentence(
            en="use single quotes: 'C:\\data\\経費.xlsx' (or write \\\\, or /)",
            ja="単一引用符で囲んでください（'C:\\data\\経費.xlsx'）。\\\\ や / と書くこともできます",
        ),
    )


def _tell_braces(source: Source, findings: Findings, place: Place, index: int) -> None:
    rest = re.match(r"\$\{[^}\n]*\}?", source.text[index - 1 :])
    written = rest[0] if rest else "${…}"
    findings.add(
        source,
        "E131",
        Sentence(
            en="inside { } or [ ] a `${…}` needs quotes", ja="{ } や [ ] の中の `${…}` には引用符が必要です"
        ),
        Place(source.file, place.line, place.column - 1),
        len(written),
        fix=Sentence(en=f'write "{written}"', ja=f'"{written}" と書いてください'),
    )


def _tell_unprintable(source: Source, findings: Findings) -> None:
    bad = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", source.text)
    place = source.place_at(bad.start()) if bad else Place(source.file, 1, 1)
    shown = f"U+{ord(bad[0]):04X}" if bad else "?"
    findings.add(
        source,
        "E102",
        Sentence(
            en=f"the character {shown} cannot stand in a robot", ja=f"文字 {shown} はロボットに書けません"
        ),
        place,
        fix=Sentence(en="remove it (it may be invisible)", ja="消してください（見えない文字かもしれません）"),
    )


def _tell_other(source: Source, findings: Findings, place: Place, problem: str, context: str) -> None:
    code, message, fix = (
        "E102",
        Sentence(en=f"this is not valid YAML: {problem}", ja=f"YAMLとして読めません（{problem}）"),
        None,
    )
    for words, other_code, said, way_out in _KNOWN:
        if words in problem or words in context:
            code, message, fix = other_code, said, way_out
            break
    findings.add(source, code, message, place, fix=fix)


_TAB = Sentence(
    en="a tab; YAML is indented with spaces only", ja="タブがあります。YAMLの字下げは空白だけです"
)
_TAB_FIX = Sentence(en="replace the tab by two spaces", ja="タブを半角の空白2つに置き換えてください")

_KNOWN: tuple[tuple[str, str, Sentence, Sentence | None], ...] = (
    *(
        (
            words,
            "E105",
            Sentence(en="anchors (&) and aliases (*) are not used in robots", ja="アンカー（&）とエイリアス（*）はロボットでは使えません"),
            Sentence(en="put a value that begins with & or * in quotes", ja="& や * で始まる値は引用符で囲んでください"),
        )
        for words in ("scanning an anchor", "scanning an alias", "duplicate anchor")
    ),
    (
        "undefined alias",
        "E105",
        Sentence(en="`*` at the beginning of a value is an alias; robots have none", ja="値の先頭の `*` はエイリアスの記号です。ロボットでは使えません"),
        Sentence(en="put the value in quotes", ja="値を引用符で囲んでください"),
    ),
    (
        "expected a single document",
        "E107",
        Sentence(en="a second document begins here; a file holds one robot", ja="二つ目の文書が始まっています。1ファイルに書けるロボットは一つです"),
        Sentence(en="put it into a file of its own", ja="別のファイルに分けてください"),
    ),
    (
        "scanning a directive",
        "E107",
        Sentence(en="directives (%) are not used in robots", ja="ディレクティブ（%）はロボットでは使えません"),
        None,
    ),
    (
        "mapping values are not allowed",
        "E102",
        Sentence(en="a second `: ` in one line, or a line indented too far", ja="1行に「: 」が二つあるか、字下げが深すぎます"),
        Sentence(en="put a text that holds `: ` in quotes, or align the key with its neighbours", ja="「: 」を含む値は引用符で囲むか、キーの字下げを前後にそろえてください"),
    ),
    (
        "could not find expected ':'",
        "E102",
        Sentence(en="a key without its `: `", ja="キーの後に「: 」がありません"),
        Sentence(en="write `key: value`, with a space after the colon", ja="「キー: 値」のように、コロンの後に空白を入れてください"),
    ),
    (
        "cannot start any token",
        "E102",
        Sentence(en="a value cannot begin with this character", ja="値をこの文字から始めることはできません"),
        Sentence(en="put the value in quotes", ja="値を引用符で囲んでください"),
    ),
    (
        "unexpected end of stream",
        "E102",
        Sentence(en="a quotation mark was opened and never closed", ja="引用符が閉じられていません"),
        None,
    ),
    (
        "while parsing a flow",
        "E102",
        Sentence(en="a comma or the closing bracket is missing", ja="カンマか閉じ括弧がありません"),
        Sentence(en="close the bracket, or put a value that holds , [ ] { } in quotes", ja="括弧を閉じるか、, [ ] { } を含む値を引用符で囲んでください"),
    ),
    (
        "while parsing a block",
        "E102",
        Sentence(en="this line does not belong to the lines above it", ja="この行は上の行とつながりません"),
        Sentence(en="align it with its neighbours; a text after a closing quote belongs inside the quotes", ja="字下げを前後にそろえてください。閉じた引用符の後には何も書けません"),
    ),
)  # fmt: skip
