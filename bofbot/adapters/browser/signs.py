"""Pages that only a person can answer: a captcha, new terms of use, a password that must be changed."""

from __future__ import annotations

from typing import Any

from bofbot.errors import NeedsPerson, Sighting
from bofbot.words import Sentence

_LOOK = """() => {
  const shown = (el) => el.getBoundingClientRect().width > 1;
  const heads = [document.title, ...[...document.querySelectorAll('h1,h2,legend')].filter(shown).map((el) => el.innerText)].join(' ');
  const forms = [...document.querySelectorAll('form')].filter(shown);
  const passwords = [...document.querySelectorAll('input[type=password]')].filter(shown).length;
  if (document.querySelector('iframe[src*=captcha], [class*=captcha i], [id*=captcha i]') && forms.length) return 'captcha';
  if (forms.length && /規約.*(改定|同意|変更)|(new|updated|accept).*terms|terms.*(chang|updat|accept)/i.test(heads)) return 'terms';
  if (passwords > 1 && /パスワード.*(変更|更新|期限|再設定)|(change|expired|new|reset).*password/i.test(heads)) return 'password';
  return '';
}"""

_SAID = {
    "captcha": ("the site asks whether a person is there (captcha)", "サイトが人による操作かどうかの確認（CAPTCHA）を求めています"),
    "terms": ("the site asks to accept new terms of use", "サイトが利用規約の改定への同意を求めています"),
    "password": ("the site asks for a new password", "サイトがパスワードの変更を求めています"),
}  # fmt: skip


async def stop_for_a_person(page: Any, redact: Any) -> None:
    """Raises NeedsPerson when the page is one of those; does nothing otherwise."""
    try:
        sign = await page.evaluate(_LOOK)
    except Exception as error:
        if "context" in str(error) or "navigat" in str(error):
            return  # between two documents
        raise
    if sign:
        en, ja = _SAID[sign]
        raise NeedsPerson(
            Sentence(en=en, ja=ja),
            fix=Sentence(
                en="log in by hand once and answer it, then play the robot again",
                ja="一度手作業でログインして対応してから、もう一度実行してください",
            ),
            sighting=Sighting(url=redact(page.url), title=redact(await page.title())),
        )
