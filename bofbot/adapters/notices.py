"""Notices by mail and chat: the only door to Apprise, which speaks to more than a hundred services."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

from bofbot.errors import ApplicationError, NotReady
from bofbot.words import Sentence

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_IN_SETTINGS = Sentence(
    en="mend the address under `notify:` in configs/bofbot.yaml",
    ja="configs/bofbot.yaml の `notify:` にある宛先を直してください",
)


async def send(
    urls: Sequence[str],
    title: str,
    body: str,
    attachments: Sequence[Path] = (),
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Send one notice to every address. All addresses are checked before the first one is told.

    Raises NotReady when an address is unknown to Apprise or needs a variable that is not set, ApplicationError when
    an attachment is missing or a service did not take the notice. No message holds more of an address than its host."""
    apprise = _apprise()
    services = [(place_of(url), _service(apprise, filled(url, environ))) for url in urls]
    files = _attached(apprise, attachments)
    refused = []
    for place, service in services:
        one = apprise.Apprise()
        one.add(service)
        if not await one.async_notify(
            body=body, title=title, body_format=apprise.NotifyFormat.TEXT, attach=files
        ):
            refused.append(place)
    if refused:
        raise ApplicationError(
            Sentence(
                en=f"the notice was not taken by {', '.join(refused)}",
                ja=f"通知を送れませんでした：{'、'.join(refused)}",
            ),
            fix=Sentence(
                en="see that the service can be reached and that address and password are right",
                ja="送信先に接続できるか、宛先とパスワードが正しいかを確認してください",
            ),
        )


def filled(url: str, environ: Mapping[str, str]) -> str:
    """The address with `${NAME}` replaced from the environment. A variable that is only a part of the address is quoted,
    so that a password may hold any letter."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if not environ.get(name):
            raise NotReady(
                Sentence(
                    en=f"the environment variable {name} is not set",
                    ja=f"環境変数 {name} が設定されていません",
                ),
                fix=Sentence(
                    en=f"set {name}; an address of a notice needs it",
                    ja=f"通知の宛先で使うため、{name} を設定してください",
                ),
            )
        return environ[name] if found.group(0) == url.strip() else quote(environ[name], safe="")

    return _VARIABLE.sub(value, url.strip())


def place_of(url: str) -> str:
    """Scheme and host of an address, e.g. `mailto://smtp.example.com`: what may be shown of it."""
    scheme, separator, rest = url.strip().partition("://")
    if not separator:
        return "?" if "${" not in url else url.strip()
    host = rest.split("?")[0].split("/")[0].rpartition("@")[2]
    # The host of a chat address is often a token: only a name with a dot, or this machine, is a host.
    return f"{scheme}://{host if '.' in host or host.startswith('localhost') else '…'}"


def _service(apprise: ModuleType, url: str) -> Any:
    service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if service is None:
        raise NotReady(
            Sentence(
                en=f"this is no address for notices: {place_of(url)}",
                ja=f"通知の宛先として正しくありません：{place_of(url)}",
            ),
            fix=_IN_SETTINGS,
        )
    return service


def _attached(apprise: ModuleType, paths: Sequence[Path]) -> Any:
    from apprise.attachment.file import AttachFile

    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise ApplicationError(
            Sentence(
                en=f"there is no file {missing[0]} to attach",
                ja=f"添付するファイル {missing[0]} がありません",
            )
        )
    files = apprise.AppriseAttachment()
    for path in paths:
        files.add(AttachFile(str(path.absolute())))  # type: ignore[no-untyped-call]
    return files if paths else None


def _apprise() -> ModuleType:
    with warnings.catch_warnings():
        # Loading its services imports `imghdr`, which Python 3.11 calls deprecated; nothing of ours to mend.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        apprise.Apprise.instantiate("json://localhost")
    module: ModuleType = apprise
    return module
