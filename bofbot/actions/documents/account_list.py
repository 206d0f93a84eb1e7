"""Which accounts a site offers: the entries of its list of accounts, as a person reads them."""

from __future__ import annotations

from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, Sighting
from bofbot.forms import resolve
from bofbot.words import Sentence

_ENTRIES = """control => control.tagName !== 'SELECT' ? null : [...control.options]
  .filter(option => !option.disabled && option.value !== '').map(option => option.label.trim())"""


async def accounts_offered(browser: Browser, label: str) -> list[str]:
    """The entries of the list with this label. Raises ApplicationError when there is no such list."""
    found = await resolve(browser.scope, browser.label(label))
    offered = await found.control.evaluate(_ENTRIES) if found.control is not None else None
    if not offered:
        raise ApplicationError(
            found.reason
            if found.control is None
            else Sentence(
                en=f"“{label}” is no list of accounts", ja=f"「{label}」は口座の選択欄ではありません"
            ),
            sighting=Sighting(looked_for=label, candidates=found.candidates, url=browser.url),
            fix=Sentence(en="name the accounts with `accounts:`", ja="`accounts:` で口座を指定してください"),
        )
    return [str(account) for account in offered]
