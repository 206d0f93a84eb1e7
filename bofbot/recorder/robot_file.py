"""The robot file of a recording: head, log-in, loop over the table, steps; ready for `bofbot validate`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from bofbot.recorder.composing import Composer, Composition, Step
from bofbot.recorder.rows import FirstRow, reference
from bofbot.recorder.story import Story
from bofbot.recorder.writing import lines
from bofbot.words import Language, Sentence

_SCHEMA = "# yaml-language-server: $schema=../.bofbot/robot.schema.json"


def write_robot(
    story: Story, name: str, *, language: Language, row: FirstRow | None = None, secret: str = ""
) -> tuple[str, int]:
    """The robot's text, and how many steps bear a note."""
    made = Composer(language, row, secret).compose(story)
    origin = _origin(made)
    steps = _looped(made, row, origin) if row is not None and any(made.rows_used) else made.steps
    head: dict[str, Any] = {
        "bofbot": "1",
        "name": name,
        "purpose": _PURPOSE.said_in(language),
        "owner": _OWNER.said_in(language),
    }
    if made.secrets:
        head["secrets"] = made.secrets
    if further := _further_hosts(story, made):
        head["allow"] = further
    if origin:
        head["defaults"] = {"at": origin}
    body = [_relative(step, origin) for step in steps]
    parts = [lines(head), ["steps:"] + [f"  {line}" for line in lines(body)]]
    text = "\n\n".join("\n".join(part) for part in parts)
    return f"{_SCHEMA}\n{text}\n", made.doubts


def _looped(made: Composition, row: FirstRow, origin: str) -> list[Step]:
    """The steps from the page of the first row value on, repeated for every row; what came after the last entry, once."""
    first = made.rows_used.index(True)
    start, by_address = _way_to(made, first)
    last = max(at for at, step in enumerate(made.steps) if made.rows_used[at] or "submit" in step)
    body = [dict(step) for step in made.steps[first if by_address else start : last + 1]]
    after = made.steps[last + 1 :]
    if by_address:
        body.insert(0, {"open": made.pages[first]})
    else:
        body += after  # the way back to the form may be among them
        after = []
    receipt = next((step["receipt"] for step in body if step.get("receipt")), "")
    if receipt in row.types:
        made.columns.append(receipt)
        body.append({"write_back": {receipt: "${receipt}"}})
    loop: Step = {"for_each": "${rows}", "as": "row"}
    if row.key:
        loop["key"] = "${" + reference(row.key) + "}"
    loop |= {"on_error": "collect", "steps": [_relative(step, origin) for step in body]}
    reading: Step = {"read_table": row.file}
    if row.sheet:
        reading["sheet"] = row.sheet
    reading |= {"columns": row.columns_used(made.columns), "save_as": "rows"}
    return [reading, *made.steps[:start], loop, *after]


def _way_to(made: Composition, first: int) -> tuple[int, bool]:
    """Where the way to the first entry begins, and whether the page's address alone leads there."""
    start = first
    while start and made.links[start - 1]:
        start -= 1
    if start and "open" in made.steps[start - 1]:
        start -= 1
    return start, start < first


def _origin(made: Composition) -> str:
    """The one site on which everything was done; "" when there were several."""
    origins = {f"{parts.scheme}://{parts.netloc}" for page in made.pages if (parts := urlsplit(page)).netloc}
    return origins.pop() if len(origins) == 1 else ""


def _relative(step: Step, origin: str) -> Step:
    """Addresses of the one site without its name."""
    short = dict(step)
    for key in ("open", "at"):
        url = str(short.get(key, ""))
        if origin and url.startswith(f"{origin}/"):
            short[key] = url.removeprefix(origin) if key == "open" else urljoin(origin, urlsplit(url).path)
    return short


def _further_hosts(story: Story, made: Composition) -> list[str]:
    """Hosts that were asked for something, besides those the robot opens."""
    opened = {urlsplit(str(step[key])).netloc for step in made.steps for key in ("open", "at") if key in step}
    return [host for host in story.hosts if host not in opened]


_PURPOSE = Sentence(en="Recorded; say here what it is for", ja="記録したもの。目的をここに書いてください")
_OWNER = Sentence(en="say here who answers for it", ja="責任者をここに書いてください")
