"""Playwright's errors in our own words. Its call log is kept as `detail`, for developers only."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bofbot.errors import ApplicationError, Sighting
from bofbot.words import Sentence

_NETWORK = {
    "ERR_CONNECTION_REFUSED": ("does not answer (connection refused)", "に接続できません（接続が拒否されました）"),
    "ERR_CONNECTION_RESET": ("broke the connection off", "との接続が途中で切れました"),
    "ERR_CONNECTION_CLOSED": ("broke the connection off", "との接続が途中で切れました"),
    "ERR_EMPTY_RESPONSE": ("closed the connection without an answer", "が何も返さずに接続を閉じました"),
    "ERR_NAME_NOT_RESOLVED": ("cannot be found: no such host name", "が見つかりません（ホスト名が解決できません）"),
    "ERR_INTERNET_DISCONNECTED": ("cannot be reached: this machine is offline", "に接続できません（ネットワークに接続されていません）"),
    "ERR_ADDRESS_UNREACHABLE": ("cannot be reached from here", "にこのネットワークから到達できません"),
    "ERR_CONNECTION_TIMED_OUT": ("does not answer in time", "が時間内に応答しません"),
    "ERR_TIMED_OUT": ("does not answer in time", "が時間内に応答しません"),
    "ERR_TOO_MANY_REDIRECTS": ("sends the browser round in circles", "の転送が繰り返され、ページが開けません"),
    "ERR_CERT": ("has a certificate that is not trusted", "の証明書を信頼できません"),
    "ERR_SSL": ("cannot be reached safely (TLS failed)", "と安全な接続（TLS）ができません"),
    "ERR_PROXY": ("cannot be reached: the proxy does not answer", "に接続できません（プロキシが応答しません）"),
    "ERR_TUNNEL": ("cannot be reached: the proxy refuses", "に接続できません（プロキシが拒否しました）"),
    "ERR_BLOCKED": ("was blocked by the browser", "への接続がブラウザーで遮断されました"),
    "ERR_UNKNOWN_URL_SCHEME": ("has an address the browser does not know", "のアドレスの形式が正しくありません"),
}  # fmt: skip


class BrowserFault(ApplicationError):
    """The site, the page or the browser failed. `detail` holds the foreign text."""

    def __init__(
        self, message: Sentence, *, fix: Sentence | None = None, url: str = "", detail: str = ""
    ) -> None:
        super().__init__(message, fix=fix, sighting=Sighting(url=url))
        self.detail = detail


def mapped(error: BaseException, url: str = "") -> BrowserFault:
    """A Playwright error (or a time-out of ours) as an ApplicationError that says what happened."""
    text = str(error)
    first = text.splitlines()[0] if text else type(error).__name__
    if found := re.search(r"net::(ERR_\w+)(?: at (\S+))?", text):
        return _network(found[1], found[2] or url, text)
    if "crash" in first.lower():
        return BrowserFault(
            Sentence(en="the page crashed in the browser", ja="ブラウザーの中でページが異常終了しました"),
            url=url,
            detail=text,
        )
    if "has been closed" in text or "Connection closed" in text or "Target closed" in text:
        return BrowserFault(
            Sentence(en="the browser or the page was closed", ja="ブラウザーまたはページが閉じられました"),
            url=url,
            detail=text,
        )
    if "invalid URL" in text:
        return BrowserFault(
            Sentence(
                en=f"{url or 'the address'} is not a web address",
                ja=f"{url or 'アドレス'} は正しい URL ではありません",
            ),
            url=url,
            detail=text,
        )
    if "Timeout" in text or isinstance(error, TimeoutError):
        return BrowserFault(
            Sentence(
                en=f"{site(url)} did not answer in time", ja=f"{site(url)} が時間内に応答しませんでした"
            ),
            fix=Sentence(
                en="give the step a longer `timeout` if the site is just slow",
                ja="サイトが遅いだけなら手順の `timeout` を延ばしてください",
            ),
            url=url,
            detail=text,
        )
    return BrowserFault(
        Sentence(en="the browser could not do this on the page", ja="ブラウザーでこの操作を行えませんでした"),
        url=url,
        detail=text,
    )


def _network(code: str, url: str, text: str) -> BrowserFault:
    en, ja = next(
        (words for key, words in _NETWORK.items() if code.startswith(key)),
        (f"cannot be reached ({code})", f"に接続できません（{code}）"),
    )
    return BrowserFault(
        Sentence(en=f"the site {site(url)} {en}", ja=f"サイト {site(url)} {ja}"),
        fix=Sentence(
            en="check the address and the network, and whether the site is up",
            ja="アドレスとネットワーク、サイトが動いているかを確認してください",
        ),
        url=url,
        detail=text,
    )


def site(url: str) -> str:
    """The part of an address a person knows a site by."""
    return urlsplit(url).netloc or url or "the page"
