"""The port of locks that end with the process which holds them."""

from __future__ import annotations

from typing import Protocol


class Locks(Protocol):
    """Locks that all machines of an office see; they end with the process that holds them."""

    def take(self, lock: str) -> bool:
        """Take it now, or come back with False."""

    def give_back(self, lock: str) -> None: ...


class OneMachine:
    """Locks of an office whose store is a file: there is no other machine, and locked files do for this one."""

    def take(self, lock: str) -> bool:
        return True

    def give_back(self, lock: str) -> None:
        """Nothing is held."""
