"""What an office sets once: configs/bofbot.yaml, then BOFBOT_… variables, then options of the command line.

Read by `language.settings` (the door to YAML); a setting that is not named here is refused there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from bofbot.values.misfits import fitting, misfit
from bofbot.values.reminders import OfficeHours, Reminders, read_office_hours, read_reminders
from bofbot.words import Sentence


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrowserSettings(_Settings):
    """Which browser, and how it is driven."""

    executable: str = ""
    """Path of a browser; empty: headless shell, Chromium or Chrome of this machine, in that order."""
    channel: Literal["", "chrome", "msedge", "chromium"] = ""
    """A browser installed by its maker, by Playwright's channel name."""
    headed: bool = False
    """Show the window."""
    slow_mo: float = 0.0
    """Seconds between two gestures, for people who watch."""
    language: str = "ja-JP"
    time_zone: str = "Asia/Tokyo"
    width: int = 1280
    height: int = 900
    proxy: str = ""
    """The office's own proxy, e.g. http://proxy:8080; the run's egress goes through it."""
    allow: tuple[str, ...] = ()
    """Hosts that every robot's browser may reach, e.g. *.cdn.example.com."""


class AccountSettings(_Settings):
    """How the browser of one account differs; an account named here has a browser of its own. Empty: as in `browser`."""

    language: str = ""
    time_zone: str = ""
    user_agent: str = ""
    """What the browser calls itself."""
    executable: str = ""
    channel: Literal["", "chrome", "msedge", "chromium"] = ""
    headed: bool | None = None
    proxy: str = ""
    """The account's way out, e.g. http://proxy:8080; never with a password in it."""
    proxy_secret: str = ""
    """The secret with the proxy's `user` and `password`."""
    certificate: Path | None = None
    """The client certificate: a .p12 or .pfx file, or a .pem with its key beside it."""
    certificate_key: Path | None = None
    """The key of a .pem certificate."""
    certificate_secret: str = ""
    """The secret with the `passphrase` of the certificate."""
    certificate_for: tuple[str, ...] = ()
    """Other sites that ask for it too, e.g. https://sso.example.co.jp; the site of the log-in always may."""
    sessions: int = Field(1, ge=1, le=16)
    """How many runs at once may be logged in; more than one only where the site says that it bears it."""

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        if name:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise misfit(
                    Sentence(
                        en="there is no such time zone; write e.g. Asia/Tokyo",
                        ja="その時間帯はありません（例：Asia/Tokyo）",
                    )
                ) from None
        return name

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, name: str) -> str:
        if name and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", name):
            raise misfit(
                Sentence(
                    en="a language is written like ja-JP or en-US",
                    ja="言語は ja-JP、en-US のように書いてください",
                )
            )
        return name

    @field_validator("proxy")
    @classmethod
    def _without_a_password(cls, proxy: str) -> str:
        parts = urlsplit(proxy)
        if proxy and (parts.scheme != "http" or not parts.hostname):
            raise misfit(
                Sentence(
                    en="a proxy is written like http://proxy:8080",
                    ja="プロキシーは http://proxy:8080 のように書いてください",
                )
            )
        if parts.username or parts.password:
            raise misfit(
                Sentence(
                    en="keep the proxy's user and password in a secret and name it in `proxy_secret`",
                    ja="プロキシーのユーザーとパスワードは秘密情報に登録し、`proxy_secret` にその名前を書いてください",
                )
            )
        return proxy

    @field_validator("certificate")
    @classmethod
    def _is_a_certificate(cls, path: Path | None) -> Path | None:
        if path is not None and path.suffix.lower() not in (".p12", ".pfx", ".pem", ".crt"):
            raise misfit(
                Sentence(
                    en="a client certificate is a .p12, .pfx, .pem or .crt file",
                    ja="クライアント証明書には .p12、.pfx、.pem、.crt のファイルを指定してください",
                )
            )
        return path

    def browser(self, usual: BrowserSettings) -> BrowserSettings:
        """The browser's settings for this account."""
        own = {
            name: value
            for name in ("language", "time_zone", "executable", "channel", "headed", "proxy")
            if (value := getattr(self, name)) not in ("", None)
        }
        if self.channel and not self.executable:
            own["executable"] = ""
        if self.executable and not self.channel:
            own["channel"] = ""
        return usual.model_copy(update=own)


class ChannelSettings(_Settings):
    """Where a notice goes: Apprise addresses, e.g. mailto://… or slack://…; `${NAME}` takes an environment variable."""

    to: tuple[str, ...] = ()


class SecretSettings(_Settings):
    """Where a secret is kept. Empty `env`: the system keyring, then the age-encrypted file."""

    env: str = ""
    """Prefix of environment variables: KEIHI means KEIHI_USER, KEIHI_PASSWORD, KEIHI_TOTP."""


class StatementProfile(_Settings):
    """Which column of a bank's CSV means what; columns by heading or by number from 1. docs/statements.md."""

    model_config = ConfigDict(populate_by_name=True)

    headings: tuple[str, ...] = ()
    """Headings that must all be there for the profile to apply by itself."""
    encoding: str = ""
    delimiter: str = ""
    skip: int | None = None
    """Lines above the headings (above the entries when columns are numbers)."""
    date: str = ""
    value_date: str = ""
    amount: str = ""
    """The column of signed amounts; else `in` and `out`."""
    in_: str = Field("", alias="in")
    out: str = ""
    direction: str = ""
    """A column that says debit or credit in words."""
    balance: str = ""
    text: str = ""
    counterparty: str = ""
    reference: str = ""
    currency_column: str = ""
    date_format: str = ""
    """E.g. `%d/%m/%Y`."""
    decimal: Literal["", ".", ","] = ""
    order: Literal["", "oldest-first", "newest-first"] = ""
    negate: bool = False
    """For card files that write spending as positive amounts."""
    currency: str = ""
    account: str = ""


class KeepSettings(_Settings):
    """How long things are kept, in seconds (written `90d`); 0, the usual: for ever. docs/operations.md."""

    evidence: float = 0.0
    """Pictures, files and reports of runs that are over."""
    history: float = 0.0
    """What became of each time of a schedule."""

    @field_validator("evidence", "history")
    @classmethod
    def _not_too_short(cls, seconds: float) -> float:
        if 0 < seconds < 7 * 86400:
            raise misfit(Sentence(en="keep it for 7d at least", ja="7d 以上にしてください"))
        return seconds


class HookSettings(_Settings):
    """Where `bofbot serve` takes calls of webhooks, always on 127.0.0.1 only. docs/schedules.md."""

    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """0, the usual: webhooks are off."""
    hosts: tuple[str, ...] = ()
    """Names under which a proxy in front passes calls on, e.g. hooks.example.co.jp."""


class Settings(_Settings):
    """configs/bofbot.yaml, whole."""

    language: Literal["", "ja", "en"] = ""
    """What bofbot speaks; empty: --lang, else LANG."""
    logs: Path = Path("logs")
    """Evidence, reports and log files of runs."""
    store: str = ""
    """The store: a path or a database URL; empty: `bofbot.db` in the logs folder."""
    journal_key: Path | None = None
    """For a store that several machines share: the file of its journal's key; else `journal.key` in the logs folder."""
    record: Literal["failures", "always", "never"] = "failures"
    """Which steps are kept as small pictures: the last ones before a failure, all, or none. docs/evidence.md."""
    sites: dict[str, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """Host → how many runs may be at work on it at once, over all machines that share the store."""
    browser: BrowserSettings = BrowserSettings()
    notify: dict[str, ChannelSettings] = Field(default_factory=dict)
    """Channels by name, for `notify: 経理チャット`."""
    secrets: dict[str, SecretSettings] = Field(default_factory=dict)
    accounts: dict[str, AccountSettings] = Field(default_factory=dict)
    """What is special about single accounts, by the name of their secret; docs/web.md."""
    statement_profiles: dict[str, StatementProfile] = Field(default_factory=dict)
    """CSV layouts of banks by name, for `statement: … profile: みどり信金`; docs/statements.md."""
    drift: Literal["follow", "stop"] = "follow"
    """When a page has changed: go on with a field that is surely the same and say so, or stop. docs/drift.md."""
    step_timeout: float = 30.0
    """Seconds a step may take unless it says otherwise."""
    run_timeout: float = 6 * 3600.0
    company_days: Path | None = None
    """A CSV of the company's own holidays (`date,name`), besides the public ones."""
    reminders: Annotated[Reminders, BeforeValidator(fitting(read_reminders))] = Reminders()
    """When people are told again of a question nobody answered: `after 4 hours, then every day`; `never`."""
    office_hours: Annotated[OfficeHours, BeforeValidator(fitting(read_office_hours))] = OfficeHours()
    """When they are reminded, on business days: `09:00-18:00`."""
    approval_by: Literal["anyone", "other"] = "anyone"
    """Who may approve: `other`, never the person who asked for the run. docs/waiting.md."""
    keep: KeepSettings = KeepSettings()
    evidence: str = ""
    """Where copies of pictures and reports are kept besides: a shared folder, or s3://bucket/prefix. docs/evidence.md."""
    hooks: HookSettings = HookSettings()
    """Webhooks, for `when: the webhook NAME is called`."""

    @field_validator("evidence")
    @classmethod
    def _names_a_place(cls, place: str) -> str:
        parts = urlsplit(place) if "://" in place else None
        if parts and (parts.username or parts.password):
            raise misfit(
                Sentence(
                    en="keep user and password out of the address: they belong into the environment (AWS_…)",
                    ja="保管先のアドレスにユーザーやパスワードを書かず、環境変数（AWS_… など）で渡してください",
                )
            )
        return place


def private_variables(settings: Settings, environ: Iterable[str]) -> tuple[str, ...]:
    """Names of environment variables that hold secrets, as far as the settings say: no browser is given them."""
    prefixes = tuple(f"{secret.env}_" for secret in settings.secrets.values() if secret.env)
    told = {
        name
        for channel in settings.notify.values()
        for address in channel.to
        for name in re.findall(r"\$\{(\w+)\}", address)
    }
    return tuple(
        name for name in environ if name.startswith(prefixes) or name in told or name == "BOFBOT_PASSPHRASE"
    )
