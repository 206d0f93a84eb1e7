"""What waits for a person, in one list: questions and approvals, items in doubt, and runs that only a person can help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bofbot.effects import LedgerItem
from bofbot.questions import expected
from bofbot.store.database import Store
from bofbot.store.questions import QuestionRow
from bofbot.store.runs import RunRow
from bofbot.words import Language, Sentence


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits."""

    what: Literal["question", "approval", "item", "run", "answered"]
    """answered: nothing is open any more, the run can go on."""
    run: str
    robot: str
    key: str
    """Of the item, where it is about one."""
    said: Sentence
    to: str
    """Who is asked or responsible; "" when nobody is named."""
    since: datetime
    until: datetime | None = None
    type: str = ""
    """What to type."""
    question: QuestionRow | None = None
    item: LedgerItem | None = None


def what_waits(store: Store) -> list[Waiting]:
    """Everything that waits for a person, the oldest first."""
    asked = store.questions.open()
    found = [_of_question(row, asked) for row in asked]
    items = store.ledger.waiting()
    runs = {run: store.journal.run(run) for run in {item.run for item in items}}
    found += [_of_item(item, runs[item.run]) for item in items]
    listed = {one.run for one in found}
    found += [one for one in stopped_runs(store, asked) if one.run not in listed]
    return sorted(found, key=lambda one: one.since)


def stopped_runs(store: Store, asked: Sequence[QuestionRow]) -> list[Waiting]:
    """Runs that wait, and neither for one of these questions nor taken up by anybody since."""
    asking = {_latest(store, row.story) for row in asked}
    return [one for one in _runs(store) if one.run not in asking]


def question_lines(rows: Sequence[QuestionRow], language: Language) -> list[str]:
    """What the runs of a story asked, and what became of each question."""
    return [
        f"{_asked_of(row).said_in(language)}  {row.said.said_in(language)}  → {_became(row).said_in(language)}"
        for row in rows
    ]


def _asked_of(row: QuestionRow) -> Sentence:
    item = f" {row.item}" if row.item else ""
    at = f"{row.asked_at.astimezone():%m-%d %H:%M}"
    if row.kind == "approval":
        return Sentence(en=f"approval {at}", ja=f"承認 {at}")
    return Sentence(en=f"question {at}{item}", ja=f"質問 {at}{item}")


def _became(row: QuestionRow) -> Sentence:
    at = f" {row.settled_at.astimezone():%m-%d %H:%M}" if row.settled_at else ""
    why = Sentence(en=f": {row.why}", ja=f"：{row.why}") if row.why else Sentence.same("")
    match row.state:
        case "open":
            return Sentence.same(how_to_answer(row, alone=not row.item))
        case "answered":
            value = row.value or "●●●"
            return Sentence(en=f"{value} ({row.by}{at})", ja=f"{value}（{row.by}{at}）") + why
        case "expired":
            then = Sentence(en="failed", ja="失敗") if row.otherwise is None else Sentence.same(row.value)
            return Sentence(en=f"nobody answered until{at}: ", ja=f"{at.strip()} までに回答なし：") + then
    return Sentence(en=f"cancelled ({row.by}{at})", ja=f"取りやめ（{row.by}{at}）") + why


def how_to_answer(row: QuestionRow, *, alone: bool = True) -> str:
    """What to type; `alone`: no other question of the run is open."""
    if row.kind == "secret":
        return f"bofbot resume {row.run}"
    if row.kind == "approval":
        return f"bofbot approve {row.run} --why …"
    which = "" if alone else f" {as_word(row.item) if row.item else row.id}"
    choices = "|".join(as_word(choice) for choice in row.choices)
    value = {"yes/no": "yes|no", "choice": choices}.get(row.kind, "…")
    return f"bofbot answer {row.run}{which} {value}"


def as_word(text: str) -> str:
    """One word of a command line."""
    return text if text and not any(letter in text for letter in " \t\"'$&|;<>()*?`\\") else f'"{text}"'


def _of_question(row: QuestionRow, asked: list[QuestionRow]) -> Waiting:
    alone = sum(other.story == row.story for other in asked) == 1
    return Waiting(
        what="approval" if row.kind == "approval" else "question",
        run=row.run,
        robot=row.robot,
        key=row.item,
        said=row.said + _may_answer(row),
        to=row.to or row.owner,
        since=row.asked_at,
        until=row.until,
        type=how_to_answer(row, alone=alone),
        question=row,
    )


def _may_answer(row: QuestionRow) -> Sentence:
    if row.kind in ("text", "approval", "choice", "yes/no"):
        return Sentence.same("")
    return Sentence(en=" (", ja="（") + expected(row.kind, row.choices) + Sentence(en=")", ja="）")


def _of_item(item: LedgerItem, run: RunRow | None) -> Waiting:
    key = item.identity.key
    why = item.why or "-"
    return Waiting(
        what="item",
        run=item.run,
        robot=item.identity.robot,
        key=key,
        said=Sentence(en=f"was it entered? {why}", ja=f"登録されたかどうか：{why}"),
        to=run.owner if run else "",
        since=item.armed_at or (run.started if run else datetime.fromtimestamp(0, UTC)),
        type=f"bofbot resolve {item.run} {as_word(key)} --done|--retry|--cancel --why …",
        item=item,
    )


def _runs(store: Store) -> Iterator[Waiting]:
    for row in store.database.rows(_WAITING):
        answered = bool(row["answered"])
        why = Sentence(en=row["why_en"], ja=row["why_ja"])
        yield Waiting(
            what="answered" if answered else "run",
            run=row["id"],
            robot=row["robot"],
            key="",
            said=_ANSWERED if answered else why,
            to=row["responsible"],
            since=datetime.fromisoformat(row["started"]),
            type=f"bofbot resume {row['id']}",
        )


def _latest(store: Store, story: str) -> str:
    """The latest run of a story."""
    found: Mapping[str, Any] | None = store.database.row(_LATEST, {"story": story})
    return str(found["id"]) if found else story


_ANSWERED = Sentence(
    en="answered, or its time is over; goes on by itself when bofbot serve or a worker lives",
    ja="回答済み（または期限切れ）。bofbot serve かワーカーが動いていれば自動で続きます",
)
_LATEST = "SELECT id FROM runs WHERE id = :story OR (of_run = :story AND mode = 'resume') ORDER BY started_us DESC, id DESC LIMIT 1"
_WAITING = (
    "SELECT runs.*, EXISTS (SELECT 1 FROM questions WHERE questions.gone_on = 0 AND questions.state <> 'open' AND"
    " questions.story = CASE WHEN runs.mode = 'resume' THEN runs.of_run ELSE runs.id END) AS answered"
    " FROM runs WHERE state = 'waiting' AND mode <> 'dry-run'"
    " AND NOT EXISTS (SELECT 1 FROM runs AS later WHERE later.mode = 'resume' AND later.started_us > runs.started_us AND"
    " later.of_run = CASE WHEN runs.mode = 'resume' THEN runs.of_run ELSE runs.id END)"
    " AND NOT EXISTS (SELECT 1 FROM runs AS later WHERE later.robot = runs.robot AND later.started_us > runs.started_us"
    " AND later.state = 'done' AND later.mode <> 'dry-run')"
    " ORDER BY started_us LIMIT 1000"
)
"""Runs that wait and that nobody took up again; a later success of the robot clears them."""
