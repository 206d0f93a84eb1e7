"""A small real IMAP server on 127.0.0.1: one mailbox that is only read, the few commands a reader of codes needs."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

USER, PASSWORD = "keiri@example.com", "mail-pass-1"


@dataclass
class MailServer:
    """`port`, and what lies in the mailbox."""

    port: int = 0
    messages: list[tuple[datetime, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def deliver(
        self,
        text: str,
        *,
        subject: str = "認証コードのお知らせ",
        sender: str = "no-reply@bank.example",
        charset: str = "utf-8",
        at: datetime | None = None,
    ) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, USER, subject
        message.set_content(text, charset=charset)
        self.messages.append((at or datetime.now().astimezone(), message.as_bytes()))


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, rest = line.partition(" ")
            verb = " ".join(rest.split()[:2] if rest.startswith("UID") else rest.split()[:1]).upper()
            self.mail.commands.append(verb)
            if verb == "LOGOUT":
                self._say("* BYE", f"{tag} OK done")
                return
            self._answer(tag, verb, rest)

    @property
    def mail(self) -> MailServer:
        return self.server.mail  # type: ignore[attr-defined, no-any-return]

    def _answer(self, tag: str, verb: str, rest: str) -> None:
        if verb == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1", f"{tag} OK done")
        elif verb == "LOGIN":
            right = rest.split(" ", 1)[1].replace('"', "") == f"{USER} {PASSWORD}"
            self._say(f"{tag} OK done" if right else f"{tag} NO [AUTHENTICATIONFAILED] refused")
        elif verb == "EXAMINE":
            self._say(f"* {len(self.mail.messages)} EXISTS", f"{tag} OK [READ-ONLY]")
        elif verb == "UID SEARCH":
            wanted = re.search(r'FROM "([^"]*)"', rest)
            hits = [
                str(n)
                for n, (_, raw) in enumerate(self.mail.messages, 1)
                if not wanted or wanted[1].encode() in raw
            ]
            self._say(f"* SEARCH {' '.join(hits)}".rstrip(), f"{tag} OK done")
        elif verb == "UID FETCH":
            number = int(rest.split()[2])
            at, raw = self.mail.messages[number - 1]
            self._say(
                f'* {number} FETCH (UID {number} INTERNALDATE "{at:%d-%b-%Y %H:%M:%S %z}" BODY[] {{{len(raw)}}}'
            )
            self.wfile.write(raw + b")\r\n")
            self._say(f"{tag} OK done")
        else:
            self._say(f"{tag} BAD {verb}")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        mail = MailServer(server.server_address[1])
        server.mail = mail  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield mail
        finally:
            server.shutdown()
