"""Composition root: settings -> stores -> page and routes -> uvicorn."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from socket import socket

from fastapi import FastAPI

from pipelines.rest import give_back_at_rest
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from pipelines.version import VERSION

log = logging.getLogger("inkframe")

GRACE = 3
"""Seconds that open connections get when the server is stopped: a page in a browser holds one for ever."""
KEEP_ALIVE = 75
"""Seconds that an idle connection stays open: longer than a proxy or a client keeps it for its next request, which
would be lost if the server closed it at that moment."""
FRAME_LIMIT = 8_000_000
"""Bytes of one WebSocket message; server/live.py says no to less, in words."""
WARM_UP_AFTER = 1.0
"""Seconds after start at which the default model is loaded: the first page answer comes first."""
LONGEST_LOAD = 10.0
"""Seconds that a stop waits for the model that is being loaded."""
LOOPBACK, EVERYWHERE = ("127.0.0.1", "::1", "localhost"), ("0.0.0.0", "::")
OPEN_TO_ALL = (
    "Whoever reaches this port over the network may use it and see every result: "
    "--login NAME:PASSWORD (INKFRAME_LOGIN) asks who comes; --host 127.0.0.1, or in Docker "
    "-p 127.0.0.1:7860:7860, keeps it to this machine."
)


def create_app(settings: Settings, studio: Studio | None = None) -> FastAPI:
    """The whole web app. Raises InkframeError when the settings can't be met (no such device)."""
    # Gradio reads these when it is imported; uploads and previews stay inside the app's own folder.
    os.environ["GRADIO_TEMP_DIR"] = str(settings.outputs / ".page")
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from server.docs_page import build_docs
    from server.failures import explain_failures, explain_malformed
    from server.metrics import CountRequests, Metrics
    from server.rest import build_router
    from server.security import add_security
    from server.waiting import SayWhenToComeBack
    from ui.page import build_page

    studio = studio or open_studio(settings)
    metrics, page = Metrics(studio), build_page(studio)
    lifespan = live_with(studio, page.files.keep_tidy)
    app = FastAPI(title="Inkframe", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.studio = studio
    explain_failures(app)
    app.include_router(build_docs())
    app.include_router(build_router(studio, metrics))
    app.add_middleware(CountRequests, metrics=metrics)
    for layer in page.layers:
        app.add_middleware(layer)
    app.add_middleware(SayWhenToComeBack)
    add_security(app, settings, studio.tickets)
    mounted = page.mount_on(app)
    explain_malformed(page.blocks.app)
    return mounted


def live_with(
    studio: Studio, keep_tidy: Callable[[], Callable[[], None]]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What begins and ends with the app; `keep_tidy` begins to remove old files and gives what ends that."""
    from server.waiting import make_room_for_waiting

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        make_room_for_waiting(studio.settings)
        stops = give_back_at_rest(), keep_tidy(), start_background(studio)
        yield
        for stop in stops:
            stop()
        studio.close()

    return lifespan


def start_background(studio: Studio) -> Callable[[], None]:
    """After start: go on with jobs, save what was being recorded, fetch the first models, then load the default
    ones; failures only reach the log. What it returns ends the loading."""
    studio.start_jobs()
    threading.Thread(target=rescue, args=[studio], name="rescue", daemon=True).start()
    settings = studio.settings
    if not settings.offline:
        studio.downloads.start_set(settings.models, studio.device.kind)
    stop = threading.Event()
    warming = threading.Thread(target=warm_up, args=[studio, stop], name="warm-up", daemon=True)
    warming.start()

    def stop_warming() -> None:
        # A process that ends while a model is being loaded is aborted with a core dump.
        stop.set()
        warming.join(LONGEST_LOAD)

    return stop_warming


def rescue(studio: Studio) -> None:
    """Make runs of the live recordings that a killed process left."""
    from pipelines.errors import InkframeError
    from pipelines.webcam.recording_run import rescue_recordings

    try:
        rescue_recordings(studio)
    except InkframeError as error:
        log.warning("a recording was not saved: %s", error)


def warm_up(studio: Studio, stop: threading.Event) -> None:
    """Load the default models, one after the other until `stop`, so that the first picture does not wait for it."""
    from pipelines.errors import InkframeError
    from pipelines.matting.find import models_of
    from pipelines.matting.options import MattingOptions

    stop.wait(WARM_UP_AFTER)
    try:
        for model_id in models_of(MattingOptions().model):
            if stop.is_set():
                return
            with studio.store.use(model_id):
                log.info("%s is ready", model_id)
    except InkframeError as error:
        log.warning("a default model did not load: %s", error)


def greet(settings: Settings, device_note: str) -> Iterator[str]:
    """The lines for the one who starts it: where the page is, and what they should know."""
    shown = "localhost" if settings.host in LOOPBACK + EVERYWHERE else settings.host
    yield f"Inkframe {VERSION}: open http://{shown}:{settings.port}  (results go to {settings.outputs})"
    if settings.host not in LOOPBACK and not settings.wants_sign_in:
        yield OPEN_TO_ALL
    if device_note:
        yield f"Models run on the CPU: {device_note}"


def quieten() -> None:
    """Let packages of others log only what matters."""
    for chatty in ("httpx", "modelscope", "modelscope_hub", "PIL", "aioice"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns of every single frame that it can't decode, and a client may send nothing else.
    logging.getLogger("aiortc").setLevel(logging.ERROR)


def serve(settings: Settings, door: socket) -> None:
    """Answer on `door`, a listening socket, until stopped."""
    import uvicorn

    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    quieten()
    app = create_app(settings)
    print(*greet(settings, app.state.studio.device.note), sep="\n", flush=True)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        ws_per_message_deflate=False,  # live frames are JPEG files
        ws_max_size=FRAME_LIMIT,
    )
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[door])
    if not server.started:
        sys.exit("Inkframe could not start; see the lines above.")


if __name__ == "__main__":
    from cli import main

    main(["start", *sys.argv[1:]])
