"""The practice portal as one object: starts on 127.0.0.1, serves in a thread of its own, stops without a trace.

with Portal() as portal:
    portal.faults.set("error_500", times=2, path="/claims")
    …                                   # play a robot against portal.url
    assert portal.book.count("claims", "K-0101") == 1
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from bofbot.practice.backoffice import BackOffice
from bofbot.practice.book import Book, Clock
from bofbot.practice.faults import Faults
from bofbot.practice.site import make_site
from bofbot.practice.wire import Wire


class Portal:
    """A practice back office with an address. `port=0` takes any free port."""

    def __init__(self, port: int = 0, faults: Iterable[str] = (), seed: int = 1) -> None:
        """`faults` are written as in Faults.add; raises UsageError for an unknown one, NotReady when the port is taken."""
        self.office = BackOffice(faults=Faults(tuple(faults)), random=random.Random(seed))  # noqa: S311
        self._wire = Wire(port)
        self._site = make_site(self.office, self._wire.drop)

    @property
    def url(self) -> str:
        """The address without a slash at its end: http://127.0.0.1:54321"""
        return self._wire.url

    @property
    def book(self) -> Book:
        return self.office.book

    @property
    def faults(self) -> Faults:
        return self.office.faults

    @property
    def clock(self) -> Clock:
        return self.office.clock

    def start(self) -> None:
        """Serve in a thread; returns when the portal answers."""
        self._wire.start(self._site)

    def stop(self) -> None:
        self._wire.stop()

    def run(self) -> None:
        """Serve in the caller's thread until Ctrl-C."""
        self._wire.run(self._site)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(port: int = 8080, faults: Iterable[str] = (), seed: int = 1) -> None:
    """Serve until Ctrl-C, in this thread. Say the address before calling it."""
    Portal(port, faults, seed).run()
