"""The verb that downloads: the right bytes under a name of our own, or an error that says what came instead."""

from __future__ import annotations

import asyncio
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from bofbot.action import Context, Result, Touch
from bofbot.actions.documents.document import fault_of, kind_of_name
from bofbot.actions.pages.on_page import OnPage
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.downloads import Catch, Document
from bofbot.adapters.browser.login import find_boxes
from bofbot.errors import ApplicationError, Sighting
from bofbot.events import Evidence
from bofbot.files import atomic_write
from bofbot.forms import Patience, click_button
from bofbot.records import Row
from bofbot.values.units import Size
from bofbot.words import Sentence

_FAILED = {
    "cut": Sentence(en="the download broke off on the way", ja="ダウンロードが途中で切れました"),
    "failed": Sentence(en="the download failed on the way", ja="ダウンロードの途中で通信に失敗しました"),
    "204": Sentence(
        en="the site answered, but sent no file (204)",
        ja="サイトは応答しましたが、ファイルがありません（204）",
    ),
}


class Download(OnPage):
    """Downloads a file by its button or link, proves that it is whole, and keeps it under a name of your own.
    ボタンやリンクからファイルをダウンロードし、欠けがないことを確かめて指定の名前で保存する。"""

    verb: ClassVar[str] = "download"
    saves: ClassVar[str] = "the file: path, sha256, size, original_name"

    download: str = ""
    """The words on the button or link; leave it empty when `from` names the address.
    ボタンやリンクの文字。`from` に URL を書いたときは空にする。"""
    from_: str = Field("", alias="from")
    """The file's address, in place of a button.
    ファイルの URL（ボタンの代わり）。"""
    to: str
    """Where it is kept, e.g. `data/明細_${inputs.month}.csv`.
    保存先（例 `data/明細_${inputs.month}.csv`）。"""
    expect: Literal["", "pdf", "csv", "txt", "xlsx", "xls", "zip", "xml", "ofx", "json", "html", "any"] = ""
    """What it must be; empty: what the extension of `to` says.
    ファイルの種類。省略すると `to` の拡張子から決まる。"""
    at_least: Size = 1
    """The smallest size that is believed, e.g. `1KB`.
    最小のサイズ（例 `1KB`）。"""

    def sentence(self) -> Sentence:
        what = self.download or self.from_
        return Sentence(
            en=f"download “{what}” to {self.to}", ja=f"「{what}」をダウンロードして {self.to} に保存する"
        )

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("writes", str(self.to)),)

    def columns_made(self) -> tuple[str, ...]:
        return ("path", "sha256", "size", "original_name")

    async def run(self, context: Context) -> Result:
        browser = await context.resource(Browser)
        before = browser.url
        document = await self.fetch(context, browser)
        if document is None and browser.log_in_again is not None:
            said = Sentence(
                en="the session had run out; logged in again",
                ja="セッションが切れていたため、ログインし直しました",
            )
            context.note(said)
            await browser.log_in_again()
            async with browser.step(context):
                await browser.go(before)
            document = await self.fetch(context, browser)
        if document is None:
            raise self.logged_out(browser)
        return await self._keep(context, document)

    async def fetch(self, context: Context, browser: Browser) -> Document | None:
        """The one document that came; None when the session has run out."""
        async with self.on_page(context):
            before = browser.url
            catch = Catch(browser)
            catch.arm()
            try:
                await self._ask(context, browser)
                await self._wait(context, catch)
            finally:
                await catch.disarm()
            try:
                return await self._judge(browser, catch)
            except ApplicationError:
                if catch.troubles:  # Chromium then shows an error page of its own, without the button
                    with suppress(ApplicationError):
                        await browser.go(before)
                raise

    def logged_out(self, browser: Browser) -> ApplicationError:
        """The session has run out, and logging in again did not help."""
        return ApplicationError(
            Sentence(
                en="the session has run out: the log-in page came in place of the file",
                ja="セッションが切れています。ファイルの代わりにログイン画面が表示されました",
            ),
            sighting=Sighting(looked_for=self.download or self.from_, url=browser.url),
        )

    async def _ask(self, context: Context, browser: Browser) -> None:
        if self.from_:
            await browser.fetch(browser.address(self.from_))
        else:
            patience = Patience(longest=context.timeout * 0.5, busy=browser.busy)
            await click_button(browser.scope, browser.label(self.download), patience=patience)

    async def _wait(self, context: Context, catch: Catch) -> None:
        waiting = Patience(longest=context.timeout * 0.8, quiet=4.0, busy=catch.busy).begin()
        while not catch.documents and not catch.troubles:
            if catch.pages and not catch.busy():
                await asyncio.sleep(0.3)  # a page that came instead may still lead on to the file
                if not catch.busy() and not catch.documents:
                    return
            if not await waiting.more():
                return

    async def _judge(self, browser: Browser, catch: Catch) -> Document | None:
        if catch.documents:
            if len(catch.documents) > 1:
                raise self._failure(
                    Sentence(
                        en=f"{len(catch.documents)} different files came at once",
                        ja=f"異なるファイルが {len(catch.documents)} 件届きました",
                    ),
                    browser,
                )
            document = catch.documents[0]
            if document.status >= 400:
                raise self._failure(
                    Sentence(
                        en=f"the site answered with an error ({document.status})",
                        ja=f"サイトがエラー（{document.status}）を返しました",
                    ),
                    browser,
                )
            if (
                fault := fault_of(document.data, self.expect or kind_of_name(self.to), self.at_least)
            ) is None:
                return document
            raise self._failure(fault, browser)
        if catch.troubles:
            raise self._failure(_FAILED[catch.troubles[0]], browser)
        if catch.pages and (await find_boxes(browser.page)).password is not None:
            return None
        says = await browser.says()
        status = next((status for status, _ in catch.pages if status >= 400), 0)
        message = (
            Sentence(
                en=f"the site answered with an error ({status})", ja=f"サイトがエラー（{status}）を返しました"
            )
            if status
            else Sentence(en="a page came, and no file", ja="ファイルではなくページが表示されました")
            if catch.pages
            else Sentence(en="no file came", ja="ファイルが届きませんでした")
        )
        raise self._failure(message, browser, says)

    def _failure(self, message: Sentence, browser: Browser, says: tuple[str, ...] = ()) -> ApplicationError:
        what = self.download or self.from_
        said = Sentence.same(f"「{says[0]}」") if says else Sentence.same("")
        return ApplicationError(
            Sentence(
                en=f"downloading “{what}”: {message.en}{said.en}",
                ja=f"「{what}」のダウンロード：{message.ja}{said.ja}",
            ),
            sighting=Sighting(looked_for=what, url=browser.url, page_says=says),
        )

    async def _keep(self, context: Context, document: Document) -> Result:
        path: Path = context.path(self.to)
        await asyncio.to_thread(atomic_write, path, document.data)
        digest, size = hashlib.sha256(document.data).hexdigest(), len(document.data)
        kept = {
            "path": self.to,
            "sha256": digest,
            "size": size,
            "original_name": context.redact(document.name),
        }
        return Result(
            Row(kept),
            summary=Sentence(en=f"{path.name}, {size:,} bytes", ja=f"{path.name}（{size:,} バイト）"),
            facts=kept,
            evidence=(_proof(path, context.evidence_folder, digest),),
        )


def _proof(path: Path, run_folder: Path, digest: str) -> Evidence:
    return Evidence("file", os.path.relpath(path, run_folder), path.name, digest)
