"""The ledger: what is known of every item and its effect, each move one committed transaction.

A move is a compare-and-swap on the token and the state that the caller saw: whoever looks at an older truth gets
StaleLease. The statements hold no word that only SQLite knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bofbot.effects import Identity, LedgerItem, StaleLease, State
from bofbot.store.owner import is_dead
from bofbot.store.port import Database
from bofbot.store.sealing import Seal

MOVES: Mapping[State, frozenset[State]] = {
    "leased": frozenset({"new", "business", "dead", "waiting"}),
    "armed": frozenset({"done", "business", "uncertain"}),
    "uncertain": frozenset({"done", "new", "waiting"}),
}
"""What `settle` may do. Besides: `lease` new → leased, `arm` leased → armed, and `complete` leased → done for a body
without any effect. A person may do more (`resolve`)."""

BY_A_PERSON: frozenset[State] = frozenset({"uncertain", "waiting", "business", "dead", "new"})
"""States in which a person may decide at any time; a leased or armed item only when its owner cannot be seen alive."""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One hold on an item: a run that leased it, or a person who decided about it (`run` is empty then)."""

    token: int
    attempt: int
    run: str
    owner: str
    state: str
    started_at: datetime
    armed_at: datetime | None
    ended_at: datetime | None
    receipt: str
    why: str


class StoreLedger:
    """`bofbot.effects.Ledger`, kept in the store."""

    def __init__(
        self,
        database: Database,
        *,
        dead: Callable[[str], bool] = is_dead,
        gone: Callable[[str], bool] | None = None,
        seal: Seal | None = None,
    ) -> None:
        """`dead`: can play no more; `gone`: proven not even to exist any more (the same, on one machine). `seal`: every
        move becomes a record of the sealed journal, in its own transaction."""
        self._database = database
        self._seal = seal
        self._touched: list[Mapping[str, Any]] = []
        self._held: list[Mapping[str, Any]] = []
        self._dead = dead
        self._gone = gone or dead

    def lease(self, identity: Identity, *, payload: str, run: str, owner: str, at: datetime) -> LedgerItem:
        """Take the item for this run if it is new, unknown, refused in an earlier run, or left behind unarmed by a
        process that is dead.

        Anything else is returned as it stands; an armed item of a dead process stands as uncertain from then on.
        A new item takes over the payload given: nothing of an older one ever reached the outside."""
        with self._moving():
            self._make(identity, payload, at)
            row: Mapping[str, Any] = self._row(identity)
            if row["state"] in ("leased", "armed") and self._dead(row["owner"]):
                row = self._bury(row, at)
            if row["state"] == "business" and row["run"] != run:
                row = self._swap(
                    row, "new", at
                )  # refused, so not done, and a person has started another run since
            if row["state"] != "new":
                return _item(row)
            fresh = {
                "token": row["token"] + 1,
                "attempt": row["attempt"] + 1,
                "why": "",
                "request": "{}",
                "armed_at": "",
            }
            row = self._swap(row, "leased", at, payload=payload, run=run, owner=owner, **fresh)
            self._open_attempt(row, at)
            return _item(row)

    def arm(self, item: LedgerItem, *, request: Mapping[str, str], at: datetime) -> LedgerItem:
        """leased → armed: on disk before the first unsafe request leaves. Raises StaleLease, ValueError."""
        if item.state != "leased":
            raise ValueError(f"only a leased item can be armed, {item.identity.key} is {item.state}")
        kept = json.dumps(dict(request), ensure_ascii=False, sort_keys=True)
        return self._move(item, "armed", at, armed_at=at.isoformat(), request=kept)

    def settle(
        self, item: LedgerItem, state: State, *, at: datetime, receipt: str = "", why: str = ""
    ) -> LedgerItem:
        """Any move of MOVES. Raises ValueError for another one, StaleLease when the item is no longer as `item` says."""
        if state not in MOVES.get(item.state, frozenset()):
            raise ValueError(f"an item never goes from {item.state} to {state} ({item.identity.key})")
        return self._move(item, state, at, receipt=receipt or item.receipt, why=why)

    def complete(self, item: LedgerItem, *, at: datetime) -> None:
        """The whole body was played: a done item is completed; a leased one, whose body had no effect, is done too."""
        if item.state not in ("done", "leased"):
            raise ValueError(f"an item that is {item.state} cannot be completed ({item.identity.key})")
        self._move(item, "done", at, completed=1)

    def find(self, identity: Identity) -> LedgerItem | None:
        row = self._database.row(_FIND, _names(identity))
        return None if row is None else _item(row)

    def is_fenced(self, item: LedgerItem) -> bool:
        return self._gone(item.owner)

    def items_of_run(self, run: str) -> list[LedgerItem]:
        """The items this run was the last to hold, in the order they were made."""
        rows = self._database.rows("SELECT * FROM items WHERE run = :run ORDER BY made_at, key", {"run": run})
        return [_item(row) for row in rows]

    def waiting(self) -> list[LedgerItem]:
        """Everything that only a person can decide, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM items WHERE state IN ('uncertain', 'waiting') ORDER BY changed_at, key"
        )
        return [_item(row) for row in rows]

    def attempts(self, identity: Identity) -> list[AttemptRow]:
        """Every hold on the item, first to last: attempts are kept, a retry never overwrites a failure."""
        rows = self._database.rows(_ATTEMPTS, _names(identity))
        return [_attempt(row) for row in rows]

    def decisions(self, most: int = 200) -> list[tuple[Identity, AttemptRow]]:
        """What people decided about items, the newest first."""
        rows = self._database.rows(
            "SELECT * FROM attempts WHERE run = '' ORDER BY started_at DESC, key LIMIT :most", {"most": most}
        )
        return [(Identity(row["robot"], row["step"], row["key"]), _attempt(row)) for row in rows]

    def sweep(self, at: datetime) -> list[LedgerItem]:
        """Settle what dead processes left behind: armed → uncertain, leased → new. Returns the items touched."""
        with self._moving():
            rows = self._database.rows(
                "SELECT * FROM items WHERE state IN ('leased', 'armed') ORDER BY made_at, key"
            )
            return [_item(self._bury(row, at)) for row in rows if self._dead(row["owner"])]

    def resolve(
        self,
        identity: Identity,
        state: Literal["done", "new", "dead"],
        *,
        by: str,
        why: str,
        at: datetime,
        receipt: str = "",
        unknown: bool = False,
    ) -> LedgerItem:
        """A person's word about an item: it was done by hand, it shall be tried again (new), or never (dead).

        With `unknown`, also about one that no run has met yet: it is made, stands for its key whatever its values are, and
        nothing of it is left to play. Raises ValueError for an unknown item, a done one, one that a living process holds,
        or without a reason."""
        if not why.strip():
            raise ValueError("a decision about an item needs a reason")
        with self._moving():
            found = self._database.row(_FIND, _names(identity))
            whole = {"completed": 1} if found is None and state == "done" else {}
            if found is None:
                if not unknown or state == "new":
                    raise ValueError(f"no item {identity.key} is known")
                self._make(identity, "", at)
                found = self._row(identity)
            held = found["state"] in ("leased", "armed") and not self._dead(found["owner"])
            if held or found["state"] not in (*BY_A_PERSON, "leased", "armed"):
                raise ValueError(f"{identity.key} is {found['state']}; nothing can be decided about it now")
            word = {"why": why, "receipt": receipt or found["receipt"], "run": found["run"]}
            row = self._swap(found, state, at, token=found["token"] + 1, owner=by, **word, **whole)
            self._open_attempt(row, at, run="")
            return _item(row)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """One transaction; the rows as they stand at its end are sealed in it."""
        with self._database.writing():
            self._touched, self._held = [], []
            yield
            if self._seal and self._touched:
                items = {(row["robot"], row["step"], row["key"]): row for row in self._touched}
                holds = {(row["robot"], row["step"], row["key"], row["token"]): row for row in self._held}
                self._seal.moved(list(items.values()), list(holds.values()))

    def _make(self, identity: Identity, payload: str, at: datetime) -> None:
        self._database.later(_MAKE, [{**_names(identity), "payload": payload, "at": at.isoformat()}])

    def _row(self, identity: Identity) -> dict[str, Any]:
        row = self._database.row(_FIND, _names(identity))
        assert row is not None
        return row

    def _bury(self, row: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        """The owner is dead. The token is raised, so that a word of its ghost is refused."""
        state: State = "uncertain" if row["state"] == "armed" else "new"
        why = f"the process that played it died ({row['owner']})"
        self._end_attempt(row, state, at, why)
        return self._swap(row, state, at, token=row["token"] + 1, why=why)

    def _move(self, item: LedgerItem, state: State, at: datetime, **changes: Any) -> LedgerItem:
        with self._moving():
            row = self._database.row(_FIND, _names(item.identity))
            if row is None or row["state"] != item.state or row["token"] != item.token:
                raise StaleLease(f"{item.identity.key} is no longer {item.state} under token {item.token}")
            moved = self._swap(row, state, at, **changes)
            self._end_attempt(moved, state, at, str(moved["why"]))
            return _item(moved)

    def _swap(self, seen: Mapping[str, Any], state: State, at: datetime, **changes: Any) -> Mapping[str, Any]:
        """The row with its changes, provided that token and state are still what was seen."""
        wanted = {**seen, **changes, "state": state, "changed_at": at.isoformat()}
        row = self._database.row(_SWAP, {**wanted, "seen_token": seen["token"], "seen_state": seen["state"]})
        if row is None:
            raise StaleLease(f"{seen['key']} is no longer {seen['state']} under token {seen['token']}")
        self._touched.append(row)
        return row

    def _open_attempt(self, row: Mapping[str, Any], at: datetime, run: str | None = None) -> None:
        held = (
            {"run": row["run"], "ended_at": ""} if run is None else {"run": run, "ended_at": at.isoformat()}
        )
        self._held += self._database.rows(_OPEN_ATTEMPT, {**row, **held, "at": at.isoformat()})

    def _end_attempt(self, row: Mapping[str, Any], state: State, at: datetime, why: str) -> None:
        ended = "" if state == "armed" else at.isoformat()
        self._held += self._database.rows(
            _END_ATTEMPT, {**row, "state": state, "why": why, "ended_at": ended}
        )


_FIND = "SELECT * FROM items WHERE robot = :robot AND step = :step AND key = :key"
_MAKE = (
    "INSERT INTO items (robot, step, key, state, token, attempt, payload, made_at, changed_at)"
    " VALUES (:robot, :step, :key, 'new', 0, 0, :payload, :at, :at) ON CONFLICT DO NOTHING"
)
_SWAP = (
    "UPDATE items SET state = :state, token = :token, attempt = :attempt, payload = :payload, run = :run, owner = :owner,"
    " receipt = :receipt, why = :why, completed = :completed, armed_at = :armed_at, request = :request, changed_at = :changed_at"
    " WHERE robot = :robot AND step = :step AND key = :key AND token = :seen_token AND state = :seen_state RETURNING *"
)
_ATTEMPTS = "SELECT * FROM attempts WHERE robot = :robot AND step = :step AND key = :key ORDER BY token"
_OPEN_ATTEMPT = (
    "INSERT INTO attempts (robot, step, key, token, attempt, run, owner, started_at, ended_at, state, receipt, why)"
    " VALUES (:robot, :step, :key, :token, :attempt, :run, :owner, :at, :ended_at, :state, :receipt, :why) RETURNING *"
)
_END_ATTEMPT = (
    "UPDATE attempts SET state = :state, armed_at = :armed_at, request = :request, receipt = :receipt, why = :why, ended_at = :ended_at"
    " WHERE robot = :robot AND step = :step AND key = :key AND token = :token RETURNING *"
)


def _names(identity: Identity) -> dict[str, Any]:
    return {"robot": identity.robot, "step": identity.step, "key": identity.key}


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _item(row: Mapping[str, Any]) -> LedgerItem:
    return LedgerItem(
        identity=Identity(row["robot"], row["step"], row["key"]),
        state=row["state"],
        token=row["token"],
        attempt=row["attempt"],
        payload=row["payload"],
        run=row["run"],
        receipt=row["receipt"],
        why=row["why"],
        completed=bool(row["completed"]),
        armed_at=_time(row["armed_at"]),
        owner=row["owner"],
        request=json.loads(row["request"]),
    )


def _attempt(row: Mapping[str, Any]) -> AttemptRow:
    started = datetime.fromisoformat(row["started_at"])
    kept = {name: row[name] for name in ("token", "attempt", "run", "owner", "state", "receipt", "why")}
    return AttemptRow(
        started_at=started, armed_at=_time(row["armed_at"]), ended_at=_time(row["ended_at"]), **kept
    )
