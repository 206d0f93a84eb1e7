"""The one verb with an effect: it registers something in somebody else's books, at most once, and proves what came of it."""

from __future__ import annotations

import codecs
import json
from datetime import datetime
from typing import ClassVar, Literal
from urllib.parse import parse_qsl

from pydantic import Field, model_validator

from bofbot.action import Action, Context, Finding, Later, Result, Scalar, Touch
from bofbot.actions.pages.drift import Trail
from bofbot.actions.pages.lookup import Verify, look_up
from bofbot.actions.pages.on_page import patience
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.gate import Sent
from bofbot.errors import ApplicationError, BusinessError, NeedsPerson, Sighting, Uncertain
from bofbot.forms import Patience, click_found, find_button
from bofbot.forms.look import count, read_value, same_value
from bofbot.values.misfits import misfit
from bofbot.words import Sentence


class Submit(Action):
    """Presses the button that registers something, lets it be sent once, and proves the outcome.
    登録のボタンを押す。送信は一度だけ行い、結果を確かめる。"""

    verb: ClassVar[str] = "submit"
    in_browser: ClassVar[bool] = True
    side_by_side: ClassVar[bool] = True
    effect: ClassVar[bool] = True
    saves: ClassVar[str] = "the receipt"

    submit: str
    """The words on the button.
    ボタンの文字。"""
    expect: str
    """Words that appear when it was registered, e.g. `登録しました`.
    登録できたときに表示される文字（例 `登録しました`）。"""
    reject: tuple[Later[str], ...] | str = ()
    """Words (one or a list) by which the site refuses the data.
    サイトがデータを拒否したときに表示される文字（複数ならリスト）。"""
    receipt: str = ""
    """The label of the receipt number on the page that follows; `${receipt}` names it later.
    登録後の画面にある受付番号の項目名。以降 `${receipt}` で使える。"""
    key: Scalar = None
    """Outside a loop: what identifies it for ever, e.g. `${inputs.month}`; without it, every run registers anew.
    ループの外で、1件を永久に識別する値（例 `${inputs.月}`）。なければ、実行するたびに新しく登録する。"""
    fields: dict[str, Scalar] = Field(default_factory=dict)
    """Values that must stand on the page before the button is pressed, e.g. on a confirmation page.
    ボタンを押す前に画面と照合する値（確認画面の金額や相手先など）。"""
    verify: Verify | None = None
    """How to look it up when the outcome is unknown: `{open: "/claims?q=…", see: "…", control: 件数}`.
    結果が分からないときの調べ方（`{open: "/claims?q=…", see: "…", control: 件数}`）。"""
    on_unknown: Literal["", "ask"] = ""
    """`ask`: without `verify`, an unknown outcome is left to a person.
    `ask`：`verify` がない場合、結果が不明なら担当者に任せる。"""

    @model_validator(mode="after")
    def _says_what_to_do_when_unknown(self) -> Submit:
        if self.verify is None and not self.on_unknown:
            raise misfit(
                Sentence(
                    en="say what to do when the outcome is unknown: `verify: {open: …, see: …}` or `on_unknown: ask`",
                    ja="結果が不明なときの扱いを `verify: {open: …, see: …}` または `on_unknown: ask` で指定してください",
                )
            )
        return self

    def sentence(self) -> Sentence:
        return Sentence(
            en=f"press “{self.submit}” to register it, and make sure that “{self.expect}” appears",
            ja=f"「{self.submit}」を押して登録し、「{self.expect}」を確かめる",
        )

    def names_made(self) -> tuple[str, ...]:
        return ("receipt",) if self.receipt else ()

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("submits", str(self.submit)),)

    async def run(self, context: Context) -> Result:
        browser = await context.resource(Browser)
        async with browser.step(context, "submit", None if context.dry_run else context.effect.arm):
            await self._compare(context, browser)
            trail = Trail(context, browser, "button", follows=False)
            answer = await find_button(
                browser.scope, trail.words(self.submit), patience=patience(context, browser), prints=trail
            )
            seen_before = await count(browser.page, self.expect)
            await click_found(answer)
            sent = await self._sent(context, browser)
            if sent is None:
                return await self._rehearsed(context, browser)
            proven = await self._outcome(context, browser, sent, seen_before)
        receipt = None if proven else await self._find_out(context, browser, sent)
        return await self._done(context, browser, sent, receipt)

    async def _compare(self, context: Context, browser: Browser) -> None:
        """What stands on the page must be what the robot means to register."""
        for label, wanted in self.fields.items():
            shown = await read_value(browser.scope, browser.label(label), patience=patience(context, browser))
            written = f"{wanted:f}" if hasattr(wanted, "as_tuple") else str(wanted)
            if not await same_value(browser.page, written, shown):
                raise BusinessError(
                    Sentence(
                        en=f"before registering, “{label}” should be {written} but the page shows {shown}; nothing was sent",
                        ja=f"登録前の照合で「{label}」が {written} のはずが画面では {shown} でした。送信していません",
                    ),
                    sighting=Sighting(looked_for=label, url=browser.url),
                )

    async def _sent(self, context: Context, browser: Browser) -> Sent | None:
        """The request that left; None in a dry run, where it was held back. Raises when none left."""
        waiting = Patience(longest=context.timeout * 0.6, quiet=2.0, busy=browser.busy).begin()
        while True:
            if browser.gate.refused is not None:
                raise browser.gate.refused
            if browser.gate.sent:
                return browser.gate.sent[0]
            if browser.gate.blocked:
                return None
            if not await waiting.more():
                raise await self._not_sent(browser)

    async def _not_sent(self, browser: Browser) -> Exception:
        says = await browser.says()
        sighting = Sighting(looked_for=self.submit, url=browser.url, page_says=says)
        if says:
            return BusinessError(
                Sentence(
                    en=f"the page refuses the entries: “{says[0]}”; nothing was sent",
                    ja=f"入力内容が受け付けられませんでした：「{says[0]}」（送信していません）",
                ),
                sighting=sighting,
            )
        return ApplicationError(
            Sentence(
                en=f"“{self.submit}” was pressed, but the page sent nothing",
                ja=f"「{self.submit}」を押しましたが、何も送信されませんでした",
            ),
            sighting=sighting,
        )

    async def _rehearsed(self, context: Context, browser: Browser) -> Result:
        held = browser.gate.blocked[0]
        charset = await browser.page.evaluate("() => document.characterSet")
        would = {"request": f"{held.method} {held.url}", **_fields_of(held.body, charset)}
        facts = {"would_send": {key: context.redact(value) for key, value in would.items()}}
        return Result(
            value="",
            summary=Sentence(en="dry run: nothing was sent", ja="予行のため送信していません"),
            facts=facts,
            names={"receipt": ""} if self.receipt else {},
        )

    async def _outcome(self, context: Context, browser: Browser, sent: Sent, seen_before: int) -> bool:
        """True when proven done; False when unknown. Raises BusinessError when the site refused."""
        waiting = Patience(longest=context.timeout * 0.8, quiet=1.5, busy=browser.busy).begin()
        rejections = (self.reject,) if isinstance(self.reject, str) else tuple(map(str, self.reject))
        while True:
            try:
                for text in filter(None, rejections):
                    if await count(browser.page, text):
                        raise await self._rejected(browser, text)
                needed = 0 if sent.navigates else seen_before
                fresh = sent.status and not sent.failed and sent.status < 400
                if fresh and browser.url and await count(browser.page, self.expect) > needed:
                    return True
            except ApplicationError:
                pass  # the page is between two documents
            if sent.failed or not await waiting.more():
                break
        return await self._judge(browser, sent)

    async def _judge(self, browser: Browser, sent: Sent) -> bool:
        """Neither proof nor a declared rejection. The form again, with the entries kept and an error, is a rejection too."""
        if sent.failed or not sent.status or sent.status >= 500:
            return False
        says = await browser.says()
        if says and (sent.status in (400, 409, 422) or await browser.form_is_back()):
            raise await self._rejected(browser, says[0])
        return False

    async def _rejected(self, browser: Browser, text: str) -> BusinessError:
        says = await browser.says()
        quoted = next((said for said in says if text in said), text)
        return BusinessError(
            Sentence(en=f"the site refused it: “{quoted}”", ja=f"サイトに拒否されました：「{quoted}」"),
            sighting=Sighting(url=browser.url, page_says=says or (text,)),
        )

    async def look_up(self, context: Context, *, since: datetime, fenced: bool) -> Finding | None:
        if self.verify is None:
            return None
        browser = await context.resource(Browser)
        return await look_up(self.verify, context, browser, since=since, fenced=fenced, receipt=self.receipt)

    async def _find_out(self, context: Context, browser: Browser, sent: Sent) -> str:
        """After an unknown outcome: look whether it was registered. Returns, with the receipt, only when that is proven.

        What is not there now may still arrive, so it is left uncertain; a later run looks again."""
        if self.verify is None:
            raise self._unknown(browser, sent)
        finding = await look_up(
            self.verify, context, browser, since=context.clock(), fenced=False, receipt=self.receipt
        )
        if finding.state != "done":
            raise self._unknown(browser, sent, finding.why)
        context.note(
            Sentence(en="the outcome was unknown; ", ja="結果が不明でした。") + finding.why, "warning"
        )
        return finding.receipt

    def _unknown(self, browser: Browser, sent: Sent, looked: Sentence | None = None) -> NeedsPerson:
        if sent.failed or not sent.status:
            why = Sentence(en="no answer came", ja="応答がありません")
        else:
            why = Sentence(
                en=f"the answer ({sent.status}) proves nothing",
                ja=f"応答（{sent.status}）からは判断できません",
            )
        if looked:
            why = why + Sentence(en="; ", ja="。") + looked
        return Uncertain(
            Sentence(
                en=f"“{self.submit}” was sent once, but whether it was registered is unknown: {why.en}",
                ja=f"「{self.submit}」を一度送信しましたが、登録されたか分かりません：{why.ja}",
            ),
            fix=Sentence(
                en="look on the site whether it is there; then `bofbot resolve`. No machine sends it again",
                ja="サイトで登録の有無を確認し、`bofbot resolve` で決めてください。自動では再送しません",
            ),
            sighting=Sighting(looked_for=self.expect, url=browser.url),
        )

    async def _done(self, context: Context, browser: Browser, sent: Sent, looked_up: str | None) -> Result:
        if len(browser.gate.blocked):
            context.note(
                Sentence(
                    en="the page tried to send a second time; that was stopped",
                    ja="ページが二重に送信しようとしたため、2回目を止めました",
                ),
                "warning",
            )
        receipt = await self._receipt(context, browser) if looked_up is None else looked_up
        summary = (
            Sentence(en=f"registered, {receipt}", ja=f"登録済み {receipt}")
            if receipt
            else Sentence(en="registered", ja="登録済み")
        )
        return Result(
            value=receipt,
            summary=summary,
            facts={"request": context.redact(f"{sent.method} {sent.url}"), "status": sent.status},
            names={"receipt": receipt} if self.receipt else {},
        )

    async def _receipt(self, context: Context, browser: Browser) -> str:
        """The receipt number; what is done stays done when it cannot be read."""
        if not self.receipt:
            return ""
        try:
            async with browser.step(context):
                return await read_value(browser.page, self.receipt, patience=Patience(longest=5, quiet=1.5))
        except ApplicationError as error:
            context.note(error.message, "warning")
            return ""


def _fields_of(body: bytes, charset: str) -> dict[str, str]:
    """What a body says, for a dry run: form fields (in the page's charset) or JSON keys; anything else by its length."""
    text = body.decode("utf-8", "replace")
    if text.startswith("{"):
        try:
            return {str(key): str(value) for key, value in json.loads(text).items()}
        except ValueError:
            pass
    if "=" in text and not text.startswith("--"):
        return dict(parse_qsl(text, keep_blank_values=True, encoding=_known(charset), errors="replace"))
    return {"body": f"{len(body)} bytes"} if body else {}


def _known(charset: str) -> str:
    """Python's name of a charset that a page may have; a superset for Shift_JIS, as browsers read it."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return "utf-8"
    return "cp932" if name == "shift_jis" else name
