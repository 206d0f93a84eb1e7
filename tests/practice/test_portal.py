"""The portal starts, serves what it says, and leaves nothing behind."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from bofbot.errors import NotReady, UsageError
from bofbot.practice.portal import Portal


def test_two_portals_share_nothing(portal: Portal, visitor: Any, claim: dict[str, str]) -> None:
    visitor.post("/claims/new", claim)
    with Portal() as other:
        assert other.url != portal.url
        assert other.book.bookings == []
    assert portal.book.count("claims") == 1


def test_stopping_closes_the_port_and_the_thread_even_while_an_answer_is_pending() -> None:
    before = threading.active_count()
    portal = Portal(faults=["slow:seconds=30"])
    portal.start()
    host, port = "127.0.0.1", int(portal.url.rsplit(":", 1)[1])
    with socket.create_connection((host, port)) as waiting:
        waiting.sendall(b"GET /home HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        started = time.monotonic()
        portal.stop()
    assert time.monotonic() - started < 25
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port), timeout=2)


def test_a_port_that_is_taken_is_told_in_plain_words(portal: Portal) -> None:
    taken = int(portal.url.rsplit(":", 1)[1])
    with pytest.raises(NotReady, match=f"port {taken} of 127.0.0.1 cannot be used") as told:
        Portal(taken)
    assert told.value.fix is not None
    assert "--port" in told.value.fix.en


def test_an_unknown_fault_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no fault switch is named “slwo”") as told:
        Portal(faults=["slwo"])
    assert "slow" in str(told.value.fix)


@pytest.mark.parametrize("written", ["slow:when=5", "error_500:times=x", "slow:seconds=soon"])
def test_a_fault_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        Portal(faults=[written])


def test_the_clock_stands_in_the_practice_month_and_can_be_put_forward(portal: Portal) -> None:
    before = portal.clock()
    assert (before.year, before.month, before.utcoffset().total_seconds()) == (2026, 11, 9 * 3600)  # type: ignore[union-attr]
    portal.clock.advance(3600)
    assert 3600 <= (portal.clock() - before).total_seconds() < 3660
