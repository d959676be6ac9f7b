"""The pages tell Gradio and readers their own language, before its scripts begin."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.document_head import BeginDocuments

DOCUMENT = '<!doctype html><html lang="en"><head><title>x</title></head><body>lang="en" <head></body></html>'


def open_site() -> TestClient:
    def page(_: object) -> Response:
        return HTMLResponse(DOCUMENT)

    def picture(_: object) -> Response:
        return Response(DOCUMENT, media_type="image/png")

    routes = [Route("/", page), Route("/zh", page), Route("/docs", page), Route("/zh/x", picture)]
    site = Starlette(routes=routes)
    site.add_middleware(BeginDocuments)
    return TestClient(site)


@pytest.mark.parametrize(("path", "lang"), [("/", "en"), ("/zh", "zh-CN")])
def test_a_page_says_its_language_before_all_else(path: str, lang: str) -> None:
    answer = open_site().get(path)
    assert answer.text.startswith(f'<!doctype html><html lang="{lang}"><head><script>')
    assert f'get: () => "{lang}"' in answer.text
    assert answer.text.count("<script>") == 1
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("path", ["/docs", "/zh/x"])
def test_other_answers_stay_as_they_are(path: str) -> None:
    assert open_site().get(path).text == DOCUMENT
