"""Handing out a file: under a Japanese name, as attachment or inline, whole or as broken as a switch says."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from bofbot.practice.troubles import Dropped
from bofbot.practice.web import Receive, Request, Response, Scope, Send, StreamingResponse, office_of, page

TYPES = {
    "csv": "text/csv; charset=Shift_JIS",
    "pdf": "application/pdf",
    "txt": "application/octet-stream",
    "ofx": "application/x-ofx",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}


def deliver(
    request: Request, content: bytes, name: str, *, inline: bool = False, disposition: str = ""
) -> Response:
    """The file, or what a download switch makes of it. `disposition` overrides the header that names the file."""
    faults, path = office_of(request).faults, request.url.path
    headers = {
        "content-type": TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream"),
        "content-disposition": disposition or named("inline" if inline else "attachment", name),
    }
    if faults.strike("html_instead_of_file", path):
        html = page(request, "broken.html").body
        return Response(bytes(html), headers=headers)
    if faults.strike("zero_bytes", path):
        return Response(b"", headers=headers)
    if faults.strike("truncated_download", path):
        return _CutShort(content, headers=headers)
    if faults.strike("truncated_download_without_length", path):
        return StreamingResponse(iter([content[: len(content) // 2]]), headers=headers)
    return Response(content, headers=headers)


def named(how: str, name: str) -> str:
    """The header with an ASCII name for old browsers and the real one for others (RFC 6266)."""
    plain = name.encode("ascii", "ignore").decode().strip("_-") or "download"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


BROKEN = ("no-content", "zero-bytes", "html-as-pdf", "cut", "cut-silently", "error-attachment")
"""Ways of handing out a file that are none."""


def broken(request: Request, how: str, content: bytes, name: str) -> Response:
    """What comes in place of the file, with the headers it would have had."""
    whole = deliver(request, content, name)
    headers = {
        "content-type": whole.headers["content-type"],
        "content-disposition": named("attachment", name),
    }
    if how == "no-content":
        return Response(status_code=204)
    if how == "zero-bytes":
        return Response(b"", headers=headers)
    if how == "html-as-pdf":
        return Response(bytes(page(request, "broken.html").body), headers=headers)
    if how == "cut":
        return _CutShort(content, headers=headers)
    if how == "cut-silently":
        return StreamingResponse(iter([content[: len(content) // 2]]), headers=headers)
    return Response(b"Internal Server Error", 500, headers=headers)


def named_oddly(request: Request, how: str, content: bytes, name: str) -> Response | None:
    """The file under a name that no program should trust; None for a way that is not about names."""
    if how == "sjis-name":
        raw = f'attachment; filename="{name}"'.encode("cp932").decode("latin-1")
        return deliver(request, content, name, disposition=raw)
    if how == "evil-name":
        return deliver(request, content, name, disposition='attachment; filename="../../CON"')
    if how == "long-name":
        return deliver(request, content, "明" * 200 + ".csv")
    return None


class _CutShort(Response):
    """Announces its whole length, sends half of it, and the line goes dead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send(
            {"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True}
        )
        await asyncio.sleep(0.05)  # what was sent must have left before the connection is cut
        raise Dropped
