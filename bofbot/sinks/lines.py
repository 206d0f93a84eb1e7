"""A step that has ended, in lines: its mark, what came of it, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator

from bofbot.events import StepStarted
from bofbot.sinks.columns import pad
from bofbot.sinks.told import ItemTold, StepTold
from bofbot.sinks.totals import sent_lines, table_lines
from bofbot.sinks.wording import failure_lines, row_of
from bofbot.values.text import width
from bofbot.words import Language, Sentence

MOST_FAILURES = 20
"""So many failed items are told on the screen."""
MOST_WARNINGS = 5
"""So many warnings of items that went well."""


def mark_of(step: StepTold) -> str:
    """✔ done · ✖ failed · ▲ look at it · – left out."""
    tolerated = step.state == "failed" and getattr(step.end, "tolerated", False)
    if step.only_waits:
        return "▲"
    if step.failed_items or (step.state == "failed" and not tolerated):
        return "✖"
    warned = bool(step.item_warnings) or any(note.level == "warning" for note in step.notes)
    if tolerated or step.state == "interrupted" or warned:
        return "▲"
    return "–" if step.state == "skipped" else "✔"


def summary_of(step: StepTold, language: Language) -> str:
    """A few words on what came of the step."""
    if step.total is not None:
        return loop_counts(step, language)
    parts = []
    if summary := getattr(step.end, "summary", None):
        parts.append(summary.said_in(language))
    if reason := getattr(step.end, "reason", None):
        parts.append(reason.said_in(language))
    attempts = getattr(step.end, "attempts", 1)
    if attempts > 1:
        ja = f"{attempts}回試行" if step.state == "failed" else f"{attempts}回目で成功"
        parts.append(Sentence(en=f"{attempts} tries", ja=ja).said_in(language))
    if step.state == "interrupted":
        parts.append(Sentence(en="interrupted", ja="中断").said_in(language))
    return ("、" if language == "ja" else ", ").join(parts)


def loop_counts(loop: StepTold, language: Language) -> str:
    """39/42 items (3 failed)."""
    good, failed = loop.count("done", "already"), loop.count("failed")
    already, waiting = loop.count("already"), loop.count("waiting")
    counts = [
        (failed, Sentence(en=f"{failed} failed", ja=f"失敗 {failed}")),
        (waiting, Sentence(en=f"{waiting} waiting", ja=f"確認待ち {waiting}")),
        (already, Sentence(en=f"{already} done before", ja=f"処理済み {already}")),
    ]
    said = [sentence for count, sentence in counts if count]
    if loop.state == "interrupted":
        said.append(Sentence(en="interrupted", ja="中断"))
    en, ja = ", ".join(part.en for part in said), "、".join(part.ja for part in said)
    tail = Sentence(en=f" ({en})", ja=f"（{ja}）") if said else Sentence.same("")
    return (Sentence(en=f"{good}/{loop.total} items", ja=f"{good}/{loop.total}件") + tail).said_in(language)


def detail_lines(step: StepTold, folder: str, language: Language) -> Iterator[str]:
    """What stands below a step that did not go smoothly: warnings, its failure, or its failed items as a tree."""
    for note in step.notes:
        if note.level == "warning":
            yield f"   │ {note.sentence.said_in(language)}"
    yield from _warnings_of_items(step, language)
    yield from sent_lines(step, language)
    yield from table_lines(step, language)
    if step.failed_items:
        yield from _tree(step, folder, language)
    elif step.failure:
        for line in failure_lines(step.failure, folder, language):
            yield f"   │ {line}"


def _warnings_of_items(loop: StepTold, language: Language) -> Iterator[str]:
    said = [(item, note) for item, note in loop.item_warnings if item.state not in ("failed", "waiting")]
    for item, note in said[:MOST_WARNINGS]:
        row = row_of(item.row, item.index).said_in(language)
        yield f"   │ {row}  {item.key}  {note.sentence.said_in(language)}"
    if len(said) > MOST_WARNINGS:
        more = len(said) - MOST_WARNINGS
        yield "   │ " + Sentence(
            en=f"and {more} more; the log has them all", ja=f"ほか{more}件（すべてログにあります）"
        ).said_in(language)


def _tree(loop: StepTold, folder: str, language: Language) -> Iterator[str]:
    failed, more = loop.failed_items[:MOST_FAILURES], len(loop.failed_items) - MOST_FAILURES
    names = [row_of(item.row, item.index).said_in(language) for item in failed]
    row_columns, key_columns = max(map(width, names)), max(width(item.key) for item in failed)
    before = ""
    for item, name in zip(failed, names, strict=True):
        last = item is failed[-1] and more <= 0
        reason = item.failure.message.said_in(language) if item.failure else ""
        same = bool(reason) and reason == before
        what = Sentence(en="same reason", ja="同じ理由").said_in(language) if same else _where(item)
        yield f"   {'└' if last else '├'} {pad(name, row_columns)}  {pad(item.key, key_columns)}  {what}".rstrip()
        if item.failure and not same:
            for line in failure_lines(item.failure, folder, language):
                yield f"   {' ' if last else '│'}   {line}"
        before = reason
    if more > 0:
        yield "   └ " + Sentence(
            en=f"and {more} more; the report has them all", ja=f"ほか{more}件（すべて報告書にあります）"
        ).said_in(language)


def _where(item: ItemTold) -> str:
    culprit = item.culprit
    if culprit is None:
        return ""
    first, name = culprit.first, culprit.first.name
    named = not (isinstance(first, StepStarted) and name in (first.sentence.ja, first.sentence.en))
    return f"{first.verb} {name}" if named and not name.startswith(first.verb) else name
