"""The page: one Gradio app with the same tabs in each language."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.routes import App
from gradio.utils import get_upload_folder

from pipelines.jobs.cards import DATABASE_FILE
from pipelines.studio import JOBS, KNOWN, Studio
from ui import batch_tab, cartoon_tab, header, history_panel, live_tab, matting_tab, models_tab, video_tab
from ui.document_head import BeginDocuments
from ui.event_facts import set_rules
from ui.examples import FOLDER as PICTURES
from ui.guard import RefuseAddresses, refuse_downloads
from ui.kept_assets import KeepAssets
from ui.language import PATHS, LeadToLanguage
from ui.memory import build_memory
from ui.page_files import PageFiles
from ui.page_uploads import mend_uploads
from ui.part import Part, Room
from ui.previews import Previews
from ui.stops import Stops
from ui.streams import EndStreams
from ui.texts import CHINESE, ENGLISH, voice
from ui.theme import build_theme
from ui.visits import lighten_visits

HERE = Path(__file__).parent
TABS: dict[str, Callable[[Room], Part]] = {
    "matting": matting_tab.build,
    "batch": batch_tab.build,
    "cartoon": cartoon_tab.build,
    "video": video_tab.build,
    "webcam": live_tab.build,
    "models": models_tab.build,
}
"""The tabs in their order; `tab.<name>` is the label."""
SHEETS = ("style", "batch", "cartoon", "video", "live")
"""Those that Gradio confines to its page; frame.css stands around it."""
HOUR, DAY = 3600, 86400
LOOK, PROGRESS_LOOK = 0.02, 0.2
"""Seconds between two looks for events, and for how far they are. Gradio's own thousand and hundred a second take a
tenth of a slow core for ever."""
SESSIONS = 100
"""Visits that Gradio keeps for as long as it runs. The longest unused one goes first, and an open page shows every few
seconds that it is used; one that was forgotten gets a new one at its next event."""


@dataclass(frozen=True)
class Page:
    """The Gradio app, the keyword arguments to mount it with, and the ASGI layers to put around it."""

    blocks: Any
    mount: dict[str, Any]
    files: PageFiles
    layers: tuple[Any, ...] = (LeadToLanguage, BeginDocuments, KeepAssets, RefuseAddresses, EndStreams)

    def mount_on(self, app: Any) -> Any:
        """The FastAPI app with this page at "/"."""
        # Gradio checks the paths of a handler's outputs only in a page that "has launched".
        self.blocks.has_launched = True
        mounted = gr.mount_gradio_app(app, self.blocks, path="/", **self.mount)
        self.blocks.app = mounted.routes[-1].app
        return mounted


def build_page(studio: Studio) -> Page:
    """Build the page in every language: English at "/", Chinese at "/zh"."""
    # One page a language makes Gradio say that it leaves server-side rendering out, which is off anyway.
    warnings.filterwarnings("ignore", message="SSR mode is not supported", category=UserWarning)
    mend_uploads()
    lighten_visits()
    refuse_downloads()
    uploads = Path(get_upload_folder())
    previews, stops = Previews(uploads / "previews"), Stops()
    with _without_apps():
        with gr.Blocks(
            title="Inkframe", analytics_enabled=False, fill_width=True, delete_cache=(HOUR, DAY)
        ) as blocks:
            _build_language(Room(studio, blocks, previews, stops, uploads, ENGLISH))
        with blocks.route(voice(CHINESE)("app.title"), PATHS[CHINESE], show_in_navbar=False):
            _build_language(Room(studio, blocks, previews, stops, uploads, CHINESE))
        set_rules(blocks.fns.values())
        blocks.state_session_capacity = SESSIONS
        # handlers that wait: more are answered with 503, as over REST
        blocks.queue(max_size=max(1, studio.settings.queue))
    blocks._queue.sleep_when_free = LOOK
    blocks._queue.progress_update_sleep_when_free = PROGRESS_LOOK
    files = PageFiles(uploads, previews, studio.history, partial(_shown_from_start, blocks))
    studio.history.when_deleted(files.forget)
    return Page(blocks, _mount_arguments(studio), files)


@contextmanager
def _without_apps() -> Iterator[None]:
    """Gradio makes its whole web app after each language, and when it gets a queue; only the one that is mounted is
    ever used."""
    create = App.__dict__["create_app"]
    App.create_app = staticmethod(lambda *_, **__: None)
    try:
        yield
    finally:
        App.create_app = create


def _shown_from_start(blocks: Any) -> set[str]:
    """Copies of the app's own files that Gradio has made in the upload folder for the page."""
    return {path for each in blocks.blocks.values() for path in each.keep_in_cache}


def _build_language(room: Room) -> None:
    speak = voice(room.lang)
    header.build(room)
    # not inside the tabs: what lies in one that is not looked at reads its storage too late for the page's load
    room = replace(room, memories={name: build_memory(name) for name in TABS})
    parts: dict[str, Part] = {}
    with gr.Tabs(elem_id="ink-tabs", selected=next(iter(TABS))) as tabs:
        for name, build in TABS.items():
            with gr.Tab(speak(f"tab.{name}"), id=name, render_children=True) as tab:
                parts[name] = build(room)
            if parts[name].refresh is not None:
                tab.select(parts[name].refresh, None, list(parts[name].outputs))
    history_panel.build(room, parts, tabs)


def _mount_arguments(studio: Studio) -> dict[str, Any]:
    settings = studio.settings
    scripts = "".join(_read(name) for name in ("turn.js", "page.js", "keys.js", "speech.js", "live_bus.js"))
    return {
        "theme": build_theme(),
        "css_paths": [HERE / f"{name}.css" for name in SHEETS],
        "head": f"<style>{_read('frame.css')}</style><script>{scripts}</script>",
        "allowed_paths": [str(settings.outputs), str(PICTURES)],
        "blocked_paths": [str(path) for path in _private_files(settings.outputs)],
        "show_error": False,
        # one limit for all tabs: a batch's zip may be large, a single picture is checked when it is opened
        "max_file_size": max(settings.max_upload_mb, settings.max_batch_mb) * 1_000_000,
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "favicon_path": str(HERE / "pictures" / "icon.png"),
        "enable_monitoring": False,
        "mcp_server": False,
        "pwa": False,
    }


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _private_files(outputs: Path) -> list[Path]:
    """The indexes: they lie among the results but are nobody's to download."""
    names = (".history.sqlite3", f"{JOBS}/{DATABASE_FILE}", f"{JOBS}/{KNOWN}")
    return [outputs / f"{name}{ending}" for name in names for ending in ("", "-wal", "-shm", "-journal")]
