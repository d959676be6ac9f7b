"""Composition root: settings -> stores -> page and routes -> uvicorn."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from pipelines.settings import ROOT, Settings
from pipelines.studio import Studio, open_studio
from pipelines.version import VERSION

log = logging.getLogger("inkframe")

GRACE = 3
"""Seconds that open connections get when the server is stopped: a page in a browser holds one for ever."""
FRAME_LIMIT = 8_000_000
"""Bytes of one WebSocket message; server/live.py says no to less, in words."""
WARM_UP_AFTER = 1.0
"""Seconds after start at which the default model is loaded: the first page answer comes first."""


def create_app(settings: Settings, studio: Studio | None = None) -> FastAPI:
    """The whole web app. Raises InkframeError when the settings can't be met (no such device)."""
    # Gradio reads these when it is imported; uploads and previews stay inside the app's own folder.
    os.environ["GRADIO_TEMP_DIR"] = str(settings.outputs / ".page")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    from server.failures import explain_failures
    from server.metrics import CountRequests, Metrics
    from server.rest import build_router
    from server.security import Doorkeeper
    from ui.page import build_page

    studio = studio or open_studio(settings)
    metrics = Metrics(studio)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        start_background(studio)
        yield
        studio.close()

    app = FastAPI(title="Inkframe", version=VERSION, lifespan=lifespan)
    app.state.studio = studio
    explain_failures(app)
    app.include_router(build_router(studio, metrics))
    app.add_middleware(CountRequests, metrics=metrics)
    app.add_middleware(Doorkeeper, settings=settings, tickets=studio.tickets)
    page = build_page(studio)
    for layer in page.layers:
        app.add_middleware(layer)
    # Gradio checks the paths of a handler's outputs only in a page that "has launched".
    page.blocks.has_launched = True
    login = tuple(settings.login.split(":", 1)) if settings.login else None
    return gr.mount_gradio_app(app, page.blocks, path="/", auth=login, **page.mount)


def start_background(studio: Studio) -> None:
    """After start: go on with jobs, save what was being recorded, fetch the first models, then load the default
    ones; failures only reach the log."""
    studio.start_jobs()
    threading.Thread(target=rescue, args=[studio], name="rescue", daemon=True).start()
    settings = studio.settings
    if not settings.offline:
        studio.downloads.start_set(settings.models, studio.device.kind)
    timer = threading.Timer(WARM_UP_AFTER, warm_up, [studio])
    timer.daemon = True
    timer.start()


def rescue(studio: Studio) -> None:
    """Make runs of the live recordings that a killed process left."""
    from pipelines.errors import InkframeError
    from pipelines.webcam.recording_run import rescue_recordings

    try:
        rescue_recordings(studio)
    except InkframeError as error:
        log.warning("a recording was not saved: %s", error)


def warm_up(studio: Studio) -> None:
    """Load the default models, so that the first picture does not wait for it."""
    from pipelines.errors import InkframeError
    from pipelines.matting.find import models_of
    from pipelines.matting.options import MattingOptions

    try:
        for model_id in models_of(MattingOptions().model):
            with studio.store.use(model_id):
                log.info("%s is ready", model_id)
    except InkframeError as error:
        log.warning("a default model did not load: %s", error)


def serve(settings: Settings) -> None:
    """Run until stopped."""
    import uvicorn

    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for chatty in ("httpx", "modelscope", "modelscope_hub", "PIL", "aioice", "aiortc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    app = create_app(settings)
    shown = "localhost" if settings.host == "0.0.0.0" else settings.host
    print(
        f"Inkframe {VERSION}: open http://{shown}:{settings.port}  (results go to {settings.outputs})",
        flush=True,
    )
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE,
        ws_per_message_deflate=False,  # live frames are JPEG files
        ws_max_size=FRAME_LIMIT,
    )


if __name__ == "__main__":
    os.chdir(ROOT)
    serve(Settings.read())
