"""Pages in a robot's way: a captcha, new terms, a password that must be changed, a site that is closed for maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bofbot.adapters.browser.faults import BrowserFault
from bofbot.errors import NeedsPerson, RunError, Sighting
from bofbot.secret import Redactor
from bofbot.words import Sentence

_SAID = {
    "captcha": ("the site asks whether a person is there (captcha)", "サイトが人による操作かどうかの確認（CAPTCHA）を求めています"),
    "terms": ("the site asks to accept new terms of use", "サイトが利用規約の改定への同意を求めています"),
    "password": ("the site asks for a new password", "サイトがパスワードの変更を求めています"),
    "maintenance": ("the site is closed for maintenance", "サイトがメンテナンス中です"),
}  # fmt: skip


async def in_the_way(
    page: Any, redact: Redactor, *, failed: bool = False, seen: Mapping[str, str] | None = None
) -> RunError | None:
    """What to raise when the page is one of those, with the words it says; None otherwise. `seen`: what `look` has just
    seen there.

    NeedsPerson for what only a person may answer, ApplicationError for maintenance. Only whole pages of the kind count,
    not a form that happens to hold a captcha or to name its terms; after a step has `failed`, weaker signs do too."""
    try:
        sign = seen or await page.evaluate(look(), failed)
    except Exception as error:
        if "context" in str(error) or "navigat" in str(error) or "closed" in str(error):
            return None  # between two documents
        raise
    if not sign["kind"]:
        return None
    en, ja = _SAID[sign["kind"]]
    text, url = redact(sign["text"]), redact(page.url)
    message = Sentence(en=f"{en}: “{_short(text)}”", ja=f"{ja}：「{_short(text)}」")
    if sign["kind"] == "maintenance":
        closed = BrowserFault(message, fix=_LATER)
        closed.sighting = Sighting(url=url, page_says=(text,))
        return closed
    sighting = Sighting(url=url, title=redact(await page.title()), page_says=(text,))
    return NeedsPerson(message, fix=_BY_HAND, sighting=sighting)


_LATER = Sentence(
    en="play the robot again when the site is open", ja="サイトの再開後に、もう一度実行してください"
)
_BY_HAND = Sentence(
    en="log in by hand once and answer it, then play the robot again",
    ja="一度手作業でログインして対応してから、もう一度実行してください",
)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


@cache
def look() -> str:
    """The function of the page that tells; without an argument, as for a step that has not failed."""
    return (files("bofbot.adapters.browser") / "signs.js").read_text("utf-8")
