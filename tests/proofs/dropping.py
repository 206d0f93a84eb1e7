"""A site that books a POST and then drops the kept-alive connection before the first byte of its answer."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs

FORM = """<!doctype html><meta charset=utf-8><title>登録</title>
<form method=post action=/book><p>番号 <input name=no value="{no}"></p><button>登録</button></form>"""

LOGIN = """<!doctype html><meta charset=utf-8><title>ログイン</title>
<form method=post action=/book><input type=hidden name=no value="{no}"><p>ユーザーID <input name=user></p>
<p>パスワード <input type=password name=password></p><button>ログイン</button></form>"""
SCRIPT = """<!doctype html><meta charset=utf-8><title>登録</title><button id=go>送る</button>
<script>go.onclick = () => fetch('/book', {{method: 'POST', body: 'no={no}'}})</script>"""
BLOB = SCRIPT.replace("'no={no}'", "new Blob(['no={no}'])")
"""A blob is what only the browser itself can read and send."""
PAGES = {"/login": LOGIN, "/form": FORM, "/fetch": SCRIPT, "/blob": BLOB}


@dataclass
class Dropping:
    """`url`, and how often each number was really booked."""

    url: str = ""
    booked: Counter[str] = field(default_factory=Counter)
    kept_alive: int = 0
    """Posts that came on a connection that had answered before."""

    def twice(self) -> list[str]:
        return [number for number, times in self.booked.items() if times > 1]

    def serve(self, connection: socket.socket) -> None:
        answered = 0
        try:
            while request := _read(connection):
                method, path, body = request
                if method == "POST":
                    number = parse_qs(body)["no"][0]
                    self.booked[number] += 1
                    self.kept_alive += answered > 0
                    if self.booked[number] == 1:
                        _reset(connection)
                        return
                    _answer(connection, "<p>登録しました</p>")
                elif path == "/cut":
                    _reset(connection)
                    return
                elif path.startswith("/list"):
                    _answer(connection, "".join(f"<li>{number}</li>" for number in self.booked))
                else:
                    kind, _, number = path.partition("?no=")
                    _answer(connection, PAGES.get(kind, FORM).format(no=number))
                answered += 1
        except OSError:
            pass  # the browser went away
        finally:
            connection.close()


@contextmanager
def dropping(certificate: Path | None = None) -> Iterator[Dropping]:
    """Serve on 127.0.0.1, any port; with a certificate (one PEM file with its key) by https."""
    site, listener = Dropping(), socket.create_server(("127.0.0.1", 0))
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    site.url = f"{'https' if context else 'http'}://127.0.0.1:{listener.getsockname()[1]}"

    def begin(connection: socket.socket) -> None:
        try:
            site.serve(context.wrap_socket(connection, server_side=True) if context else connection)
        except OSError:
            connection.close()  # no handshake: a preconnect that was never used

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=begin, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def self_made_certificate(path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _read(connection: socket.socket) -> tuple[str, str, str] | None:
    data = b""
    while b"\r\n\r\n" not in data:
        block = connection.recv(65536)
        if not block:
            return None
        data += block
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    lengths = [line.split(":")[1] for line in lines if line.lower().startswith("content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
    method, path, _ = lines[0].split(" ", 2)
    return method, path, body.decode()


def _answer(connection: socket.socket, body: str) -> None:
    data = body.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(data)}\r\n\r\n"
    connection.sendall(head.encode() + data)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
