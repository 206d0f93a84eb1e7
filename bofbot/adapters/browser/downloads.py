"""Catching what a site hands out, whichever way it does: attachment, page, popup, frame, blob or download event.

Documents are fetched at the gate, so that their bytes, status and names are known before the browser does anything with
them; downloads the browser makes by itself (blobs, `<a download>`) come as events. Measured modes: docs/web.md."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from bofbot.adapters.browser.session import Browser

_BLOB = """async (url) => {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}"""


@dataclass(frozen=True, slots=True)
class Document:
    """What came, byte for byte. `name` is the site's own, kept as evidence and never as a path."""

    data: bytes
    name: str
    url: str
    status: int = 200


@dataclass
class Catch:
    """Armed before the click; `documents` fills up as they come."""

    browser: Browser
    documents: list[Document] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """What went wrong on the way: "cut", "failed", "204"."""
    pages: list[tuple[int, str]] = field(default_factory=list)
    """Ordinary pages that came instead: status and address."""
    under_way: set[Any] = field(default_factory=set)

    def arm(self) -> None:
        self.browser.gate.catch = self.look
        self._opened = lambda page: self._spawn(self._popup(page))
        self._downloaded = lambda download: self._spawn(self._event(download))
        self.browser.listen("page", self._opened)
        self.browser.listen("download", self._downloaded)

    async def disarm(self) -> None:
        self.browser.gate.catch = None
        self.browser.unlisten("page", self._opened)
        self.browser.unlisten("download", self._downloaded)
        if self.under_way:
            await asyncio.wait(self.under_way, timeout=2)

    def busy(self) -> bool:
        return bool(self.under_way) or self.browser.busy()

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: Any) -> None:
        self.under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.troubles.append("failed")

    async def look(self, route: Any) -> bool:
        """Answer one page request ourselves; a document is kept and the page stays where it was."""
        from playwright.async_api import Error

        try:
            answer = await route.fetch()
            data = await answer.body()
        except Error as error:
            if "closed" in str(error) and "socket" not in str(error):
                return True
            self.troubles.append(
                "cut" if re.search("abort|hang up|terminated|premature|ECONNRESET", str(error)) else "failed"
            )
            await route.abort("failed")
            return True
        headers, status = answer.headers, answer.status
        location = headers.get("location", "")
        if 300 <= status < 400 and location:
            body = f'<meta http-equiv="refresh" content="0;url={location.replace(chr(34), "%22")}">'
            await route.fulfill(status=200, content_type="text/html", body=body)
        elif status in (204, 205):
            self.troubles.append("204")
            await route.fulfill(status=204)
        elif _is_page(headers):
            self.pages.append((status, route.request.url))
            await route.fulfill(response=answer, body=data)
        else:
            self._keep(data, headers, route.request.url, status)
            await route.fulfill(status=204)
        return True

    def _keep(self, data: bytes, headers: dict[str, str], url: str, status: int) -> None:
        length = headers.get("content-length", "")
        if length.isdigit() and "content-encoding" not in headers and int(length) != len(data):
            self.troubles.append("cut")
            return
        self._add(Document(data, _name(headers.get("content-disposition", ""), url), url, status))

    def _add(self, document: Document) -> None:
        if all(document.data != other.data for other in self.documents):
            self.documents.append(document)

    async def _event(self, download: Any) -> None:
        if await download.failure():
            self.troubles.append("cut")
            return
        path = await download.path()
        data = await asyncio.to_thread(path.read_bytes)
        self._add(Document(data, download.suggested_filename, download.url))
        await download.delete()

    async def _popup(self, page: Any) -> None:
        """A blob shown in a new tab can only be read by the page that made it."""
        from playwright.async_api import Error

        try:
            opener = await page.opener()
            for _ in range(20):
                if page.url.startswith("blob:") and opener is not None:
                    data = base64.b64decode(await opener.evaluate(_BLOB, page.url))
                    self._add(Document(data, "", page.url))
                    await page.close()
                    return
                if self.documents:
                    await page.close()
                    return
                await asyncio.sleep(0.05)
        except Error:
            pass  # it closed by itself


def _is_page(headers: dict[str, str]) -> bool:
    """HTML that is not sent as an attachment is a page to show, whatever it should have been."""
    kind = headers.get("content-type", "text/html").split(";")[0].strip().lower()
    return (
        kind in ("text/html", "application/xhtml+xml", "")
        and "attachment" not in headers.get("content-disposition", "").lower()
    )


def _name(disposition: str, url: str) -> str:
    """The name a site gives: RFC 5987 first, then plain (UTF-8 or raw Shift_JIS), then the end of the address."""
    if extended := re.search(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;]+)", disposition, re.I):
        try:
            return unquote(extended[2].strip('" '), encoding=extended[1])
        except LookupError:
            pass
    if plain := re.search(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))', disposition, re.I):
        raw = (plain[1] if plain[1] is not None else plain[2]).strip().encode("latin-1", "replace")
        for encoding in ("utf-8", "cp932"):
            try:
                return unquote(raw.decode(encoding))
            except UnicodeDecodeError:
                continue
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1])
