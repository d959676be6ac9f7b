"""Targets that ask a real server over HTTP: uploads, paths, and the page's own events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from hypothesis import strategies as st

from scripts.fuzz.readers import check, prepare_film, prepare_image, prepare_zip
from scripts.fuzz.stand import SECRET, Stand
from scripts.fuzz.texts import KINDS, NASTY, TEXT

UPLOADS = {
    "/api/v1/matting": ("image", "image"),
    "/api/v1/cartoon": ("image", "image"),
    "/api/v1/cartoon/sheet": ("image", "image"),
    "/api/v1/cartoon/faces": ("image", "image"),
    "/api/v1/batch": ("archive", "zip"),
    "/api/v1/video": ("images", "image"),
    "/api/v1/video/estimate": ("images", "image"),
    "/api/v1/cartoon/film": ("film", "film"),
}
"""Routes that take files: the field's name, and what kind of file it wants."""
NAMES = sorted({name for kind in KINDS for name in kind.__dataclass_fields__})
PREFIXES = (
    *("/gradio_api/file=", "/file=", "/static/", "/assets/", "/svelte/", "/gradio_api/stream/", "/zh/", "/"),
    *("/api/v1/runs/", "/api/v1/runs/x/files/", "/api/v1/jobs/", "/api/v1/models/", "/gradio_api/proxy="),
    *("/gradio_api/custom_component/", "/gradio_api/call/", "/gradio_api/queue/data?session_hash=", "/api/"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


def check_answer(answer: httpx.Response) -> None:
    """No defect, nothing secret, and errors in the one form."""
    status, text = answer.status_code, answer.text[:20_000]
    check(SECRET not in text and "root:x:0" not in text, f"{answer.request.url} told a secret")
    check(status < 500 or (status == 503 and "retry-after" in answer.headers), f"{status}: {text[:500]}")
    check(status not in (429, 503) or "retry-after" in answer.headers, "no Retry-After")


def prepare_uploads(stand: Stand, folder: Path) -> tuple[st.SearchStrategy[Any], Any]:
    """Damaged files and odd options to every route that takes files."""
    kinds = {"image": prepare_image, "zip": prepare_zip, "film": prepare_film}
    files = {kind: prepare(folder)[0] for kind, prepare in kinds.items()}
    options = st.dictionaries(st.sampled_from(NAMES) | TEXT, TEXT, max_size=3)

    def send(given: tuple[str, bytes, str, dict[str, str]]) -> None:
        path, data, name, form = given
        field, _ = UPLOADS[path]
        answer = stand.client.post(path, files={field: (clean(name), data)}, data=tidy(form))
        check_answer(answer)
        check(answer.status_code < 300 or "error" in answer.json(), answer.text[:300])
        forget(stand, answer)

    def choose(path: str) -> st.SearchStrategy[Any]:
        return st.tuples(st.just(path), files[UPLOADS[path][1]], TEXT, options)

    return st.sampled_from(sorted(UPLOADS)).flatmap(choose), send


def forget(stand: Stand, answer: httpx.Response) -> None:
    """Cancel the job that an upload began: the server shall not spend the hunt on working."""
    if answer.status_code == 202:
        job = answer.json()["job"]["id"]
        check_answer(stand.client.delete(f"/api/v1/jobs/{job}"))


def prepare_paths(stand: Stand, _: Path) -> tuple[st.SearchStrategy[Any], Any]:
    """Paths that try to lead out, by every method."""
    up = [
        str(stand.secret),
        f"..{stand.secret}",
        f"/../../..{stand.secret}",
        "%2e%2e/" * 9 + str(stand.secret),
    ]
    piece = (
        st.sampled_from([*NASTY, *up, "..", "%2f", "//", "\\", "%00", "%252e%252e%252f", ";", "?", "#"])
        | TEXT
    )
    methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])

    def ask(given: tuple[str, str, list[str]]) -> None:
        method, prefix, pieces = given
        path = prefix + "".join(pieces)
        target = path.encode("utf-8", "surrogatepass").replace(b"\n", b"%0a").replace(b"\r", b"%0d")
        # a client keeps what is behind a # to itself
        target = b"".join(
            b"%%%02x" % each if each <= 32 or each > 126 or each == 35 else bytes([each]) for each in target
        )
        url = httpx.URL(stand.address).copy_with(raw_path=target)
        with stand.client.stream(method, url, timeout=20) as answer:
            if "text/event-stream" not in answer.headers.get("content-type", ""):
                answer.read()
                check_answer(answer)

    return st.tuples(methods, st.sampled_from(PREFIXES), st.lists(piece, max_size=4)), ask


def prepare_events(stand: Stand, _: Path) -> tuple[st.SearchStrategy[Any], Any]:
    """The page's own events, called by hand with anything. Gradio says 500 of an event that refuses its data, in a
    body of its own; the log tells whether it was a defect."""
    events = [each["id"] for each in stand.client.get("/config").json()["dependencies"]]
    lure = {"path": str(stand.secret), "meta": {"_type": "gradio.FileData"}, "orig_name": "../../x"}
    data = st.lists(JSON | st.just(lure), max_size=6)
    routes = st.sampled_from(
        ["run/predict", "api/predict", "queue/join", "cancel", "reset", "component_server"]
    )

    def call(given: tuple[str, int, list[Any], Any]) -> None:
        route, event, values, odd = given
        body = {"data": values, "fn_index": event, "session_hash": "s", "event_id": "e", "trigger_id": odd}
        text = encode(body)
        answer = stand.client.post(
            f"/gradio_api/{route}", content=text, headers={"Content-Type": "application/json"}
        )
        check(SECRET not in answer.text and "root:x:0" not in answer.text, f"event {event} told a secret")
        check(
            answer.status_code < 500 or '"error"' in answer.text, f"{answer.status_code}: {answer.text[:500]}"
        )

    return st.tuples(routes, st.sampled_from(events), data, st.none() | st.integers() | TEXT), call


def encode(body: Any) -> bytes:
    """JSON as a careless client writes it: NaN, and halves of characters as escapes."""
    import json

    return json.dumps(body).encode()


def clean(name: str) -> str:
    """A file's name as a header can carry it."""
    return "".join(each for each in name if each.isprintable() and not 0xD800 <= ord(each) < 0xE000) or "a"


def tidy(form: dict[str, str]) -> dict[str, str]:
    plain = {key: value.encode(errors="replace").decode() for key, value in form.items()}
    return {clean(key): value for key, value in plain.items()}
