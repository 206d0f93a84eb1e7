"""The tables against the sealed journal: every item, hold, approval and run stands as its last record says, or is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bofbot.store.chain import Record
from bofbot.store.port import Database
from bofbot.store.sealing import ADOPTED, APPROVAL, ATTEMPT, ITEM, MOVED, QUESTION, Row, body_of, sealed_part
from bofbot.words import Sentence

_ITEM_KEY, _ATTEMPT_KEY = ("robot", "step", "key"), ("robot", "step", "key", "token")
_QUESTION_KEY = ("id",)
_RUN = (
    "id",
    "robot",
    "mode",
    "of_run",
    "state",
    "exit_code",
    "items_done",
    "items_failed",
    "items_already",
    "items_waiting",
)
_PAGE = 1000

Wrong = tuple[int, Sentence]
"""The record that says otherwise (0: there is none), and what is wrong."""


class Told:
    """What the chain says of the tables; fed while it is walked, compared at the end."""

    def __init__(self) -> None:
        self.wrong: Wrong | None = None
        self._items: dict[bytes, tuple[bytes, int]] = {}
        self._attempts: dict[bytes, tuple[bytes, int]] = {}
        self._questions: dict[bytes, tuple[bytes, int]] = {}
        self._approvals: dict[bytes, list[int]] = {}
        self._runs: dict[str, tuple[dict[str, Any], int]] = {}
        self._adopted_at = 0
        self._moved = False

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records again; each is taken in when the next one is asked for, that is, when it was found sound."""
        for record in records:
            yield record
            self._take(record)

    def _take(self, record: Record) -> None:
        if record.body.startswith('{"event":'):
            self._take_row(record.seq, json.loads(record.body))
        elif record.body.startswith(('{"v":1,"event":"RunStarted"', '{"v":1,"event":"RunFinished"')):
            self._take_run(record.seq, json.loads(record.body))

    def _take_row(self, seq: int, told: Mapping[str, Any]) -> None:
        if told["event"] == ADOPTED:
            late = self._moved or (self._adopted_at and self._adopted_at != seq - 1)
            if late and self.wrong is None:
                self.wrong = seq, _ADOPTED_LATE
            self._adopted_at = seq
        self._moved = self._moved or told["event"] == MOVED
        if item := told.get("item"):
            self._items[_name(item, _ITEM_KEY)] = _print(item), seq
        for attempt in (*told.get("attempts", ()), *([told["attempt"]] if "attempt" in told else ())):
            self._attempts[_name(attempt, _ATTEMPT_KEY)] = _print(attempt), seq
        if question := told.get("question"):
            self._questions[_name(question, _QUESTION_KEY)] = _print(question), seq
        if approval := told.get("approval"):
            self._approvals.setdefault(_print(approval), []).append(seq)

    def _take_run(self, seq: int, told: Mapping[str, Any]) -> None:
        run = told["run"]
        if told["event"] == "RunStarted":
            row = {"id": run, "robot": told["robot"], "mode": told["mode"], "of_run": told.get("of_run", "")}
            before = self._runs.get(run, ({}, 0))[0]  # its counts stay when it goes on
            self._runs[run] = {**before, **row, "state": "running"}, seq
        elif run in self._runs:
            counts = {name: told.get(name, 0) for name in _RUN if name.startswith(("items_", "exit_"))}
            self._runs[run] = {**self._runs[run][0], **counts, "state": told["outcome"]}, seq

    # The tables -------------------------------------------------------------------------------------------------

    def compare(self, database: Database) -> Wrong | None:
        """The first thing that does not stand as it was sealed."""
        return (
            self.wrong
            or self._rows(database, "items", _ITEM_KEY, ITEM, self._items)
            or self._rows(database, "attempts", _ATTEMPT_KEY, ATTEMPT, self._attempts)
            or self._rows(database, "questions", _QUESTION_KEY, QUESTION, self._questions)
            or self._compare_approvals(database)
            or self._compare_runs(database)
        )

    def _rows(
        self,
        database: Database,
        table: str,
        key: Sequence[str],
        columns: Sequence[str],
        sealed: dict[bytes, tuple[bytes, int]],
    ) -> Wrong | None:
        left = dict(sealed)
        for row in _paged(database, table, key):
            part = sealed_part(row, columns)
            found = left.pop(_name(part, key), None)
            if found is None:
                return 0, _said(row, _PUT_IN)
            if found[0] != _print(part):
                return found[1], _said(
                    row, _differences(_sealed_row(database, found[1], table, part, key), part)
                )
        for _, seq in left.values():
            return seq, _said(_first_row(database, seq), _REMOVED)
        return None

    def _compare_approvals(self, database: Database) -> Wrong | None:
        left = {name: list(seqs) for name, seqs in self._approvals.items()}
        for row in database.rows("SELECT * FROM approvals"):
            seqs = left.get(_print(sealed_part(row, APPROVAL)))
            if not seqs:
                return 0, Sentence(
                    en=f"the approval of {row['robot']} by {row['approver']} is not as it was given",
                    ja=f"「{row['robot']}」の承認（{row['approver']}）が、記録された内容と異なります",
                )
            seqs.pop()
        for seqs in left.values():
            if seqs:
                return seqs[0], Sentence(en="an approval was removed", ja="承認の記録が削除されています")
        return None

    def _compare_runs(self, database: Database) -> Wrong | None:
        left = dict(self._runs)
        for row in database.rows(f"SELECT {', '.join(_RUN)} FROM runs"):  # noqa: S608, names of ours
            told, seq = left.pop(row["id"], (None, 0))
            if told is None:
                return 0, _said_run(row["id"], _PUT_IN)
            wanted = {name: told.get(name, 0) for name in _RUN}
            if wanted != row:
                return seq, _said_run(row["id"], _differences(wanted, row))
        for run, (_, seq) in left.items():
            return seq, _said_run(run, _REMOVED)
        return None


def _paged(database: Database, table: str, key: Sequence[str]) -> Iterator[Row]:
    """Every row, in the order of its key, some at a time."""
    names, marks = ", ".join(key), ", ".join(f":{name}" for name in key)
    order = f"ORDER BY {names} LIMIT {_PAGE}"
    rows = database.rows(f"SELECT * FROM {table} {order}")  # noqa: S608, names of ours
    while rows:
        yield from rows
        last = {name: rows[-1][name] for name in key}
        rows = database.rows(f"SELECT * FROM {table} WHERE ({names}) > ({marks}) {order}", last)  # noqa: S608


def _sealed_row(database: Database, seq: int, table: str, row: Row, key: Sequence[str]) -> Row:
    """What a record says of this row."""
    told = _record(database, seq)
    parts = {
        "items": [told.get("item", {})],
        "attempts": [*told.get("attempts", ()), told.get("attempt", {})],
        "questions": [told.get("question", {})],
    }[table]
    return next((part for part in parts if part and _name(part, key) == _name(row, key)), {})


def _first_row(database: Database, seq: int) -> Row:
    told = _record(database, seq)
    row: Row = told.get("item") or told.get("attempt") or told.get("question") or {}
    return row


def _record(database: Database, seq: int) -> Mapping[str, Any]:
    row = database.row("SELECT body FROM events WHERE seq = :seq", {"seq": seq})
    told: Mapping[str, Any] = json.loads(row["body"]) if row else {}
    return told


def _name(row: Row, key: Sequence[str]) -> bytes:
    return _print({name: row.get(name, 0) for name in key})


def _print(row: Row) -> bytes:
    """16 bytes that stand for a row, so that a year of them fits into memory."""
    return hashlib.blake2b(body_of(dict(sorted(row.items()))).encode(), digest_size=16).digest()


def _differences(sealed: Row, now: Row) -> Sentence:
    """`state: uncertain → done`"""
    names = [name for name in dict.fromkeys((*sealed, *now)) if sealed.get(name) != now.get(name)]
    said = ", ".join(f"{name}: {sealed.get(name, '-')} → {now.get(name, '-')}" for name in names)
    return Sentence(
        en=f"was changed behind bofbot's back ({said})", ja=f"が bofbot 以外で書き換えられています（{said}）"
    )


def _said(row: Row, what: Sentence) -> Sentence:
    if "print" in row:
        named = f"{row['id']} ({row.get('robot', '')}, {row.get('run', '')})"
        return Sentence(en=f"question {named} {what.en}", ja=f"{named} の質問{what.ja}")
    named = f"{row.get('key', '')} ({row.get('robot', '')}, {row.get('step', '')})"
    return Sentence(en=f"item {named} {what.en}", ja=f"{named} の件{what.ja}")


def _said_run(run: str, what: Sentence) -> Sentence:
    return Sentence(en=f"run {run} {what.en}", ja=f"実行 {run} {what.ja}")


_PUT_IN = Sentence(en="was put in by hand", ja="が手作業で追加されています")
_REMOVED = Sentence(en="was removed", ja="が削除されています")
_ADOPTED_LATE = Sentence(
    en="rows were taken into the seal a second time: they were put in behind bofbot's back",
    ja="封印後の行が、もう一度封印に加えられています（bofbot 以外で追加された行です）",
)
