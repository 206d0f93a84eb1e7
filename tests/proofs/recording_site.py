"""A site that answers everything and remembers what was asked of it with which method."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class RecordingSite:
    """`arrived` holds method and path of every request, in order; `pages` what is served under a path."""

    url: str = ""
    pages: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Path → content type and text."""
    redirects: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Path → status and location, for posts."""
    arrived: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def unsafe(self) -> list[tuple[str, str]]:
        return [one for one in self.arrived if one[0] not in ("GET", "HEAD", "OPTIONS")]


@contextmanager
def recording_site(
    pages: Mapping[str, tuple[str, str]], redirects: Mapping[str, tuple[int, str]] | None = None
) -> Iterator[RecordingSite]:
    """Serve on 127.0.0.1, any port."""
    site = RecordingSite(pages=pages, redirects=redirects or {})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path = self.path.partition("?")[0]
            site.arrived.append((self.command, path))
            unsafe = self.command not in ("GET", "HEAD", "OPTIONS")
            if unsafe:
                site.bodies.append(body)
            status, location = site.redirects.get(path, (200, "")) if unsafe else (200, "")
            kind, text = site.pages.get(path, ("text/html; charset=utf-8", f"<p>{self.command} {path}</p>"))
            data = b"" if location else text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.send_header("access-control-allow-origin", "*")
            self.send_header("access-control-allow-methods", "*")
            if location:
                self.send_header("location", location)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "REGISTER"):
        setattr(Handler, f"do_{method}", Handler.answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
