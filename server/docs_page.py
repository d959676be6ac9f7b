"""/docs: every REST route, drawn by Swagger UI.

The viewer is the browser's to fetch, from where it is published; what arrives is run only if it is, byte for
byte, the release that was looked at.
"""

from __future__ import annotations

from string import Template

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

PATH = "/docs"
HOST = "https://cdn.jsdelivr.net"
RELEASE = f"{HOST}/npm/swagger-ui-dist@5.35.0"
SEALS = {
    "swagger-ui-bundle.js": "sha384-gjRm0bEPMeTmMh5jT2cHccIwCUZSTd8YC+j0d0sXw0MdGEfScduGpSyF3ZSSLkX9",
    "swagger-ui.css": "sha384-WlYgdmXYOOBWL5apwjDEZwN+U3HmXSSu5R6V5aGxEcf7z+KuRNwBhoxKVN1i3D5I",
}
PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Inkframe · REST</title>
<link rel="stylesheet" href="$release/swagger-ui.css" integrity="$css" crossorigin>
<div id="swagger-ui"><p>The viewer comes from $host; without a connection read
<a href="openapi.json">openapi.json</a>.</p></div>
<script src="$release/swagger-ui-bundle.js" integrity="$js" crossorigin></script>
<script>SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true})</script>
</html>
""")


def build_docs() -> APIRouter:
    """The route; the app itself must be made with `docs_url=None`."""
    router = APIRouter(include_in_schema=False)
    page = PAGE.substitute(
        release=RELEASE, host=HOST, css=SEALS["swagger-ui.css"], js=SEALS["swagger-ui-bundle.js"]
    )

    @router.get(PATH, response_class=HTMLResponse)
    def docs() -> str:
        return page

    return router
