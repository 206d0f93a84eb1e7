"""A schedule that begins with a mail, against a real Dovecot: once each, over restarts, several looks and new numbers."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from bofbot.adapters.mailbox import Inbox, Mailbox, _utf7, opened
from bofbot.adapters.mailbox_faults import Gone, Refused
from bofbot.errors import ApplicationError, NotReady
from bofbot.schedule import attachments
from bofbot.schedule.attachments import Attachment, BadAttachment, attachments_of, judge, save
from bofbot.schedule.book import Schedule
from bofbot.schedule.letters import LetterRule
from bofbot.schedule.mailing import Mailing, Secrets
from bofbot.schedule.sentences import read_sentence
from bofbot.schedule.server import Server
from bofbot.schedule.standing import serving_line
from bofbot.secret import Secret
from bofbot.store import SlotRow, Store, open_store
from bofbot.store.positions import Positions
from tests.schedule.dovecot import PROGRAM, Dovecot, dovecot

pytestmark = pytest.mark.xdist_group("dovecot")
PDF = b"%PDF-1.7 invoice"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    if not PROGRAM:
        pytest.skip("dovecot is not installed")
    with dovecot() as running:
        yield running


def mail(
    number: int = 1, *, sender: str = "keiri@akame.example", subject: str = "請求書", **files: bytes
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, "office@example.co.jp", subject
    message["Date"], message["Message-ID"] = "Sun, 22 Nov 2026 09:00:00 +0900", f"<{number}@akame.example>"
    message.set_content("請求書を送ります")
    for name, content in files.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


class Office:
    """A schedule with a mailbox folder of its own."""

    count = 0

    def __init__(self, server: Dovecot, store: Store, folder: Path) -> None:
        Office.count += 1
        self.server, self.store, self.folder, self.box = server, store, folder, f".box{Office.count}"
        self.fields = {**server.fields, "imap_folder": self.box[1:]}
        self.burnt: list[str] = []
        rule = LetterRule("経理", senders=("@akame.example",), attachments=("*.pdf",))
        inputs = {"ファイル": "${attachments}", "だれ": "${from}", "件名": "${subject}", "確認": "${proven}"}
        self.schedule = Schedule("請求", "登録", read_sentence("メールが届いたら"), inputs, mail=rule)
        server.deliver(b"From: old@akame.example\r\nMessage-ID: <old>\r\n\r\n", self.box)
        self.mailing = self.fresh()
        assert self.look() == 0

    def fresh(self, store: Store | None = None) -> Mailing:
        store = store or self.store
        secrets = Secrets(
            lambda _: {name: Secret(value, name) for name, value in self.fields.items()}, self.burnt.append
        )
        return Mailing(store.slots, Positions(store.database), secrets, self.folder)

    def rule(self, **changes: object) -> None:
        assert self.schedule.mail
        self.schedule = replace(self.schedule, mail=replace(self.schedule.mail, **changes))  # type: ignore[arg-type]

    def look(self, mailing: Mailing | None = None) -> int:
        return (mailing or self.mailing).look_now(self.schedule, datetime.now(UTC))

    def deliver(self, raw: bytes) -> None:
        self.server.deliver(raw, self.box)

    def slots(self) -> list[SlotRow]:
        return self.store.slots.newest()


@pytest.fixture
def office(server: Dovecot, tmp_path: Path) -> Iterator[Office]:
    with open_store(tmp_path / "bofbot.db") as store:
        yield Office(server, store, tmp_path)


def test_a_mail_starts_one_run_and_its_files_are_inputs(office: Office) -> None:
    before = office.server.stored(office.box)
    office.deliver(mail(1, **{"請求書 11月.pdf": PDF, "地図.png": b"png", "../../etc/x.pdf": b"%PDF 2"}))
    office.deliver(mail(2, sender="someone@else.example", **{"a.pdf": PDF}))
    office.deliver(mail(3))
    assert office.look() == 1
    (slot,) = office.slots()
    assert (slot.state, slot.queued, slot.robot) == ("due", True, "登録")
    first, second = slot.inputs["ファイル"].split("\n")
    assert first.endswith("/01_請求書 11月.pdf")
    assert second.endswith("/02_etc_x.pdf")
    assert (office.folder / first).read_bytes() == PDF
    assert (slot.inputs["だれ"], slot.inputs["件名"], slot.inputs["確認"]) == (
        "keiri@akame.example",
        "請求書",
        "false",
    )
    assert slot.why is not None
    assert "not proven" in slot.why.en
    assert office.look() == office.look(office.fresh()) == 0  # again, and after a restart
    flags = [name.partition(":2,")[2] for name in office.server.stored(office.box)]
    assert (len(flags), set(flags)) == (len(before) + 3, {""})  # nothing was marked, moved or deleted


def test_new_numbers_and_a_copy_of_the_mail_start_nothing_again(office: Office) -> None:
    for number in (1, 2, 3):
        office.deliver(mail(number, **{"a.pdf": PDF}))
    assert office.look() == 3
    office.server.forget_numbers(office.box)
    office.deliver(b"Received: from elsewhere\r\n" + mail(2, **{"a.pdf": b"%PDF other"}))
    assert office.look() == office.look() == 0
    office.deliver(mail(4, **{"a.pdf": PDF}))
    assert office.look() == 1
    assert len({slot.nominal for slot in office.slots()}) == 4


def test_a_mail_without_an_id_is_told_by_its_content(office: Office) -> None:
    raw = mail(1, **{"a.pdf": PDF}).replace(b"Message-ID: <1@akame.example>\r\n", b"")
    office.deliver(raw)
    assert office.look() == 1
    office.server.forget_numbers(office.box)
    assert office.look() == 0
    office.deliver(raw.replace(b"2026", b"2027"))
    assert office.look() == 1


def test_an_old_mail_that_a_person_drags_into_the_folder_counts(office: Office) -> None:
    """IMAP keeps the day on which it first came; only its number is new."""
    office.deliver(mail(1, **{"a.pdf": PDF}))
    newest = max((office.server.folder / "mail" / office.box / "new").glob("*"))
    long_ago = datetime.now(UTC).timestamp() - 400 * 86400
    os.utime(newest, (long_ago, long_ago))
    assert office.look() == 1


def test_several_servers_start_each_mail_once(office: Office) -> None:
    for number in range(12):
        office.deliver(mail(number, **{"a.pdf": str(number).encode()}))
    gate, told = threading.Barrier(3), []

    def look() -> None:
        with open_store(office.folder / "bofbot.db") as own:
            gate.wait()
            told.append(office.look(office.fresh(own)))

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slots = office.slots()
    assert sum(told) == len(slots) == 12
    kept = sorted((office.folder / slot.inputs["ファイル"]).read_bytes() for slot in slots)
    assert kept == sorted(str(number).encode() for number in range(12))
    assert not list((office.folder / "inbox").glob(".*"))


@pytest.mark.slow
def test_two_servers_that_are_killed_again_and_again_start_each_mail_once(office: Office) -> None:
    """kill -9 at any moment: between attachment and slot, between slot and mark, between mark and position."""
    kills, mails, chance = 60 if os.environ.get("BOFBOT_NIGHTLY") else 2, 24, random.Random(7)
    words = [
        sys.executable,
        "-m",
        "tests.schedule.looking",
        str(office.folder),
        str(office.server.port),
        office.box[1:],
    ]

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(words, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"looking\n"
        return process

    office.schedule = replace(office.schedule, mail=LetterRule("経理"))
    lookers = [start(), start()]
    try:
        for kill in range(kills):
            for number in range(kill * mails // kills, (kill + 1) * mails // kills):
                office.deliver(mail(number, **{"a.pdf": f"{number}".encode() * 5000}))
            time.sleep(chance.uniform(0, 0.05))
            victim = lookers.pop(0)
            victim.kill()
            victim.communicate()
            lookers.append(start())
        limit = time.monotonic() + 60
        while len(office.store.slots.newest(limit=99)) < mails:
            assert time.monotonic() < limit
            time.sleep(0.1)
    finally:
        for one in lookers:
            one.kill()
            one.communicate()
    assert office.look() == 0
    slots = office.store.slots.newest(limit=99)
    kept = sorted((office.folder / slot.inputs["ファイル"]).read_bytes() for slot in slots)
    assert kept == sorted(f"{number}".encode() * 5000 for number in range(mails))


def test_a_process_that_dies_between_slot_and_position_starts_nothing_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.rule(mark_read=True)
    office.deliver(mail(1, **{"a.pdf": PDF}))

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bofbot.adapters.mailbox.Inbox.mark_read", dies)
        with pytest.raises(KeyboardInterrupt):
            office.look()
    assert len(office.slots()) == 1
    assert office.look(office.fresh()) == 0
    assert [name[-4:] for name in office.server.stored(office.box) if name.endswith("S")] == [":2,S"]


def test_a_process_that_dies_before_the_slot_is_written_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(mail(1, **{"a.pdf": PDF}))

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Mailing, "_noted", dies)
        with pytest.raises(KeyboardInterrupt):
            office.look()
    assert len(list((office.folder / "inbox").glob("*/01_a.pdf"))) == 1
    assert office.slots() == []
    assert office.look(office.fresh()) == 1
    assert len(list((office.folder / "inbox").glob("*/01_a.pdf"))) == 1


def test_a_mailbox_in_trouble_is_told_by_who_ticks(office: Office) -> None:
    office.fields["imap_folder"] = "no such folder"
    book = [office.schedule]
    ticker = Server(
        office.store.slots, lambda: book, lambda *_: pytest.fail("played"), lambda *_: None,
        lambda: datetime.now(UTC), mailing=office.mailing, language="ja",
    )  # fmt: skip
    ticker.tick()
    office.mailing.wait(20)
    ticker.tick()
    (beat,) = office.store.slots.heartbeats()
    assert beat.trouble.startswith("請求: ")
    assert "フォルダーがありません" in beat.trouble
    line = serving_line([beat], datetime.now(UTC))
    assert line is not None
    assert "請求: " in line.ja
    book.clear()
    ticker.tick()
    assert office.store.slots.heartbeats()[0].trouble == ""


def test_mails_are_moved_only_when_that_is_asked_for(office: Office) -> None:
    office.rule(move="処理済 & 保管")
    office.deliver(mail(1, **{"a.pdf": PDF}))
    with pytest.raises(NotReady, match="no folder"):
        office.look()
    assert office.slots() == []  # it begins once there is a place for it
    done = f".{_utf7('処理済 & 保管')}"
    office.server.deliver(b"From: x@y.example\r\n\r\n", done)
    office.deliver(mail(2, **{"a.pdf": PDF}))
    office.deliver(mail(3, sender="a@else.example"))
    assert office.look() == 2
    assert len(office.server.stored(done)) == 3
    assert len(office.server.stored(office.box)) == 2


def test_a_mail_that_the_server_cannot_give_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        office.deliver(mail(number, **{"a.pdf": PDF}))
    real = Inbox.message

    def damaged(inbox: Inbox, uid: int) -> bytes:
        if uid == inbox.next - 3:
            inbox._demand(("NO", [b"[SERVERBUG] message is damaged"]))
        if uid == inbox.next - 2:
            raise Gone("moved away by a person")
        return real(inbox, uid)

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "message", damaged)
        assert office.look() == 2
    states = {slot.state: slot for slot in office.slots()}
    assert set(states) == {"due", "failed"}
    assert "message is damaged" in states["failed"].why.en  # type: ignore[union-attr]
    assert office.look() == 0


def test_folders_with_japanese_names(office: Office) -> None:
    assert _utf7("処理済 & 保管") == "&UeZ0Bm4I- &- &T917oQ-"
    office.server.deliver(mail(9, **{"a.pdf": PDF}), f".{_utf7('処理済')}")
    office.fields["imap_folder"] = "処理済"
    with opened(Mailbox.of({k: Secret(v, k) for k, v in office.fields.items()})) as inbox:  # type: ignore[arg-type]
        assert inbox.uids_after(0)


def test_what_lay_there_before_stays_and_a_pause_waits(office: Office) -> None:
    paused = replace(office.schedule, pause_why="監査中")
    office.deliver(mail(1, **{"a.pdf": PDF}))
    office.mailing.look(paused, datetime.now(UTC))
    office.mailing.wait(20)
    assert office.slots() == []
    office.mailing.look(office.schedule, datetime.now(UTC))
    office.mailing.wait(20)
    assert len(office.slots()) == 1


def test_what_came_between_add_and_the_first_look_counts(office: Office) -> None:
    other = replace(office.schedule, name="後から")
    office.deliver(mail(1, **{"a.pdf": PDF}))
    added = datetime.now(UTC) + timedelta(seconds=2)
    office.store.slots.note("後から", None, added, ())
    assert office.mailing.look_now(other, datetime.now(UTC)) == 0
    office.store.slots.note("前から", None, datetime.now(UTC) - timedelta(hours=1), ())
    assert office.mailing.look_now(replace(other, name="前から"), datetime.now(UTC)) == 1


def test_programs_and_large_mails_are_told_and_not_played(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.rule(attachments=())
    office.deliver(mail(1, **{"請求書.pdf.exe": b"MZ"}))
    assert office.look() == 1
    monkeypatch.setattr("bofbot.schedule.mailing.LARGEST_MAIL", 400)
    office.deliver(mail(2, **{"a.pdf": b"x" * 900}))
    assert office.look() == 1
    large, program = office.slots()
    assert (large.state, program.state) == ("failed", "failed")
    assert "is a program" in (program.why or large.why).en  # type: ignore[union-attr]
    assert not (office.folder / "inbox").exists()
    told: list[str] = []
    ticker = Server(
        office.store.slots, lambda: (), lambda *_: pytest.fail("played"), lambda _, said: told.append(said.en),
        lambda: datetime.now(UTC),
    )  # fmt: skip
    ticker.tick()
    assert sorted("was not fetched" in one for one in told) == [False, True]


def test_a_wrong_password_is_tried_once_and_burnt(office: Office) -> None:
    office.fields["imap_password"] = "wrong"
    mailing = office.fresh()
    for _ in range(3):
        mailing.look(office.schedule, datetime.now(UTC))
        mailing.wait(20)
    assert office.burnt == ["経理"]
    assert "refuses the log-in" in mailing.troubles["請求"].en


def test_a_server_that_does_not_prove_its_name_gets_no_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {
        **office.fields,
        "imap_port": str(office.server.tls_port),
        "imap_tls": "yes",
        "imap_host": "localhost",
    }
    mailbox = Mailbox.of({name: Secret(value, name) for name, value in fields.items()})
    assert mailbox
    with pytest.raises(NotReady) as wrong, opened(mailbox):
        pass
    assert not isinstance(wrong.value, Refused)
    assert "does not prove who it is" in wrong.value.message.en
    monkeypatch.setenv("SSL_CERT_FILE", str(office.server.certificate))
    with opened(mailbox) as inbox:
        assert inbox.validity
    with pytest.raises(NotReady), opened(replace(mailbox, host="127.0.0.1")):
        pass


# Attachments, without a server -------------------------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return stream.getvalue()


def overlapping() -> bytes:
    """One part that the table of contents lists three times."""
    raw = zipped(**{"a.txt": bytes(1000) + b"x" * 5000})
    end = raw.rindex(b"PK\x05\x06")
    start = raw.index(b"PK\x01\x02")
    entry = raw[start:end]
    tail = bytearray(raw[end:])
    tail[8:10] = tail[10:12] = (3).to_bytes(2, "little")
    tail[12:16] = (3 * len(entry)).to_bytes(4, "little")
    return raw[:start] + entry * 3 + bytes(tail)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("請求書.exe", b"x", "is a program"),
        ("請求書.pdf", b"MZ\x90", "is a program"),
        ("a.SCR. ", b"x", "is a program"),
        ("請求書\u202efdp.exe", b"x", "is a program"),
        ("x.lnk", b"x", "is a program"),
        ("書類.zip", zipped(**{"x/請求書.pdf.js": b"1"}), "holds a program"),
        ("bomb.zip", zipped(**{"a.txt": bytes(30_000_000)}), "would unpack to 30,000,000"),
        ("many.zip", zipped(**{f"{n}.txt": b"" for n in range(10_001)}), "10,001 parts"),
        ("over.zip", overlapping(), "would unpack"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "damaged zip"),
    ],
)
def test_what_no_robot_is_given(name: str, content: bytes, said: str) -> None:
    with pytest.raises(BadAttachment) as bad:
        judge(Attachment(name, content))
    assert said in bad.value.reason.en


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("明細.csv", b"1,2"),
        ("a.xlsx", zipped(**{"xl/a.xml": b"<a/>" * 9000})),
        ("説明.com版.txt", b"x"),
        ("無名", b""),
    ],
)
def test_what_offices_send_passes(name: str, content: bytes) -> None:
    judge(Attachment(name, content))


def test_logos_are_no_attachments_and_a_mail_inside_is_kept_whole() -> None:
    outer = EmailMessage(policy=SMTP)
    outer.set_content("<img src=cid:logo>", subtype="html")
    outer.add_related(b"png", "image", "png", cid="<logo>", filename="logo.png", disposition="inline")
    outer.add_attachment(_inner(), filename="転送.eml")
    names = [one.name for one in attachments_of(outer.as_bytes(), lambda _: True, named=False)]
    assert names == ["転送.eml"]
    named = attachments_of(outer.as_bytes(), lambda name: name.endswith(".png"), named=True)
    assert [one.content for one in named] == [b"png"]
    old = (
        b'MIME-Version: 1.0\r\nContent-Type: application/pdf; name="=?ISO-2022-JP?B?GyRCQEE1YT1xGyhCLnBkZg==?="\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n"
    )
    (one,) = attachments_of(old, lambda _: True, named=False)
    assert (one.name, one.content) == ("請求書.pdf", b"%PDF")


def _inner() -> EmailMessage:
    inner = EmailMessage(policy=SMTP)
    inner["Subject"] = "内側"
    inner.set_content("本文")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    return inner


def test_a_mail_that_is_nothing_but_depth_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    )
    with pytest.raises(BadAttachment) as bad:
        attachments_of(b"MIME-Version: 1.0\r\n" + deep, lambda _: True, named=False)
    assert "cannot be taken apart" in bad.value.reason.en
    monkeypatch.setattr(attachments, "MOST", 1)
    with pytest.raises(BadAttachment):
        attachments_of(mail(1, **{"a.pdf": b"1", "b.pdf": b"2"}), lambda _: True, named=False)


def test_a_folder_of_attachments_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (Attachment("a.pdf", b"1"), Attachment("a.pdf", b"2"))
    real, count = attachments.atomic_write, iter(range(9))

    def full(path: Path, write: bytes) -> None:
        if next(count):
            raise OSError(28, "No space left on device")
        real(path, write)

    with monkeypatch.context() as patch:
        patch.setattr(attachments, "atomic_write", full)
        with pytest.raises(ApplicationError) as bad:
            save(found, tmp_path / "inbox" / "x")
    assert "disk is full" in bad.value.message.en
    assert list((tmp_path / "inbox").iterdir()) == []
    paths = save(found, tmp_path / "inbox" / "x")
    assert [path.name for path in paths] == ["01_a.pdf", "02_a.pdf"]
    assert (
        save((Attachment("a.pdf", b"3"),), tmp_path / "inbox" / "x")[0].read_bytes() == b"1"
    )  # the first stays
