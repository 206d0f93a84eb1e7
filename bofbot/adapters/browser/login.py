"""The boxes of a log-in page, found without labels: password, user before it, one-time code, and the button after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_FIND = """() => {
  const shown = (el) => el.getBoundingClientRect().width > 1 && getComputedStyle(el).visibility === 'visible' && !el.disabled && !el.readOnly;
  const inputs = [...document.querySelectorAll('input')].filter(shown);
  const password = inputs.find((el) => el.type === 'password' && el.autocomplete !== 'one-time-code');
  const words = (el) => `${el.name} ${el.id} ${el.placeholder} ${el.getAttribute('aria-label') || ''} ${[...(el.labels || [])].map((l) => l.textContent).join(' ')} ${el.autocomplete}`;
  const CODE = /one-time|otp|totp|mfa|2fa|認証コード|確認コード|ワンタイム|verification code|authenticat\\w* code|passcode|security code/i;
  const text = (el) => ['text', 'email', 'tel', 'number', ''].includes(el.type);
  const code = password ? null : inputs.find((el) => (text(el) || el.type === 'password') && CODE.test(words(el)));
  const USER = /user|login|mail|id|account|ユーザ|アカウント|ログイン|社員|メール|会員/i;
  const before = password ? inputs.filter((el) => text(el) && el.compareDocumentPosition(password) & 4 && (!password.form || el.form === password.form)) : [];
  const user = code ? null : password ? before[before.length - 1] || null : inputs.find((el) => text(el) && (/username|email/.test(el.autocomplete) || USER.test(words(el)))) || null;
  const anchor = password || code || user;
  const submits = [...document.querySelectorAll('button,input[type=submit],input[type=image],[role=button]')].filter((el) => el.getBoundingClientRect().width > 1);
  const GO = /ログイン|サインイン|log ?in|sign ?in|次へ|next|continue|続ける|認証|確認|送信|verify|submit/i;
  const named = (el) => GO.test(el.innerText || el.value || el.alt || '');
  const own = anchor && anchor.form ? submits.filter((el) => el.form === anchor.form || anchor.form.contains(el)) : anchor ? submits.filter((el) => anchor.compareDocumentPosition(el) & 4) : [];
  const button = own.find((el) => named(el)) || own.find((el) => el.type === 'submit' || el.type === 'image') || null;
  return { user, password: password || null, code: code || null, button };
}"""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Element handles, None where the page has no such box."""

    user: Any = None
    password: Any = None
    code: Any = None
    button: Any = None


async def find_boxes(page: Any) -> Boxes:
    """The boxes of the first frame that has any; none of them when the page is between two documents."""
    for frame in page.frames:
        try:
            handle = await frame.evaluate_handle(_FIND)
            found = {
                name: (await handle.get_property(name)).as_element()
                for name in ("user", "password", "code", "button")
            }
        except Exception as error:
            if "context" in str(error) or "navigat" in str(error) or frame.is_detached():
                continue
            raise
        if found["password"] or found["code"] or found["user"]:
            return Boxes(**found)
    return Boxes()
