"""What a run needs to know of a loop that it shares with other runs: a port, kept by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bofbot.events import Failure, ItemState

BUSY = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an item of a shared loop."""

    index: int
    state: ItemState
    seconds: float = 0.0
    receipt: str = ""
    failure: Failure | None = None
    run: str = ""
    """Who played it."""


class Share(Protocol):
    """One loop that is shared: its items are claimed, played by who claimed them, and told to all."""

    step: str
    """Its path in the robot."""
    helping: bool
    """The loop is another run's."""

    def open(self, batch: str, indexes: Sequence[int], run: str) -> bool:
        """Whether there is anything to do. Raises ApplicationError when this run sees other items than the one it helps."""

    def claim(self) -> int | None:
        """The next item's index, to be played here and nowhere else; BUSY: none is free, and others are still at work; None:
        all are told."""

    def give_back(self, index: int) -> None:
        """It was begun and not ended."""

    def tell(self, told: Told) -> None:
        """What became of an item that was claimed here."""

    def news(self) -> list[Told]:
        """What others have told since this was last asked, first to last."""

    def at_work(self) -> bool:
        """Whether others are still playing items."""

    def close(self, *, over: bool) -> None:
        """Nobody claims anything any more; `over`: the loop has come to its end."""
