"""Which browser of a run is used by which account: one for all, unless accounts must not know of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from bofbot.action import Context
from bofbot.adapters.browser.starting import Seat
from bofbot.adapters.credentials.sessions import Account
from bofbot.errors import NotReady
from bofbot.secret import Secret
from bofbot.settings import AccountSettings
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.adapters.browser.session import Browser


class Seats:
    """An account that the office's settings name has a browser of its own; so has the second account of one site."""

    def __init__(self, first: Browser) -> None:
        self.first = self.current = first
        self._own: dict[str, Browser] = {}
        self._sites: dict[str, str] = {}
        """The site of each account that sits in the first browser."""

    def others(self) -> tuple[Browser, ...]:
        return tuple(browser for browser in self._own.values() if browser is not self.first)

    async def take(self, account: Account, context: Context) -> bool:
        """Make the account's browser the current one. True when it was used by the account before."""
        mark, known = account.mark, account.mark in self._own
        if not known:
            self._own[mark] = await self._browser(account, context)
        self.current = self._own[mark]
        return known

    async def _browser(self, account: Account, context: Context) -> Browser:
        settings = context.settings.accounts.get(account.name)
        if settings is not None:
            return await self.first.beside(
                context,
                settings.browser(context.settings.browser),
                seat_of(settings, account.site, context),
            )
        if account.site in self._sites.values():
            return await self.first.beside(context, context.settings.browser, Seat())
        self._sites[account.mark] = account.site
        return self.first


def seat_of(settings: AccountSettings, site: str, context: Context) -> Seat:
    """What the settings of an account mean, its secrets fetched. Raises NotReady when a file or a secret's field is missing."""
    options: dict[str, Any] = {}
    if settings.user_agent:
        options["user_agent"] = settings.user_agent
    if settings.certificate is not None:
        options["client_certificates"] = [
            {"origin": origin, **_certificate(settings, context)}
            for origin in dict.fromkeys((site, *settings.certificate_for))
        ]
    return Seat(_upstream(settings, context), options)


def _certificate(settings: AccountSettings, context: Context) -> Mapping[str, Any]:
    assert settings.certificate is not None
    given: dict[str, Any] = {}
    path = context.path(str(settings.certificate))
    if path.suffix.lower() in (".p12", ".pfx"):
        given["pfxPath"] = path
    else:
        given["certPath"] = path
        given["keyPath"] = context.path(str(settings.certificate_key or settings.certificate))
    for file in given.values():
        if not file.is_file():
            raise NotReady(
                Sentence(
                    en=f"the client certificate {file} is not there",
                    ja=f"クライアント証明書 {file} がありません",
                ),
                fix=Sentence(
                    en="correct `certificate` under `accounts:` in configs/bofbot.yaml",
                    ja="configs/bofbot.yaml の `accounts:` の `certificate` を直してください",
                ),
            )
    if settings.certificate_secret:
        given["passphrase"] = _field(settings.certificate_secret, "passphrase", context).reveal()
    return given


def _upstream(settings: AccountSettings, context: Context) -> str:
    if not settings.proxy or not settings.proxy_secret:
        return settings.proxy
    user, password = (
        quote(_field(settings.proxy_secret, name, context).reveal(), safe="") for name in ("user", "password")
    )
    parts = urlsplit(settings.proxy)
    return f"{parts.scheme}://{user}:{password}@{parts.netloc}"


def _field(secret: str, name: str, context: Context) -> Secret:
    value = context.secret(secret).get(name)
    if value is None:
        raise NotReady(
            Sentence(
                en=f"the secret {secret} has no `{name}`",
                ja=f"秘密情報「{secret}」に `{name}` がありません",
            ),
            fix=Sentence.same(f"bofbot secret set {secret}"),
        )
    return value
