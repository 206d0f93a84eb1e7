"""Every order of leases, crashes, lost and late replies, on the real ledger code: never booked twice, nothing forgotten.

The planted mutants prove that the search has teeth: each one breaks the ledger in a way somebody might."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bofbot.effects import Identity, LedgerItem, StaleLease, State
from bofbot.store.ledger import StoreLedger
from tests.store.exploring import Broken, Explorer


def test_at_most_one_effect_and_nothing_wrongly_proven_in_every_reachable_state() -> None:
    explorer = Explorer()
    explorer.explore()
    assert explorer.seen_item_states == {"new", "leased", "armed", "done", "uncertain", "business"}
    assert explorer.most_booked == 1
    assert explorer.states > 3000


class TakesUncertain(StoreLedger):
    """Leases an uncertain item once more."""

    def lease(self, identity: Identity, **fields: Any) -> LedgerItem:
        found = self.find(identity)
        if found and found.state == "uncertain":
            self.settle(found, "new", at=fields["at"])
        return super().lease(identity, **fields)


class ForgetsTheEffectOfTheDead(StoreLedger):
    """Puts an armed item of a dead process back to new."""

    def _bury(self, row: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        return self._swap(row, "new", at, token=row["token"] + 1)


class DoesNotFence(StoreLedger):
    """Writes whatever the caller says, however old its view is."""

    def _move(self, item: LedgerItem, state: State, at: datetime, **changes: Any) -> LedgerItem:
        return super()._move(self.find(item.identity) or item, state, at, **changes)


class FencesByStateOnly(StoreLedger):
    """Never raises the token, so that an old lease looks like the new one."""

    def _swap(self, seen: Mapping[str, Any], state: State, at: datetime, **changes: Any) -> Mapping[str, Any]:
        return super()._swap(
            seen, state, at, **{**changes, "token": 1 if state == "leased" else seen["token"]}
        )

    def _open_attempt(self, *_: Any, **__: Any) -> None:
        """The attempts table would notice the double token; this mutant must be caught by the search itself."""


class DoesNotCommitTheArming(StoreLedger):
    """Says that the item is armed, and writes nothing."""

    def arm(self, item: LedgerItem, *, request: Mapping[str, str], at: datetime) -> LedgerItem:
        found = self.find(item.identity)
        if found is None or found.token != item.token or found.state != "leased":
            raise StaleLease
        return replace(item, state="armed")

    def settle(self, item: LedgerItem, state: State, **fields: Any) -> LedgerItem:
        if item.state == "armed":
            super().arm(replace(item, state="leased"), request={}, at=fields["at"])
        return super().settle(item, state, **fields)


class UncertainMeansNotDone(StoreLedger):
    """Takes "I do not know" for "it did not happen"."""

    def settle(self, item: LedgerItem, state: State, **fields: Any) -> LedgerItem:
        settled = super().settle(item, state, **fields)
        return super().settle(settled, "new", **fields) if state == "uncertain" else settled


class UncertainMeansRefused(StoreLedger):
    """Takes a time-out for a rejection."""

    def settle(self, item: LedgerItem, state: State, **fields: Any) -> LedgerItem:
        return super().settle(
            item, "business" if item.state == "armed" and state == "uncertain" else state, **fields
        )


class DoneMeansDoItAgain(StoreLedger):
    """Leases a done item."""

    def lease(self, identity: Identity, **fields: Any) -> LedgerItem:
        found = self.find(identity)
        if found and found.state == "done":
            with self._database.writing():
                self._swap(self._row(identity), "new", fields["at"])
        return super().lease(identity, **fields)


class DeadMeansDone(StoreLedger):
    """Believes that an armed item of a dead process went well."""

    def _bury(self, row: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        state: State = "done" if row["state"] == "armed" else "new"
        return self._swap(row, state, at, token=row["token"] + 1)


class ForgetsWhatWasDoneByHand(StoreLedger):
    """Makes the row of an item that a person marked, and leaves it new."""

    def resolve(self, identity: Identity, state: Any, **fields: Any) -> LedgerItem:
        resolved = super().resolve(identity, state, **fields)
        with self._database.writing():
            self._swap(self._row(identity), "new", fields["at"])
        return resolved


class TakesAMarkForALease(StoreLedger):
    """Lets a run take what a person has marked, because no run has ever held it."""

    def lease(self, identity: Identity, **fields: Any) -> LedgerItem:
        found = self.find(identity)
        if found and found.state == "done" and not found.run:
            with self._database.writing():
                self._swap(self._row(identity), "new", fields["at"])
        return super().lease(identity, **fields)


MUTANTS: list[Callable[..., StoreLedger]] = [
    TakesUncertain,
    ForgetsTheEffectOfTheDead,
    DoesNotFence,
    FencesByStateOnly,
    DoesNotCommitTheArming,
    UncertainMeansNotDone,
    UncertainMeansRefused,
    DoneMeansDoItAgain,
    DeadMeansDone,
    ForgetsWhatWasDoneByHand,
    TakesAMarkForALease,
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_search_finds_every_planted_mutant(mutant: type[StoreLedger]) -> None:
    with pytest.raises(Broken):
        Explorer(mutant).explore()
