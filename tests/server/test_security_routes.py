"""Every route of the whole app, taken from its own table: what is new there is tested from its first day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from app import create_app
from pipelines.settings import Settings

OPEN = {"/healthz", "/login", "/logout"}
"""Deliberately without a sign-in: the probe, the sign-in page (it has no further files), and the way out."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SIGN_IN = {"login": "ann:word", "token": "s3cret"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("app")
    settings = Settings(
        outputs=folder / "o", weights=folder / "w", models="none", offline=True, device="cpu", **SIGN_IN
    )
    assert settings.wants_sign_in
    return create_app(settings)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def list_routes(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Path and methods of every route, those of mounted apps and included routers too; a socket has no methods."""
    for route in routes:
        path = prefix + getattr(route, "path", "")
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        if inner:
            yield from list_routes(inner, path)
        elif path:
            yield path, frozenset(getattr(route, "methods", None) or ())


def fill(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "x", path)


def paths(app: FastAPI) -> set[str]:
    return {fill(path) for path, _ in list_routes(app.routes)}


def test_the_table_holds_what_everyone_knows(app: FastAPI) -> None:
    known = {"/healthz", "/metrics", "/docs", "/openapi.json", "/config", "/", "/zh", "/api/v1/live"}
    known |= {"/api/v1/matting", "/api/v1/runs/x/files/x", "/api/v1/jobs/x/result"}
    known |= {"/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/file=x", "/assets/x", "/static/x"}
    assert known <= paths(app)
    assert len(paths(app)) > 80


def test_no_route_answers_without_a_sign_in(app: FastAPI, client: TestClient) -> None:
    for path in sorted(paths(app) - OPEN):
        for method in METHODS:
            answer = client.request(method, path)
            assert answer.status_code == 401, (method, path)
            assert "WWW-Authenticate" in answer.headers


def test_a_wrong_credential_is_none(client: TestClient) -> None:
    for header in ("Bearer wrong", "Basic YW5uOndyb25n", "Basic !!", "Bearer", "s3cret", "Bearer s3cret "):
        assert client.get("/config", headers={"Authorization": header}).status_code == 401
    for cookie in ("inkframe_session_7860=x", "inkframe_session_7860=", "access-token-unsecure=x", ";;=\x01"):
        assert client.get("/config", headers={"Cookie": cookie}).status_code == 401


def test_a_visitor_is_led_to_the_form_and_back(client: TestClient) -> None:
    for path in ("/", "/zh", "/?tab=cartoon", "/docs"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 303
        form = client.get(answer.headers["location"])
        assert form.status_code == 200
        assert f'name="next" value="{path}"' in form.text


def test_no_socket_opens_without_a_sign_in(app: FastAPI, client: TestClient) -> None:
    sockets = {fill(path) for path, methods in list_routes(app.routes) if not methods}
    assert "/api/v1/live" in sockets
    for path in sockets | {"/gradio_api/queue/join"}:
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(path):
            raise AssertionError("it was let in")
        assert refused.value.status_code == 401


def test_the_open_ones_tell_nothing_private(client: TestClient) -> None:
    for path in OPEN:
        text = client.get(path).text
        assert "ann" not in text.replace("channel", "")
        assert "s3cret" not in text
        assert "/o" not in re.findall(r'"(/[^"]*)"', text)


@pytest.mark.parametrize(
    "proof", [{"headers": {"Authorization": "Bearer s3cret"}}, {"auth": ("ann", "word")}], ids=str
)
def test_either_opens_page_and_routes(client: TestClient, proof: dict[str, Any]) -> None:
    for path in ("/", "/config", "/api/v1/runs", "/metrics", "/docs", "/gradio_api/info"):
        assert client.get(path, **proof).status_code == 200, path


@pytest.mark.parametrize(("user", "password"), [("ann", "word"), ("", "s3cret"), ("anyone", "s3cret")])
def test_the_form_opens_all_until_the_way_out(app: FastAPI, user: str, password: str) -> None:
    client = TestClient(app, follow_redirects=False)
    form = {"username": user, "password": password, "next": "/?tab=batch"}
    answer = client.post("/login", data=form, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?tab=batch")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    for path in ("/", "/config", "/api/v1/runs", "/gradio_api/info"):
        assert client.get(path).status_code == 200, path
    kept = client.cookies
    client.get("/logout")
    assert client.get("/config").status_code == 401
    client.cookies = kept
    assert client.get("/config").status_code == 401, "a copied cookie outlives the way out"


@pytest.mark.parametrize("foreign", ['prefs={"a": 1}', "a{b}=x", "x", "name=Zo\xeb"])
def test_a_cookie_of_another_program_on_this_host_locks_nobody_out(app: FastAPI, foreign: str) -> None:
    client = TestClient(app, follow_redirects=False)
    answer = client.post("/login", data={"username": "ann", "password": "word"})
    own = answer.headers["set-cookie"].partition(";")[0]
    client.cookies.clear()
    headers = {"Cookie": f"{foreign}; {own}".encode("latin-1")}
    assert client.get("/config", headers=headers).status_code == 200
    client.get("/logout", headers=headers)
    assert client.get("/config", headers=headers).status_code == 401


def test_a_gradio_client_signs_in_with_the_same_form(app: FastAPI) -> None:
    client = TestClient(app, follow_redirects=False)
    assert client.post("/login", data={"username": "ann", "password": "word"}).json() == {"success": True}
    assert client.get("/config").status_code == 200


def test_the_form_leads_to_no_other_site(app: FastAPI) -> None:
    client = TestClient(app, follow_redirects=False)
    for wish in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/\n/evil", ""):
        form = {"username": "ann", "password": "word", "next": wish}
        answer = client.post("/login", data=form, headers={"Accept": "text/html"})
        assert answer.headers["location"] == "/", wish
    shown = client.get("/login", params={"next": '"><script>alert(1)</script>'}).text
    assert "<script>" not in shown


HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self)",
    "cross-origin-resource-policy": "same-origin",
}


def test_every_answer_has_the_headers(app: FastAPI, client: TestClient) -> None:
    for proof in ({}, {"Authorization": "Bearer s3cret"}):
        for path in paths(app) - {
            "/gradio_api/dev/reload",
            "/gradio_api/heartbeat/x",
        }:  # streams without an end
            answer = client.request("OPTIONS", path, headers=proof)
            for name, part in HEADERS.items():
                assert part in answer.headers.get(name, ""), (path, name)
    for path in ("/", "/docs", "/api/nonesuch", "/assets/x", "/login"):
        answer = client.get(path, headers={"Authorization": "Bearer s3cret"})
        assert HEADERS.items() <= {
            (name, part) for name, part in HEADERS.items() if part in answer.headers[name]
        }


@pytest.mark.parametrize("host", ["testserver", "localhost", "192.168.1.5"])
def test_no_other_origin_is_let_in_or_reads(client: TestClient, host: str) -> None:
    for origin in ("http://evil.example", "http://localhost:3000", "null"):
        headers = {"Authorization": "Bearer s3cret", "Origin": origin, "Host": host}
        read = client.get("/config", headers=headers)
        assert "access-control-allow-origin" not in read.headers
        asked = client.options("/config", headers=headers | {"Access-Control-Request-Method": "POST"})
        assert asked.status_code == 400
        assert "access-control-allow-origin" not in asked.headers
        for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/login", "/api/v1/matting"):
            assert client.post(path, headers=headers).status_code == 403
