"""The sign-in page: opens with the login or the token, and leaves the browser a cookie."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.types import Scope

from pipelines.settings import Settings
from server.allowance import Allowance, client_of
from server.credentials import VALID_SECONDS, SignIns, may_sign_in
from server.failures import reply
from server.uploads import read_texts

PATH, LEAVE = "/login", "/logout"
PAGE = Path(__file__).with_name("sign_in.html")


def build_sign_in(settings: Settings, sign_ins: SignIns, guesses: Allowance) -> APIRouter:
    """GET and POST /login, GET /logout. A wrong guess is counted; the door refuses a client with too many."""
    router = APIRouter(include_in_schema=False)
    name = cookie_name(settings)

    @router.get(PATH)
    def show_form(request: Request, next: str = "/") -> Response:
        if not settings.wants_sign_in:
            return RedirectResponse(inside(request.scope, next), 303)
        return HTMLResponse(draw_form(next, settings))

    @router.post(PATH)
    async def sign_in(request: Request) -> Response:
        form = await read_texts(request)
        wish, reads = form.get("next", "/"), "text/html" in request.headers.get("accept", "")
        if not may_sign_in(form.get("username", ""), form.get("password", ""), settings):
            guesses.spend(client_of(request.scope))
            if reads:
                return HTMLResponse(draw_form(wish, settings, failed=True), 401)
            return reply(401, "unauthorized", "That is not the name and the password.")
        answer: Response = RedirectResponse(inside(request.scope, wish), 303)
        if not reads:
            answer = JSONResponse({"success": True})
        answer.set_cookie(
            name,
            sign_ins.open(),
            max_age=VALID_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.get(LEAVE)
    def sign_out(request: Request) -> Response:
        sign_ins.close(request.cookies.get(name, ""))
        answer = RedirectResponse(inside(request.scope, PATH), 303)
        answer.delete_cookie(name)
        return answer

    return router


def lead_to_form(scope: Scope) -> RedirectResponse:
    """To the sign-in page, and from there to where one wanted to go."""
    query = scope["query_string"].decode("latin-1")
    wish = scope["path"] + (f"?{query}" if query else "")
    answer = RedirectResponse(f"{inside(scope, PATH)}?{urlencode({'next': wish})}", 303)
    answer.headers["cache-control"] = "no-store"
    return answer


def inside(scope: Scope, wish: str) -> str:
    """An address of this server, whatever is wished for."""
    local = wish.startswith("/") and not wish.startswith(("//", "/\\")) and wish.isprintable()
    return scope.get("root_path", "").rstrip("/") + (wish if local else "/")


def draw_form(next: str, settings: Settings, *, failed: bool = False) -> str:
    """The page, in both languages at once."""
    page = Template(PAGE.read_text(encoding="utf-8"))
    return page.substitute(
        next=escape(next),
        user="" if settings.login else "hidden",
        word="Password · 密码" if settings.login else "Token · 令牌",
        trouble="" if failed else "hidden",
    )


def cookie_name(settings: Settings) -> str:
    """A cookie is the whole machine's, whatever the port: two servers must not take each other's."""
    return f"inkframe_session_{settings.port}"
