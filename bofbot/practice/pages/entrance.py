"""Logging in and out, the second factor, and the home page."""

from __future__ import annotations

from bofbot.practice.backoffice import LOCKED_AFTER
from bofbot.practice.company import USERS, totp_fits
from bofbot.practice.pages.gate import guarded
from bofbot.practice.web import (
    SESSION_COOKIE,
    Request,
    Response,
    Route,
    form_of,
    go,
    office_of,
    page,
    session_of,
)
from bofbot.words import Sentence

_WRONG = Sentence(
    en="The user ID or the password is wrong.", ja="ユーザーIDまたはパスワードが正しくありません。"
)
_LOCKED = Sentence(
    en="This account is locked. Ask the administrator.",
    ja="アカウントがロックされました。システム管理者に連絡してください。",
)
_EXPIRED = Sentence(
    en="Your session has expired. Log in again.",
    ja="セッションの有効期限が切れました。再度ログインしてください。",
)
_WRONG_CODE = Sentence(en="The code is wrong.", ja="認証コードが正しくありません。")


async def front(request: Request) -> Response:
    return go("/home" if session_of(request) else "/login")


async def login_form(request: Request) -> Response:
    expired = _EXPIRED if "expired" in request.query_params else None
    return page(request, "login.html", message=expired, next=_next(request.query_params.get("next", "")))


async def login(request: Request) -> Response:
    office, form = office_of(request), await form_of(request)
    name, asked = form.get("user", ""), _next(form.get("next", ""))
    user = USERS.get(name)
    if office.locked(name):
        return page(request, "login.html", message=_LOCKED, next=asked, name=name)
    if user is None or user.password != form.get("password", ""):
        office.wrong_passwords[name] = office.wrong_passwords.get(name, 0) + 1
        message = _LOCKED if office.wrong_passwords[name] >= LOCKED_AFTER else _WRONG
        return page(request, "login.html", message=message, next=asked, name=name)
    office.wrong_passwords.pop(name, None)
    session = office.begin(user)
    office.logins += session.proven
    response = go(asked if session.proven else f"/login/code?next={asked}")
    response.set_cookie(SESSION_COOKIE, session.token, httponly=True, samesite="lax")
    return response


async def code_form(request: Request) -> Response:
    return page(request, "code.html", next=_next(request.query_params.get("next", "")))


async def code(request: Request) -> Response:
    office, form = office_of(request), await form_of(request)
    session = office.sessions.get(request.cookies.get(SESSION_COOKIE, ""))
    if session is None:
        return go("/login?expired=1")
    if not totp_fits(session.user.totp, form.get("code", "")):
        return page(request, "code.html", message=_WRONG_CODE, next=_next(form.get("next", "")))
    session.proven = True
    office.logins += 1
    return go(_next(form.get("next", "")))


async def logout(request: Request) -> Response:
    office_of(request).sessions.pop(request.cookies.get(SESSION_COOKIE, ""), None)
    return page(
        request,
        "login.html",
        message=Sentence(en="You have logged out.", ja="ログアウトしました。"),
        next="/home",
        calm=True,
    )


@guarded
async def home(request: Request) -> Response:
    office = office_of(request)
    return page(request, "home.html", claims=office.shown("claims")[-5:][::-1])


def _next(path: str) -> str:
    """Only a path of this portal; anything else leads home."""
    return path if path.startswith("/") and not path.startswith("//") else "/home"


ROUTES = [
    Route("/", front),
    Route("/login", login_form),
    Route("/login", login, methods=["POST"]),
    Route("/login/code", code_form),
    Route("/login/code", code, methods=["POST"]),
    Route("/logout", logout),
    Route("/home", home),
]
