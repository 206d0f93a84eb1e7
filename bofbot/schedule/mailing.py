"""Looks into the mailboxes that schedules name, in threads of their own; each mail that fits becomes one slot, for ever."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bofbot.adapters.mailbox import Head, Inbox, Mailbox, opened
from bofbot.adapters.mailbox_faults import Gone, Refused
from bofbot.errors import ApplicationError, BofbotError, NotReady
from bofbot.schedule.attachments import LARGEST_MAIL, BadAttachment, attachments_of, judge, save
from bofbot.schedule.entry import Schedule
from bofbot.schedule.letters import Letter, LetterRule, fits, is_wanted, read_letter
from bofbot.schedule.triggers import filled
from bofbot.secret import Secret
from bofbot.store.positions import Positions
from bofbot.store.slots import NewSlot, Slots
from bofbot.words import Sentence

EVERY = 60.0
"""Seconds between two looks."""
_SLOWEST = 1800.0
"""A mailbox that does not answer is asked less and less often, down to this."""
_AT_ONCE = 50
"""Mails that one look takes; the rest at the next."""
_MARGIN = timedelta(days=2)
"""Days of the server's own zone, clocks that differ."""
_LOG = logging.getLogger("bofbot")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is needed of the vault."""

    get: Callable[[str], Mapping[str, Secret]]
    burn: Callable[[str], None]
    """This version of a secret was refused: nobody shall try it again."""


@dataclass(slots=True)
class _Turn:
    """When a schedule's mailbox is looked into again."""

    at: float = 0.0
    wait: float = EVERY
    thread: threading.Thread | None = None


class Mailing:
    """The looks of this process; a slow mail server never stops the clock."""

    def __init__(
        self,
        slots: Slots,
        positions: Positions,
        secrets: Secrets,
        folder: Path,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slots, self._positions, self._secrets = slots, positions, secrets
        self._folder, self._monotonic = folder, monotonic
        self._turns: dict[str, _Turn] = {}
        self.troubles: dict[str, Sentence] = {}
        """Schedule → why its mailbox cannot be looked into at the moment."""

    def look(self, schedule: Schedule, now: datetime) -> int:
        """Begin a look in the background if it is time for one; always 0. In a pause nothing is looked at."""
        turn = self._turns.setdefault(schedule.name, _Turn())
        busy = turn.thread is not None and turn.thread.is_alive()
        if not busy and self._monotonic() >= turn.at and not schedule.pause_at(now):
            turn.at = self._monotonic() + turn.wait
            turn.thread = threading.Thread(
                target=self._safely, args=(schedule, now, turn), name="bofbot mail", daemon=True
            )
            turn.thread.start()
        return 0

    def wait(self, seconds: float) -> None:
        """Until the looks that have begun are over."""
        for turn in self._turns.values():
            if turn.thread:
                turn.thread.join(seconds)

    def look_now(self, schedule: Schedule, now: datetime) -> int:
        """How many slots were written down. Raises NotReady and ApplicationError of the mailbox."""
        rule = schedule.mail
        assert rule
        with opened(self._mailbox(rule), readonly=not rule.alters) as inbox:
            return self._looked(schedule, rule, inbox, now)

    def _safely(self, schedule: Schedule, now: datetime, turn: _Turn) -> None:
        try:
            self.look_now(schedule, now)
        except BofbotError as wrong:
            self.troubles[schedule.name] = wrong.message
            away = isinstance(wrong, ApplicationError | Refused)
            turn.wait = (
                min(turn.wait * 2, _SLOWEST) if away else EVERY
            )  # what a person mends here is seen soon
            if isinstance(wrong, Refused) and schedule.mail:
                self._secrets.burn(schedule.mail.mailbox)
        except Exception as fault:  # a foreign server may say anything
            _LOG.exception("a look into a mailbox failed")
            self.troubles[schedule.name] = Sentence.same(type(fault).__name__)
            turn.wait = min(turn.wait * 2, _SLOWEST)
        else:
            self.troubles.pop(schedule.name, None)
            turn.wait = EVERY
        turn.at = self._monotonic() + turn.wait

    def _mailbox(self, rule: LetterRule) -> Mailbox:
        mailbox = Mailbox.of(self._secrets.get(rule.mailbox))
        if mailbox is None:
            raise NotReady(
                Sentence(
                    en=f'the secret "{rule.mailbox}" has no `imap_host`',
                    ja=f"秘密情報「{rule.mailbox}」に `imap_host` がありません",
                ),
                fix=Sentence.same(f"bofbot secret set {rule.mailbox} --fields imap_host,imap_user,imap_password"),
            )  # fmt: skip
        return mailbox

    def _looked(self, schedule: Schedule, rule: LetterRule, inbox: Inbox, now: datetime) -> int:
        since, place = self._slots.ticked_until(schedule.name), self._positions.of(schedule.name)
        if since is None:  # a new schedule: what lies there already stays where it is
            self._slots.note(schedule.name, None, now, ())
            self._positions.move(schedule.name, f"{inbox.validity}:{inbox.last()}")
            return 0
        if rule.move:
            inbox.demand_movable(rule.move)
        validity, _, last = place.partition(":")
        if validity == str(inbox.validity):
            written = 0
            for uid in inbox.uids_after(int(last))[:_AT_ONCE]:
                written += self._taken(schedule, rule, inbox, uid, now)
                self._positions.move(schedule.name, f"{inbox.validity}:{uid}")
            return written
        uids = inbox.uids_since(since - _MARGIN)  # never looked, or all numbers were given anew
        earliest = since.replace(microsecond=0) if not place else None
        written = sum(self._taken(schedule, rule, inbox, uid, now, earliest) for uid in uids)
        self._positions.move(schedule.name, f"{inbox.validity}:{max([inbox.last(), *uids])}")
        return written

    def _taken(
        self,
        schedule: Schedule,
        rule: LetterRule,
        inbox: Inbox,
        uid: int,
        now: datetime,
        earliest: datetime | None = None,
    ) -> int:
        """One mail; how many slots were written down for it. `earliest`: those that came before it are none of ours."""
        try:
            head = inbox.head(uid)
        except Gone:
            return 0
        letter = read_letter(head.raw, rule.proven_by)
        if (earliest and head.arrived < earliest) or not fits(rule, letter):
            return 0
        written = 0
        if not (letter.identity and self._slots.at(schedule.name, _nominal(letter.identity))):
            slot = self._slot_for(schedule, rule, inbox, head, letter, now)
            if slot is None:
                return 0
            written = self._noted(slot, now)
        if rule.mark_read:
            inbox.mark_read(uid)
        if rule.move:
            inbox.move(uid, rule.move)
        return written

    def _noted(self, slot: NewSlot, now: datetime) -> int:
        """Asked again when another `serve` ticks at this moment; the slot is unique all the same."""
        written = None
        while written is None:
            since = self._slots.ticked_until(slot.schedule)
            written = self._slots.note(slot.schedule, since, max(now, since or now), [slot])
        return written

    def _slot_for(
        self, schedule: Schedule, rule: LetterRule, inbox: Inbox, head: Head, letter: Letter, now: datetime
    ) -> NewSlot | None:
        """The slot of a mail, its attachments saved; None when no attachment is as the rule wants it."""
        slot = NewSlot(
            schedule.name, _nominal(letter.identity), now, schedule.robot, schedule.inputs,
            queued=True, deadline_at=schedule.deadline_of(now), owner=schedule.owner,
            why=_PROVEN if letter.proven else _UNPROVEN,
        )  # fmt: skip
        if head.size > LARGEST_MAIL:
            return replace(slot, state="failed", why=_too_large(head.size))
        try:
            raw = inbox.message(head.uid)
        except Gone:
            return None
        except ApplicationError as unread:  # told and left behind: those after it must not wait for it
            nominal = slot.nominal if letter.identity else f"mail {inbox.validity}-{head.uid}"
            return replace(slot, nominal=nominal, state="failed", why=unread.message)
        if not letter.identity:
            slot = replace(slot, nominal=_nominal(hashlib.sha256(raw).hexdigest()))
        try:
            found = attachments_of(raw, partial(is_wanted, rule), named=bool(rule.attachments))
            for one in found:
                judge(one)
        except BadAttachment as bad:
            return replace(slot, state="failed", why=_REFUSED + bad.reason)
        if rule.attachments and not found:
            return None
        folder = self._folder / rule.save / f"{head.arrived:%Y%m%d-%H%M%S}-{slot.nominal.split()[1][:8]}"
        paths = save(found, folder) if found else ()
        shown = [self._shown(path, rule) for path in paths]
        known = {
            "from": letter.sender, "subject": letter.subject, "attachments": "\n".join(shown),
            "attachment": shown[0] if shown else "", "folder": self._shown(folder, rule) if shown else "",
            "date": (letter.sent or head.arrived).isoformat(), "proven": "true" if letter.proven else "false",
        }  # fmt: skip
        return replace(slot, inputs=filled(schedule.inputs, known))

    def _shown(self, path: Path, rule: LetterRule) -> str:
        return (path if Path(rule.save).is_absolute() else path.relative_to(self._folder)).as_posix()


def _nominal(identity: str) -> str:
    return f"mail {identity[:32]}"


def _too_large(size: int) -> Sentence:
    return Sentence(
        en=f"a mail of {size:,} bytes was not fetched (at most {LARGEST_MAIL:,})",
        ja=f"{size:,} バイトのメールは取得しませんでした（上限 {LARGEST_MAIL:,}）",
    )


_REFUSED = Sentence(en="the mail was not given to the robot: ", ja="メールをロボットに渡しませんでした：")
_PROVEN = Sentence(
    en="the mail server proved the sender's domain", ja="差出人のドメインはメールサーバーで確認済みです"
)
_UNPROVEN = Sentence(
    en="the sender is not proven: anybody can write any From",
    ja="差出人は未確認です（From は誰でも自由に書けます）",
)
