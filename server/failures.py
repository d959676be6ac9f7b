"""One JSON form for every error of the REST routes: {"error": {"code", "message", "hint"}}."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from pipelines.errors import InkframeError
from server.headers import headers_for

log = logging.getLogger(__name__)

RETRY_SECONDS = "5"


class ErrorBody(BaseModel):
    """What went wrong: a stable code, a sentence, and what to do."""

    code: str
    message: str
    hint: str = ""


class ErrorReply(BaseModel):
    """The body of every answer that is not a success."""

    error: ErrorBody


def reply(status: int, code: str, message: str, hint: str = "") -> JSONResponse:
    """An error as JSON; 429 and 503 also say when to come back."""
    headers = {"Retry-After": RETRY_SECONDS} if status in (429, 503) else None
    told = message.encode("utf-8", "replace").decode()  # half a character can't be sent
    body = ErrorReply(error=ErrorBody(code=code, message=told, hint=hint))
    return JSONResponse(body.model_dump(), status, headers)


def explain_failures(app: FastAPI) -> None:
    """Make every failure of the app's own routes answer in the one form."""

    @app.exception_handler(InkframeError)
    def known(_: Request, error: InkframeError) -> JSONResponse:
        return reply(error.status, error.code, error.message, error.hint)

    explain_malformed(app)

    @app.exception_handler(HTTPException)
    def plain(_: Request, error: HTTPException) -> JSONResponse:
        code = {401: "unauthorized", 404: "not_found", 413: "too_large"}.get(error.status_code, "bad_request")
        answer = reply(error.status_code, code, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    def unknown(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        answer = reply(
            500,
            "internal",
            "Something went wrong inside Inkframe.",
            "The log has the details; please report it.",
        )
        answer.headers.update(headers_for(request.url.path))  # it passes no layer of the app's any more
        return answer


def explain_malformed(app: FastAPI) -> None:
    """Answer what does not fit a route's fields in the one form, without repeating what was sent."""

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        name = str(first["loc"][-1])
        if "UploadFile" in first["msg"]:
            return reply(
                422, "invalid_option", f"{name} must be a file.", "Send it as a multipart file part."
            )
        missing = first["type"] == "missing"
        message = f"{name} is missing." if missing else f"{name}: {first['msg']}."
        return reply(422, "invalid_option", message, "See /docs for the fields that this route takes.")
