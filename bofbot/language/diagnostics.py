"""Diagnostics as people and machines read them: text with a caret under the token, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bofbot.errors import Diagnostic, Place
from bofbot.language.findings import MOST
from bofbot.values.text import character_width
from bofbot.words import Language, Sentence

_RED, _YELLOW, _BLUE, _CYAN, _BOLD, _PLAIN = (
    "\033[31m",
    "\033[33m",
    "\033[34m",
    "\033[36m",
    "\033[1m",
    "\033[0m",
)
_TAB_STOP = 4
_WIDEST = 160

_WORDS: dict[str, Sentence] = {
    "error": Sentence(en="error", ja="エラー"),
    "warning": Sentence(en="warning", ja="注意"),
    "fix": Sentence(en="fix", ja="直し方"),
}


def render(diagnostics: Sequence[Diagnostic], language: Language = "en", color: bool = False) -> str:
    """All diagnostics as text, as compilers show them; ends with a line that counts them. "" when there are none."""
    if not diagnostics:
        return ""
    blocks = [_block(one, language, color) for one in diagnostics]
    return "\n\n".join([*blocks, _count(diagnostics, language)]) + "\n"


def _block(one: Diagnostic, language: Language, color: bool) -> str:
    paint = _painter(color)
    tone = _RED if one.severity == "error" else _YELLOW
    severity = _WORDS[one.severity].said_in(language)
    places = [one.place, *(place for place, _, _ in one.also)]
    gutter = len(str(max(place.line for place in places))) + 3
    lines = [
        paint(f"{severity}[{one.code}]", _BOLD + tone) + paint(f": {one.message.said_in(language)}", _BOLD),
        *_excerpt(one.place, one.source_line, one.length, "^", "", gutter, paint, tone),
    ]
    for place, text, remark in one.also:
        lines += _excerpt(place, text, 0, "-", remark.said_in(language), gutter, paint, _BLUE)
    if one.fix:
        lines.append(f"  {paint(_WORDS['fix'].said_in(language) + ':', _CYAN)} {one.fix.said_in(language)}")
    return "\n".join(lines)


def _excerpt(
    place: Place, text: str, length: int, mark: str, remark: str, gutter: int, paint: Any, tone: str
) -> list[str]:
    bar = paint("|", _BLUE)
    arrow = f"  {paint('-->', _BLUE)} {place}"
    if not text.strip():
        return [arrow]
    shown, before, under = _measure(
        text, max(place.column, 1) - 1, length or _word_at(text, place.column - 1)
    )
    number = paint(str(place.line).rjust(gutter - 1), _BLUE)
    pointing = " " * before + paint(mark * max(under, 1) + (f" {remark}" if remark else ""), tone)
    return [arrow, f"{' ' * gutter}{bar}", f"{number} {bar} {shown}", f"{' ' * gutter}{bar} {pointing}"]


def _measure(text: str, start: int, length: int) -> tuple[str, int, int]:
    """The line with tabs spread and cut to a sensible width, the columns before the token, the columns under it."""
    cut = max(start - 60, 0) if len(text) > _WIDEST else 0
    shown, before, under = "…" if cut else "", 1 if cut else 0, 0
    for index, character in enumerate(text[cut : cut + _WIDEST], cut):
        wide = _TAB_STOP if character == "\t" else character_width(character)
        shown += " " * _TAB_STOP if character == "\t" else character
        before += wide if index < start else 0
        under += wide if start <= index < start + length else 0
    return shown.rstrip(), before, under


def _word_at(text: str, start: int) -> int:
    end = start
    while end < len(text) and not text[end].isspace() and text[end] not in ":,":
        end += 1
    return max(end - start, 1)


def _painter(color: bool) -> Any:
    return (lambda text, tone: f"{tone}{text}{_PLAIN}") if color else (lambda text, tone: text)


def _count(diagnostics: Sequence[Diagnostic], language: Language) -> str:
    errors = sum(1 for one in diagnostics if one.severity == "error")
    warnings = len(diagnostics) - errors
    parts_en = [f"{errors} error{'s' if errors != 1 else ''}"] * bool(errors)
    parts_en += [f"{warnings} warning{'s' if warnings != 1 else ''}"] * bool(warnings)
    parts_ja = [f"エラー{errors}件"] * bool(errors) + [f"注意{warnings}件"] * bool(warnings)
    code = min(diagnostics, key=lambda one: one.severity != "error").code
    if len(diagnostics) == MOST:
        parts_en.append("there may be more: mend these first")
        parts_ja.append("ほかにもあるかもしれません。まずこれらを直してください")
    more_en, more_ja = f" (more: bofbot explain {code})", f"（詳しくは bofbot explain {code}）"
    return ", ".join(parts_en) + more_en if language == "en" else "、".join(parts_ja) + more_ja


def as_json(diagnostics: Sequence[Diagnostic], language: Language = "en") -> list[dict[str, Any]]:
    """Plain JSON values: code, severity, message and fix in both languages and as said in `language`, place, length."""
    return [
        {
            "code": one.code,
            "severity": one.severity,
            "message": one.message.said_in(language),
            "fix": one.fix.said_in(language) if one.fix else None,
            "messages": {"en": one.message.en, "ja": one.message.ja},
            "fixes": {"en": one.fix.en, "ja": one.fix.ja} if one.fix else None,
            "file": one.place.file,
            "line": one.place.line,
            "column": one.place.column,
            "length": one.length,
            "also": [
                {
                    "file": place.file,
                    "line": place.line,
                    "column": place.column,
                    "remark": remark.said_in(language),
                }
                for place, _, remark in one.also
            ],
        }
        for one in diagnostics
    ]


def as_github(diagnostics: Sequence[Diagnostic], language: Language = "en") -> str:
    """Workflow commands of GitHub Actions, one a line: `::error file=…,line=…,col=…,title=E110::no verb named …`."""
    return "".join(f"{_github(one, language)}\n" for one in diagnostics)


def _github(one: Diagnostic, language: Language) -> str:
    said = one.message.said_in(language) + (f" — {one.fix.said_in(language)}" if one.fix else "")
    properties = {
        "file": one.place.file,
        "line": one.place.line,
        "col": one.place.column,
        "endColumn": one.place.column + one.length,
        "title": one.code,
    }
    joined = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    return f"::{one.severity} {joined}::{_escaped(said)}"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def as_sarif(diagnostics: Sequence[Diagnostic], language: Language = "en") -> dict[str, Any]:
    """A SARIF 2.1.0 log, for code scanning and editors."""
    from bofbot.language.catalog import CATALOG

    codes = list(dict.fromkeys(one.code for one in diagnostics))
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CATALOG[code].title.said_in(language)},
            "fullDescription": {"text": CATALOG[code].explanation.said_in(language)},
            "help": {"text": f"bofbot explain {code}"},
        }
        for code in codes
    ]
    driver = {"name": "bofbot", "rules": rules, "language": language}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(one, codes.index(one.code), language) for one in diagnostics],
            }
        ],
    }


def _sarif_result(one: Diagnostic, rule: int, language: Language) -> dict[str, Any]:
    said = one.message.said_in(language) + (f"\n{one.fix.said_in(language)}" if one.fix else "")
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity,
        "message": {"text": said},
        "locations": [_sarif_location(one.place, one.length)],
    }
    if one.also:
        result["relatedLocations"] = [
            _sarif_location(place, 1) | {"id": number, "message": {"text": remark.said_in(language)}}
            for number, (place, _, remark) in enumerate(one.also, 1)
        ]
    return result


def _sarif_location(place: Place, length: int) -> dict[str, Any]:
    column = max(place.column, 1)
    region = {"startLine": max(place.line, 1), "startColumn": column, "endColumn": column + length}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": region}}


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"), safe="/")
