"""The life of an item, and the port of the ledger that keeps it.

    new → leased → armed → done | uncertain | business
    uncertain → done | new | waiting          leased → new | business | dead | waiting

From `armed` on no machine tries again by itself. The key is unique for ever per robot and step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

State = Literal["new", "leased", "armed", "done", "uncertain", "business", "waiting", "dead"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an item is: robot, loop (the step's path or name), key."""

    robot: str
    step: str
    key: str


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """One row of the ledger, as it stands."""

    identity: Identity
    state: State
    token: int
    """Fencing token: raised by each lease; a write with an older token is refused."""
    attempt: int
    payload: str
    """sha256 of the canonical JSON of the item's values; another payload under the same key is a business error."""
    run: str = ""
    receipt: str = ""
    why: str = ""
    completed: bool = False
    """The steps after the effect were played too (a write-back, a notice)."""
    armed_at: datetime | None = None
    owner: str = ""
    """The process that leased it last."""
    request: Mapping[str, str] = field(default_factory=dict)


class Ledger(Protocol):
    """What the runner writes and when. Every call is one committed transaction (WAL, synchronous=FULL)."""

    def lease(self, identity: Identity, *, payload: str, run: str, owner: str, at: datetime) -> LedgerItem:
        """Take the item for this run if it is `new` (or unknown: then it is made), or `business` of an earlier run (it
        was refused, so it is not done, and a person has started another run); otherwise return it as it stands, untouched. The caller looks at `state` and `run`. A lease whose owner process is dead on this host, and that
        never armed, is taken over."""

    def arm(self, item: LedgerItem, *, request: Mapping[str, str], at: datetime) -> LedgerItem:
        """leased → armed. Raises StaleLease when the token is not the newest."""

    def settle(
        self, item: LedgerItem, state: State, *, at: datetime, receipt: str = "", why: str = ""
    ) -> LedgerItem:
        """leased → new | business | dead, armed → done | business | uncertain. Other moves raise ValueError."""

    def complete(self, item: LedgerItem, *, at: datetime) -> None:
        """The whole body of the loop was played for this item; a leased one, whose body has no effect, is done with it."""

    def find(self, identity: Identity) -> LedgerItem | None: ...

    def is_fenced(self, item: LedgerItem) -> bool:
        """Whether the process that armed it is proven dead: nothing of it can still reach the site."""

    def items_of_run(self, run: str) -> list[LedgerItem]: ...


class StaleLease(Exception):
    """Another run holds the item now; nothing may be sent."""
