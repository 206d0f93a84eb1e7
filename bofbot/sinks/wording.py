"""The words that screen, list and report share: outcomes, durations, times, and a failure told in lines."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bofbot.errors import Candidate
from bofbot.events import Failure
from bofbot.words import Language, Sentence

STATES: Final[Mapping[str, Sentence]] = {
    "done": Sentence(en="done", ja="成功"),
    "partial": Sentence(en="some items failed", ja="一部失敗"),
    "failed": Sentence(en="failed", ja="失敗"),
    "waiting": Sentence(en="waiting for a person", ja="確認待ち"),
    "interrupted": Sentence(en="interrupted", ja="中断"),
    "running": Sentence(en="running", ja="実行中"),
    "lost": Sentence(en="broken off", ja="異常終了"),
}
"""Of runs; `lost`: its process died without a word."""

ITEM_STATES: Final[Mapping[str, Sentence]] = {
    "done": Sentence(en="done", ja="完了"),
    "failed": Sentence(en="failed", ja="失敗"),
    "skipped": Sentence(en="left out", ja="対象外"),
    "already": Sentence(en="done before", ja="処理済み"),
    "waiting": Sentence(en="waiting for a person", ja="確認待ち"),
    "running": Sentence(en="at work", ja="処理中"),
    "interrupted": Sentence(en="interrupted", ja="中断"),
}

MODES: Final[Mapping[str, Sentence]] = {
    "run": Sentence(en="", ja=""),
    "dry-run": Sentence(en="dry run: nothing is submitted", ja="予行：送信はしません"),
    "resume": Sentence(en="goes on with run {}", ja="実行 {} の続き"),
    "retry": Sentence(en="retries the failed items of run {}", ja="実行 {} の失敗分の再実行"),
    "help": Sentence(en="helps run {} with its items", ja="実行 {} の件を分担"),
}

KINDS: Final[Mapping[str, Sentence]] = {
    "business": Sentence(en="a matter of the data", ja="データの問題"),
    "application": Sentence(en="site, file or network", ja="サイト・ファイル・通信の問題"),
    "person": Sentence(en="a person must decide", ja="担当者の確認が必要"),
    "environment": Sentence(en="this machine lacks something", ja="実行環境の不足"),
    "fault": Sentence(en="a fault of bofbot or of a verb", ja="bofbot または動詞の不具合"),
}


def state_of(outcome: str, *, retries: int = 0, warnings: int = 0) -> Sentence:
    """A run's state in words; a success that was not smooth says so."""
    if outcome == "done" and retries:
        return Sentence(en="done (after retries)", ja="成功（再試行あり）")
    if outcome == "done" and warnings:
        return Sentence(en="done (with warnings)", ja="成功（注意あり）")
    return STATES.get(outcome, Sentence.same(outcome))


def mode_of(mode: str, of_run: str) -> Sentence:
    said = MODES.get(mode, Sentence.same(mode))
    return Sentence(en=said.en.format(of_run), ja=said.ja.format(of_run))


def duration(seconds: float) -> Sentence:
    """0.4s · 2m51s · 1h02m / 0.4秒 · 2分51秒 · 1時間02分."""
    if seconds < 59.95:
        return Sentence(en=f"{seconds:.1f}s", ja=f"{seconds:.1f}秒")
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return Sentence(en=f"{hours}h{minutes:02}m", ja=f"{hours}時間{minutes:02}分")
    return Sentence(en=f"{minutes}m{rest:02}s", ja=f"{minutes}分{rest:02}秒")


def time_of(at: datetime) -> str:
    """2026-11-22 09:00:12, in the zone the event was told in."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def zone_of(at: datetime) -> str:
    """UTC+09:00, shown once a page."""
    offset = at.utcoffset() or timedelta()
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(offset) // timedelta(minutes=1)
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


def row_of(row: int, index: int) -> Sentence:
    """How an item is called: its row in the file, else its place in the loop."""
    return (
        Sentence(en=f"row {row}", ja=f"{row}行目") if row else Sentence(en=f"no. {index}", ja=f"{index}件目")
    )


def failure_lines(failure: Failure, folder: str, language: Language, *, message: bool = True) -> list[str]:
    """A failure for a text screen: what, where, what could be seen, and what to do, one thought a line."""
    seen = failure.sighting
    told = failure.message.said_in(language)
    lines = [part.strip() for part in told.splitlines()] if message else []
    quotes = quotes_of(failure)
    if quotes:
        lines.append(
            Sentence(en="the page says ", ja="画面の表示：").said_in(language)
            + " ".join(f"「{text}」" for text in quotes[:3])
        )
    if near := nearest(
        tuple(one for one in seen.candidates if one.role != "cell" or one.label not in told), language
    ):  # wrong cells stand in the message already
        lines.append(Sentence(en="nearest: ", ja="近いもの：").said_in(language) + near)
    if seen.url:
        lines.append(
            Sentence(en="page ", ja="ページ ").said_in(language)
            + " ".join(part for part in (seen.title, seen.url) if part)
        )
    if seen.cell and str(seen.cell) not in told:
        lines.append((_CELL if seen.cell.row else _FILE).said_in(language) + str(seen.cell))
    where = [_picture(path, language) for path in pictures(failure, folder)[:1]]
    where += (
        [str(replace(failure.place, file=shown_path(Path(failure.place.file))))]
        if failure.place and failure.place.file
        else []
    )
    if where:
        lines.append("   ".join(where))
    if failure.fix:
        lines.append("→ " + failure.fix.said_in(language))
    return lines


_CELL, _FILE = Sentence(en="cell ", ja="セル "), Sentence(en="file ", ja="ファイル ")
_ROLES = {
    "option": "選択肢", "button": "ボタン", "link": "リンク", "textbox": "入力欄", "combobox": "選択欄",
    "checkbox": "チェックボックス", "radio": "ラジオボタン", "cell": "セル", "heading": "見出し", "column": "列",
}  # fmt: skip


def role_of(role: str) -> Sentence:
    """An ARIA role as a clerk calls it."""
    return Sentence(en=role, ja=_ROLES.get(role, role))


def quotes_of(failure: Failure) -> list[str]:
    """What the page says, as far as the message does not quote it already."""
    said = failure.message
    return [text for text in failure.sighting.page_says if text not in said.ja and text not in said.en]


def nearest(candidates: tuple[Candidate, ...], language: Language, most: int = 3) -> str:
    said = []
    for one in candidates[:most]:
        remark = ", ".join(
            part for part in (role_of(one.role).said_in(language), one.reason.said_in(language)) if part
        )
        said.append(f"{one.label} ({remark})" if remark else one.label)
    return "; ".join(said)


def pictures(failure: Failure, folder: str) -> list[str]:
    """The paths of a failure's pictures as somebody at the prompt would type them."""
    shown = [one for one in failure.evidence if one.kind == "picture" and one.label != "before"]
    return [shown_path(Path(folder) / one.path) for one in shown]


def shown_path(path: Path) -> str:
    """Relative to where the reader stands, when that is shorter to read."""
    if not path.is_absolute():
        return path.as_posix()
    relative = os.path.relpath(path)
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()


def _picture(path: str, language: Language) -> str:
    return Sentence(en="picture ", ja="画像 ").said_in(language) + path
