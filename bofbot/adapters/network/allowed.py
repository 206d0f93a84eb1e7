"""Which hosts a run may reach: those that its robot names, and what a pattern among them stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from bofbot.errors import UsageError
from bofbot.words import Sentence

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts a run may reach: `keihi.example.co.jp`, `*.example.co.jp`, with a port (`127.0.0.1:8080`) that port only."""

    hosts: frozenset[str]

    @classmethod
    def of(cls, places: Iterable[str]) -> Self:
        """From hosts or whole URLs. Raises UsageError for a place that names no host."""
        return cls(frozenset(_host_of(place) for place in places if place.strip()))

    def names(self, host: str, port: int) -> bool:
        """Whether the host itself (not a pattern) is listed; only then may it be a private address."""
        name = _plain(host)
        return bool({name, f"{name}:{port}"} & self.hosts)

    def reaches(self, host: str, port: int) -> bool:
        name = _plain(host)
        parents = [f"*.{name.partition('.')[2]}"] if "." in name else []
        while parents and "." in parents[-1].removeprefix("*."):
            parents.append("*." + parents[-1].removeprefix("*.").partition(".")[2])
        return self.names(host, port) or any({one, f"{one}:{port}"} & self.hosts for one in parents)


def _host_of(place: str) -> str:
    if "://" not in place:
        return _plain(place)
    parts = urlsplit(place)
    if not parts.hostname:
        raise UsageError(Sentence(en=f'"{place}" names no host', ja=f"「{place}」にホスト名がありません"))
    usual = PORTS.get(parts.scheme)
    return _plain(parts.hostname) + (f":{parts.port}" if parts.port and parts.port != usual else "")


def _plain(host: str) -> str:
    return (
        host.strip("[]").rstrip(".").lower().encode("idna").decode()
        if not host.isascii()
        else host.strip("[]").rstrip(".").lower()
    )
