"""The ladder to a one-time code: an authenticator's key, then a mail, then a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bofbot.action import Context
from bofbot.adapters.credentials.mail_codes import code_by_mail
from bofbot.adapters.credentials.totp import code_now
from bofbot.adapters.mailbox import Mailbox
from bofbot.secret import Secret
from bofbot.words import Sentence


async def one_time_code(context: Context, name: str, fields: Mapping[str, Secret], since: datetime) -> Secret:
    """The code that the site of the secret `name` wants now; `since` is when the password was sent.

    Raises NeedsPerson when only a person has it and nobody can be asked, ApplicationError when no mail comes."""
    if fields.get("totp"):
        code = Secret(code_now(fields["totp"], context.clock()), f"{name}.code")
    elif mailbox := Mailbox.of(fields):
        code = await code_by_mail(mailbox, since, context.timeout * 0.6, context.sleep)
    else:
        question = Sentence(en=f"The one-time code for {name}", ja=f"「{name}」の認証コード")
        code = Secret(await context.ask(question, secret=True), f"{name}.code")
    context.redact.add(code)
    return code
