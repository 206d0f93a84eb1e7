"""A process that looks into a mailbox again and again until it is killed: python -m tests.schedule.looking FOLDER PORT BOX"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bofbot.errors import BofbotError
from bofbot.schedule.book import Schedule
from bofbot.schedule.letters import LetterRule
from bofbot.schedule.mailing import Mailing, Secrets
from bofbot.schedule.sentences import read_sentence
from bofbot.secret import Secret
from bofbot.store import open_store
from bofbot.store.positions import Positions
from tests.schedule.dovecot import PASSWORD, USER


def main(folder: Path, port: str, box: str) -> None:
    fields = {
        "imap_host": "127.0.0.1", "imap_port": port, "imap_tls": "no", "imap_user": USER, "imap_password": PASSWORD, "imap_folder": box,
    }  # fmt: skip
    secrets = Secrets(lambda _: {name: Secret(value, name) for name, value in fields.items()}, lambda _: None)
    schedule = Schedule(
        "請求", "登録", read_sentence("メールが届いたら"), {"ファイル": "${attachments}"}, mail=LetterRule("m", mark_read=True)
    )  # fmt: skip
    with open_store(folder / "bofbot.db") as store:
        mailing = Mailing(store.slots, Positions(store.database), secrets, folder)
        print("looking", flush=True)  # noqa: T201 (what the test waits for)
        while True:
            try:
                mailing.look_now(schedule, datetime.now(UTC))
            except BofbotError:
                time.sleep(0.1)  # a server that closes a killed client's session


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
