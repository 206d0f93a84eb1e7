"""Tells at once when a connection ends: the thread sleeps in the kernel until the other side is gone."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable

_LOOK_AGAIN = 0.25
"""Seconds between two looks where the system cannot tell by itself."""


def watch(descriptor: int, lost: Callable[[], None]) -> None:
    """Call `lost` once, from a thread of its own, when the connection has ended."""
    ended = _ended_told if hasattr(select, "POLLRDHUP") else _ended_looked
    # A number of its own: the first may be closed, and then be given to another file.
    own = socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM)

    def wait() -> None:
        with own:
            ended(own)
        lost()

    threading.Thread(target=wait, name="bofbot lease", daemon=True).start()


def has_ended(descriptor: int) -> bool:
    """Whether the connection is known to have ended by now; costs a few microseconds."""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(descriptor, getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def _ended_told(connection: socket.socket) -> None:
    poll = select.poll()
    # Not POLLIN: answers that wait to be read are no end.
    poll.register(connection, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    while not poll.poll():
        pass


def _ended_looked(connection: socket.socket) -> None:
    while True:
        try:
            if connection.recv(1, socket.MSG_PEEK | getattr(socket, "MSG_DONTWAIT", 0)) == b"":
                return
        except BlockingIOError:
            pass
        except OSError:
            return
        time.sleep(_LOOK_AGAIN)
