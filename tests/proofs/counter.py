"""The smallest portal: `POST /book/KEY` books a key and counts it, `GET /book/KEY` says whether it is there."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Book:
    """What was really booked."""

    def __init__(self) -> None:
        self.booked: Counter[str] = Counter()
        self.host = ""

    def twice(self) -> list[str]:
        return [key for key, times in self.booked.items() if times > 1]


@contextmanager
def counting() -> Iterator[Book]:
    """Serve on 127.0.0.1, any port, until the block ends."""
    book = Book()

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            key = self.path.rpartition("/")[2]
            book.booked[key] += 1
            self._answer(200, f"R-{key}")

        def do_GET(self) -> None:
            key = self.path.rpartition("/")[2]
            self._answer(200 if book.booked[key] else 404, f"R-{key}")

        def _answer(self, status: int, text: str) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())
            except OSError:
                pass  # the player was killed before it could hear

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    book.host = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield book
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
