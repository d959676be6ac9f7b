"""Which language a visitor gets: the one they chose, else the one their browser asks for.

English is the page at "/", Chinese the one at "/zh". `/?lang=zh-CN` is a choice: it is kept in a cookie.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.texts import CHINESE, ENGLISH, LANGUAGES

COOKIE = "inkframe_lang"
PATHS = {ENGLISH: "", CHINESE: "zh"}
YEAR = 365 * 24 * 3600
TAG = re.compile(r"\s*([A-Za-z-]+|\*)\s*(?:;\s*q\s*=\s*([\d.]+))?\s*")


def choose_language(asked: str, cookie: str, accept: str) -> str:
    """The language of a visit: `asked` in the address, else the cookie's, else Accept-Language's first."""
    for choice in (asked, cookie):
        if choice in LANGUAGES:
            return choice
    for tag in _rank(accept):
        if tag.lower().startswith(("zh", "en")):
            return CHINESE if tag.lower().startswith("zh") else ENGLISH
    return ENGLISH


class LeadToLanguage:
    """Sends a visitor of "/" to the page in their language; every other request passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _lead(scope) if scope["type"] == "http" and scope["path"] in ("", "/") else None
        await (answer or self._app)(scope, receive, send)


def _lead(scope: Scope) -> RedirectResponse | None:
    visit = HTTPConnection(scope)
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    asked = query.pop("lang", [""])[0]
    lang = choose_language(asked, visit.cookies.get(COOKIE, ""), visit.headers.get("accept-language", ""))
    if lang == ENGLISH and not asked:
        return None
    rest = f"?{urlencode(query, doseq=True)}" if query else ""
    root = scope.get("root_path", "").rstrip("/")
    answer = RedirectResponse(f"{root}/{PATHS[lang]}{rest}", status_code=307)
    answer.headers["vary"] = "Cookie, Accept-Language"
    answer.headers["cache-control"] = "no-store"
    if asked in LANGUAGES:
        answer.set_cookie(COOKIE, asked, max_age=YEAR, samesite="lax")
    return answer


def _rank(accept: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first."""
    found = [TAG.fullmatch(part) for part in accept.split(",")]
    ranked = [(float(match[2] or 1), match[1]) for match in found if match and match[2] != "."]
    return [tag for weight, tag in sorted(ranked, key=lambda each: -each[0]) if weight > 0]
