"""The door's parts by themselves: names of hosts, how often one may ask, guesses, and what a cookie is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from pipelines.settings import Settings
from pipelines.studio import open_studio
from server import allowance
from server.allowance import Allowance, client_of
from server.credentials import VALID_SECONDS, SignIns, may_enter, may_sign_in
from server.hosts import is_foreign, is_own_host
from server.limits import body_limit
from server.security import GUESSES
from tests.server.conftest import rest_app

Open = Callable[..., TestClient]


@pytest.fixture
def serve_with(settings: Settings) -> Open:
    def serve(**changes: Any) -> TestClient:
        studio = open_studio(replace(settings, **changes))
        return TestClient(rest_app(studio), raise_server_exceptions=False, follow_redirects=False)

    return serve


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "localhost:7860",
            "LOCALHOST",
            "127.0.0.1:7860",
            "192.168.1.5",
            "[::1]:7860",
            "nas",
            "nas:80",
        ),
        *("box.local", "studio.lan.", "a.internal", "app.localhost:1", "x.home.arpa", ""),
    ],
)
def test_names_that_nobody_can_register_are_its_own(host: str) -> None:
    assert is_own_host(host, "")


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:7860",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "a.local.evil.com",
        ),
        *("[::1", "evil.example.", "local.com", ":7860", "[x]"),
    ],
)
def test_other_names_are_not(host: str) -> None:
    assert not is_own_host(host, "")


def test_public_names_can_be_named() -> None:
    assert is_own_host("Studio.Example.com:443", "other.org, studio.example.com")
    assert is_own_host("a.example.com", "*.example.com")
    assert not is_own_host("example.com.evil.org", "*.example.com")
    assert is_own_host("anything.org", "*")


@pytest.mark.parametrize(
    ("origin", "host", "foreign"),
    [
        (None, "a:1", False),
        ("http://a:1", "a:1", False),
        ("https://a", "a", False),
        ("http://a:2", "a:1", True),
        ("http://b", "a", True),
        ("null", "a", True),
        ("", "a", True),
        ("http://a.evil.example", "a", True),
    ],
)
def test_pages_of_other_places_are_foreign(origin: str | None, host: str, foreign: bool) -> None:
    assert is_foreign(Headers({"host": host} | ({} if origin is None else {"origin": origin}))) is foreign


def test_a_bucket_empties_and_fills_again_evenly() -> None:
    clock = Clock()
    bucket = Allowance(60, clock)
    for _ in range(60):
        assert bucket.wait("a") == 0
        bucket.spend("a")
    assert bucket.wait("a") == 1
    assert bucket.wait("b") == 0, "others are not counted in"
    clock.now += 1.0
    assert bucket.wait("a") == 0
    bucket.spend("a")
    assert bucket.wait("a") == 1
    clock.now += 3600
    for _ in range(60):
        bucket.spend("a")
    assert bucket.wait("a") == 1, "no more is saved than a minute's"


def test_without_a_limit_nobody_waits() -> None:
    bucket = Allowance(0, Clock())
    for _ in range(1000):
        bucket.spend("a")
    assert bucket.wait("a") == 0


def test_buckets_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_CLIENTS", 3)
    bucket = Allowance(1, Clock())
    for client in "abcad":
        bucket.spend(client)
    assert bucket.wait("b") == 0, "the one who asked longest ago is forgotten"
    assert bucket.wait("a") > 0


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(host: str, client: str) -> None:
    assert client_of({"client": (host, 1)}) == client
    assert client_of({"client": None}) == ""


def test_a_session_ends_by_itself_and_by_the_way_out() -> None:
    clock = Clock()
    sign_ins = SignIns(clock)
    first, second = sign_ins.open(), sign_ins.open()
    assert sign_ins.knows(first)
    sign_ins.close(first)
    assert not sign_ins.knows(first)
    assert sign_ins.knows(second)
    clock.now += VALID_SECONDS
    assert not sign_ins.knows(second)
    assert not sign_ins.knows("")
    assert not sign_ins.knows("\ud800")


def test_nothing_set_lets_all_in(settings: Settings) -> None:
    assert may_enter("", settings)
    assert not may_sign_in("", "", settings), "there is nothing to sign in with"


def test_an_empty_password_is_not_the_token(settings: Settings) -> None:
    guarded = replace(settings, login="ann:word")
    assert not may_sign_in("", "", guarded)
    assert not may_enter("Bearer ", guarded)
    assert may_sign_in("ann", "word", guarded)


def test_too_many_requests_are_told_when_to_come_back(serve_with: Open) -> None:
    client = serve_with(rate_limit=3)
    assert [client.get("/api/v1/runs").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/api/v1/runs")
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert client.get("/healthz").status_code == 200, "a probe is never refused"


def test_guessing_comes_to_an_end_and_the_right_word_waits_too(serve_with: Open) -> None:
    client = serve_with(token="s3cret")
    for _ in range(GUESSES):
        assert client.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 401
    right = {"Authorization": "Bearer s3cret"}
    answer = client.get("/metrics", headers=right)
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)
    assert client.post("/login", data={"password": "s3cret"}).status_code == 429


def test_the_form_counts_guesses(serve_with: Open) -> None:
    client = serve_with(login="ann:word")
    told = [
        client.post("/login", data={"username": "ann", "password": str(n)}).status_code
        for n in range(GUESSES)
    ]
    assert set(told) == {401}
    assert client.post("/login", data={"username": "ann", "password": "word"}).status_code == 429


def test_a_signed_in_browser_is_not_locked_out_by_another_s_guesses(serve_with: Open) -> None:
    client = serve_with(login="ann:word")
    client.post("/login", data={"username": "ann", "password": "word"})
    for _ in range(GUESSES + 1):
        client.post("/login", data={"username": "ann", "password": "guess"})
    assert client.get("/api/v1/runs").status_code == 200


def test_a_rebound_name_is_refused(serve_with: Open) -> None:
    client = serve_with()
    refused = client.get("/api/v1/runs", headers={"Host": "evil.example:7860"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "unknown_host")
    assert "INKFRAME_ALLOWED_HOSTS" in refused.json()["error"]["hint"]
    named = serve_with(allowed_hosts="studio.example.com")
    assert named.get("/api/v1/runs", headers={"Host": "studio.example.com"}).status_code == 200


def test_a_large_form_is_not_read(serve_with: Open) -> None:
    client = serve_with(login="ann:word")
    assert client.post("/login", data={"password": "x" * 100_000}).status_code == 422


def test_the_page_s_uploads_may_be_as_large_as_the_largest(settings: Settings) -> None:
    assert body_limit("/gradio_api/upload", replace(settings, max_film_mb=9000)).megabytes == 9000
    assert body_limit("/gradio_api/upload/", settings).variable == "INKFRAME_MAX_BATCH_MB"
    assert body_limit("/gradio_api/queue/join", settings).variable == "INKFRAME_MAX_UPLOAD_MB"


def test_a_failure_inside_has_the_headers_too(serve_with: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve_with()
    monkeypatch.setattr("pipelines.history.History.runs", lambda *_, **__: 1 / 0)
    answer = client.get("/api/v1/runs")
    assert answer.status_code == 500
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_no_secret_is_logged(serve_with: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client = serve_with(login="ann:pa55word", token="s3cret")
    client.get("/metrics", headers={"Authorization": "Bearer s3cret-wrong"})
    client.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    client.post("/login", data={"username": "ann", "password": "pa55word"})
    ticket = client.app.state.studio.tickets.sign("/metrics")  # type: ignore[attr-defined]
    own = [each for each in caplog.records if not each.name.startswith("http")]  # the client's own log
    written = "".join(each.getMessage() for each in own)
    for secret in ("s3cret", "pa55word", ticket, *client.cookies.values()):
        assert secret not in written
    assert client.cookies


@pytest.mark.parametrize(("length", "status"), [(255, 401), (256, 404)])
def test_an_address_with_a_name_that_no_file_can_have_leads_nowhere(
    serve_with: Open, length: int, status: int
) -> None:
    assert serve_with(token="s3cret").get(f"/files/{'9' * length}/a").status_code == status
