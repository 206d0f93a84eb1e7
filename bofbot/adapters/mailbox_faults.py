"""What can go wrong with a mailbox, said to people."""

from __future__ import annotations

import ssl

from bofbot.errors import ApplicationError, NotReady
from bofbot.words import Sentence


class Refused(NotReady):
    """The server does not take the password: asking again and again would lock the account."""


class Gone(ApplicationError):
    """A message that was there a moment ago: somebody moved or deleted it."""


def incomplete() -> NotReady:
    return NotReady(
        Sentence(
            en="the secret's mailbox needs `imap_host`, `imap_user` and `imap_password` (and a numeric `imap_port`)",
            ja="秘密情報のメール設定には `imap_host`・`imap_user`・`imap_password`（`imap_port` は数字）が必要です",
        )
    )


def unsafe(host: str) -> NotReady:
    return NotReady(
        Sentence(
            en=f"`imap_tls: no` would send the mailbox's password to {host} in the clear",
            ja=f"`imap_tls: no` では、メールのパスワードが暗号化されずに {host} へ送られます",
        ),
        fix=Sentence(en="leave `imap_tls` out", ja="`imap_tls` を外してください"),
    )


def refused(host: str) -> Refused:
    return Refused(
        Sentence(
            en=f"the mail server {host} refuses the log-in of the mailbox",
            ja=f"メールサーバー {host} にログインできません",
        ),
        fix=Sentence(
            en="check `imap_user` and `imap_password` (many providers want an app password)",
            ja="`imap_user` と `imap_password` を確認してください（アプリパスワードが必要な場合があります）",
        ),
    )


def no_answer(host: str, port: int, error: Exception) -> ApplicationError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return ApplicationError(
        Sentence(
            en=f"the mail server {host}:{port} cannot be used: {reason}",
            ja=f"メールサーバー {host}:{port} を利用できません：{reason}",
        )
    )


def not_proven(host: str, error: ssl.SSLCertVerificationError) -> NotReady:
    return NotReady(
        Sentence(
            en=f"the mail server {host} does not prove who it is: {error.verify_message}",
            ja=f"メールサーバー {host} の証明書を確認できません：{error.verify_message}",
        ),
        fix=Sentence(
            en="check `imap_host`; for a certificate of your own company, name its authority in SSL_CERT_FILE",
            ja="`imap_host` を確認してください。社内の認証局を使う場合は SSL_CERT_FILE で指定します",
        ),
    )


def no_folder(host: str, folder: str, key: str) -> NotReady:
    return NotReady(
        Sentence(
            en=f'the mailbox at {host} has no folder "{folder}"',
            ja=f"{host} のメールボックスに「{folder}」というフォルダーがありません",
        ),
        fix=Sentence(en=f"check `{key}`", ja=f"`{key}` を確認してください"),
    )


def gone(host: str) -> Gone:
    return Gone(
        Sentence(
            en=f"a mail at {host} was taken away while it was read",
            ja=f"{host} のメールが読み取り中に移動または削除されました",
        )
    )


def unwilling(host: str, said: str) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"the mail server {host} does not do what it is asked: {said}",
            ja=f"メールサーバー {host} が要求を受け付けません：{said}",
        )
    )


def cannot_move(host: str) -> NotReady:
    return NotReady(
        Sentence(
            en=f"the mail server {host} cannot move mails in one step (MOVE, RFC 6851)",
            ja=f"メールサーバー {host} はメールの移動（MOVE、RFC 6851）に対応していません",
        ),
        fix=Sentence(
            en="take `move` out, or use `mark_read: true`",
            ja="`move` を外すか、`mark_read: true` を使ってください",
        ),
    )
