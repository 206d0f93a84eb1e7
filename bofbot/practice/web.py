"""The portal's door to Starlette: pages, redirects, sessions and the language of the visitor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bofbot.practice.backoffice import BackOffice, Session
from bofbot.practice.company import SYSTEM
from bofbot.words import Language, Sentence

__all__ = [
    "STATIC",
    "ASGIApp",
    "HTMLResponse",
    "JSONResponse",
    "Message",
    "Mount",
    "Receive",
    "RedirectResponse",
    "Request",
    "Response",
    "Route",
    "Scope",
    "Send",
    "Starlette",
    "StaticFiles",
    "StreamingResponse",
    "UploadFile",
    "form_of",
    "go",
    "office_of",
    "page",
    "session_of",
    "speaks",
]  # fmt: skip

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
SESSION_COOKIE = "renshu_session"
LANGUAGE_COOKIE = "renshu_lang"


def office_of(request: Request) -> BackOffice:
    office: BackOffice = request.app.state.office
    return office


def session_of(request: Request) -> Session | None:
    """The visitor's session, or None when there is none, or when its second factor is still missing."""
    session = office_of(request).sessions.get(request.cookies.get(SESSION_COOKIE, ""))
    return session if session and session.proven else None


def speaks(request: Request) -> Language:
    """The language asked for with ?lang=, or kept from an earlier page; Japanese to begin with."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return "en" if chosen == "en" else "ja"


async def form_of(request: Request) -> dict[str, str]:
    """The text fields that were sent, outer blanks removed; a file stands as its name and size."""
    sent = await request.form()
    return {name: await _text(value) for name, value in sent.multi_items()}


async def _text(value: UploadFile | str) -> str:
    if isinstance(value, str):
        return value.strip()
    content = await value.read()
    return f"{value.filename} ({len(content)} bytes)" if value.filename else ""


def go(path: str) -> Response:
    """Show another page next (303: by GET)."""
    return RedirectResponse(path, 303)


def page(request: Request, template: str, /, status: int = 200, **values: Any) -> Response:
    """A page from a template, in the visitor's language; the choice of language is kept."""
    response = _templates.TemplateResponse(request, template, values, status_code=status)
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, speaks(request))
    return response


def _always(request: Request) -> dict[str, Any]:
    """What every template may use."""
    office, language = office_of(request), speaks(request)
    session = session_of(request)
    renamed = office.faults.look("renamed_buttons", request.url.path) is not None
    covered = office.faults.look("overlay", request.url.path) is not None
    return {
        "lang": language,
        "say": lambda ja, en: ja if language == "ja" else en,
        "said": lambda sentence: sentence.said_in(language) if isinstance(sentence, Sentence) else sentence,
        "button": _button_names(language, renamed),
        "system": SYSTEM.said_in(language),
        "session": session,
        "now": office.clock(),
        "overlay": covered,
        "path": request.url.path,
    }


def _button_names(language: Language, renamed: bool) -> Callable[[str], str]:
    def name(button: str) -> str:
        plain, other = _BUTTONS[button]
        return (other if renamed else plain).said_in(language)

    return name


_BUTTONS: dict[str, tuple[Sentence, Sentence]] = {
    "login": (Sentence(en="Log in", ja="ログイン"), Sentence(en="Sign in", ja="サインイン")),
    "verify": (Sentence(en="Verify", ja="認証する"), Sentence(en="Continue", ja="次に進む")),
    "search": (Sentence(en="Search", ja="検索"), Sentence(en="Look up", ja="照会")),
    "register": (Sentence(en="Register", ja="登録"), Sentence(en="Send", ja="送信する")),
    "confirm": (Sentence(en="Confirm", ja="確認"), Sentence(en="Next", ja="次へ")),
    "back": (Sentence(en="Back", ja="戻る"), Sentence(en="Correct", ja="修正する")),
    "clear": (Sentence(en="Clear", ja="クリア"), Sentence(en="Reset", ja="やり直す")),
    "show": (Sentence(en="Show", ja="表示"), Sentence(en="View", ja="照会する")),
    "transfer": (Sentence(en="Transfer", ja="振込実行"), Sentence(en="Execute", ja="この内容で確定")),
}

_templates = Jinja2Templates(directory=_HERE / "templates", context_processors=[_always])
