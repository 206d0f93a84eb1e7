"""Events → an HTML page that a manager can read; the one door to jinja2. Made from events alone, so it can be made again."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePath, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from bofbot.events import Event, Evidence, Failure, RunFinished
from bofbot.files import atomic_write
from bofbot.sinks.columns import visible
from bofbot.sinks.figures import balance_of, checks_of, figure, is_figure, label, repeats_summary, said_twice
from bofbot.sinks.story import ItemTold, Story, is_failed, left_behind, tell, walk
from bofbot.sinks.wording import (
    ITEM_STATES,
    KINDS,
    duration,
    mode_of,
    quotes_of,
    role_of,
    row_of,
    state_of,
    time_of,
    zone_of,
)
from bofbot.words import Language, Sentence

Say = Callable[[Sentence | str | None], str]

PICTURED_FAILURES = 100
"""So many failed items are told in full with their pictures; the rest stand in a table."""


def write_report(events: Iterable[Event], folder: Path, language: Language) -> Path:
    """Write `folder`/report.html (folder: the run's own, where its pictures are) and return its path.

    Raises ApplicationError when it cannot be written; then an older report is still whole."""
    path = folder / "report.html"
    atomic_write(path, report_html(events, language))
    return path


def report_html(events: Iterable[Event], language: Language) -> str:
    """The page. Every text in it is escaped; it asks for nothing from elsewhere."""
    story, say = tell(events), _sayer(language)
    page = _template(language)
    return str(page.render(story=story, language=language, head=_head(story, say), **_questions(story, say)))


@functools.cache
def _template(language: Language) -> Any:
    """Compiling it costs more than a page does."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("bofbot.sinks"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _filters(_sayer(language), language)
    return environment.get_template("report.html.j2")


def _sayer(language: Language) -> Say:
    def say(sentence: Sentence | str | None) -> str:
        return visible(sentence.said_in(language) if isinstance(sentence, Sentence) else sentence or "")

    return say


def _filters(say: Say, language: Language) -> dict[str, Callable[..., Any]]:
    """How the page writes a value."""

    def named_figure(value: Any, name: str = "") -> str:
        return visible(figure(value, name, language))

    return {
        "say": lambda sentence: _with_code(say(sentence)),
        "took": lambda seconds: say(duration(seconds)),
        "time": time_of,
        "clock": lambda at: at.strftime("%H:%M:%S"),
        "figure": named_figure,
        "link": link,
        "web": _web,
        "role": lambda role: say(role_of(role)),
        "visible": visible,
        "label": lambda name: say(label(str(name))),
        "state": lambda state: say(ITEM_STATES[state]),
        "kind": lambda kind: say(KINDS.get(kind, Sentence.same(kind))),
    }


def _questions(story: Story, say: Say) -> dict[str, Callable[..., Any]]:
    """What the page asks about the story."""
    cause = story.cause
    return {
        "t": lambda en, ja: say(Sentence(en=en, ja=ja)),
        "is_cause": lambda step: step is cause,
        "is_later": lambda step: step is not cause and step in story.steps and is_failed(step),
        "is_failed": is_failed,
        "is_figure": is_figure,
        "is_mapping": lambda value: isinstance(value, Mapping),
        "is_list": lambda value: isinstance(value, list | tuple),
        "said_twice": said_twice,
        "checks_of": checks_of,
        "balance_of": balance_of,
        "repeats_summary": repeats_summary,
        "row": lambda item: say(row_of(item.row, item.index)),
        "pictures": pictures,
        "files": files,
        "told_in_full": lambda items: items[:PICTURED_FAILURES],
        "told_briefly": lambda items: items[PICTURED_FAILURES:],
        "quotes_of": quotes_of,
        "place": lambda place: say(str(replace(place, file=_in_office(place.file, story)))),
        "file": lambda path: say(_in_office(path, story)),
        "same_reason": same_reason,
        "item_pictures": item_pictures,
    }


def _head(story: Story, say: Say) -> dict[str, Any]:
    """What stands at the top of the page."""
    end, start = story.finished, story.started
    outcome = end.outcome if end else "running"
    began = start.at if start else story.last_at
    saved = start.by_hand * end.items_done if start and end else 0.0
    return {
        "outcome": outcome,
        "tone": _tone(outcome, story),
        "badge": say(state_of(outcome, retries=story.retries, warnings=story.warnings)),
        "headline": say(headline(story)),
        "robot": start.robot if start else "",
        "mode": say(mode_of(start.mode, start.of_run)) if start else "",
        "began": began,
        "zone": zone_of(began) if began else "",
        "seconds": end.seconds if end else _so_far(began, story.last_at),
        "saved": saved,
        "commands": _commands(end),
        "failure": end.failure if end and not _told_below(story, end.failure) else None,
    }


def headline(story: Story) -> Sentence:
    """The outcome in one sentence."""
    end = story.finished
    if end is None:
        return Sentence(
            en="The record of this run has no end: it is still running, or it broke off.",
            ja="この実行には終わりの記録がありません。実行中か、途中で異常終了しています。",
        )
    total = end.items_done + end.items_already + end.items_failed + end.items_waiting
    before = (
        Sentence(
            en=f" {end.items_already} were done before.",
            ja=f"うち{end.items_already}件は以前に処理済みです。",
        )
        if end.items_already
        else ""
    )
    counted = _counted(end, total)
    match end.outcome:
        case "done":
            if not total:
                return Sentence(en="Every step was done.", ja="すべての手順が完了しました。")
            return Sentence(en=f"All {total} items are done.", ja=f"{total}件すべて完了しました。") + before
        case "partial":
            return (
                counted
                if end.items_failed
                else Sentence(
                    en="Finished, but a step failed.", ja="最後まで実行しましたが、失敗した手順があります。"
                )
            )
        case "waiting":
            owner = story.started.owner if story.started else ""
            who = Sentence(en=owner or "a person", ja=owner or "担当者")
            return Sentence(en=f"Waiting for {who.en}. ", ja=f"{who.ja}の確認を待っています。") + (
                counted if total else ""
            )
        case "interrupted":
            return Sentence(en="Somebody stopped the run. ", ja="途中で中断されました。") + (
                counted if total else ""
            )
        case _:
            failed = [step for step in walk([story.cause]) if step.failure] if story.cause else []
            name = failed[-1].first.name if failed else ""
            at = Sentence(en=f" at “{name}”", ja=f"「{name}」で") if name else Sentence.same("")
            return Sentence(en=f"The run failed{at.en}. ", ja=f"{at.ja}失敗しました。") + (
                counted if total else ""
            )


def link(evidence: Evidence) -> str:
    """A relative address inside the run's folder, or "" when the path leads elsewhere."""
    path = PurePosixPath(evidence.path.replace("\\", "/"))
    if not evidence.path or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return ""
    return quote(path.as_posix())


def pictures(evidence: Iterable[Evidence]) -> list[Evidence]:
    return [one for one in evidence if one.kind == "picture" and link(one)]


def files(evidence: Iterable[Evidence]) -> list[Evidence]:
    return [one for one in evidence if one.kind != "picture" or not link(one)]


def item_pictures(item: ItemTold) -> list[Evidence]:
    """Pictures that the steps of an item left."""
    return [picture for step in walk(item.steps) for picture in pictures(left_behind(step))]


def same_reason(items: list[ItemTold], index: int) -> bool:
    """Did the item before fail for the same reason?"""
    mine, before = items[index].failure, items[index - 1].failure if index else None
    return bool(mine and before and mine.message == before.message)


def _in_office(path: str, story: Story) -> str:
    """A path as the people of the office know it: from the folder that holds the robots and the logs."""
    folder = PurePath(story.started.folder if story.started else "")
    roots = [str(root) for root in folder.parents[1:2] if root.is_absolute()]
    return (
        PurePath(path).relative_to(roots[0]).as_posix()
        if roots and PurePath(path).is_relative_to(roots[0])
        else path
    )


def _counted(end: RunFinished, total: int) -> Sentence:
    good, bad, open_ = end.items_done + end.items_already, end.items_failed, end.items_waiting
    if not bad and not open_:
        return Sentence(en=f"{good} items were done.", ja=f"{good}件が完了しています。")
    failed = (
        Sentence(en=f"{bad} failed", ja=f"{bad}件が失敗し" + ("、" if open_ else "ました"))
        if bad
        else Sentence.same("")
    )
    waits = (
        Sentence(en=f"{open_} must be looked at by a person", ja=f"{open_}件が確認待ちです")
        if open_
        else Sentence.same("")
    )
    en = ", ".join(part for part in (failed.en, waits.en) if part)
    return Sentence(
        en=f"{good} of {total} items are done, {en}.",
        ja=f"{total}件のうち{good}件が完了し、{failed.ja}{waits.ja}。",
    )


def _commands(end: RunFinished | None) -> list[tuple[Sentence, str]]:
    """What to type to go on from here."""
    if end is None or end.outcome == "done":
        return []
    if end.items_failed:
        said = Sentence(
            en="Mend the data, then play the failed items only:",
            ja="データを直してから、失敗した件だけを再実行します。",
        )
        return [(said, f"bofbot retry {end.run}")]
    if end.outcome == "partial":
        return []
    return [
        (
            Sentence(en="Go on where it stopped:", ja="止まったところから続けます。"),
            f"bofbot resume {end.run}",
        )
    ]


def _tone(outcome: str, story: Story) -> str:
    if outcome == "done":
        return "amber" if story.retries or story.warnings else "green"
    return {"failed": "red", "partial": "red", "interrupted": "grey", "running": "grey"}.get(outcome, "amber")


def _told_below(story: Story, failure: Failure | None) -> bool:
    told = (
        one for step in story.all_steps() for one in (step.failure, *(item.failure for item in step.items))
    )
    return failure is None or any(one is not None and one.message == failure.message for one in told)


def _so_far(began: datetime | None, last: datetime | None) -> float:
    return (last - began).total_seconds() if began and last else 0.0


def _with_code(text: str) -> Any:
    """`bofbot resolve` in a sentence is shown as something to type."""
    from markupsafe import Markup, escape

    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped just before)


def _web(address: str) -> bool:
    """May this address be a link?"""
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False
