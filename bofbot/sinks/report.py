"""Events → an HTML page that a manager can read; the one door to jinja2. Made from events alone, so it can be made again."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from importlib import resources
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import urlsplit

from bofbot.events import Event, Evidence, Failure
from bofbot.files import atomic_write
from bofbot.forms.fingerprint import named
from bofbot.sinks.columns import visible
from bofbot.sinks.drifts import drifts_in, heal_command
from bofbot.sinks.figures import (
    balance_of,
    checks_of,
    differences_of,
    figure,
    is_figure,
    label,
    repeats_summary,
    said_twice,
)
from bofbot.sinks.flipbook import as_data, part_of_item, part_of_step, parts_of, printed, title_of
from bofbot.sinks.headline import commands_of, headline, tone_of
from bofbot.sinks.pictures import Embedding, address, caption, files, link, pictures
from bofbot.sinks.story import Story, tell
from bofbot.sinks.told import ItemTold, StepTold, is_failed, left_behind, walk
from bofbot.sinks.totals import entered_rows, total_rows
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
    atomic_write(path, report_html(events, language, folder))
    return path


def report_html(events: Iterable[Event], language: Language, folder: Path | None = None) -> str:
    """The page. Every text in it is escaped; it asks for nothing from elsewhere but pictures in its own folder.

    With `folder`, the first of them stand in the page itself."""
    story, say = tell(events), _sayer(language)
    parts = parts_of(story)
    flipbook = {
        "parts": parts,
        "printed": printed(parts),
        "film": as_data(story, parts, say),
        "script": _script(),
        "part_of": lambda item: part_of_item(parts, item),
        "part_of_step": lambda step: part_of_step(parts, step),
        "has_shots": lambda: has_pictures(story),
        "src": Embedding(folder).source,
    }
    page = _template(language)
    about = {"story": story, "language": language, "head": _head(story, say)}
    return str(page.render(**about, **flipbook, **_questions(story, say, language)))


@functools.cache
def _script() -> tuple[str, str]:
    """The page's one script, and the hash by which the page allows it."""
    text = (resources.files("bofbot.sinks") / "templates" / "report.js").read_text("utf-8")
    return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


@functools.cache
def _template(language: Language) -> Any:
    """Compiling it costs more than a page does."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from bofbot.sinks.compiled import beside

    environment = Environment(
        loader=PackageLoader("bofbot.sinks"),
        bytecode_cache=beside(Path(__file__).with_name("templates")),
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
        "address": address,
        "web": _web,
        "role": lambda role: say(role_of(role)),
        "visible": visible,
        "label": lambda name: say(label(str(name))),
        "state": lambda state: say(ITEM_STATES[state]),
        "kind": lambda kind: say(KINDS.get(kind, Sentence.same(kind))),
    }


def _questions(story: Story, say: Say, language: Language) -> dict[str, Any]:
    """What the page asks about the story."""
    cause, outer = story.cause, {id(step) for step in story.steps}
    return {
        "t": lambda en, ja: say(Sentence(en=en, ja=ja)),
        "is_cause": lambda step: step is cause,
        "is_later": lambda step: is_failed(step) and step is not cause and id(step) in outer,
        "is_failed": is_failed,
        "is_figure": is_figure,
        "is_mapping": lambda value: isinstance(value, Mapping),
        "is_list": lambda value: isinstance(value, list | tuple),
        "said_twice": said_twice,
        "checks_of": checks_of,
        "balance_of": balance_of,
        "differences_of": differences_of,
        "repeats_summary": repeats_summary,
        "row": lambda item: say(row_of(item.row, item.index)),
        "pictures": pictures,
        "files": files,
        "caption": lambda picture: say(caption(picture)),
        "title_of": lambda part: title_of(part, say),
        "urgent": lambda: urgent(story),
        "culprit": lambda: culprit(story),
        "drifts": drifts_in(story),
        "heal": heal_command(story),
        "signals": lambda names: say(named(names)),
        "told_in_full": lambda items: items[:PICTURED_FAILURES],
        "told_briefly": lambda items: items[PICTURED_FAILURES:],
        "quotes_of": quotes_of,
        "total_rows": lambda step: total_rows(step, language),
        "entered_rows": lambda step: entered_rows(step, language, whole=True),
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
        "tone": tone_of(outcome, story),
        "badge": say(state_of(outcome, retries=story.retries, warnings=story.warnings)),
        "headline": say(headline(story)),
        "robot": start.robot if start else "",
        "mode": say(mode_of(start.mode, start.of_run)) if start else "",
        "began": began,
        "zone": zone_of(began) if began else "",
        "seconds": end.seconds if end else _so_far(began, story.last_at),
        "saved": saved,
        "commands": commands_of(story),
        "failure": end.failure if end and not _told_below(story, end.failure) else None,
    }


def item_pictures(item: ItemTold) -> list[Evidence]:
    """Pictures that the steps of an item left."""
    return [picture for step in walk(item.steps) for picture in pictures(left_behind(step))]


def has_pictures(story: Story) -> bool:
    """Is there anything to look at?"""
    return any(
        pictures((*left_behind(step), *(step.failure.evidence if step.failure else ())))
        for step in story.all_steps()
    )


def urgent(story: Story) -> list[ItemTold]:
    """Items that somebody must look at, those that wait for a person first."""
    left = [item for step in story.all_steps() for item in step.failed_items if item.failure]
    return sorted(left, key=lambda item: item.state != "waiting")


def culprit(story: Story) -> StepTold | None:
    """The innermost step at which a run without items broke off."""
    failed = [step for step in walk([story.cause]) if step.failure] if story.cause else []
    return failed[-1] if failed else None


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
