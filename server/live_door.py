"""Who may open a live socket. A browser lets any page open one, and sends no header of ours along."""

from __future__ import annotations

from fastapi.responses import JSONResponse
from starlette.websockets import WebSocket

from pipelines.studio import Studio
from server.failures import reply
from server.security import is_foreign, may_enter

LIVE = "/api/v1/live"


def find_refusal(socket: WebSocket, studio: Studio) -> JSONResponse | None:
    """Why a socket is not opened, None where it may be: by token or login like every route, or by a ticket that
    the signed-in page was given."""
    ticket = socket.query_params.get("ticket", "")
    allowed = may_enter(socket.headers.get("authorization", ""), studio.settings)
    if not allowed and not studio.tickets.allows(LIVE, ticket):
        return reply(401, "unauthorized", "This route needs a sign-in.", "Send the token as a Bearer token.")
    if is_foreign(socket.headers):
        return reply(403, "foreign_origin", "Another site's page may not use this server.")
    return None
