"""Questions that wait for a person: asked, answered and ended inside the seal of the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bofbot.questions import Asked
from bofbot.store.moments import as_text
from bofbot.store.port import Database
from bofbot.store.question_rows import QuestionRow as QuestionRow
from bofbot.store.question_rows import QuestionState, as_row, place_of, read_question
from bofbot.store.sealing import Seal


class Settled(Exception):
    """The question has its answer already, or ended without one."""

    def __init__(self, row: QuestionRow) -> None:
        super().__init__(f"question {row.id} is {row.state}")
        self.row = row


class Questions:
    """The rows of all questions. Every move is one transaction that looks at what it changes."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    # A run asks --------------------------------------------------------------------------------------------------

    def find(self, asked: Asked) -> QuestionRow | None:
        """The row of exactly this question, whatever became of it."""
        found = self._database.row(_SAME, place_of(asked))
        return read_question(found) if found else None

    def put(self, asked: Asked, now: datetime) -> QuestionRow:
        """The question waits from now on; asked again, it goes on waiting. What was asked at the same place in other
        words, or of another row, waits no longer. The robot's text is kept with it."""
        row = as_row(asked, now)
        with self._database.writing():
            self._move(self._database.rows(_WITHDRAW, row))
            self._database.rows(
                "INSERT INTO robot_texts (sha256, file, texts) VALUES (:robot_sha256, :robot_file, :texts)"
                " ON CONFLICT (sha256, file) DO NOTHING",
                row,
            )
            moved = self._database.rows(_PUT, row)
            self._move(moved)
        return read_question(moved[0])

    def told_at_once(self, asked: Asked, value: str, by: str, now: datetime) -> None:
        """A question that was answered at the terminal: kept, so that nobody is asked twice."""
        row = {**as_row(asked, now), "value": value, "by": by}
        with self._database.writing():
            self._database.rows(_PUT, row)
            self._move(self._database.rows(_ANSWER_HERE, row))

    def texts(self, sha256: str, file: str) -> dict[str, str] | None:
        """The text of a robot that waits, as it stood when it asked."""
        named = {"sha256": sha256, "file": file}
        row = self._database.row(
            "SELECT texts FROM robot_texts WHERE sha256 = :sha256 AND file = :file", named
        )
        return dict(json.loads(row["texts"])) if row else None

    # Somebody answers, or nobody does ------------------------------------------------------------------------------

    def settle(
        self,
        number: int,
        state: QuestionState,
        now: datetime,
        *,
        value: str = "",
        by: str = "",
        why: str = "",
    ) -> QuestionRow:
        """End an open question, once. Raises Settled with the row as it stands."""
        named = {"id": number, "state": state, "value": value, "by": by, "why": why, "now": as_text(now)}
        with self._database.writing():
            moved = self._database.rows(_SETTLE, named)
            self._move(moved)
        if not moved:
            found = self.row(number)
            assert found
            raise Settled(found)
        return read_question(moved[0])

    def expire(self, now: datetime) -> list[QuestionRow]:
        """End the questions whose time is over; each comes back once, to one caller."""
        named = {"now": as_text(now)}
        if not self._database.row(f"SELECT 1 AS one FROM questions WHERE {_OVER} LIMIT 1", named):  # noqa: S608 (our own words)
            return []
        with self._database.writing():
            moved = self._database.rows(_EXPIRE, named)
            self._move(moved)
        return [read_question(row) for row in moved]

    def cancel(self, story: str, by: str, why: str, now: datetime) -> int:
        """No question of these runs waits any longer; how many did."""
        named = {"story": story, "by": by, "why": why, "now": as_text(now)}
        if not self._database.row(_OPEN_IN, named):
            return 0
        with self._database.writing():
            moved = self._database.rows(_CANCEL, named)
            self._move(moved)
        return len(moved)

    # Telling people, and going on ----------------------------------------------------------------------------------

    def due_to_tell(self, now: datetime) -> list[QuestionRow]:
        """Open questions of which somebody is to be told now."""
        rows = self._database.rows(
            "SELECT * FROM questions WHERE state = 'open' AND tell_at <> '' AND tell_at <= :now ORDER BY id",
            {"now": as_text(now)},
        )
        return [read_question(row) for row in rows]

    def take_to_tell(self, row: QuestionRow, again_at: datetime | None) -> bool:
        """Whether this process tells people now; the next time is at `again_at`. One process gets True."""
        named = {"id": row.id, "told": row.told, "again": as_text(again_at) if again_at else ""}
        with self._database.writing():
            taken = self._database.rows(
                "UPDATE questions SET told = told + 1, tell_at = :again WHERE id = :id AND told = :told"
                " AND state = 'open' RETURNING id",
                named,
            )
        return bool(taken)

    def ready(self) -> list[QuestionRow]:
        """The last settled question of each story that can go on: none of its questions is open, and nobody went on yet."""
        return [read_question(row) for row in self._database.rows(_READY)]

    def gone_on(self, story: str) -> None:
        """The runs of this story go on with what was answered so far."""
        named = {"story": story}
        if self._database.row(_NOT_GONE_ON, named):
            with self._database.writing():
                self._database.rows(
                    "UPDATE questions SET gone_on = 1 WHERE story = :story AND state <> 'open'", named
                )

    # Looking -------------------------------------------------------------------------------------------------------

    def row(self, number: int) -> QuestionRow | None:
        found = self._database.row("SELECT * FROM questions WHERE id = :id", {"id": number})
        return read_question(found) if found else None

    def open(self, kind: str = "") -> list[QuestionRow]:
        """What waits for an answer, the oldest first; of one kind only, if it is said."""
        which = " AND kind = :kind" if kind else ""
        return self._all(
            f"WHERE state = 'open'{which} ORDER BY asked_at, id", {"kind": kind} if kind else None
        )

    def of_story(self, story: str) -> list[QuestionRow]:
        """Every question of these runs, in the order in which they were first asked."""
        return self._all("WHERE story = :story ORDER BY id", {"story": story})

    def _all(self, which: str, named: Mapping[str, Any] | None = None) -> list[QuestionRow]:
        rows = self._database.rows(f"SELECT * FROM questions {which}", named or {})  # noqa: S608 (our own words)
        return [read_question(row) for row in rows]

    def _move(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._seal.asked(rows)


_OVER = "state = 'open' AND until <> '' AND until <= :now"
_SAME = "SELECT * FROM questions WHERE story = :story AND step = :step AND item = :item AND print = :print"
_PUT = (
    "INSERT INTO questions (story, run, robot, robot_file, robot_sha256, owner, started_by, step, item, print, kind, said_en, said_ja,"
    " choices, asked_of, asked_at, until, otherwise, state, tell_at)"
    " VALUES (:story, :run, :robot, :robot_file, :robot_sha256, :owner, :started_by, :step, :item, :print, :kind, :said_en, :said_ja,"
    " :choices, :asked_of, :now, :until, :otherwise, 'open', :now)"
    " ON CONFLICT (story, step, item, print) DO UPDATE SET run = excluded.run,"
    " asked_at = CASE WHEN questions.state = 'open' THEN questions.asked_at ELSE excluded.asked_at END,"
    " until = CASE WHEN questions.state = 'open' THEN questions.until ELSE excluded.until END,"
    " tell_at = CASE WHEN questions.state = 'open' THEN questions.tell_at ELSE excluded.tell_at END,"
    " told = CASE WHEN questions.state = 'open' THEN questions.told ELSE 0 END,"
    " state = 'open', settled_by = '', why = '', value = '', settled_at = '', gone_on = 0 RETURNING *"
)
_WITHDRAW = (
    "UPDATE questions SET state = 'cancelled', why = 'asked anew', settled_at = :now, gone_on = 1 WHERE story = :story"
    " AND step = :step AND item = :item AND print <> :print AND state = 'open' RETURNING *"
)
_ANSWER_HERE = (
    "UPDATE questions SET state = 'answered', value = :value, settled_by = :by, settled_at = :now, tell_at = '', gone_on = 1"
    " WHERE story = :story AND step = :step AND item = :item AND print = :print RETURNING *"
)
_SETTLE = (
    "UPDATE questions SET state = :state, value = :value, settled_by = :by, why = :why, settled_at = :now, tell_at = ''"
    " WHERE id = :id AND state = 'open' RETURNING *"
)
_EXPIRE = f"UPDATE questions SET state = 'expired', value = otherwise, settled_at = :now, tell_at = '' WHERE {_OVER} RETURNING *"  # noqa: S608
_CANCEL = (
    "UPDATE questions SET state = 'cancelled', settled_by = :by, why = :why, settled_at = :now, tell_at = '', gone_on = 1"
    " WHERE story = :story AND state = 'open' RETURNING *"
)
_OPEN_IN = "SELECT 1 AS one FROM questions WHERE story = :story AND state = 'open' LIMIT 1"
_NOT_GONE_ON = (
    "SELECT 1 AS one FROM questions WHERE story = :story AND gone_on = 0 AND state <> 'open' LIMIT 1"
)
_READY = (
    "SELECT * FROM questions WHERE id IN (SELECT MAX(id) FROM questions WHERE gone_on = 0 AND state IN ('answered', 'expired')"
    " AND NOT EXISTS (SELECT 1 FROM questions AS other WHERE other.story = questions.story AND other.state = 'open')"
    " GROUP BY story) ORDER BY id"
)
