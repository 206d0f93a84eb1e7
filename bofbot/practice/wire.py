"""The portal's door to uvicorn: a server in a thread that stops cleanly and can drop a connection on purpose."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING

from bofbot.errors import NotReady
from bofbot.files import why_refused
from bofbot.practice.web import ASGIApp, Scope
from bofbot.words import Sentence

if TYPE_CHECKING:
    import uvicorn

_PATIENCE = 10.0
"""Seconds a start or a stop may take."""


class Wire:
    """One listening socket on 127.0.0.1, and the server behind it."""

    def __init__(self, port: int) -> None:
        self._socket = _listen(port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, site: ASGIApp) -> None:
        """Serve in a thread; returns when a request would be answered."""
        server = self._server = _server(site)
        self._thread = threading.Thread(
            target=self._serve, args=(server,), name="practice portal", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _PATIENCE
        while not server.started and self._thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.005)
        if not server.started:
            raise NotReady(
                Sentence(en="the practice portal did not start", ja="練習ポータルを起動できませんでした")
            )

    def stop(self) -> None:
        """Close every connection, also those still waiting for an answer."""
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(_PATIENCE)
        self._socket.close()
        self._server = self._thread = None

    def run(self, site: ASGIApp) -> None:
        """Serve in the caller's thread until Ctrl-C."""
        self._server = _server(site)
        self._serve(self._server)

    def drop(self, scope: Scope) -> None:
        """Cut the connection of this request: the browser sees a reset and no answer."""
        if self._server is None:
            return
        for connection in list(self._server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None and getattr(connection, "client", None) == scope["client"]:
                transport.abort()

    def _serve(self, server: uvicorn.Server) -> None:
        asyncio.run(server.serve(sockets=[self._socket]))


def _server(site: ASGIApp) -> uvicorn.Server:
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            site,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            proxy_headers=False,
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        why = why_refused(error)
        raise NotReady(
            Sentence(
                en=f"port {port} of 127.0.0.1 cannot be used: {why.en}",
                ja=f"127.0.0.1 のポート {port} を使えません：{why.ja}",
            ),
            fix=Sentence(
                en="give another --port, or 0 for any free one",
                ja="別の --port（0 なら空きポート）を指定してください",
            ),
        ) from None
    return listening
