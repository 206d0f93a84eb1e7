"""The slots of schedules: one row for each time to play, unique by schedule and nominal local time, so that any number of
tickers start it once; and the heartbeats of those who tick."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bofbot.store.moments import as_text, at, microseconds, time_of
from bofbot.store.owner import is_dead, this_process
from bofbot.store.port import Database
from bofbot.store.slot_rows import OPEN as OPEN
from bofbot.store.slot_rows import Heartbeat as Heartbeat
from bofbot.store.slot_rows import NewSlot as NewSlot
from bofbot.store.slot_rows import SlotRow as SlotRow
from bofbot.store.slot_rows import SlotState as SlotState
from bofbot.store.slot_rows import as_row, slot_of
from bofbot.words import Sentence


class Slots:
    """The rows of all slots. Every change is one transaction that looks at what it changes."""

    def __init__(self, database: Database, dead: Callable[[str], bool] = is_dead) -> None:
        self._database = database
        self._dead = dead

    # Ticking ------------------------------------------------------------------------------------------------------

    def ticked_until(self, schedule: str) -> datetime | None:
        """Up to when slots of the schedule were written down; None for one that nobody ticked yet."""
        row = self._database.row(
            "SELECT ticked_until FROM schedule_ticks WHERE schedule = :schedule", {"schedule": schedule}
        )
        return time_of(row["ticked_until"]) if row else None

    def ticked(self) -> dict[str, datetime]:
        """Up to when each schedule was ticked."""
        rows = self._database.rows("SELECT schedule, ticked_until FROM schedule_ticks")
        return {row["schedule"]: datetime.fromisoformat(row["ticked_until"]) for row in rows}

    def note(
        self, schedule: str, since: datetime | None, until: datetime, new: Iterable[NewSlot]
    ) -> int | None:
        """Write down what came due between two ticks, in one transaction. None when another ticker did so first (the last
        tick is no longer `since`), else how many slots are new. A slot that was missed may come due again when a clock
        was set back; any other is never written twice."""
        written = 0
        with self._database.writing():
            if self.ticked_until(schedule) != since:
                return None
            for one in new:
                written += len(self._database.rows(_NEW, as_row(one)))
            self._database.rows(_TICKED, {"schedule": schedule, "until": as_text(until)})
        return written

    def note_by_hand(self, new: NewSlot) -> int:
        """A slot that a person asks for, outside the rule; its number."""
        with self._database.writing():
            return int(self._database.rows(_NEW, as_row(new))[0]["id"])

    # Playing ------------------------------------------------------------------------------------------------------

    def take(self, slot: SlotRow, ticker: str) -> bool:
        """Whether this ticker may launch the slot: nobody else has it since the row was read."""
        with self._database.writing():
            return bool(self._database.rows(
                "UPDATE slots SET ticker = :ticker, launches = launches + 1 WHERE id = :id AND state = :state"
                " AND ticker = :before AND process = :process RETURNING id",
                {"id": slot.id, "ticker": ticker, "before": slot.ticker, "state": slot.state, "process": slot.process},
            ))  # fmt: skip

    def start(self, slot_id: int, now: datetime) -> SlotRow | None:
        """This process plays the slot from now on; None when somebody else started it."""
        named = {"id": slot_id, "process": this_process(), "now": as_text(now)}
        with self._database.writing():
            rows = self._database.rows(
                "UPDATE slots SET state = 'started', process = :process, started_at = :now WHERE id = :id AND state = 'due'"
                " RETURNING *",
                named,
            )
        return slot_of(rows[0]) if rows else None

    def start_again(self, slot: SlotRow) -> bool:
        """This process goes on with a slot whose process died; False when somebody else does, or did already."""
        named = {"id": slot.id, "process": this_process(), "dead": slot.process, "resumed": slot.resumed}
        with self._database.writing():
            return bool(self._database.rows(
                "UPDATE slots SET process = :process, resumed = resumed + 1 WHERE id = :id AND state = 'started'"
                " AND process = :dead AND resumed = :resumed RETURNING id",
                named,
            ))  # fmt: skip

    def end(
        self,
        slot_id: int,
        state: SlotState,
        now: datetime,
        why: Sentence | None = None,
        *,
        run: str = "",
        tell: bool = False,
    ) -> bool:
        """How it ended, told to its owner when `tell`; False when it had ended before."""
        said = why or Sentence.same("")
        named = {
            "id": slot_id,
            "state": state,
            "now": as_text(now),
            "en": said.en,
            "ja": said.ja,
            "run": run,
            "tell": int(tell),
        }
        with self._database.writing():
            return bool(self._database.rows(
                "UPDATE slots SET state = :state, ended_at = :now, why_en = :en, why_ja = :ja, tell = CASE WHEN tell > :tell THEN tell ELSE :tell END,"
                " run = CASE WHEN :run = '' THEN run ELSE :run END WHERE id = :id AND state IN ('due', 'started') RETURNING id",
                named,
            ))  # fmt: skip

    def end_waiting(
        self, story: str, state: SlotState, now: datetime, why: Sentence | None = None, *, run: str = ""
    ) -> bool:
        """The run that a slot waits with (`story` is the first of those that went on from each other) has gone on, as
        `run`, or was given up: the slot ends so, or waits on."""
        said = why or Sentence.same("")
        named = {
            "story": story,
            "state": state,
            "now": as_text(now),
            "en": said.en,
            "ja": said.ja,
            "run": run,
        }
        with self._database.writing():
            return bool(self._database.rows(
                "UPDATE slots SET state = :state, ended_at = :now, why_en = :en, why_ja = :ja,"
                " run = CASE WHEN :run = '' THEN run ELSE :run END WHERE state = 'waiting'"
                " AND (run = :story OR run IN (SELECT id FROM runs WHERE of_run = :story)) RETURNING id",
                named,
            ))  # fmt: skip

    def settle_late(self, now: datetime) -> list[SlotRow]:
        """Mark slots whose deadline has passed and that are not done; each is returned once, to one caller."""
        late = "late = 0 AND deadline_at <> '' AND deadline_at <= :now AND state IN ('due', 'started', 'waiting')"
        named = {"now": as_text(now)}
        if not self._database.row(f"SELECT 1 AS one FROM slots WHERE {late} LIMIT 1", named):  # noqa: S608 (our own words)
            return []
        with self._database.writing():
            rows = self._database.rows(f"UPDATE slots SET late = 1 WHERE {late} RETURNING *", named)  # noqa: S608
        return [slot_of(row) for row in rows]

    def take_untold(self) -> list[SlotRow]:
        """Slots whose owner is to be told; each is returned once, to one caller."""
        if not self._database.row("SELECT 1 AS one FROM slots WHERE tell = 1 LIMIT 1"):
            return []
        with self._database.writing():
            rows = self._database.rows("UPDATE slots SET tell = 2 WHERE tell = 1 RETURNING *")
        return [slot_of(row) for row in rows]

    # Looking ------------------------------------------------------------------------------------------------------

    def open(self) -> list[SlotRow]:
        """What is due or started, the oldest first."""
        rows = self._database.rows(
            "SELECT * FROM slots WHERE state IN ('due', 'started') ORDER BY due_at, id"
        )
        return [slot_of(row) for row in rows]

    def find(self, slot_id: int) -> SlotRow | None:
        row = self._database.row("SELECT * FROM slots WHERE id = :id", {"id": slot_id})
        return slot_of(row) if row else None

    def at(self, schedule: str, nominal: str) -> SlotRow | None:
        row = self._database.row(
            "SELECT * FROM slots WHERE schedule = :schedule AND nominal = :nominal",
            {"schedule": schedule, "nominal": nominal},
        )
        return slot_of(row) if row else None

    def newest(self, schedule: str | None = None, limit: int = 20) -> list[SlotRow]:
        """The newest first."""
        wanted = (
            "WHERE schedule = :schedule" if schedule is not None else ""
        )  # an index serves no `IS NULL OR`
        asked = {"limit": limit} | ({} if schedule is None else {"schedule": schedule})
        rows = self._database.rows(
            f"SELECT * FROM slots {wanted} ORDER BY due_at DESC, id DESC LIMIT :limit",  # noqa: S608 (our own words)
            asked,
        )
        return [slot_of(row) for row in rows]

    def last_of_each(self) -> dict[str, SlotRow]:
        """The newest slot of every schedule."""
        rows = self._database.rows(
            "SELECT * FROM slots WHERE id IN (SELECT (SELECT id FROM slots AS own WHERE own.schedule = ticks.schedule"
            " ORDER BY due_at DESC, id DESC LIMIT 1) FROM schedule_ticks AS ticks)"
        )
        return {row["schedule"]: slot_of(row) for row in rows}

    def run_of(self, process: str) -> str:
        """The run that a process played last; "" when it came to none."""
        row = self._database.row(
            "SELECT id FROM runs WHERE process = :process ORDER BY started_us DESC LIMIT 1",
            {"process": process},
        )
        return str(row["id"]) if row else ""

    def runs_done(self, robot_file: str, since: datetime) -> list[str]:
        """Runs of a robot's file that ended well since an instant, the oldest first; dry runs aside."""
        rows = self._database.rows(
            "SELECT id FROM runs WHERE robot_file = :file AND state = 'done' AND mode <> 'dry-run'"
            " AND started_us + seconds * 1000000 > :since ORDER BY started_us, id",
            {"file": robot_file, "since": microseconds(since)},
        )
        return [str(row["id"]) for row in rows]

    # Heartbeats -----------------------------------------------------------------------------------------------------

    def beat(self, now: datetime, playing: int, trouble: str = "") -> None:
        """This process ticks and is well; rows of the dead are forgotten after a day."""
        named = {"process": this_process(), "now": as_text(now), "playing": playing, "trouble": trouble}
        with self._database.writing():
            self._database.rows(_BEAT, named)

    def leave(self) -> None:
        """This process ticks no longer."""
        with self._database.writing():
            self._database.rows(
                "DELETE FROM heartbeats WHERE process = :process", {"process": this_process()}
            )

    def heartbeats(self) -> list[Heartbeat]:
        """Everybody who ticks, or died while ticking; the latest first."""
        rows = self._database.rows("SELECT * FROM heartbeats ORDER BY at DESC")
        return [
            Heartbeat(
                row["process"], at(row["at"]), row["playing"], row["trouble"], not self._dead(row["process"])
            )
            for row in rows
        ]


_NEW = (
    "INSERT INTO slots (schedule, nominal, due_at, robot, inputs, state, why_en, why_ja, queued, deadline_at, owner, tell)"
    " VALUES (:schedule, :nominal, :due_at, :robot, :inputs, :state, :why_en, :why_ja, :queued, :deadline_at, :owner, :tell)"
    " ON CONFLICT (schedule, nominal) DO UPDATE SET state = excluded.state, why_en = excluded.why_en, why_ja = excluded.why_ja,"
    " due_at = excluded.due_at, robot = excluded.robot, inputs = excluded.inputs, queued = excluded.queued,"
    " deadline_at = excluded.deadline_at WHERE slots.state = 'missed' AND slots.process = '' AND excluded.state <> 'missed'"
    " RETURNING id"
)
_TICKED = (
    "INSERT INTO schedule_ticks (schedule, ticked_until) VALUES (:schedule, :until)"
    " ON CONFLICT (schedule) DO UPDATE SET ticked_until = excluded.ticked_until"
)
_BEAT = (
    "INSERT INTO heartbeats (process, at, playing, trouble) VALUES (:process, :now, :playing, :trouble)"
    " ON CONFLICT (process) DO UPDATE SET at = excluded.at, playing = excluded.playing, trouble = excluded.trouble"
)
