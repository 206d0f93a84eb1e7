"""The naive twin: what a hand-written script does. It retries on error and notes its progress after each success.

python twin.py HOST USER PASSWORD PROGRESS NAME ITEMS THINK — posts the claims NAME-0001 … to the practice portal, `THINK`
seconds of work before and after each post (a browser needs far longer)."""

from __future__ import annotations

import http.client
import json
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

CLAIM = {"day": "2026/10/05", "employee": "100101", "subject": "消耗品費", "payee": "文具店", "amount": "1200", "note": "試験"}  # fmt: skip
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def posted(host: str, path: str, form: dict[str, str], cookie: str = "") -> http.client.HTTPResponse:
    line = http.client.HTTPConnection(host, timeout=5)
    line.request("POST", path, urlencode(form), FORM | {"Cookie": cookie})
    return line.getresponse()


def registered(host: str, cookie: str, key: str) -> bool:
    for _ in range(3):
        try:
            answer = posted(host, "/claims/new", CLAIM | {"number": key}, cookie)
            if answer.status == 303 and "/done/" in (answer.getheader("Location") or ""):
                return True
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.01)
    return False


def main() -> None:
    host, user, password, file, name, items, think = sys.argv[1:]
    progress = Path(file)
    done = set(json.loads(progress.read_text())) if progress.exists() else set()
    entered = posted(host, "/login", {"user": user, "password": password, "next": "/home"})
    cookie = (entered.getheader("Set-Cookie") or "").split(";")[0]
    for number in range(1, int(items) + 1):
        key = f"{name}-{number:04d}"
        if key in done:
            continue
        time.sleep(float(think))
        if registered(host, cookie, key):
            time.sleep(float(think))  # the receipt is read from the page
            done.add(key)
            fresh = progress.with_suffix(".new")
            fresh.write_text(json.dumps(sorted(done)))
            fresh.replace(progress)  # careful enough, as far as it goes


if __name__ == "__main__":
    main()
