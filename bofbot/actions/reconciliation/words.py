"""Words that every page of a reconciliation report uses: grades, kinds of breaks, names of sheets, names of sides."""

from __future__ import annotations

from bofbot.reconcile.model import Result
from bofbot.words import Language, Sentence

GRADES = {
    "confirmed": Sentence(en="confirmed", ja="確定"),
    "suggested": Sentence(en="suggested", ja="要確認"),
    "ambiguous": Sentence(en="ambiguous", ja="判断不可"),
}
KINDS = {
    "unmatched": Sentence(en="nothing fits", ja="相手なし"),
    "duplicate": Sentence(en="possible duplicate", ja="重複の疑い"),
    "no_party": Sentence(en="unknown name", ja="名義の該当なし"),
    "several_sums": Sentence(en="several sums fit", ja="合算が一意でない"),
    "not_searched": Sentence(en="not searched", ja="未探索"),
    "opposite": Sentence(en="opposite sign", ja="符号が逆"),
}
_SHEETS = {
    "summary": Sentence(en="Summary", ja="要約"),
    "matches": Sentence(en="Matches", ja="照合"),
    "breaks": Sentence(en="Breaks", ja="未照合"),
    "journal": Sentence(en="Journal", ja="仕訳案"),
    "notes": Sentence(en="Assumptions", ja="前提"),
}


def sheet_name(which: str, language: Language) -> str:
    """The name of a sheet of the report: summary, matches, breaks, journal or notes."""
    return _SHEETS[which].said_in(language)


def side_name(result: Result, side: str, language: Language) -> str:
    """What a side is called; left and right where both have one name."""
    if result.left_name != result.right_name:
        return result.left_name if side == "left" else result.right_name
    return Sentence(en=side, ja="左" if side == "left" else "右").said_in(language)


def said(language: Language, en: str, ja: str) -> str:
    return ja if language == "ja" else en
