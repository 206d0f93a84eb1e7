"""The verb that `bofbot probe` puts in place of downloads: is everything there that they need? Nothing is fetched."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from bofbot.action import Context, Result, Touch
from bofbot.actions.documents.account_list import accounts_offered
from bofbot.actions.pages.moving import Open
from bofbot.actions.pages.on_page import OnPage
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, Sighting
from bofbot.forms import Patience, find_button, resolve
from bofbot.words import Sentence

_PRINT = """() => {
  const seen = element => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  const said = element => (element.labels && element.labels.length ? element.labels[0].innerText : '')
    || element.getAttribute('aria-label') || (/^(SELECT|TEXTAREA)$/.test(element.tagName) ? '' : element.innerText)
    || (/^(submit|button|reset)$/.test(element.type) ? element.value : '') || element.name || '';
  return [...document.querySelectorAll('h1,h2,h3,th,legend,button,input:not([type=hidden]),select,textarea,a')]
    .filter(element => seen(element) && !element.closest('tbody td'))
    .map(element => `${element.tagName.toLowerCase()} ${said(element).normalize('NFKC').replace(/\\s+/g, ' ').trim().slice(0, 60)}`);
}"""
"""What a page is made of, without its data: headings, columns, fields, buttons and links outside of tables' rows."""


class Look(OnPage):
    """Looks whether a page has what a step needs, and takes the print of the page.
    画面に必要な項目とボタンがあるかを確かめ、画面の特徴を控える。"""

    verb: ClassVar[str] = "look"

    look: str = ""
    """The words on a button or link that must be there.
    あるはずのボタンやリンクの文字。"""
    page: str = ""
    """The address; empty: the page that is open.
    URL。省略すると開いている画面。"""
    fields: tuple[str, ...] = ()
    """Labels of fields that must be there.
    あるはずの項目名。"""
    account: str = ""
    """The label of a list whose entries are told.
    内容を一覧する選択欄の項目名。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"look for “{self.look}”", ja=f"「{self.look}」があるか確かめる")

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("opens", str(self.page)),) if self.page else ()

    async def run(self, context: Context) -> Result:
        if self.page:
            await Open(open=self.page).run(context)
        async with self.on_page(context) as browser:
            if self.look:
                waiting = Patience(longest=min(10.0, context.timeout * 0.5), busy=browser.busy)
                await find_button(browser.scope, browser.label(self.look), patience=waiting)
            for label in self.fields:
                await _demand(browser, label)
            accounts = await accounts_offered(browser, self.account) if self.account else []
            lines = await browser.page.evaluate(_PRINT)
        facts: dict[str, Any] = {
            "page": urlsplit(browser.url).path, "print": sorted({_without_figures(line) for line in lines}),
            "accounts": accounts,
        }  # fmt: skip
        return Result(facts={"probe": facts})


async def _demand(browser: Browser, label: str) -> None:
    found = await resolve(browser.scope, browser.label(label))
    if found.control is None:
        raise ApplicationError(
            found.reason, sighting=Sighting(looked_for=label, candidates=found.candidates, url=browser.url)
        )


def _without_figures(line: str) -> str:
    """Days and counts change every day; the page does not."""
    return "".join("0" if character.isdigit() else character for character in line)
