"""A real Dovecot on 127.0.0.1 for one test: its own folder, its own ports, no privileges; ends with its test."""

from __future__ import annotations

import getpass
import grp
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "keiri", "mail-pass-1"
PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Dovecot:
    """`port` speaks IMAP in the clear, `tls_port` over TLS with a certificate of its own making."""

    folder: Path
    port: int
    tls_port: int
    certificate: Path

    @property
    def fields(self) -> dict[str, str]:
        """The secret of the mailbox."""
        return {
            "imap_host": "127.0.0.1", "imap_port": str(self.port), "imap_tls": "no", "imap_user": USER, "imap_password": PASSWORD,
        }  # fmt: skip

    def deliver(self, raw: bytes, folder: str = "") -> None:
        """As a mail server delivers into a maildir: written aside, then moved to `new`."""
        box = self.folder / "mail" / folder
        for part in ("", "tmp", "new", "cur"):
            (box / part).mkdir(parents=True, exist_ok=True)
            _give(box / part)
        name = f"{time.time_ns()}.test"
        (box / "tmp" / name).write_bytes(raw)
        _give(box / "tmp" / name)
        (box / "tmp" / name).rename(box / "new" / name)

    def stored(self, folder: str = "") -> list[str]:
        """The files of a folder with their flags: `…:2,S` has been read."""
        box = self.folder / "mail" / folder
        return sorted(path.name for part in ("new", "cur") for path in (box / part).glob("*"))

    def forget_numbers(self, folder: str = "") -> None:
        """As after a repair or a move to another server: all UIDs are given anew, under a new UIDVALIDITY."""
        box = self.folder / "mail" / folder
        for path in box.glob("dovecot*"):
            path.unlink()
        names = [path.name for part in ("new", "cur") for path in (box / part).glob("*")]
        lines = [f"{n} :{name.partition(':')[0]}\n" for n, name in enumerate(reversed(names), 1)]
        uids = box / "dovecot-uidlist"
        uids.write_text(f"3 V{int(time.time()) + 1000} N{len(names) + 1}\n" + "".join(lines))
        _give(uids)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Raises RuntimeError with its log when it does not come up within 20 seconds."""
    with tempfile.TemporaryDirectory(prefix="bofbot-mail-") as folder:
        Path(folder).chmod(0o755)  # its log-in process is a user of its own when root starts it
        with _running(Path(folder)) as server:
            yield server


@contextmanager
def _running(folder: Path) -> Iterator[Dovecot]:
    assert PROGRAM
    port, tls_port = _free_port(), _free_port()
    certificate, key = _certificate(folder)
    config = folder / "dovecot.conf"
    config.write_text(_config(folder, port, tls_port, certificate, key))
    process = subprocess.Popen(
        [PROGRAM, "-F", "-c", str(config)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        _wait_for(port, process, folder)
        yield Dovecot(folder, port, tls_port, certificate)
    finally:
        process.terminate()
        process.wait(20)
        assert process.stdout
        process.stdout.close()


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as talk:
                if talk.recv(4):
                    return
        except OSError:
            time.sleep(0.05)
    log = folder / "log"
    raise RuntimeError(f"dovecot did not start: {log.read_text() if log.exists() else ''}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "cert.pem", folder / "key.pem"
    words = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-keyout", str(key), "-out", str(certificate), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
    ]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    return certificate, key


def _owner() -> tuple[int, int]:
    """Whose mails these are: nobody's when root runs the test, for Dovecot opens no mailbox of root."""
    return (65534, 65534) if os.getuid() == 0 else (os.getuid(), os.getgid())


def _give(path: Path) -> None:
    if os.getuid() == 0:
        os.chown(path, *_owner())


def _config(folder: Path, port: int, tls_port: int, certificate: Path, key: Path) -> str:
    uid, gid = _owner()
    (folder / "mail").mkdir()
    _give(folder / "mail")
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}:{uid}:{gid}::{folder}::\n")
    me, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    plain = f"default_internal_user = {me}\ndefault_internal_group = {group}\ndefault_login_user = {me}"
    return f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
{plain if os.getuid() else ""}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
