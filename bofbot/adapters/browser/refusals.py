"""What a robot was kept from, in words: a place it may not go, a request that only `submit` may send."""

from __future__ import annotations

from urllib.parse import urlsplit

from bofbot.adapters.network.egress import Refusal
from bofbot.errors import BusinessError, NeedsPerson
from bofbot.words import Sentence


def not_allowed(url: str) -> BusinessError:
    """The robot was told by its data, not by its author, to go somewhere."""
    host = urlsplit(url).hostname or url
    return BusinessError(
        Sentence(
            en=f"{url} is not among the places this robot may go",
            ja=f"{url} はこのロボットの接続先にありません",
        ),
        fix=Sentence(
            en=f"if it belongs to the work, write `allow: [{host}]` at the top of the robot",
            ja=f"業務に必要なら、ロボットの先頭に `allow: [{host}]` と書いてください",
        ),
    )


def kept_in(refusal: Refusal) -> Sentence:
    """A page wanted something from elsewhere."""
    host = refusal.target.rpartition(":")[0] or refusal.target
    return refusal.why + Sentence(
        en=f"; if the page needs it: `allow: [{host}]`",
        ja=f"。ページに必要なら `allow: [{host}]` と書いてください",
    )


def not_a_submit(method: str, url: str) -> NeedsPerson:
    """The step would have changed something without saying so."""
    return NeedsPerson(
        Sentence(
            en=f"this step tried to send {method} {url}, which may change something on the site; it was stopped",
            ja=f"この手順は {method} {url} を送信しようとしました。サイトの内容を変える可能性があるため止めました",
        ),
        fix=Sentence(
            en="use `submit` if this registers something; write `posts: true` on the step if it only searches or shows",
            ja="登録などの操作なら `submit` を使い、検索や表示だけなら手順に `posts: true` を書いてください",
        ),
    )


def stopped_late(method: str, url: str) -> Sentence:
    """A page sent something between two steps; it was stopped then."""
    return Sentence(
        en=f"between two steps the page tried to send {method} {url}; it was stopped",
        ja=f"手順と手順の間にページが {method} {url} を送信しようとしたため、止めました",
    )


def relative_to_nothing(url: str) -> NeedsPerson:
    """A relative address, and no site it belongs to."""
    return NeedsPerson(
        Sentence(
            en=f"“{url}” is a relative address, and the robot says nowhere what it is relative to",
            ja=f"「{url}」は相対アドレスですが、基準となるサイトが決まっていません",
        ),
        fix=Sentence(
            en="write `defaults: {at: https://…}` at the top, or a whole address here",
            ja="先頭に `defaults: {at: https://…}` を書くか、ここに完全な URL を書いてください",
        ),
    )


def no_such_key(key: str) -> BusinessError:
    """A key that no keyboard has."""
    return BusinessError(
        Sentence(en=f"there is no key “{key}”", ja=f"「{key}」というキーはありません"),
        fix=Sentence(en="e.g. Enter, Tab, Escape, F2, Control+A", ja="例：Enter、Tab、Escape、F2、Control+A"),
    )
