"""Mails as what starts a schedule: which ones are meant, who they say they are from, and what tells one from another; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from bofbot.values.bad_value import BadValue
from bofbot.values.text import nfkc
from bofbot.words import Sentence

if TYPE_CHECKING:
    from email.message import EmailMessage

_LONGEST = 500
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


class MailText(BaseModel):
    """`mail:` of a schedule, as it may be written."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    mailbox: str
    """The secret with `imap_host`, `imap_user`, `imap_password` (`imap_folder`, `imap_port`)."""
    sender: str | tuple[str, ...] = Field((), alias="from")
    """Addresses: whole, `@example.co.jp` for all of a domain, or with `*`."""
    subject: str | tuple[str, ...] = ()
    """Words of which one must stand in the subject."""
    attachment: str | tuple[str, ...] = ()
    """Names of files, e.g. `*.pdf`: only these are saved, and a mail without any is left alone."""
    save: str = "inbox"
    """The folder where each mail's attachments get a folder of their own."""
    proven_by: str = ""
    """What your own mail server calls itself in `Authentication-Results`: only senders that it proved (DMARC) count."""
    mark_read: bool = False
    """Mark the mails that began a run as read; without it the mailbox is not altered."""
    move: str = ""
    """Move them into this folder of the mailbox."""


@dataclass(frozen=True, slots=True)
class LetterRule:
    """Which mails are meant, and what becomes of them."""

    mailbox: str
    senders: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    save: str = "inbox"
    proven_by: str = ""
    mark_read: bool = False
    move: str = ""

    @property
    def alters(self) -> bool:
        return self.mark_read or bool(self.move)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail by its head. Whatever the sender wrote is a claim: anybody can write any From."""

    sender: str
    """The address in From, in small letters; "" when there is none, or more than one."""
    subject: str
    sent: datetime | None
    identity: str
    """The same for the same mail, whatever number and way it has; "" for one without a Message-ID."""
    proven: bool
    """Our own server found that it really comes from the domain of its sender."""


def read_rule(text: MailText) -> LetterRule:
    """Raises BadValue for a folder that leads out of the project by `..`, or an address that is none."""
    if ".." in PurePath(text.save).parts or not text.save.strip():
        raise BadValue(
            Sentence(
                en="`save` is a folder without `..`", ja="`save` には「..」を含まないフォルダーを書きます"
            )
        )
    senders = tuple(nfkc(one).strip().casefold() for one in _several(text.sender))
    for one in senders:
        if "@" not in one:
            raise BadValue(
                Sentence(
                    en=f'"{one}" is no address: write keiri@example.co.jp or @example.co.jp',
                    ja=f"「{one}」はメールアドレスとして読めません。keiri@example.co.jp か @example.co.jp のように書きます",
                )
            )
    return LetterRule(
        text.mailbox,
        senders,
        tuple(nfkc(one).casefold() for one in _several(text.subject)),
        tuple(nfkc(one).casefold() for one in _several(text.attachment)),
        text.save,
        text.proven_by.strip().casefold(),
        text.mark_read,
        text.move,
    )


def read_letter(head: bytes, proven_by: str = "") -> Letter:
    """What the head of a mail says. Never raises: a head may be anything."""
    from email import message_from_bytes, policy

    message: EmailMessage = message_from_bytes(head, policy=policy.default)
    sender = _sender(message)
    said = [_line(message, name) for name in ("message-id", "date", "from", "subject")]
    identity = hashlib.sha256("\n".join(said).encode(errors="surrogateescape")).hexdigest() if said[0] else ""
    return Letter(
        sender,
        _UNSEEN.sub(" ", said[3]).strip()[:_LONGEST],
        _sent(message),
        identity,
        bool(proven_by) and _proven(message, sender, proven_by),
    )


def fits(rule: LetterRule, letter: Letter) -> bool:
    """Whether this mail is meant, as far as its head tells."""
    if rule.proven_by and not letter.proven:
        return False
    if rule.senders and not any(_is_from(letter.sender, wanted) for wanted in rule.senders):
        return False
    subject = nfkc(letter.subject).casefold()
    return not rule.subjects or any(word in subject for word in rule.subjects)


def is_wanted(rule: LetterRule, name: str) -> bool:
    """Whether an attachment of this name is to be saved."""
    plain = nfkc(name).casefold()
    return not rule.attachments or any(fnmatchcase(plain, pattern) for pattern in rule.attachments)


def _several(text: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in ((text,) if isinstance(text, str) else text) if one.strip())


def _is_from(sender: str, wanted: str) -> bool:
    if not sender:
        return False
    return sender.endswith(wanted) if wanted.startswith("@") else fnmatchcase(sender, wanted)


def _sender(message: EmailMessage) -> str:
    """Programs show different ones of several senders, so several are as good as none, and so is a line with faults."""
    lines = _all(message, "from")
    addresses: Sequence[Any] = getattr(lines[0], "addresses", ()) if len(lines) == 1 else ()
    if len(addresses) != 1 or lines[0].defects:
        return ""
    address = str(addresses[0].addr_spec).casefold()
    return address if re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+", address) else ""


def _line(message: EmailMessage, name: str) -> str:
    return "".join(str(one) for one in _all(message, name)[:1])


def _sent(message: EmailMessage) -> datetime | None:
    sent = getattr(next(iter(_all(message, "date")), None), "datetime", None)
    return sent if isinstance(sent, datetime) else None


def _all(message: EmailMessage, name: str) -> list[Any]:
    """All lines of this name; none when the library stumbles over one of them."""
    try:
        return message.get_all(name) or []
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return []


def _proven(message: EmailMessage, sender: str, proven_by: str) -> bool:
    """RFC 8601: only the topmost line counts, which our own server wrote last; all below may be the sender's own."""
    lines = _all(message, "authentication-results")
    plain = re.sub(r'\([^()]*\)|"[^"]*"', " ", str(lines[0])) if lines else ""
    first, *results = [part.strip().casefold() for part in plain.split(";")]
    if first.split()[:1] != [proven_by] or not sender:
        return False
    dmarc = [one for one in results if re.match(r"dmarc\s*=", one)]
    if len(dmarc) != 1 or not re.match(r"dmarc\s*=\s*pass\b", dmarc[0]):
        return False
    of = re.search(r"header\.from\s*=\s*(\S+)", dmarc[0])
    return of is not None and sender.rpartition("@")[2] == of[1].rpartition("@")[2]
