"""Why a log-in was refused: the site failed, the session ended, or user, password or code are wrong."""

from __future__ import annotations

import re

from bofbot.action import Context
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, NeedsPerson, Sighting
from bofbot.words import Sentence

_SESSION_ENDED = re.compile(
    r"セッション|タイムアウト|時間切れ|時間が?経過|session|timed? ?out",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"パスワード|暗証番号|ユーザー|利用者|アカウント|ロック|[IＩ][DＤ]|失敗|誤|違|正しく|認証"
    r"|password|user|account|credential|locked|fail|incorrect|wrong|invalid|denied",
    re.IGNORECASE,
)


def session_ended(says: tuple[str, ...]) -> bool:
    """Does the page tell of a session that has ended, and of nothing that was wrong? Then nothing is known about the
    password; whatever else it says may be a refusal, and a password that is sent once more may lock the account. The first
    message is the alert; the later ones may be the whole page, where both stand anyway."""
    told = says[0] if says else ""
    return bool(_SESSION_ENDED.search(told)) and not _REFUSED.search(told)


async def refuse_error_page(browser: Browser) -> None:
    """The password box may be gone because the site shows an error page. Raises ApplicationError then."""
    status = browser.status()
    if status >= 400:
        raise ApplicationError(
            Sentence(
                en=f"the site answered the log-in with an error ({status})",
                ja=f"ログインの途中でサイトがエラー（{status}）を返しました",
            ),
            sighting=Sighting(page_says=await browser.says()),
        )


async def refusal(
    context: Context, browser: Browser, name: str, *, code: bool
) -> ApplicationError | NeedsPerson:
    """What to raise when the site shows its boxes again; `code`: the one for the one-time code.

    A password that the site has refused in words is not tried again by any robot."""
    await browser.stop_for_a_person(
        failed=True
    )  # a captcha beside the password says nothing about the password
    says = await browser.says()
    sighting = Sighting(page_says=says)
    if browser.status() >= 500:
        failed = Sentence(
            en="the site failed while logging in", ja="ログインの途中でサイトがエラーを返しました"
        )
        return ApplicationError(failed, sighting=sighting)
    if session_ended(says):
        ended = Sentence(
            en=f"the session ended while logging in: “{says[0]}”",
            ja=f"ログインの途中でセッションが切れました：「{says[0]}」",
        )
        return ApplicationError(ended, sighting=sighting)
    if not code and says:
        context.reject_secret(name)
    return _not_accepted(name, says, code=code)


def _not_accepted(name: str, says: tuple[str, ...], *, code: bool) -> NeedsPerson:
    what = (
        Sentence(en="the one-time code", ja="認証コード")
        if code
        else Sentence(en="the user or the password", ja="ユーザーまたはパスワード")
    )
    quoted = Sentence(en=f": “{says[0]}”", ja=f"：「{says[0]}」") if says else Sentence.same("")
    return NeedsPerson(
        Sentence(en=f"{name} did not accept {what.en}", ja=f"「{name}」に{what.ja}が受け付けられませんでした")
        + quoted,
        fix=Sentence(
            en=f"check it by hand, then `bofbot secret set {name}`; it is not tried again, so that the account is not locked",
            ja=f"手作業で確かめてから `bofbot secret set {name}` で登録し直してください。アカウントのロックを防ぐため、再試行はしません",
        ),
        sighting=Sighting(page_says=says),
    )
