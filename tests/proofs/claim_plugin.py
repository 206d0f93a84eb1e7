"""A verb as a stranger would write it, with nothing but bofbot's contract and plain HTTP: it registers a claim in the
practice portal, without a browser, so that hundreds of lives cost seconds.

It is installed as an entry point of its own (`test_many_kills.py`)."""

from __future__ import annotations

import html
import http.client
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Self
from urllib.parse import quote, urlencode, urlsplit

from bofbot.action import Action, Context, Finding, Resource, Result, Scalar
from bofbot.errors import ApplicationError, BusinessError, Uncertain
from bofbot.words import Sentence

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
USUAL = {"day": "2026/10/05", "employee": "100101", "subject": "消耗品費", "payee": "文具店", "note": "試験"}
SETTLE = timedelta(seconds=1)
"""How long the portal may take until a booking shows in its list."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the portal."""

    status: int
    to: str
    text: str


class PortalLine(Resource):
    """A way to the portal without a browser. Each request has a connection of its own and goes out once."""

    def __init__(self, host: str, account: dict[str, str]) -> None:
        self._host, self._account = host, account
        self._cookie = ""

    @classmethod
    async def open(cls, context: Context) -> Self:
        account = {name: field.reveal() for name, field in context.secret("練習ポータル").items()}
        return cls(urlsplit(context.base_url).netloc, account)

    async def close(self) -> None: ...

    def enter(self) -> None:
        """Log in, unless that was done. Raises ApplicationError."""
        if not self._cookie and self.ask("POST", "/login", self._account | {"next": "/home"}).to != "/home":
            raise ApplicationError(Sentence.same("the portal did not let us in"))

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        """One request, one connection. Raises ApplicationError when the answer does not come whole."""
        line = http.client.HTTPConnection(self._host, timeout=3)
        try:
            line.request(method, path, urlencode(form) if form else None, FORM | {"Cookie": self._cookie})
            answer = line.getresponse()
            page = Page(answer.status, answer.getheader("Location") or "", answer.read().decode())
        except (OSError, http.client.HTTPException) as error:
            raise ApplicationError(Sentence.same(f"no whole answer: {error!r}")) from error
        finally:
            line.close()
        if given := answer.getheader("Set-Cookie"):
            self._cookie = given.split(";")[0]
        if page.to.startswith("/login"):
            self._cookie = ""  # the session is over
        return page


class Claim(Action):
    """Registers a claim by HTTP.
    HTTP で申請を登録する。"""

    verb: ClassVar[str] = "claim"
    effect: ClassVar[bool] = True

    claim: Scalar
    """The claim's number.
    申請番号。"""
    amount: Scalar
    """Yen.
    金額。"""

    def names_made(self) -> tuple[str, ...]:
        return ("receipt",)

    async def run(self, context: Context) -> Result:
        line = await context.resource(PortalLine)
        line.enter()
        context.effect.arm({"method": "POST", "url": f"{context.base_url}/claims/new"})
        said = line.ask(
            "POST", "/claims/new", USUAL | {"number": str(self.claim), "amount": f"{self.amount}"}
        )
        if said.status == 303 and said.to.startswith("/claims/done/"):
            return Result(names={"receipt": said.to.rpartition("/")[2]})
        if said.status == 200 and (refused := re.search(r'class="alert"[^>]*>\s*([^<]+)', said.text)):
            raise BusinessError(Sentence.same(refused[1].strip()))
        raise Uncertain(Sentence.same(f"answer {said.status} {said.to}"))

    async def look_up(self, context: Context, *, since: datetime, fenced: bool) -> Finding | None:
        line = await context.resource(PortalLine)
        line.enter()
        said = line.ask("GET", f"/claims?q={quote(str(self.claim))}")
        rows = [
            [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
            for row in re.findall(r"<tr>(<td>.*?)</tr>", said.text, re.DOTALL)
        ]  # fmt: skip
        count = re.search(r'id="count"[^>]*>\s*(\d+)', said.text)
        found = [row for row in rows if str(self.claim) in row]
        if said.status != 200 or count is None or int(count[1]) != len(rows):
            return Finding("unknown", Sentence.same("the list could not be read"))
        if found:
            state = "done" if len(found) == 1 else "unknown"
            return Finding(state, Sentence.same("it is in the list"), receipt=found[0][0])
        settled = context.clock() - since >= SETTLE
        return Finding("absent" if settled and fenced else "unknown", Sentence.same("it is not in the list"))
