"""Mails by their heads: who they claim to be from, what proves it, what tells one from another; never an exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bofbot.errors import InvalidRobot
from bofbot.schedule.book import Schedule, parse_book
from bofbot.schedule.letters import MailText, fits, is_wanted, read_letter, read_rule
from bofbot.schedule.sentences import read_sentence
from bofbot.schedule.triggers import filled

HEAD = (
    b"From: =?UTF-8?B?44Ki44Kr44Oh5bel5qWt?= <Keiri@Akame.Example>\r\n"
    b"Subject: =?ISO-2022-JP?B?GyRCQEE1YT1xGyhC?= 11\r\nDate: Sun, 22 Nov 2026 09:00:00 +0900\r\nMessage-ID: <1@x>\r\n\r\n"
)


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("メールが届いたら", "mail", ""),
        ("新しいメールを受信したら。", "mail", ""),
        ("when a mail arrives", "mail", ""),
        ("a new e-mail arrives", "mail", ""),
        ("Webhook invoices が呼ばれたら", "webhook", "invoices"),
        ("when the webhook order-2 is called", "webhook", "order-2"),
        ("メール.csv が届いたら", "file", "メール.csv"),
    ],
)
def test_sentences(text: str, kind: str, what: str) -> None:
    trigger = read_sentence(text).trigger
    assert trigger is not None
    assert (trigger.kind, trigger.what) == (kind, what)


def book(*lines: str) -> tuple[Schedule, ...]:
    return parse_book("schedules:\n" + "".join(f"  - {{{line}}}\n" for line in lines), Path())


@pytest.mark.parametrize(
    ("line", "said", "under"),
    [
        ("name: a, robot: r, when: メールが届いたら", "`mail:` is missing", "メ"),
        ("name: a, robot: r, when: 請求書のメールが届いたら, mail: {mailbox: m}", "stands in `mail:`", "請求書の"),
        ("name: a, robot: r, when: 毎日 9:00, mail: {mailbox: m}", "belongs to a schedule that begins with a mail", "毎"),
        ("name: a, robot: r, when: メールが届いたら, mail: {mailbox: m, form: a@b.c}", '"form" is unknown', "form"),
        ("name: a, robot: r, when: メールが届いたら, mail: {subject: x}", "needs `mailbox:`", "name"),
        ("name: a, robot: r, when: メールが届いたら, mail: {mailbox: m, from: 経理}", "is no address", "{mailbox"),
        ("name: a, robot: r, when: メールが届いたら, mail: {mailbox: m, save: ../x}", "without `..`", "{mailbox"),
        ("name: a, robot: r, when: Webhook x が呼ばれたら", "`secret:` is missing", "W"),
        ("name: a, robot: r, when: Webhook 請求 が呼ばれたら, secret: s", "part of its address", "請求"),
        ("name: a, robot: r, when: 平日 9:00, secret: s", "belongs to a schedule that begins with a webhook", "平"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_told_with_its_place(line: str, said: str, under: str) -> None:
    with pytest.raises(InvalidRobot) as wrong:
        book(line)
    told = wrong.value.diagnostics[0]
    assert said in told.message.en
    assert told.source_line[told.place.column - 1 :].startswith(under)


def test_what_a_schedule_may_say_of_its_mails() -> None:
    (one,) = book(
        'name: a, robot: r, when: a mail arrives, mail: {mailbox: 経理, from: ["@akame.example", "x@Y.example"], subject: 請求書,'
        ' attachment: "*.PDF", save: 受信/, mark_read: true, move: 処理済}'
    )
    rule = one.mail
    assert rule is not None
    assert (rule.senders, rule.subjects, rule.attachments) == (("@akame.example", "x@y.example"), ("請求書",), ("*.pdf",))  # fmt: skip
    assert (rule.mark_read, rule.move, rule.alters) == (True, "処理済", True)
    assert is_wanted(rule, "請求書１１.ＰＤＦ")
    assert not is_wanted(rule, "a.pdf.exe")


def test_what_the_head_of_a_mail_says() -> None:
    letter = read_letter(HEAD)
    assert (letter.sender, letter.subject) == ("keiri@akame.example", "請求書 11")
    assert letter.sent is not None
    assert letter.sent.isoformat() == "2026-11-22T09:00:00+09:00"
    assert not letter.proven
    received = b"Received: from elsewhere\r\nAuthentication-Results: mx; dmarc=fail\r\n" + HEAD
    assert read_letter(received).identity == letter.identity != read_letter(HEAD.replace(b"<1@x>", b"<2@x>")).identity  # fmt: skip
    assert read_letter(HEAD.replace(b"Message-ID: <1@x>\r\n", b"")).identity == ""


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b'From: "boss@akame.example" <evil@bad.example>\r\n', "evil@bad.example"),
        (b"From: keiri@akame.example, evil@bad.example\r\n", ""),
        (b"From: keiri@akame.example\r\nFrom: evil@bad.example\r\n", ""),
        (b"Sender: keiri@akame.example\r\n", ""),
        (b"From: keiri@akame.example <evil@bad.example>\r\n", ""),
        (b"From: undisclosed-recipients:;\r\n", ""),
    ],
)
def test_a_sender_that_can_be_read_in_two_ways_is_none(head: bytes, sender: str) -> None:
    letter = read_letter(head + b"Subject: x\r\n\r\n")
    assert letter.sender == sender
    assert not fits(read_rule(MailText(mailbox="m", sender="@akame.example")), letter)


@pytest.mark.parametrize(
    ("lines", "proven"),
    [
        (["mx.office.example; dmarc=pass (p=reject) header.from=akame.example"], True),
        (
            [
                "mx.office.example; spf=pass; dkim=pass header.d=akame.example; dmarc=pass header.from=akame.example"
            ],
            True,
        ),
        (["mx.office.example; dmarc=fail header.from=akame.example"], False),
        (["mx.office.example; spf=pass smtp.mailfrom=bad.example"], False),
        (["mx.office.example; dmarc=pass header.from=bad.example"], False),
        (["mx.office.example; dmarc=fail; dmarc=pass header.from=akame.example"], False),
        (['mx.office.example; dkim=fail reason="; dmarc=pass header.from=akame.example"'], False),
        (["mx.office.example; spf=fail (; dmarc=pass header.from=akame.example)"], False),
        (["mx.bad.example; dmarc=pass header.from=akame.example"], False),
        (["mx.office.example; none", "mx.office.example; dmarc=pass header.from=akame.example"], False),
        ([], False),
    ],
)
def test_only_the_own_servers_last_word_proves_a_sender(lines: list[str], proven: bool) -> None:
    head = "".join(f"Authentication-Results: {line}\r\n" for line in lines).encode() + HEAD
    rule = read_rule(MailText(mailbox="m", proven_by="MX.office.example"))
    letter = read_letter(head, rule.proven_by)
    assert letter.proven is proven
    assert fits(rule, letter) is proven
    assert not read_letter(head).proven


@given(st.binary(max_size=400), st.sampled_from([b"From: ", b"Date: ", b"Subject: =?utf-8?B?", b"Message-ID: ", b"Authentication-Results: "]))  # fmt: skip
def test_no_head_breaks_it(junk: bytes, line: bytes) -> None:
    letter = read_letter(line + junk + b"\r\n\r\n", "mx")
    assert not letter.proven
    assert "\n" not in letter.subject


def test_what_is_put_into_inputs_is_not_read_again() -> None:
    inputs = {"件名": "${subject}", "どこ": "${folder} の ${other}"}
    assert filled(inputs, {"subject": "${folder}", "folder": "inbox/a"}) == {"件名": "${folder}", "どこ": "inbox/a の ${other}"}  # fmt: skip
