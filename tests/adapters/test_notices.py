"""Notices against a real mail server and a real webhook on this machine."""

from __future__ import annotations

import email
import email.policy
import json
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bofbot.adapters.notices import filled, place_of, send
from bofbot.errors import ApplicationError, NotReady

without_tls = pytest.mark.filterwarnings(
    "ignore:Requiring AUTH while not requiring TLS"
)  # our server, on this machine

PASSWORD = "p@ss/w:rd?&#%"


class PostOffice:
    """Takes every mail and keeps it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


def check_login(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


def serve(office: PostOffice, **how: Any) -> Controller:
    class OwnPort(Controller):
        def _trigger_server(self) -> None:  # port 0: ask the socket which port it got
            assert self.server is not None
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    return OwnPort(office, hostname="127.0.0.1", port=0, **how)


@pytest.fixture
def post_office() -> Iterator[tuple[PostOffice, int]]:
    office = PostOffice()
    server = serve(office)
    server.start()
    yield office, server.port
    server.stop()


@pytest.fixture
def locked_post_office() -> Iterator[tuple[PostOffice, int]]:
    office = PostOffice()
    server = serve(office, authenticator=check_login, auth_required=True, auth_require_tls=False)
    server.start()
    yield office, server.port
    server.stop()


@pytest.fixture
def webhook() -> Iterator[tuple[list[Any], str]]:
    taken: list[Any] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append(body)
            self.send_response(200 if self.path == "/good" else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield taken, f"json://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def mailto(port: int, login: str = "") -> str:
    return f"mailto://{login}127.0.0.1:{port}?from=robot@example.co.jp&to=keiri@example.co.jp&mode=insecure"


async def test_a_mail_arrives_with_subject_text_and_attachment(
    post_office: tuple[PostOffice, int], tmp_path: Path
) -> None:
    office, port = post_office
    book = tmp_path / "突合結果?name=x.csv"
    book.write_bytes("金額\n1,234".encode("cp932"))
    await send([mailto(port)], "経費申請の登録", "3 行が失敗しました\n<b>& そのまま</b>", [book])
    (mail,) = office.mails
    assert mail["Subject"] == "経費申請の登録"
    assert "keiri@example.co.jp" in mail["To"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "3 行が失敗しました" in body.get_content()
    assert "<b>& そのまま</b>" in body.get_content()
    (attachment,) = mail.iter_attachments()
    assert attachment.get_payload(decode=True) == book.read_bytes()
    assert attachment.get_filename() == book.name


@without_tls
async def test_a_password_from_the_environment_logs_in_whatever_letters_it_has(
    locked_post_office: tuple[PostOffice, int],
) -> None:
    office, port = locked_post_office
    await send([mailto(port, "robot:${MAIL_PASSWORD}@")], "t", "b", environ={"MAIL_PASSWORD": PASSWORD})
    assert len(office.mails) == 1


@without_tls
async def test_a_wrong_password_is_told_without_showing_it(
    locked_post_office: tuple[PostOffice, int],
) -> None:
    office, port = locked_post_office
    with pytest.raises(ApplicationError, match=r"mailto://127\.0\.0\.1") as caught:
        await send(
            [mailto(port, "robot:${MAIL_PASSWORD}@")], "t", "b", environ={"MAIL_PASSWORD": "wrong-word"}
        )
    assert "wrong-word" not in str(caught.value.message)
    assert not office.mails


async def test_a_webhook_is_called(webhook: tuple[list[Any], str]) -> None:
    taken, url = webhook
    await send([f"{url}/good"], "件名", "本文")
    assert (taken[0]["title"], taken[0]["message"]) == ("件名", "本文")


async def test_one_service_that_fails_does_not_keep_the_others_from_hearing(
    webhook: tuple[list[Any], str], post_office: tuple[PostOffice, int]
) -> None:
    _, url = webhook
    office, port = post_office
    with pytest.raises(ApplicationError, match="json://127"):
        await send([f"{url}/bad", mailto(port)], "t", "b")
    assert len(office.mails) == 1


async def test_every_address_is_checked_before_the_first_is_told(post_office: tuple[PostOffice, int]) -> None:
    office, port = post_office
    with pytest.raises(NotReady, match="no address for notices"):
        await send([mailto(port), "chatt://token-of-mine/x"], "t", "b")
    with pytest.raises(NotReady, match="SLACK_URL is not set"):
        await send([mailto(port), "${SLACK_URL}"], "t", "b", environ={})
    with pytest.raises(ApplicationError, match="to attach"):
        await send([mailto(port)], "t", "b", [Path("nowhere.pdf")])
    assert not office.mails


def test_a_whole_address_from_the_environment_stays_as_it_is() -> None:
    environ = {"SLACK_URL": "slack://a/b/c", "PW": "a/b@c"}
    assert filled("${SLACK_URL}", environ) == "slack://a/b/c"
    assert filled("mailto://u:${PW}@h", environ) == "mailto://u:a%2Fb%40c@h"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mailto://user:word@smtp.example.com:587?to=x", "mailto://smtp.example.com:587"),
        ("slack://TOKENA/TOKENB", "slack://…"),
        ("${WHOLE}", "${WHOLE}"),
        ("garbage", "?"),
    ],
)
def test_what_is_shown_of_an_address_is_no_secret(url: str, shown: str) -> None:
    assert place_of(url) == shown
